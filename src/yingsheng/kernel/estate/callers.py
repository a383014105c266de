"""Finding who calls, by whatever a caller says of himself, in a constant number of statements."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q

from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.plates import BadPlate, normalise_plate
from yingsheng.base.rooms import RoomWords, parse_room, room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.columns import find_id_number
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.personal import ID_NUMBER_FIELD
from yingsheng.kernel.estate.sealing import blind_index
from yingsheng.kernel.org.models import Site

ROOM = gettext_noop("房号")
FORMER_ROOM = gettext_noop("曾用号")
NAME = gettext_noop("姓名")
PINYIN = gettext_noop("拼音")
PHONE = gettext_noop("电话")
LAST_FOUR = gettext_noop("电话后四位")
LAST_DIGITS = gettext_noop("电话尾号")
PLATE = gettext_noop("车牌")
ID_NUMBER = gettext_noop("身份证号")


_FORMS_OF_ADDRESS = re.compile(r"(?<=.)(?:先生|女士|小姐|太太|老师|师傅|阿姨|叔叔|大爷|大妈|总)$")
_HAN = re.compile(r"[一-鿿㐀-䶿]")
LAST_SIGN = "\U0010ffff"  # sorts behind every text that begins alike
MANY_ROOMS = 200
SHORTEST_BEGINNING = 3  # digits of a room number that are taken for the beginning of a longer one
_LIVING = Q(active_to__isnull=True)


@dataclass(frozen=True, kw_only=True)
class Match:
    """One person or room a text may mean: `why` is a message id, `certainty` 0 to 100.

    A match has a person, a room or both; `household` is where the person lives now.
    """

    person: Person | None
    household: Household | None
    room: Room | None
    why: str
    certainty: int


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A text taken apart: the whole, the room words in it, and what is left beside them."""

    text: str
    room: RoomWords | None
    word: str


def find_callers(*, site: Site, text: str, limit: int = 20) -> list[Match]:
    """Everybody a text may mean, most certain first, never fewer because one looks right.

    Understood: rooms (3-2-1802, 3栋2单元1802, 1802, 曾用号), names and their beginnings, pinyin in full or
    by initials, phones in full or by at least three last digits, plates, resident ID numbers; a room may be
    followed by a name ("1802 王"). At most eight statements. When several rooms fit, each shows only who
    decides there; a single room shows all its members. Rules A-20, C-81.
    """
    asked = _take_apart(text=text)
    if not asked.text:
        return []
    # with a name beside the room every room of that number counts, not the first few
    rooms = _rooms(site=site, asked=asked, limit=MANY_ROOMS if asked.room and asked.word else limit)
    people = _people(site=site, asked=asked, limit=limit)
    vehicles = _vehicles(site=site, asked=asked, limit=limit)
    homes = {vehicle.household.room_id: vehicle.household for vehicle in vehicles}
    homes |= _homes(rooms=[room for room, _, _ in rooms])
    living = _living_in(homes=homes.values())
    found = [
        *_room_matches(rooms=rooms, homes=homes, living=living),
        *_people_matches(people=people),
        *_vehicle_matches(vehicles=vehicles, living=living),
        *_both_matches(living=living, word=asked.word if asked.room else ""),
    ]
    return _best(found=found)[:limit]


def _take_apart(*, text: str) -> _Asked:
    whole = unicodedata.normalize("NFKC", text).replace("\0", "").strip()
    room = parse_room(text=whole)
    # "王 1802": a bare room number is only taken for one at the beginning, so the words are turned round
    head, blank, last = whole.rpartition(" ")
    if room is None and blank and _HAN.search(head) and (said := parse_room(text=last)):
        room = replace(said, rest=f"{head} {said.rest}".strip())
    return _Asked(text=whole, room=room, word=room.rest if room else whole)


def _begins(*, field: str, text: str) -> Q:
    """A condition "begins with" that an ordinary index serves.

    SQLite compares by code point, so a range is exact and uses the index (its LIKE would not); another
    database may sort by language, where only LIKE is right (served if its collation is C).
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}{LAST_SIGN}"})
    return Q(**{f"{field}__startswith": text})


def _rooms(*, site: Site, asked: _Asked, limit: int) -> list[tuple[Room, str, int]]:
    said = asked.room
    if said is None:
        return []
    key = room_key(building=said.building, unit=said.unit, room=said.room)
    rows = Room.objects.filter(site=site)
    if said.building and said.room:
        by_number = Q(number=said.room) & _begins(field="key", text=f"{said.building}-")
        chosen = rows.filter(Q(key=key) if said.unit else Q(key=key) | by_number)
    elif said.room:
        # "0001" is room 1, not every room that begins with 1
        begun = len(said.room) >= SHORTEST_BEGINNING
        chosen = rows.filter(_begins(field="number", text=said.room) if begun else Q(number=said.room))
        if said.unit:
            chosen = chosen.filter(number=said.room, unit=said.unit)
    elif said.building:
        chosen = rows.filter(_begins(field="key", text=f"{key}-"))
    else:
        return []
    # the shortest number is the one typed in full; "180" also begins 1801 …
    order = ("number", "key") if said.room and not said.building else ("key",)
    found = [
        (room, ROOM, _room_certainty(room=room, said=said, key=key))
        for room in chosen.order_by(*order)[:limit]
    ]
    if said.room and not any(certainty >= 80 for _, _, certainty in found):
        found += [(room, FORMER_ROOM, 90) for room in rows.filter(former_key=key).order_by("key")[:limit]]
    return found


def _room_certainty(*, room: Room, said: RoomWords, key: str) -> int:
    if room.key == key:
        return 100
    if said.room and room.number == said.room:
        return 90 if said.building else 80
    return 40


def _people(*, site: Site, asked: _Asked, limit: int) -> list[tuple[Person, str, int]]:
    found = _by_phone(site=site, asked=asked, limit=limit)
    word = re.sub(r"\s+", "", asked.word)
    people = Person.objects.filter(site=site)
    if number := find_id_number(text=asked.text):
        mark = blind_index(text=number, field=ID_NUMBER_FIELD)
        found += [(person, ID_NUMBER, 100) for person in people.filter(id_number_index=mark)[:limit]]
    elif _HAN.match(word):
        name = _FORMS_OF_ADDRESS.sub("", word)
        rows = people.filter(_begins(field="name", text=name)).order_by("name", "id")[:limit]
        found += [(person, NAME, 95 if person.name == name else 70) for person in rows]
    elif re.fullmatch(r"[A-Za-z]{2,40}", word):
        said = word.lower()
        for field, exact, begun in (("pinyin", 80, 60), ("initials", 65, 50)):
            rows = people.filter(_begins(field=field, text=said)).order_by(field, "id")[:limit]
            found += [(person, PINYIN, exact if getattr(person, field) == said else begun) for person in rows]
    return found


def _by_phone(*, site: Site, asked: _Asked, limit: int) -> list[tuple[Person, str, int]]:
    text = asked.text if asked.room is None else asked.room.rest or asked.text
    digits = re.sub(r"[\s\-]", "", text)
    tail = digits if re.fullmatch(r"\d{3,12}", digits) else ""
    number = _phone(text=text, site=site)
    rows = Phone.objects.filter(site=site).select_related("person")
    found = [(row.person, PHONE, 100) for row in rows.filter(number=number)[:limit]] if number else []
    if tail:
        why = LAST_FOUR if len(tail) == 4 else LAST_DIGITS
        # in the order of the index, or the database would walk through the whole table by its key
        ending = rows.filter(_begins(field="reversed", text=tail[::-1])).order_by("reversed")[:limit]
        found += [(row.person, why, min(90, 45 + 5 * len(tail))) for row in ending if row.number != number]
    return found


def _phone(*, text: str, site: Site) -> str:
    try:
        return normalise_phone(text=text, area_code=site.area_code)
    except BadPhone:
        return ""


def _vehicles(*, site: Site, asked: _Asked, limit: int) -> list[Vehicle]:
    try:
        plate = normalise_plate(text=asked.text)
    except BadPlate:
        # the beginning of a plate while it is being typed: 粤B123
        begun = re.sub(r"[\s.·]", "", asked.text).upper()
        if not re.fullmatch(r"[一-鿿][A-Z][A-Z0-9]{1,5}", begun):
            return []
        rows = Vehicle.objects.filter(_begins(field="plate", text=begun), site=site)
    else:
        rows = Vehicle.objects.filter(plate=plate, site=site)
    return list(rows.select_related("household__room").order_by("plate")[:limit])


def _homes(*, rooms: Sequence[Room]) -> dict[int, Household]:
    """Who lives in these rooms now, by room."""
    if not rooms:
        return {}
    by_key = {room.pk: room for room in rooms}
    homes = {home.room_id: home for home in Household.objects.filter(_LIVING, room_id__in=list(by_key))}
    for home in homes.values():
        home.room = by_key[home.room_id]
    return homes


def _living_in(*, homes: Iterable[Household]) -> dict[int, list[Member]]:
    """The members of these households, by room; who decides comes first."""
    by_key = {home.pk: home for home in homes}
    if not by_key:
        return {}
    living: dict[int, list[Member]] = {}
    rows = Member.objects.filter(_LIVING, household_id__in=list(by_key)).select_related("person")
    for member in sorted(rows, key=lambda row: (not row.decides, row.pk)):
        member.household = by_key[member.household_id]
        living.setdefault(member.household.room_id, []).append(member)
    return living


def _room_matches(
    *,
    rooms: Sequence[tuple[Room, str, int]],
    homes: Mapping[int, Household],
    living: Mapping[int, Sequence[Member]],
) -> list[Match]:
    found = []
    for room, why, certainty in rooms:
        here = living.get(room.pk, ())
        if not here:
            home = homes.get(room.pk)
            found.append(Match(person=None, household=home, room=room, why=why, certainty=certainty))
        for member in here if len(rooms) == 1 else here[:1]:
            found.append(_match(member=member, why=why, certainty=certainty))
    return found


def _people_matches(*, people: Sequence[tuple[Person, str, int]]) -> list[Match]:
    if not people:
        return []
    rows = Member.objects.filter(_LIVING, person_id__in=[person.pk for person, _, _ in people])
    places: dict[int, list[Household | None]] = {}
    for member in rows.select_related("household__room"):
        places.setdefault(member.person_id, []).append(member.household)
    return [
        Match(person=person, household=home, room=home.room if home else None, why=why, certainty=certainty)
        for person, why, certainty in people
        for home in places.get(person.pk, [None])
    ]


def _vehicle_matches(*, vehicles: Sequence[Vehicle], living: Mapping[int, Sequence[Member]]) -> list[Match]:
    found = []
    for vehicle in vehicles:
        home = vehicle.household
        owner = next((m.person for m in living.get(home.room_id, ()) if m.household_id == home.pk), None)
        found.append(Match(person=owner, household=home, room=home.room, why=PLATE, certainty=100))
    return found


def _both_matches(*, living: Mapping[int, Sequence[Member]], word: str) -> list[Match]:
    """Members of the rooms found whose name also fits the word beside the room: nothing is surer."""
    asked = _FORMS_OF_ADDRESS.sub("", re.sub(r"\s+", "", word)).lower()
    if not asked:
        return []
    return [
        _match(member=member, why=NAME, certainty=100)
        for members in living.values()
        for member in members
        if any(
            known.startswith(asked)
            for known in (member.person.name.lower(), member.person.pinyin, member.person.initials)
        )
    ]


def _match(*, member: Member, why: str, certainty: int) -> Match:
    return Match(
        person=member.person,
        household=member.household,
        room=member.household.room,
        why=why,
        certainty=certainty,
    )


def _best(*, found: Iterable[Match]) -> list[Match]:
    """One line per person and home, with its surest reason; surest first, then by room and name."""
    best: dict[tuple[int | None, int | None], Match] = {}
    for match in found:
        place = (
            match.person.pk if match.person else None,
            match.room.pk if match.room else None,
        )
        if place not in best or best[place].certainty < match.certainty:
            best[place] = match
    return sorted(
        best.values(),
        key=lambda match: (
            -match.certainty,
            match.room.key if match.room else "",
            match.person.pk if match.person else 0,
        ),
    )
