"""The passes of a week with what became of them, and the figures of a month (V-02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.processes.visitors.models import Pass, SecondUse, Visitor
from yingsheng.processes.visitors.queries.deposits import PROCESS
from yingsheng.processes.visitors.queries.passes import list_passes
from yingsheng.processes.visitors.rules.weeks import Fate, WeekCount, count_week, to_explain

WEEK = "pass_week"


def midnight(day: date) -> datetime:
    """The first moment of a day where the site is."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))


def monday_of(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week of passes: its rows, what became of them, which of them need a word."""

    first: date
    rows: Sequence[Pass]
    count: WeekCount
    to_explain: frozenset[int]

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)


def week_of(*, actor: Actor, first: date) -> Week:
    """The passes that were issued in the week of this Monday."""
    start, end = midnight(first), midnight(first + timedelta(days=7))
    rows = list(
        list_passes(actor=actor).filter(issued_at__gte=start, issued_at__lt=end).order_by("issued_at", "pk")
    )
    fates = fates_of(rows)
    return Week(
        first=first,
        rows=rows,
        count=count_week(fates=fates),
        to_explain=frozenset(to_explain(fates=fates)),
    )


def fates_of(rows: Sequence[Pass]) -> list[Fate]:
    """What became of each."""
    return [Fate(id=one.pk, state=str(one.state), second_uses=len(one.second_uses.all())) for one in rows]


def week_content(*, week: Week, words: Mapping[int, str], slips: int) -> dict[str, Any]:
    """What is kept of a reconciled week, as JSON values."""
    return {
        "first": str(week.first), "count": asdict(week.count), "slips": slips,
        "explained": [[one.number, str(one.state), words[one.pk]] for one in week.rows if one.pk in words],
    }  # fmt: skip


def list_weeks(*, site: Site, limit: int = 12) -> list[Filing]:
    """The weeks that were reconciled lately, the latest first."""
    periods = Period.objects.filter(site=site, code=WEEK)
    rows = Filing.objects.filter(period__in=periods).select_related("by", "period")
    return list(rows.order_by("-at", "-pk")[:limit])


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """A month at the gate: passes by state, second uses, visitors by state, deposits."""

    passes: Mapping[str, int]
    second_uses: int
    visitors: Mapping[str, int]
    taken_in: int
    collected: int
    lost: int

    @property
    def issued(self) -> int:
        """All passes of the month."""
        return sum(self.passes.values())

    @property
    def came(self) -> int:
        """All visitors of the month."""
        return sum(self.visitors.values())


def bounds(*, year: int, month: int) -> tuple[datetime, datetime]:
    """From the first moment of a month up to that of the next."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return midnight(date(year, month, 1)), midnight(following)


def month_figures(*, site: Site, year: int, month: int) -> MonthFigures:
    """The figures of a month, in five statements (V-02, V-04, V-09)."""
    start, end = bounds(year=year, month=month)
    issued = Pass.objects.filter(site=site, issued_at__gte=start, issued_at__lt=end)
    came = Visitor.objects.filter(site=site, registered_at__gte=start, registered_at__lt=end)
    items = Item.objects.filter(site=site, process=PROCESS)
    taken = items.filter(taken_in_at__gte=start, taken_in_at__lt=end)
    kinds = Counter(taken.values_list("deposit__kind", flat=True))
    return MonthFigures(
        passes=dict(issued.order_by().values_list("state").annotate(count=Count("pk"))),
        second_uses=SecondUse.objects.filter(release_pass__site=site, at__gte=start, at__lt=end).count(),
        visitors=dict(came.order_by().values_list("state").annotate(count=Count("pk"))),
        taken_in=sum(kinds.values()),
        lost=kinds["lost"],
        collected=items.filter(state="gone", since_at__gte=start, since_at__lt=end).count(),
    )


def list_month(*, actor: Actor, year: int, month: int, state: str = "") -> QuerySet[Pass]:
    """The passes of a month in their order, of one state or all."""
    start, end = bounds(year=year, month=month)
    rows = list_passes(actor=actor).filter(issued_at__gte=start, issued_at__lt=end)
    if state in Pass.State.values:
        rows = rows.filter(state=state)
    return rows.order_by("issued_at", "pk")
