"""Fees and the cash box as declared: permissions, menu, promises (O)."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, Permission, Process
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.fees.process import asides, forms
from yingsheng.processes.fees.process.books import BOOKS, SEE, SEE_CASH
from yingsheng.processes.fees.services.cashbox import COUNT, SETTLE
from yingsheng.processes.fees.services.handing import HAND, RECEIVE
from yingsheng.processes.fees.services.receipts import COLLECT
from yingsheng.processes.fees.services.takings import HAND_OVER

__all__ = ["BOOKS", "PROCESS", "SEE_CASH"]
CUSTODY = N("代管")
REPORT = "fees.report"

PROCESS = Process(
    code="fees",
    title=N("费用代收与钱箱"),
    module="O",
    number_prefix="DS",
    permissions=(
        Permission(code=SEE, label=N("查看代收费用和移交")),
        Permission(code=COLLECT, label=N("代收费用")),
        Permission(code=HAND, label=N("清点并移交收银员")),
        Permission(code=RECEIVE, label=N("收银员签收")),
        Permission(code=REPORT, label=N("查看代收统计")),
        Permission(code=SEE_CASH, label=N("查看钱箱")),
        Permission(code=COUNT, label=N("清点钱箱")),
        Permission(code=SETTLE, label=N("处理钱箱差额")),
    ),
    menu=(
        MenuEntry(
            group=CUSTODY, label=N("钱箱"), icon="calculator", url_name="fees:cash_counts", permission=SEE_CASH,
            order=113,
        ),
        MenuEntry(
            group=CUSTODY, label=N("费用代收"), icon="coin", url_name="fees:fee_receipts", permission=SEE, order=114,
        ),
        MenuEntry(
            group=N("统计与执行"), label=N("代收统计"), icon="chart-bar", url_name="fees:month", permission=REPORT,
            order=188,
        ),
    ),
    milestones=(Milestone(code=HAND_OVER, label=N("移交收银员")),),
    today=asides.today,
    handed_on=asides.handed_on,
    must_settle=asides.must_settle,
    complete_modules=("O",),
    codes={
        "fee_item": dict(forms.ITEMS), "pay_method": dict(forms.METHODS), "count_purpose": dict(forms.PURPOSES),
    },
)  # fmt: skip
