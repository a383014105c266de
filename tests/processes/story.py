"""Taking a complaint from the phone to any point of its life, the ordinary way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.services import answering, handling, intake
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.services import record_visit

NINE = MONDAY_NINE
AWAY = "住户出差，要求电话答复"  # why nobody went (C-63, F-10)


def later(hours: float = 0, **more: float) -> datetime:
    """A moment after Monday nine o'clock."""
    return NINE + timedelta(hours=hours, **more)


def registered(cast: Cast, *, home: int = 0, at: datetime = NINE, **fields: Any) -> Case:
    """A complaint just taken on the phone."""
    if "caller" not in fields:
        fields["caller"] = cast.caller(home)
    return intake.register_complaint(
        **{
            "site": cast.site,
            "title": "厨房漏水没人修",
            "body": "上周说过一次",
            "channel": "phone",
            "by": cast.front,
            "at": at,
            **fields,
        }
    )


def classified(cast: Cast, *, cause: str = "own_service", at: datetime | None = None, **fields: Any) -> Case:
    """Registered and classified twenty minutes later."""
    fields.setdefault("our_fault", cause == "own_service")
    intake_fields = {name: fields.pop(name) for name in list(fields) if name in INTAKE}
    case = registered(cast, **intake_fields)
    return intake.classify_complaint(
        case=case,
        by=cast.supervisor,
        at=at or case.received_at + timedelta(minutes=20),
        cause=cause,
        **fields,
    )


INTAKE = frozenset(
    {
        "home",
        "written",
        "forwarded_by_hq",
        "first_heard_by",
        "household_limit_at",
        "channel",
        "title",
        "caller",
        "category",
        "ongoing_harm",
    }
)


def working(cast: Cast, **fields: Any) -> Case:
    """Dispatched to engineering and signed for."""
    case = classified(cast, **fields)
    case = handling.dispatch_complaint(
        case=case,
        by=cast.supervisor,
        at=later(0.5),
        department=cast.department("engineering"),
        handler=cast.engineer,
        tracker=cast.area_admin,
    )
    return handling.accept_complaint(case=case, by=cast.engineer, at=later(0.6))


def prepared(cast: Cast, case: Case, *, at: datetime | None = None, by: Staff | None = None) -> Case:
    """The facts verified, and of a valid one the plan told and agreed to: what comes before the work."""
    moment, who = at or later(0.8), by or cast.engineer
    case = handling.verify_facts(case=case, by=who, at=moment, finding="软管老化，情况属实")
    if case.validity != "valid":
        return case
    return handling.give_plan(case=case, by=who, at=moment, plan="今天下午换软管，约一小时", consent=True)


def handled(cast: Cast, *, done_at: datetime | None = None, **fields: Any) -> Case:
    """Settled after five hours."""
    return handling.finish_handling(
        case=prepared(cast, working(cast, **fields)),
        by=cast.engineer,
        at=done_at or later(5),
        method="更换软管",
        result="已修好并试水",
        prevention="每季巡检",
    )


def replied(cast: Cast, **fields: Any) -> Case:
    """Answered by a visit, signed."""
    return answering.reply_to_household(
        case=handled(cast, **fields),
        by=cast.front,
        at=later(6),
        modes=["visit"],
        said="已修好",
        signed_by="钱女士",
    )


def visited(cast: Cast, case: Case, *, satisfied: bool = True, at: datetime | None = None) -> FollowUp:
    """The follow-up of the case, made by two people."""
    follow_up = FollowUp.objects.get(case=case, state__in=["due", "scheduled"])
    return record_visit(
        follow_up=follow_up,
        by=cast.area_admin,
        at=at or later(30),
        visitors=[cast.area_admin, cast.assistant],
        mode="visit",
        quality=4 if satisfied else 1,
        effect=4 if satisfied else 1,
        satisfaction=4 if satisfied else 1,
        satisfied=satisfied,
        shortcomings="" if satisfied else "又漏了",
        signed_by="钱女士",
    )


def clock(case: Case, milestone: str) -> Obligation:
    """The latest promise of a milestone."""
    return Obligation.objects.filter(
        subject_type="cases.case", subject_id=case.pk, milestone=milestone
    ).latest("round")
