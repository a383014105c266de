"""Putting people down for turns, taking them back, publishing a month; each step is one event (D-01, D-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters import writing
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.queries import Slot, slots_of
from yingsheng.kernel.rosters.rules import Span, gaps, month_days, span_of

PUBLISHED = gettext_noop("%(month)s值班安排表已发布，请看自己的班（%(rule)s）")
PUT_DOWN = gettext_noop("新排给您的班：%(day)s“%(shift)s”（%(rule)s）")
TAKEN_BACK = gettext_noop("不再由您上的班：%(day)s“%(shift)s”（%(rule)s）")
SHORT = gettext_noop("还不能发布：%(slots)s共%(count)s个班人手不够")
EMPTY = gettext_noop("还不能发布：%(when)s在岗少于%(needed)s人")
SHOWN = 3  # turns named in a refusal; the page marks all of them


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A turn to be put down: a shift of a day, and who."""

    shift: Shift
    day: date
    staff: Staff


@transaction.atomic
def assign(
    *, site: Site, shift: Shift, day: date, staff: Staff, by: Staff, at: datetime, fixed: bool = True
) -> Assignment:
    """Put somebody down for a turn by hand; the planner leaves it alone (D-01). Refused with what speaks against it."""
    roster = writing.hold_roster(site=site, day=day, people=[staff])
    book = writing.book_for(site=site, people=[staff], first=day, last=day, at=at)
    found = book.objection(staff=staff, shift=shift, day=day)
    if found is not None:
        raise found.refuse()
    turn = writing.put(roster=roster, shift=shift, day=day, staff=staff, fixed=fixed)
    _touch(roster)
    _tell_person(turn=turn, text=PUT_DOWN, at=at)
    _record(roster=roster, kind="assigned", by=by, at=at, data=_words(turn))
    return turn


@transaction.atomic
def take_back(*, site: Site, turn: Assignment, by: Staff, at: datetime, reason: str = "") -> Assignment:
    """Take somebody off a turn; on a published plan the reason is asked for (D-01)."""
    held = writing.hold_turn(site=site, turn=turn)
    if held.roster.state == Roster.State.PUBLISHED and not reason.strip():
        raise Refused(gettext_noop("已发布的排班要写明改动原因"), field="reason", rule="D-01")
    writing.end(turn=held, at=at, reason=reason)
    _touch(held.roster)
    _tell_person(turn=held, text=TAKEN_BACK, at=at)
    _record(
        roster=held.roster, kind="taken_back", by=by, at=at, data={**_words(held), "reason": reason.strip()}
    )
    return held


@transaction.atomic
def fix(*, site: Site, turn: Assignment, fixed: bool, by: Staff, at: datetime) -> Assignment:
    """Let the planner leave a turn alone, or no longer."""
    held = writing.hold_turn(site=site, turn=turn)
    if held.is_fixed == fixed:
        raise Refused(gettext_noop("没有改动"))
    held.is_fixed = fixed
    held.save(update_fields=["is_fixed"])
    _touch(held.roster)
    _record(roster=held.roster, kind="fixed" if fixed else "loosened", by=by, at=at, data=_words(held))
    return held


@transaction.atomic
def fill(
    *,
    site: Site,
    month: date,
    wanted: Sequence[Wanted],
    replaced: Iterable[Assignment] = (),
    by: Staff,
    at: datetime,
    source: str,
    fixed: bool = False,
) -> int:
    """Put many turns of a draft month down at once, in place of some that stood there; returns how many are new.

    One event for all of them; `source` is a code of where they come from. Refused as a whole with the first turn
    that cannot be: what was proposed may be old.
    """
    gone = list(replaced)
    people = {one.staff.pk: one.staff for one in wanted} | {one.staff_id: one.staff for one in gone}
    roster = writing.hold_roster(site=site, day=month, people=people.values())
    if roster.state != Roster.State.DRAFT:
        raise Refused(gettext_noop("这个月的排班已经发布，只能逐个改"), code="published", rule="D-01")
    first, last = month_days(month=month)
    book = writing.book_for(site=site, people=people.values(), first=first, last=last, at=at)
    for turn in Assignment.objects.filter(
        pk__in=[one.pk for one in gone], site=site, roster=roster, active=True
    ):
        writing.end(turn=turn, at=at, reason=source)
        book.drop(turn)
    count = 0
    for one in sorted(wanted, key=lambda each: (each.day, each.shift.starts, each.staff.pk)):
        found = book.objection(staff=one.staff, shift=one.shift, day=one.day)
        if found is not None:
            raise found.refuse(field="")
        book.add(writing.put(roster=roster, shift=one.shift, day=one.day, staff=one.staff, fixed=fixed))
        count += 1
    _touch(roster)
    _record(
        roster=roster, kind="filled", by=by, at=at,
        data={"month": f"{month:%Y-%m}", "roster_source": source, "added": count, "taken": len(gone)},
    )  # fmt: skip
    return count


@transaction.atomic
def publish(*, site: Site, month: date, by: Staff, at: datetime, seen: int | None = None) -> Roster:
    """Publish a month; whoever is put down is told. Refused while a turn lacks people (D-01, D-04)."""
    roster = writing.hold_roster(site=site, day=month, people=[])
    if seen is not None and seen != roster.version:
        raise Conflict(gettext_noop("排班刚被别人改过，请看过最新情况再继续"), code="stale")
    if roster.state == Roster.State.PUBLISHED:
        raise Refused(gettext_noop("这个月的排班已经发布"), code="published", rule="D-01")
    _demand_complete(site=site, month=roster.month, at=at)
    roster.state, roster.published_at, roster.published_by = Roster.State.PUBLISHED, at, by
    roster.version += 1
    roster.save(update_fields=["state", "published_at", "published_by", "version"])
    turns = Assignment.objects.filter(roster=roster, active=True).select_related("staff")
    people = {one.staff_id: one.staff for one in turns}
    name = f"{roster.month:%Y-%m}"
    queue(
        site_id=site.pk, subject=roster, at=at,
        drafts=[
            Draft(
                text=PUBLISHED, params={"month": name, "rule": "D-01"}, to_staff=one, rule="D-01",
                dedup_key=f"roster:{roster.pk}:published:{one.pk}",
            )
            for _pk, one in sorted(people.items())
        ],
    )  # fmt: skip
    _record(
        roster=roster, kind="published", by=by, at=at,
        data={"month": name, "people": len(people), "turns": len(turns)},
    )  # fmt: skip
    return roster


def _demand_complete(*, site: Site, month: date, at: datetime) -> None:
    first, last = month_days(month=month)
    slots = slots_of(site=site, first=first, last=last, drafts=True)
    if not slots:
        raise Refused(gettext_noop("还没有设置值班岗位和班次"), code="no_shifts", rule="D-02")
    short = [slot for slot in slots if slot.is_short]
    if short:
        named = "、".join(f"{slot.day:%m-%d} {slot.post.name}{slot.shift.name}" for slot in short[:SHOWN])
        raise Refused(SHORT, code="short", rule="D-04", slots=named, count=len(short))
    empty = unmanned(site=site, slots=slots, at=at)
    if empty:
        needed = int(figure(path="D-04.minimum_present", site=site, at=at) or 1)
        begins = empty[0][0].astimezone(ZoneInfo(settings.TIME_ZONE))
        raise Refused(EMPTY, code="unmanned", rule="D-04", when=f"{begins:%m-%d %H:%M}", needed=needed)


def unmanned(*, site: Site, slots: Sequence[Slot], at: datetime) -> list[Span]:
    """The hours of duty in which fewer are rostered than must be present at any time (D-02, D-03, D-04)."""
    needed = int(figure(path="D-04.minimum_present", site=site, at=at) or 1)
    covered = [(turn.starts_at, turn.ends_at) for slot in slots for turn in slot.assignments]
    windows = _duty_windows(site=site, slots=slots, at=at)
    return [gap for window in windows for gap in gaps(window=window, covered=covered, needed=needed)]


def _duty_windows(*, site: Site, slots: Sequence[Slot], at: datetime) -> list[Span]:
    if not slots:
        return []
    if figure(path="D-03.round_the_clock", site=site, at=at):
        # before the first turn of the first day the month before is responsible
        return [(min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots))]
    begins = figure(path="D-02.duty_from", site=site, at=at)
    ends = figure(path="D-02.duty_until", site=site, at=at)
    if begins is None or ends is None:
        return []
    first, last = slots[0].day, slots[-1].day
    zone = ZoneInfo(settings.TIME_ZONE)
    return [
        span_of(
            day=first + timedelta(days=number), starts=time.fromisoformat(begins), ends=time.fromisoformat(ends),
            zone=zone,
        )
        for number in range((last - first).days + 1)
    ]  # fmt: skip


def _touch(roster: Roster) -> None:
    roster.version += 1
    roster.save(update_fields=["version"])


def _words(turn: Assignment) -> dict[str, Any]:
    return {
        "who": turn.staff.name, "day": str(turn.day), "shift": turn.shift.name, "post": turn.shift.post.name,
    }  # fmt: skip


def _record(*, roster: Roster, kind: str, by: Staff | None, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        site_id=roster.site_id, kind=f"rosters.{kind}", subject=roster, by=by, at=at, rule="D-01", data=data
    )


def _tell_person(*, turn: Assignment, text: str, at: datetime) -> None:
    """Whoever's turn of a published plan changes is told; a draft concerns nobody yet."""
    if turn.roster.state != Roster.State.PUBLISHED:
        return
    draft = Draft(
        text=text,
        params={"day": str(turn.day), "shift": turn.shift.name, "rule": "D-01"},
        to_staff=turn.staff,
        rule="D-01",
        dedup_key=f"turn:{turn.pk}:{turn.active}",
    )
    queue(site_id=turn.site_id, subject=turn.roster, at=at, drafts=[draft])
