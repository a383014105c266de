"""How an emergency ends: resolved, called back, reported and signed, closed; or a false alarm (X-03, X-07)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.emergencies.models import Affected, Emergency
from yingsheng.processes.emergencies.queries import count_waiting, household_at
from yingsheng.processes.emergencies.rules.life import (
    ACKNOWLEDGE,
    ARRIVE,
    CALL_BACK,
    INFORM,
    REASSURE,
    REPORT,
    Standing,
    hinders_closing,
)
from yingsheng.processes.emergencies.services.clocks import DESK_ROLE, owe
from yingsheng.processes.emergencies.services.steps import load, take, write_down
from yingsheng.processes.emergencies.services.telling import (
    FALSE,
    NOTHING,
    OVER,
    SIGN,
    tell_affected,
    tell_staff,
)

REPAIRS = "repairs"
HINDRANCES = {
    "call_back": gettext_noop("还有来电住户没有回电"),
    "report": gettext_noop("特别事件报告还没有写"),
    "sign": gettext_noop("特别事件报告还没有签批"),
}
NO_REPAIRS = gettext_noop("本系统没有启用报修，请另行派修")


@transaction.atomic
def resolve_emergency(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    cause: str,
    measures: str,
    loss_fen: int | None = None,
    injured: int | None = None,
    seen: int | None = None,
) -> Case:
    """The danger is over: cause, measures, loss, injured. Every household on the list is told, then called (X-03)."""
    case, emergency = load(case=case, seen=seen)
    take(
        case=case, emergency=emergency, step="resolve", at=at, to_state="resolved",
        case_changes={"handled_at": at}, cause=cause, measures=measures, loss_fen=loss_fen, injured=injured,
    )  # fmt: skip
    timers.meet(subject=case, milestones=[ARRIVE], by=by, at=at)
    told = tell_affected(case=case, text=OVER, why="over", at=at, measures=measures)
    if told:
        timers.meet(subject=case, milestones=[REASSURE], by=by, at=at)
    else:
        timers.void(
            subject=case, milestones=[REASSURE], by=by, at=at, reason=gettext_noop("没有来电住户要告知")
        )
    if count_waiting(case=case):
        owe(case=case, milestone=CALL_BACK, role=DESK_ROLE, at=at)
    write_down(
        case=case, kind="resolved", by=by, at=at, rule="X-03",
        data={"cause": cause, "measures": measures, "households": told, "injured": injured or 0},
    )  # fmt: skip
    return case


@transaction.atomic
def call_back(
    *, case: Case, by: Staff, at: datetime, room: str, said: str = "", seen: int | None = None
) -> Case:
    """A household of the list was rung once it was over; the last one keeps the promise (X-03)."""
    case, emergency = load(case=case, seen=seen)
    household = household_at(site=case.site, text=room)
    row = Affected.objects.filter(case=case, household=household).first() if household is not None else None
    if row is None:
        raise Refused(gettext_noop("来电名单里没有这一户"), field="room", rule="X-03")
    if row.called_back_at is not None:
        raise Refused(gettext_noop("这一户已经回过电"), field="room", code="done", rule="X-03")
    take(case=case, emergency=emergency, step="call_back", at=at)
    row.called_back_at, row.called_back_by = at, by
    row.save(update_fields=["called_back_at", "called_back_by"])
    if not count_waiting(case=case):
        timers.meet(subject=case, milestones=[CALL_BACK], by=by, at=at)
    write_down(case=case, kind="called_back", by=by, at=at, rule="X-03", data={"room": room, "said": said})
    return case


@transaction.atomic
def write_report(
    *, case: Case, by: Staff, at: datetime, course: str, lessons: str = "", seen: int | None = None
) -> Case:
    """Write the special event report (FM-20); who signs it hears of it. KPI-32 counts it by this moment (X-07)."""
    case, emergency = load(case=case, seen=seen)
    take(
        case=case, emergency=emergency, step="report", at=at, course=course, lessons=lessons,
        reported_at=emergency.reported_at or at, reported_by=by, signed_at=None, signed_by=None, opinion="",
    )  # fmt: skip
    timers.meet(subject=case, milestones=[REPORT], by=by, at=at)
    role = figure(path="X-07.report_signed_by", site=case.site, at=at)
    if role:
        people = list_holders_or_above(site_id=case.site_id, role=str(role), at=at)
        tell_staff(case=case, staff=people, text=SIGN, why=f"sign:{case.version}", at=at, rule="X-07")
    write_down(case=case, kind="reported", by=by, at=at, rule="X-07", data={"course": course[:200]})
    return case


@transaction.atomic
def sign_report(
    *, case: Case, actor: Actor, at: datetime, opinion: str = "", seen: int | None = None
) -> Case:
    """The post that the rule names signs the report, with its opinion (X-07)."""
    case, emergency = load(case=case, seen=seen)
    if emergency.reported_at is None:
        raise Refused(HINDRANCES["report"], rule="X-07")
    role = figure(path="X-07.report_signed_by", site=case.site, at=at)
    if role and role not in actor.roles:
        raise Refused(gettext_noop("特别事件报告由规程指定的岗位签批"), code="wrong_post", rule="X-07")
    take(
        case=case, emergency=emergency, step="sign", at=at, opinion=opinion, signed_at=at,
        signed_by=actor.staff,
    )  # fmt: skip
    write_down(case=case, kind="signed", by=actor.staff, at=at, rule="X-07", data={"opinion": opinion})
    return case


def standing_of(*, case: Case, emergency: Emergency, waiting: int) -> Standing:
    """How far an emergency is, as the rules want it; `waiting` households were not called back yet."""
    return Standing(
        reported=emergency.reported_at is not None,
        signed=emergency.signed_at is not None,
        signature_asked=bool(figure(path="X-07.report_signed_by", site=case.site, at=case.received_at)),
        waiting_households=waiting,
    )


@transaction.atomic
def close_emergency(
    *, case: Case, by: Staff, at: datetime, summary: str = "", seen: int | None = None
) -> Case:
    """File the emergency: everybody called back, the report written and signed (X-03, X-07)."""
    case, emergency = load(case=case, seen=seen)
    hindrance = hinders_closing(
        standing=standing_of(case=case, emergency=emergency, waiting=count_waiting(case=case))
    )
    if hindrance is not None:
        raise Refused(HINDRANCES[hindrance[0]], rule=hindrance[1])
    take(
        case=case, emergency=emergency, step="close", at=at, to_state="closed",
        case_changes={"asked_department": None},
    )  # fmt: skip
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("事件已归档"))
    write_down(case=case, kind="closed", by=by, at=at, rule="X-07", data={"summary": summary})
    return case


@transaction.atomic
def call_off(*, case: Case, by: Staff, at: datetime, reason: str, seen: int | None = None) -> Case:
    """It was a false alarm: everybody who was told hears so, its promises end, the reason stays (X-01)."""
    case, emergency = load(case=case, seen=seen)
    take(
        case=case, emergency=emergency, step="false_alarm", at=at, to_state="false_alarm",
        case_changes={"handled_at": at, "asked_department": None}, false_reason=reason,
    )  # fmt: skip
    timers.meet(subject=case, milestones=[ACKNOWLEDGE, INFORM], by=by, at=at)
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("误报"))
    told = [row.staff for row in case.alarmed.select_related("staff")]
    tell_staff(case=case, staff=told, text=FALSE, why="false", at=at, rule="X-01", reason=reason)
    tell_affected(case=case, text=NOTHING, why="false", at=at)
    write_down(case=case, kind="false_alarm", by=by, at=at, rule="X-01", data={"reason": reason})
    return case


@transaction.atomic
def open_repair(
    *, case: Case, actor: Actor, at: datetime, trade: str, body: str, seen: int | None = None
) -> Case:
    """What has to be mended afterwards becomes a repair order of its own that names this emergency (X-02).

    Refused where the installation takes no repairs.
    """
    if REPAIRS not in processes:
        raise Refused(NO_REPAIRS, code="no_repairs", rule="X-02")
    case, emergency = load(case=case, seen=seen)
    take(case=case, emergency=emergency, step="repair", at=at)
    process = processes.get(REPAIRS)
    assert process.open is not None  # a process that takes matters in says how
    caller = Caller(
        name=case.caller_name, phone=case.caller_phone, person=case.person, household=case.household,
        room=case.room,
    )  # fmt: skip
    made = process.open(
        actor=actor, at=at, caller=caller, title=case.title, body=body, kind="urgent", trade=trade, part="public",
        channel="relay", origin=case,
    )  # fmt: skip
    write_down(
        case=case, kind="repair_opened", by=actor.staff, at=at, rule="X-02",
        data={"trade": trade, "order": made.number},
    )  # fmt: skip
    return case
