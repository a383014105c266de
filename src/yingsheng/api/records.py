"""The API of a register that a process declares (`base.records`): list, one, make, and its verbs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import Field, StrictInt, create_model

from yingsheng.api.fields import BIGGEST_ID, Shape
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import ClockOut, clock_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.records import RecordBook, Verb
from yingsheng.kernel.timers.queries import list_obligations

Plain = str | int | bool | list[str] | None
SEEN = (("seen", StrictInt),)
RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]


class RecordOut(Shape):
    """A record: its state, what is known of it by name, its promises."""

    id: int
    version: int
    name: str
    state: str
    state_label: str
    values: dict[str, Plain] = Field(description="by name, as the register declares them")
    promises: list[ClockOut]


class RecordPage(Shape):
    """A page of the register, newest first."""

    items: list[RecordOut]
    next: str | None


class RecordFilters(PageQuery):
    """Which records."""

    state: str = Field("", max_length=20)
    q: str = Field("", max_length=60, description="words to look for")


def _filters(book: RecordBook) -> type[RecordFilters]:
    """What the list of a book may be narrowed by: a question for each of its filters."""
    fields: Any = {
        one.name: (str, Field("", max_length=40, description=", ".join(code for code, _words in one.choices)))
        for one in book.filters
    }
    return create_model(f"{book.code}_filters", __base__=RecordFilters, **fields) if fields else RecordFilters


def record_router(*, book: RecordBook, named: str = "") -> Router:
    """The operations of one register below `/<code>`; `named` tells them from those of another process."""
    name = named or book.code
    router = Router(tags=[book.code])
    where = "/" + book.code.replace("_", "-")

    def listing(request: ApiRequest, filters: Any) -> RecordPage:
        """The register, newest first."""
        session = request.auth
        session.demand(book.see)
        rows = book.rows(actor=session.actor, text=filters.q)
        if filters.state:
            rows = rows.filter(state=filters.state)
        rows = book.narrowed(rows=rows, asked=filters.model_dump())
        found, following = page_newest(rows=rows, field=book.newest_by, query=filters)
        return RecordPage(items=[record_out(book=book, record=one) for one in found], next=following)

    listing.__annotations__["filters"] = Query[_filters(book)]  # type: ignore[misc]  # known only now
    router.get(where, response=RecordPage, operation_id=f"list_{name}", summary=book.title)(listing)

    @router.get(where + "/{id}", response=RecordOut, operation_id=f"show_{name}", summary=book.title)
    def show(request: ApiRequest, id: RowId) -> RecordOut:
        """One record with its promises."""
        request.auth.demand(book.see)
        return record_out(book=book, record=_get(request, book, id), now=request.auth.now)

    if book.create is not None:
        _add_make(router=router, where=where, book=book, name=name)
    for verb in book.verbs:
        _add_verb(router=router, where=where, book=book, verb=verb, name=name)
    return router


def _add_make(*, router: Router, where: str, book: RecordBook, name: str) -> None:
    spec, service = book.create, book.make
    assert spec is not None and service is not None
    model = schema_from(spec=spec)

    @router.post(
        where, response={201: RecordOut}, operation_id=f"make_{name}", summary=spec.title,
        openapi_extra=body_doc(model),
    )  # fmt: skip
    def make(request: ApiRequest) -> HttpResponse:
        """A new record."""
        session = request.auth
        session.demand(book.create_permission)
        sent = read_body(request=request, model=model)
        fields = fields_of(spec=spec, sent=sent, site=session.actor.site)

        def run() -> Reply:
            made = service(actor=session.actor, at=session.now, **fields)
            return Reply(status=201, body=_fresh(request, book, made.pk))

        return accept(request=request, run=run)


def _add_verb(*, router: Router, where: str, book: RecordBook, verb: Verb, name: str) -> None:
    model = schema_from(spec=verb.form, extra=SEEN)

    def do(request: ApiRequest, id: RowId) -> HttpResponse:
        """Do it; `seen` is the version that was looked at."""
        session = request.auth
        session.demand(verb.permission)
        session.demand(book.see)
        record = _get(request, book, id)
        sent: Any = read_body(request=request, model=model)
        fields = fields_of(spec=verb.form, sent=sent, site=session.actor.site)

        def run() -> Reply:
            verb.run(actor=session.actor, record=record, at=session.now, seen=sent.seen, **fields)
            return Reply(body=_fresh(request, book, id))

        return accept(request=request, run=run)

    router.post(
        f"{where}/{{id}}/{verb.code.replace('_', '-')}", response=RecordOut, operation_id=f"{verb.code}_{name}",
        summary=verb.form.title, openapi_extra=body_doc(model),
    )(do)  # fmt: skip


def _get(request: ApiRequest, book: RecordBook, pk: int) -> Any:
    found = book.find(actor=request.auth.actor, pk=pk)
    if found is None:
        raise not_found()
    return found


def _fresh(request: ApiRequest, book: RecordBook, pk: int) -> RecordOut:
    return record_out(book=book, record=_get(request, book, pk), now=request.auth.now)


def record_out(*, book: RecordBook, record: Any, now: datetime | None = None) -> RecordOut:
    """A record as the API tells it; its promises only where one is asked for, with the moment `now`."""
    state = book.state_of(record)
    return RecordOut(
        id=record.pk,
        version=record.version,
        name=book.name(record),
        state=state,
        state_label=str(_(book.state(state).label)),
        values={attr.name: plain(attr.value(record)) for attr in book.attrs},
        promises=[]
        if now is None
        else [clock_of(row=one, now=now) for one in list_obligations(subject=record)],
    )


def plain(value: Any) -> Plain:
    """A value as JSON: moments with their zone, days as text, nothing as null."""
    if isinstance(value, datetime):
        return localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
