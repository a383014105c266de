"""Writing turns without an event: the caller, a service of this app or of a process, records the one event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.rosters.checks import TurnBook, limits_of
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.rules import Span, overlap, parts_left


def hold_people(*, people: Iterable[Staff]) -> None:
    """Keep everybody else from writing turns of these people until the transaction ends."""
    ids = sorted({one.pk for one in people})
    list(Staff.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def hold_roster(*, site: Site, day: date, people: Iterable[Staff]) -> Roster:
    """The plan of the day's month, made if there is none, held with these people until the transaction ends.

    Whoever writes turns holds their people first: two supervisors who put the same person down, in whatever months
    or sites, come one after the other, and the second sees what the first did (D-04).
    """
    hold_people(people=people)
    month = day.replace(day=1)
    Roster.objects.get_or_create(site=site, month=month)
    return Roster.objects.select_for_update(no_key=True).get(site=site, month=month)


def hold_turn(*, site: Site, turn: Assignment, people: Iterable[Staff] = ()) -> Assignment:
    """A turn as it stands now, held with its plan and these people; Conflict if it was taken back meanwhile."""
    hold_roster(site=site, day=turn.day, people=[turn.staff, *people])
    held = (
        Assignment.objects.select_related("staff", "roster", "shift__post")
        .filter(pk=turn.pk, site=site)
        .first()
    )
    if held is None or not held.active:
        raise Conflict(gettext_noop("这个班刚被别人改过，请看过最新情况再继续"), code="stale")
    return held


def book_for(*, site: Site, people: Iterable[Staff], first: date, last: date, at: datetime) -> TurnBook:
    """What these people have on their hands around some days, by the figures of the moment."""
    limits = limits_of(site=site, at=at)
    return TurnBook(site=site, staff=people, first=first, last=last, limits=limits)


def put(
    *,
    roster: Roster,
    shift: Shift,
    day: date,
    staff: Staff,
    span: Span | None = None,
    origin: str = Assignment.Origin.PLANNED,
    covers: Assignment | None = None,
    fixed: bool = False,
) -> Assignment:
    """Put somebody down for a shift of a day, or for a part of it."""
    starts_at, ends_at = span or shift.span(day=day)
    return Assignment.objects.create(
        site_id=roster.site_id, roster=roster, shift=shift, day=day, staff=staff, starts_at=starts_at,
        ends_at=ends_at, origin=origin, covers=covers, is_fixed=fixed,
    )  # fmt: skip


def end(*, turn: Assignment, at: datetime, reason: str) -> None:
    """Take a turn back; it stays on record."""
    turn.active, turn.ended_at, turn.ended_reason = False, at, reason.strip()[:200]
    turn.save(update_fields=["active", "ended_at", "ended_reason"])


def release(*, turn: Assignment, span: Span, at: datetime, reason: str) -> Span:
    """Free somebody from the part of a turn that lies within a span; what is left of it stays his. The part, whole."""
    whole = (turn.starts_at, turn.ends_at)
    if not overlap(one=whole, other=span):
        raise Refused(gettext_noop("这段时间和这个班不重叠"), field="starts_at", rule="D-11")
    part = (max(whole[0], span[0]), min(whole[1], span[1]))
    end(turn=turn, at=at, reason=reason)
    for piece in parts_left(whole=whole, taken=part):
        put(
            roster=turn.roster, shift=turn.shift, day=turn.day, staff=turn.staff, span=piece, origin=turn.origin,
            covers=turn.covers, fixed=turn.is_fixed,
        )  # fmt: skip
    return part


def stand_in(*, turn: Assignment, span: Span, staff: Staff, book: TurnBook, origin: str) -> Assignment:
    """Somebody takes over a part of a turn that was released; Refused for whoever cannot be there (D-11)."""
    found = book.objection(staff=staff, shift=turn.shift, day=turn.day, span=span, strict=False)
    if found is not None:
        raise found.refuse(field="substitute")
    made = put(
        roster=turn.roster, shift=turn.shift, day=turn.day, staff=staff, span=span, origin=origin, covers=turn
    )
    book.add(made)
    return made


def list_turns_within(*, site: Site, staff: Staff, span: Span) -> Sequence[Assignment]:
    """The turns of somebody that share time with a span, drafts included, by hour."""
    rows = Assignment.objects.filter(
        site=site, staff=staff, active=True, starts_at__lt=span[1], ends_at__gt=span[0]
    )
    return list(rows.select_related("staff", "roster", "shift__post").order_by("starts_at", "pk"))
