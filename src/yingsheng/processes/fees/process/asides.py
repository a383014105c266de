"""What the cash box adds elsewhere: to the first page, to the handover of a shift, which it may stop."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.shown import TodayLine, TodayList, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cash.queries import balance, counted_since, moved_since
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.queries import role_may
from yingsheng.processes.fees.models import Handover
from yingsheng.processes.fees.services.handing import HAND, RECEIVE

LINES = 6
KEEP_BOX = "fees.hand_over"


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """What is owed to the cashier, for whoever hands it over and whoever receives it (O-03)."""
    states = [
        state for permission, state in ((HAND, "collecting"), (RECEIVE, "counted")) if actor.may(permission)
    ]
    rows = (
        list(Handover.objects.filter(site=actor.site, state__in=states).order_by("pk")[:LINES])
        if states
        else []
    )
    if not rows:
        return []
    lines = tuple(
        TodayLine(
            text=f"{row.number} {format_fen(fen=row.fen)} {_('元')}",
            note=_("%(due)s前") % {"due": f"{timezone.localtime(row.due_at):%m-%d %H:%M}"} if row.due_at else "",
            url_name="fees:cashier_handovers_one", url_args=(row.pk,),
        )
        for row in rows
    )  # fmt: skip
    return [
        TodayList(
            title=_("待移交收银员"), icon="coin", rule="O-03", count=len(rows), lines=lines,
            more_url=reverse("fees:cashier_handovers"),
        )
    ]  # fmt: skip


def _box(*, site: Site, word: str, note: str) -> list[Told]:
    held = format_fen(fen=balance(site=site))
    return [
        Told(
            key=f"cash.box:{site.pk}", word=word, text=f"{held} {_('元')}", note=note, url_name="fees:cash_counts"
        )
    ]  # fmt: skip


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """What lies in the box, for the next shift, which counts it (P-02, O-06)."""
    return _box(site=site, word=N("钱箱余额"), note=_("接班时按票面清点")) if balance(site=site) else []


def must_settle(*, site: Site, since: datetime, now: datetime, roles: Collection[str] = ()) -> list[Told]:
    """The box is counted before a shift goes that found money in it or moved any (O-06).

    Only where somebody stands who keeps it: the night's repairers hand over without.
    """
    if roles and not role_may(codes=roles, permission=KEEP_BOX):
        return []
    if not (balance(site=site) or moved_since(site=site, since=since)):
        return []
    if counted_since(site=site, since=since) is not None:
        return []
    found = _box(site=site, word=N("钱箱未清点"), note=_("清点后再交班"))
    return [
        Told(
            key=f"cash.count:{site.pk}:{int(since.timestamp())}", word=one.word, text=one.text, note=one.note,
            url_name=one.url_name,
        )
        for one in found
    ]  # fmt: skip
