"""The mail as declared: permissions, menu, promises; registers, papers and asides stand in their own modules."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, Permission, Process
from yingsheng.base.shown import DeskDuty
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.mail import rules
from yingsheng.processes.mail.process import asides, forms
from yingsheng.processes.mail.process.books import (
    ACCEPT,
    BATCHES,
    BOOKS,
    HAND_OUT,
    ITEMS,
    REPORT,
    RETURN,
    SEE,
    TAKE_IN,
)
from yingsheng.processes.mail.process.sheets import SHEETS

__all__ = ["BATCHES", "BOOKS", "ITEMS", "MAIL"]


def _menu(
    *, label: str, icon: str, url: str, permission: str, order: int, group: str = N("代管")
) -> MenuEntry:
    return MenuEntry(
        group=group, label=label, icon=icon, url_name=f"mail:{url}", permission=permission, order=order
    )


MAIL = Process(
    code="mail",
    title=N("邮件代收发"),
    module="M",
    number_prefix="YJ",
    permissions=(
        Permission(code=SEE, label=N("查看代收邮件")),
        Permission(code=TAKE_IN, label=N("收件登记、通知管理员")),
        Permission(code=HAND_OUT, label=N("保管、通知住户、发放邮件")),
        Permission(code=ACCEPT, label=N("认可家人代领")),
        Permission(code=RETURN, label=N("核实并退回邮局")),
        Permission(code=REPORT, label=N("邮件统计")),
    ),
    menu=(
        _menu(label=N("收件"), icon="plus", url="intake", permission=TAKE_IN, order=106),
        _menu(label=N("挂号与包裹"), icon="package", url="mail_items", permission=SEE, order=107),
        _menu(label=N("信件报刊"), icon="mail", url="mail_batches", permission=SEE, order=108),
        _menu(
            label=N("邮件清点"), icon="checklist", url="mail_stocktakes", permission=HAND_OUT, order=109
        ),
        _menu(
            label=N("邮件统计"), icon="chart-bar", url="month", permission=REPORT, order=189, group=N("统计与执行")
        ),
    ),
    milestones=(
        Milestone(code=rules.TELL_HOUSEHOLD, label=N("通知住户取邮件")),
        Milestone(code=rules.TELL_AREA, label=N("通知管理员签收邮件")),
        Milestone(code=rules.TELL_BATCH, label=N("通知管理员取信件报刊")),
        Milestone(code=rules.CONTACT, label=N("联系过期未取的住户")),
        Milestone(code=rules.REVIEW, label=N("复查暂存的邮件")),
        Milestone(code=rules.RETURN, label=N("退回邮局")),
    ),
    complete_modules=("M",),
    own_sheets=SHEETS,
    of_home=asides.of_home,
    known=asides.known,
    today=asides.today,
    numbers=asides.numbers,
    handed_on=asides.handed_on,
    desk_duties=(
        DeskDuty(code="mail", label=N("代收邮件"), url_name="mail:mail_items", permission=SEE),
    ),
    codes={
        "kind_code": dict(forms.KINDS), "way": dict(forms.WAYS), "wish": dict(forms.WISHES),
        "cause": dict(forms.CAUSES), "relation": forms.COLLECTED_AS,
    },
)  # fmt: skip
