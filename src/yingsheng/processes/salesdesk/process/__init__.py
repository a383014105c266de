"""The sales desk as declared: permissions, menu, promises (J)."""

from __future__ import annotations

from yingsheng.base.process import Milestone, Permission, Process
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import Visit
from yingsheng.processes.salesdesk.models.queue import KINDS
from yingsheng.processes.salesdesk.process import (
    attribution,
    customer_books,
    deal_books,
    queue_books,
    today,
)
from yingsheng.processes.salesdesk.queries import allow
from yingsheng.processes.salesdesk.services.deciding import RULING
from yingsheng.processes.salesdesk.services.receiving import REGISTER

SALES = N("售楼接待")
_PARTS = (queue_books, customer_books, attribution, deal_books)
BOOKS = (*queue_books.BOOKS, *customer_books.BOOKS, *deal_books.BOOKS)

PROCESS = Process(
    code="salesdesk",
    title=SALES,
    module="J",
    number_prefix="JD",
    permissions=(
        Permission(code=allow.BOARD, label=N("查看轮排板")),
        Permission(code=allow.TAKE, label=N("签到、接待和登记客户")),
        Permission(code=allow.RUN, label=N("管理轮排表")),
        Permission(code=allow.SEE, label=N("查看自己的客户登记")),
        Permission(code=allow.SEE_ALL, label=N("查看全部客户登记")),
        Permission(code=allow.RULE, label=N("裁定客户归属")),
        Permission(code=allow.DEAL, label=N("登记成交")),
        Permission(code=allow.SET, label=N("设定项目、佣金标准和奖金")),
        Permission(code=allow.REPORT, label=N("查看全部业绩")),
    ),
    menu=tuple(entry for part in _PARTS for entry in part.MENU),
    own_sheets=tuple(sheet for part in _PARTS for sheet in part.SHEETS),
    milestones=(
        Milestone(code=REGISTER, label=N("登记客户")), Milestone(code=RULING, label=N("裁定客户归属")),
        *deal_books.MILESTONES,
    ),
    today=today.today,
    complete_modules=("J",),
    codes={
        "move": {kind.value: text for kind, text in KINDS.items()},
        "how": {one.value: str(one.label) for one in Visit.How},
        **customer_books.CODES,
        **deal_books.CODES,
    },
)  # fmt: skip
