"""Reading orders, purchases and requests; the month; what a home has with us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from yingsheng.base.months import Window, window_up_to
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import find_household, find_room_named
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.processes.prepaid.models import Batch, Kind, Order, Request
from yingsheng.processes.prepaid.rules import WAITING, next_purchase

PERIOD = "prepaid_month"
MOST = 50


def household_of(*, actor: Actor, text: str) -> Household:
    """The living home that a room number names; Refused for none."""
    room = find_room_named(site=actor.site, text=text)
    household = find_household(room=room) if room is not None else None
    if household is None:
        raise Refused(gettext_noop("没有这个房号的住户，请写成“3栋2单元1802”"), field="room")
    return household


def list_orders(*, actor: Actor, text: str = "") -> QuerySet[Order]:
    """The orders of the actor's site, the latest first (P-02)."""
    rows = (
        Order.objects.filter(site=actor.site)
        .select_related("household__room", "ordered_by", "batch", "item", "site")
        .order_by("-ordered_at", "-pk")
    )
    found = Q(number__icontains=text) | Q(household__room__label__icontains=text) | Q(device__icontains=text)
    return rows.filter(found | Q(receipt__icontains=text)) if text else rows


def find_order(*, actor: Actor, pk: int) -> Order | None:
    """An order of the actor's site."""
    return list_orders(actor=actor).filter(pk=pk).first()


def list_batches(*, actor: Actor, text: str = "") -> QuerySet[Batch]:
    """The joint purchases of the actor's site, the latest first (P-03)."""
    rows = (
        Batch.objects.filter(site=actor.site)
        .select_related("purchaser", "prepared_by", "handed_by", "returned_to", "site")
        .annotate(order_count=Count("lines"))
        .order_by("-prepared_at", "-pk")
    )
    return rows.filter(Q(number__icontains=text) | Q(purchaser__name__icontains=text)) if text else rows


def find_batch(*, actor: Actor, pk: int) -> Batch | None:
    """A purchase of the actor's site."""
    return list_batches(actor=actor).filter(pk=pk).first()


def list_requests(*, actor: Actor, text: str = "") -> QuerySet[Request]:
    """What is arranged at utilities for the homes of the actor's site (P-01)."""
    rows = (
        Request.objects.filter(site=actor.site)
        .select_related("household__room", "taken_by", "runner", "site")
        .order_by("-requested_at", "-pk")
    )
    return (
        rows.filter(Q(number__icontains=text) | Q(household__room__label__icontains=text)) if text else rows
    )


def find_request(*, actor: Actor, pk: int) -> Request | None:
    """A request of the actor's site."""
    return list_requests(actor=actor).filter(pk=pk).first()


def waiting_orders(*, site: Site) -> QuerySet[Order]:
    """What goes into the next purchase, the oldest first."""
    return (
        Order.objects.filter(site=site, state__in=WAITING)
        .select_related("household__room", "item")
        .order_by("ordered_at", "pk")
    )


def orders_of_home(*, household: Household) -> list[Order]:
    """What a home has with us, the latest first."""
    rows = Order.objects.filter(household=household).exclude(state__in=("collected", "cancelled"))
    return list(rows.order_by("-ordered_at")[:MOST])


def purchase_day(*, site: Site, at: datetime) -> date:
    """When the next joint purchase is (P-03)."""
    last = Batch.objects.filter(site=site, handed_at__isnull=False).order_by("-handed_at").first()
    zone = ZoneInfo(settings.TIME_ZONE)
    last_day = last.handed_at.astimezone(zone).date() if last is not None and last.handed_at else None
    return next_purchase(
        today=at.astimezone(zone).date(), last=last_day,
        weekday=int(figure(path="P-03.purchase_weekday", site=site, at=at) or 1),
        every_days=int(figure(path="P-03.every", site=site, at=at) or 0),
    )  # fmt: skip


# -- the month ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    """One kind in a month."""

    code: str
    count: int
    prepaid_fen: int
    bought_fen: int
    change_fen: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """The prepaid purchases of a month (P-06)."""

    kinds: tuple[KindFigures, ...]
    count: int
    prepaid_fen: int
    bought_fen: int
    change_fen: int
    collected: int
    waiting: int
    cancelled: int
    batches: int
    requests: int

    def content(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "count": self.count, "prepaid_fen": self.prepaid_fen, "bought_fen": self.bought_fen,
            "change_fen": self.change_fen, "collected": self.collected, "waiting": self.waiting,
            "cancelled": self.cancelled, "batches": self.batches, "requests": self.requests,
            "kinds": [
                [one.code, one.count, one.prepaid_fen, one.bought_fen, one.change_fen, one.quantity]
                for one in self.kinds
            ],
        }  # fmt: skip


def window_of(*, year: int, month: int, site: Site, at: datetime) -> Window:
    """The days that the statistics of a month count: after the last ones up to the day of these (P-06, CF-36)."""
    resolved = resolve(rule_id="P-06", site=site, at=at)
    found = figure(path="P-06.statistics_day", site=site, at=at)
    day = int(found if found is not None else resolved.rule.parameter("statistics_day").value)
    return window_up_to(year=year, month=month, to_day=day, report_day=day)


def bounds(*, window: Window) -> tuple[datetime, datetime]:
    """From the first moment of a window up to before the moment after it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime.combine(window.first, time.min, tzinfo=zone)
    return first, datetime.combine(window.last + timedelta(days=1), time.min, tzinfo=zone)


def list_month(*, actor: Actor, window: Window) -> QuerySet[Order]:
    """The orders of a window, in the order they came."""
    start, end = bounds(window=window)
    return (
        list_orders(actor=actor)
        .filter(ordered_at__gte=start, ordered_at__lt=end)
        .order_by("ordered_at", "pk")
    )


def month_figures(*, actor: Actor, window: Window) -> MonthFigures:
    """The figures of a window (P-06)."""
    start, end = bounds(window=window)
    rows = Order.objects.filter(site=actor.site, ordered_at__gte=start, ordered_at__lt=end)
    by_kind: dict[str, Any] = {
        one["kind"]: one
        for one in rows.exclude(state="cancelled")
        .values("kind")
        .annotate(
            count=Count("pk"), prepaid=Sum("cash_fen"), bought=Sum("bought_fen"), change=Sum("change_fen"),
            amount=Sum("bought_quantity"),
        )
    }  # fmt: skip
    kinds = tuple(
        KindFigures(
            code=code,
            count=by_kind.get(code, {}).get("count") or 0,
            prepaid_fen=by_kind.get(code, {}).get("prepaid") or 0,
            bought_fen=by_kind.get(code, {}).get("bought") or 0,
            change_fen=by_kind.get(code, {}).get("change") or 0,
            quantity=by_kind.get(code, {}).get("amount") or 0,
        )
        for code in Kind.values
    )
    states = rows.aggregate(
        collected=Count("pk", filter=Q(state="collected")),
        cancelled=Count("pk", filter=Q(state="cancelled")),
        waiting=Count("pk", filter=~Q(state__in=("collected", "cancelled"))),
    )
    return MonthFigures(
        kinds=kinds, count=sum(one.count for one in kinds), prepaid_fen=sum(one.prepaid_fen for one in kinds),
        bought_fen=sum(one.bought_fen for one in kinds), change_fen=sum(one.change_fen for one in kinds), **states,
        batches=Batch.objects.filter(site=actor.site, handed_at__gte=start, handed_at__lt=end).count(),
        requests=Request.objects.filter(site=actor.site, requested_at__gte=start, requested_at__lt=end).count(),
    )  # fmt: skip


def list_filings(*, site: Site, limit: int = 12) -> list[Filing]:
    """What was handed in lately, newest first."""
    periods = Period.objects.filter(site=site, code=PERIOD)
    rows = Filing.objects.filter(period__in=periods).select_related("by", "period")
    return list(rows.order_by("-at", "-pk")[:limit])
