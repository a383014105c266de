"""Deals, rates, bonuses and applications on the screen; the month and the sheets hang on here."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.processes.salesdesk.models import Application, Bonus, CommissionLine, Deal, Project, Rate
from yingsheng.processes.salesdesk.pages import deal_papers, sales_month
from yingsheng.processes.salesdesk.pages.deal_lines import line_columns, line_row
from yingsheng.processes.salesdesk.process.deal_books import APPLICATIONS, BONUSES, DEALS, RATES
from yingsheng.processes.salesdesk.queries.allow import DEAL, SET
from yingsheng.processes.salesdesk.queries.deals import lines_of
from yingsheng.processes.salesdesk.queries.queue import list_projects
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Cell, Column, Empty, Link, Row
from yingsheng.ui.records import RecordPages

# what is never done with a deal, only applied for (J-27)
NEVER = (Application.Kind.DISCOUNT, Application.Kind.RELISTING, Application.Kind.NAME)


def address(name: str, *args: Any) -> str:
    """An address of the sales desk, "" where this installation has none."""
    try:
        return reverse(f"salesdesk:{name}", args=args)
    except NoReverseMatch:
        return ""


def _deal(request: DeskRequest, deal: Deal) -> dict[str, Any]:
    """The lines of a deal with what was taken back, what still lacks, and what has to be applied for."""
    case = address("attribution", deal.visit_id)
    links = [
        (_("打印认购书"), address("sales_deals_sheet", deal.pk)),
        (_("接待登记"), address("sales_visits_one", deal.visit_id)),
        (_("归属和条款"), f"{case}?deal={deal.pk}" if case else ""),
    ]
    rows = [line_row(line=one, whose=True, actor=request.actor) for one in lines_of(deal=deal)]
    return {
        "links": [Link(label=label, url=url) for label, url in links if url],
        "columns": line_columns(whose=True), "rows": rows, "caption": _("佣金明细"),
        "empty_lines": Empty(text=_("还没有佣金明细。"), hint=_why_none(deal)),
        "lacks_rate": deal.state == Deal.State.CLOSED and deal.rate_id is None,
        "rate_url": address("sales_rates_new", "rate") if request.actor.may(SET) else "",
        "never": [
            Link(label=_(kind.label), url=address("sales_applications_new", f"{kind.value}-{deal.number}"))
            for kind in NEVER
        ] if request.actor.may(DEAL) and deal.state != Deal.State.CANCELLED else [],
    }  # fmt: skip


def _why_none(deal: Deal) -> str:
    """What has to happen before a deal has lines."""
    if deal.state == Deal.State.OPEN:
        return _("交了定金、签了认购书才算成交。")
    if deal.state == Deal.State.CANCELLED:
        return _("这笔成交已取消。")
    if deal.rate_id is None:
        return _("成交那天还没有佣金标准。")
    if deal.needs_ruling:
        return _("等销售经理裁定归属。")
    return _("团购和公共客户不分个人佣金。")


def _deal_list(_request: DeskRequest) -> dict[str, Any]:
    return {
        "exports": [
            Link(label=_("业绩月报"), url=reverse("salesdesk:month")),
            Link(label=_("申请"), url=reverse("salesdesk:sales_applications")),
        ]
    }


def _application(_request: DeskRequest, row: Application) -> dict[str, Any]:
    links = [Link(label=row.deal.number, url=address("sales_deals_one", row.deal.pk))] if row.deal else []
    return {"links": links}


def _bonus_list(request: DeskRequest) -> dict[str, Any]:
    """For each project that is sold, the form with its agents."""
    return {
        "starts": [
            Link(
                label=_("按%(project)s的轮排表填写") % {"project": one.name},
                url=address("sales_bonuses_new", one.number),
            )
            for one in list_projects(actor=request.actor)
            if one.state == Project.State.SELLING
        ]
    }


def _bonus(_request: DeskRequest, row: Bonus) -> dict[str, Any]:
    """How the bonus was shared out: weight, who received, how much."""
    parts = {one["agent"]: one for one in row.parts}
    lines: list[CommissionLine] = list(row.lines.all())
    return {
        "columns": [
            Column(label=_("业务员")), Column(label=_("权重"), kind="number"), Column(label=_("按序接待过")),
            Column(label=_("金额（元）"), kind="number"), Column(label=_("记入日期"), kind="moment"),
        ],
        "rows": [
            Row(
                name=one.agent.name if one.agent else "",
                cells=[
                    one.agent.name if one.agent else "", parts[one.agent_id]["weight"],
                    Cell(text=_("接待"), tone="met") if parts[one.agent_id]["received"] else "",
                    format_fen(fen=one.fen), one.day,
                ],
            )
            for one in lines
        ],
        "caption": _("奖金明细"), "empty_lines": Empty(text=_("还没有记录。")),
    }  # fmt: skip


def _rate(_request: DeskRequest, _row: Rate) -> dict[str, Any]:
    return {"links": [Link(label=_("设定新标准"), url=address("sales_rates_new", "rate"))]}


def _pages(book: Any, **more: Any) -> list[URLPattern]:
    return RecordPages(book=book, namespace="salesdesk", **more).urls()


URLS: list[URLPattern] = [
    path("sales/month/", sales_month.month, name="month"),
    path("sales/month/export/", sales_month.month_export, name="month_export"),
    path("sales/month/<int:pk>/sheet/", deal_papers.statement, name="statement_sheet"),
    path("sales-deals/<int:pk>/sheet/", deal_papers.subscription, name="sales_deals_sheet"),
    *_pages(DEALS, more=_deal, list_more=_deal_list, template="salesdesk/deals/deal.html"),
    *_pages(APPLICATIONS, more=_application),
    *_pages(BONUSES, more=_bonus, list_more=_bonus_list, template="salesdesk/deals/lines.html"),
    *_pages(RATES, more=_rate),
]
