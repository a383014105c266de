"""Handing in what is due of a period: the daily list of unanswered complaints, the statistics, the monthly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.months import may_file
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.complaints.queries.month import (
    REPORT,
    STATISTICS,
    MonthFigures,
    all_of_month,
    month_figures,
    window_of,
)
from yingsheng.processes.complaints.queries.unanswered import all_unanswered

CODES = {STATISTICS: "complaint_statistics", REPORT: "complaint_report"}
UNANSWERED = "complaint_unanswered"
# raised when what a figure counts changes, so that an old filing says by which definition it was counted
DEFINITIONS = {STATISTICS: "complaint_statistics/2", REPORT: "complaint_report/2", UNANSWERED: "unanswered/1"}
FILED = gettext_noop("投诉统计%(period)s已报送：受理%(accepted)s件（%(rule)s）")


@transaction.atomic
def file_month(
    *, actor: Actor, kind: str, year: int, month: int, at: datetime, note: str = "", reason: str = ""
) -> Filing:
    """Hand in a month: figures and every complaint of it, frozen with their definition and a fingerprint.

    The statistics are handed in from their last day on, the company report, which holds all complaints of the month and
    is the named post's to make, once the month is over. Again only as a correction with its reason. Rules C-73 … C-75.
    """
    demand(actor=actor, permission="complaints.file")
    rule = "C-75" if kind == REPORT else "C-73"
    window = window_of(kind=kind, year=year, month=month, site=actor.site, at=at)
    if not may_file(window=window, whole=kind == REPORT, today=_day(at)):
        raise Refused(gettext_noop("这一期还没有结束，不能报送"), code="too_early", rule=rule)
    if kind == REPORT and owed_role(path="C-75.author", site=actor.site, at=at) not in actor.roles:
        raise Refused(
            gettext_noop("部门客户投诉工作月报要由规程指定的岗位报送"), code="wrong_post", rule=rule
        )
    period = hold_period(site=actor.site, code=CODES[kind], first=date(year, month, 1), at=at)
    figures = month_figures(site=actor.site, window=window, now=at)
    rows = [_month_row(case) for case in all_of_month(site=actor.site, window=window)]
    content = {
        "kind": kind,
        "window": [str(window.first), str(window.last), str(window.due)],
        "figures": figures_content(figures=figures),
        "rows": rows,
    }
    filing = file_period(
        period=period, content=content, definition=DEFINITIONS[kind], by=actor.staff, at=at, note=note, reason=reason,
    )  # fmt: skip
    _tell(period=period, filing=filing, kind=kind, accepted=figures.accepted, at=at)
    _record(
        period=period, filing=filing, actor=actor, at=at, kind="month_filed", rule=rule,
        data={"kind": kind, "accepted": figures.accepted},
    )  # fmt: skip
    return filing


@transaction.atomic
def sign_unanswered(*, actor: Actor, at: datetime, note: str = "", reason: str = "") -> Filing:
    """Sign that today's list of unanswered complaints was gone through, with the list as it stood (C-69)."""
    demand(actor=actor, permission="complaints.sign_unanswered")
    period = hold_period(site=actor.site, code=UNANSWERED, first=_day(at), at=at)
    rows = [_waiting_row(case, at) for case in all_unanswered(site=actor.site)]
    filing = file_period(
        period=period, content={"rows": rows}, definition=DEFINITIONS[UNANSWERED], by=actor.staff, at=at, note=note,
        reason=reason,
    )  # fmt: skip
    _record(
        period=period, filing=filing, actor=actor, at=at, kind="unanswered_signed", rule="C-69",
        data={"count": len(rows), "numbers": [row["number"] for row in rows]},
    )  # fmt: skip
    return filing


def figures_content(*, figures: MonthFigures) -> dict[str, Any]:
    """The figures of a month as JSON values: counts by axis, shares as [count, base]."""
    return {
        "accepted": figures.accepted,
        "by_category": dict(figures.by_category),
        "by_validity": dict(figures.by_validity),
        "by_severity": dict(figures.by_severity),
        "valid": [figures.valid.count, figures.valid.base],
        "timely": [figures.timely.count, figures.timely.base],
        "satisfied": [figures.satisfied.count, figures.satisfied.base],
    }


def _month_row(case: Case) -> dict[str, Any]:
    """One complaint of the report; of a sealed one it says that it is there, and no more."""
    sealed = case.confidentiality == Case.Confidentiality.SEALED
    row: dict[str, Any] = {
        "number": case.number,
        "received_at": case.received_at.isoformat(),
        "category": case.category,
        "validity": case.validity,
        "severity": case.severity,
        "state": case.state,
        "satisfied": case.satisfied,
        "sealed": sealed,
    }
    hidden = {
        "complainant": "",
        "title": "",
        "department": "",
        "handler": "",
        "method": "",
        "result": "",
        "receiver": "",
    }
    if sealed:
        return {**row, **hidden}
    return {
        **row,
        "complainant": f"{case.room.label if case.room else ''} {case.caller_name}".strip(),
        "title": case.title,
        "department": case.department.name if case.department else "",
        "handler": case.handler.name if case.handler else "",
        "method": case.complaint.method,
        "result": case.complaint.result,
        "receiver": case.received_by.name if case.received_by else "",
    }


def _waiting_row(case: Case, at: datetime) -> dict[str, Any]:
    sealed = case.confidentiality == Case.Confidentiality.SEALED
    return {
        "number": case.number,
        "title": "" if sealed else case.title,
        "state": case.state,
        "received_at": case.received_at.isoformat(),
        "waiting_hours": int((at - case.received_at).total_seconds() // 3600),
        "handler": case.handler.name if case.handler and not sealed else "",
    }


def _tell(*, period: Period, filing: Filing, kind: str, accepted: int, at: datetime) -> None:
    """The recipient of a report hears that it is there (C-75); the desk's superiors of the statistics (B-13)."""
    site, rule = period.site, "C-75" if kind == REPORT else "B-13"
    roles: Sequence[str]
    if kind == REPORT:
        roles = [owed_role(path="C-75.recipient", site=site, at=at)]
    else:
        roles = figure(path="B-13.superiors", site=site, at=at) or []
    people = {
        one.pk: one for role in roles for one in list_holders_or_above(site_id=site.pk, role=role, at=at)
    }
    queue(
        site_id=site.pk, subject=period, at=at,
        drafts=[
            Draft(
                text=FILED, params={"period": period_name(period=period), "accepted": accepted, "rule": rule},
                to_staff=staff, rule=rule, dedup_key=f"filed:{filing.pk}:{staff.pk}",
            )
            for staff in people.values()
        ],
    )  # fmt: skip


def _record(
    *,
    period: Period,
    filing: Filing,
    actor: Actor,
    at: datetime,
    kind: str,
    rule: str,
    data: Mapping[str, object],
) -> None:
    events.record(
        site_id=period.site_id, kind=f"complaints.{kind}", subject=period, by=actor.staff, at=at, rule=rule,
        data={
            "period": period_name(period=period), "filing": filing.pk, "version": filing.version,
            "digest": filing.digest, "reason": filing.reason, **data,
        },
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
