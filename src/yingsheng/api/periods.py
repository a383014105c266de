"""Recurring work over the API: which days and months are owed, until when, and what was handed in for them."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import ClockOut, PersonOut, clock_of
from yingsheng.base.process import processes
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.kernel.timers.periods import period_name, promises_of

MOST = 100


class FilingLine(Shape):
    """A version that was handed in."""

    id: int
    version: int
    definition: str
    digest: str
    note: str
    reason: str
    at: MomentOut
    by: PersonOut


class PeriodOut(Shape):
    """A day or month in which something is owed: its promises, how often it was done, what was handed in."""

    code: str
    name: str
    first: date
    last: date
    needed: int | None
    done: int
    promises: list[ClockOut]
    filings: list[FilingLine]


class Periods(Shape):
    """The periods of a kind, newest first."""

    items: list[PeriodOut]


class PeriodFilters(Shape):
    """Which periods; without a code, all the token may do."""

    code: str = Field("", max_length=30)
    limit: int = Field(31, ge=1, le=MOST)


def filing_line(*, row: Filing) -> FilingLine:
    """A version as the API tells it."""
    return FilingLine(
        id=row.pk,
        version=row.version,
        definition=row.definition,
        digest=row.digest,
        note=row.note,
        reason=row.reason,
        at=row.at,
        by=PersonOut(username=row.by.username, name=row.by.name),
    )


def list_periods(request: ApiRequest, filters: Query[PeriodFilters]) -> Periods:
    """The recurring work of the site that the token may do, newest first; three statements."""
    session = request.auth
    codes = [
        periodic.code
        for process in processes
        for periodic in process.periodics
        if session.actor.may(periodic.permission) and filters.code in ("", periodic.code)
    ]
    rows = Period.objects.filter(site=session.actor.site, code__in=codes).order_by("-first", "code")
    found = list(rows[: filters.limit])
    promises = promises_of(periods=found)
    filings: dict[int, list[FilingLine]] = {}
    kept = Filing.objects.filter(period__in=found).defer("content").select_related("by").order_by("-version")
    for row in kept:
        filings.setdefault(row.period_id, []).append(filing_line(row=row))
    return Periods(
        items=[
            PeriodOut(
                code=period.code,
                name=period_name(period=period),
                first=period.first,
                last=period.last,
                needed=period.needed,
                done=period.done,
                promises=[clock_of(row=row, now=session.now) for row in promises[period.pk]],
                filings=filings.get(period.pk, []),
            )
            for period in found
        ]
    )


def period_router() -> Router:
    """The operations on recurring work."""
    router = Router(tags=["periods"])
    router.get("/periods", response=Periods, operation_id="list_periods")(list_periods)
    return router
