"""What the mail adds elsewhere: to a home at the desk, to the first page, to what the next shift is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.shown import Known, Related, TodayLine, TodayList, TodayNumber, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.mail.process.books import HAND_OUT, REPORT, RETURN, SEE, TAKE_IN
from yingsheng.processes.mail.queries import items
from yingsheng.processes.mail.queries.month import told_in_time
from yingsheng.processes.mail.services.telling import place_of

LINES = 6


def of_home(household: Household) -> list[Related]:
    """From the file of a home to taking in something for it."""
    return [
        Related(
            title=_("邮件"), icon="package", text=_("收一件邮件"), url_name="mail:mail_items_new",
            url_args=(f"home-{household.room.key}",), permission=TAKE_IN,
        )
    ]  # fmt: skip


def known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """How many items wait for a home that calls or comes (M-11)."""
    waiting = items.waiting_of(household=household) if actor.may(SEE) else []
    if not waiting:
        return []
    first = waiting[0]
    late = first.mail.overdue_at is not None and first.mail.overdue_at <= now
    return [
        Known(
            word=_("未取包裹 %(count)s") % {"count": len(waiting)}, tone="late" if late else "soon",
            text=_("、").join(one.number for one in waiting[:3]),
            note=_("放在%(place)s，%(day)s收到")
            % {
                "place": first.place or _("专柜"),
                "day": timezone.localtime(first.mail.received_at).strftime("%m-%d"),
            },
            url_name="mail:mail_items_one", url_args=(first.pk,),
        )
    ]  # fmt: skip


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Whom to tell, what is overdue, what goes back to the post, which letters wait for the area clerk."""
    found = []
    site, here = actor.site, reverse("mail:mail_items")
    if actor.may(HAND_OUT):
        found.append(
            _listed(
                title=_("待通知住户的邮件"), rule="M-11", rows=items.untold(site=site)[: LINES + 1],
                more=f"{here}?mail__stage=shelved",
            )
        )  # fmt: skip
        found.append(
            _listed(
                title=_("过期未取的邮件"), rule="M-07", rows=items.overdue(site=site, now=now)[: LINES + 1],
                more=f"{here}?mail__stage=told",
            )
        )  # fmt: skip
    if actor.may(RETURN):
        found.append(
            _listed(
                title=_("待退回邮局的邮件"), rule="M-13", rows=items.going_back(site=site)[: LINES + 1],
                more=f"{here}?mail__stage=undeliverable",
            )
        )  # fmt: skip
    if actor.may(TAKE_IN):
        if items.area_hours(site=site, at=now) is not None:
            found.append(
                _listed(
                    title=_("待通知管理员的邮件"), rule="M-05", rows=items.for_the_area(site=site)[: LINES + 1],
                    more=reverse("mail:area"),
                )
            )  # fmt: skip
        found.append(_batches(site=site))
    return [one for one in found if one is not None]


def _listed(*, title: str, rule: str, rows: Iterable[Item], more: str) -> TodayList | None:
    waiting = list(rows)
    if not waiting:
        return None
    lines = tuple(
        TodayLine(
            text=f"{one.number} {place_of(item=one, row=one.mail)}",
            note=_("%(day)s收到") % {"day": timezone.localtime(one.mail.received_at).strftime("%m-%d %H:%M")},
            url_name="mail:mail_items_one", url_args=(one.pk,),
        )
        for one in waiting[:LINES]
    )  # fmt: skip
    return TodayList(title=title, icon="package", rule=rule, count=len(waiting), lines=lines, more_url=more)


def _batches(*, site: Site) -> TodayList | None:
    waiting = list(items.batches_waiting(site=site)[: LINES + 1])
    if not waiting:
        return None
    lines = tuple(
        TodayLine(
            text=_("%(count)s件 %(area)s") % {"count": one.count, "area": one.area.name if one.area else ""},
            note=_("%(day)s收到") % {"day": timezone.localtime(one.received_at).strftime("%m-%d %H:%M")},
            url_name="mail:mail_batches_one", url_args=(one.pk,),
        )
        for one in waiting[:LINES]
    )  # fmt: skip
    return TodayList(
        title=_("待管理员领取的信件报刊"), icon="mail", rule="M-01", count=len(waiting), lines=lines,
        more_url=f"{reverse('mail:mail_batches')}?state=sorted",
    )  # fmt: skip


def numbers(*, actor: Actor, now: datetime) -> list[TodayNumber]:
    """How many households were told of their mail in time this month (M-11)."""
    if not actor.may(REPORT):
        return []
    count, base = told_in_time(site=actor.site, now=now)
    return [
        TodayNumber(
            label=_("邮件按时通知"), count=count, base=base, target=None, rule="M-11", url_name="mail:month"
        )
    ]


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """Overdue items, and what goes back to the post, for the next shift (M-07, M-13)."""

    def told(one: Any, word: str) -> Told:
        return Told(
            key=f"mail.item:{one.pk}", word=word, text=f"{one.number} {place_of(item=one, row=one.mail)}",
            note=one.mail.verified_as or one.place, url_name="mail:mail_items_one", url_args=(one.pk,),
        )  # fmt: skip

    late = [told(one, N("邮件过期未取")) for one in items.overdue(site=site, now=now)[:50]]
    return late + [told(one, N("邮件待退回")) for one in items.going_back(site=site)[:50]]
