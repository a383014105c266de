"""The registers of deals, rates, bonuses and applications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yingsheng.base.money import format_fen
from yingsheng.base.process import MenuEntry, Milestone, Sheet, State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.salesdesk.models import Application, CommissionLine, Deal, Project
from yingsheng.processes.salesdesk.process import deal_forms as forms
from yingsheng.processes.salesdesk.queries import deals as queries
from yingsheng.processes.salesdesk.queries.allow import DEAL, RULE, SEE, SET
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.services import applying, bonuses, deals, rates
from yingsheng.processes.salesdesk.services.commission import FORMALITIES

SALES = N("售楼接待")
SHOWN_LINES = 6


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_fen(fen=fen)


def _who(staff: Any) -> str:
    return staff.name if staff is not None else ""


def _lines(row: Any) -> str:
    """Who has how much by the lines that stand; the company has no name of its own."""
    rows: list[CommissionLine] = list(row.standing)[:SHOWN_LINES]
    return " · ".join(f"{_who(one.agent) or '—'} {format_fen(fen=one.fen)}" for one in rows)


def _parts(row: Any) -> str:
    return " · ".join(f"{_who(one.agent)} {format_fen(fen=one.fen)}" for one in row.lines.all())


def _unsigned(*, actor: Actor, record: Any) -> bool:
    return record.signed_day is None


def _unpaid(*, actor: Actor, record: Any) -> bool:
    return record.deposit_day is None


def _to_finish(*, actor: Actor, record: Any) -> bool:
    return record.formalities_done_at is None and deals.may_finish(actor=actor, record=record)


def _may_cancel(*, actor: Actor, record: Any) -> bool:
    return record.state == Deal.State.OPEN or actor.may(RULE)


def _of_another(*, actor: Actor, record: Any) -> bool:
    return bool(record.asked_by_id != actor.staff.pk)


def _purchaser(row: Any) -> dict[str, Any]:
    return {"purchaser": row.purchaser} if row.purchaser else {}


def _start_deal(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """From the number of the reception, as the link on its page gives it."""
    found = queries.find_visit_numbered(actor=actor, number=asked) if asked else None
    return {"visit": found.number} if found is not None else {}


def _only_project(*, actor: Actor) -> Project | None:
    rows = Project.objects.filter(site=actor.site, state=Project.State.SELLING).order_by("pk")[:2]
    return rows[0] if len(rows) == 1 else None


def _start_rate(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    project = _only_project(actor=actor)
    return {"project": project.name} if project is not None else {}


def _start_bonus(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """From the number of a project: everybody on its list with weight 1, who received group customers marked (J-26)."""
    project = queries.find_project_named(site=actor.site, name=asked) if asked else None
    if project is None:
        return {"day": local_day(at=at)}
    received = queries.group_receivers(project=project)
    agents = queries.listed_agents(project=project, at=at)
    lines = [f"{one.name} 1{' 接待' if one.pk in received else ''}" for one in agents]
    return {"project": project.name, "parts": "\n".join(lines), "day": local_day(at=at)}


def _start_application(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """From the number of a deal, or the kind and the number: "discount-CJ-20261129-001"."""
    kind, _sep, number = asked.partition("-")
    if kind not in Application.Kind.values:
        kind, number = "", asked
    found = queries.find_deal_numbered(actor=actor, number=number) if number else None
    return {"kind": kind, "deal": found.number if found is not None else ""}


DEALS = RecordBook(
    code="sales_deals", title=N("成交"), icon="signature",
    hint=N("交了定金、签了认购书才算成交；佣金按成交那天的标准和归属条款分。打折、放盘、转名要向销售经理申请。"),
    rules=("J-24", "J-25"), see=SEE,
    states=(
        State(code="open", label=N("洽谈中"), tone="waiting"),
        State(code="closed", label=N("已成交"), tone="met"),
        State(code="cancelled", label=N("已取消"), tone="late", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.unit}",
    attrs=(
        Attr(name="project", label=N("项目"), value=lambda row: row.project.name),
        Attr(name="unit", label=N("房号"), value=lambda row: row.unit),
        Attr(name="purchaser", label=N("买方姓名"), value=lambda row: row.purchaser, listed=True),
        Attr(name="price", label=N("成交价（元）"), value=lambda row: _yuan(row.price_fen), kind="number", listed=True),
        Attr(name="visit", label=N("接待编号"), value=lambda row: row.visit.number),
        Attr(name="closer", label=N("成交人"), value=lambda row: row.closer.name, listed=True),
        Attr(name="deposit", label=N("定金（元）"), value=lambda row: _yuan(row.deposit_fen or None), kind="number"),
        Attr(name="receipt", label=N("收据号"), value=lambda row: row.deposit_receipt),
        Attr(name="deposit_day", label=N("交定金日期"), value=lambda row: row.deposit_day, kind="date"),
        Attr(name="signed_day", label=N("签约日期"), value=lambda row: row.signed_day, kind="date"),
        Attr(name="signed_by", label=N("买方签名"), value=lambda row: row.signed_by),
        Attr(name="closed_day", label=N("成交日期"), value=lambda row: row.closed_day, kind="date", listed=True),
        Attr(name="owner", label=N("客户归属"), value=lambda row: _who(row.owner), listed=True),
        Attr(name="rule", label=N("依据条款"), value=lambda row: row.rule),
        Attr(name="waiting", label=N("待裁定"), value=lambda row: row.needs_ruling),
        Attr(name="rate", label=N("佣金标准"), value=lambda row: rates.rate_words(rate=row.rate) if row.rate else ""),
        Attr(name="commission", label=N("佣金（元）"), value=lambda row: _yuan(row.commission_fen), kind="number",
             listed=True),
        Attr(name="shares", label=N("佣金分给"), value=_lines, wide=True),
        Attr(name="formalities", label=N("手续由谁办"), value=lambda row: _who(row.formalities)),
        Attr(name="formalities_done", label=N("手续办完时间"), value=lambda row: row.formalities_done_at,
             kind="moment"),
        Attr(name="transferred_to", label=N("私下转给"), value=lambda row: row.transferred_to),
        Attr(name="reason", label=N("取消原因"), value=lambda row: row.reason, wide=True),
        Attr(name="opened_at", label=N("登记时间"), value=lambda row: row.opened_at, kind="moment"),
        Attr(name="opened_by", label=N("登记人"), value=lambda row: row.opened_by.name),
    ),
    rows=queries.list_deals, find=queries.find_deal, newest_by="opened_at",
    verbs=(
        Verb(
            code="deposit", form=forms.DEPOSIT, permission=DEAL, run=deals.take_deposit, sources=("open", "closed"),
            fits=_unpaid, fill=_purchaser,
        ),
        Verb(
            code="sign", form=forms.SIGN, permission=DEAL, run=deals.sign_subscription, sources=("open", "closed"),
            fits=_unsigned, fill=_purchaser,
        ),
        Verb(
            code="formalities_done", form=forms.FORMALITIES, permission=DEAL, run=deals.finish_formalities,
            sources=("closed",), fits=_to_finish,
        ),
        Verb(
            code="transfer", form=forms.TRANSFER, permission=DEAL, run=deals.transfer_privately, sources=("closed",)
        ),
        Verb(
            code="cancel", form=forms.CANCEL, permission=DEAL, run=deals.cancel_deal, sources=("open", "closed"),
            fits=_may_cancel,
        ),
    ),
    create=forms.DEAL, create_permission=DEAL, make=deals.open_deal, start=_start_deal,
)  # fmt: skip

APPLICATIONS = RecordBook(
    code="sales_applications", title=N("销售申请"), icon="send",
    hint=N("打折、放盘、转名和其他申请都找销售经理，不能私自办；答复有期限，写明理由。"), rules=("J-27",), see=SEE,
    states=(
        State(code="asked", label=N("待审批"), tone="soon"),
        State(code="granted", label=N("已同意"), tone="met", final=True),
        State(code="refused", label=N("不同意"), tone="late", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.number),
    attrs=(
        Attr(name="kind", label=N("申请什么"), value=lambda row: row.kind, words=dict(forms.KINDS), listed=True),
        Attr(name="deal", label=N("成交编号"), value=lambda row: row.deal.number if row.deal else "", kind="code",
             listed=True),
        Attr(name="text", label=N("内容和原因"), value=lambda row: row.text, wide=True),
        Attr(name="asked_by", label=N("申请人"), value=lambda row: row.asked_by.name, listed=True),
        Attr(name="asked_at", label=N("申请时间"), value=lambda row: row.asked_at, kind="moment", listed=True),
        Attr(name="answer", label=N("答复"), value=lambda row: row.answer, wide=True),
        Attr(name="answered_by", label=N("答复人"), value=lambda row: _who(row.answered_by)),
        Attr(name="answered_at", label=N("答复时间"), value=lambda row: row.answered_at, kind="moment", listed=True),
    ),
    rows=queries.list_applications, find=queries.find_application, newest_by="asked_at",
    filters=(Filter(name="kind", label=N("申请什么"), choices=forms.KINDS),),
    verbs=(
        Verb(
            code="grant", form=forms.GRANT, permission=RULE, run=applying.grant, sources=("asked",), fits=_of_another
        ),
        Verb(
            code="refuse", form=forms.REFUSE, permission=RULE, run=applying.refuse, sources=("asked",),
            fits=_of_another,
        ),
    ),
    create=forms.APPLICATION, create_permission=DEAL, make=applying.apply_for, start=_start_application,
)  # fmt: skip

BONUSES = RecordBook(
    code="sales_bonuses", title=N("团购奖金"), icon="users",
    hint=N("团购不分个人业绩；发奖金时按权重分，按序接待过的可以适当多分，一分钱也不剩下。"), rules=("J-26",), see=SET,
    states=(State(code="shared", label=N("已分配"), tone="met", final=True),),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.name}",
    attrs=(
        Attr(name="project", label=N("项目"), value=lambda row: row.project.name, listed=True),
        Attr(name="fen", label=N("奖金（元）"), value=lambda row: _yuan(row.fen), kind="number", listed=True),
        Attr(name="raised", label=N("接待的提高（%）"), value=lambda row: row.raised_percent, kind="number",
             listed=True),
        Attr(name="day", label=N("分配日期"), value=lambda row: row.day, kind="date", listed=True),
        Attr(name="parts", label=N("分给谁"), value=_parts, wide=True),
        Attr(name="reason", label=N("分配理由"), value=lambda row: row.reason, wide=True),
        Attr(name="shared_at", label=N("登记时间"), value=lambda row: row.shared_at, kind="moment"),
        Attr(name="shared_by", label=N("登记人"), value=lambda row: row.shared_by.name, listed=True),
    ),
    rows=queries.list_bonuses, find=queries.find_bonus, newest_by="shared_at", verbs=(),
    create=forms.BONUS, create_permission=SET, make=bonuses.share_bonus, start=_start_bonus,
)  # fmt: skip

RATES = RecordBook(
    code="sales_rates", title=N("佣金标准"), icon="coin",
    hint=N("从哪天成交的起按哪个标准；以前的标准照旧管以前的成交，改标准就再设一条。"), rules=("J-24", "J-29"), see=SET,
    states=(State(code="set", label=N("已设定"), tone="met", final=True),),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.project.name} {rates.rate_words(rate=row)}",
    attrs=(
        Attr(name="number", label=N("编号"), value=lambda row: row.number, kind="code"),
        Attr(name="project", label=N("项目"), value=lambda row: row.project.name),
        Attr(name="kind", label=N("佣金怎么算"), value=lambda row: row.kind, words=dict(forms.EARNINGS), listed=True),
        Attr(name="rate", label=N("标准"), value=lambda row: rates.rate_words(rate=row), kind="number", listed=True),
        Attr(name="valid_from", label=N("从哪天成交的起"), value=lambda row: row.valid_from, kind="date",
             listed=True),
        Attr(name="reason", label=N("依据"), value=lambda row: row.reason, wide=True, listed=True),
        Attr(name="set_at", label=N("设定时间"), value=lambda row: row.set_at, kind="moment"),
        Attr(name="set_by", label=N("设定人"), value=lambda row: row.set_by.name, listed=True),
    ),
    rows=queries.list_rates, find=queries.find_rate_row, newest_by="set_at", verbs=(),
    create=forms.RATE, create_permission=SET, make=rates.set_rate, start=_start_rate,
)  # fmt: skip

BOOKS: tuple[RecordBook, ...] = (DEALS, APPLICATIONS, BONUSES, RATES)


def _entry(book: RecordBook, order: int) -> MenuEntry:
    return MenuEntry(
        group=SALES, label=book.title, icon=book.icon, url_name=f"salesdesk:{book.code}", permission=book.see,
        order=order,
    )  # fmt: skip


MENU: tuple[MenuEntry, ...] = (
    _entry(DEALS, 135), _entry(APPLICATIONS, 136), _entry(BONUSES, 137), _entry(RATES, 138),
    MenuEntry(
        group=N("统计与执行"), label=N("业绩月报"), icon="chart-bar", url_name="salesdesk:month", permission=SEE,
        order=191,
    ),
)  # fmt: skip


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


SUBSCRIPTION = Sheet(
    code="sales_subscription", title=N("认购书"), form_number="FM-64",
    template="salesdesk/sheets/subscription.html", build=_as_is, copies=(N("存根"), N("买方")),
)  # fmt: skip
# no form of the list: what an agent is paid by
STATEMENT = Sheet(
    code="sales_statement", title=N("业绩月结单"), form_number="", template="salesdesk/sheets/statement.html",
    build=_as_is,
)  # fmt: skip
SHEETS: tuple[Sheet, ...] = (SUBSCRIPTION,)
MILESTONES = (
    Milestone(code=FORMALITIES, label=N("办完成交手续")), Milestone(code=applying.ANSWER, label=N("答复销售申请")),
)  # fmt: skip
CODES = {
    "application": dict(forms.KINDS),
    "commission": {deals.NO_RATE: N("佣金标准未定")},
    "state": {"granted": N("已同意"), "refused": N("不同意")},
}
