"""The register of calls and visits over the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, MomentIn, MomentOut, Shape, text_of
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import ApiProblem, unknown
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import CaseLink, PersonOut, RoomOut, link_of, room_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.phones import mask_phone
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import find_case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.enquiries.endpoints.desk import router as desk_router
from yingsheng.processes.enquiries.models import Contact
from yingsheng.processes.enquiries.process import CHANNELS
from yingsheng.processes.enquiries.queries import answer_figures, contact_figures, list_contacts, veiled
from yingsheng.processes.enquiries.services import note_contact

NO_LIMIT = 0  # where the adopted regulation asks nothing of the phone, no ring count keeps it
router = Router(tags=["contacts"])
router.add_router("", desk_router)


class ContactLine(Shape):
    """Somebody called, came or wrote: who, when, why, and what came of it."""

    id: int
    at: MomentOut
    channel: str
    caller_name: str
    caller_phone: str
    household: int | None
    room: RoomOut | None
    reason: str
    answer: str
    rings: int | None
    outcome: str
    outcome_label: str
    case: CaseLink | None
    by: PersonOut


class ContactPage(Shape):
    """A page of the register, newest first."""

    items: list[ContactLine]
    next: str | None


class ContactFilters(PageQuery):
    """Which contacts."""

    start: MomentIn | None = None
    end: MomentIn | None = Field(None, description="up to before this moment")
    outcome: Literal["answered", "promised", "case"] | None = None
    household: int | None = Field(None, ge=1, le=BIGGEST_ID)


class Period(Shape):
    """From a moment up to before another."""

    start: MomentIn
    end: MomentIn


class FiguresOut(Shape):
    """Contacts of a period, those settled at once (KPI-09), calls picked up in time (KPI-11, B-06): those that a
    telephone system counted and those whose rings were written down. E-mails, and those answered in time (KPI-12).
    """

    contacts: int
    first_contact: int
    rings_counted: int
    rings_kept: int
    ring_limit: int | None
    mails: int
    mails_kept: int


class ContactIn(Body):
    """A call or visit about a case that exists."""

    case: text_of(limit=16, required=True)  # type: ignore[valid-type]
    channel: Literal[tuple(code for code, _label in CHANNELS)]  # type: ignore[valid-type]
    rings: Annotated[StrictInt, Field(ge=1, le=30)] | None = None


@router.get("", response=ContactPage, operation_id="list_contacts")
def list_register(request: ApiRequest, filters: Query[ContactFilters]) -> ContactPage:
    """The register of calls and visits, newest first; phones are masked."""
    session = request.auth
    session.demand("enquiries.see")
    rows = list_contacts(actor=session.actor)
    conditions: dict[str, Any] = {
        "at__gte": filters.start,
        "at__lt": filters.end,
        "outcome": filters.outcome,
        "household": filters.household,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value is not None})
    found, following = page_newest(rows=rows, field="at", query=filters)
    return ContactPage(items=[_line(contact) for contact in found], next=following)


@router.get("/figures", response=FiguresOut, operation_id="show_contact_figures")
def show_figures(request: ApiRequest, period: Query[Period]) -> FiguresOut:
    """How many contacts, how many settled at once, how many calls picked up in time."""
    session = request.auth
    session.demand("enquiries.see")
    if period.end <= period.start:
        raise ApiProblem(status=422, code="unfit", text=N("结束时间要晚于开始时间"), field="end")
    site = session.actor.site
    limit = figure(path="B-06.rings", site=site, at=session.now)
    hours = figure(path="B-06.email_within", site=site, at=session.now)
    ring_limit = NO_LIMIT if limit is None else int(limit)
    found = contact_figures(site=site, start=period.start, end=period.end, ring_limit=ring_limit)
    soon = answer_figures(
        site=site, start=period.start, end=period.end, ring_limit=ring_limit,
        mail_hours=NO_LIMIT if hours is None else int(hours),
    )  # fmt: skip
    return FiguresOut(
        contacts=found.contacts,
        first_contact=found.first_contact,
        rings_counted=soon.calls,
        rings_kept=soon.calls_kept,
        ring_limit=limit,
        mails=soon.mails,
        mails_kept=soon.mails_kept,
    )


@router.post("", response={201: ContactLine}, operation_id="note_contact", openapi_extra=body_doc(ContactIn))
def note(request: ApiRequest) -> HttpResponse:
    """Enter a call or visit about an existing case in the register (B-04)."""
    session = request.auth
    session.demand("enquiries.register")
    sent = read_body(request=request, model=ContactIn)
    case = find_case(actor=session.actor, key=sent.case)
    if case is None or not session.may_see(case.process):
        raise unknown(field="case", text=N("没有这件事，或者您不能查看"))

    def run() -> Reply:
        made = note_contact(
            site=session.actor.site,
            caller=_caller(case),
            channel=sent.channel,
            case=case,
            by=session.actor.staff,
            at=session.now,
            rings=sent.rings,
        )
        return Reply(status=201, body=_line(made))

    return accept(request=request, run=run)


def _caller(case: Case) -> Caller:
    return Caller(
        name=case.caller_name,
        phone=case.caller_phone,
        person=case.person,
        household=case.household,
        room=case.room,
    )


def _line(contact: Contact) -> ContactLine:
    contact = veiled(contact=contact)
    room = contact.household.room if contact.household is not None else None
    return ContactLine(
        id=contact.pk,
        at=contact.at,
        channel=contact.channel,
        caller_name=contact.caller_name,
        caller_phone=mask_phone(number=contact.caller_phone) if contact.caller_phone else "",
        household=contact.household_id,
        room=room_out(room=room),
        reason=contact.reason,
        answer=contact.answer,
        rings=contact.rings,
        outcome=contact.outcome,
        outcome_label=str(_(Contact.Outcome(contact.outcome).label)),
        case=link_of(case=contact.case),
        by=PersonOut(username=contact.by.username, name=contact.by.name),
    )
