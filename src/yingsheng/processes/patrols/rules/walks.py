"""When something done on a phone counts, what a finding must say, what a day's report is made of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FINE, FOUND = "fine", "found"
BREACH = "breach"
OPEN, HANDLED, PASSED = "open", "handled", "passed"
OLDEST = timedelta(days=3)  # a device that tells of more is set wrong, or was forgotten in a drawer


def acted_at(*, told: datetime | None, at: datetime) -> datetime:
    """When something was done: by the device if it may be believed, else now.

    A moment to come is no past, and one of long ago would fall into days that are closed.
    """
    return told if told is not None and at - OLDEST <= told <= at else at


def finding_problem(
    *, kind: str, text: str, handling: str, action: str, acts: Collection[str]
) -> tuple[str, str] | None:
    """What a finding lacks as (field, reason), None for one that can be kept (G-02, G-05)."""
    if not kind:
        return "kind", "no_kind"
    if not text.strip():
        return "text", "no_text"
    if kind == BREACH and not acts:
        return "acts", "no_acts"
    if handling not in (OPEN, HANDLED):
        return "handling", "no_handling"
    if handling == HANDLED and not action.strip() and kind != BREACH:
        return "action", "no_action"
    return None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A patrol as the day's report reads it."""

    area: str
    route: str
    start: str
    end: str
    focus: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding as the day's report reads it; `words` are where and what."""

    words: str
    action: str
    state: str
    number: str = ""  # of the matter it became


@dataclass(frozen=True, kw_only=True)
class ReportText:
    """The fields of a daily report, filled from the day (G-09)."""

    area: str
    route: str
    time: str
    focus: str
    findings: str
    action: str
    open_items: str


def report_text(*, walks: Sequence[Walk], found: Sequence[Found], nothing: str) -> ReportText:
    """The report of a day: what was walked, found and done, and what stays open (G-02, G-09).

    What was handled at once stands under action; the rest is reported as open, with the number of the matter it
    became. `nothing` is said where a field has nothing to tell.
    """
    lines = [f"{place}. {one.words}" for place, one in enumerate(found, start=1)]
    done = [f"{place}. {one.action}" for place, one in enumerate(found, start=1) if one.action]
    left = [
        f"{place}. {one.words} {one.number}".rstrip()
        for place, one in enumerate(found, start=1)
        if one.state != HANDLED
    ]
    return ReportText(
        area=_once([one.area for one in walks]),
        route=_once([one.route for one in walks]),
        time="；".join(f"{one.start}–{one.end}" for one in walks),
        focus=_once([one.focus for one in walks]),
        findings="\n".join(lines) or nothing,
        action="\n".join(done) or nothing,
        open_items="\n".join(left) or nothing,
    )


def _once(words: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(word for word in words if word))
