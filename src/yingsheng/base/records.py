"""How a process declares a register of records that are no cases: what is shown, who may do what.

The pages (`ui.records`) and the API (`api.records`) are made from this declaration. Deciding stays in `rules.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.process import State


@dataclass(frozen=True, kw_only=True)
class Attr:
    """One thing known of a record. `value` is plain: text, number, moment, day, or a code that `words` reads aloud.

    `listed` puts it in the table; `wide` gives it a line of its own on the page of the record.
    """

    name: str
    label: str
    value: Callable[[Any], Any]
    kind: str = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    listed: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Verb:
    """What may be done with a record: by whom, in which states, with which form, by which service.

    `run` is the service: keyword arguments `actor`, `record`, `at`, `seen` and the form's cleaned fields. `fits`
    (keyword arguments `actor`, `record`) hides what would be refused though the state allows it. `fill` is what the
    form starts with.
    """

    code: str
    form: FormSpec
    permission: str
    run: Callable[..., Any]
    sources: tuple[str, ...]
    fits: Callable[..., bool] | None = None
    fill: Callable[[Any], dict[str, Any]] | None = None

    def is_open(self, *, actor: Any, record: Any, state: str) -> bool:
        """Whether this person is offered the verb here."""
        return state in self.sources and (self.fits is None or self.fits(actor=actor, record=record))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A column by which the list may be narrowed, with its codes and their words."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RecordBook:
    """A register: `rows` lists it (keyword arguments `actor`, `text`), `find` gives one record of the actor's site.

    `make` is the service behind the form of a new record: `actor`, `at` and the form's cleaned fields; `start` fills
    that form from the address (keyword arguments `actor`, `asked`, `at`). Without `create` nobody makes one by hand.
    `filters` are columns of the rows.
    """

    code: str
    title: str
    icon: str
    hint: str
    rules: tuple[str, ...]
    see: str
    states: tuple[State, ...]
    state_of: Callable[[Any], str]
    name: Callable[[Any], str]
    attrs: tuple[Attr, ...]
    rows: Callable[..., Any]
    find: Callable[..., Any]
    newest_by: str
    verbs: tuple[Verb, ...]
    create: FormSpec | None = None
    create_permission: str = ""
    make: Callable[..., Any] | None = None
    start: Callable[..., dict[str, Any]] | None = None
    filters: tuple[Filter, ...] = ()

    def narrowed(self, *, rows: Any, asked: Mapping[str, str]) -> Any:
        """The rows that fit what was asked for; a code that a filter does not have asks for nothing."""
        wanted = {
            one.name: asked[one.name] for one in self.filters if asked.get(one.name) in dict(one.choices)
        }
        return rows.filter(**wanted) if wanted else rows

    def state(self, code: str) -> State:
        """The state with this code; KeyError for one the register does not have."""
        for one in self.states:
            if one.code == code:
                return one
        raise KeyError(f"{self.code} has no state {code}")

    def verb(self, code: str) -> Verb | None:
        """The verb with this code, None for one the register does not have."""
        return next((one for one in self.verbs if one.code == code), None)
