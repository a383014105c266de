"""What the parts in `templates/ui/parts` expect, as plain values; any object of the same shape will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

Tone = Literal["", "plain", "met", "soon", "late", "waiting"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a register. `kind` number, code, moment and chip never wrap; only long does."""

    label: str
    kind: Literal["text", "number", "code", "moment", "chip", "long"] = "text"
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell that is a link, a badge (`tone`) or the chip of an `obligation` labelled `text`."""

    text: str = ""
    url: str = ""
    tone: Tone = ""
    note: str = ""
    obligation: Any = None
    is_cell: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a register. `key` is what selection sends, `name` what a screen reader hears at its box."""

    cells: Sequence[object]
    key: str = ""
    url: str = ""
    name: str = ""
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A saved view; `tone` colours a count above zero."""

    label: str
    url: str
    active: bool = False
    count: int | None = None
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of a description list; `number` never wraps, `wide` takes the whole line."""

    label: str
    value: object
    url: str = ""
    note: str = ""
    wide: bool = False
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A labelled address, with an optional hotkey."""

    label: str
    url: str
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A step offered for the ticked lines of a register; `value` is what the button sends."""

    value: str
    label: str
    tone: Literal["", "danger"] = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value that an event changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the story. `device_at` only when the device's clock differed; `sign` names an icon."""

    actor: str
    at: datetime
    text: str
    device_at: datetime | None = None
    changes: Sequence[Change] = ()
    tone: Tone = ""
    sign: str = ""
    rule: str = ""
    rule_url: str = ""
    files: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Empty:
    """Why there is nothing, and what to do next."""

    text: str
    hint: str = ""
    url: str = ""
    label: str = ""
    key: str = ""
    sign: str = ""


@dataclass(frozen=True, kw_only=True)
class StepMark:
    """A step of a resident's progress line."""

    label: str
    state: Literal["done", "here", "ahead"]
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of the board with its target and what it was counted from; `word` says what the tone means."""

    label: str
    value: object
    unit: str = ""
    target: object | None = None
    target_words: str = ""
    numerator: int | None = None
    denominator: int | None = None
    url: str = ""
    tone: Tone = ""
    word: str = ""
    rule: str = ""
    rule_url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the last step did. `rows` report each record of a bulk step; undo stands for `undo_seconds`."""

    text: str
    number: str = ""
    url: str = ""
    tone: Tone = "met"
    links: Sequence[Link] = ()
    undo_url: str = ""
    undo_seconds: int = 10
    rows: Sequence[ResultRow] = ()


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """How a bulk step went for one record."""

    text: str
    word: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class SignatureLine:
    """A line to sign on paper; `image` is a drawn signature as a data address."""

    label: str
    name: str = ""
    date: str = ""
    image: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A printed form. `address` becomes the QR code; `copies` are the labels of a multi-part form.

    `layout` is "" (one sheet per copy) "thirds" (three copies on one A4 with cut lines), "halves" (two different slips
    on one A4), "dense" (a register with many columns) or "wide" (A4 on its side).
    """

    site_name: str
    form_name: str
    number: str
    form_code: str = ""
    address: str = ""
    copies: Sequence[str] = ()
    layout: Literal["", "thirds", "halves", "dense", "wide"] = ""
    reprint_count: int = 0
    signatures: Sequence[SignatureLine] = ()
    printed_at: datetime | None = None
    printed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A bar or line chart. `series` are (name, values) with one value per label; None leaves a gap."""

    id: str
    title: str
    kind: Literal["bar", "line"]
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    unit: str = ""
    target: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The same as one JSON-ready value for the script."""
        series = [{"name": name, "values": list(values)} for name, values in self.series]
        return {
            "kind": self.kind,
            "labels": list(self.labels),
            "series": series,
            "unit": self.unit,
            "target": self.target,
            **self.extra,
        }
