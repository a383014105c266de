"""The library as an Excel file, for a reason that is kept, and from one, line by line."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.process import forms
from yingsheng.processes.knowledge.queries import list_usable
from yingsheng.processes.knowledge.services.bringing import Line, bring_in_articles
from yingsheng.processes.knowledge.services.sharing import record_export
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.submit import status_of, take_form

MOST_UNPACKED = 20 * 1024 * 1024
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("kind", N("种类"), forms.KINDS), ("title", N("标题"), ()), ("body", N("内容"), ()),
    ("title_en", N("英文标题"), ()), ("body_en", N("英文内容"), ()), ("category", N("类别"), forms.CATEGORIES),
    ("situation", N("场合"), forms.SITUATIONS), ("mood", N("对方的情绪"), forms.MOODS),
    ("part", N("分类"), forms.PARTS), ("line", N("对话编号"), ()), ("keywords", N("关键词"), ()),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("knowledge.see")
def export(request: DeskRequest) -> HttpResponse:
    """What is in use as an Excel file."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    form: SpecForm = build_form(spec=forms.EXPORT, actor=request.actor)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = list(list_usable(site=request.actor.site).order_by("kind", "part", "situation", "pk"))
        record_export(actor=request.actor, rows=len(rows), reason=form.cleaned_data["reason"], at=request.now)
        response = HttpResponse(_workbook(request, rows), content_type=EXCEL)
        response["Content-Disposition"] = 'attachment; filename="knowledge.xlsx"'
        return response
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(forms.EXPORT.title), "verb": _(forms.EXPORT.verb)}
    return render(request, "knowledge/file.html", context, status=status_of(form=tried))


@require_http_methods(["GET", "POST"])
@desk("knowledge.write")
def take_in(request: DeskRequest) -> HttpResponse:
    """A file that was kept elsewhere, all of it or nothing; everything in it has to be approved."""
    form: SpecForm = build_form(spec=forms.IMPORT, actor=request.actor)(
        request.POST or None, request.FILES or None
    )

    def run() -> str:
        lines = read_lines(body=form.cleaned_data["table"].read())
        bring_in_articles(actor=request.actor, lines=lines, at=request.now)
        return f"{reverse('knowledge:knowledge')}?state=draft"

    if request.method == "POST":
        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    tried = form if request.method == "POST" else None
    context = {"form": form, "title": _(forms.IMPORT.title), "verb": _(forms.IMPORT.verb)}
    return render(request, "knowledge/file.html", context, status=status_of(form=tried))


def read_lines(*, body: bytes) -> list[Line]:
    """The lines of an Excel file below its heading; Refused for what is no such file or unpacks to too much."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise Refused(N("文件太大，请分成几份导入"), field="table")
        book = load_workbook(BytesIO(body), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error
    lines = []
    for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
        words = ["" if value is None else str(value).strip() for value in (*cells, *[None] * len(COLUMNS))]
        if number == 1 or not any(words[1 : len(COLUMNS)]):
            continue  # the heading, and the line that says who exported it when
        read = {
            name: _code(text=words[place], choices=choices)
            for place, (name, _label, choices) in enumerate(COLUMNS)
        }
        lines.append(Line(number=number, **read))
    return lines


def _code(*, text: str, choices: tuple[tuple[str, str], ...]) -> str:
    """A code from its words in whichever language, or from itself; "" for words that no choice has."""
    if not choices:
        return text
    codes = {
        **{str(_(label)): code for code, label in choices},
        **{label: code for code, label in choices},
        **{code: code for code, _label in choices},
    }
    return codes.get(text, "")


def _workbook(request: DeskRequest, rows: list[Article]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(str(_("知识库")))
    page.append([_(label) for _name, label, _choices in COLUMNS])
    for row in rows:
        page.append([_cell(row, name, choices) for name, _label, choices in COLUMNS])
    page.append([f"{request.actor.staff.name} {localtime(request.now):%Y-%m-%d %H:%M}"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(row: Article, name: str, choices: tuple[tuple[str, str], ...]) -> str:
    value = getattr(row, name)
    if isinstance(value, list):
        return " ".join(value)
    text = str(_(dict(choices)[value])) if choices and value else str(value)
    return (
        f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
    )  # a spreadsheet must not run what was typed
