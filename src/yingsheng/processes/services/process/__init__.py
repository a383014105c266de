"""Special services as declared: life cycle, steps, menu, recurring work; forms in `forms`, paper in `sheets`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.process import (
    MenuEntry,
    Milestone,
    Move,
    PeriodDue,
    Periodic,
    Permission,
    Process,
    State,
    Step,
)
from yingsheng.base.shown import DeskDuty, Foresight, Related
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.queries import paid_fen
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import list_orders_of, open_orders
from yingsheng.kernel.timers.owing import due_by
from yingsheng.processes.services import rules as r
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.process import forms as f
from yingsheng.processes.services.process.sheets import SHEETS
from yingsheng.processes.services.queries.month import PERIOD
from yingsheng.processes.services.services import intake, money, running
from yingsheng.processes.services.services.steps import GIVE_OUT

Blocked = tuple[str, str] | None


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _register(*, actor: Any, at: Any, caller: Any, scope: str = "", quantity: str = "", **fields: Any) -> Any:
    return intake.register_service(
        site=actor.site,
        by=actor.staff,
        at=at,
        caller=caller,
        scope=scope or "inside",
        quantity=quantity or "1",
        **fields,
    )


def _track(*, actor: Any, good: str, **fields: Any) -> Any:
    return running.track(by=actor.staff, good=good == "yes", **fields)


def _service_of(case: Any) -> Service:
    service = Service.objects.get(case_id=case.pk)
    service.case = case
    return service


def _paid(service: Service) -> int:
    """What was paid of a service; read once for a page."""
    kept: int | None = service.__dict__.get("_paid")
    if kept is None:
        kept = service.__dict__["_paid"] = paid_fen(case=service.case)
    return kept


def _nothing_to_pay(service: Any) -> Blocked:
    return None if service.fee_fen > _paid(service) else (N("没有要收的费"), "S-04")


def _nothing_paid(service: Any) -> Blocked:
    return None if _paid(service) else (N("没有收过费"), "S-05")


def _still_paid(service: Any) -> Blocked:
    return (N("已收了费，请先退款再取消"), "S-05") if _paid(service) else None


def _not_payed_for(service: Any) -> Blocked:
    return running.dispatch_blocked(service=service)


def _nothing_open(service: Any) -> Blocked:
    return None if open_orders(case=service.case).exists() else (N("没有未完成的派工单"), "S-02")


def _nobody_unhappy(service: Any) -> Blocked:
    return None if running.unhappy_part(service=service) else (N("没有要整改的回访"), "F-11")


def _inside(service: Any) -> Blocked:
    return None if service.scope == Service.Scope.BEYOND else (N("这项服务在范围之内"), "S-11")


def _paid_already(service: Any) -> Blocked:
    return (N("已收了费，请先退款"), "S-11") if _paid(service) else None


def _yuan(fen: int) -> str:
    return _("%(amount)s元") % {"amount": format_fen(fen=fen)}


def _describe(case: Any) -> list[tuple[str, Any]]:
    service = case.service
    visits = dict(Service.Visit.choices)
    rows = [
        (N("服务项目"), service.item_name),
        (N("服务时间"), f"{service.first_date} – {service.last_date}"),
        (N("费用"), _yuan(service.fee_fen)),
        (N("已付"), _yuan(_paid(service)) if service.fee_fen else ""),
        (N("付款签名"), service.signed_by),
        (N("由谁提供"), service.provider),
        (N("在不在服务范围"), _(service.get_scope_display()) if service.scope != "inside" else ""),
        (N("夜间委托"), _("等早上安排") if service.waits_for_morning else ""),
        (N("特殊要求"), case.body),
        (N("中期日期"), f"{service.mid_date}" if service.mid_date else ""),
        (N("中期回访"), _(visits[service.mid_visit]) if service.mid_visit else ""),
        (N("结束回访"), _(visits[service.end_visit]) if service.end_visit else ""),
        (N("结果"), service.result),
        (N("答复"), service.answer),
    ]
    return [(label, value) for label, value in rows if value]


def _related(case: Any) -> list[Related]:
    if case.process != "services":
        return []
    return [
        Related(
            title=_("派工单"),
            icon="clipboard-list",
            text=f"{order.number} · {_(WorkOrder.State(order.state).label)} · {order.outside or order.worker or ''}",
            url_name="ui:order",
            url_args=(order.key,),
        )
        for order in list_orders_of(case=case)
    ]


def _promise(*, site: Any, at: Any) -> Foresight | None:
    due = due_by(path="S-02.pass_on_within", site=site, starts_at=at, at=at)
    return None if due is None else Foresight(milestone=N("派工"), due_at=due, rule="S-02")


def _step(
    code: str,
    label: str,
    permission: str,
    sources: tuple[str, ...],
    form: Any,
    run: Callable[..., Any],
    *rules: str,
    targets: tuple[str, ...] = (),
    blocked: Callable[[Any], Blocked] | None = None,
    main: bool = False,
) -> Step:
    return Step(
        code=code, label=label, permission=f"services.{permission}", sources=sources, targets=targets, form=form,
        run=run, rules=rules, blocked=blocked, main=main,
    )  # fmt: skip


def _finish(*, actor: Any, **fields: Any) -> Any:
    return running.finish(actor=actor, **fields)


STEPS = (
    _step(
        "charge", N("收费签名"), "charge", r.RUNNING, f.CHARGE, _by(money.charge), "S-04", "S-05",
        targets=(r.ARRANGED,), blocked=_nothing_to_pay, main=True,
    ),
    _step(
        "dispatch", N("开派工单"), "dispatch", r.BEFORE, f.DISPATCH, _by(running.dispatch), "S-02", "S-04",
        targets=(r.DISPATCHED,), blocked=_not_payed_for, main=True,
    ),
    _step(
        "begin", N("开始服务"), "track", (r.DISPATCHED,), f.BEGIN, _by(running.begin), "S-08",
        targets=(r.IN_SERVICE,),
    ),
    _step(
        "track", N("跟踪质量"), "track", (r.DISPATCHED, r.IN_SERVICE, r.FINISHED, r.RECTIFYING), f.TRACK, _track,
        "S-03", main=True,
    ),
    _step(
        "finish", N("按纸单登记完成"), "dispatch", (r.DISPATCHED, r.IN_SERVICE), f.FINISH, _finish, "S-08",
        targets=(r.FINISHED,), blocked=_nothing_open,
    ),
    _step(
        "rectify", N("整改完成"), "track", (r.IN_SERVICE, r.RECTIFYING), f.RECTIFY, _by(running.rectify), "F-11",
        "S-08", targets=(r.FINISHED,), blocked=_nobody_unhappy,
    ),
    _step("refund", N("退款"), "charge", r.OPEN, f.REFUND, _by(money.pay_back), "S-05", blocked=_nothing_paid),
    _step(
        "help", N("范围之外，帮忙"), "register", r.BEFORE, f.HELP, _by(intake.help_out), "S-11", targets=(r.HELPED,),
        blocked=_inside,
    ),
    _step(
        "decline", N("谢绝"), "register", r.BEFORE, f.DECLINE, _by(intake.decline), "S-11", targets=(r.DECLINED,),
        blocked=_paid_already,
    ),
    _step(
        "cancel", N("取消"), "register", r.RUNNING, f.CANCEL, _by(running.cancel), "S-05", targets=(r.CANCELLED,),
        blocked=_still_paid,
    ),
)  # fmt: skip
SERVICES = Process(
    code="services",
    title=N("特约服务"),
    module="S",
    number_prefix="TY",
    permissions=(
        Permission(code="services.see", label=N("查看特约服务")),
        Permission(code="services.register", label=N("登记、谢绝特约服务")),
        Permission(code="services.charge", label=N("特约服务收费、退款")),
        Permission(code="services.dispatch", label=N("给特约服务派工")),
        Permission(code="services.track", label=N("跟踪特约服务质量")),
        Permission(code="services.report", label=N("特约服务统计与分析")),
    ),
    states=(
        State(code=r.REQUESTED, label=N("待收费"), tone="waiting"),
        State(code=r.ARRANGED, label=N("待派工"), tone="soon"),
        State(code=r.DISPATCHED, label=N("已派工")),
        State(code=r.IN_SERVICE, label=N("服务中")),
        State(code=r.FINISHED, label=N("已完成，待回访"), tone="soon"),
        State(code=r.RECTIFYING, label=N("整改中"), tone="soon"),
        State(code=r.CLOSED, label=N("已结束"), tone="met", final=True),
        State(code=r.HELPED, label=N("已帮忙"), tone="met", final=True),
        State(code=r.DECLINED, label=N("已谢绝"), tone="plain", final=True),
        State(code=r.CANCELLED, label=N("已取消"), tone="plain", final=True),
    ),
    steps=STEPS,
    moves=(
        Move(
            code=running.FOLLOW,
            label=N("随派工单和回访变化"),
            sources=(r.ARRANGED, r.DISPATCHED, r.IN_SERVICE, r.FINISHED),
            targets=(r.ARRANGED, r.DISPATCHED, r.IN_SERVICE, r.FINISHED, r.RECTIFYING, r.CLOSED),
        ),
    ),
    menu=(
        MenuEntry(
            group=N("事项"), label=N("特约服务"), icon="sparkles", url_name="services:list", permission="services.see",
            order=32,
        ),
        MenuEntry(
            group=N("统计与执行"), label=N("特约服务统计"), icon="chart-bar", url_name="services:month",
            permission="services.report", order=185,
        ),
    ),
    milestones=(
        Milestone(code=GIVE_OUT, label=N("派工")),
        Milestone(code="service_analysis", label=N("特约服务分析")),
        Milestone(code="service_report", label=N("特约服务分析上报")),
        Milestone(code="service_statistics", label=N("特约服务统计上报")),
    ),
    kept_by={GIVE_OUT: ("dispatch",)},
    complete_modules=("S",),
    intake=f.INTAKE,
    open=_register,
    intake_permission="services.register",
    hotkey="v",
    describe=_describe,
    subject_of=_service_of,
    attach_permission="services.track",
    sheets=SHEETS,
    related=_related,
    promise=_promise,
    periodics=(
        Periodic(
            code=PERIOD,
            label=N("特约服务统计与分析"),
            every="month",
            dues=(
                PeriodDue(
                    milestone="service_analysis", label=N("特约服务分析"), rule="S-07", due="S-07.analysis_to_day"
                ),
                PeriodDue(
                    milestone="service_report", label=N("特约服务分析上报"), rule="S-07", due="S-07.report_day"
                ),
                PeriodDue(
                    milestone="service_statistics", label=N("特约服务统计上报"), rule="S-06", due="S-06.report_day"
                ),
            ),
            role="S-06.reported_by",
            url_name="services:month",
            permission="services.report",
        ),
    ),
    desk_duties=(
        DeskDuty(
            code="special_services", label=N("特约服务"), url_name="services:list", permission="services.see"
        ),
    ),
    codes={"category": dict(f.SCOPES), "channel": dict(f.CHANNELS)},
)  # fmt: skip
