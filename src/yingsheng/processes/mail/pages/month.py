"""邮件统计: the month by kind, every figure opening the items behind it, with chart, Excel and the registers (M-15)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.process.books import ITEMS, REPORT
from yingsheng.processes.mail.process.forms import COLLECTED_AS, KINDS, STAGES
from yingsheng.processes.mail.queries.month import Counts, MailMonth, list_month, mail_month
from yingsheng.processes.mail.rules import share
from yingsheng.processes.mail.services.writing import record_export
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row

PAGE = 50
FIGURES = (
    ("received", N("收到"), "M-04"), ("collected", N("本户领取"), "M-12"), ("by_family", N("家人代领"), "M-12"),
    ("returned", N("退回邮局"), "M-13"), ("overdue", N("过期未取"), "M-07"), ("damaged", N("收到时破损"), "M-02"),
    ("lost", N("遗失"), "M-06"),
)  # fmt: skip


@require_GET
@desk(REPORT)
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month with the items behind the one that was chosen."""
    year, number = chosen_month(request)
    figures = mail_month(site=request.actor.site, year=year, month=number, at=request.now)
    base, asked = month_query(year=year, month=number), _asked(request)
    rows = list_month(actor=request.actor, year=year, month=number, at=request.now, **asked)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kinds = dict(KINDS)
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="mail-by-kind", title=_("按种类"), kind="bar",
            labels=[_(kinds[kind]) for kind, _counts in figures.kinds],
            series=[
                (_(label), [getattr(counts, name) for _kind, counts in figures.kinds])
                for name, label, _rule in FIGURES[:4]
            ],
            unit=_("件"),
        ),
        "heads": [_(label) for _name, label, _rule in FIGURES],
        "drill": [
            {"label": _(kinds[kind]), "cells": _cells(counts, f"{base}&kind={kind}")} for kind, counts in figures.kinds
        ],
        "total": _cells(figures.total, base),
        "month": figures, "year": year, "number": number, "query": base,
        "export_query": base + "".join(f"&{name}={value}" for name, value in asked.items() if value),
        "chosen": _chosen(asked), "columns": _columns(), "rows": [_row(one) for one in page], "paging": page,
        "caption": _("邮件明细"), "empty": Empty(text=_("这段时间没有这样的邮件。")), "now": request.now,
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
    }  # fmt: skip
    return render(request, "mail/month.html", context)


@require_POST
@desk(REPORT)
def export(request: DeskRequest) -> HttpResponse:
    """The lines as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    rows = list(list_month(actor=request.actor, year=year, month=number, at=request.now, **_asked(request)))
    reason = request.POST.get("reason", "").strip()[:200]
    record_export(actor=request.actor, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("邮件明细"), columns=_columns(), rows=[_row(one) for one in rows], reason=reason,
        name=f"mail-{year}-{number:02d}",
    )  # fmt: skip


def _asked(request: DeskRequest) -> dict[str, str]:
    what, kind = request.GET.get("what", ""), request.GET.get("kind", "")
    return {
        "what": what if what in {name for name, _label, _rule in FIGURES} else "",
        "kind": kind if kind in MailItem.Kind.values else "",
    }


def _chosen(asked: dict[str, str]) -> str:
    words = [_(dict(KINDS)[asked["kind"]])] if asked["kind"] else []
    labels = {name: label for name, label, _rule in FIGURES}
    return " · ".join([*words, _(labels[asked["what"] or "received"])])


def _cells(counts: Counts, base: str) -> list[dict[str, Any]]:
    return [{"count": getattr(counts, name), "url": f"{base}&what={name}"} for name, _label, _rule in FIGURES]


def _figures(found: MailMonth, base: str) -> list[Figure]:
    told = share(count=found.told, base=found.owed)
    return [
        Figure(
            label=_("按时通知住户"), value="—" if told is None else told, unit="" if told is None else "%",
            numerator=found.told, denominator=found.owed, rule="M-11", rule_url=reverse("ui:rule", args=["M-11"]),
        ),
        *(
            Figure(
                label=_(label), value=getattr(found.total, name), unit=_("件"), url=f"{base}&what={name}", rule=rule,
                rule_url=reverse("ui:rule", args=[rule]),
            )
            for name, label, rule in FIGURES
        ),
        Figure(
            label=_("信件报刊"), value=found.pieces, unit=_("件"), url=reverse("mail:mail_batches"), rule="M-01",
            rule_url=reverse("ui:rule", args=["M-01"]), note=_("%(count)s批") % {"count": found.batches},
        ),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(label=_("签收时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("房号")),
        Column(label=_("收件人")), Column(label=_("种类")), Column(label=_("运单号"), kind="code"),
        Column(label=_("破损的样子"), kind="long"), Column(label=_("通知住户时间"), kind="moment"),
        Column(label=_("办结时间"), kind="moment"), Column(label=_("领取人")), Column(label=_("与收件人的关系")),
        Column(label=_("进展"), kind="chip"),
    ]  # fmt: skip


def _row(one: Item) -> Row:
    url, stages = reverse("mail:mail_items_one", args=[one.pk]), dict(STAGES)
    kinds, relations = dict(KINDS), COLLECTED_AS
    return Row(
        url=url, name=one.number,
        cells=[
            one.mail.received_at, Cell(text=one.number, url=url),
            one.room.label if one.room is not None else one.mail.destination, one.mail.addressee,
            _(kinds[one.mail.kind]), one.mail.tracking_number, one.mail.damage, one.mail.told_at, one.mail.closed_at,
            one.mail.collector, _(relations[one.mail.relation]) if one.mail.relation else "",
            Cell(text=_(stages[one.mail.stage]), tone=ITEMS.state(one.state).tone),  # type: ignore[arg-type]
        ],
    )  # fmt: skip
