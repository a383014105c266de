"""The week reconciled: slips of the gate against the book, each difference explained (V-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, is_over, period_name
from yingsheng.processes.visitors.queries.weeks import WEEK, fates_of, monday_of, week_content, week_of
from yingsheng.processes.visitors.rules.weeks import slips_differ, unexplained
from yingsheng.processes.visitors.services.writing import REPORT

DEFINITION = "pass_week/1"


@transaction.atomic
def reconcile_week(
    *,
    actor: Actor,
    at: datetime,
    first: date,
    slips: int,
    words: Mapping[int, str],
    note: str = "",
    reason: str = "",
) -> Filing:
    """Hand in a week: how many slips the gate gave back, and a word for every pass that needs one (V-02).

    Not before its last day; again only as a correction with its reason. Raises Forbidden, Refused.
    """
    demand(actor=actor, permission=REPORT)
    monday = monday_of(first)
    if not is_over(every="week", first=monday, at=at):
        raise Refused(gettext_noop("这一周还没有过完"), code="too_early", rule="V-02")
    period = hold_period(site=actor.site, code=WEEK, first=monday, at=at)
    week = week_of(actor=actor, first=monday)
    kept = {pk: text.strip()[:200] for pk, text in words.items() if pk in week.to_explain and text.strip()}
    missing = unexplained(fates=fates_of(week.rows), words=kept)
    if missing:
        raise Refused(
            gettext_noop("还有%(count)s张没有写明原因"), field=f"why_{missing[0]}", code="unexplained",
            rule="V-02", count=len(missing),
        )  # fmt: skip
    if slips_differ(count=week.count, slips=slips) and not note.strip():
        raise Refused(gettext_noop("门岗交回的张数和登记的不一样，请写明原因"), field="note", rule="V-02")
    filing = file_period(
        period=period, content=week_content(week=week, words=kept, slips=slips), definition=DEFINITION,
        by=actor.staff, at=at, note=note.strip(), reason=reason,
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="visitors.week_reconciled", subject=period, by=actor.staff, at=at, rule="V-02",
        data={"period": period_name(period=period), "issued": week.count.issued, "slips": slips},
    )  # fmt: skip
    return filing


@transaction.atomic
def export_month(*, actor: Actor, year: int, month: int, count: int, reason: str, at: datetime) -> None:
    """Note who took a month's passes out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=REPORT)
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="visitors.exported", subject=actor.site, by=actor.staff, at=at, rule="V-02",
        data={"month": f"{year}-{month:02d}", "rows": count, "reason": reason.strip()},
    )  # fmt: skip
