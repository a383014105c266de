"""What the complaint desk owes every day and every month, and what it puts on the first page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import PeriodDue, Periodic
from yingsheng.base.shown import DeskDuty, TodayLine, TodayList, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.complaints.process.words import MILESTONES
from yingsheng.processes.complaints.queries.month import timeliness
from yingsheng.processes.complaints.queries.unanswered import list_of_the_night, list_unanswered
from yingsheng.processes.complaints.services.checks import PERIODS
from yingsheng.processes.complaints.services.filing import CODES, UNANSWERED

LINES = 5


def _due(milestone: str, rule: str, due: str = "", **more: Any) -> PeriodDue:
    return PeriodDue(milestone=milestone, label=MILESTONES[milestone], rule=rule, due=due, **more)


PERIODICS = (
    Periodic(
        code=UNANSWERED,
        label=N("核对未答复的投诉"),
        every="day",
        dues=(_due("unanswered", "C-69", "C-69.signed_within", starts="C-69.unanswered_list_at"),),
        role="C-69.signed_by",
        url_name="complaints:unanswered",
        permission="complaints.sign_unanswered",
    ),
    Periodic(
        code=CODES["statistics"],
        label=N("投诉统计"),
        every="month",
        dues=(
            _due("statistics", "C-73", "C-73.statistics_day"),
            _due("statistics_report", "C-73", "C-73.report_day"),
            _due("rates", "C-74", "C-73.report_day"),
        ),
        role="C-73.made_by",
        url_name="complaints:filings",
        permission="complaints.file",
    ),
    Periodic(
        code=CODES["report"],
        label=N("部门客户投诉工作月报"),
        every="month",
        dues=(_due("month_report", "C-75", "C-75.monthly_report_day", next_month=True),),
        role="C-75.author",
        url_name="complaints:filings",
        permission="complaints.file",
    ),
    Periodic(
        code=PERIODS["records"],
        label=N("抽查投诉记录"),
        every="month",
        dues=(_due("record_checks", "C-76"),),
        role="C-76.checkers",
        count="C-76.checks_per_month",
        url_name="complaints:spot_checks",
        permission="complaints.spot_check",
    ),
    Periodic(
        code=PERIODS["complainant"],
        label=N("走访投诉人"),
        every="month",
        dues=(_due("complainant_visits", "C-77"),),
        role="C-77.visitors",
        count="C-77.visits_per_month",
        url_name="complaints:spot_checks",
        permission="complaints.spot_check",
    ),
)
DESK_DUTIES = (
    DeskDuty(code="enquiries", label=N("受理投诉"), url_name="complaints:list", permission="complaints.see"),
    DeskDuty(
        code="complaint_rates",
        label=N("每月投诉统计"),
        url_name="complaints:filings",
        permission="complaints.report",
    ),
    DeskDuty(
        code="coordination",
        label=N("协调部门"),
        url_name="complaints:unanswered",
        permission="complaints.see",
    ),
)


def numbers(*, actor: Any, now: datetime) -> list[TodayNumber]:
    """How many complaints of this month were handled in time (KPI-02), for whoever answers for the figures."""
    if not actor.may("complaints.report"):
        return []
    kept = timeliness(site=actor.site, start=month_start(at=now), end=now, now=now)
    return [
        TodayNumber(
            label=_("处理及时率"), count=kept.count, base=kept.base, target=None, rule="C-74",
            url_name="complaints:month",
        )
    ]  # fmt: skip


def today(*, actor: Any, now: datetime) -> list[TodayList]:
    """What came in last night, for whoever may take it over (C-80), and the unanswered, for whoever signs (C-69)."""
    found = []
    if actor.may("complaints.take_over"):
        night = list(list_of_the_night(actor=actor)[: LINES + 1])
        if night:
            found.append(
                TodayList(
                    title=_("昨夜来件"),
                    icon="clock",
                    rule="C-80",
                    count=len(night),
                    lines=_lines(night[:LINES], now),
                )
            )
    if actor.may("complaints.sign_unanswered"):
        # the most urgent of them, which the index gives without reading the others
        waiting = list(list_unanswered(actor=actor).order_by("next_due_at", "pk")[: LINES + 1])
        if waiting:
            found.append(
                TodayList(
                    title=_("未答复的投诉"),
                    icon="message-report",
                    rule="C-69",
                    count=len(waiting),
                    lines=_lines(waiting[:LINES], now),
                    more_url=reverse("complaints:unanswered"),
                )
            )
    return found


def _lines(cases: list[Any], now: datetime) -> tuple[TodayLine, ...]:
    return tuple(
        TodayLine(
            text=f"{case.number} {case.title}",
            note=_("%(when)s · %(where)s")
            % {
                "when": timezone.localtime(case.received_at).strftime("%m-%d %H:%M"),
                "where": case.room.label if case.room else case.caller_name,
            },
            url_name="ui:case",
            url_args=(case.key,),
        )
        for case in cases
    )
