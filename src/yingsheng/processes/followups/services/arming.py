"""Owing a visit: by which figure, who answers for it, and when none is owed."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import Rung, calendar_for
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import OWED, raised_by_colleague
from yingsheng.processes.followups.rules import (
    answering_post,
    arms,
    internal_exempt,
    matter_of,
    mid_day,
    visit_limit,
    visiting_post,
)
from yingsheng.processes.followups.rules.matters import MIDWAY

MILESTONE = "follow_up"
INTERNAL = "公司内部事项，不回访"
MIDWAY_DAY = "F-04.mid_percent"


def arm_follow_up(
    *,
    case: Case,
    handled_at: datetime,
    by: Staff | None,
    at: datetime,
    heads_needed: bool = False,
    scale: str = "",
    part: str = "",
    internal: bool = False,
) -> FollowUp | None:
    """Owe a visit after a matter was handled (C-72), by the time the adopted rule sets (F-01 … F-04, F-16 … F-18).

    `scale` is that of a repair, `part` what of the matter is visited for itself. Where no time is set the visit is owed
    all the same, without a clock; one midway or of a regular round is owed only where a figure asks for it. What is the
    company's own in a mall owes none (F-16).
    """
    path = limit_of(case=case, part=part, scale=scale, at=at)
    if not arms(part=part, path=path):
        return None
    if internal_exempt(
        path=path,
        asked=_exempts_internal(case=case, at=at),
        has_home=case.room_id is not None or case.household_id is not None,
        by_colleague=raised_by_colleague(case=case, at=at),
        internal=internal,
    ):
        return _leave_out(case=case, part=part, handled_at=handled_at, by=by, at=at)
    follow_up = owe_visit(
        case=case, path=path, handled_at=handled_at, heads_needed=heads_needed, part=part, at=at
    )
    promised = follow_up.due_at.isoformat() if follow_up.limited else ""
    rule = path.partition(".")[0] if path else "C-72"
    record(follow_up=follow_up, kind="armed", by=by, at=at, rule=rule, data={"due": promised})
    return follow_up


def arm_midway(*, case: Case, first: date, last: date, by: Staff | None, at: datetime) -> FollowUp | None:
    """Owe the visit in the middle of a service that runs from a day to a day (F-04)."""
    percent = figure(path=MIDWAY_DAY, site=case.site, at=at)
    day = mid_day(first=first, last=last, percent=int(percent)) if percent is not None else None
    if day is None:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    follow_up = owe_visit(
        case=case,
        path=MIDWAY_DAY,
        handled_at=datetime.combine(day, time.min, tzinfo=zone),
        part=MIDWAY,
        at=at,
    )
    due = follow_up.due_at.isoformat()
    record(follow_up=follow_up, kind="armed", by=by, at=at, rule="F-04", data={"due": due})
    return follow_up


def limit_of(*, case: Case, part: str, at: datetime, scale: str = "", matter: str = "") -> str | None:
    """The figure by which the next visit to this part of a matter is due."""
    before = FollowUp.objects.filter(case=case, part=part, by_check=False).exclude(state=FollowUp.State.VOID)
    latest = before.order_by("-round").first()
    return visit_limit(
        known=lambda path: figure(path=path, site=case.site, at=at),
        again=latest is not None and latest.state == FollowUp.State.UNSATISFIED,
        matter=matter or case.process,
        # a home of several is visited by the rule of the matter
        part=scale if part.startswith("h") or not part else part,
    )


def owe_visit(
    *,
    case: Case,
    path: str | None,
    handled_at: datetime,
    at: datetime,
    heads_needed: bool = False,
    part: str = "",
    household: Household | None = None,
) -> FollowUp:
    """Write the visit and its promise, by the figure of `path`; no event."""
    follow_up = FollowUp(
        site_id=case.site_id,
        case=case,
        matter=matter_of(kind=case.category) if case.process == "followups" else case.process,
        part=part,
        household=household,
        round=next_round(case=case, part=part),
        handled_at=handled_at,
        due_at=handled_at,
        limited=path is not None,
        heads_needed=heads_needed,
    )
    promise = None if path is None else _promise(follow_up=follow_up, path=path, at=at)
    if promise is not None:
        follow_up.due_at = promise.due_at
    follow_up.save(force_insert=True)
    if promise is not None:
        timers.arm(site_id=case.site_id, subject=follow_up, at=at, promises=[promise])
    return follow_up


def _exempts_internal(*, case: Case, at: datetime) -> bool:
    """Whether what is the company's own is exempt here (F-16); of repairs their own rule says so too (R-14)."""
    asked = bool(figure(path="F-16.internal_exempt", site=case.site, at=at))
    return asked and (
        case.process != "repairs" or bool(figure(path="R-14.internal_exempt", site=case.site, at=at))
    )


def owe_reserve(*, follow_up: FollowUp, path: str | None, at: datetime) -> None:
    """Take a home that stood by into the sample: from now on its visit is owed."""
    promise = None if path is None else _promise(follow_up=follow_up, path=path, at=at)
    follow_up.state = FollowUp.State.DUE
    follow_up.version += 1
    follow_up.limited = promise is not None
    if promise is not None:
        follow_up.due_at = max(promise.due_at, at)
    follow_up.save(update_fields=["state", "version", "limited", "due_at"])
    if promise is not None:
        timers.arm(site_id=follow_up.site_id, subject=follow_up, at=at, promises=[promise])


def next_round(*, case: Case, part: str) -> int:
    """The number of the next visit to a part of a matter."""
    last = FollowUp.objects.filter(case=case, part=part).aggregate(last=Max("round"))["last"] or 0
    return int(last) + 1


def post_of(*, follow_up: FollowUp, path: str | None) -> str:
    """The figure that names who makes this visit; "" where nobody is named."""
    kind = follow_up.case.category if follow_up.case.process == "followups" else ""
    return visiting_post(path=path, matter=follow_up.matter, kind=kind)


def cancel_follow_up(
    *, case: Case, by: Staff | None, at: datetime, reason: str, parts: tuple[str, ...] | None = None
) -> None:
    """Take back visits that are no longer owed, because the matter went another way."""
    rows = FollowUp.objects.filter(case=case, state__in=OWED).order_by("pk")
    for follow_up in rows if parts is None else rows.filter(part__in=parts):
        timers.void(subject=follow_up, by=by, at=at, reason=reason)
        follow_up.state = FollowUp.State.VOID
        follow_up.version += 1
        follow_up.save(update_fields=["state", "version"])
        record(follow_up=follow_up, kind="cancelled", by=by, at=at, rule="", data={"reason": reason})


def _leave_out(*, case: Case, part: str, handled_at: datetime, by: Staff | None, at: datetime) -> FollowUp:
    """An internal matter: no visit is owed and it is not counted in the rate (F-16)."""
    follow_up = FollowUp.objects.create(
        site_id=case.site_id, case=case, matter=case.process, part=part, round=next_round(case=case, part=part),
        state=FollowUp.State.VOID, handled_at=handled_at, due_at=handled_at, limited=False, exempt_reason=INTERNAL,
    )  # fmt: skip
    record(follow_up=follow_up, kind="exempted", by=by, at=at, rule="F-16", data={"reason": INTERNAL})
    return follow_up


def _promise(*, follow_up: FollowUp, path: str, at: datetime) -> Promise:
    """The visit as a promise, by the figure that sets its time."""
    site = follow_up.case.site
    rule_id, _, name = path.partition(".")
    resolved = resolve(rule_id=rule_id, site=site, at=at)
    amount, unit = int(str(resolved[name])), resolved.rule.parameter(name).unit
    if path == MIDWAY_DAY:  # the share was counted in days before; the visit is due on that day
        amount, unit = 0, "calendar_days"
    calendar = SiteCalendars(site_id=site.pk).counting(unit=unit)
    ladder = figure(path="C-53.escalation_ladder", site=site, at=at) or []
    heads = figure(path="F-13.visitors", site=site, at=at) if follow_up.heads_needed else None
    post = post_of(follow_up=follow_up, path=path)
    visitor = figure(path=post, site=site, at=at) if post else None
    return Promise(
        milestone=MILESTONE,
        resolved=resolved,
        amount=amount,
        unit=unit,
        starts_at=follow_up.handled_at,
        due_at=due_at(start=follow_up.handled_at, amount=amount, unit=unit, calendar=calendar).at,
        responsible_role=answering_post(
            heads=heads or (),
            visitor=str(visitor) if visitor else None,
            arranger=str(figure(path="F-14.arranged_by", site=site, at=at)),
        ),
        ladder=[Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder],
        warn_percent=figure(path="C-53.warn_at_percent", site=site, at=at),
        calendar=calendar_for(unit=unit),
    )


def record(
    *, follow_up: FollowUp, kind: str, by: Staff | None, at: datetime, rule: str, data: dict[str, object]
) -> None:
    """Write what happened to a visit on its case, where the story is read; the visit is named in the data."""
    events.record(
        site_id=follow_up.site_id,
        kind=f"followups.{kind}",
        subject=follow_up.case,
        by=by,
        at=at,
        rule=rule,
        data={
            "case": follow_up.case_id, "follow_up": follow_up.pk, "round": follow_up.round, "part": follow_up.part,
            **data,
        },
    )  # fmt: skip
