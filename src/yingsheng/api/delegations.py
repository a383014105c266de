"""Who stands in for whom during leave."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, MomentIn, MomentOut, Shape, text_of
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import UNKNOWN_STAFF, Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org import staffing
from yingsheng.kernel.org.models import Delegation, Post
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import list_delegations, list_staff

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
UNKNOWN_POST = N("本项目没有这个岗位")


class DelegationOut(Shape):
    """Somebody stands in for a post."""

    id: int
    post: int
    post_name: str
    to_staff: str
    active_from: MomentOut
    active_to: MomentOut
    reason: str


class DelegationList(Shape):
    """Who stands in now or later, the earliest end first."""

    items: list[DelegationOut]


class NothingIn(Body):
    """An empty object."""


class DelegateIn(Body):
    """Who stands in for which post, from when to when, and why."""

    post: Annotated[StrictInt, Field(ge=1, le=BIGGEST_ID)]
    to_staff: text_of(limit=40, required=True)  # type: ignore[valid-type]
    active_from: MomentIn
    active_to: MomentIn
    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


def list_stand_ins(request: ApiRequest) -> DelegationList:
    """Who stands in for whom now or later."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    rows = list_delegations(site_id=session.actor.site.pk, at=session.now)
    return DelegationList(items=[_delegation(row) for row in rows])


def add_stand_in(request: ApiRequest) -> HttpResponse:
    """Let somebody stand in for a post. One's own post is passed on by its page only: that is no scope of a token."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    sent = read_body(request=request, model=DelegateIn)
    post = Post.objects.filter(pk=sent.post, site=session.actor.site, active=True).first()
    if post is None:
        raise unknown(field="post", text=UNKNOWN_POST)
    people = list_staff(site_id=session.actor.site.pk, at=session.now)
    person = people.filter(username=sent.to_staff).first()
    if person is None:
        raise unknown(field="to_staff", text=UNKNOWN_STAFF)

    def run() -> Reply:
        row = staffing.delegate_post(
            actor=session.actor,
            post=post,
            to_staff=person,
            active_from=sent.active_from,
            active_to=sent.active_to,
            reason=sent.reason,
            at=session.now,
        )
        return Reply(status=201, body=_delegation(row))

    return accept(request=request, run=run)


def end_stand_in(request: ApiRequest, id: RowId) -> HttpResponse:
    """Take a post back before the agreed end."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    row = (
        Delegation.objects.filter(pk=id, post__site=session.actor.site)
        .select_related("post", "to_staff")
        .first()
    )
    if row is None:
        raise not_found()
    read_body(request=request, model=NothingIn)
    shown = _delegation(row)

    def run() -> Reply:
        staffing.end_delegation(actor=session.actor, delegation=row, at=session.now)
        return Reply(body=shown.model_copy(update={"active_to": max(row.active_from, session.now)}))

    return accept(request=request, run=run)


def delegation_router() -> Router:
    """The operations on delegation."""
    router = Router(tags=["staff"])
    router.get("/delegations", response=DelegationList, operation_id="list_delegations")(list_stand_ins)
    router.post(
        "/delegations",
        response={201: DelegationOut},
        operation_id="delegate",
        openapi_extra=body_doc(DelegateIn),
    )(add_stand_in)
    router.post(
        "/delegations/{id}/end",
        response=DelegationOut,
        operation_id="end_delegation",
        openapi_extra=body_doc(NothingIn),
    )(end_stand_in)
    return router


def _delegation(row: Delegation) -> DelegationOut:
    return DelegationOut(
        id=row.pk,
        post=row.post_id,
        post_name=row.post.name,
        to_staff=row.to_staff.username,
        active_from=row.active_from,
        active_to=row.active_to,
        reason=row.reason,
    )
