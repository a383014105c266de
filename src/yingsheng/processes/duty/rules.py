"""When somebody may take over, what stops a handover, which power an entry must name, what a signature lacks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# promises of a shift: who takes over is there early, the post is manned, who hands over tidies before
ARRIVE, MAN_POST, TIDY = "arrive", "man_post", "tidy_post"
# what an entry of the log is about (2.4 of the catalogue)
ENQUIRY, HELP, COMPLAINT, REPAIR, SUDDEN, OTHER = "enquiry", "help", "complaint", "repair", "sudden", "other"
# unsolved ones of a night are opened as forms by the day clerk (D-25)
TO_BE_OPENED = frozenset({HELP, COMPLAINT, REPAIR})
# D-12
MOBILISE, PROTECT = "mobilise", "protect"
# D-09
HARD, MAJOR = "hard", "major"
GRAVE = "major"  # the severity that makes a matter important


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How many whole minutes somebody was there before his shift began (negative: after), and whether it was enough."""

    minutes_early: int
    is_in_time: bool


def arrival(*, arrived_at: datetime, starts_at: datetime, ahead_minutes: int) -> Arrival:
    """Whoever takes over is there so many minutes ahead (D-15); exactly so many is in time."""
    early = int((starts_at - arrived_at).total_seconds() // 60)
    return Arrival(minutes_early=early, is_in_time=arrived_at <= starts_at - timedelta(minutes=ahead_minutes))


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Something that goes over to the next shift.

    `key` is stable ("case:17"); `important` stops the handover unless the supervisor has accepted it (D-20).
    """

    key: str
    important: bool
    accepted: bool = False


def stopping(*, items: Iterable[Carried], block_on_important: bool) -> list[str]:
    """The keys of what stops a handover, in order: important, not finished, not accepted by the supervisor (D-20)."""
    if not block_on_important:
        return []
    return [item.key for item in items if item.important and not item.accepted]


def is_important(*, severity: str, is_urgent: bool, is_overdue_own: bool) -> bool:
    """Whether an open matter is important work: an emergency, a grave one, or an own promise that is already broken."""
    return is_urgent or severity == GRAVE or is_overdue_own


def power_gap(*, power: str, has_department: bool, action: str, power_named: bool) -> str:
    """What an entry about a power lacks (D-12): "" for nothing, else the field.

    People of another department who were called upon are a power, and it is named; who was called upon, or what was
    done to protect, is written down.
    """
    if power == MOBILISE and not has_department:
        return "department"
    if power == PROTECT and not action.strip():
        return "action"
    if power_named and has_department and not power:
        return "power"
    return ""


def principle_gap(*, kind: str, action: str, told_anybody: bool) -> str:
    """What an entry about something sudden lacks (D-07): it says how it was contained, and whom it was reported to."""
    if kind != SUDDEN:
        return ""
    if not action.strip():
        return "action"
    return "" if told_anybody else "told"


def report_path(*, level: str) -> str:
    """The figure that names who is told of a problem that duty staff cannot solve (D-09); "" for one they can."""
    return {HARD: "D-09.hard_to", MAJOR: "D-09.major_to"}.get(level, "")


def is_to_be_opened(*, kind: str, at_night: bool, is_open: bool, is_sudden: bool) -> bool:
    """Whether a line of the night becomes a form at the next handover: unsolved, no emergency (D-25)."""
    return at_night and is_open and not is_sudden and kind in TO_BE_OPENED


def signature_gap(*, evidence_complete: bool, told: str, open_count: int) -> str:
    """What whoever hands over still owes (D-19): "" for nothing, else the field.

    Records and evidence are complete; with something open it is told in words.
    """
    if not evidence_complete:
        return "evidence"
    return "told" if open_count and not told.strip() else ""


def area_gap(*, area_is_normal: bool, found: str, explained: str) -> str:
    """What the area check lacks (D-16): something unusual is described and explained by whoever hands over."""
    if area_is_normal:
        return ""
    if not found.strip():
        return "area_note"
    return "" if explained.strip() else "area_explained"


def may_stand(*, roles: Collection[str], held: Collection[str]) -> bool:
    """Whether somebody may be on duty at a post that names roles; one that names none takes everybody."""
    return not roles or bool(set(roles) & set(held))


def may_leave(*, present: int, needed: int, has_cover: bool) -> bool:
    """Whether somebody may leave the post: enough stay, or somebody covers (D-04, D-08)."""
    return has_cover or present - 1 >= needed


def pages_join(*, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether the pages of a book follow one another without a gap or an overlap.

    A span is the number of the last event before a page and of its last one.
    """
    last: int | None = None
    for first, end in spans:
        if end < first or (last is not None and first != last):
            return False
        last = end
    return True
