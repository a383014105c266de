"""What stands beside a repair: its facts, what is promised before it is registered, the first page, its rates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.shown import Foresight, Related, TodayLine, TodayList, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import Quote
from yingsheng.kernel.charges.queries import paid_fen
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import list_orders_of, list_pool
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.owing import due_by
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.repairs.process import words as w
from yingsheng.processes.repairs.queries.month import in_limit_rate
from yingsheng.processes.repairs.rules.clocks import FINISH, limit_of
from yingsheng.processes.repairs.rules.facts import MINOR
from yingsheng.processes.repairs.services.steps import same_day

LINES = 5


def describe(case: Any) -> list[tuple[str, Any]]:
    """(label, value) pairs of what is known of a repair, empty ones left out; labels are message ids."""
    repair = case.repair
    parts, satisfaction = dict(w.PARTS), dict(w.SATISFACTION)
    rows = [
        (N("详情"), case.body),
        (N("具体位置"), repair.place),
        (N("答应修好的时间"), repair.promised_at),
        (N("住户方便上门的时间"), repair.visit_at),
        (N("接待人"), repair.introduced_to.name if repair.introduced_to else ""),
        (N("夜间来件"), _("等早上开单") if repair.waits_for_morning else ""),
        (N("公司内部报修"), _("是") if repair.is_internal else ""),
        (N("谁的部位"), _(parts[repair.part]) if repair.part else ""),
        (N("责任说明"), repair.liability),
        (N("另一户"), repair.other_room.label if repair.other_room else ""),
        (N("维修方案"), repair.plan),
        (N("协调人"), repair.coordinator.name if repair.coordinator else ""),
        (N("费用"), _cost(case) if repair.is_paid_work else ""),
        (N("维修结果"), repair.result),
        (N("没有按时修好的原因"), repair.overtime_reason),
        (N("告诉了谁"), repair.told_to),
        (N("是否满意"), _(satisfaction[repair.satisfaction]) if repair.satisfaction else ""),
        (N("住户意见"), repair.opinion),
        (N("签名人"), repair.signed_by),
        (N("返工次数"), repair.rework or ""),
    ]
    return [(label, value) for label, value in rows if value]


def _cost(case: Any) -> str:
    """What was quoted and how the household stands to it: waiting, agreed and paid, declined, not quoted yet."""
    quotes = list(
        Quote.objects.filter(case=case).exclude(state=Quote.State.WITHDRAWN).values_list("state", "total_fen")
    )
    agreed = [fen for state, fen in quotes if state == Quote.State.ACCEPTED]
    waiting = [fen for state, fen in quotes if state == Quote.State.OFFERED]
    words = []
    if agreed:
        words.append(
            _("已接受报价%(agreed)s元，已付%(paid)s元")
            % {"agreed": format_fen(fen=sum(agreed)), "paid": format_fen(fen=paid_fen(case=case))}
        )
    if waiting:
        words.append(_("报价%(total)s元，等住户答复") % {"total": format_fen(fen=sum(waiting))})
    if not words:
        words.append(_("住户不接受报价：重新报价，或取消报修") if quotes else _("有偿维修，还没有报价"))
    return "；".join(words)


def related(case: Any) -> list[Related]:
    """The work orders of a repair, each with where it stands and who has it."""
    if case.process != "repairs":
        return []
    return [
        Related(
            title=_("派工单"),
            icon="clipboard-list",
            text=f"{order.number} · {_(WorkOrder.State(order.state).label)} · {_holder(order)}",
            url_name="ui:order",
            url_args=(order.key,),
        )
        for order in list_orders_of(case=case)
    ]


def _holder(order: Any) -> str:
    if order.outside:
        return str(order.outside)
    return order.worker.name if order.worker is not None else _("抢单池")


def promise(*, site: Any, at: Any) -> Foresight | None:
    """Until when a small repair registered now is to be done (R-03)."""
    path = limit_of(kind=MINOR, same_day=same_day(site=site, at=at))
    due = due_by(path=path, site=site, starts_at=at, at=at)
    if due is None:
        return None
    return Foresight(milestone=w.MILESTONES[FINISH], due_at=due, rule=path.partition(".")[0])


def numbers(*, actor: Any, now: datetime) -> list[TodayNumber]:
    """How many repairs of this month were done inside their limit (KPI-34), for whoever answers for the figures."""
    if not actor.may("repairs.report"):
        return []
    kept = in_limit_rate(site=actor.site, start=month_start(at=now), end=now)
    return [
        TodayNumber(
            label=_("维修及时率"),
            count=kept.count,
            base=kept.base,
            target=None,
            rule="R-03",
            url_name="repairs:month",
        )
    ]


def today(*, actor: Any, now: datetime) -> list[TodayList]:
    """Orders nobody has, for whoever gives out work or may take it (R-01, R-11)."""
    if not (actor.may(Allow.DISPATCH_ORDERS) or actor.may(Allow.WORK_ORDERS)):
        return []
    waiting = list(list_pool(actor=actor)[: LINES + 1])
    if not waiting:
        return []
    return [
        TodayList(
            title=_("抢单池"),
            icon="tool",
            rule="R-11",
            count=len(waiting),
            lines=tuple(
                TodayLine(
                    text=f"{order.number} {order.task}",
                    note=_("%(when)s · %(where)s")
                    % {
                        "when": timezone.localtime(order.issued_at).strftime("%m-%d %H:%M"),
                        "where": order.case.room.label if order.case.room else order.case.caller_name,
                    },
                    url_name="ui:order",
                    url_args=(order.key,),
                )
                for order in waiting[:LINES]
            ),
            more_url=reverse("ui:orders") + "?view=pool",
        )
    ]
