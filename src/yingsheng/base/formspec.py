"""One description of a form, from which its page, printed sheet, API schema and import columns are made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field holds; each kind has one widget, one JSON type and one column format."""

    LINE = "line"
    TEXT = "text"
    INTEGER = "integer"
    YUAN = "yuan"  # typed in yuan, stored in fen
    PERCENT = "percent"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    MOMENT = "moment"
    PHONE = "phone"
    ROOM = "room"
    STAFF = "staff"
    DEPARTMENT = "department"
    BUILDINGS = "buildings"  # some of the site's buildings
    SIGNATURE = "signature"
    SECRET = "secret"  # noqa: S105 - a kind, not one: a password typed to sign, never shown again, never kept
    FILES = "files"  # photos and documents to be kept, several at once
    TABLE = "table"  # one file to be read: a spreadsheet, a map


Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form. `label` and `hint` are message ids; `choices` are (code, message id) pairs.

    `suggest` makes of a site (value, words) pairs that a line or text may be filled from; anything else may be typed.
    `asks` names the page that says beside a line what it makes of the words while they are typed; it is sent the
    answers of `asks_with` along.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    choices: Choices = ()
    max_length: int = 0
    minimum: int | None = None
    maximum: int | None = None
    rules: tuple[str, ...] = ()
    example: str = ""
    suggest: Callable[[Any], Sequence[tuple[str, str]]] | None = field(default=None, compare=False)
    asks: str = ""
    asks_with: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fieldset:
    """A group of questions under one legend."""

    legend: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class FormSpec:
    """A whole form: what the person is asked, in order, and the verb on its button."""

    name: str
    title: str
    verb: str
    fieldsets: tuple[Fieldset, ...]
    check: Callable[[Mapping[str, object]], Mapping[str, str]] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        names = [item.name for item in self.fields]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"form {self.name} asks twice for {sorted(doubled)}")

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order they are asked."""
        return tuple(item for group in self.fieldsets for item in group.fields)

    def without(self, names: Collection[str]) -> FormSpec:
        """The same form without these questions."""
        groups = (
            replace(group, fields=tuple(item for item in group.fields if item.name not in names))
            for group in self.fieldsets
        )
        return replace(self, fieldsets=tuple(group for group in groups if group.fields))


def text_limit(*, item: Field) -> int:
    """The longest text a field takes, in characters; databases that ignore limits rely on it."""
    if item.max_length:
        return item.max_length
    return {Kind.TEXT: 4000, Kind.SIGNATURE: 200_000}.get(item.kind, 200)
