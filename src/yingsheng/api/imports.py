"""Bringing tables in: send a file, read what is wrong with it, confirm. The program that does it is handed in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Protocol

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from yingsheng.api.fields import Flag, MomentOut, Shape, text_of
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import ApiProblem, not_found
from yingsheng.api.schemas import BAD_FILE, DATA_URL, Body, FileIn
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow


class ImportDesk(Protocol):
    """What the router needs of the part of the program that imports; a module of such functions will do."""

    def list_jobs(self, *, site_id: int) -> Any:
        """The jobs of a site as a queryset."""

    def find_job(self, *, site_id: int, key: str) -> Any:
        """One job, None if the site has no such."""

    def send_file(
        self,
        *,
        actor: Actor,
        kind: str,
        name: str,
        body: bytes,
        at: datetime,
        map_name: str = "",
        map_text: str = "",
        skip_bad: bool = False,
    ) -> Any:
        """Take a file in."""

    def confirm_job(self, *, actor: Actor, job: Any, at: datetime) -> Any:
        """Let a checked file be brought in."""

    def drop_job(self, *, actor: Actor, job: Any, at: datetime) -> Any:
        """Give a file up."""

    def report_of(self, *, job: Any) -> bytes | None:
        """The rows that are wrong."""


class ImportIn(Body):
    """A table to check. Past matters are read by a map: one that is shipped (`map_name`) or your own (`map`)."""

    kind: Literal["rooms", "people", "cases"]
    file: FileIn
    map_name: text_of(limit=40) = ""  # type: ignore[valid-type]
    map: text_of(limit=50_000) = ""  # type: ignore[valid-type]
    skip_bad: Flag = False


class NothingIn(Body):
    """An empty object."""


class RowProblem(Shape):
    """What is wrong with one row of the file."""

    row: int
    column: str
    detail: str


class ImportOut(Shape):
    """A file on its way in; `problems` are the first, `report` (.xlsx, a data address) has every row that is wrong."""

    key: str
    kind: str
    file: str
    state: str
    sent_at: MomentOut
    done: int
    total: int
    rows: int
    problem_count: int
    problems: list[RowProblem]
    written: dict[str, int]
    skipped: int
    refusal: str
    finished_at: MomentOut | None


class ImportPage(Shape):
    """A page of files, newest first."""

    items: list[ImportOut]
    next: str | None


class ReportOut(Shape):
    """The rows that are wrong, with the reason in the last column, as a data address."""

    report: str


def import_router(*, office: ImportDesk) -> Router:
    """The operations on imports, done by `office`."""
    router = Router(tags=["imports"])
    _add_reading(router, office)
    _add_writing(router, office)
    return router


def _job(request: ApiRequest, office: ImportDesk, key: str) -> Any:
    request.auth.demand(Allow.IMPORT)
    found = office.find_job(site_id=request.auth.actor.site.pk, key=key)
    if found is None:
        raise not_found()
    return found


def _add_reading(router: Router, office: ImportDesk) -> None:
    def list_imports(request: ApiRequest, filters: Query[PageQuery]) -> HttpResponse:
        """The files of the site, newest first."""
        request.auth.demand(Allow.IMPORT)
        rows = office.list_jobs(site_id=request.auth.actor.site.pk)
        found, following = page_newest(rows=rows, field="sent_at", query=filters)
        return page_response(page=ImportPage(items=[_out(job) for job in found], next=following))

    def show_import(request: ApiRequest, key: str) -> ImportOut:
        """How far a file is, and what is wrong with it."""
        return _out(_job(request, office, key))

    def show_report(request: ApiRequest, key: str) -> ReportOut:
        """The rows that are wrong as a spreadsheet; 404 if none is, or once the file was deleted."""
        body = office.report_of(job=_job(request, office, key))
        if body is None:
            raise not_found()
        return ReportOut(report=f"data:{XLSX};base64,{base64.b64encode(body).decode()}")

    router.get("/imports", response=ImportPage, operation_id="list_imports")(list_imports)
    router.get("/imports/{key}", response=ImportOut, operation_id="show_import")(show_import)
    router.get("/imports/{key}/report", response=ReportOut, operation_id="show_import_report")(show_report)


def _add_writing(router: Router, office: ImportDesk) -> None:
    def send_import(request: ApiRequest) -> HttpResponse:
        """Send a file to be checked; nothing is brought in before it is confirmed."""
        session = request.auth
        session.demand(Allow.IMPORT)
        sent = read_body(request=request, model=ImportIn)
        given: dict[str, Any] = {
            "kind": sent.kind,
            "name": sent.file.name,
            "body": _bytes(sent.file),
            "map_name": sent.map_name,
            "map_text": sent.map,
            "skip_bad": sent.skip_bad,
        }

        def run() -> Reply:
            job = office.send_file(actor=session.actor, at=session.now, **given)
            return Reply(status=201, body=_out(job))

        return accept(request=request, run=run)

    def confirm_import(request: ApiRequest, key: str) -> HttpResponse:
        """Let a checked file be brought in; the worker does it, and the state says when it is done."""
        return _do(request, office, office.confirm_job, key)

    def drop_import(request: ApiRequest, key: str) -> HttpResponse:
        """Give a file up and delete it."""
        return _do(request, office, office.drop_job, key)

    router.post(
        "/imports", response={201: ImportOut}, operation_id="send_import", openapi_extra=body_doc(ImportIn)
    )(send_import)
    for name, operation in (("confirm", confirm_import), ("drop", drop_import)):
        router.post(
            f"/imports/{{key}}/{name}",
            response=ImportOut,
            operation_id=f"{name}_import",
            openapi_extra=body_doc(NothingIn),
        )(operation)


def _do(request: ApiRequest, office: ImportDesk, verb: Callable[..., Any], key: str) -> HttpResponse:
    job, session = _job(request, office, key), request.auth
    read_body(request=request, model=NothingIn)
    return accept(
        request=request,
        run=lambda: Reply(body=_out(verb(actor=session.actor, job=job, at=session.now))),
    )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _bytes(file: FileIn) -> bytes:
    found = DATA_URL.fullmatch(file.content)
    try:
        if found is not None:
            return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        pass
    raise ApiProblem(status=422, code="unfit", text=BAD_FILE, field="file.content")


def _out(job: Any) -> ImportOut:
    return ImportOut(
        key=job.key,
        kind=job.kind,
        file=job.file_name,
        state=job.state,
        sent_at=job.sent_at,
        done=job.done_count,
        total=job.total_count,
        rows=job.row_count,
        problem_count=job.problem_count,
        problems=[
            RowProblem(
                row=one["row"],
                column=_(one["column"]),
                detail=_(one["reason"]) % one["params"] if one["params"] else _(one["reason"]),
            )
            for one in job.problems
        ],
        written=job.written,
        skipped=job.skipped_count,
        refusal=_(job.refusal["text"]) % job.refusal["params"] if job.refusal else "",
        finished_at=job.finished_at,
    )
