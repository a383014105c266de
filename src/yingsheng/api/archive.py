"""Writing the archive: every deed of `kernel.estate.verbs`, somebody new, a person, a room, the history of a home."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import MomentOut, Shape, text_of
from yingsheng.api.obligations import RowId
from yingsheng.api.paging import PageQuery, page_by_number, read_cursor
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import UNKNOWN_ROOM, Body, fields_of, room_by_words, schema_from
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import EventOut, EventPage, RoomOut, person_out
from yingsheng.api.words import fill_words
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.estate.forms import NEWCOMER, RESIDENT
from yingsheng.kernel.estate.history import list_history, list_person_history, readable
from yingsheng.kernel.estate.models import Consent, Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.personal import masked_person
from yingsheng.kernel.estate.queries import find_household, person_phones
from yingsheng.kernel.estate.residents import register_resident
from yingsheng.kernel.estate.services import add_person
from yingsheng.kernel.estate.verbs import VERBS, Subject, Verb, find_subject
from yingsheng.kernel.events.kinds import get_kind
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow

SEEN = (("seen", Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]),)
PLURAL = {
    "household": "households",
    "member": "members",
    "person": "persons",
    "phone": "phones",
    "vehicle": "vehicles",
    "consent": "consents",
    "room": "rooms",
}
ROOM = (("room", text_of(limit=60, required=True)),)


class Done(Shape):
    """What a deed was done to, and the file it belongs to with its version now: `seen` of the next deed."""

    id: int
    household: int | None
    person: int | None
    room: RoomOut | None
    version: int


class PhoneLine(Shape):
    """A masked number; the primary one is tried first."""

    id: int
    masked: str
    label: str
    is_primary: bool


class ConsentOut(Shape):
    """What somebody agreed to."""

    id: int
    purpose: str
    given_at: MomentOut
    withdrawn_at: MomentOut | None


class HomeOut(Shape):
    """Where somebody lives or lived, and as what."""

    member: int
    household: int
    room: str
    relation: str
    active_from: date | None
    active_to: date | None


class PersonCard(Shape):
    """Somebody of the archive, masked."""

    id: int
    name: str
    call_as: str
    do_not_call: bool
    note: str
    id_number: str
    birth_date: str
    version: int
    phones: list[PhoneLine]
    homes: list[HomeOut]
    consents: list[ConsentOut]


class RoomCard(Shape):
    """A room with its facts and who lives there now."""

    id: int
    key: str
    label: str
    building: str
    unit: str
    number: str
    use: str
    floor: int | None
    area_m2: Decimal | None
    former_key: str
    version: int
    household: int | None


def deed_model(*, verb: Verb) -> type[Body]:
    """The body of a deed: its form, and the version it was decided on."""
    return schema_from(spec=verb.form, extra=SEEN)


def do_deed(request: ApiRequest, *, verb: Verb, pk: int) -> HttpResponse:
    """Do a deed: 404 for what is not of the site, 403 without the permission, 409 for an older version."""
    session = request.auth
    session.demand(Allow.EDIT_ESTATE)
    subject = find_subject(kind=verb.kind, pk=pk, site=session.actor.site)
    if subject is None:
        raise not_found()
    sent = read_body(request=request, model=deed_model(verb=verb))
    fields = fields_of(spec=verb.form, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009

    def run() -> Reply:
        made = verb.run(subject=subject, by=session.actor.staff, at=session.now, seen=seen, **fields)
        return Reply(body=_done(made))

    return accept(request=request, run=run)


def register_new(request: ApiRequest) -> HttpResponse:
    """Enter somebody who lives in a room; where nobody lived, the household's file is opened with him (A-03)."""
    session = request.auth
    session.demand(Allow.EDIT_ESTATE)
    sent = read_body(request=request, model=schema_from(spec=RESIDENT, extra=ROOM))
    site = session.actor.site
    room = room_by_words(site=site, text=getattr(sent, "room"))  # noqa: B009
    if room is None:
        raise unknown(field="room", text=UNKNOWN_ROOM)
    fields = fields_of(spec=RESIDENT, sent=sent, site=site)
    phone = fields.pop("phone")

    def run() -> Reply:
        made = register_resident(
            room=room, phones=[phone] if phone else [], by=session.actor.staff, at=session.now, **fields
        )
        return Reply(status=201, body=_done(made))

    return accept(request=request, run=run)


def add_newcomer(request: ApiRequest) -> HttpResponse:
    """Enter somebody without a home here: another person (C-84)."""
    session = request.auth
    session.demand(Allow.EDIT_ESTATE)
    sent = read_body(request=request, model=schema_from(spec=NEWCOMER))
    fields = fields_of(spec=NEWCOMER, sent=sent, site=session.actor.site)
    phone = fields.pop("phone")

    def run() -> Reply:
        made = add_person(
            site=session.actor.site,
            phones=[phone] if phone else [],
            by=session.actor.staff,
            at=session.now,
            **fields,
        )
        return Reply(status=201, body=_done(made))

    return accept(request=request, run=run)


def show_person(request: ApiRequest, id: RowId) -> PersonCard:
    """Somebody of the archive, masked, with his version."""
    person = _person_or_404(request.auth, id)
    shown = masked_person(person=person)
    homes = Member.objects.filter(person=person).select_related("household__room").order_by("pk")
    return PersonCard(
        id=person.pk,
        name=person.name,
        call_as=person.call_as,
        do_not_call=person.do_not_call,
        note=person.note,
        id_number=shown.id_number,
        birth_date=shown.birth_date,
        version=person.version,
        phones=[
            PhoneLine(id=one.id, masked=one.masked, label=one.label, is_primary=one.is_primary)
            for one in person_phones(person=person)
        ],
        homes=[
            HomeOut(
                member=row.pk,
                household=row.household_id,
                room=row.household.room.key,
                relation=row.relation,
                active_from=row.active_from,
                active_to=row.active_to,
            )
            for row in homes
        ],
        consents=[
            ConsentOut(id=one.pk, purpose=one.purpose, given_at=one.given_at, withdrawn_at=one.withdrawn_at)
            for one in person.consents.order_by("pk")
        ],
    )


def show_room(request: ApiRequest, key: str) -> RoomCard:
    """A room by its key (3-2-1802) or the way people say it."""
    session = request.auth
    session.demand(Allow.SEE_ESTATE)
    room = room_by_words(site=session.actor.site, text=key[:60])
    if room is None:
        raise not_found()
    home = find_household(room=room)
    return RoomCard(
        id=room.pk,
        key=room.key,
        label=room.label,
        building=room.building.code,
        unit=room.unit,
        number=room.number,
        use=room.use,
        floor=room.floor,
        area_m2=room.area_m2,
        former_key=room.former_key,
        version=room.version,
        household=home.pk if home is not None else None,
    )


def show_home_history(request: ApiRequest, id: RowId, page: Query[PageQuery]) -> EventPage:
    """What happened to a household, its room and its people, newest first."""
    session = request.auth
    session.demand(Allow.SEE_ESTATE)
    home = Household.objects.filter(site=session.actor.site, pk=id).first()
    if home is None:
        raise not_found()
    return _history(list_history(household=home), page)


def show_person_history(request: ApiRequest, id: RowId, page: Query[PageQuery]) -> EventPage:
    """What happened to a person's entry, newest first, openings of masked fields among it."""
    return _history(list_person_history(person=_person_or_404(request.auth, id)), page)


def add_archive(*, router: Router) -> None:
    """Add the operations that write the archive; one for each declared deed, so that each has its own schema.

    They share the router of those that read it, for an address answers all its methods in one router.
    """
    router.post(
        "/households",
        response={201: Done},
        operation_id="register_resident",
        openapi_extra=body_doc(schema_from(spec=RESIDENT, extra=ROOM)),
    )(register_new)
    router.post(
        "/persons",
        response={201: Done},
        operation_id="add_person",
        openapi_extra=body_doc(schema_from(spec=NEWCOMER)),
    )(add_newcomer)
    router.get("/persons/{id}", response=PersonCard, operation_id="show_person")(show_person)
    router.get("/rooms/{key}", response=RoomCard, operation_id="show_room")(show_room)
    router.get("/households/{id}/events", response=EventPage, operation_id="show_household_history")(
        show_home_history
    )
    router.get("/persons/{id}/events", response=EventPage, operation_id="show_person_history")(
        show_person_history
    )
    for verb in VERBS:
        _add_deed(router=router, verb=verb)


def _add_deed(*, router: Router, verb: Verb) -> None:
    def deed(request: ApiRequest, id: RowId) -> HttpResponse:
        return do_deed(request, verb=verb, pk=id)

    router.post(
        f"/{PLURAL[verb.kind]}/{{id}}/{verb.code}",
        response=Done,
        operation_id=f"{verb.kind}_{verb.code}",
        summary=verb.title,
        description=f"Permission: {Allow.EDIT_ESTATE.value}.",
        openapi_extra=body_doc(deed_model(verb=verb)),
    )(deed)


def _person_or_404(session: Session, pk: int) -> Person:
    session.demand(Allow.SEE_ESTATE)
    person = Person.objects.filter(site=session.actor.site, pk=pk).first()
    if person is None:
        raise not_found()
    return person


def _done(made: Subject) -> Done:
    """The record made or changed, with the file whose version rose."""
    home: Household | None = None
    person: Person | None = None
    if isinstance(made, Household):
        home = made
    elif isinstance(made, Member):
        home, person = Household.objects.select_related("room").get(pk=made.household_id), made.person
    elif isinstance(made, Vehicle):
        home = Household.objects.select_related("room").get(pk=made.household_id)
    elif isinstance(made, Phone | Consent):
        person = Person.objects.get(pk=made.person_id)
    elif isinstance(made, Person):
        person = made
    room: Room | None = made if isinstance(made, Room) else home.room if home is not None else None
    owner = made if isinstance(made, Room) else home or person
    assert owner is not None
    return Done(
        id=made.pk,
        household=home.pk if home is not None else None,
        person=person.pk if person is not None else None,
        room=RoomOut(key=room.key, label=room.label) if room is not None else None,
        version=owner.version,
    )


def _history(rows: Any, page: PageQuery) -> EventPage:
    place = read_cursor(text=page.cursor)
    if place is not None:
        rows = rows.filter(seq__lt=place.id)
    found, following = page_by_number(
        rows=list(rows[: page.limit + 1]), number=lambda event: int(event.seq), limit=page.limit
    )
    return EventPage(items=[_event(event) for event in found], next=following)


def _event(event: Event) -> EventOut:
    words = fill_words(text=get_kind(code=event.kind).text, values=readable(data=event.data))
    by = event.by if isinstance(event.by, Staff) else None
    return EventOut(
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        by=person_out(staff=by),
        text=words.rstrip("：:（ "),
        rule=event.rule,
    )
