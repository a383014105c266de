"""What the sales desk adds to the first page: the turn, what waits for a ruling, whose customers soon run out."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.shown import GOES_ON, TodayLine, TodayList
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.salesdesk.models import Deal, Visit
from yingsheng.processes.salesdesk.process import queue_today
from yingsheng.processes.salesdesk.process.attribution_words import outcome_words
from yingsheng.processes.salesdesk.queries.allow import RULE, SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.customers import SOON_DAYS, count_ending

LINES = 6


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """The lists of this person (J-01, J-21, J-28)."""
    lists = [_rulings(actor=actor), _ending(actor=actor, now=now)]
    return [*queue_today.today(actor=actor, now=now), *(one for one in lists if one is not None)]


def _rulings(*, actor: Actor) -> TodayList | None:
    """Cases that no article settles, for who rules on them."""
    if not actor.may(RULE):
        return None
    deals = Deal.objects.filter(site=actor.site, needs_ruling=True).order_by("pk")
    visits = Visit.objects.filter(site=actor.site, needs_ruling=True).order_by("pk")
    lines = [
        TodayLine(
            text=f"{deal.number} {deal.unit}", note=outcome_words(code=deal.outcome),
            url_name="salesdesk:sales_deals_one", url_args=(deal.pk,),
        )
        for deal in deals[:LINES]
    ] + [
        TodayLine(
            text=visit.number, note=outcome_words(code=visit.outcome), url_name="salesdesk:attribution",
            url_args=(visit.pk,),
        )
        for visit in visits[:LINES]
    ]  # fmt: skip
    if not lines:
        return None
    return TodayList(
        title=_("待裁定的客户归属"), icon="gavel", rule="J-28", count=len(lines), lines=tuple(lines[:LINES]),
        more_url=reverse("salesdesk:sales_visits"),
    )  # fmt: skip


def _ending(*, actor: Actor, now: datetime) -> TodayList | None:
    """How many of an agent's customers stop being his within a week."""
    if not actor.may(TAKE) or actor.may(SEE_ALL):
        return None
    count = count_ending(site=actor.site, agent=actor.staff, now=now)
    if not count:
        return None
    line = TodayLine(
        text=_("%(days)s天内有%(count)s位客户到期") % {"days": SOON_DAYS, "count": count},
        note=_("联系他们，或看看还剩几天"), url_name="salesdesk:mine", url_args=(),
    )  # fmt: skip
    return TodayList(
        title=_("我的客户"), icon="users", rule="J-21", count=count, lines=(line,), rank=GOES_ON,
        more_url=reverse("salesdesk:mine"),
    )  # fmt: skip
