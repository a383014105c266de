"""What the front desk may do with the archive, declared once: the pages and the API both work from this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate import forms as f
from yingsheng.kernel.estate import phones, residents, rooms, services
from yingsheng.kernel.estate.models import Consent, Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.org.models import Site, Staff

Subject = Household | Member | Person | Phone | Vehicle | Consent | Room


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One deed: `kind` names what it is done to, `run` takes the subject, `by`, `at`, `seen` and the form's fields.

    `initial` fills the form with what is kept now; what is masked stays empty and empty means "as it is".
    """

    kind: str
    code: str
    form: FormSpec
    run: Callable[..., Any]
    initial: Callable[[Any], dict[str, Any]] | None = None
    grave: bool = False  # closes or takes away: the button warns

    @property
    def title(self) -> str:
        """The deed as its form is headed."""
        return self.form.title


# kind -> (model, the way to its site)
_HOLDERS: Mapping[str, tuple[type[Any], str]] = {
    "household": (Household, "site"),
    "member": (Member, "household__site"),
    "person": (Person, "site"),
    "phone": (Phone, "site"),
    "vehicle": (Vehicle, "site"),
    "consent": (Consent, "person__site"),
    "room": (Room, "site"),
}
_JOINS: Mapping[str, tuple[str, ...]] = {
    "household": ("room__building", "site"),
    "member": ("household__room", "person"),
    "person": ("site",),
    "phone": ("person__site",),
    "vehicle": ("household__room",),
    "consent": ("person",),
    "room": ("building", "site"),
}


def find_subject(*, kind: str, pk: int, site: Site) -> Subject | None:
    """The record of the site a verb is about; None for another site's or one that is not there."""
    model, way = _HOLDERS[kind]
    found: Subject | None = model.objects.filter(pk=pk, **{way: site}).select_related(*_JOINS[kind]).first()
    return found


def version_of(*, subject: Subject) -> int:
    """The version of the file a record belongs to: what `seen` is compared with."""
    if isinstance(subject, Member | Vehicle):
        return subject.household.version
    if isinstance(subject, Phone | Consent):
        return subject.person.version
    return subject.version


def find_verb(*, kind: str, code: str) -> Verb | None:
    """The verb, None for one nobody declared."""
    return next((verb for verb in VERBS if (verb.kind, verb.code) == (kind, code)), None)


def _resident(*, subject: Household, phone: str, **fields: Any) -> Member:
    return residents.register_resident(
        room=subject.room, household=subject, phones=[phone] if phone else [], **fields
    )


def _first_resident(*, subject: Room, phone: str, seen: int | None, **fields: Any) -> Member:
    return residents.register_resident(
        room=subject, room_seen=seen, phones=[phone] if phone else [], **fields
    )


def _informed(*, subject: Member, **fields: Any) -> Member:
    return residents.note_informed(member=subject, **fields)


def _title(*, subject: Household, phone: str, **fields: Any) -> Household:
    return residents.transfer_title(household=subject, phones=[phone] if phone else [], **fields)


def _vehicle(
    *, subject: Household, by: Staff, at: datetime, seen: int | None, plate: str, model: str
) -> Vehicle:
    return services.add_vehicle(household=subject, plate=plate, model=model, by=by, at=at, seen=seen)


def _person(*, subject: Person, id_number: str, birth_date: Any, forget: list[str], **fields: Any) -> Person:
    """What is masked was not shown, so an empty box leaves it; taking it away is said by `forget`."""
    if id_number or "id_number" in forget:
        fields["id_number"] = id_number
    if birth_date or "birth_date" in forget:
        fields["birth_date"] = birth_date
    return services.change_person(person=subject, **fields)


def _consent(*, subject: Person, seen: int | None, **fields: Any) -> Consent:
    return services.give_consent(person=subject, **fields)


def _withdraw(*, subject: Consent, seen: int | None, **fields: Any) -> Consent:
    return services.withdraw_consent(consent=subject, **fields)


def _room(*, subject: Room, area_m2: str, **fields: Any) -> Room:
    try:
        area = Decimal(area_m2) if area_m2 else None
    except ArithmeticError as error:
        raise Refused(N("建筑面积要写成数字，例如 89.5"), field="area_m2") from error
    if area is not None and not area.is_finite():
        raise Refused(N("建筑面积要写成数字，例如 89.5"), field="area_m2")
    # before rounding, for which a number can be too long
    if area is not None and abs(area) >= rooms.LARGEST_M2:
        raise Refused(N("没有这么大的建筑面积，请核对"), field="area_m2")
    return rooms.correct_room(room=subject, area_m2=area and round(area, 2), **fields)


def _as(name: str, service: Callable[..., Any]) -> Callable[..., Any]:
    """A service that calls its subject by its own name."""

    def run(*, subject: Any, **fields: Any) -> Any:
        return service(**{name: subject}, **fields)

    return run


def _kept(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda subject: {name: getattr(subject, name) for name in names}


VERBS: tuple[Verb, ...] = (
    Verb(kind="room", code="resident", form=f.RESIDENT, run=_first_resident),
    Verb(
        kind="room", code="correct", form=f.ROOM, run=_room,
        initial=_kept("unit", "number", "use", "floor", "area_m2", "former_key"),
    ),
    Verb(kind="household", code="resident", form=f.RESIDENT, run=_resident),
    Verb(
        kind="household", code="change", form=f.HOUSEHOLD, run=_as("household", residents.change_household),
        initial=_kept("reminder_codes", "reminder", "moved_in_date"),
    ),
    Verb(kind="household", code="vehicle", form=f.VEHICLE, run=_vehicle),
    Verb(kind="household", code="title", form=f.TITLE, run=_title, grave=True),
    Verb(
        kind="household", code="move_out", form=f.MOVE_OUT, run=_as("household", residents.move_out),
        grave=True,
    ),
    Verb(
        kind="member", code="change", form=f.MEMBER, run=_as("member", residents.change_member),
        initial=_kept("relation", "decides", "is_emergency_contact"),
    ),
    Verb(kind="member", code="informed", form=f.INFORMED, run=_informed),
    Verb(
        kind="member", code="end", form=f.END_MEMBER, run=_as("member", residents.end_member), grave=True
    ),
    Verb(
        kind="person", code="change", form=f.PERSON, run=_person,
        initial=_kept("name", "call_as", "do_not_call", "note"),
    ),
    Verb(kind="person", code="phone", form=f.PHONE, run=_as("person", phones.add_phone)),
    Verb(kind="person", code="consent", form=f.CONSENT, run=_consent),
    Verb(
        kind="phone", code="change", form=f.PHONE_NOTE, run=_as("phone", phones.change_phone),
        initial=_kept("label", "is_primary"),
    ),
    Verb(kind="phone", code="remove", form=f.REMOVE_PHONE, run=_as("phone", phones.remove_phone), grave=True),
    Verb(
        kind="vehicle", code="remove", form=f.REMOVE_VEHICLE, run=_as("vehicle", residents.remove_vehicle),
        grave=True,
    ),
    Verb(kind="consent", code="withdraw", form=f.WITHDRAW, run=_withdraw, grave=True),
)  # fmt: skip
