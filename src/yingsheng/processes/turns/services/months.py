"""The month's plan by hand: put down, take back, fix, publish, bring in a table (D-01, D-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yingsheng.base.months import previous_month
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters import services as rosters
from yingsheng.kernel.rosters.checks import TurnBook, limits_of
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.timers.periods import file_period, hold_period
from yingsheng.processes.turns.models import Leave
from yingsheng.processes.turns.queries import PLAN, is_away

NEXT_ROSTER = "next_roster"
DEFINITION = "D-01/1"
AWAY = gettext_noop("%(who)s那时请假")


@transaction.atomic
def assign_turn(*, actor: Actor, at: datetime, shift: Shift, day: date, staff: Staff) -> Assignment:
    """Put somebody down by hand; it is fixed, so that the planner keeps it. Refused during his leave (D-01, D-11)."""
    demand(actor=actor, permission=PLAN)
    turn = rosters.assign(site=actor.site, shift=shift, day=day, staff=staff, by=actor.staff, at=at)
    if is_away(site=actor.site, staff=staff, span=(turn.starts_at, turn.ends_at)) is not None:
        raise Refused(AWAY, code="away", field="staff", rule="D-11", who=staff.name)
    return turn


@transaction.atomic
def take_turn_back(*, actor: Actor, at: datetime, turn: Assignment, reason: str = "") -> Assignment:
    """Take somebody off a turn (D-01)."""
    demand(actor=actor, permission=PLAN)
    return rosters.take_back(site=actor.site, turn=turn, by=actor.staff, at=at, reason=reason)


@transaction.atomic
def fix_turn(*, actor: Actor, at: datetime, turn: Assignment, fixed: bool) -> Assignment:
    """Let the planner keep a turn, or no longer."""
    demand(actor=actor, permission=PLAN)
    return rosters.fix(site=actor.site, turn=turn, fixed=fixed, by=actor.staff, at=at)


@transaction.atomic
def publish_month(*, actor: Actor, at: datetime, month: date, seen: int | None = None) -> Roster:
    """Publish a month's plan; that keeps the promise of the month before to have it ready (D-01, D-04)."""
    demand(actor=actor, permission=PLAN)
    before = date(*previous_month(year=month.year, month=month.month), 1)
    if before > timezone.localtime(at).date():
        raise Refused(gettext_noop("最多提前一个月发布"), code="too_early", rule="D-01")
    period = hold_period(site=actor.site, code=NEXT_ROSTER, first=before, at=at)
    roster = rosters.publish(site=actor.site, month=month, by=actor.staff, at=at, seen=seen)
    turns = Assignment.objects.filter(roster=roster, active=True)
    content = {
        "month": f"{month:%Y-%m}",
        "turns": turns.count(),
        "people": turns.values("staff").distinct().count(),
    }
    file_period(period=period, content=content, definition=DEFINITION, by=actor.staff, at=at)
    return roster


@transaction.atomic
def bring_in(
    *, actor: Actor, at: datetime, month: date, wanted: Sequence[rosters.Wanted], source: str
) -> int:
    """Put the turns of a table or a calendar down, all of them or none; those that stand there stay (D-01)."""
    demand(actor=actor, permission=PLAN)
    if not wanted:
        raise Refused(gettext_noop("文件里没有可以导入的班"), code="empty", field="table")
    problems = [text for text in judge(actor=actor, at=at, wanted=wanted) if text is not None]
    if problems:
        raise problems[0]
    return rosters.fill(
        site=actor.site, month=month, wanted=wanted, by=actor.staff, at=at, source=source, fixed=True
    )


def judge(*, actor: Actor, at: datetime, wanted: Sequence[rosters.Wanted]) -> list[Refused | None]:
    """What speaks against each of these turns, one after the other as if those before were put down already."""
    if not wanted:
        return []
    people = {one.staff.pk: one.staff for one in wanted}
    days = [one.day for one in wanted]
    limits = limits_of(site=actor.site, at=at)
    book = TurnBook(site=actor.site, staff=people.values(), first=min(days), last=max(days), limits=limits)
    away = list(Leave.objects.filter(site=actor.site, staff__in=list(people), state=Leave.State.APPROVED))
    found: list[Refused | None] = []
    for one in wanted:
        starts, ends = one.shift.span(day=one.day)
        objection = book.objection(staff=one.staff, shift=one.shift, day=one.day)
        if objection is not None:
            found.append(objection.refuse(field="table"))
        elif any(
            row.staff_id == one.staff.pk and row.starts_at < ends and starts < row.ends_at for row in away
        ):
            found.append(Refused(AWAY, code="away", field="table", rule="D-11", who=one.staff.name))
        else:
            found.append(None)
            book.add(
                Assignment(
                    site=actor.site,
                    shift=one.shift,
                    day=one.day,
                    staff=one.staff,
                    starts_at=starts,
                    ends_at=ends,
                )
            )
    return found


@transaction.atomic
def record_print(*, actor: Actor, at: datetime, roster: Roster) -> int:
    """Count a print of the roster; 1 is no reprint (FM-12)."""
    demand(actor=actor, permission=PLAN)
    count = count_prints(roster=roster) + 1
    events.record(
        site_id=actor.site.pk, kind="turns.roster_printed", subject=roster, by=actor.staff, at=at, rule="D-01",
        data={"month": f"{roster.month:%Y-%m}", "count": count},
    )  # fmt: skip
    return count


def count_prints(*, roster: Roster) -> int:
    """How often the roster was printed."""
    return Event.objects.filter(
        site_id=roster.site_id, kind="turns.roster_printed", subject_type="rosters.roster", subject_id=roster.pk
    ).count()  # fmt: skip
