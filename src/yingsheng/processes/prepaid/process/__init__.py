"""Prepaid electricity and gas as declared: permissions, menu, promises, what comes back every week and month (P)."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.prepaid.process import asides, forms
from yingsheng.processes.prepaid.process.books import BOOKS, SEE
from yingsheng.processes.prepaid.process.sheets import SHEETS
from yingsheng.processes.prepaid.queries import PERIOD
from yingsheng.processes.prepaid.services.batches import HAND_BACK, WEEKLY
from yingsheng.processes.prepaid.services.filing import REPORT
from yingsheng.processes.prepaid.services.orders import CARRY, COLLECT, TAKE, TELL
from yingsheng.processes.prepaid.services.requests import TELL_REQUEST

__all__ = ["BOOKS", "PROCESS"]
CUSTODY = N("代管")

PROCESS = Process(
    code="prepaid",
    title=N("预购电气与代办"),
    module="P",
    number_prefix="YG",
    permissions=(
        Permission(code=SEE, label=N("查看代购代办记录")),
        Permission(code=TAKE, label=N("收款登记、交接、通知、领取")),
        Permission(code=CARRY, label=N("代办购买并登记结果")),
        Permission(code=REPORT, label=N("查看和上报预购统计")),
    ),
    menu=(
        MenuEntry(
            group=CUSTODY, label=N("代购电气"), icon="bolt", url_name="prepaid:prepaid_orders", permission=SEE,
            order=110,
        ),
        MenuEntry(
            group=CUSTODY, label=N("集中购买"), icon="shopping-cart", url_name="prepaid:prepaid_batches",
            permission=SEE, order=111,
        ),
        MenuEntry(
            group=CUSTODY, label=N("代办"), icon="file-text", url_name="prepaid:utility_requests", permission=SEE,
            order=112,
        ),
        MenuEntry(
            group=N("统计与执行"), label=N("预购统计"), icon="chart-bar", url_name="prepaid:month", permission=REPORT,
            order=187,
        ),
    ),
    milestones=(
        Milestone(code=WEEKLY, label=N("本周集中购买")),
        Milestone(code=HAND_BACK, label=N("交回设备、票据和余款")),
        Milestone(code=TELL, label=N("通知住户来领")),
        Milestone(code=COLLECT, label=N("住户来领取")),
        Milestone(code=TELL_REQUEST, label=N("告知代办结果")),
        Milestone(code="prepaid_statistics", label=N("上报预购统计")),
    ),
    periodics=(
        Periodic(
            code=WEEKLY, label=N("每周集中购买"), every="week",
            dues=(
                PeriodDue(
                    milestone=WEEKLY, label=N("本周集中购买"), rule="P-03", due="P-03.purchase_weekday"
                ),
            ),
            role="P-03.prepared_by", url_name="prepaid:prepaid_batches", permission=TAKE,
            count="P-03.batches_per_week",
        ),
        Periodic(
            code=PERIOD, label=N("预购月统计"), every="month",
            dues=(
                PeriodDue(
                    milestone="prepaid_statistics", label=N("上报预购统计"), rule="P-06", due="P-06.statistics_day"
                ),
            ),
            role="P-06.drawn_up_by", url_name="prepaid:month", permission=REPORT,
        ),
    ),
    own_sheets=SHEETS,
    of_home=asides.of_home,
    known=asides.known,
    today=asides.today,
    handed_on=asides.handed_on,
    complete_modules=("P",),
    codes={
        "prepaid_kind": dict(forms.KINDS), "request_kind": dict(forms.REQUEST_KINDS), "told_way": dict(forms.WAYS),
    },
)  # fmt: skip
