"""Keys as declared: permissions, menu, promises, the monthly count; registers and forms stand in their own modules."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process
from yingsheng.base.shown import DeskDuty
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.keys.process import asides, forms
from yingsheng.processes.keys.process.books import BOOKS, COUNT, KEEP, MANAGE, REPORT, SEE
from yingsheng.processes.keys.process.sheets import SHEETS
from yingsheng.processes.keys.queries import PERIOD
from yingsheng.processes.keys.services.cabinet import PLEDGE
from yingsheng.processes.keys.services.lending import RETURN
from yingsheng.processes.keys.services.losing import DECIDED, TOLD
from yingsheng.processes.keys.services.month import COUNTED

GROUP = N("代管")
REPORTED = "key_report"

__all__ = ["BOOKS", "PROCESS"]

PROCESS = Process(
    code="keys",
    title=N("钥匙"),
    module="K",
    number_prefix="YS",
    permissions=(
        Permission(code=SEE, label=N("查看钥匙和借用")),
        Permission(code=KEEP, label=N("登记、借出、收回钥匙")),
        Permission(code=MANAGE, label=N("定遗失处理、作废钥匙")),
        Permission(code=COUNT, label=N("清点钥匙")),
        Permission(code=REPORT, label=N("上报钥匙清点")),
    ),
    menu=(
        MenuEntry(group=GROUP, label=N("钥匙"), icon="key", url_name="keys:keys", permission=SEE, order=100),
        MenuEntry(
            group=GROUP, label=N("钥匙借用"), icon="signature", url_name="keys:key_loans", permission=SEE, order=101,
        ),
        MenuEntry(
            group=GROUP, label=N("钥匙清点"), icon="checklist", url_name="keys:keys_stocktakes", permission=COUNT,
            order=102,
        ),
        MenuEntry(
            group=N("统计与执行"), label=N("钥匙月报"), icon="chart-bar", url_name="keys:month", permission=REPORT,
            order=186,
        ),
    ),
    milestones=(
        Milestone(code=RETURN, label=N("归还钥匙")),
        Milestone(code=PLEDGE, label=N("补齐承诺书")),
        Milestone(code=TOLD, label=N("告知住户钥匙遗失")),
        Milestone(code=DECIDED, label=N("定遗失怎么处理")),
        Milestone(code=COUNTED, label=N("清点全部钥匙")),
        Milestone(code=REPORTED, label=N("上报钥匙清点")),
    ),
    complete_modules=("K",),
    own_sheets=SHEETS,
    known=asides.known,
    of_home=asides.of_home,
    today=asides.today,
    numbers=asides.numbers,
    handed_on=asides.handed_on,
    periodics=(
        Periodic(
            code=PERIOD,
            label=N("每月清点钥匙"),
            every="month",
            dues=(
                PeriodDue(
                    milestone=COUNTED, label=N("清点全部钥匙"), rule="K-08", starts="K-08.count_from_day",
                    due="K-08.count_to_day",
                ),
                PeriodDue(milestone=REPORTED, label=N("上报钥匙清点"), rule="K-08", due="K-08.report_day"),
            ),
            role="K-09.kept_by",
            url_name="keys:month",
            permission=REPORT,
        ),
    ),
    desk_duties=(DeskDuty(code="keys", label=N("钥匙"), url_name="keys:keys", permission=SEE),),
    codes={
        "kind": dict(forms.CLASSES), "way": dict(forms.CHASE_WAYS), "outcome": dict(forms.OUTCOMES),
        "consent_way": dict(forms.CONSENT_WAYS),
    },
)  # fmt: skip
