"""名单与方案 on the screen: the three registers, the list FM-67 and its file, the files of a plan."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.registers.models import KeyCustomer, Plan
from yingsheng.processes.registers.process import EXPORT, IMPORT, LIST_SHEET, REASONS
from yingsheng.processes.registers.process.books import CUSTOMERS, PLANS, TYPICAL
from yingsheng.processes.registers.queries import find_plan, list_customers
from yingsheng.processes.registers.services.bringing import Line, bring_in_customers
from yingsheng.processes.registers.services.customers import (
    count_list_prints,
    record_list_export,
    record_list_print,
)
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Link, Sheet
from yingsheng.ui.records import RecordPages
from yingsheng.ui.submit import status_of, take_form

app_name = "registers"
MOST_UNPACKED = 20 * 1024 * 1024
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _on_the_list(request: DeskRequest) -> list[KeyCustomer]:
    rows = list_customers(actor=request.actor).filter(state=KeyCustomer.State.ACTIVE)
    return list(rows.order_by("next_contact_at", "pk"))


def _list_links(request: DeskRequest) -> dict[str, Any]:
    links = [
        Link(label=_("打印清单"), url=reverse("registers:customer_sheet")),
        Link(label=_("导入名单"), url=reverse("registers:customer_import")),
    ]
    if request.actor.may(Allow.EXPORT):
        links.append(Link(label=_("导出名单"), url=reverse("registers:customer_export")))
    return {"exports": links}


def _home(request: DeskRequest, row: KeyCustomer) -> dict[str, Any]:
    links = []
    if request.actor.may(Allow.SEE_ESTATE):
        links.append(Link(label=_("住户档案"), url=reverse("ui:household", args=[row.household_id])))
    if row.case is not None:
        links.append(Link(label=row.case.number, url=reverse("ui:case", args=[row.case.key])))
    return {"links": links}


def _plan_files(_request: DeskRequest, row: Plan) -> dict[str, Any]:
    files = [
        Link(label=f"{one.note} {one.name}", url=reverse("registers:plan_file", args=[row.pk, one.key]))
        for one in list_attachments(subject=row)
    ]
    return {"files": files}


@require_GET
@desk("registers.plan")
def plan_file(request: DeskRequest, pk: int, key: str) -> HttpResponse:
    """A file that was handed in with a plan."""
    plan = find_plan(actor=request.actor, pk=pk)
    kept = list_attachments(subject=plan).filter(key=key).first() if plan is not None else None
    if kept is None:
        raise Http404
    response = HttpResponse(read_attachment(attachment=kept), content_type=kept.kind)
    response["Content-Disposition"] = f'inline; filename="plan-{pk}-{kept.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@desk("registers.care")
def customer_sheet(request: DeskRequest) -> HttpResponse:
    """重点顾客清单 FM-67 as it stands now; a POST prints it and is counted."""
    rows = _on_the_list(request)
    count = None
    if request.method == "POST":
        count = record_list_print(actor=request.actor, rows=len(rows), at=request.now)
    words = dict(REASONS)
    here = reverse("registers:customer_sheet")
    context = {
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_(LIST_SHEET.title),
            form_code=LIST_SHEET.form_number,
            number=f"{localtime(request.now):%Y-%m-%d}",
            layout="dense",
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        **LIST_SHEET.build([(row, _(words[row.reason])) for row in rows]),
        "print_url": here,
        "pdf_url": f"{here}?as=pdf",
        "preview": count is None,
        "printed": count_list_prints(actor=request.actor),
    }
    if request.GET.get("as") != "pdf":
        return render(request, LIST_SHEET.template, context)
    html = render_to_string(LIST_SHEET.template, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name="FM-67")


@require_http_methods(["GET", "POST"])
@desk("registers.care")
def customer_export(request: DeskRequest) -> HttpResponse:
    """The list as an Excel file, for a reason that is kept."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    form: SpecForm = build_form(spec=EXPORT, actor=request.actor)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = _on_the_list(request)
        record_list_export(
            actor=request.actor, rows=len(rows), reason=form.cleaned_data["reason"], at=request.now
        )
        response = HttpResponse(_workbook(request, rows), content_type=EXCEL)
        response["Content-Disposition"] = 'attachment; filename="FM-67.xlsx"'
        return response
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(EXPORT.title), "verb": _(EXPORT.verb)}
    return render(request, "registers/export.html", context, status=status_of(form=tried))


@require_http_methods(["GET", "POST"])
@desk("registers.care")
def customer_import(request: DeskRequest) -> HttpResponse:
    """A list that was kept elsewhere, proposed line by line; all of it or nothing."""
    form: SpecForm = build_form(spec=IMPORT, actor=request.actor)(request.POST or None, request.FILES or None)

    def run() -> str:
        lines = read_lines(body=form.cleaned_data["table"].read())
        bring_in_customers(actor=request.actor, lines=lines, at=request.now)
        return f"{reverse('registers:key_customers')}?state=proposed"

    if request.method == "POST":
        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(IMPORT.title), "verb": _(IMPORT.verb)}
    return render(request, "registers/export.html", context, status=status_of(form=tried))


def read_lines(*, body: bytes) -> list[Line]:
    """The lines of an Excel file below its heading; Refused for what is no such file or unpacks to too much."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise Refused(N("文件太大，请分成几份导入"), field="table")
        book = load_workbook(BytesIO(body), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error
    codes = {str(_(label)): code for code, label in REASONS} | {label: code for code, label in REASONS}
    lines = []
    for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
        words = ["" if value is None else str(value).strip() for value in (*cells, *[None] * 6)][:6]
        if number == 1 or not any(words[1:]):
            continue  # the heading, and the line that says who exported it when
        room, contact, reason, why, care_by, days = words
        lines.append(
            Line(
                number=number, room=room, contact_name=contact, reason=codes.get(reason, ""), why=why, care_by=care_by,
                every_days=days,
            )
        )  # fmt: skip
    return lines


def _workbook(request: DeskRequest, rows: list[KeyCustomer]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(str(_("重点客户")))
    page.append(
        [
            _("房号"),
            _("联系人"),
            _("类别"),
            _("为什么"),
            _("由谁联系"),
            _("多少天联系一次"),
            _("上次联系"),
            _("下次联系"),
        ]
    )
    words = dict(REASONS)
    for row in rows:
        moments = [
            f"{localtime(value):%Y-%m-%d}" if value else ""
            for value in (row.last_contact_at, row.next_contact_at)
        ]
        page.append(
            [
                row.household.room.label, row.contact_name, str(_(words[row.reason])), row.why, row.care_by.name,
                row.every_days, *moments,
            ]
        )  # fmt: skip
    page.append([f"{request.actor.staff.name} {localtime(request.now):%Y-%m-%d %H:%M}"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


urlpatterns = [
    path("key-customers/sheet/", customer_sheet, name="customer_sheet"),
    path("key-customers/export/", customer_export, name="customer_export"),
    path("key-customers/import/", customer_import, name="customer_import"),
    path("plans/<int:pk>/files/<slug:key>/", plan_file, name="plan_file"),
    *RecordPages(book=CUSTOMERS, namespace="registers", more=_home, list_more=_list_links).urls(),
    *RecordPages(book=TYPICAL, namespace="registers").urls(),
    *RecordPages(book=PLANS, namespace="registers", more=_plan_files).urls(),
]
