"""The desk's day, told to its superiors by a person and kept as it stood (B-13, B-15)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.enquiries.queries import desk_day

DAY = "desk_report"
DEFINITION = "desk_report/1"
TOLD = gettext_noop(
    "%(period)s前台日报：来电来访%(contacts)s次，投诉%(complaints)s件，重大%(major)s件（%(rule)s）"
)


@transaction.atomic
def report_day(*, actor: Actor, at: datetime, note: str = "", reason: str = "") -> Filing:
    """Report the day's complaints and enquiries upwards; where something major came in, the site head hears it too.

    Once a day; again only as a correction with its reason. Rules B-13, B-15.
    """
    demand(actor=actor, permission="enquiries.report")
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    found = desk_day(site=actor.site, day=today)
    period = hold_period(site=actor.site, code=DAY, first=today, at=at)
    filing = file_period(
        period=period, content=found.content(), definition=DEFINITION, by=actor.staff, at=at, note=note, reason=reason,
    )  # fmt: skip
    roles = list(figure(path="B-13.superiors", site=actor.site, at=at) or [])
    if found.major:
        roles.append(owed_role(path="B-15.major_to", site=actor.site, at=at))
    people = {
        one.pk: one
        for role in roles
        for one in list_holders_or_above(site_id=actor.site.pk, role=role, at=at)
    }
    params = {
        "period": period_name(period=period), "contacts": found.contacts, "complaints": found.complaints,
        "major": len(found.major), "rule": "B-13",
    }  # fmt: skip
    queue(
        site_id=actor.site.pk, subject=period, at=at,
        drafts=[
            Draft(text=TOLD, params=params, to_staff=one, rule="B-13", dedup_key=f"day:{filing.pk}:{one.pk}")
            for one in people.values()
        ],
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="enquiries.day_reported", subject=period, by=actor.staff, at=at, rule="B-13",
        data={**params, "version": filing.version, "digest": filing.digest, "told": sorted(people)},
    )  # fmt: skip
    return filing
