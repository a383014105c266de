"""The shifts of a day as they come: each is a page to be, and somebody owes to be there (D-05, D-15)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters.queries import Slot, slots_of
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Period
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.duty.models import Page
from yingsheng.processes.duty.rules import ARRIVE, MAN_POST

LOG_DAY = "duty_log"
NO_POSTS = gettext_noop("没有设值班岗")


@transaction.atomic
def schedule_day(*, site: Site, day: date, at: datetime) -> list[Page]:
    """Lay out the pages of a day's shifts, once however often it is asked; an empty key post will be an alarm."""
    made = []
    for slot in slots_of(site=site, first=day, last=day):
        if slot.ends_at > at and not Page.objects.filter(shift=slot.shift, day=day).exists():
            made.append(_lay_out(slot=slot, site=site, at=at))
    if made:
        events.record(
            site_id=site.pk, kind="duty.day_scheduled", subject=made[0], by=None, at=at, rule="D-05",
            data={"day": str(day), "shifts": len(made)},
        )  # fmt: skip
    return made


def lay_out(*, slot: Slot, site: Site, at: datetime) -> Page:
    """The page of a shift, made now if the day was not scheduled yet."""
    found = Page.objects.filter(shift=slot.shift, day=slot.day).first()
    return found if found is not None else _lay_out(slot=slot, site=site, at=at)


def _lay_out(*, slot: Slot, site: Site, at: datetime) -> Page:
    page = Page(
        site=site,
        post=slot.post,
        shift=slot.shift,
        day=slot.day,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    page.save(force_insert=True)
    if not slot.post.is_key:
        return page
    first = slot.people[0] if slot.people else None
    role = slot.post.roles[0] if slot.post.roles else "DUTY"
    ahead = figure(path="D-15.arrive_before", site=site, at=at)
    if ahead is not None and first is not None:
        owe(
            site=site, subject=page, milestone=ARRIVE, path="D-15.arrive_before", role=role, staff=first, at=at,
            until=slot.starts_at - timedelta(minutes=int(ahead)),
        )  # fmt: skip
    patience = int(figure(path="D-05.alarm_after", site=site, at=at) or 0)
    owe(
        site=site, subject=page, milestone=MAN_POST, path="D-05.alarm_after", role=role, staff=first, at=at,
        until=slot.starts_at + timedelta(minutes=patience), climbs=True, climbs_by="D-05.alarm_ladder",
    )  # fmt: skip
    return page


def release_empty_site(*, period: Period, at: datetime) -> None:
    """A site without duty posts has no log to sign."""
    timers.void(subject=period, by=None, at=at, reason=NO_POSTS)


def mark_missed(*, page: Page, at: datetime) -> None:
    """Nobody took this shift over, and it is past: the promise stays broken, the page stays unnumbered."""
    page.state = Page.State.MISSED
    page.version += 1
    page.save(update_fields=["state", "version"])
    timers.void(subject=page, by=None, at=at, reason=gettext_noop("这一班无人接班"), due_after=at)
