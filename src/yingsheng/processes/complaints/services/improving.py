"""Learning from complaints and visits: a measure, whether it helped, and what is changed if not (C-79, F-22)."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.rules import Rung
from yingsheng.kernel.timers.services import Promise
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.facts import stated

EVALUATE = "improvement"
ASSIGNED = gettext_noop("改进措施由您负责，%(done_by)s前完成：%(measure)s")


@transaction.atomic
def start_improvement(
    *,
    site: Site,
    source: str,
    pattern: str,
    measure: str,
    responsible: Staff,
    done_by: date,
    by: Staff,
    at: datetime,
    evaluate_on: date | None = None,
    category: str = "",
    month: date | None = None,
    case: Case | None = None,
) -> Improvement:
    """Write what keeps coming back, what is done about it, by whom and until when, and when it is judged.

    Without a day, it is judged one review cycle after it is done: C-79.review_every for complaints, F-22.review_every
    for visits.
    """
    today = _day(at)
    if done_by < today:
        raise Refused(gettext_noop("完成日期不能早于今天"), field="done_by", rule="C-79")
    judged = evaluate_on or done_by + relativedelta(months=_cycle(site=site, source=source, at=at))
    _check_day(evaluate_on=judged, done_by=done_by)
    row = Improvement.objects.create(
        site=site, source=source, category=category, month=month, case=case, pattern=pattern, measure=measure,
        responsible=responsible, done_by=done_by, evaluate_on=judged, started_at=at, started_by=by,
    )  # fmt: skip
    _owe_evaluation(row=row, at=at)
    _tell(row=row, at=at)
    _record(
        row=row, kind="started", by=by, at=at,
        data={"pattern": pattern, "measure": measure, "responsible": responsible.name, "done_by": str(done_by),
              "evaluate_on": str(judged), "category": category, "case": case.number if case else ""},
    )  # fmt: skip
    return row


@transaction.atomic
def evaluate_improvement(
    *,
    improvement: Improvement,
    effective: bool,
    evaluation: str,
    by: Staff,
    at: datetime,
    seen: int | None = None,
) -> Improvement:
    """Judge whether a measure helped, with the ground for it; one that did not waits to be adjusted."""
    row = _held(improvement=improvement, seen=seen, state=Improvement.State.RUNNING)
    if not evaluation.strip():
        raise Refused(gettext_noop("请写明评估的依据"), field="evaluation", rule=_rule(source=row.source))
    state = Improvement.State.EFFECTIVE if effective else Improvement.State.INEFFECTIVE
    _change(row=row, state=state, evaluation=evaluation, evaluated_at=at)
    timers.meet(subject=row, milestones=[EVALUATE], by=by, at=at)
    kind = "evaluated" if effective else "found_ineffective"
    _record(row=row, kind=kind, by=by, at=at, data={"evaluation": evaluation, "round": row.round})
    return row


@transaction.atomic
def adjust_improvement(
    *,
    improvement: Improvement,
    measure: str,
    responsible: Staff,
    done_by: date,
    by: Staff,
    at: datetime,
    evaluate_on: date | None = None,
    seen: int | None = None,
) -> Improvement:
    """Replace a measure that did not help by another; it is judged again."""
    row = _held(improvement=improvement, seen=seen, state=Improvement.State.INEFFECTIVE)
    if done_by < _day(at):
        raise Refused(gettext_noop("完成日期不能早于今天"), field="done_by", rule="C-79")
    judged = evaluate_on or done_by + relativedelta(months=_cycle(site=row.site, source=row.source, at=at))
    _check_day(evaluate_on=judged, done_by=done_by)
    _change(
        row=row, state=Improvement.State.RUNNING, measure=measure, responsible=responsible, done_by=done_by,
        evaluate_on=judged, round=row.round + 1,
    )  # fmt: skip
    _owe_evaluation(row=row, at=at)
    _tell(row=row, at=at)
    _record(
        row=row, kind="adjusted", by=by, at=at,
        data={"measure": measure, "responsible": responsible.name, "done_by": str(done_by),
              "evaluate_on": str(judged), "round": row.round},
    )  # fmt: skip
    return row


def _held(*, improvement: Improvement, seen: int | None, state: str) -> Improvement:
    row = (
        Improvement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site")
        .get(pk=improvement.pk)
    )
    if seen is not None and seen != row.version:
        raise Conflict(gettext_noop("这项措施刚被别人更新过，请看过最新情况再继续"), code="stale")
    if row.state != state:
        raise Refused(
            gettext_noop("这项措施现在不能这样办"), code="illegal_step", rule=_rule(source=row.source)
        )
    return row


def _change(*, row: Improvement, **changes: object) -> None:
    values = {**changes, "version": row.version + 1}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _check_day(*, evaluate_on: date, done_by: date) -> None:
    if evaluate_on < done_by:
        raise Refused(gettext_noop("评估日期不能早于完成日期"), field="evaluate_on", rule="C-79")


def _rule(*, source: str) -> str:
    return "F-22" if source == Improvement.Source.VISITS else "C-79"


def _cycle(*, site: Site, source: str, at: datetime) -> int:
    path = "F-22.review_every" if _rule(source=source) == "F-22" else "C-79.review_every"
    return int(stated(figures_under(site=site, at=at), path))


def _owe_evaluation(*, row: Improvement, at: datetime) -> None:
    due = datetime.combine(row.evaluate_on, time(23, 59, 59), tzinfo=ZoneInfo(settings.TIME_ZONE))
    ladder = figure(path="C-53.escalation_ladder", site=row.site, at=at) or []
    promise = Promise(
        milestone=EVALUATE,
        resolved=resolve(rule_id=_rule(source=row.source), site=row.site, at=at),
        amount=(row.evaluate_on - _day(at)).days,
        unit="calendar_days",
        starts_at=at,
        due_at=due,
        responsible_role="CS_SUP",
        responsible_staff=row.responsible,
        ladder=[Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder],
        warn_percent=figure(path="C-53.warn_at_percent", site=row.site, at=at),
        round=row.round,
    )
    timers.arm(site_id=row.site_id, subject=row, promises=[promise], at=at)


def _tell(*, row: Improvement, at: datetime) -> None:
    draft = Draft(
        text=ASSIGNED,
        params={"measure": row.measure, "done_by": str(row.done_by)},
        to_staff=row.responsible,
        rule=_rule(source=row.source),
        dedup_key=f"improvement:{row.pk}:{row.round}",
    )
    queue(site_id=row.site_id, subject=row, drafts=[draft], at=at)


def _record(*, row: Improvement, kind: str, by: Staff, at: datetime, data: dict[str, object]) -> None:
    events.record(
        site_id=row.site_id, kind=f"complaints.improvement_{kind}", subject=row, by=by, at=at,
        rule=_rule(source=row.source), data=data,
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
