"""A new day lays out its shifts (D-05); a form that is opened from a line of the night is written beside it (D-25)."""

from __future__ import annotations

from datetime import timedelta

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.rosters.models import DutyPost
from yingsheng.kernel.timers.models import Period
from yingsheng.kernel.timers.periods import is_desk_open
from yingsheng.processes.duty.services.entries import link_opened
from yingsheng.processes.duty.services.scheduling import LOG_DAY, release_empty_site, schedule_day

ONE, LONGEST_REST = timedelta(days=1), timedelta(days=31)
REGISTERED = ("complaints.registered", "repairs.registered", "services.registered", "enquiries.promised")


def _day_begins(event: Event) -> None:
    if event.data.get("code") != LOG_DAY:
        return
    period = Period.objects.select_related("site").get(pk=event.subject_id)
    if not DutyPost.objects.filter(site=period.site, active=True).exists():
        release_empty_site(period=period, at=event.at)
        return
    # a day on which the desk is closed opens no period, and is manned all the same
    day = period.first
    schedule_day(site=period.site, day=day, at=event.at)
    while not is_desk_open(site=period.site, day=day + ONE) and day - period.first < LONGEST_REST:
        day += ONE
        schedule_day(site=period.site, day=day, at=event.at)


def _registered(event: Event) -> None:
    # the way in stands in the event, so that what came by day costs no question
    if event.by is None or event.data.get("channel") != Case.Channel.NIGHT_LOG:
        return
    case = Case.objects.select_related("site").get(pk=event.subject_id)
    if case.room_id is not None:
        link_opened(case=case, by=event.by, at=event.at)


REACTIONS = (
    Reaction(on="timers.period_opened", run=_day_begins, emits=("duty.day_scheduled",)),
    *(Reaction(on=kind, run=_registered, emits=("duty.form_opened",)) for kind in REGISTERED),
)
