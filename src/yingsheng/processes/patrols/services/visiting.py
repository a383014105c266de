"""Household visits: arranged for a day, made or found nobody at home, and what an opinion became (G-03, G-04)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.timers.periods import count_done
from yingsheng.kernel.timers.posts import demand_post
from yingsheng.processes.patrols.models import Visit
from yingsheng.processes.patrols.queries.visiting import a_day, planned_for, proposed, visit_of_day
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.processes.patrols.rules.walks import acted_at
from yingsheng.processes.patrols.services.routes import area_named
from yingsheng.processes.patrols.services.writing import tell, the_case

MET, ABSENT, REFUSED = "met", "absent", "refused"
VISITS = "household_visits"
NOT_HIS = gettext_noop("走访由规程指定的岗位安排")


def home_named(*, actor: Actor, text: str) -> Household:
    """The living household of a room as typed; Refused for none."""
    words = parse_room(text=text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    room = find_room(site=actor.site, key=key) if key else None
    household = find_household(room=room) if room is not None else None
    if household is None:
        raise Refused(gettext_noop("没有这个房号，或者没有在住的住户"), field="room", rule="G-03")
    return household


@transaction.atomic
def arrange_visits(
    *,
    actor: Actor,
    at: datetime,
    staff: Staff,
    day: date | None = None,
    area: str = "",
    count: int | None = None,
) -> list[Visit]:
    """Put the homes that wait longest on somebody's list of a day (G-03, G-04).

    By the post that the rule names; never more than the rule's number for one person and day.
    """
    demand(actor=actor, permission="patrols.arrange")
    demand_post(actor=actor, path="G-04.arranged_by", at=at, text=NOT_HIS)
    today = local_day(at=at)
    wanted = day or today
    if wanted < today:
        raise Refused(gettext_noop("不能安排过去的日子"), field="day", rule="G-03")
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)  # two who arrange for the same person queue
    _least, most = a_day(site=actor.site, at=at)
    has = len(planned_for(staff=staff, site=actor.site, day=wanted))
    number = most - has if count is None else count
    if number < 1 or has + number > most:
        raise Refused(
            gettext_noop("每人每天最多走访%(most)s户，当天已有%(has)s户"), field="count", rule="G-03",
            most=most, has=has,
        )  # fmt: skip
    homes = proposed(
        site=actor.site, day=wanted, at=at, count=number, area=area_named(site=actor.site, name=area)
    )
    if not homes:
        raise Refused(gettext_noop("没有可以安排的住户"), field="area", rule="G-03")
    made = Visit.objects.bulk_create(
        [
            Visit(
                site=actor.site, household=home, staff=staff, day=wanted, arranged_by=actor.staff, made_at=at
            )
            for home in homes
        ]
    )
    tell(
        record=actor.site, kind="visits_arranged", actor=actor, at=at, rule="G-04", who=staff.name,
        day=wanted.isoformat(), count=len(made), rooms="、".join(home.room.label for home in homes),
    )  # fmt: skip
    return made


@transaction.atomic
def visit_home(
    *,
    actor: Actor,
    at: datetime,
    household: Household,
    result: str,
    person_met: str = "",
    publicity: str = "",
    opinions: str = "",
    outcome: str = "",
    next_step: str = "",
    device_at: datetime | None = None,
    seen: int | None = None,
) -> Visit:
    """Write down that a home was visited, whether it stood on a list or not (G-03).

    Conflict for a home that was visited on that day already.
    """
    demand(actor=actor, permission="patrols.walk")
    if result == MET and not person_met.strip():
        raise Refused(gettext_noop("请写明见到了谁"), field="person_met", rule="G-03")
    moment = acted_at(told=device_at, at=at)
    day = local_day(at=moment)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk, site=actor.site)
    row = visit_of_day(household=household, day=day)
    if row is not None and seen is not None and seen != row.version:
        raise Conflict(gettext_noop("这条记录刚被别人更新过，请看过最新情况再继续"), code="stale")
    if row is not None and row.state != Visit.State.PLANNED:
        raise Conflict(gettext_noop("这一户当天已由%(who)s走访过"), code="visited", who=row.staff.name)
    if row is None:
        row = Visit.objects.create(
            site=actor.site, household=household, staff=actor.staff, day=day, made_at=at
        )
    change(
        record=row, staff=actor.staff, state=result, visited_at=moment, person_met=person_met.strip(),
        publicity=publicity.strip(), opinions=opinions.strip(), outcome=outcome.strip(), next_step=next_step.strip(),
    )  # fmt: skip
    if result == MET:
        count_done(site=actor.site, code=VISITS, by=actor.staff, at=moment)
    tell(
        record=row, kind=f"visit_{result}", actor=actor, at=at, rule="G-03", device_at=device_at,
        room=household.room.label, person=row.person_met, opinions=row.opinions[:120],
    )  # fmt: skip
    return row


def record_visit(*, actor: Actor, at: datetime, room: str, **told: str) -> Visit:
    """The same for a room as typed."""
    return visit_home(actor=actor, at=at, household=home_named(actor=actor, text=room), **told)  # type: ignore[arg-type]


def record_planned(
    *, actor: Actor, record: Visit, at: datetime, seen: int | None = None, **told: str
) -> Visit:
    """The same for a home that stands on a list of today."""
    if record.day != local_day(at=at):
        raise Refused(
            gettext_noop("这一户排在%(day)s，请按当天另记走访"), rule="G-03", day=record.day.isoformat()
        )
    return visit_home(actor=actor, at=at, household=record.household, seen=seen, **told)  # type: ignore[arg-type]


@transaction.atomic
def drop_visit(*, actor: Actor, record: Visit, at: datetime, reason: str, seen: int | None = None) -> Visit:
    """Take a home off the list of a day; it is proposed again (G-04)."""
    row = hold(actor=actor, record=record, permission="patrols.arrange", seen=seen, states=("planned",))
    change(record=row, state="dropped", outcome=reason.strip())
    tell(record=row, kind="visit_dropped", actor=actor, at=at, rule="G-04", reason=row.outcome)
    return row


@transaction.atomic
def pass_on_visit(
    *, actor: Actor, record: Visit, at: datetime, number: str, seen: int | None = None
) -> Visit:
    """Note which repair, complaint or suggestion an opinion became (G-03, G-04)."""
    row = hold(actor=actor, record=record, permission="patrols.walk", seen=seen, states=(MET,))
    if row.case_id is not None:
        raise Refused(gettext_noop("这次走访的意见已经转办"), rule="G-04")
    case = the_case(actor=actor, number=number)
    change(record=row, case=case)
    tell(record=row, kind="visit_passed_on", actor=actor, at=at, rule="G-04", number=case.number)
    return row
