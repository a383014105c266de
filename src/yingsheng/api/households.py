"""The archive: finding who calls, a household's card, and opening what is masked with a reason."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.archive import add_archive
from yingsheng.api.cases import readable
from yingsheng.api.fields import Shape, text_of
from yingsheng.api.obligations import RowId
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLine, RoomOut, for_lines, line_of, room_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.estate.models import Household, Person
from yingsheng.kernel.estate.queries import CardMember, Match, find_callers, household_card
from yingsheng.kernel.estate.services import reveal_personal
from yingsheng.kernel.org.permissions import Allow

OPEN_SHOWN = 20


class PersonLine(Shape):
    """Somebody of the archive, masked: name and form of address only."""

    id: int
    name: str
    call_as: str


class MatchOut(Shape):
    """One person or room a text may mean; `why` in the reader's language, `certainty` 0 to 100."""

    person: PersonLine | None
    household: int | None
    room: RoomOut | None
    why: str
    certainty: int


class MatchList(Shape):
    """Everybody a text may mean, surest first."""

    items: list[MatchOut]


class PhoneOut(Shape):
    """A masked number."""

    id: int
    masked: str
    label: str
    is_primary: bool


class CarOut(Shape):
    """A car of a household."""

    id: int
    plate: str
    model: str


class MemberOut(Shape):
    """Somebody of a household."""

    id: int
    person: PersonLine
    relation: str
    decides: bool
    is_emergency_contact: bool
    do_not_call: bool
    phones: list[PhoneOut]


class HouseholdOut(Shape):
    """The card of a household: who decides stands first, numbers are masked, open matters below."""

    id: int
    room: RoomOut | None
    version: int
    active_to: date | None
    moved_in_date: date | None
    reminder: str
    reminder_codes: list[str]
    is_key_customer: bool
    members: list[MemberOut]
    plates: list[str]
    vehicles: list[CarOut]
    open_cases: list[CaseLine]


class HouseholdQuery(Shape):
    """Who is looked for."""

    q: str = Field(
        min_length=1, max_length=60, description="room, name, pinyin, phone or its last digits, plate"
    )
    limit: int = Field(20, ge=1, le=50)


class RevealIn(Body):
    """Which masked fields are to be opened, and why."""

    fields: Annotated[list[Literal["phones", "id_number", "birth_date"]], Field(min_length=1, max_length=3)]
    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class FullPhone(Shape):
    """A number in clear."""

    id: int
    number: str


class RevealOut(Shape):
    """What was opened; null for what was not asked."""

    person: int
    phones: list[FullPhone] | None
    id_number: str | None
    birth_date: str | None


def find_households(request: ApiRequest, query: Query[HouseholdQuery]) -> MatchList:
    """Everybody a text may mean: `1802 王`, `3栋2单元1802`, `wxm`, `8000`, `粤B12345`."""
    session = request.auth
    session.demand(Allow.SEE_ESTATE)
    found = find_callers(site=session.actor.site, text=query.q, limit=query.limit)
    return MatchList(items=[_match(one) for one in found])


def show_household(request: ApiRequest, id: RowId) -> HouseholdOut:
    """The card of a household of the site."""
    session = request.auth
    session.demand(Allow.SEE_ESTATE)
    household = Household.objects.filter(site=session.actor.site, pk=id).first()
    if household is None:
        raise not_found()
    card = household_card(household=household)
    return HouseholdOut(
        id=card.household.pk,
        room=room_out(room=card.room),
        version=card.household.version,
        active_to=card.household.active_to,
        moved_in_date=card.household.moved_in_date,
        reminder=card.reminder,
        reminder_codes=list(card.household.reminder_codes),
        is_key_customer=card.is_key_customer,
        members=[_member(one) for one in card.members],
        plates=list(card.plates),
        vehicles=[CarOut(id=one.id, plate=one.plate, model=one.model) for one in card.vehicles],
        open_cases=_open_cases(household=household, session=session),
    )


def reveal(request: ApiRequest, id: RowId) -> HttpResponse:
    """Open masked fields of a person; each opening is an event with its reason.

    What was opened is never kept, so an Idempotency-Key has no effect here: sent again, it is opened again.
    """
    session = request.auth
    session.demand(Allow.REVEAL_PERSONAL)
    person = Person.objects.filter(site=session.actor.site, pk=id).first()
    if person is None:
        raise not_found()
    sent = read_body(request=request, model=RevealIn)

    def run() -> Reply:
        opened: dict[str, Any] = reveal_personal(
            actor=session.actor, person=person, fields=sent.fields, reason=sent.reason, at=session.now
        )
        phones = opened.get("phones")
        return Reply(
            body=RevealOut(
                person=person.pk,
                phones=None
                if phones is None
                else [FullPhone(id=pk, number=text) for pk, text in phones.items()],
                id_number=opened.get("id_number"),
                birth_date=opened.get("birth_date"),
            )
        )

    return accept(request=request, run=run, keep=False)


def household_router() -> Router:
    """The operations on the archive."""
    router = Router(tags=["households"])
    router.get("/households", response=MatchList, operation_id="find_households")(find_households)
    router.get("/households/{id}", response=HouseholdOut, operation_id="show_household")(show_household)
    router.post(
        "/persons/{id}/reveal",
        response=RevealOut,
        operation_id="reveal_person",
        openapi_extra=body_doc(RevealIn),
    )(reveal)
    add_archive(router=router)
    return router


def _person(person: Person) -> PersonLine:
    return PersonLine(id=person.pk, name=person.name, call_as=person.call_as)


def _match(match: Match) -> MatchOut:
    return MatchOut(
        person=_person(match.person) if match.person is not None else None,
        household=match.household.pk if match.household is not None else None,
        room=room_out(room=match.room),
        why=str(_(match.why)),
        certainty=match.certainty,
    )


def _member(member: CardMember) -> MemberOut:
    return MemberOut(
        id=member.id,
        person=_person(member.person),
        relation=str(_(member.relation)),
        decides=member.decides,
        is_emergency_contact=member.is_emergency_contact,
        do_not_call=member.person.do_not_call,
        phones=[
            PhoneOut(id=one.id, masked=one.masked, label=one.label, is_primary=one.is_primary)
            for one in member.phones
        ],
    )


def _open_cases(*, household: Household, session: Session) -> list[CaseLine]:
    if not (session.may_see("complaints") or session.may_see("enquiries")):
        return []
    rows = readable(session=session).filter(household=household, closed_at__isnull=True)
    return [
        line_of(case=case, now=session.now)
        for case in for_lines(rows=rows).order_by("-received_at", "-pk")[:OPEN_SHOWN]
    ]
