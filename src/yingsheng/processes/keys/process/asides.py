"""What keys add elsewhere: to a home at the desk and its file, to the first page, to the handover of a shift."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.shown import Known, Related, TodayLine, TodayList, TodayNumber, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.rules import OUT
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.keys.process.books import KEEP, MANAGE, REPORT, SEE
from yingsheng.processes.keys.queries import (
    keys_of,
    loan_figures,
    open_loans,
    overdue_loans,
    undecided_losses,
    unpledged,
)

LINES = 6
MOST_TOLD = 20


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """Keys that this home entrusted to us: on the hook, or out with whom (K-01, K-12)."""
    if not actor.may(SEE):
        return []
    return [
        Known(
            word=_("托管钥匙"), tone="soon" if row.state == OUT else "plain", text=f"{row.number} {row.name}",
            note=_("在%(who)s手里") % {"who": row.holder_name} if row.holder_name else row.place,
            url_name="keys:keys_one", url_args=(row.pk,),
        )
        for row in keys_of(household=household)[:3]
    ]  # fmt: skip


def of_home(household: Household) -> list[Related]:
    """From the file of a home to a key that its owner entrusts."""
    return [
        Related(
            title=_("钥匙"), icon="key", text=_("登记托管钥匙"), url_name="keys:keys_new",
            url_args=(f"home-{household.room.key}",), permission=KEEP,
        )
    ]  # fmt: skip


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Overdue keys and missing pledges for whoever keeps the cabinet, undecided losses for whoever decides."""
    found = []
    if actor.may(KEEP):
        found += _overdue(actor=actor, now=now) + _unpledged(actor=actor)
    if actor.may(MANAGE):
        found += _losses(actor=actor)
    return found


def _overdue(*, actor: Actor, now: datetime) -> list[TodayList]:
    rows = list(overdue_loans(site=actor.site, now=now)[: LINES + 1])
    lines = [
        TodayLine(
            text=f"{one.item.number} {one.item.name}",
            note=_("%(who)s，应还 %(due)s") % {"who": one.borrower, "due": _when(one.due_at)},
            url_name="keys:keys_one", url_args=(one.item_id,),
        )
        for one in rows[:LINES]
    ]  # fmt: skip
    return _list(_("超期未还的钥匙"), "K-12", lines, len(rows), f"{reverse('keys:key_loans')}?state=open")


def _unpledged(*, actor: Actor) -> list[TodayList]:
    rows = list(unpledged(site=actor.site)[: LINES + 1])
    lines = [
        TodayLine(
            text=f"{one.number} {one.room.label if one.room else ''}", note=_("缺托管承诺书"), url_name="keys:keys_one",
            url_args=(one.pk,),
        )
        for one in rows[:LINES]
    ]  # fmt: skip
    return _list(_("缺承诺书的钥匙"), "K-10", lines, len(rows), f"{reverse('keys:keys')}?kind=entrusted")


def _losses(*, actor: Actor) -> list[TodayList]:
    rows = list(undecided_losses(site=actor.site)[: LINES + 1])
    lines = [
        TodayLine(
            text=f"{one.item.number} {one.item.name}", note=one.circumstances[:40], url_name="keys:keys_one",
            url_args=(one.item_id,),
        )
        for one in rows[:LINES]
    ]  # fmt: skip
    return _list(_("遗失待处理的钥匙"), "K-04", lines, len(rows), f"{reverse('keys:keys')}?state=lost")


def _list(title: str, rule: str, lines: list[TodayLine], count: int, url: str) -> list[TodayList]:
    if not lines:
        return []
    return [TodayList(title=title, icon="key", rule=rule, count=count, lines=tuple(lines), more_url=url)]


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """Keys that are out when the shift changes, the overdue ones named as such (K-12)."""
    return [
        Told(
            key=f"key:{one.pk}", word=N("超期钥匙") if one.due_at < now else N("借出钥匙"),
            text=f"{one.item.number} {one.item.name} {one.borrower}",
            note=_("应还 %(due)s") % {"due": _when(one.due_at)}, url_name="keys:keys_one", url_args=(one.item_id,),
        )
        for one in open_loans(site=site)[:MOST_TOLD]
    ]  # fmt: skip


def numbers(*, actor: Actor, now: datetime) -> list[TodayNumber]:
    """How many of this month's loans came back in time, of those that are back or should be (K-04)."""
    if not actor.may(REPORT):
        return []
    found = loan_figures(site=actor.site, since=month_start(at=now), until=now, now=now)
    return [
        TodayNumber(
            label=_("钥匙按时归还"), count=found.on_time, base=found.due, target=None, rule="K-04",
            url_name="keys:month",
        )
    ]  # fmt: skip
