"""巡视日报表: owed from the first walk of a day, handed up before the shift ends, returned next morning (G-02)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.kernel.timers.rules import DESK
from yingsheng.kernel.worktime.arithmetic import NeverOpens, end_of_working_day
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.patrols.models import Report
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.processes.patrols.services.writing import tell

HAND_UP, RETURN = "hand_up_report", "return_report"
NOT_HIS = gettext_noop("日报表由规程指定的岗位批阅")


def owe_report(*, actor: Actor, day: date, at: datetime) -> Report:
    """The report of a person's day, there from the first walk on and owed until the shift ends."""
    row, is_new = Report.objects.get_or_create(
        site=actor.site, staff=actor.staff, day=day, defaults={"opened_at": at}
    )
    if is_new:
        owe(
            site=actor.site, subject=row, milestone=HAND_UP, path="G-02", role=owed_role(
                path="G-01.walked_by", site=actor.site, at=at
            ), staff=actor.staff, at=at, until=shift_end(site=actor.site, at=at),
        )  # fmt: skip
    return row


def shift_end(*, site: Site, at: datetime) -> datetime:
    """When the shift that runs at a moment ends: the next closing time of the desk, else the end of the day."""
    try:
        return end_of_working_day(start=at, days=0, calendar=get_calendar(site_id=site.pk, code=DESK))
    except (Calendar.DoesNotExist, NeverOpens):
        return datetime.combine(local_day(at=at), time(23, 59, 59), tzinfo=ZoneInfo(settings.TIME_ZONE))


@transaction.atomic
def open_report(*, actor: Actor, at: datetime, focus: str = "") -> Report:
    """A report for a day without a walk: the day's work is told all the same (G-02)."""
    demand(actor=actor, permission="patrols.walk")
    day = local_day(at=at)
    if Report.objects.filter(site=actor.site, staff=actor.staff, day=day).exists():
        raise Refused(gettext_noop("今天的日报表已经有了"), rule="G-02")
    row = owe_report(actor=actor, day=day, at=at)
    change(record=row, focus=focus.strip())
    tell(record=row, kind="report_opened", actor=actor, at=at, rule="G-02", day=day.isoformat())
    return row


@transaction.atomic
def hand_up_report(
    *,
    actor: Actor,
    record: Report,
    at: datetime,
    area: str,
    route: str,
    time: str,
    focus: str,
    findings: str,
    action: str,
    open_items: str,
    seen: int | None = None,
) -> Report:
    """Hand the day's report up; its superior owes it back at the hour the rule names on the next day (G-02, G-09)."""
    row = hold(actor=actor, record=record, permission="patrols.walk", seen=seen, states=("draft",))
    if row.staff_id != actor.staff.pk:
        raise Refused(gettext_noop("只有写日报表的人自己能交"), rule="G-02")
    change(
        record=row, state="handed_up", handed_up_at=at, area=area.strip(), route=route.strip(), time=time.strip(),
        focus=focus.strip(), findings=findings.strip(), action=action.strip(), open_items=open_items.strip(),
    )  # fmt: skip
    timers.meet(subject=row, milestones=[HAND_UP], by=actor.staff, at=at)
    back = _collected_at(site=actor.site, at=at)
    if back is not None:
        role = owed_role(path="G-02.returned_by", site=actor.site, at=at)
        owe(site=actor.site, subject=row, milestone=RETURN, path="G-02", role=role, at=at, until=back)
    tell(
        record=row, kind="report_handed_up", actor=actor, at=at, rule="G-02", day=row.day.isoformat(),
        open_items=row.open_items[:120],
    )  # fmt: skip
    return row


@transaction.atomic
def return_report(
    *, actor: Actor, record: Report, at: datetime, remark: str, seen: int | None = None
) -> Report:
    """Give a report back with a remark; by the post that the rule names, or a higher one (G-02, G-09)."""
    row = hold(actor=actor, record=record, permission="patrols.arrange", seen=seen, states=("handed_up",))
    demand_post(actor=actor, path="G-02.returned_by", at=at, text=NOT_HIS)
    change(record=row, state="returned", remark=remark.strip(), returned_at=at, returned_by=actor.staff)
    timers.meet(subject=row, milestones=[RETURN], by=actor.staff, at=at)
    tell(record=row, kind="report_returned", actor=actor, at=at, rule="G-02", remark=row.remark)
    return row


def _collected_at(*, site: Site, at: datetime) -> datetime | None:
    clock = figure(path="G-02.collected_at", site=site, at=at)
    if clock is None:
        return None
    return datetime.combine(
        local_day(at=at) + timedelta(days=1), time.fromisoformat(clock), tzinfo=ZoneInfo(settings.TIME_ZONE)
    )
