"""Duty rosters as declared: permissions, menu, the promise of next month's plan, what the first page shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.process import (
    MenuEntry,
    Milestone,
    PeriodDue,
    Periodic,
    Permission,
    Process,
    Sheet,
    processes,
)
from yingsheng.base.shown import Related, TodayLine, TodayList
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.turns.models import CallAttempt, Leave, Swap
from yingsheng.processes.turns.process.books import BOOKS
from yingsheng.processes.turns.queries import APPROVE, CALL, PLAN, SEE, list_leaves, list_swaps
from yingsheng.processes.turns.services.months import NEXT_ROSTER

__all__ = ["BOOKS", "ROSTER_SHEET", "TURNS"]

ROSTER_SHEET = Sheet(
    code="duty_roster", title=N("客服中心值班安排表"), form_number="FM-12", template="turns/sheets/roster.html",
    build=lambda context: context,
)  # fmt: skip
TODAY_LINES = 6


def _related(case: Any) -> list[Related]:
    """From an urgent matter to whoever keeps his mobile on (D-13)."""
    if case.closed_at is not None or not processes.get(case.process).urgent:
        return []
    return [
        Related(
            title=_("随叫随到"), icon="phone-call", text=_("下班后联系主管：名单和登记"), url_name="turns:on_call",
            url_args=(), permission=SEE,
        )
    ]  # fmt: skip


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Who is on duty now, and what waits for a decision (D-01, D-11)."""
    if not actor.may(SEE):
        return []
    return [one for one in (_waiting(actor),) if one is not None]


def _waiting(actor: Actor) -> TodayList | None:
    """Leave and swaps that wait for this person's word."""
    lines = []
    if actor.may(APPROVE):
        asked = list_leaves(actor=actor).filter(state=Leave.State.ASKED).exclude(staff=actor.staff)
        lines += [
            TodayLine(
                text=f"{one.staff.name} · {_(Leave.Kind(one.kind).label)}", note=one.reason,
                url_name="turns:leaves_one",
                url_args=(one.pk,),
            )
            for one in asked[:TODAY_LINES]
        ]  # fmt: skip
    for swap in list_swaps(actor=actor).filter(state__in=("asked", "agreed"))[:TODAY_LINES]:
        mine = swap.state == Swap.State.ASKED and swap.colleague_id == actor.staff.pk
        to_approve = swap.state == Swap.State.AGREED and actor.may(APPROVE)
        if mine or (to_approve and actor.staff.pk not in (swap.staff_id, swap.colleague_id)):
            text = _("换班") + f" · {swap.staff.name} ⇄ {swap.colleague.name}"
            lines.append(
                TodayLine(text=text, note=swap.reason, url_name="turns:swaps_one", url_args=(swap.pk,))
            )
    if not lines:
        return None
    return TodayList(
        title=_("请假与换班待答复"), icon="door-exit", rule="D-11", count=len(lines),
        lines=tuple(lines[:TODAY_LINES]), more_url=reverse("turns:leaves"),
    )  # fmt: skip


TURNS = Process(
    code="turns",
    title=N("排班"),
    module="D",
    number_prefix="PB",
    permissions=(
        Permission(code=SEE, label=N("看排班、申请请假和换班")),
        Permission(code=PLAN, label=N("编排和发布排班")),
        Permission(code=APPROVE, label=N("批准请假和换班")),
        Permission(code=CALL, label=N("登记联系随叫随到人员")),
    ),
    menu=(
        MenuEntry(
            group=N("值班"), label=N("值班安排表"), icon="calendar-event", url_name="turns:month", permission=SEE,
            order=50,
        ),
        MenuEntry(
            group=N("值班"), label=N("我的班"), icon="calendar-time", url_name="turns:mine", permission=SEE, order=51,
        ),
        MenuEntry(
            group=N("值班"), label=N("请假与替班"), icon="door-exit", url_name="turns:leaves", permission=SEE, order=52,
        ),
        MenuEntry(group=N("值班"), label=N("换班"), icon="refresh", url_name="turns:swaps", permission=SEE, order=53),
        MenuEntry(
            group=N("值班"), label=N("随叫随到名单"), icon="phone-call", url_name="turns:on_call", permission=SEE,
            order=54,
        ),
    ),
    milestones=(
        Milestone(code="make_roster", label=N("排好下月值班")),
        Milestone(code="decide_leave", label=N("批复请假")),
        Milestone(code="name_substitute", label=N("定好替班的人")),
        Milestone(code="decide_swap", label=N("批复换班")),
    ),
    periodics=(
        Periodic(
            code=NEXT_ROSTER, label=N("下月值班安排表"), every="month",
            dues=(
                PeriodDue(
                    milestone="make_roster", label=N("发布下月值班安排表"), rule="D-01",
                    due="D-01.days_before_month_end", before_end=True,
                ),
            ),
            role="D-01.author", url_name="turns:next_month", permission=PLAN,
        ),
    ),
    own_sheets=(ROSTER_SHEET,),
    codes={
        "leave_kind": {str(one.value): str(one.label) for one in Leave.Kind},
        "roster_source": {"planner": N("自动排班方案"), "import": N("导入"), "hand": N("手工编排")},
        "call_outcome": {str(one.value): str(one.label) for one in CallAttempt.State},
    },
    today=_today,
    related=_related,
)  # fmt: skip
