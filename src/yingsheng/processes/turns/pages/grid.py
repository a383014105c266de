"""The month as a grid: people by days, posts by days, and the same as a list of days for the phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Shift
from yingsheng.kernel.rosters.queries import Slot
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.process.forms import WEEKDAYS
from yingsheng.ui.days import day_from
from yingsheng.ui.desk import DeskRequest


def chosen_month(request: DeskRequest) -> date:
    """The month asked for as 2026-12; the present one when nothing sensible is."""
    found = day_from(f"{request.GET.get('month', '')}-01")
    return found or timezone.localtime(request.now).date().replace(day=1)


def month_url(name: str, month: date, **more: str) -> str:
    """The address of a page for a month."""
    tail = "".join(f"&{key}={value}" for key, value in more.items())
    return f"{reverse(name)}?month={month:%Y-%m}{tail}"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A column: its number, its weekday, whether it is a weekend or holiday."""

    day: date
    letter: str
    special: bool
    today: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A turn in a cell: the code of its shift, with words for whoever points at it."""

    code: str
    title: str
    night: bool = False
    fixed: bool = False


@dataclass(kw_only=True)
class GridCell:
    """What stands in one cell: turns of a person, or the people of a shift."""

    day: Day
    marks: list[Mark] = field(default_factory=list)
    away: bool = False
    short: bool = False
    idle: bool = False  # the shift does not run that day


@dataclass(kw_only=True)
class Line:
    """A row of the grid."""

    name: str
    note: str = ""
    cells: list[GridCell] = field(default_factory=list)
    key: int = 0


@dataclass(frozen=True, kw_only=True)
class Put:
    """Somebody in a shift of a day, put down or proposed."""

    staff: Staff
    shift: Shift
    day: date
    fixed: bool = False


def days_of(*, month: date, special: Collection[date], today: date) -> list[Day]:
    """The columns of a month."""
    first, last = month_days(month=month)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(
            day=day, letter=_letter(day), special=day in special, today=day == today,
            url=reverse("turns:day", args=[day]),
        )
        for day in days
    ]  # fmt: skip


def _letter(day: date) -> str:
    """The weekday in as few letters as a narrow column holds."""
    words = _(WEEKDAYS[day.weekday()][1])
    return words[1:] if words.startswith("周") else words[:2]


def people_lines(
    *,
    days: Sequence[Day],
    puts: Iterable[Put],
    people: Iterable[Staff],
    away: Collection[tuple[int, date]] = (),
) -> list[Line]:
    """One row for each person, with the codes of his turns; those with nothing stand there too."""
    by_cell: dict[tuple[int, date], list[Put]] = defaultdict(list)
    everybody = {one.pk: one for one in people}
    for put in puts:
        everybody[put.staff.pk] = put.staff
        by_cell[put.staff.pk, put.day].append(put)
    lines = []
    for one in sorted(everybody.values(), key=lambda each: (each.name, each.pk)):
        cells = [
            GridCell(
                day=day,
                marks=[_mark(put) for put in by_cell.get((one.pk, day.day), [])],
                away=(one.pk, day.day) in away,
            )
            for day in days
        ]
        count = sum(len(cell.marks) for cell in cells)
        lines.append(Line(name=one.name, note=str(count), cells=cells, key=one.pk))
    return lines


def _mark(put: Put) -> Mark:
    words = f"{put.day:%m-%d} {own_name(put.shift.post)} {own_name(put.shift)}"
    return Mark(code=put.shift.code, title=words, night=put.shift.is_night, fixed=put.fixed)


def post_lines(*, days: Sequence[Day], slots: Iterable[Slot]) -> list[Line]:
    """One row for each shift, with the names of those who take it; what lacks people is marked."""
    rows: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        rows[slot.shift.pk].append(slot)
    lines = []
    for found in sorted(
        rows.values(), key=lambda each: (each[0].post.order, each[0].shift.starts, each[0].shift.pk)
    ):
        by_day = {slot.day: slot for slot in found}
        shift = found[0].shift
        lines.append(
            Line(
                name=f"{own_name(found[0].post)} {own_name(shift)}",
                note=f"{shift.code} {shift.starts:%H:%M}–{shift.ends:%H:%M}",
                cells=[_post_cell(day, by_day.get(day.day)) for day in days],
            )
        )
    return lines


def _post_cell(day: Day, slot: Slot | None) -> GridCell:
    if slot is None:
        return GridCell(day=day, idle=True)
    marks = [Mark(code=one.staff.name, title=one.staff.name, fixed=one.is_fixed) for one in slot.assignments]
    return GridCell(day=day, marks=marks, short=slot.is_short)


def away_cells(leaves: Iterable[object], *, first: date, last: date) -> set[tuple[int, date]]:
    """(person, day) of every day that approved leave touches."""
    found: set[tuple[int, date]] = set()
    for leave in leaves:
        begins = timezone.localtime(leave.starts_at).date()  # type: ignore[attr-defined]
        # until midnight is not yet the next day
        ends = timezone.localtime(leave.ends_at - timedelta(seconds=1)).date()  # type: ignore[attr-defined]
        day = max(begins, first)
        while day <= min(ends, last):
            found.add((leave.staff_id, day))  # type: ignore[attr-defined]
            day += timedelta(days=1)
    return found
