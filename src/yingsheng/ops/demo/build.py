"""Building the demonstration site: everything in one transaction, through the same services as the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.estate.models import Member
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.services import load_roles, open_site
from yingsheng.kernel.rosters.setup import create_default_posts
from yingsheng.kernel.worktime.services import create_default_calendars
from yingsheng.ops.demo.cash import Purse
from yingsheng.ops.demo.cast import CAST, PASSWORD, hire_cast
from yingsheng.ops.demo.complaints import Desk
from yingsheng.ops.demo.duty import Duty
from yingsheng.ops.demo.emergencies import start_emergencies
from yingsheng.ops.demo.enquiries import start_enquiries
from yingsheng.ops.demo.homes import build_homes, change_some_archives
from yingsheng.ops.demo.keys import Keys
from yingsheng.ops.demo.knowledge import Library
from yingsheng.ops.demo.mail import Mail
from yingsheng.ops.demo.matters import Matters
from yingsheng.ops.demo.office import Office
from yingsheng.ops.demo.patrols import Patrols
from yingsheng.ops.demo.registers import Registers
from yingsheng.ops.demo.repairs import Workshop
from yingsheng.ops.demo.repairs_today import start_open_repairs
from yingsheng.ops.demo.rosters import Rosters
from yingsheng.ops.demo.sales import Sales
from yingsheng.ops.demo.services import Services
from yingsheng.ops.demo.timeline import Timeline
from yingsheng.ops.demo.visitors import Gate

SITE_CODE = "demo"
HISTORY_DAYS = 92
BEFORE_HISTORY_DAYS = 8  # when the site was set up
STILL_RINGING_DAYS = 1  # what was told before counts as told
# the last days bring more than usual, so that the worklists show something
BUSY_DAYS, BUSY_SHARE = 4, 0.1
STRANGER_SHARE = 25  # one caller in so many has no home here (C-84)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What was built; `refusals` are stories that a rule ended early, for looking into."""

    site: Site
    password: str
    staff_count: int
    people_count: int
    case_count: int
    refusals: tuple[Refused, ...]


@transaction.atomic
def build_demo(
    *,
    now: datetime,
    seed: int = 1,
    complaint_count: int = 195,
    enquiry_count: int = 200,
    service_count: int = 45,
    repair_count: int = 260,
) -> Demo:
    """Make the drill site "demo" (云溪花园) with 300 homes and three months of work up to `now`, all or nothing.

    The same `now` and `seed` tell the same stories. Refused if the site is there already.
    """
    if Site.objects.filter(code=SITE_CODE).exists():
        raise Refused(gettext_noop("演示项目已经建好"), code="exists")
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    since = (now - timedelta(days=HISTORY_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    opened_at = since - timedelta(days=BEFORE_HISTORY_DAYS)
    load_roles()
    site = _open_drill_site(at=opened_at)
    create_default_calendars(site=site, at=opened_at)
    create_default_posts(site=site, at=opened_at)
    cast = hire_cast(site=site, at=opened_at)
    people_count = build_homes(site=site, by=cast["admin"], at=opened_at, rng=rng)
    change_some_archives(site=site, by=cast["front"], at=opened_at + timedelta(days=1), rng=rng)
    line = Timeline(now=now, rng=rng)
    callers = _callers(site=site)
    desk = Desk(line=line, site=site, cast=cast, callers=callers)
    recent = now - timedelta(days=BUSY_DAYS)
    desk.start_complaints(since=since, until=recent, number=round(complaint_count * (1 - BUSY_SHARE)))
    desk.start_complaints(
        since=recent, until=now, number=round(complaint_count * BUSY_SHARE), slow_share=0.35
    )
    desk.start_groups(since=since)
    desk.start_last_night()
    Office(line=line, site=site, cast=cast).start(since=since)
    start_enquiries(line=line, site=site, cast=cast, callers=callers, since=since, number=enquiry_count)
    Services(line=line, site=site, cast=cast, callers=callers).start(since=since, number=service_count)
    Matters(line=line, site=site, cast=cast, callers=callers).start(since=since)
    workshop = Workshop(line=line, site=site, cast=cast, callers=callers)
    workshop.open(at=since)
    workshop.start(since=since, number=repair_count)
    workshop.give_the_evening()
    start_open_repairs(shop=workshop)
    start_emergencies(line=line, site=site, cast=cast, callers=callers)
    Registers(line=line, site=site, cast=cast).start(since=since)
    Keys(line=line, site=site, cast=cast).start(since=since)
    Duty(line=line, site=site, cast=cast).start()
    Rosters(line=line, site=site, cast=cast).start()
    Library(line=line, site=site, cast=cast).start(since=since)
    Patrols(line=line, site=site, cast=cast, shop=workshop).start()
    Mail(line=line, site=site, cast=cast).start()
    Purse(line=line, site=site, cast=cast).start(since=since)
    Gate(line=line, site=site, cast=cast).start()
    Sales(line=line, site=site, cast=cast).start()
    line.play()
    _tell_the_past(site=site, before=now - timedelta(days=STILL_RINGING_DAYS))
    return Demo(
        site=site,
        password=PASSWORD,
        staff_count=len(CAST),
        people_count=people_count,
        case_count=Case.objects.filter(site=site).count(),
        refusals=tuple(line.refusals),
    )


def _open_drill_site(*, at: datetime) -> Site:
    return open_site(
        code=SITE_CODE,
        name="云溪花园",
        kind="residence",
        at=at,
        is_drill=True,
        address="云溪市溪口路1号（演示）",
        duty_phone="0755-20000001",
        company_hotline="0755-20000002",
        company_fax="0755-20000003",
        complaint_email="service@yunxi.example",
        area_code="0755",
    )


def _callers(*, site: Site) -> list[Caller]:
    """Who may call: members of households with a number, and now and then somebody from outside."""
    rows = (
        Member.objects.filter(household__site=site, active_to__isnull=True, person__phones__isnull=False)
        .select_related("person", "household", "household__room__building")
        .prefetch_related("person__phones")
        .order_by("pk")
        .distinct()
    )
    callers = [
        Caller(
            name=row.person.name,
            phone=row.person.phones.all()[0].number,
            person=row.person,
            household=row.household,
            room=row.household.room,
        )
        for row in rows
    ]
    strangers = [
        Caller(name="路过的访客" if place % 2 else "附近商户", phone=f"1611000{place:04d}")
        for place in range(len(callers) // STRANGER_SHARE)
    ]
    return callers + strangers


def _tell_the_past(*, site: Site, before: datetime) -> None:
    """Count what was told long ago as told, so that the first minute of the worker does not ring for it."""
    Message.objects.filter(site=site, queued_at__lt=before, next_try_at__isnull=False).update(
        state=Message.State.SENT, sent_at=F("queued_at"), next_try_at=None
    )
