"""What stands elsewhere about emergencies: beside the caller's card, on the first page, in the figures of the month."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.shown import GOES_ON, DeskHint, Foresight, TodayLine, TodayList, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import month_start
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.processes.emergencies.process.scene import language
from yingsheng.processes.emergencies.queries import list_emergencies, list_owed_calls, open_near, report_rate
from yingsheng.processes.emergencies.rules.kinds import load_kinds
from yingsheng.processes.emergencies.rules.life import OPEN
from yingsheng.processes.emergencies.rules.months import minutes_between

LINES = 5


def desk_hints(*, actor: Any, household: Any, now: datetime) -> list[DeskHint]:
    """While an emergency is open at the caller's building: that it is known, what to say, one key to note it (X-03)."""
    if not actor.may("emergencies.register"):
        return []
    hints = []
    for case in open_near(actor=actor, household=household):
        minutes = minutes_between(start=case.received_at, end=now)
        said = load_kinds()[case.emergency.kind].reassure.read(language())
        if case.building_id is None:  # any home may be meant, so the desk asks before it promises anything
            said = _("先问清来电人说的是不是“%(place)s”这件事，是同一件再说：%(said)s") % {
                "place": case.emergency.place, "said": said,
            }  # fmt: skip
        joined: datetime | None = getattr(case, "joined_at", None)
        hints.append(
            DeskHint(
                title=case.title,
                note=_("%(minutes)s分钟前登记") % {"minutes": minutes}
                if case.building_id is not None
                else _("%(minutes)s分钟前登记，不知道是哪一栋") % {"minutes": minutes},
                text=said,
                rule="X-03",
                url=reverse("ui:case", args=[case.key]) if getattr(case, "is_seen", False) else "",
                number=case.number,
                action_url=reverse("emergencies:join", args=[case.key]),
                action=_("又一户来电"),
                key="+",
                done=_("本户 %(at)s 已记入来电名单") % {"at": timezone.localtime(joined).strftime("%H:%M")}
                if joined is not None
                else "",
            )
        )
    return hints


def today(*, actor: Any, now: datetime) -> list[TodayList]:
    """The emergencies that still run, for whoever acts; the calls to be returned, for the desk (X-01, X-03)."""
    lists = []
    if actor.may("emergencies.act"):
        rows = list(list_emergencies(actor=actor).filter(state__in=OPEN).order_by("received_at"))
        if rows:
            lists.append(
                TodayList(
                    title=_("正在发生的突发事件"), icon="urgent", rule="X-01", count=len(rows),
                    lines=tuple(_running(case, now) for case in rows[:LINES]),
                    more_url=reverse("emergencies:list"), rank=GOES_ON,
                )
            )  # fmt: skip
    if actor.may("emergencies.register"):
        rows = list_owed_calls(actor=actor)
        if rows:
            lists.append(
                TodayList(
                    title=_("突发事件后给住户回电"), icon="phone-call", rule="X-03", count=len(rows),
                    lines=tuple(_owed(case) for case in rows[:LINES]), more_url=reverse("emergencies:list"),
                    rank=GOES_ON,
                )
            )  # fmt: skip
    return lists


def _running(case: Any, now: datetime) -> TodayLine:
    minutes = minutes_between(start=case.received_at, end=now)
    return TodayLine(
        text=f"{case.number} {case.title}",
        note=_("已过%(minutes)s分钟") % {"minutes": minutes},
        url_name="ui:case",
        url_args=(case.key,),
    )


def _owed(case: Any) -> TodayLine:
    return TodayLine(
        text=f"{case.number} {case.title}",
        note=_("还有%(count)s户") % {"count": case.waiting},
        url_name="ui:case",
        url_args=(case.key,),
    )


def numbers(*, actor: Any, now: datetime) -> list[TodayNumber]:
    """How many special event reports due this month were written in time (KPI-32), for whoever writes them."""
    if not actor.may("emergencies.decide"):
        return []
    kept, due = report_rate(site=actor.site, start=month_start(at=now), end=now)
    return [
        TodayNumber(
            label=_("特别事件报告及时率"),
            count=kept,
            base=due,
            target=None,
            rule="X-07",
            url_name="emergencies:month",
        )
    ]


def promise(*, site: Any, at: datetime) -> Foresight | None:
    """What an emergency registered now is promised first: that somebody takes it (X-01)."""
    minutes = figure(path="X-01.report_within", site=site, at=at)
    if minutes is None:
        return None
    calendar = SiteCalendars(site_id=site.pk).counting(unit="minutes")
    return Foresight(
        milestone=N("接警"),
        due_at=due_at(start=at, amount=int(minutes), unit="minutes", calendar=calendar).at,
        rule="X-01",
    )
