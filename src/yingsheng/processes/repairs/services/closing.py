"""Into the archive, or out of the book; the morning look at what is open (R-05, R-09, R-19)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.queries import paid_fen
from yingsheng.kernel.events import services as events
from yingsheng.kernel.orders.services import void_open
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.periods import hold_period
from yingsheng.processes.repairs.models import MorningReview
from yingsheng.processes.repairs.queries.closing import what_is_missing
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.rules.facts import CANCELLED, FILED
from yingsheng.processes.repairs.services.steps import load, note, take, tell_household

CANCELLED_WORDS = gettext_noop("编号%(number)s：报修已取消，原因：%(reason)s。")
MISSING_WORDS = {
    "quote": gettext_noop("报价住户还没有答复"),
    "payment": gettext_noop("还没有付清"),
    "signature": gettext_noop("住户还没有签名"),
    "told": gettext_noop("还没有告诉住户结果并问是否满意"),
    "content": gettext_noop("住户不满意，要返工"),
    "recover": gettext_noop("派工单还没有收回"),
    "visit": gettext_noop("还没有回访"),
}


@transaction.atomic
def file_repair(*, case: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Put a finished repair into the archive; Refused while something is missing, with what and by which rule.

    The post that files is that of R-09, or one that stands above it.
    """
    case, repair = load(case=case, seen=seen)
    missing = what_is_missing(case=case, repair=repair, at=at)
    if missing:
        raise Refused(MISSING_WORDS[missing[0].code], code="missing", rule=missing[0].rule)
    role = str(figure(path="R-09.filed_by", site=case.site, at=at))
    take(
        case=case, repair=repair, step="file", at=at, to_state=FILED,
        repair_changes={"filed_by": by},
    )  # fmt: skip
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("已归档"))
    own = role in actor_for(staff=by, site=case.site, at=at).roles
    note(case=case, kind="filed", by=by, at=at, rule="R-09", data={"post": role, "own_post": own})
    return case


@transaction.atomic
def cancel_repair(*, case: Case, by: Staff, at: datetime, reason: str, seen: int | None = None) -> Case:
    """Take a request out of the book, with a reason; its orders are void and stay accounted for (R-05).

    Refused while money is held for it: that is given back first.
    """
    if not reason.strip():
        raise Refused(gettext_noop("请写明取消的原因"), field="reason", rule="R-05")
    case, repair = load(case=case, seen=seen)
    if paid_fen(case=case):
        raise Refused(gettext_noop("已收了钱，请先退款再取消"), field="reason", rule="R-09")
    take(case=case, repair=repair, step="cancel", at=at, to_state=CANCELLED)
    timers.void(subject=case, by=by, at=at, reason=reason)
    tell_household(case=case, text=CANCELLED_WORDS, at=at, why="cancelled", rule="R-04", reason=reason)
    note(case=case, kind="cancelled", by=by, at=at, rule="R-05", data={"reason": reason})
    void_open(case=case, by=by, at=at, reason=reason)
    return case


@transaction.atomic
def review_morning(*, actor: Actor, at: datetime, looked_at: list[str], note_text: str = "") -> MorningReview:
    """The clerk looked at yesterday's repairs and the open ones this morning (R-19); once a day.

    `looked_at`: numbers of the repairs. Raises Forbidden; Refused the second time on a day.
    """
    demand(actor=actor, permission="repairs.review")
    today: date = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if MorningReview.objects.filter(site=actor.site, day=today).exists():
        raise Refused(gettext_noop("今天已经检查过了"), rule="R-19")
    period = hold_period(site=actor.site, code=c.REVIEW, first=today, at=at)
    review = MorningReview.objects.create(
        site=actor.site, day=today, note=note_text, looked_at=looked_at, at=at, by=actor.staff
    )
    timers.meet(subject=period, milestones=[c.REVIEW], by=actor.staff, at=at)
    events.record(
        site_id=actor.site.pk, kind="repairs.reviewed", subject=period, by=actor.staff, at=at, rule="R-19",
        data={"count": len(looked_at), "numbers": looked_at, "note": note_text},
    )  # fmt: skip
    return review
