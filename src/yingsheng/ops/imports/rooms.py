"""Importing the rooms of a site, with their buildings and areas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from yingsheng.base.rooms import room_key, room_label
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Area, Building, Room
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.imports.checks import Findings
from yingsheng.ops.imports.record import note_import
from yingsheng.ops.imports.tables import Column, ImportReport, Progress, Row, Within, read_table, watched

COLUMNS = (
    Column(name="building", title=gettext_noop("楼栋"), required=True, example="1栋", as_text=True),
    Column(name="unit", title=gettext_noop("单元"), example="1单元", as_text=True),
    Column(name="room", title=gettext_noop("房号"), required=True, example="101", as_text=True),
    Column(
        name="area", title=gettext_noop("片区"), example="东片区", hint=gettext_noop("由同一位区域管理员负责")
    ),
    Column(name="floor", title=gettext_noop("楼层"), example="1", hint=gettext_noop("不填则由房号推算")),
    Column(
        name="use",
        title=gettext_noop("用途"),
        example="住宅",
        choices=tuple((use.value, str(use.label)) for use in Room.Use),
        hint=gettext_noop("不填为住宅"),
    ),
    Column(name="area_m2", title=gettext_noop("建筑面积"), example="98.50", hint=gettext_noop("平方米")),
    Column(name="former", title=gettext_noop("曾用号"), example="A-101", as_text=True),
)
_BY_NAME = {column.name: column for column in COLUMNS}
BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class _Planned:
    """A row that may be written."""

    building: str
    building_name: str
    unit: str
    number: str
    key: str
    label: str
    area: str
    floor: int | None
    use: str
    area_m2: Decimal | None
    former_key: str


def import_rooms(
    *,
    site: Site,
    path: Path,
    by: Staff | None,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    checking: Progress | None = None,
    within: Within | None = None,
) -> ImportReport:
    """Add the rooms of a file, all or none; a dry run only reports. Missing buildings and areas are made.

    Every bad row is reported with its number: missing cells, a room twice in the file or known already, a
    building in two areas. Raises Refused for a file that cannot be read. One event (A-03, A-06).
    """
    table = read_table(path=path, columns=COLUMNS)
    found = Findings(columns=_BY_NAME, problems=list(table.problems))
    plans = _plan(site=site, rows=watched(table.rows, checking), found=found)
    written: dict[str, int] = {}
    if not found.problems and not dry_run and plans:
        with transaction.atomic():
            if progress is not None:
                progress(0, len(plans))
            written = _write(site=site, plans=plans, file=path.name, by=by, at=at, progress=progress)
            if within is not None:
                within(written)
    return ImportReport(
        file=path.name,
        row_count=len(table.rows),
        problems=tuple(sorted(found.problems, key=lambda problem: problem.row)),
        written=written,
        dry_run=dry_run,
    )


def _plan(*, site: Site, rows: Iterable[Row], found: Findings) -> list[_Planned]:
    known = set(Room.objects.filter(site=site).values_list("key", flat=True))
    seen: dict[str, int] = {}
    areas: dict[str, str] = {}
    plans = []
    for row in rows:
        plan = _plan_row(row=row, found=found)
        if plan is None:
            continue
        if plan.key in known:
            found.add(row, "room", gettext_noop("%(room)s已在档案里"), room=plan.label)
        if plan.key in seen:
            found.add(row, "room", gettext_noop("与第%(row)s行是同一间"), row=seen[plan.key])
        seen.setdefault(plan.key, row.number)
        if plan.area and areas.setdefault(plan.building, plan.area) != plan.area:
            found.add(row, "area", gettext_noop("同一栋楼只能属于一个片区"))
        plans.append(plan)
    return plans


def _plan_row(*, row: Row, found: Findings) -> _Planned | None:
    if not row["building"] or not row["room"]:
        return None  # noted as missing already
    lengths = (("building", 40), ("unit", 12), ("room", 12), ("area", 40), ("former", 40))
    fitting = [found.fits(row, name, length=length) for name, length in lengths]  # every cell is reported
    if not all(fitting):
        return None
    building = room_key(building=row["building"], unit="", room="")
    unit = room_key(building="", unit=row["unit"], room="")
    number = room_key(building="", unit="", room=row["room"])
    if len(building) > 12:
        found.add(row, "building", gettext_noop("不能超过%(length)s个字"), length=12)
        return None
    key = room_key(building=building, unit=unit, room=number)
    return _Planned(
        building=building,
        building_name=room_label(building=row["building"]),
        unit=unit,
        number=number,
        key=key,
        label=room_label(building=row["building"], unit=unit, room=number),
        area=row["area"],
        floor=found.integer_of(row, "floor", low=-9, high=200) if row["floor"] else floor_of(number=number),
        use=row["use"] or Room.Use.HOME,
        area_m2=found.decimal_of(row, "area_m2", below=1_000_000),
        former_key=_former(row["former"]),
    )


def _former(text: str) -> str:
    return "-".join(part for part in re.split(r"[\s\-—]+", text.upper()) if part)


def floor_of(*, number: str) -> int | None:
    """The floor that a room number tells: 1802 is on 18, 101 on 1; None where it tells none."""
    told = re.fullmatch(r"(\d{1,2})\d{2}[A-Z]?", number)
    return int(told[1]) if told else None


@transaction.atomic
def _write(
    *,
    site: Site,
    plans: list[_Planned],
    file: str,
    by: Staff | None,
    at: datetime,
    progress: Progress | None,
) -> dict[str, int]:
    areas = {area.name: area for area in Area.objects.filter(site=site)}
    new_areas = Area.objects.bulk_create(
        Area(site=site, name=name)
        for name in dict.fromkeys(plan.area for plan in plans if plan.area)
        if name not in areas
    )
    areas |= {area.name: area for area in new_areas}
    buildings = {building.code: building for building in Building.objects.filter(site=site)}
    first = {plan.building: plan for plan in reversed(plans)}
    area_of = {plan.building: plan.area for plan in plans if plan.area}
    new_buildings = Building.objects.bulk_create(
        Building(site=site, code=code, name=plan.building_name, area=areas.get(area_of.get(code, "")))
        for code, plan in sorted(first.items())
        if code not in buildings
    )
    buildings |= {building.code: building for building in new_buildings}
    for start in range(0, len(plans), BATCH):
        part = plans[start : start + BATCH]
        Room.objects.bulk_create(
            _room(site=site, building=buildings[plan.building], plan=plan) for plan in part
        )
        if progress is not None:
            progress(start + len(part), len(plans))
    written = {"areas": len(new_areas), "buildings": len(new_buildings), "rooms": len(plans)}
    note_import(
        site=site, what="rooms", file=file, row_count=len(plans), written=written, by=by, at=at, rule="A-06"
    )
    return written


def _room(*, site: Site, building: Building, plan: _Planned) -> Room:
    return Room(
        site=site,
        building=building,
        unit=plan.unit,
        number=plan.number,
        key=plan.key,
        label=plan.label,
        floor=plan.floor,
        use=plan.use,
        area_m2=plan.area_m2,
        former_key=plan.former_key,
    )
