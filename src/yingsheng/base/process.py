"""How a process declares itself: states, steps, permissions, menu entry. Deciding stays in its `rules.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingsheng.base.formspec import FormSpec


@dataclass(frozen=True, kw_only=True)
class Permission:
    """A named action; roles are lists of these, code never asks for a role."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class State:
    """A place in a life cycle. `final` means nothing more is promised."""

    code: str
    label: str
    tone: str = "plain"  # plain, soon, late, met, waiting
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One verb of the trade: who may, from which states, with which form, by which service.

    `run` is the service: keyword arguments `case`, `by`, `at` and the form's cleaned fields.
    `blocked` returns a reason (message id, rule) when the step is legal by state but refused by a rule, else None.
    """

    code: str
    label: str
    permission: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    form: FormSpec
    run: Callable[..., Any]
    rules: tuple[str, ...] = ()
    blocked: Callable[[Any], tuple[str, str] | None] | None = None
    hotkey: str = ""
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Move:
    """A change of state that follows from something else (a clock, a group, a visit) and is never offered as a step."""

    code: str
    label: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A line of the left rail."""

    group: str
    label: str
    icon: str
    url_name: str
    permission: str
    order: int
    hotkey: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A printed form: its number in the list of forms, and what fills it. `build` returns template context."""

    code: str
    title: str
    form_number: str
    template: str
    build: Callable[[Any], dict[str, Any]]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Related:
    """A line on a case page that leads to something of another process. `text` is ready to be read."""

    title: str
    icon: str
    text: str
    url_name: str
    url_args: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """The first promise a matter will get if it is registered now."""

    milestone: str
    due_at: datetime
    rule: str


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """The name of a promise the process makes; the clock itself is an obligation with its rule."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Process:
    """Everything the generic pages, API and contract tests need to know of a process."""

    code: str
    title: str
    module: str
    number_prefix: str
    permissions: tuple[Permission, ...]
    states: tuple[State, ...] = ()
    steps: tuple[Step, ...] = ()
    moves: tuple[Move, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    complete_modules: tuple[str, ...] = ()
    intake: FormSpec | None = None
    # the service behind the intake form: keyword arguments `actor`, `at`, `caller` and the form's cleaned fields
    open: Callable[..., Any] | None = None
    intake_permission: str = ""
    hotkey: str = ""
    # (label, value) pairs shown on the case page and its sheets
    describe: Callable[[Any], list[tuple[str, Any]]] | None = None
    # what `Step.blocked` and `describe` are asked about, given the case; the case itself if None
    subject_of: Callable[[Any], Any] | None = None
    sheets: tuple[Sheet, ...] = ()
    # lines this process adds to the page of any case
    related: Callable[[Any], list[Related]] | None = None
    # what a new matter is promised at once: keyword arguments `site`, `at`; shown before saving
    promise: Callable[..., Foresight | None] | None = None
    # codes that stand in no form of the process: field -> code -> message id
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def state(self, code: str) -> State:
        """The state with this code; KeyError for a code the process does not have."""
        for item in self.states:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no state {code}")

    def step(self, code: str) -> Step:
        """The step with this code; KeyError for a code the process does not have."""
        for item in self.steps:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no step {code}")

    def way(self, code: str) -> Step | Move:
        """The step or move with this code; KeyError for a code the process does not have."""
        ways: tuple[Step | Move, ...] = (*self.steps, *self.moves)
        for item in ways:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no step {code}")


class Registry:
    """The processes of this installation; closed once all apps are ready."""

    def __init__(self) -> None:
        self._items: dict[str, Process] = {}
        self._closed = False

    def add(self, process: Process) -> None:
        """Declare a process; ValueError for a code that exists, RuntimeError after start-up."""
        if self._closed:
            raise RuntimeError("processes are declared while the program starts, not later")
        if process.code in self._items:
            raise ValueError(f"process {process.code} is declared twice")
        self._items[process.code] = process

    def close(self) -> None:
        """No process may be added from now on."""
        self._closed = True

    def get(self, code: str) -> Process:
        """The process with this code; KeyError if unknown."""
        return self._items[code]

    def __iter__(self) -> Iterator[Process]:
        return iter(tuple(self._items.values()))

    def __contains__(self, code: str) -> bool:
        return code in self._items


processes = Registry()
