"""Importing the people of a site into the households of their rooms, with phones, cars and reminders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.timezone import localtime

from yingsheng.base.phones import BadPhone, split_phones
from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.columns import clean_plate, id_number_columns, name_columns, new_phone
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.imports.checks import YES_NO, Findings
from yingsheng.ops.imports.record import note_import
from yingsheng.ops.imports.tables import Column, ImportReport, Progress, Row, Within, read_table, watched

COLUMNS = (
    Column(name="building", title=gettext_noop("楼栋"), required=True, example="1栋", as_text=True),
    Column(name="unit", title=gettext_noop("单元"), example="1单元", as_text=True),
    Column(name="room", title=gettext_noop("房号"), required=True, example="101", as_text=True),
    Column(name="name", title=gettext_noop("姓名"), required=True, example="示例住户"),
    Column(
        name="relation",
        title=gettext_noop("关系"),
        required=True,
        example="业主",
        choices=tuple((relation.value, str(relation.label)) for relation in Member.Relation),
    ),
    Column(
        name="phones",
        title=gettext_noop("电话"),
        example="13800000000",
        as_text=True,
        width=24,
        hint=gettext_noop("可填几个，用逗号分开"),
    ),
    Column(
        name="id_number",
        title=gettext_noop("身份证号"),
        as_text=True,
        width=22,
        hint=gettext_noop("加密保存"),
    ),
    Column(name="birth_date", title=gettext_noop("出生日期"), hint=gettext_noop("例如 1985-03-07")),
    Column(name="call_as", title=gettext_noop("称呼"), hint=gettext_noop("例如 李老师")),
    Column(
        name="decides",
        title=gettext_noop("决定人"),
        example="是",
        choices=YES_NO,
        hint=gettext_noop("有事先告知谁；一户一位，不填为第一位业主"),
    ),
    Column(name="emergency", title=gettext_noop("紧急联系人"), choices=YES_NO),
    Column(name="moved_in", title=gettext_noop("入住日期")),
    Column(
        name="plates", title=gettext_noop("车牌"), as_text=True, hint=gettext_noop("可填几个，用逗号分开")
    ),
    Column(
        name="reminder", title=gettext_noop("提醒"), width=30, hint=gettext_noop("接电话的人要先看到的话")
    ),
)
_BY_NAME = {column.name: column for column in COLUMNS}
BATCH = 1000
Cleaned = TypeVar("Cleaned")


@dataclass(kw_only=True)
class _Planned:
    """A row that may be written; `identity` tells when two rows mean one person."""

    row: Row
    room: Room
    name: dict[str, str]
    id_number: dict[str, str]
    phones: tuple[str, ...]
    plates: tuple[str, ...]
    birth_date: date | None
    moved_in_date: date | None
    decides: bool

    @property
    def identity(self) -> tuple[str, str] | None:
        """ID number, else name and first number; None when nothing tells the person from a namesake."""
        if self.id_number["id_number_index"]:
            return ("id", self.id_number["id_number_index"])
        return (self.name["name"], self.phones[0]) if self.phones else None


@dataclass(kw_only=True)
class _Known:
    """What the archive holds already."""

    rooms: dict[str, Room]
    homes: dict[int, Household]
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    members: set[tuple[int, int]] = field(default_factory=set)
    deciding: set[int] = field(default_factory=set)
    plates: set[tuple[int, str]] = field(default_factory=set)
    numbers: dict[int, set[str]] = field(default_factory=dict)  # by person


def import_people(
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
    """Add the people of a file to the households of their rooms, all or none; a dry run only reports.

    Households are opened where nobody lives yet. Rows of one ID number, or of one name and first phone, are
    one person, also if the archive knows him. Whoever is marked as deciding takes it over; without a mark it is
    the first owner of a household that has nobody (C-81). Raises Refused for a file that cannot be read.
    """
    table = read_table(path=path, columns=COLUMNS)
    found = Findings(columns=_BY_NAME, problems=list(table.problems))
    known = _load(site=site)
    plans = _plan(site=site, rows=watched(table.rows, checking), known=known, found=found)
    written: dict[str, int] = {}
    if not found.problems and not dry_run and plans:
        with transaction.atomic():
            if progress is not None:
                progress(0, len(plans))
            written = _write(
                site=site, plans=plans, known=known, file=path.name, by=by, at=at, progress=progress
            )
            if within is not None:
                within(written)
    return ImportReport(
        file=path.name,
        row_count=len(table.rows),
        problems=tuple(sorted(found.problems, key=lambda problem: problem.row)),
        written=written,
        dry_run=dry_run,
    )


def _load(*, site: Site) -> _Known:
    homes = Household.objects.filter(site=site, active_to__isnull=True)
    known = _Known(
        rooms={room.key: room for room in Room.objects.filter(site=site)},
        homes={home.room_id: home for home in homes},
    )
    for person in Person.objects.filter(site=site).exclude(id_number_index=""):
        known.people["id", person.id_number_index] = person
    for phone in Phone.objects.filter(site=site).select_related("person").order_by("-pk"):
        known.people[phone.person.name, phone.number] = phone.person
        known.numbers.setdefault(phone.person_id, set()).add(phone.number)
    for member in Member.objects.filter(household__site=site, active_to__isnull=True):
        known.members.add((member.household_id, member.person_id))
        if member.decides:
            known.deciding.add(member.household_id)
    known.plates.update(Vehicle.objects.filter(site=site).values_list("household_id", "plate"))
    return known


def _plan(*, site: Site, rows: Iterable[Row], known: _Known, found: Findings) -> list[_Planned]:
    deciding: dict[int, int] = {}
    placed: dict[tuple[int, tuple[str, str]], int] = {}
    plans = []
    for row in rows:
        plan = _plan_row(site=site, row=row, known=known, found=found)
        if plan is None:
            continue
        if plan.decides and deciding.setdefault(plan.room.pk, row.number) != row.number:
            found.add(row, "decides", gettext_noop("这户在第%(row)s行已有决定人"), row=deciding[plan.room.pk])
        _check_place(plan=plan, known=known, placed=placed, found=found)
        plans.append(plan)
    for plan in plans:
        home = known.homes.get(plan.room.pk)
        if plan.row["relation"] == Member.Relation.OWNER and not (home and home.pk in known.deciding):
            plan.decides = deciding.setdefault(plan.room.pk, plan.row.number) == plan.row.number
    return plans


def _check_place(
    *, plan: _Planned, known: _Known, placed: dict[tuple[int, tuple[str, str]], int], found: Findings
) -> None:
    """Nobody stands twice in one household."""
    if plan.identity is None:
        return
    first = placed.setdefault((plan.room.pk, plan.identity), plan.row.number)
    if first != plan.row.number:
        found.add(plan.row, "name", gettext_noop("与第%(row)s行是同一人"), row=first)
    home, person = known.homes.get(plan.room.pk), known.people.get(plan.identity)
    if home is not None and person is not None and (home.pk, person.pk) in known.members:
        found.add(plan.row, "name", gettext_noop("%(name)s已在这户的档案里"), name=person.name)


def _plan_row(*, site: Site, row: Row, known: _Known, found: Findings) -> _Planned | None:
    if not all(row[column.name] for column in COLUMNS if column.required):
        return None  # noted as missing already
    key = room_key(building=row["building"], unit=row["unit"], room=row["room"])
    room = known.rooms.get(key)
    if room is None:
        found.add(row, "room", gettext_noop("档案里没有%(room)s,请先导入房屋"), room=key)
    found.fits(row, "call_as", length=40)
    found.fits(row, "reminder", length=200)
    name = _clean(row=row, name="name", found=found, clean=lambda text: name_columns(name=text))
    id_number = _clean(
        row=row, name="id_number", found=found, clean=lambda text: id_number_columns(id_number=text)
    )
    phones = _phones(site=site, row=row, found=found)
    plates = tuple(
        plate
        for text in re.split(r"[,，;；、/\n]+", row["plates"])
        if text.strip()
        for plate in _clean(row=row, name="plates", found=found, clean=_plate, text=text) or ()
    )
    birth_date = found.date_of(row, "birth_date")
    moved_in_date = found.date_of(row, "moved_in")
    if room is None or name is None or id_number is None:
        return None
    return _Planned(
        row=row,
        room=room,
        name=name,
        id_number=id_number,
        phones=phones,
        plates=plates,
        birth_date=birth_date,
        moved_in_date=moved_in_date,
        decides=row["decides"] == "yes",
    )


def _plate(text: str) -> tuple[str, ...]:
    return (clean_plate(plate=text),)


def _clean(
    *, row: Row, name: str, found: Findings, clean: Callable[[str], Cleaned], text: str | None = None
) -> Cleaned | None:
    """A cell as the archive stores it; None if it would be refused, which is noted."""
    try:
        return clean(row[name] if text is None else text)
    except Refused as refusal:
        found.refused(row, name, refusal)
        return None


def _phones(*, site: Site, row: Row, found: Findings) -> tuple[str, ...]:
    try:
        return split_phones(text=row["phones"], area_code=site.area_code)
    except BadPhone as error:
        found.add(row, "phones", gettext_noop("“%(phone)s”不像电话号码"), phone=error.text)
        return ()


@transaction.atomic
def _write(
    *,
    site: Site,
    plans: list[_Planned],
    known: _Known,
    file: str,
    by: Staff | None,
    at: datetime,
    progress: Progress | None,
) -> dict[str, int]:
    homes = _open_homes(site=site, plans=plans, known=known)
    people, person_count = _add_people(site=site, plans=plans, known=known)
    marked = [homes[plan.room.pk].pk for plan in plans if plan.decides]
    # whoever decided before gives it up in the same transaction, so the constraint of one holds throughout
    for start in range(0, len(marked), BATCH):
        Member.objects.filter(
            household_id__in=marked[start : start + BATCH], decides=True, active_to__isnull=True
        ).update(decides=False)
    members = [
        Member(
            household=homes[plan.room.pk],
            person=person,
            relation=plan.row["relation"],
            decides=plan.decides,
            is_emergency_contact=plan.row["emergency"] == "yes",
            active_from=plan.moved_in_date or localtime(at).date(),
        )
        for plan, person in zip(plans, people, strict=True)
    ]
    for start in range(0, len(members), BATCH):
        Member.objects.bulk_create(members[start : start + BATCH])
        if progress is not None:
            progress(min(start + BATCH, len(members)), len(members))
    vehicle_count = _add_vehicles(site=site, plans=plans, known=known, homes=homes)
    written = {"people": person_count, "members": len(members), "vehicles": vehicle_count}
    note_import(
        site=site, what="people", file=file, row_count=len(plans), written=written, by=by, at=at, rule="A-06"
    )
    return written


def _open_homes(*, site: Site, plans: list[_Planned], known: _Known) -> dict[int, Household]:
    """The household of every room named, opened where nobody lives; reminders are added, never taken away."""
    moved_in = {plan.room.pk: plan.moved_in_date for plan in reversed(plans) if plan.moved_in_date}
    reminders = {plan.room.pk: plan.row["reminder"] for plan in reversed(plans) if plan.row["reminder"]}
    empty = dict.fromkeys(plan.room.pk for plan in plans if plan.room.pk not in known.homes)
    made = Household.objects.bulk_create(
        Household(
            site=site,
            room_id=room_id,
            moved_in_date=moved_in.get(room_id),
            reminder=reminders.get(room_id, ""),
        )
        for room_id in empty
    )
    changed = []
    for room_id, reminder in reminders.items():
        home = known.homes.get(room_id)
        if home is not None and not home.reminder:
            home.reminder = reminder
            changed.append(home)
    Household.objects.bulk_update(changed, ["reminder"], batch_size=BATCH)
    return known.homes | {home.room_id: home for home in made}


def _add_people(*, site: Site, plans: list[_Planned], known: _Known) -> tuple[list[Person], int]:
    """The person of every row, known or new, and how many are new."""
    people: list[Person] = []
    fresh: list[Person] = []
    wanted: dict[tuple[int, str], Person] = {}
    for plan in plans:
        person = known.people.get(plan.identity) if plan.identity else None
        if person is None:
            person = Person(
                site=site,
                **plan.name,
                **plan.id_number,
                call_as=plan.row["call_as"],
                birth_date=plan.birth_date,
            )
            fresh.append(person)
            if plan.identity:
                known.people[plan.identity] = person
        people.append(person)
        have = known.numbers.get(person.pk, set()) if person.pk else set()
        # a second row about the same person may bring another number
        wanted |= {(id(person), number): person for number in plan.phones if number not in have}
    Person.objects.bulk_create(fresh, batch_size=BATCH)
    # the first number of somebody who has none yet is the one to try first
    without = {id(person) for person in people if not (person.pk and known.numbers.get(person.pk))}
    first = {key[0]: key for key in reversed(wanted) if key[0] in without}
    Phone.objects.bulk_create(
        (
            new_phone(site=site, person=person, number=key[1], is_primary=first.get(key[0]) == key)
            for key, person in wanted.items()
        ),
        batch_size=BATCH,
    )
    for (_, number), person in wanted.items():
        known.numbers.setdefault(person.pk, set()).add(number)
    return people, len(fresh)


def _add_vehicles(*, site: Site, plans: list[_Planned], known: _Known, homes: dict[int, Household]) -> int:
    wanted = dict.fromkeys((homes[plan.room.pk].pk, plate) for plan in plans for plate in plan.plates)
    rows = [
        Vehicle(site=site, household_id=home_id, plate=plate)
        for home_id, plate in wanted
        if (home_id, plate) not in known.plates
    ]
    Vehicle.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
