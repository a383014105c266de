"""Promises that run: what is due next and what is overdue, among the cases the token may know of."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from yingsheng.api.cases import readable
from yingsheng.api.fields import BIGGEST_ID, MomentIn, Shape, text_of
from yingsheng.api.paging import PageQuery, page_earliest
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLink, ClockOut, clock_of
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.services import waive

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]


class ObligationOut(ClockOut):
    """A promise with the case it is about."""

    case: CaseLink


class ObligationPage(Shape):
    """A page of promises, the earliest due first."""

    items: list[ObligationOut]
    next: str | None


class ObligationFilters(PageQuery):
    """Which promises."""

    overdue: bool = Field(False, description="only those whose time has passed")
    rule: str = Field("", max_length=10)
    milestone: str = Field("", max_length=30)
    due_before: MomentIn | None = None


class WaiveIn(Body):
    """Why a promise is released."""

    reason: text_of(limit=300, required=True)  # type: ignore[valid-type]


def list_running(request: ApiRequest, filters: Query[ObligationFilters]) -> HttpResponse:
    """The promises that still run, the earliest due first; paused ones are left out of `overdue`."""
    session = request.auth
    rows = _visible(session=session).filter(state=Obligation.State.ARMED)
    if filters.overdue:
        rows = rows.filter(due_at__lt=session.now, paused_at__isnull=True)
    if filters.rule:
        rows = rows.filter(rule=filters.rule)
    if filters.milestone:
        rows = rows.filter(milestone=filters.milestone)
    if filters.due_before is not None:
        rows = rows.filter(due_at__lt=filters.due_before)
    found, following = page_earliest(rows=rows, field="due_at", query=filters)
    links = _links(rows=found)
    items = [_out(row=row, link=links[row.subject_id], session=session) for row in found]
    return page_response(page=ObligationPage(items=items, next=following))


def show(request: ApiRequest, id: RowId) -> ObligationOut:
    """One promise: its rule and clause, how it was reckoned, its pauses, how it ended."""
    session = request.auth
    row = _visible(session=session).filter(pk=id).first()
    if row is None:
        raise not_found()
    return _out(row=row, link=_links(rows=[row])[row.subject_id], session=session)


def release(request: ApiRequest, id: RowId) -> HttpResponse:
    """Release from a promise with a reason; it stays on record as waived."""
    session = request.auth
    row = _visible(session=session).filter(pk=id).first()
    if row is None:
        raise not_found()
    session.demand(Allow.WAIVE)
    sent = read_body(request=request, model=WaiveIn)

    def run() -> Reply:
        waived = waive(obligation=row, by=session.actor.staff, at=session.now, reason=sent.reason)
        return Reply(body=_out(row=waived, link=_links(rows=[waived])[waived.subject_id], session=session))

    return accept(request=request, run=run)


def obligation_router() -> Router:
    """The operations on promises."""
    router = Router(tags=["obligations"])
    router.get("/obligations", response=ObligationPage, operation_id="list_obligations")(list_running)
    router.get("/obligations/{id}", response=ObligationOut, operation_id="show_obligation")(show)
    router.post(
        "/obligations/{id}/waive",
        response=ObligationOut,
        operation_id="waive_obligation",
        openapi_extra=body_doc(WaiveIn),
    )(release)
    return router


def _visible(*, session: Session) -> QuerySet[Obligation]:
    return (
        Obligation.objects.filter(
            site=session.actor.site,
            subject_type=SUBJECT,
            subject_id__in=readable(session=session).values("pk"),
        )
        .select_related("version", "responsible_staff")
        .prefetch_related("pauses")
    )


def _links(*, rows: list[Obligation]) -> dict[int, CaseLink]:
    ids = {row.subject_id for row in rows}
    return {
        pk: CaseLink(key=key, number=number)
        for pk, key, number in Case.objects.filter(pk__in=ids).values_list("pk", "key", "number")
    }


def _out(*, row: Obligation, link: CaseLink, session: Session) -> ObligationOut:
    return ObligationOut(**dict(clock_of(row=row, now=session.now)), case=link)
