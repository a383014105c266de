"""Reading what was handed in: the months with their state, one filing as it was frozen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.models import Filing, Obligation, Period
from yingsheng.kernel.timers.periods import promises_of

MONTHS = ("complaint_statistics", "complaint_report")
SHOWN = 36


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """A month of one kind: its promises in due order and what was handed in, newest version first."""

    period: Period
    kind: str  # statistics or report
    promises: list[Obligation]
    filings: list[Filing]


def list_months(*, site: Site) -> list[MonthLine]:
    """The months in which something was owed or handed in, newest first; three statements."""
    newest = Filing.objects.select_related("by").defer("content").order_by("-version")
    periods = list(
        Period.objects.filter(site=site, code__in=MONTHS)
        .prefetch_related(Prefetch("filings", queryset=newest))
        .order_by("-first", "code")[:SHOWN]
    )
    promises = promises_of(periods=periods)
    return [
        MonthLine(
            period=period,
            kind=period.code.removeprefix("complaint_"),
            promises=promises[period.pk],
            filings=list(period.filings.all()),
        )
        for period in periods
    ]


def find_filing(*, site: Site, pk: int) -> Filing | None:
    """A month that was handed in at this site."""
    rows = Filing.objects.filter(period__site=site, period__code__in=MONTHS, pk=pk)
    return rows.select_related("by", "period").first()
