"""Liability and plan, progress, a new time, the apology for a late one, the result (R-03, R-04, R-08, R-16, R-18)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.models import Quote
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.rules import OPEN
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.rules.facts import NEIGHBOUR, NOT_REACHED, PARTS, PUBLIC
from yingsheng.processes.repairs.services.steps import load, note, start_clocks, take, tell_household

PLANNED = gettext_noop("编号%(number)s：维修方案是%(plan)s")
REARRANGED = gettext_noop("编号%(number)s：与您改约在%(due)s前完成。")
SORRY = gettext_noop("编号%(number)s：很抱歉没有按时修好，原因：%(reason)s。")
SORRY_UNTIL = gettext_noop("编号%(number)s：很抱歉没有按时修好，原因：%(reason)s。新的时间是%(due)s前。")
PROGRESS = gettext_noop("编号%(number)s：%(note)s")
RESULT = gettext_noop("编号%(number)s：已修好。%(result)s")
# what the household is told of whose part it is, in our own words
LIABILITY = {
    "public": gettext_noop("编号%(number)s：这里是公共部位，由物业维修，您不用付费。"),
    "private": gettext_noop(
        "编号%(number)s：这里是您的专有部位，由业主承担维修和费用；需要我们修的，先报价再施工。"
    ),
    "neighbour": gettext_noop("编号%(number)s：问题出在另一户的专有部位，由该户负责维修，我们去联系并跟进。"),
    "unclear": gettext_noop("编号%(number)s：属于谁的部位还要查清，查清后马上告诉您。"),
}


@transaction.atomic
def assess(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    part: str,
    liability: str = "",
    other_room: Room | None = None,
    seen: int | None = None,
) -> Case:
    """Say whose part it is, hence who repairs and who pays, and explain it to the household (R-16)."""
    case, repair = load(case=case, seen=seen)
    if part not in PARTS:
        raise Refused(gettext_noop("请选是谁的部位"), field="part", rule="R-16")
    if part == NEIGHBOUR and other_room is None and repair.other_room_id is None:
        raise Refused(gettext_noop("请写明是哪一户"), field="other_room", rule="R-16")
    if part == PUBLIC and _is_priced(case=case):
        raise Refused(gettext_noop("公共部位不向住户收费，请先撤回报价"), field="part", rule="R-16")
    take(
        case=case, repair=repair, step="assess", at=at,
        repair_changes={
            "part": part, "liability": liability or repair.liability, "other_room": other_room or repair.other_room,
            "is_paid_work": repair.is_paid_work and part != PUBLIC,
        },
    )  # fmt: skip
    tell_household(case=case, text=LIABILITY[part], at=at, why=f"liability:{part}", rule="R-16")
    room = repair.other_room.label if repair.other_room is not None else ""
    note(
        case=case, kind="assessed", by=by, at=at, rule="R-16",
        data={"part": part, "liability": liability, "other_room": room},
    )  # fmt: skip
    return case


def _is_priced(*, case: Case) -> bool:
    asked = (Quote.State.OFFERED, Quote.State.ACCEPTED)
    return Quote.objects.filter(case=case, state__in=asked).exists()


@transaction.atomic
def plan_repair(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    plan: str,
    coordinator: Staff | None = None,
    promised_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Write the repair plan and who coordinates it, by rule the post of R-08; a time promised binds (R-18)."""
    case, repair = load(case=case, seen=seen)
    if not plan.strip():
        raise Refused(gettext_noop("请写明维修方案"), field="plan", rule="R-08")
    if promised_at is not None and promised_at <= at:
        raise Refused(gettext_noop("答应的时间已经过去"), field="promised_at", rule="R-18")
    if coordinator is None and repair.coordinator_id is None:
        role = str(figure(path="R-08.coordinated_by", site=case.site, at=at))
        people = list_holders_or_above(site_id=case.site_id, role=role, at=at)
        coordinator = by if by in people else next(iter(people), None)
    take(
        case=case, repair=repair, step="plan", at=at,
        repair_changes={
            "plan": plan, "coordinator": coordinator or repair.coordinator,
            "promised_at": promised_at or repair.promised_at,
        },
    )  # fmt: skip
    if promised_at is not None:
        _promise_anew(case=case, kind=repair.kind, promised_at=promised_at, by=by, at=at)
    tell_household(case=case, text=PLANNED, at=at, why=f"plan:{case.version}", rule="R-08", plan=plan)
    note(
        case=case, kind="planned", by=by, at=at, rule="R-08",
        data={
            "plan": plan, "coordinator": coordinator.name if coordinator is not None else "",
            "promised": promised_at.isoformat() if promised_at is not None else "",
        },
    )  # fmt: skip
    return case


def _promise_anew(*, case: Case, kind: str, promised_at: datetime, by: Staff, at: datetime) -> None:
    """The time agreed takes the place of the limit; a promise already broken stays broken (R-18)."""
    running = (
        list_obligations(subject=case)
        .filter(milestone=c.FINISH, state=Obligation.State.ARMED)
        .order_by("round")
        .first()
    )
    if running is None or running.due_at < at:
        return
    timers.void(subject=case, milestones=[c.FINISH], by=by, at=at, reason=gettext_noop("与住户另约了时间"))
    start_clocks(case=case, at=at, clocks=[c.finish_clock(kind=kind, starts_at=at, promised_at=promised_at)])
    WorkOrder.objects.filter(case=case, state__in=OPEN).update(due_at=promised_at)


def _promise_besides(*, case: Case, kind: str, new_time: datetime, by: Staff, at: datetime) -> None:
    """The new time of a late repair is one more promise; one named before and not over yet is superseded."""
    timers.void(
        subject=case,
        milestones=[c.FINISH],
        by=by,
        at=at,
        reason=gettext_noop("与住户另约了时间"),
        due_after=at,
    )
    start_clocks(case=case, at=at, clocks=[c.finish_clock(kind=kind, starts_at=at, promised_at=new_time)])
    WorkOrder.objects.filter(case=case, state__in=OPEN).update(due_at=new_time)


@transaction.atomic
def rearrange(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    promised_at: datetime,
    agreed_with: str,
    reason: str,
    seen: int | None = None,
) -> Case:
    """Agree another time with the household while the first one is not over (R-18).

    Once it is over, the work counts as not done in time whatever is agreed afterwards: then apologise (R-04).
    """
    case, repair = load(case=case, seen=seen)
    if promised_at <= at:
        raise Refused(gettext_noop("答应的时间已经过去"), field="promised_at", rule="R-18")
    if not agreed_with.strip() or not reason.strip():
        raise Refused(gettext_noop("请写明与谁约的、为什么改"), field="agreed_with", rule="R-18")
    running = (
        list_obligations(subject=case)
        .filter(milestone=c.FINISH, state=Obligation.State.ARMED)
        .order_by("round")
        .first()
    )
    if running is not None and running.due_at < at:
        raise Refused(
            gettext_noop("原来的时间已经过了，按没有做到算；请向住户致歉说明"),
            field="promised_at",
            rule="R-18",
        )
    take(case=case, repair=repair, step="rearrange", at=at, repair_changes={"promised_at": promised_at})
    if running is not None:
        _promise_anew(case=case, kind=repair.kind, promised_at=promised_at, by=by, at=at)
    else:
        start_clocks(
            case=case, at=at, clocks=[c.finish_clock(kind=repair.kind, starts_at=at, promised_at=promised_at)]
        )
    due = promised_at.isoformat()
    tell_household(case=case, text=REARRANGED, at=at, why=f"due:{case.version}", rule="R-18", due=due)
    note(
        case=case, kind="rearranged", by=by, at=at, rule="R-18",
        data={"due": due, "who": agreed_with, "reason": reason},
    )  # fmt: skip
    return case


def owe_apology(*, case: Case, at: datetime) -> None:
    """The limit is over and the work is not done: an apology and an explanation are owed (R-04)."""
    case, repair = load(case=case)
    if case.handled_at is not None or case.closed_at is not None:
        return
    repair.in_limit = False
    repair.save(update_fields=["in_limit"])
    clock = c.Clock(milestone=c.APOLOGY, path="R-04.apologise_within", starts_at=at, role=c.DESK)
    start_clocks(case=case, at=at, clocks=[clock])


@transaction.atomic
def apologise(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    reason: str,
    told_to: str,
    new_time: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Apologise for work that is late and explain why (R-04).

    A new time named does not undo the broken one, and binds as the first did (R-18).
    """
    case, repair = load(case=case, seen=seen)
    if not reason.strip():
        raise Refused(gettext_noop("请写明没有按时修好的原因"), field="reason", rule="R-04")
    if new_time is not None and new_time <= at:
        raise Refused(gettext_noop("答应的时间已经过去"), field="new_time", rule="R-18")
    take(
        case=case, repair=repair, step="apologise", at=at,
        repair_changes={"apologised_at": at, "overtime_reason": reason.strip()[:300]},
    )  # fmt: skip
    timers.meet(subject=case, milestones=[c.APOLOGY], by=by, at=at)
    due = new_time.isoformat() if new_time is not None else ""
    if new_time is not None and case.handled_at is None:
        _promise_besides(case=case, kind=repair.kind, new_time=new_time, by=by, at=at)
    tell_household(
        case=case, text=SORRY_UNTIL if due else SORRY, at=at, why=f"sorry:{case.version}", rule="R-04", reason=reason,
        due=due,
    )  # fmt: skip
    note(
        case=case,
        kind="apologised",
        by=by,
        at=at,
        rule="R-04",
        data={"reason": reason, "who": told_to, "due": due},
    )
    return case


@transaction.atomic
def note_progress(
    *, case: Case, by: Staff, at: datetime, text: str, tell: bool = False, seen: int | None = None
) -> Case:
    """Write down how a repair goes on, and tell the household if wanted (R-03)."""
    case, repair = load(case=case, seen=seen)
    if not text.strip():
        raise Refused(gettext_noop("请写明进展"), field="text", rule="R-03")
    take(case=case, repair=repair, step="progress", at=at)
    if tell:
        tell_household(
            case=case, text=PROGRESS, at=at, why=f"progress:{case.version}", rule="R-03", note=text
        )
    note(case=case, kind="progress", by=by, at=at, rule="R-03", data={"note": text, "told": tell})
    return case


@transaction.atomic
def tell_result(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    told_to: str,
    satisfaction: str,
    opinion: str = "",
    seen: int | None = None,
) -> Case:
    """Tell the household the result and ask whether it is content (R-04).

    Who could not be reached is told in writing and asked again by the visit; who is not content gets rework.
    """
    case, repair = load(case=case, seen=seen)
    if satisfaction != NOT_REACHED and not told_to.strip():
        raise Refused(gettext_noop("请写明告诉了谁"), field="told_to", rule="R-04")
    take(
        case=case, repair=repair, step="tell", at=at,
        case_changes={"satisfied": {"yes": True, "no": False}.get(satisfaction)},
        repair_changes={
            "told_at": at, "told_to": told_to, "satisfaction": satisfaction, "opinion": opinion or repair.opinion,
        },
    )  # fmt: skip
    timers.meet(subject=case, milestones=[c.TELL], by=by, at=at)
    tell_household(
        case=case, text=RESULT, at=at, why=f"result:{repair.rework}", rule="R-04", result=repair.result
    )
    note(
        case=case, kind="told", by=by, at=at, rule="R-04",
        data={"who": told_to, "satisfaction": satisfaction, "opinion": opinion},
    )  # fmt: skip
    return case
