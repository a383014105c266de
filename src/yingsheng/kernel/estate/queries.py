"""Reading the archive: who calls (see `callers`), the card of a household, a room by its key."""

from __future__ import annotations

from dataclasses import dataclass

from yingsheng.base.phones import mask_phone
from yingsheng.base.plates import format_plate
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.kernel.estate.callers import Match, find_callers
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.reminders import reminder_words
from yingsheng.kernel.org.models import Site

__all__ = [
    "Card", "CardMember", "CardPhone", "CardVehicle", "Match", "find_callers", "find_household", "find_room",
    "find_room_named", "household_card", "person_phones",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CardPhone:
    """A number on the card: `masked` is shown, `id` is what a reveal asks for."""

    id: int
    masked: str
    label: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class CardMember:
    """Somebody of the household, as the card shows him."""

    id: int
    person: Person
    relation: str
    decides: bool
    is_emergency_contact: bool
    phones: tuple[CardPhone, ...]


@dataclass(frozen=True, kw_only=True)
class CardVehicle:
    """A car of the household."""

    id: int
    plate: str
    model: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the desk sees of a household: who decides stands first (C-81), numbers are masked."""

    household: Household
    room: Room
    members: tuple[CardMember, ...]
    vehicles: tuple[CardVehicle, ...]
    reminders: tuple[str, ...]  # message ids, then the household's own words
    is_key_customer: bool

    @property
    def reminder(self) -> str:
        """The household's own words beside the usual reminders."""
        return self.household.reminder

    @property
    def plates(self) -> tuple[str, ...]:
        """The plates alone, as they are read."""
        return tuple(vehicle.plate for vehicle in self.vehicles)

    @property
    def decision_maker(self) -> CardMember | None:
        """The member to be informed, None if nobody was named."""
        return next((member for member in self.members if member.decides), None)


def household_card(*, household: Household) -> Card:
    """The card of a household, in four statements whatever its size; phone numbers are masked."""
    fresh = Household.objects.select_related("room__building").get(pk=household.pk)
    rows = list(
        Member.objects.filter(household=fresh, active_to__isnull=True)
        .select_related("person")
        .order_by("-decides", "id")
    )
    phones: dict[int, list[CardPhone]] = {}
    for phone in Phone.objects.filter(person_id__in=[row.person_id for row in rows]).order_by(
        "-is_primary", "id"
    ):
        phones.setdefault(phone.person_id, []).append(_card_phone(phone))
    vehicles = Vehicle.objects.filter(household=fresh).order_by("id")
    return Card(
        household=fresh,
        room=fresh.room,
        members=tuple(
            CardMember(
                id=row.pk,
                person=row.person,
                relation=Member.Relation(row.relation).label,
                decides=row.decides,
                is_emergency_contact=row.is_emergency_contact,
                phones=tuple(phones.get(row.person_id, ())),
            )
            for row in rows
        ),
        vehicles=tuple(
            CardVehicle(id=row.pk, plate=format_plate(plate=row.plate), model=row.model) for row in vehicles
        ),
        reminders=tuple(reminder_words(codes=fresh.reminder_codes, text=fresh.reminder)),
        is_key_customer=fresh.is_key_customer,
    )


def find_room_named(*, site: Site, text: str) -> Room | None:
    """The room that somebody typed in whatever spelling, None for none."""
    words = parse_room(text=text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    return find_room(site=site, key=key) if key else None


def find_household(*, room: Room) -> Household | None:
    """The household that lives in a room now."""
    return Household.objects.filter(room=room, active_to__isnull=True).first()


def find_room(*, site: Site, key: str) -> Room | None:
    """The room with this canonical key."""
    return Room.objects.filter(site=site, key=key).select_related("building").first()


def person_phones(*, person: Person) -> tuple[CardPhone, ...]:
    """The masked numbers of a person, the one to try first on top."""
    return tuple(_card_phone(phone) for phone in person.phones.order_by("-is_primary", "pk"))


def _card_phone(phone: Phone) -> CardPhone:
    return CardPhone(
        id=phone.pk,
        masked=mask_phone(number=phone.number),
        label=phone.label,
        is_primary=phone.is_primary,
    )
