"""The gate as declared: permissions, menu, promises, the week; registers stand in their own modules."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.visitors.process import asides, forms
from yingsheng.processes.visitors.process.books import PASSES
from yingsheng.processes.visitors.process.key_book import GATE_KEYS
from yingsheng.processes.visitors.process.more_books import DEPOSIT_BOOK, VISITORS
from yingsheng.processes.visitors.process.sheets import SHEETS
from yingsheng.processes.visitors.queries.weeks import WEEK
from yingsheng.processes.visitors.services.deposits import COLLECT
from yingsheng.processes.visitors.services.passes import ANSWER_GATE, GET_CONSENT
from yingsheng.processes.visitors.services.visits import HOST, MEET
from yingsheng.processes.visitors.services.writing import DEPOSITS, GATE, ISSUE, REGISTER, REPORT, SEE

BOOKS = (PASSES, VISITORS, DEPOSIT_BOOK, GATE_KEYS)


def _menu(
    *, label: str, icon: str, url: str, permission: str, order: int, group: str = N("代管")
) -> MenuEntry:
    return MenuEntry(
        group=group,
        label=label,
        icon=icon,
        url_name=f"visitors:{url}",
        permission=permission,
        order=order,
    )


PROCESS = Process(
    code="visitors",
    title=N("来访、放行与寄存"),
    module="V",
    number_prefix="FX",
    permissions=(
        Permission(code=SEE, label=N("查看放行条、来访和寄存")),
        Permission(code=ISSUE, label=N("开放行条、问业主、撤销和换条")),
        Permission(code=GATE, label=N("在门岗核验放行条、查看证件")),
        Permission(code=REGISTER, label=N("登记来访")),
        Permission(code=DEPOSITS, label=N("收发寄存物件和失物")),
        Permission(code=REPORT, label=N("放行条对账、来访放行统计")),
    ),
    menu=(
        _menu(label=N("放行条"), icon="door-exit", url="passes", permission=SEE, order=117),
        _menu(label=N("门岗核验"), icon="shield-check", url="gate", permission=GATE, order=118),
        _menu(label=N("来访登记"), icon="users", url="visitors", permission=SEE, order=119),
        _menu(label=N("寄存与失物"), icon="package", url="deposits", permission=SEE, order=120),
        _menu(label=N("放行条对账"), icon="list-check", url="week", permission=REPORT, order=121),
        _menu(
            label=N("来访放行统计"), icon="chart-bar", url="month", permission=REPORT, order=190,
            group=N("统计与执行"),
        ),
    ),
    milestones=(
        Milestone(code=GET_CONSENT, label=N("征得业主同意")),
        Milestone(code=ANSWER_GATE, label=N("回门岗业主的话")),
        Milestone(code=HOST, label=N("被访人答复")),
        Milestone(code=MEET, label=N("迎接客人")),
        Milestone(code=COLLECT, label=N("寄存或失物领取")),
        Milestone(code=WEEK, label=N("放行条每周对账")),
    ),
    periodics=(
        Periodic(
            code=WEEK, label=N("放行条每周对账"), every="week",
            dues=(PeriodDue(milestone=WEEK, label=N("放行条每周对账"), rule="V-02", due="V-02.reconcile_within"),),
            role="V-02.reconciled_by", url_name="visitors:week", permission=REPORT,
        ),
    ),
    own_sheets=SHEETS,
    of_home=asides.of_home,
    known=asides.known,
    today=asides.today,
    handed_on=asides.handed_on,
    complete_modules=("V",),
    codes={
        "host_answer": dict(forms.HOST_ANSWERS), "id_state": dict(forms.ID_STATES), "answer": dict(forms.ANSWERS),
        "reason": dict(forms.REASONS), "id_kind": dict(forms.ID_KINDS), "relation": dict(forms.RELATIONS),
        "consent_way": dict(forms.CONSENTS), "matches": dict(forms.MATCHES),
    },
)  # fmt: skip
