"""Who works here: accounts and posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpResponse
from ninja import Path, Query, Router

from yingsheng.api.fields import BIGGEST_ID, MomentOut, Shape, text_of
from yingsheng.api.paging import PageQuery, page_by_number, read_cursor
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import UNKNOWN_DEPARTMENT, Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org import staffing
from yingsheng.kernel.org.models import Appointment, Department, Role, Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import list_people
from yingsheng.kernel.org.services import appoint, end_sessions, hire

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
UNKNOWN_ROLE = N("没有这个角色")


class StaffOut(Shape):
    """An account; `posts` are held now."""

    id: int
    username: str
    name: str
    active: bool
    must_change_password: bool
    posts: list[AppointmentOut]


class AppointmentOut(Shape):
    """A post somebody holds, from a moment on."""

    id: int
    post: int
    role: str
    department: str
    name: str
    active_from: MomentOut
    active_to: MomentOut | None


class StaffPage(Shape):
    """A page of accounts."""

    items: list[StaffOut]
    next: str | None


class HireIn(Body):
    """A new account; a password given here has to be changed at the first log-in."""

    username: text_of(limit=40, required=True)  # type: ignore[valid-type]
    name: text_of(limit=40, required=True)  # type: ignore[valid-type]
    phone: text_of(limit=20) = ""  # type: ignore[valid-type]
    password: text_of(limit=128) = ""  # type: ignore[valid-type]


class AppointIn(Body):
    """A post for somebody: role and department by code."""

    role: text_of(limit=20, required=True)  # type: ignore[valid-type]
    department: text_of(limit=20) = ""  # type: ignore[valid-type]
    name: text_of(limit=60) = ""  # type: ignore[valid-type]


class ReasonIn(Body):
    """Why."""

    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class PasswordIn(Body):
    """A password for one log-in."""

    password: text_of(limit=128, required=True)  # type: ignore[valid-type]


class NothingIn(Body):
    """An empty object."""


def list_accounts(request: ApiRequest, filters: Query[PageQuery]) -> HttpResponse:
    """Everybody this site has to do with, with the posts held now."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    place = read_cursor(text=filters.cursor) if filters.cursor else None
    rows = list_people(site_id=session.actor.site.pk).order_by("pk")
    if place is not None:
        rows = rows.filter(pk__gt=place.id)
    found, following = page_by_number(
        rows=list(rows[: filters.limit + 1]), number=lambda row: row.pk, limit=filters.limit
    )
    return page_response(page=StaffPage(items=_all_out(request, found), next=following))


def add_account(request: ApiRequest) -> HttpResponse:
    """Add a member of staff."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    sent = read_body(request=request, model=HireIn)

    def run() -> Reply:
        made = hire(
            site=session.actor.site,
            username=sent.username,
            name=sent.name,
            phone=sent.phone,
            password=sent.password or None,
            must_change=bool(sent.password),
            by=session.actor.staff,
            at=session.now,
        )
        return Reply(status=201, body=_out(request, made))

    return accept(request=request, run=run)


def add_appointment(request: ApiRequest, id: RowId) -> HttpResponse:
    """Give somebody a post from now on."""
    session = request.auth
    person = _person(request, id)
    sent = read_body(request=request, model=AppointIn)
    if not Role.objects.filter(code=sent.role).exists():
        raise unknown(field="role", text=UNKNOWN_ROLE)
    units = Department.objects.filter(site=session.actor.site, code=sent.department, active=True)
    if sent.department and not units.exists():
        raise unknown(field="department", text=UNKNOWN_DEPARTMENT)

    def run() -> Reply:
        made = appoint(
            staff=person,
            site=session.actor.site,
            role=sent.role,
            department=sent.department or None,
            name=sent.name,
            by=session.actor.staff,
            at=session.now,
        )
        return Reply(status=201, body=_appointment(made))

    return accept(request=request, run=run)


def end_post(request: ApiRequest, id: RowId) -> HttpResponse:
    """Let somebody hold a post no longer."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    held = Appointment.objects.filter(pk=id, post__site=session.actor.site).first()
    if held is None:
        raise not_found()
    sent = read_body(request=request, model=ReasonIn)

    def run() -> Reply:
        row = staffing.end_appointment(
            appointment=held, by=session.actor.staff, at=session.now, reason=sent.reason
        )
        return Reply(body=_appointment(row))

    return accept(request=request, run=run)


def _verb(
    name: str, model: type[Body], act: Callable[..., Any], doc: str
) -> Callable[[ApiRequest, int], HttpResponse]:
    """One thing that is done to an account: the body's fields are the keyword arguments of the service."""

    def operation(request: ApiRequest, id: RowId) -> HttpResponse:
        session = request.auth
        person = _person(request, id)
        sent = read_body(request=request, model=model)

        def run() -> Reply:
            act(
                staff=person,
                site=session.actor.site,
                by=session.actor.staff,
                at=session.now,
                **sent.model_dump(),
            )
            return Reply(body=_out(request, Staff.objects.get(pk=person.pk)))

        return accept(request=request, run=run)

    operation.__name__, operation.__doc__ = name, doc
    return operation


VERBS: tuple[tuple[str, str, type[Body], Callable[..., Any], str], ...] = (
    ("deactivate", "deactivate_staff", ReasonIn, staffing.deactivate, "Close an account."),
    ("reactivate", "reactivate_staff", NothingIn, staffing.reactivate, "Open a closed account again."),
    (
        "unlock",
        "unlock_staff",
        NothingIn,
        staffing.unlock,
        "Let somebody who mistyped his password try again.",
    ),
    ("password", "give_password", PasswordIn, staffing.give_password, "Give a password for one log-in."),
    ("end-sessions", "end_sessions", NothingIn, end_sessions, "Log somebody out everywhere."),
    (
        "drop-second-factor",
        "drop_second_factor",
        ReasonIn,
        staffing.drop_second_factor,
        "Take the second factor from somebody who lost it.",
    ),
)


def office_router() -> Router:
    """The operations on accounts and posts."""
    router = Router(tags=["staff"])
    router.get("/staff", response=StaffPage, operation_id="list_staff")(list_accounts)
    router.post("/staff", response={201: StaffOut}, operation_id="add_staff", openapi_extra=body_doc(HireIn))(
        add_account
    )
    router.post(
        "/staff/{id}/appointments",
        response={201: AppointmentOut},
        operation_id="appoint",
        openapi_extra=body_doc(AppointIn),
    )(add_appointment)
    router.post(
        "/appointments/{id}/end",
        response=AppointmentOut,
        operation_id="end_appointment",
        openapi_extra=body_doc(ReasonIn),
    )(end_post)
    for where, name, model, act, doc in VERBS:
        router.post(
            f"/staff/{{id}}/{where}", response=StaffOut, operation_id=name, openapi_extra=body_doc(model)
        )(_verb(name, model, act, doc))
    return router


def _person(request: ApiRequest, pk: int) -> Staff:
    request.auth.demand(Allow.MANAGE_ORG)
    found = list_people(site_id=request.auth.actor.site.pk).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def _held(people: list[Staff], site_id: int, at: datetime) -> dict[int, list[Appointment]]:
    """The posts that these people hold now, by person, in one statement."""
    held: dict[int, list[Appointment]] = {}
    rows = (
        Appointment.objects.filter(
            Q(active_to__isnull=True) | Q(active_to__gt=at),
            staff__in=people,
            post__site_id=site_id,
            active_from__lte=at,
        )
        .select_related("post__role", "post__department")
        .order_by("pk")
    )
    for row in rows:
        held.setdefault(row.staff_id, []).append(row)
    return held


def _all_out(request: ApiRequest, people: list[Staff]) -> list[StaffOut]:
    held = _held(people, request.auth.actor.site.pk, request.auth.now)
    return [
        StaffOut(
            id=person.pk,
            username=person.username,
            name=person.name,
            active=person.is_active,
            must_change_password=person.must_change_password,
            posts=[_appointment(one) for one in held.get(person.pk, [])],
        )
        for person in people
    ]


def _out(request: ApiRequest, person: Staff) -> StaffOut:
    return _all_out(request, [person])[0]


def _appointment(row: Appointment) -> AppointmentOut:
    return AppointmentOut(
        id=row.pk,
        post=row.post_id,
        role=row.post.role.code,
        department=row.post.department.code if row.post.department else "",
        name=row.post.name,
        active_from=row.active_from,
        active_to=row.active_to,
    )


StaffOut.model_rebuild()
