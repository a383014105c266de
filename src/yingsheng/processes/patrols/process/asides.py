"""What patrols and visits add elsewhere: to a home at the desk, to the first page, to a matter raised of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.numbering import whole_number
from yingsheng.base.shown import Known, Related, TodayLine, TodayList, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.patrols.models import Finding, Visit
from yingsheng.processes.patrols.process.books import ARRANGE, SEE, WALK
from yingsheng.processes.patrols.queries.visiting import (
    coverage_by_area,
    find_visit,
    last_visit,
    planned_for,
)
from yingsheng.processes.patrols.queries.walking import (
    find_finding,
    local_day,
    open_findings,
    reports_waiting,
    routes_to_walk,
)
from yingsheng.processes.patrols.services.visiting import pass_on_visit
from yingsheng.processes.patrols.services.walking import pass_on_finding

LINES = 6


def of_home(household: Household) -> list[Related]:
    """From the file of a home to a visit."""
    return [
        Related(
            title=_("走访"), icon="home", text=_("登记走访"), url_name="patrols:household_visits_new",
            url_args=(f"home-{household.room.key}",), permission=WALK,
        )
    ]  # fmt: skip


def known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """When a home was visited last, by whom, and what it said (G-03)."""
    found = last_visit(household=household) if actor.may(SEE) else None
    if found is None or found.visited_at is None:
        return []
    when = timezone.localtime(found.visited_at).strftime("%Y-%m-%d")
    return [
        Known(
            word=_("走访过"), tone="plain", text=found.opinions[:60] or _("没有提意见"),
            note=_("%(when)s，%(who)s") % {"when": when, "who": found.staff.name},
            url_name="patrols:household_visits_one", url_args=(found.pk,),
        )
    ]  # fmt: skip


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Walks and visits of today for whoever makes them; reports to return and areas behind for whoever arranges."""
    found = []
    if actor.may(WALK):
        found += _own_day(actor=actor, now=now)
    if actor.may(ARRANGE):
        found += _reports(actor=actor) + _behind(actor=actor, now=now)
    return found


def _own_day(*, actor: Actor, now: datetime) -> list[TodayList]:
    visits = [
        row
        for row in planned_for(staff=actor.staff, site=actor.site, day=local_day(at=now))
        if row.state == Visit.State.PLANNED
    ]
    # of the routes only whoever's post walks them by the rule
    is_walker = owed_role(path="G-01.walked_by", site=actor.site, at=now) in actor.roles
    routes = routes_to_walk(actor=actor, now=now) if is_walker else []
    lines = [
        TodayLine(text=route.name, note=route.focus, url_name="patrols:phone_route", url_args=(route.pk,))
        for route in routes
    ] + [
        TodayLine(
            text=row.household.room.label, note=_("走访"), url_name="patrols:phone_home", url_args=(row.household_id,)
        )
        for row in visits
    ]  # fmt: skip
    if not lines:
        return []
    return [
        TodayList(
            title=_("今天的巡视走访"), icon="route", rule="G-03", count=len(lines), lines=tuple(lines[:LINES]),
            more_url=reverse("patrols:phone"),
        )
    ]  # fmt: skip


def _reports(*, actor: Actor) -> list[TodayList]:
    waiting = list(reports_waiting(actor=actor)[: LINES + 1])
    if not waiting:
        return []
    lines = tuple(
        TodayLine(
            text=f"{row.day} {row.staff.name}", note=row.open_items.splitlines()[0][:40] if row.open_items else "",
            url_name="patrols:patrol_reports_one", url_args=(row.pk,),
        )
        for row in waiting[:LINES]
    )  # fmt: skip
    return [
        TodayList(
            title=_("待批回的日报表"), icon="file-text", rule="G-02", count=len(waiting), lines=lines,
            more_url=f"{reverse('patrols:patrol_reports')}?state=handed_up",
        )
    ]  # fmt: skip


def _behind(*, actor: Actor, now: datetime) -> list[TodayList]:
    behind = [one for one in coverage_by_area(site=actor.site, at=now) if one.coverage.is_behind]
    if not behind:
        return []
    lines = tuple(
        TodayLine(
            text=one.name or _("未分片区"),
            note=_("已走访%(visited)s/%(homes)s，每天需%(needed)s户")
            % {
                "visited": one.coverage.visited, "homes": one.coverage.homes,
                "needed": f"{one.coverage.needed_pace / 100:.1f}",
            },
            url_name="patrols:coverage",
        )
        for one in behind[:LINES]
    )  # fmt: skip
    return [
        TodayList(
            title=_("走访进度落后"), icon="home", rule="G-08", count=len(behind), lines=lines,
            more_url=reverse("patrols:coverage"),
        )
    ]  # fmt: skip


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """What patrols found and nobody has handled or passed on yet, for the next shift (G-02)."""
    return [
        Told(
            key=f"patrols.finding:{row.pk}", word=N("巡视发现待处理"), text=f"{row.place} {row.text}".strip(),
            note=row.found_by.name, url_name="patrols:patrol_findings_one", url_args=(row.pk,),
        )
        for row in open_findings(site=site)
    ]  # fmt: skip


SUGGESTION = {"kind": "suggestion"}  # what the desk's own form begins with


def _raised(*, actor: Actor, key: str) -> Finding | Visit | None:
    """The finding or visit that a key such as "f12" or "v7" names, if it may still be raised."""
    pk = whole_number(text=key[1:])
    if pk is None or not actor.may(WALK):
        return None
    if key[0] == "f":
        finding = find_finding(actor=actor, pk=pk)
        return finding if finding is not None and finding.state == Finding.State.OPEN else None
    visit = find_visit(actor=actor, pk=pk) if key[0] == "v" else None
    if visit is None or visit.state != Visit.State.MET or visit.case_id is not None:
        return None
    return visit


def raise_start(*, actor: Actor, key: str) -> dict[str, Any] | None:
    """What the desk's form begins with when a finding or an opinion is raised (G-02, G-04)."""
    row = _raised(actor=actor, key=key)
    if row is None:
        return None
    if isinstance(row, Finding):
        words = f"{row.place} {row.text}".strip()
        return {
            "title": words[:120], "body": words, "place": row.place, "part": "public", "channel": "relay",
            "kind": "minor", "enquiries": SUGGESTION,
        }  # fmt: skip
    return {
        "title": row.opinions[:120], "body": row.opinions, "place": row.household.room.label, "channel": "visit",
        "kind": "minor", "enquiries": SUGGESTION,
    }  # fmt: skip


def raise_link(*, actor: Actor, key: str, case: Case, at: datetime) -> None:
    """Remember which matter a finding or an opinion became."""
    row = _raised(actor=actor, key=key)
    if isinstance(row, Finding):
        pass_on_finding(actor=actor, record=row, at=at, number=case.number)
    elif isinstance(row, Visit):
        pass_on_visit(actor=actor, record=row, at=at, number=case.number)
