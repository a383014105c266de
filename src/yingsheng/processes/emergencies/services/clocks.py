"""The promises of an emergency, each with its rule, counted in minutes of the clock and not of the desk."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import Rung, calendar_for
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.processes.emergencies.rules.life import (
    ACKNOWLEDGE,
    ARRIVE,
    CALL_BACK,
    INFORM,
    REASSURE,
    REPORT,
)

# milestone -> the figure that says how long
FIGURES = {
    ACKNOWLEDGE: "X-01.report_within",
    INFORM: "X-02.inform_within",
    REASSURE: "X-03.reassure_within",
    REPORT: "X-07.special_report_within",
    CALL_BACK: "X-03.call_back_within",
}
DESK_ROLE = "FRONT_DESK"


def ladder_of(*, case: Case, at: datetime) -> tuple[Rung, ...]:
    """The posts told one after the other until somebody takes the emergency; none where the regulation is silent."""
    rungs = figure(path="X-01.escalation_ladder", site=case.site, at=at) or []
    return tuple(Rung(after_minutes=one["after_minutes"], role=one["role"]) for one in rungs)


def owe(
    *, case: Case, milestone: str, role: str, at: datetime, staff: Staff | None = None, climbs: bool = False
) -> None:
    """Arm a promise of the case; nothing where the adopted regulation names no time."""
    rule_id, _, name = FIGURES[milestone].partition(".")
    resolved = resolve(rule_id=rule_id, site=case.site, at=at)
    amount = resolved[name]
    if amount is None:
        return
    unit = resolved.rule.parameter(name).unit
    calendar = SiteCalendars(site_id=case.site_id).counting(unit=unit)
    promise = Promise(
        milestone=milestone,
        resolved=resolved,
        amount=int(amount),
        unit=unit,
        starts_at=at,
        due_at=due_at(start=at, amount=int(amount), unit=unit, calendar=calendar).at,
        responsible_role=role,
        responsible_staff=staff,
        ladder=ladder_of(case=case, at=at) if climbs else (),
        warn_percent=figure(path="C-53.warn_at_percent", site=case.site, at=at),
        calendar=calendar_for(unit=unit),
    )
    timers.arm(site_id=case.site_id, subject=case, promises=[promise], at=at)


def owe_arrival(*, case: Case, eta_at: datetime, staff: Staff, at: datetime) -> None:
    """Arm the arrival at the moment that whoever took the emergency named himself; late, it climbs the same ladder."""
    promise = Promise(
        milestone=ARRIVE,
        resolved=resolve(rule_id="X-02", site=case.site, at=at),
        amount=0,
        unit="minutes",
        starts_at=at,
        due_at=eta_at,
        responsible_role="HANDLER",
        responsible_staff=staff,
        ladder=ladder_of(case=case, at=at),
    )
    timers.arm(site_id=case.site_id, subject=case, promises=[promise], at=at)
