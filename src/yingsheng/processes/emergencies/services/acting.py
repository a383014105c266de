"""What is done while an emergency lasts: taking it, arriving, ticking, calling help in, telling (X-02 … X-04)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.emergencies.models import Alarmed, OutsideCall, Tick
from yingsheng.processes.emergencies.rules.kinds import load_kinds
from yingsheng.processes.emergencies.rules.life import ACKNOWLEDGE, ARRIVE, INFORM, REASSURE
from yingsheng.processes.emergencies.services.clocks import owe_arrival
from yingsheng.processes.emergencies.services.steps import load, take, write_down
from yingsheng.processes.emergencies.services.telling import REASSURED, tell_affected


@transaction.atomic
def acknowledge(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    who: Staff | None = None,
    eta_minutes: int | None = None,
    seen: int | None = None,
) -> Case:
    """Somebody takes the emergency and says when he will be there; the alarms stop climbing (X-01, X-02).

    Others who were told may say so later too; the first one leads.
    """
    case, emergency = load(case=case, seen=seen)
    person = who or by
    eta = at + timedelta(minutes=eta_minutes) if eta_minutes is not None else None
    first = case.state == "alarm"
    changes: dict[str, object] = {}
    if first:
        changes = {"acknowledged_at": at, "acknowledged_by": person, "eta_at": eta}
    take(
        case=case, emergency=emergency, step="acknowledge", at=at, to_state="acknowledged" if first else "",
        case_changes={"handler": person} if first else None, **changes,
    )  # fmt: skip
    _mark(case=case, person=person, at=at)
    if first:
        timers.meet(subject=case, milestones=[ACKNOWLEDGE, INFORM], by=by, at=at)
        if eta is not None:
            owe_arrival(case=case, eta_at=eta, staff=person, at=at)
    write_down(
        case=case, kind="acknowledged", by=by, at=at, rule="X-01",
        data={"who": person.name, "minutes": eta_minutes if eta_minutes is not None else "—"},
    )  # fmt: skip
    return case


def _mark(*, case: Case, person: Staff, at: datetime) -> None:
    """Write beside the name that he knows; somebody nobody told is put on the list as one of the team."""
    row, _new = Alarmed.objects.get_or_create(
        case=case, staff=person, defaults={"rule": "X-02", "told_at": at}
    )
    if row.acknowledged_at is None:
        row.acknowledged_at = at
        row.save(update_fields=["acknowledged_at"])


@transaction.atomic
def arrive(*, case: Case, by: Staff, at: datetime, found: str = "", seen: int | None = None) -> Case:
    """Somebody is on the spot; whoever arrives without a word before has taken it too (X-02)."""
    case, emergency = load(case=case, seen=seen)
    changes: dict[str, object] = {"arrived_at": at}
    if emergency.acknowledged_at is None:
        changes |= {"acknowledged_at": at, "acknowledged_by": by}
    take(
        case=case, emergency=emergency, step="arrive", at=at, to_state="on_site",
        case_changes={"handler": case.handler or by}, **changes,
    )  # fmt: skip
    _mark(case=case, person=by, at=at)
    timers.meet(subject=case, milestones=[ACKNOWLEDGE, INFORM, ARRIVE], by=by, at=at)
    write_down(case=case, kind="arrived", by=by, at=at, rule="X-02", data={"found": found})
    return case


@transaction.atomic
def reassure(*, case: Case, by: Staff, at: datetime, said: str, seen: int | None = None) -> Case:
    """Tell the caller and every household on the list that it is known and in work (X-03)."""
    case, emergency = load(case=case, seen=seen)
    if not said.strip():
        raise Refused(gettext_noop("请写下告诉住户的话"), field="said", rule="X-03")
    first = emergency.reassured_at or at
    take(case=case, emergency=emergency, step="reassure", at=at, reassured_at=first)
    told = tell_affected(case=case, text=REASSURED, why=f"reassured:{case.version}", at=at, said=said.strip())
    timers.meet(subject=case, milestones=[REASSURE], by=by, at=at)
    write_down(case=case, kind="reassured", by=by, at=at, rule="X-03", data={"said": said, "count": told})
    return case


@transaction.atomic
def tick(
    *, case: Case, by: Staff, at: datetime, number: int, note: str = "", seen: int | None = None
) -> Case:
    """A line of the checklist was done: who, when (X-03, X-11). Refused for a line that is not there or done."""
    case, emergency = load(case=case, seen=seen)
    steps = load_kinds()[emergency.kind].steps
    if not 1 <= number <= len(steps):
        raise Refused(gettext_noop("处置清单只有%(count)s步"), field="number", rule="X-11", count=len(steps))
    if Tick.objects.filter(case=case, number=number).exists():
        raise Refused(gettext_noop("这一步已经勾过了"), field="number", code="done", rule="X-11")
    take(case=case, emergency=emergency, step="tick", at=at)
    Tick.objects.create(case=case, number=number, note=note[:200], at=at, by=by)
    write_down(
        case=case, kind="ticked", by=by, at=at, rule="X-03",
        data={"number": number, "step": steps[number - 1].zh, "note": note[:200]},
    )  # fmt: skip
    return case


@transaction.atomic
def call_outside(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    body: str,
    answered: str = "",
    called_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> Case:
    """Help was called in from outside: which, when, who answered (X-02)."""
    case, emergency = load(case=case, seen=seen)
    moment = called_at or at
    if moment > at:
        raise Refused(gettext_noop("打电话的时间不能晚于现在"), field="called_at", rule="X-02")
    take(case=case, emergency=emergency, step="outside", at=at)
    OutsideCall.objects.create(
        case=case, body=body, answered=answered[:60], note=note[:300], at=moment, by=by
    )
    write_down(
        case=case, kind="outside_called", by=by, at=at, rule="X-02",
        data={"body": body, "answered": answered, "called": moment.isoformat()},
    )  # fmt: skip
    return case


@transaction.atomic
def use_power(*, case: Case, by: Staff, at: datetime, power: str, what: str, seen: int | None = None) -> Case:
    """Whoever coordinates calls on other departments' people or protects for now; the log names the power (X-04)."""
    case, emergency = load(case=case, seen=seen)
    take(case=case, emergency=emergency, step="power", at=at)
    write_down(case=case, kind="power_used", by=by, at=at, rule="X-04", data={"power": power, "what": what})
    return case


@transaction.atomic
def stop_harm(*, case: Case, by: Staff, at: datetime, measure: str, seen: int | None = None) -> Case:
    """The moment the harm stopped, and by what (X-02)."""
    case, emergency = load(case=case, seen=seen)
    if emergency.harm_stopped_at is not None:
        raise Refused(gettext_noop("已经记过止损"), rule="X-02")
    take(case=case, emergency=emergency, step="stop_harm", at=at, harm_stopped_at=at, harm_measure=measure)
    write_down(case=case, kind="harm_stopped", by=by, at=at, rule="X-02", data={"measure": measure})
    return case
