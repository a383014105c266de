"""The homes of the demonstration site and the invented people in them, brought in as a real site would."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from yingsheng.kernel.estate import services
from yingsheng.kernel.estate.models import Household, Member, Person
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.imports import people, rooms
from yingsheng.ops.imports.people import import_people
from yingsheng.ops.imports.rooms import import_rooms
from yingsheng.ops.imports.tables import Column, ImportReport

BUILDINGS, UNITS, FLOORS = 6, 2, 13
AREAS = ("东片区", "西片区")
Line = dict[str, str]


def build_homes(*, site: Site, by: Staff, at: datetime, rng: Random) -> int:
    """Bring in 300 homes with about 750 people through the ordinary imports; returns how many people.

    Raises ValueError if an import finds fault with what was made up.
    """
    homes = [
        (str(building), str(unit), f"{floor}{door:02d}")
        for building in range(1, BUILDINGS + 1)
        for unit in range(1, UNITS + 1)
        for floor in range(1, FLOORS + 1)
        for door in (1, 2)
        if (floor, door) != (1, 2)  # the duty room
    ]
    lines = [line for home in homes for line in _household(home=home, rng=rng, at=at)]
    with tempfile.TemporaryDirectory() as folder:
        room_file, people_file = Path(folder) / "房屋.csv", Path(folder) / "住户.csv"
        _write(path=room_file, columns=rooms.COLUMNS, lines=(_room(home=home, rng=rng) for home in homes))
        _write(path=people_file, columns=people.COLUMNS, lines=lines)
        _expect(import_rooms(site=site, path=room_file, by=by, at=at))
        report = import_people(site=site, path=people_file, by=by, at=at)
        _expect(report)
    return report.written["people"]


def _expect(report: ImportReport) -> None:
    if report.problems:
        raise ValueError(f"the demonstration does not import: {report.problems[0]}")


def _write(*, path: Path, columns: Sequence[Column], lines: Iterable[Line]) -> None:
    titles = {column.name: column.title for column in columns}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(titles.values()))
        writer.writeheader()
        writer.writerows({titles[name]: text for name, text in line.items()} for line in lines)


def _room(*, home: tuple[str, str, str], rng: Random) -> Line:
    building, unit, number = home
    return {
        "building": f"{building}栋",
        "unit": f"{unit}单元",
        "room": number,
        "area": AREAS[int(building) > BUILDINGS // 2],
        "area_m2": f"{rng.choice((89, 98, 118, 136)) + rng.randrange(100) / 100:.2f}",
        "former": f"{'ABCDEF'[int(building) - 1]}{unit}-{number}" if building in "12" else "",
    }


def _household(*, home: tuple[str, str, str], rng: Random, at: datetime) -> list[Line]:
    """One to four people, the owner first; a fifth of the homes are let."""
    words = texts("people")
    if rng.random() < 0.04:
        return []  # still empty
    let = rng.random() < 0.18
    family = _name(rng)
    others: list[tuple[str, str]] = []
    if let:
        others = [("租户", _name(rng))] + ([("租户", _name(rng))] if rng.random() < 0.4 else [])
    else:
        others = [("共有人" if rng.random() < 0.3 else "家属", _name(rng))] if rng.random() < 0.8 else []
        others += [("家属", _name(rng, surname=family[0]))] * (rng.random() < 0.55)
        others += [("家属", _name(rng))] * (rng.random() < 0.18)
    moved_in = at.date() - timedelta(days=rng.randrange(200, 2400))
    lines = []
    for place, (relation, name) in enumerate([("业主", family), *others]):
        adult = place < 2 or let
        decides = place == (1 if let and rng.random() < 0.3 else 0)
        lines.append(
            {
                "building": home[0],
                "unit": home[1],
                "room": home[2],
                "name": name,
                "relation": relation,
                "phones": _phone(rng) if adult or rng.random() < 0.4 else "",
                "birth_date": _birthday(rng=rng, today=at.date()) if rng.random() < 0.3 else "",
                "decides": "是" if decides and place == 0 else "",
                "emergency": "是" if place == 1 and rng.random() < 0.3 else "",
                "moved_in": moved_in.isoformat(),
                "plates": _plate(rng) if place == 0 and rng.random() < 0.62 else "",
                "reminder": rng.choice(words["reminders"]) if place == 0 and rng.random() < 0.07 else "",
            }
        )
    return lines


def _name(rng: Random, *, surname: str = "") -> str:
    words = texts("people")
    return (surname or rng.choice(words["surnames"])) + "".join(
        rng.sample(words["given"], 2 if rng.random() < 0.72 else 1)
    )


def _phone(rng: Random) -> str:
    return f"{rng.choice(texts('people')['mobile_heads'])}{rng.randrange(10**7):07d}"


def _plate(rng: Random) -> str:
    signs = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    return f"粤{rng.choice('ABEFS')}{rng.choice(signs)}{rng.randrange(10000):04d}"


def _birthday(*, rng: Random, today: date) -> str:
    return (today - timedelta(days=rng.randrange(25 * 365, 84 * 365))).isoformat()


def change_some_archives(*, site: Site, by: Staff, at: datetime, rng: Random) -> None:
    """Two flats change hands and a few people give consent, so that the archive shows what happens to it."""
    homes = list(
        Household.objects.filter(site=site, active_to__isnull=True, members__relation=Member.Relation.OWNER)
        .distinct()
        .order_by("pk")
    )
    for home in rng.sample(homes, 2):
        owner = services.add_person(site=site, name=_name(rng), phones=[_phone(rng)], by=by, at=at)
        services.change_title(household=home, owner=owner, changed_date=at.date(), by=by, at=at)
    people = list(Person.objects.filter(site=site).order_by("pk"))
    for person in rng.sample(people, 12):
        services.give_consent(person=person, purpose=rng.choice(texts("people")["consents"]), by=by, at=at)
