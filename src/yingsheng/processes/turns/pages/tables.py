"""The month as an Excel table and back: first checked line by line, then brought in as a whole (D-01)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile, ZipFile

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form, words_of
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_staff
from yingsheng.kernel.rosters.models import Shift
from yingsheng.kernel.rosters.queries import list_assignments
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.services import Wanted
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.pages.calendars import read_calendar
from yingsheng.processes.turns.pages.grid import chosen_month, month_url
from yingsheng.processes.turns.process.forms import TABLE
from yingsheng.processes.turns.queries import PLAN, list_rosterable
from yingsheng.processes.turns.services.months import bring_in, judge
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import EXCEL, safe_cell
from yingsheng.ui.parts import Cell, Column, Empty, Row
from yingsheng.ui.submit import status_of

LARGEST, MOST_UNPACKED = 2 * 1024 * 1024, 20 * 1024 * 1024
MOST_LINES = 5000
SALT = "turns.table"
NO_PERSON, NO_SHIFT, OTHER_MONTH = (
    N("没有这位同事：%(text)s"),
    N("没有这个班次代码：%(text)s"),
    N("不是这个月的日子：%(text)s"),
)


@dataclass(frozen=True, kw_only=True)
class TableLine:
    """A turn as a file names it, and what it was found to be."""

    where: str
    who: str
    day: str
    code: str
    wanted: Wanted | None
    problem: str


@require_GET
@desk(PLAN)
def export(request: DeskRequest) -> HttpResponse:
    """The month as a grid: one line for each person, one column for each day, the codes of his shifts."""
    month = chosen_month(request)
    first, last = month_days(month=month)
    site = request.actor.site
    codes: dict[tuple[int, int], list[str]] = {}
    people = {one.pk: one for one in list_rosterable(site=site, roles=(), at=request.now)}
    for turn in list_assignments(site=site, first=first, last=last, drafts=True):
        people[turn.staff_id] = turn.staff
        codes.setdefault((turn.staff_id, turn.day.day), []).append(turn.shift.code)
    book = Workbook(write_only=True)
    page = book.create_sheet(f"{month:%Y-%m}")
    days = range(1, last.day + 1)
    page.append([_("姓名"), *days])
    for one in sorted(people.values(), key=lambda each: (each.name, each.pk)):
        page.append([safe_cell(one.name), *(" ".join(codes.get((one.pk, day), [])) or None for day in days)])
    legend = book.create_sheet(str(_("班次代码")))
    for shift in Shift.objects.filter(post__site=site, active=True).select_related("post"):
        hours = f"{shift.starts:%H:%M}–{shift.ends:%H:%M}"
        legend.append([safe_cell(shift.code), safe_cell(f"{own_name(shift.post)} {own_name(shift)}"), hours])
    out = io.BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="turns-{month:%Y-%m}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def bring_in_table(request: DeskRequest) -> HttpResponse:
    """Look through a file line by line; nothing is written yet."""
    month = chosen_month(request)
    form: SpecForm = build_form(spec=TABLE, actor=request.actor)(request.POST or None, request.FILES or None)
    lines: list[TableLine] = []
    if request.method == "POST" and form.is_valid():
        try:
            lines = check_lines(
                request, read_file(form.cleaned_data["table"], site=request.actor.site, month=month), month
            )
        except Refused as refusal:
            form.refuse(refusal)
    return _show(request, month, form, lines)


@require_http_methods(["POST"])
@desk(PLAN)
def confirm(request: DeskRequest) -> HttpResponse:
    """Bring in what was looked through; it is judged once more, all of it or nothing."""
    month = chosen_month(request)
    try:
        sent = signing.loads(request.POST.get("lines", ""), salt=SALT, max_age=3600)
    except signing.BadSignature as error:
        raise Refused(N("检查结果已经过期，请重新上传"), code="old") from error
    lines = check_lines(
        request, [(where, who, date.fromisoformat(day), code) for where, who, day, code in sent], month
    )
    if any(line.problem for line in lines):
        form: SpecForm = build_form(spec=TABLE, actor=request.actor)()
        return _show(request, month, form, lines)
    wanted = [line.wanted for line in lines if line.wanted is not None]
    bring_in(actor=request.actor, at=request.now, month=month, wanted=wanted, source="import")
    return HttpResponseRedirect(month_url("turns:month", month), status=303)


def _show(request: DeskRequest, month: date, form: SpecForm, lines: list[TableLine]) -> HttpResponse:
    problems = [line for line in lines if line.problem]
    fresh = [line for line in lines if line.wanted is not None and not line.problem]
    packed = [(line.where, line.who, line.day, line.code) for line in fresh]
    context = {
        "month": month,
        "form": form,
        "verb": _(TABLE.verb),
        "month_url": month_url("turns:month", month),
        "checked": bool(lines),
        "problem_count": len(problems),
        "fresh_count": len(fresh),
        "columns": [
            Column(label=_("位置"), kind="code"), Column(label=_("姓名")), Column(label=_("日期"), kind="code"),
            Column(label=_("班次代码"), kind="code"), Column(label=_("结果"), kind="long"),
        ],
        "rows": [_row(line) for line in sorted(lines, key=lambda one: not one.problem)],
        "caption": _("检查结果"),
        "empty": Empty(text=_("文件里没有班。")),
        "lines": signing.dumps(packed, salt=SALT, compress=True) if fresh and not problems else "",
        "confirm_url": month_url("turns:import_confirm", month),
        "table_url": month_url("turns:table", month),
    }  # fmt: skip
    return render(
        request, "turns/import.html", context, status=status_of(form=form if form.is_bound else None)
    )


def _row(line: TableLine) -> Row:
    result: object = Cell(text=line.problem, tone="late") if line.problem else _("可以排入")
    if not line.problem and line.wanted is None:
        result = _("已经在表里")
    return Row(name=line.where, cells=[line.where, line.who, line.day, line.code, result])


Raw = tuple[str, str, date, str]


def read_file(sent: object, *, site: Site, month: date) -> list[Raw]:
    """(place, name, day, code) of every turn in a table or a calendar; Refused for what is neither."""
    body = sent.read(LARGEST + 1)  # type: ignore[attr-defined]
    if len(body) > LARGEST:
        raise Refused(N("文件太大"), field="table")
    if body.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        codes = {
            word.lower(): shift.code
            for shift in Shift.objects.filter(post__site=site, active=True)
            for word in (shift.code, shift.name, shift.name_en)
            if word
        }
        try:
            found = read_calendar(body, codes=codes)[:MOST_LINES]
        except (ValueError, KeyError, IndexError) as error:
            raise Refused(N("日历文件读不懂"), field="table") from error
        return [(str(number), who, day, code) for number, who, day, code in found]
    return _read_grid(body, month=month)


def _read_grid(body: bytes, *, month: date) -> list[Raw]:
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise Refused(N("文件太大"), field="table")
        page = load_workbook(io.BytesIO(body), read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error
    rows = page.iter_rows(values_only=True, max_col=32)
    head = next(rows, ())
    days = {
        place: day for place, value in enumerate(head) if place and (day := _day(value, month)) is not None
    }
    if not days:
        raise Refused(N("第一行要是日期，从第二列开始"), field="table")
    found: list[Raw] = []
    for number, cells in enumerate(rows, start=2):
        who = str(cells[0] or "").strip() if cells else ""
        for place, day in days.items():
            value = cells[place] if place < len(cells) else None
            for code in str(value).split() if who and value is not None else ():
                found.append((_("第%(row)s行") % {"row": number}, who.lstrip("'"), day, code))
                if len(found) > MOST_LINES:
                    raise Refused(N("文件太大"), field="table")
    return found


def _day(value: object, month: date) -> date | None:
    """A heading as a day: 1 … 31, or a date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text.isdigit() or len(text) > 2:
        return None
    try:
        return month.replace(day=int(text))
    except ValueError:
        return None


def check_lines(request: DeskRequest, raw: list[Raw], month: date) -> list[TableLine]:
    """Each turn with what was found: who and what is meant, what speaks against it, whether it stands there already."""
    site = request.actor.site
    first, last = month_days(month=month)
    people: dict[str, Staff] = {}
    for one in list_staff(site_id=site.pk, at=request.now):
        people[one.name] = people[one.username] = one
    shifts = {
        one.code.lower(): one
        for one in Shift.objects.filter(post__site=site, active=True).select_related("post")
    }
    present = {
        (one.shift_id, one.day, one.staff_id)
        for one in list_assignments(site=site, first=first, last=last, drafts=True)
    }
    lines: list[TableLine] = []
    for where, who, day, code in raw:
        staff, shift = people.get(who), shifts.get(code.lower())
        problem = ""
        if staff is None:
            problem = _(NO_PERSON) % {"text": who}
        elif shift is None:
            problem = _(NO_SHIFT) % {"text": code}
        elif not first <= day <= last:
            problem = _(OTHER_MONTH) % {"text": day}
        is_there = staff is not None and shift is not None and (shift.pk, day, staff.pk) in present
        wanted = (
            Wanted(shift=shift, day=day, staff=staff)
            if staff is not None and shift is not None and not problem and not is_there
            else None
        )
        lines.append(TableLine(where=where, who=who, day=str(day), code=code, wanted=wanted, problem=problem))
    judged = iter(
        judge(actor=request.actor, at=request.now, wanted=[one.wanted for one in lines if one.wanted])
    )
    return [_judged(line, next(judged) if line.wanted is not None else None) for line in lines]


def _judged(line: TableLine, refusal: Refused | None) -> TableLine:
    if refusal is None:
        return line
    return TableLine(
        where=line.where,
        who=line.who,
        day=line.day,
        code=line.code,
        wanted=line.wanted,
        problem=words_of(refusal),
    )
