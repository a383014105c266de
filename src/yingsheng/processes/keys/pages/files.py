"""The list of keys as an Excel file: out for a reason, in line by line."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.keys.process.books import KEEP, SEE
from yingsheng.processes.keys.process.forms import CLASSES, EXPORT, IMPORT
from yingsheng.processes.keys.queries import list_keys
from yingsheng.processes.keys.services.bringing import KeyLine, bring_in_keys
from yingsheng.processes.keys.services.month import export_keys
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import excel_response
from yingsheng.ui.parts import Column, Row
from yingsheng.ui.submit import status_of, take_form

MOST_UNPACKED = 20 * 1024 * 1024
COLUMNS = 10


@require_http_methods(["GET", "POST"])
@desk(KEEP)
def bring_in(request: DeskRequest) -> HttpResponse:
    """Keys kept on a list elsewhere; all of them or none."""
    form: SpecForm = build_form(spec=IMPORT, actor=request.actor)(request.POST or None, request.FILES or None)

    def run() -> str:
        lines = read_lines(body=form.cleaned_data["table"].read())
        bring_in_keys(actor=request.actor, lines=lines, at=request.now)
        return reverse("keys:keys")

    if request.method == "POST":
        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(IMPORT.title), "verb": _(IMPORT.verb)}
    return render(request, "keys/file.html", context, status=status_of(form=tried))


@require_http_methods(["GET", "POST"])
@desk(SEE)
def export(request: DeskRequest) -> HttpResponse:
    """All keys with their hooks and holders as an Excel file, for a reason that is kept."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    form: SpecForm = build_form(spec=EXPORT, actor=request.actor)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = list(list_keys(actor=request.actor).order_by("number"))
        reason = form.cleaned_data["reason"]
        export_keys(actor=request.actor, what="keys", rows=len(rows), reason=reason, at=request.now)
        return excel_response(
            request,
            title=_("钥匙"),
            columns=_columns(),
            rows=[_row(one) for one in rows],
            reason=reason,
            name="keys",
        )
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(EXPORT.title), "verb": _(EXPORT.verb)}
    return render(request, "keys/file.html", context, status=status_of(form=tried))


def _columns() -> list[Column]:
    # the first ten are those that come in again
    words = (
        _("编号"), _("类别"), _("开哪扇门"), _("房号"), _("楼号"), _("钥匙柜"), _("楼层"), _("挂钩号"), _("把数"),
        _("备注"), _("状态"), _("在谁手里"), _("应还时间"),
    )  # fmt: skip
    return [Column(label=word) for word in words]


def _row(item: Item) -> Row:
    key, words = item.held_key, dict(CLASSES)
    return Row(
        cells=[
            item.number, str(_(words[item.kind])) if item.kind in words else item.kind, item.name,
            item.room.key if item.room is not None else "", key.building, key.cabinet, key.floor, key.hook, key.pieces,
            item.remark, str(_(item.get_state_display())), item.holder_name, item.due_at or "",
        ]
    )  # fmt: skip


def read_lines(*, body: bytes) -> list[KeyLine]:
    """The lines of an Excel file below its heading; Refused for what is no such file or unpacks to too much."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise Refused(N("文件太大，请分成几份导入"), field="table")
        book = load_workbook(BytesIO(body), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error
    codes = {str(_(label)): code for code, label in CLASSES} | {label: code for code, label in CLASSES}
    lines = []
    for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
        words = [_text(value) for value in (*cells, *[None] * COLUMNS)][:COLUMNS]
        # the heading, the line that says who exported it when, and empty ones
        if not any(words[1:]) or words[1] in (_("类别"), "类别"):
            continue
        code, kind, name, room, building, cabinet, floor, hook, pieces, remark = words
        lines.append(
            KeyLine(
                row=number, number=code, kind=codes.get(kind, ""), name=name, room=room, building=building,
                cabinet=cabinet, floor=floor, hook=hook, pieces=pieces, remark=remark,
            )
        )  # fmt: skip
    return lines


def _text(value: object) -> str:
    """A cell as words; a whole number that the sheet kept as 12.0 is 12."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
