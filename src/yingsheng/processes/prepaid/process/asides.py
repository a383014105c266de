"""What prepaid purchases add elsewhere: to a home at the desk, to the first page, to the handover of a shift."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.shown import Known, Related, TodayLine, TodayList, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.prepaid.models import Batch, Order
from yingsheng.processes.prepaid.process.books import SEE
from yingsheng.processes.prepaid.queries import orders_of_home, purchase_day, waiting_orders
from yingsheng.processes.prepaid.services.orders import TAKE

LINES = 6


def of_home(household: Household) -> list[Related]:
    """From the file of a home to a prepaid order (P-02)."""
    return [
        Related(
            title=_("代购电气"), icon="bolt", text=_("登记预购"), url_name="prepaid:prepaid_orders_new",
            url_args=(f"home-{household.room.key}",), permission=TAKE,
        )
    ]  # fmt: skip


def known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """What of a home is with us, and whether it can collect (P-05)."""
    if not actor.may(SEE):
        return []
    return [
        Known(
            word=_(Order.State(row.state).label), tone="soon" if row.state in ("bought", "told") else "plain",
            text=f"{_(row.get_kind_display())} {format_fen(fen=row.cash_fen)} {_('元')}",
            note=_("找零 %(change)s 元") % {"change": format_fen(fen=row.change_fen)} if row.bought_fen else row.device,
            url_name="prepaid:prepaid_orders_one", url_args=(row.pk,),
        )
        for row in orders_of_home(household=household)[:LINES]
    ]  # fmt: skip


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """What waits for the next joint purchase, and when that is (P-03)."""
    if not actor.may(TAKE):
        return []
    waiting = list(waiting_orders(site=actor.site)[: LINES + 1])
    if not waiting:
        return []
    lines = tuple(
        TodayLine(
            text=f"{row.household.room.label} {_(row.get_kind_display())}",
            note=f"{format_fen(fen=row.cash_fen)} {_('元')}", url_name="prepaid:prepaid_orders_one",
            url_args=(row.pk,),
        )
        for row in waiting[:LINES]
    )  # fmt: skip
    day = purchase_day(site=actor.site, at=now)
    return [
        TodayList(
            title=_("待集中购买（%(day)s）") % {"day": f"{day:%m-%d}"}, icon="bolt", rule="P-03", count=len(waiting),
            lines=lines, more_url=reverse("prepaid:prepaid_batches"),
        )
    ]  # fmt: skip


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """A purchase that is still out, for the next shift (P-04)."""
    return [
        Told(
            key=f"prepaid.batch:{row.pk}", word=N("集中购买未交回"),
            text=f"{row.number} {format_fen(fen=row.cash_fen)}", note=row.purchaser.name,
            url_name="prepaid:prepaid_batches_one", url_args=(row.pk,),
        )
        for row in Batch.objects.filter(site=site, state="carried").select_related("purchaser").order_by("pk")
    ]  # fmt: skip
