"""The follow-up desk as declared: permissions, menu, recurring work; its forms in `forms`, its paper in `sheets`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

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
from yingsheng.base.shown import DeskDuty, Related, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.followups import services
from yingsheng.processes.followups.models import CallOrder, FollowUp
from yingsheng.processes.followups.process.forms import INTAKE, KINDS, RECTIFY, WITHDRAW
from yingsheng.processes.followups.process.sheets import SHEETS, printable, which
from yingsheng.processes.followups.queries import filed_with, rates_by_matter
from yingsheng.processes.followups.services.analysis import ANALYSIS

TITLES = {"check": N("主任走访"), "survey": N("调查回访"), "owed": N("回访")}


def _open(*, actor: Any, caller: Any, at: Any, **fields: Any) -> Any:
    return services.register_matter(site=actor.site, caller=caller, by=actor.staff, at=at, **fields)


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _describe(case: Any) -> list[tuple[str, Any]]:
    matter = case.visit_matter
    rows: list[tuple[str, Any]] = [
        (N("办完日期"), matter.finished_date.isoformat()),
        (N("回访比例"), f"{matter.percent} %"),
    ]
    if matter.outcome:
        rows.append((N("做了什么、结果如何"), matter.outcome))
    if matter.rectified:
        rows.append((N("整改了什么"), matter.rectified))
    return rows


def _numbers(*, actor: Any, now: Any) -> list[TodayNumber]:
    """How many of this month's handled complaints were visited (F-07, KPI-03), for whoever arranges the visits."""
    if not actor.may("followups.quota"):
        return []
    rate = rates_by_matter(site=actor.site, start=month_start(at=now), end=now).get("complaints")
    if rate is None:
        return []
    return [
        TodayNumber(
            label=_("投诉回访率"), count=rate.done, base=rate.base, target=rate.target, rule="F-07",
            url_name="followups:list",
        )
    ]  # fmt: skip


def _related(case: Any) -> list[Related]:
    """The visits and ordered calls about a case, on its page: they are filed with it (F-21)."""
    return [_call_line(row) if row["what"] == "call" else _visit_line(row) for row in filed_with(case=case)]


def _call_line(row: dict[str, Any]) -> Related:
    return Related(
        title=_(CallOrder.Kind(row["detail"]).label),
        icon="phone-outgoing",
        text=f"{row['words'][:30]} · {_(CallOrder.State(row['stage']).label)}",
        url_name="followups:order",
        url_args=(row["pk"],),
    )


def _visit_line(row: dict[str, Any]) -> Related:
    return Related(
        title=_(TITLES[row["detail"]]),
        icon="phone-check",
        text=_("%(which)s · %(state)s · %(due)s前")
        % {
            "which": which(row=row),
            "state": _(FollowUp.State(row["stage"]).label),
            "due": timezone.localtime(row["moment"]).strftime("%Y-%m-%d"),
        },
        url_name="followups:visit",
        url_args=(row["pk"],),
    )


FOLLOWUPS = Process(
    code="followups",
    title=N("回访"),
    module="F",
    number_prefix="HF",
    permissions=(
        Permission(code="followups.see", label=N("查看回访")),
        Permission(code="followups.arrange", label=N("安排回访")),
        Permission(code="followups.visit", label=N("登记回访")),
        Permission(code="followups.quota", label=N("查看回访率、签认回访分析")),
        Permission(code="followups.order", label=N("交办回访和通知电话")),
        Permission(code="followups.register", label=N("登记回访事项")),
    ),
    states=(
        State(code="visiting", label=N("回访中"), tone="waiting"),
        State(code="rectifying", label=N("整改中"), tone="soon"),
        State(code="closed", label=N("已结束"), tone="met", final=True),
        State(code="withdrawn", label=N("已撤销"), tone="plain", final=True),
    ),
    steps=(
        Step(
            code="rectify",
            label=N("整改完成"),
            permission="followups.register",
            sources=("rectifying",),
            targets=("visiting",),
            form=RECTIFY,
            run=_by(services.note_rectified),
            rules=("F-11", "F-19"),
            main=True,
        ),
        Step(
            code="withdraw",
            label=N("撤销登记"),
            permission="followups.arrange",
            sources=("visiting", "rectifying"),
            targets=("withdrawn",),
            form=WITHDRAW,
            run=_by(services.withdraw_matter),
            rules=("F-07",),
        ),
    ),
    moves=(
        Move(
            code="visited",
            label=N("回访"),
            sources=("visiting", "rectifying"),
            targets=("rectifying", "closed"),
        ),
    ),
    menu=(
        # first, because it is the worklist of the cases
        MenuEntry(
            group=N("回访"),
            label=N("回访事项"),
            icon="list-check",
            url_name="followups:matters",
            permission="followups.see",
            order=43,
        ),
        MenuEntry(
            group=N("回访"),
            label=N("回访"),
            icon="phone-check",
            url_name="followups:list",
            permission="followups.see",
            order=40,
            hotkey="f",
        ),
        MenuEntry(
            group=N("回访"),
            label=N("交办电话"),
            icon="phone-outgoing",
            url_name="followups:orders",
            permission="followups.see",
            order=41,
        ),
        MenuEntry(
            group=N("回访"),
            label=N("回访计划"),
            icon="calendar-event",
            url_name="followups:plan",
            permission="followups.quota",
            order=42,
        ),
    ),
    intake=INTAKE,
    open=_open,
    intake_permission="followups.register",
    attach_permission="followups.register",
    describe=_describe,
    codes={
        "category": dict(KINDS),
        "channel": {"survey": N("满意度调查"), "follow_up": N("回访")},
    },
    related=_related,
    own_sheets=SHEETS,
    printable=printable,
    milestones=(
        Milestone(code="follow_up", label=N("回访")),
        Milestone(code="call_report", label=N("上报通话结果")),
        Milestone(code="visit_analysis", label=N("回访分析")),
    ),
    complete_modules=("F",),
    periodics=(
        Periodic(
            code=ANALYSIS,
            label=N("回访分析"),
            every="month",
            dues=(PeriodDue(milestone="visit_analysis", label=N("回访分析"), rule="F-22"),),
            role="F-14.arranged_by",
            url_name="followups:analysis",
            permission="followups.quota",
        ),
    ),
    numbers=_numbers,
    desk_duties=(
        DeskDuty(
            code="phone_follow_up",
            label=N("电话回访"),
            url_name="followups:orders",
            permission="followups.see",
        ),
    ),
)
