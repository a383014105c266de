"""Spot checks by the heads, and exports with their reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from yingsheng.base.months import Window
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.periods import count_done
from yingsheng.processes.complaints.models import SpotCheck
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import stated
from yingsheng.processes.complaints.services.telling import tell_posts

# which recurring work a check counts towards
PERIODS = {"records": "complaint_record_checks", "complainant": "complaint_visits"}


@transaction.atomic
def record_spot_check(
    *,
    site: Site,
    kind: str,
    finding: str,
    by: Staff,
    at: datetime,
    case: Case | None = None,
    found_count: int = 0,
    recorded_count: int = 0,
    satisfied: bool | None = None,
) -> SpotCheck:
    """Write a check that the records are complete, or a visit to a complainant (C-76, C-77, F-24, KPI-26, KPI-27)."""
    if recorded_count > found_count:
        raise Refused(gettext_noop("已有记录的件数不能多于听到的件数"), field="recorded_count", rule="C-76")
    if kind == SpotCheck.Kind.COMPLAINANT and case is None:
        raise Refused(gettext_noop("走访投诉人要写明投诉编号"), field="number", rule="C-77")
    if kind == SpotCheck.Kind.COMPLAINANT and satisfied is None:
        raise Refused(gettext_noop("走访投诉人要问对结果是否满意"), field="satisfied", rule="C-77")
    row = SpotCheck.objects.create(
        site=site, kind=kind, case=case, finding=finding, found_count=found_count, recorded_count=recorded_count,
        satisfied=satisfied, by=by, at=at,
    )  # fmt: skip
    count_done(site=site, code=PERIODS[kind], by=by, at=at)
    if case is not None and satisfied is False:
        role = stated(figures_under(site=site, at=at), "C-33.responsible")
        tell_posts(case=case, tells=[Tell(role=role, rule="C-77")], at=at, why=f"check:{row.pk}")
    events.record(
        site_id=site.pk, kind="complaints.spot_checked", subject=case or row, by=by, at=at,
        rule="C-77" if kind == SpotCheck.Kind.COMPLAINANT else "C-76",
        data={"kind": kind, "case": case.pk if case is not None else None,
              "finding": finding, "found": found_count, "recorded": recorded_count, "satisfied": satisfied},
    )  # fmt: skip
    return row


def spot_check_figures(*, site: Site, now: datetime) -> tuple[list[SpotCheck], dict[str, object]]:
    """The last checks, and this month's counts against what C-76 and C-77 ask."""
    start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = SpotCheck.objects.filter(site=site, at__gte=start)
    counts = {
        row["kind"]: row["number"] for row in rows.values("kind").annotate(number=Count("pk")).order_by()
    }
    heard = rows.aggregate(found=Sum("found_count"), recorded=Sum("recorded_count"))
    targets: dict[str, object] = {
        "records": counts.get("records", 0),
        "records_target": figure(path="C-76.checks_per_month", site=site, at=now),
        "visits": counts.get("complainant", 0),
        "visits_target": figure(path="C-77.visits_per_month", site=site, at=now),
        "found": heard["found"] or 0,
        "recorded": heard["recorded"] or 0,
    }
    recent = SpotCheck.objects.filter(site=site).select_related("by", "case").order_by("-at", "-pk")[:30]
    return list(recent), targets


@transaction.atomic
def export_month(*, actor: Actor, window: Window, count: int, reason: str, at: datetime) -> None:
    """Note who took a month's rows out of the house, and why."""
    if not reason:
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="complaints.exported", subject=actor.site, by=actor.staff, at=at,
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason},
    )  # fmt: skip
