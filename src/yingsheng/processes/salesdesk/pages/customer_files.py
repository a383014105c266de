"""The customer book as a file: empty, brought in after it was looked through, taken out for a reason (J-29)."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.pages.customer_tables import (
    HEADS,
    from_packed,
    packed,
    read_lines,
    template_book,
)
from yingsheng.processes.salesdesk.process.customer_forms import BOOKS, EXPORT, FIELDS, IMPORT, OPEN
from yingsheng.processes.salesdesk.process.customer_words import key_words, known, missing_words
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL
from yingsheng.processes.salesdesk.queries.customers import find_entry, list_entries
from yingsheng.processes.salesdesk.services.bringing import Judged, Side, bring_in, judge_lines
from yingsheng.processes.salesdesk.services.customer_papers import open_entry, record_export
from yingsheng.processes.salesdesk.services.entries import demand_keeper, project_meant
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import EXCEL, excel_response
from yingsheng.ui.parts import Cell, Column, Empty, Fact, Row
from yingsheng.ui.submit import status_of

SALT = "salesdesk.book"
HOUR = 3600


@require_GET
@desk(SEE_ALL)
def empty_table(request: DeskRequest) -> HttpResponse:
    """The columns of a book with one invented line, as an Excel file."""
    response = HttpResponse(template_book(), content_type=EXCEL)
    response["Content-Disposition"] = 'attachment; filename="sales-book.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def bring_in_book(request: DeskRequest) -> HttpResponse:
    """Look through a book line by line: what is wrong, and whose else a customer is; nothing is written yet."""
    form: SpecForm = build_form(spec=IMPORT, actor=request.actor)(request.POST or None, request.FILES or None)
    judged: list[Judged] = []
    project = ""
    if request.method == "POST" and form.is_valid():
        try:
            demand_keeper(actor=request.actor, at=request.now)
            project = project_meant(site=request.actor.site, text=form.cleaned_data["project"]).name
            lines = read_lines(sent=form.cleaned_data["table"])
            judged = judge_lines(site=request.actor.site, lines=lines, at=request.now)
        except Refused as refusal:
            form.refuse(refusal)
    return _show(request, form=form, judged=judged, project=project)


@require_POST
@desk(SEE_ALL)
def confirm(request: DeskRequest) -> HttpResponse:
    """Write what was looked through; it is judged once more."""
    try:
        sent = signing.loads(request.POST.get("lines", ""), salt=SALT, max_age=HOUR)
    except signing.BadSignature as error:
        raise Refused(N("检查结果已经过期，请重新上传"), code="old") from error
    if sent["site"] != request.actor.site.pk:
        raise Refused(N("检查结果已经过期，请重新上传"), code="old")
    project = project_meant(site=request.actor.site, text=sent["project"])
    bring_in(actor=request.actor, project=project, lines=from_packed(sent["lines"]), at=request.now)
    return HttpResponseRedirect(reverse("salesdesk:sales_visits"), status=303)


def _show(request: DeskRequest, *, form: SpecForm, judged: list[Judged], project: str) -> HttpResponse:
    fresh = [one for one in judged if one.is_fresh]
    body = {
        "site": request.actor.site.pk,
        "project": project,
        "lines": packed([one.line for one in judged]),
    }
    context = {
        "form": form, "title": _(IMPORT.title), "verb": _(IMPORT.verb), "checked": bool(judged), "project": project,
        "heads": list(HEADS.values()),
        "problems": sum(1 for one in judged if one.problem), "fresh": len(fresh),
        "there": sum(1 for one in judged if one.is_there), "conflicts": sum(1 for one in fresh if one.sides),
        "columns": [
            Column(label=_("行"), kind="number"), Column(label=_("结果"), kind="chip"), Column(label=_("客户姓名")),
            Column(label=_("日期"), kind="code"), Column(label=_("业务员")), Column(label=_("说明"), kind="long"),
        ],
        "rows": [_line(one) for one in sorted(judged, key=_first)],
        "caption": _("检查结果"), "empty": Empty(text=_("文件里没有客户。")),
        "lines": signing.dumps(body, salt=SALT, compress=True) if fresh else "",
    }  # fmt: skip
    return render(
        request,
        "salesdesk/customers/import.html",
        context,
        status=status_of(form=form if form.is_bound else None),
    )


def _first(one: Judged) -> tuple[int, int]:
    """Problems first, then conflicts, then the rest."""
    return (0 if one.problem else 1 if one.sides and one.is_fresh else 2), one.line.row


def _line(one: Judged) -> Row:
    known_as = one.line.known
    if one.problem:
        cell, told = Cell(text=_("不能导入"), tone="late"), _(one.problem)
    elif one.is_there:
        cell, told = Cell(text=_("已经在册"), tone="waiting"), ""
    else:
        cell = Cell(text=_("冲突"), tone="soon") if one.sides else Cell(text=_("可以导入"), tone="met")
        told = "；".join(_side(side) for side in one.sides)
    agent = one.agent.name if one.agent else one.line.agent
    return Row(
        name=str(one.line.row),
        cells=[one.line.row, cell, known_as.get("name", ""), str(one.line.day or ""), agent, told],
    )


def _side(side: Side) -> str:
    where = side.entry or _("第%(row)s行") % {"row": side.row}
    return _("与%(agent)s的%(where)s（%(day)s）相同：%(keys)s") % {
        "agent": side.agent, "where": where, "day": side.day, "keys": key_words(side.keys),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def export(request: DeskRequest) -> HttpResponse:
    """All entries of all books as an Excel file, for a reason that is kept."""
    form: SpecForm = build_form(spec=EXPORT, actor=request.actor)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = list(list_entries(actor=request.actor))
        reason = form.cleaned_data["reason"]
        try:
            record_export(actor=request.actor, what="entries", rows=len(rows), reason=reason, at=request.now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return excel_response(
                request, title=_("客户登记本"), columns=_columns(), rows=[_row(one) for one in rows], reason=reason,
                name="sales-book",
            )  # fmt: skip
    return _file_page(request, form=form, spec=EXPORT)


def _columns() -> list[Column]:
    words = [
        _("登记号"),
        _("登记簿"),
        _("日期"),
        *(_(label) for label in FIELDS.values()),
        _("登记业务员"),
        _("归属"),
        _("七项里还缺"),
    ]
    return [Column(label=word) for word in words]  # fmt: skip


def _row(entry: Entry) -> Row:
    visit = getattr(entry, "visit", None)
    owner = visit.owner.name if visit is not None and visit.owner else ""
    values = known(entry=entry, is_own=True)
    return Row(
        cells=[
            entry.number, _(BOOKS[entry.book]), str(entry.day), *(values[name] for name in FIELDS), entry.agent.name,
            owner or (entry.agent.name if visit is None else ""), missing_words(entry),
        ]
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def open_masked(request: DeskRequest, pk: int) -> HttpResponse:
    """The data of another agent's customer in full, for a reason that is kept; shown in this answer only."""
    entry = find_entry(actor=request.actor, pk=pk)
    if entry is None:
        raise Http404
    form: SpecForm = build_form(spec=OPEN, actor=request.actor)(request.POST or None)
    facts: list[Fact] = []
    if request.method == "POST" and form.is_valid():
        try:
            open_entry(actor=request.actor, entry=entry, at=request.now, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            values = known(entry=entry, is_own=True)
            facts = [Fact(label=_(label), value=values[name]) for name, label in FIELDS.items()]
    return _file_page(request, form=form, spec=OPEN, facts=facts, name=entry.number)


def _file_page(request: DeskRequest, *, form: SpecForm, spec: Any, **more: Any) -> HttpResponse:
    context = {"form": form, "title": _(spec.title), "verb": _(spec.verb), **more}
    tried = form if request.method == "POST" else None
    return render(request, "salesdesk/customers/file.html", context, status=status_of(form=tried))
