"""Reading receipts, takings, handovers and the cash box; the month (O-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from yingsheng.base.months import Window, clamp
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cash.models import Count as CashCount
from yingsheng.kernel.cash.models import Entry, Place
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import find_household, find_room_named
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.worktime.arithmetic import NeverOpens, is_working_day, next_opening
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.fees.models import Handover, Receipt, Taking
from yingsheng.processes.fees.rules import handover_due, refusing_rule

ZONE = ZoneInfo(settings.TIME_ZONE)
OFFICE = "office"


def refused_by(*, site: Site, at: datetime) -> str:
    """The rule by which the desk of a site takes no fees; "" where it does (CF-29)."""
    return refusing_rule(
        desk_collects=bool(figure(path="O-01.desk_collects", site=site, at=at)),
        fee_centre_only=bool(figure(path="O-02.fee_centre_only", site=site, at=at)),
    )


def cashier_works(*, site: Site, at: datetime) -> bool:
    """Whether the cashier is at work at this moment, by the office calendar (O-01)."""
    try:
        return next_opening(start=at, calendar=get_calendar(site_id=site.pk, code=OFFICE)) <= at
    except NeverOpens:
        return False


def due_of(*, site: Site, taken_at: datetime, at: datetime) -> datetime:
    """When what was taken is due at the cashier's (O-03)."""
    hour = figure(path="O-03.handover_by", site=site, at=at) or figure(path="O-06.alarm_at", site=site, at=at)
    calendar = get_calendar(site_id=site.pk, code=OFFICE)
    return handover_due(
        taken_at=taken_at.astimezone(ZONE), by=time.fromisoformat(str(hour)),
        works=lambda day: is_working_day(day=day, calendar=calendar),
    )  # fmt: skip


def household_of(*, actor: Actor, text: str) -> Household:
    """The living home that a room number names; Refused for none."""
    room = find_room_named(site=actor.site, text=text)
    household = find_household(room=room) if room is not None else None
    if household is None:
        raise Refused(gettext_noop("没有这个房号的住户，请写成“3栋2单元1802”"), field="room")
    return household


def list_receipts(*, actor: Actor, text: str = "") -> QuerySet[Receipt]:
    """The receipts of the actor's site, the latest first (O-06)."""
    rows = (
        Receipt.objects.filter(site=actor.site)
        .select_related("household__room", "taken_by", "site")
        .prefetch_related("takings__handover__cashier")
        .order_by("-taken_at", "-pk")
    )
    return (
        rows.filter(Q(number__icontains=text) | Q(household__room__label__icontains=text)) if text else rows
    )


def find_receipt(*, actor: Actor, pk: int) -> Receipt | None:
    """A receipt of the actor's site."""
    return list_receipts(actor=actor).filter(pk=pk).first()


def list_handovers(*, actor: Actor, text: str = "") -> QuerySet[Handover]:
    """The handovers to the cashier, the latest first (O-03)."""
    rows = (
        Handover.objects.filter(site=actor.site)
        .select_related("counted_by", "cashier", "count", "site")
        .annotate(taking_count=Count("takings"))
        .order_by("-opened_at", "-pk")
    )
    return rows.filter(Q(number__icontains=text) | Q(cashier__name__icontains=text)) if text else rows


def find_handover(*, actor: Actor, pk: int) -> Handover | None:
    """A handover of the actor's site."""
    return list_handovers(actor=actor).filter(pk=pk).first()


def open_handover(*, site: Site) -> Handover | None:
    """What was taken and not yet counted for the cashier."""
    return Handover.objects.filter(site=site, state="collecting").first()


def takings_of(*, handover: Handover) -> QuerySet[Taking]:
    """What a handover is made of, in its order."""
    return (
        Taking.objects.filter(handover=handover)
        .select_related("receipt__household__room", "payment__case__room", "by")
        .order_by("at", "pk")
    )


def list_counts(*, actor: Actor, text: str = "") -> QuerySet[CashCount]:
    """The counts of the box of the actor's site, the latest first; `state` says whether book and box agreed."""
    rows = (
        CashCount.objects.filter(place__site=actor.site, place__kind="box")
        .select_related("place", "by")
        .annotate(
            state=Case(
                When(counted_fen=F("book_fen"), then=Value("even")), default=Value("different"),
                output_field=CharField(),
            ),
            version=Value(1),
        )
        .order_by("-at", "-pk")
    )  # fmt: skip
    return rows.filter(Q(by__name__icontains=text) | Q(explanation__icontains=text)) if text else rows


def find_count(*, actor: Actor, pk: int) -> CashCount | None:
    """A count of the actor's site."""
    return list_counts(actor=actor).filter(pk=pk).first()


def list_entries(*, actor: Actor, text: str = "") -> QuerySet[Entry]:
    """Every movement of cash at the actor's site, the latest first; `state` says which way it went for the box."""
    rows = (
        Entry.objects.filter(site=actor.site)
        .select_related("source__staff", "target__staff", "by")
        .annotate(
            state=Case(
                When(target__kind="box", then=Value("in")), When(source__kind="box", then=Value("out")),
                default=Value("beside"), output_field=CharField(),
            ),
            version=Value(1),
        )
        .order_by("-at", "-pk")
    )  # fmt: skip
    return rows.filter(Q(note__icontains=text) | Q(by__name__icontains=text)) if text else rows


def find_entry(*, actor: Actor, pk: int) -> Entry | None:
    """A movement at the actor's site."""
    return list_entries(actor=actor).filter(pk=pk).first()


def places_of(*, site: Site) -> list[Place]:
    """Where cash of the site lies now: box, people who carry some, cashier."""
    rows = Place.objects.filter(site=site, kind__in=("box", "person", "cashier")).select_related("staff")
    return [one for one in rows.order_by("kind", "pk") if one.balance_fen or one.kind == "box"]


# -- the month ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """Takings and handovers of a month."""

    taken_fen: int
    takings: int
    by_what: tuple[tuple[str, int, int], ...]  # code, how many, fen
    handovers: int
    received_fen: int
    late: int
    waiting: int
    different: int


def window_of(*, year: int, month: int) -> Window:
    """A calendar month."""
    last = clamp(year=year, month=month, day=31)
    return Window(first=date(year, month, 1), last=last, due=last)


def bounds(*, window: Window) -> tuple[datetime, datetime]:
    """From the first moment of a month up to before the first of the next."""
    first = datetime.combine(window.first, time.min, tzinfo=ZONE)
    after = date.fromordinal(window.last.toordinal() + 1)
    return first, datetime.combine(after, time.min, tzinfo=ZONE)


def list_month(*, actor: Actor, window: Window) -> QuerySet[Taking]:
    """The takings of a month, in their order."""
    start, end = bounds(window=window)
    return (
        Taking.objects.filter(site=actor.site, at__gte=start, at__lt=end)
        .select_related("receipt__household__room", "payment__case__room", "handover__cashier", "by")
        .order_by("at", "pk")
    )


def month_figures(*, actor: Actor, window: Window) -> MonthFigures:
    """The figures of a month (O-03, O-06)."""
    start, end = bounds(window=window)
    by_what = tuple(
        (one["what"], one["number"], one["fen"] or 0)
        for one in Taking.objects.filter(site=actor.site, at__gte=start, at__lt=end)
        .values("what")
        .annotate(number=Count("pk"), fen=Sum("fen"))
        .order_by("what")
    )
    found = Handover.objects.filter(site=actor.site, opened_at__gte=start, opened_at__lt=end).aggregate(
        handovers=Count("pk"),
        received=Sum("counted_fen", filter=Q(state="received")),
        late=Count("pk", filter=Q(is_late=True)),
        waiting=Count("pk", filter=~Q(state="received")),
        different=Count("pk", filter=Q(counted_fen__isnull=False) & ~Q(counted_fen=F("fen"))),
    )
    return MonthFigures(
        taken_fen=sum(one[2] for one in by_what), takings=sum(one[1] for one in by_what), by_what=by_what,
        handovers=found["handovers"], received_fen=found["received"] or 0, late=found["late"],
        waiting=found["waiting"], different=found["different"],
    )  # fmt: skip
