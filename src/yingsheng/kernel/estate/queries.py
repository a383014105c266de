"""Reading the archive: who calls (see `callers`), the card of a household, a room by its key."""

from __future__ import annotations

from dataclasses import dataclass

from yingsheng.base.phones import mask_phone
from yingsheng.base.plates import format_plate
from yingsheng.kernel.estate.callers import Match, find_callers
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.org.models import Site

__all__ = [
    "Card", "CardMember", "CardPhone", "Match", "find_callers", "find_household", "find_room", "household_card",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CardPhone:
    """A number on the card: `masked` is shown, `id` is what a reveal asks for."""

    id: int
    masked: str
    label: str


@dataclass(frozen=True, kw_only=True)
class CardMember:
    """Somebody of the household, as the card shows him."""

    person: Person
    relation: str
    decides: bool
    is_emergency_contact: bool
    phones: tuple[CardPhone, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the desk sees of a household: who decides stands first (C-81), numbers are masked."""

    household: Household
    room: Room
    members: tuple[CardMember, ...]
    plates: tuple[str, ...]
    reminder: str
    is_key_customer: bool

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
    for phone in Phone.objects.filter(person_id__in=[row.person_id for row in rows]).order_by("id"):
        phones.setdefault(phone.person_id, []).append(
            CardPhone(id=phone.pk, masked=mask_phone(number=phone.number), label=phone.label)
        )
    plates = Vehicle.objects.filter(household=fresh).order_by("id").values_list("plate", flat=True)
    return Card(
        household=fresh,
        room=fresh.room,
        members=tuple(
            CardMember(
                person=row.person,
                relation=Member.Relation(row.relation).label,
                decides=row.decides,
                is_emergency_contact=row.is_emergency_contact,
                phones=tuple(phones.get(row.person_id, ())),
            )
            for row in rows
        ),
        plates=tuple(format_plate(plate=plate) for plate in plates),
        reminder=fresh.reminder,
        is_key_customer=fresh.is_key_customer,
    )


def find_household(*, room: Room) -> Household | None:
    """The household that lives in a room now."""
    return Household.objects.filter(room=room, active_to__isnull=True).first()


def find_room(*, site: Site, key: str) -> Room | None:
    """The room with this canonical key."""
    return Room.objects.filter(site=site, key=key).select_related("building").first()
