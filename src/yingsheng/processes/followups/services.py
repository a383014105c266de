"""Arming, arranging, making and exempting visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.rules import Rung
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.followups.models import FollowUp, Visitor
from yingsheng.processes.followups.queries import OWED
from yingsheng.processes.followups.rules import in_quiet_hours, visit_duty, visit_shortfall

MILESTONE = "follow_up"
SHORT_WORDS = {
    "persons": gettext_noop("投诉回访要两人以上同去"),
    "role": gettext_noop("同去的人里要有管理员"),
    "heads": gettext_noop("这件事要由两位负责人同时回访"),
}


def arm_follow_up(
    *, case: Case, handled_at: datetime, heads_needed: bool, by: Staff | None, at: datetime
) -> FollowUp | None:
    """Owe a visit after a matter was handled (F-01); None where the adopted regulation sets no time."""
    resolved = resolve(rule_id="F-01", site=case.site, at=at)
    if resolved["within"] is None:
        return None
    unit = resolved.rule.parameter("within").unit
    calendar = get_calendar(site_id=case.site_id, code="service")
    due = due_at(start=handled_at, amount=int(resolved["within"]), unit=unit, calendar=calendar).at
    last = FollowUp.objects.filter(case=case).aggregate(last=Max("round"))["last"] or 0
    follow_up = FollowUp.objects.create(
        site_id=case.site_id,
        case=case,
        matter=case.process,
        round=last + 1,
        handled_at=handled_at,
        due_at=due,
        heads_needed=heads_needed,
    )
    ladder = figure(path="C-53.escalation_ladder", site=case.site, at=at) or []
    timers.arm(
        site_id=case.site_id,
        subject=follow_up,
        at=at,
        promises=[
            Promise(
                milestone=MILESTONE,
                resolved=resolved,
                amount=int(resolved["within"]),
                unit=unit,
                starts_at=handled_at,
                due_at=due,
                responsible_role=str(figure(path="F-08.visitor", site=case.site, at=at) or "AREA_ADMIN"),
                ladder=[Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder],
                warn_percent=figure(path="C-53.warn_at_percent", site=case.site, at=at),
            )
        ],
    )
    _record(follow_up=follow_up, kind="armed", by=by, at=at, rule="F-01", data={"due": due.isoformat()})
    return follow_up


def cancel_follow_up(*, case: Case, by: Staff | None, at: datetime, reason: str) -> None:
    """Take back visits that are no longer owed, because the matter went another way."""
    for follow_up in FollowUp.objects.filter(case=case, state__in=OWED):
        timers.void(subject=follow_up, by=by, at=at, reason=reason)
        _move(follow_up=follow_up, state=FollowUp.State.VOID)
        _record(follow_up=follow_up, kind="cancelled", by=by, at=at, rule="", data={"reason": reason})


@transaction.atomic
def arrange_visit(
    *, follow_up: FollowUp, by: Staff, at: datetime, appointment_at: datetime, assigned: Staff, note: str = "",
    seen: int | None = None,
) -> FollowUp:  # fmt: skip
    """Agree a time that suits the household and name who goes (F-14, F-23); not within the quiet hours."""
    follow_up = _held(follow_up=follow_up, seen=seen)
    site = follow_up.case.site
    quiet_from = figure(path="F-23.quiet_from", site=site, at=at)
    quiet_until = figure(path="F-23.quiet_until", site=site, at=at)
    if appointment_at <= at:
        raise Refused(gettext_noop("约定的时间要晚于现在"), field="appointment_at", rule="F-23")
    if (
        quiet_from
        and quiet_until
        and in_quiet_hours(at=appointment_at, quiet_from=quiet_from, quiet_until=quiet_until)
    ):
        raise Refused(
            gettext_noop("%(start)s至%(end)s不打扰住户，请另约时间"),
            field="appointment_at",
            rule="F-23",
            start=quiet_from,
            end=quiet_until,
        )
    _move(
        follow_up=follow_up,
        state=FollowUp.State.SCHEDULED,
        appointment_at=appointment_at,
        appointment_note=note,
        assigned=assigned,
    )
    timers.assign(subject=follow_up, staff=assigned)
    _record(
        follow_up=follow_up, kind="arranged", by=by, at=at, rule="F-23",
        data={"when": appointment_at.isoformat(), "who": assigned.name, "note": note},
    )  # fmt: skip
    return follow_up


@transaction.atomic
def record_visit(
    *,
    follow_up: FollowUp,
    by: Staff,
    at: datetime,
    visitors: Sequence[Staff],
    mode: str,
    quality: int,
    effect: int,
    satisfaction: int,
    satisfied: bool,
    shortcomings: str = "",
    suggestions: str = "",
    summary: str = "",
    signature: str = "",
    signed_by: str = "",
    seen: int | None = None,
) -> FollowUp:
    """Write a visit that was made, with its five evaluations and the household's signature.

    Not satisfied means the matter is rectified and visited again, until it is. Rules F-08 … F-11, F-13, F-20, F-21.
    """
    follow_up = _held(follow_up=follow_up, seen=seen)
    site = follow_up.case.site
    if (
        mode == "visit"
        and figure(path="F-10.signature_required", site=site, at=at)
        and not (signature or signed_by)
    ):
        raise Refused(gettext_noop("上门回访要请住户签名"), field="signature", rule="F-10")
    if not satisfied and not (shortcomings.strip() or suggestions.strip()):
        raise Refused(gettext_noop("不满意时请写明缺点或建议"), field="shortcomings", rule="F-09")
    if len({staff.pk for staff in visitors}) < len(visitors):
        raise Refused(gettext_noop("同一个人只能填一次"), field="visitor_two", rule="F-08")
    signed_by = signer_of(value=signature, typed=signed_by)
    roles = _check_visitors(follow_up=follow_up, visitors=visitors, at=at)
    state = FollowUp.State.SATISFIED if satisfied else FollowUp.State.UNSATISFIED
    _move(
        follow_up=follow_up,
        state=state,
        mode=mode,
        visited_at=at,
        quality=quality,
        effect=effect,
        satisfaction=satisfaction,
        shortcomings=shortcomings,
        suggestions=suggestions,
        summary=summary,
        signed_by=signed_by,
    )
    Visitor.objects.bulk_create(
        Visitor(follow_up=follow_up, staff=staff, roles=sorted(held))
        for staff, held in zip(visitors, roles, strict=True)
    )
    if signature:
        sign(
            site_id=follow_up.site_id, subject=follow_up.case, value=signature, signer=signed_by, by=by, at=at
        )
    timers.meet(subject=follow_up, milestones=[MILESTONE], by=by, at=at)
    _record(
        follow_up=follow_up,
        kind="satisfied" if satisfied else "unsatisfied",
        by=by,
        at=at,
        rule="F-10" if satisfied else "F-11",
        data={
            "visitors": [staff.name for staff in visitors],
            "mode": mode,
            "scores": [quality, effect, satisfaction],
            "shortcomings": shortcomings,
            "suggestions": suggestions,
            "summary": summary,
            "signed_by": signed_by,
        },
    )
    return follow_up


@transaction.atomic
def exempt_visit(
    *, follow_up: FollowUp, by: Staff, at: datetime, reason: str, seen: int | None = None
) -> FollowUp:
    """Release from a visit, as an exemption with a reason and never as a visit (F-07)."""
    follow_up = _held(follow_up=follow_up, seen=seen)
    if not reason.strip():
        raise Refused(gettext_noop("免访要写明原因"), field="reason", rule="F-07")
    if follow_up.heads_needed:
        raise Refused(gettext_noop("造成较大损失的事项不能免访"), rule="F-13")
    _move(follow_up=follow_up, state=FollowUp.State.EXEMPT, exempt_reason=reason)
    timers.void(subject=follow_up, by=by, at=at, reason=reason)
    _record(follow_up=follow_up, kind="exempted", by=by, at=at, rule="F-07", data={"reason": reason})
    return follow_up


def _held(*, follow_up: FollowUp, seen: int | None) -> FollowUp:
    row = (
        FollowUp.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "case__site")
        .get(pk=follow_up.pk)
    )
    if seen is not None and seen != row.version:
        raise Conflict(gettext_noop("这次回访刚被别人更新过，请看过最新情况再继续"), code="stale")
    if row.state not in OWED:
        raise Refused(gettext_noop("这次回访已经结束"), code="illegal_step")
    return row


def _check_visitors(*, follow_up: FollowUp, visitors: Sequence[Staff], at: datetime) -> list[frozenset[str]]:
    site = follow_up.case.site
    roles = [actor_for(staff=staff, site=site, at=at).roles for staff in visitors]
    duty = visit_duty(
        persons=int(figure(path="F-08.complaint_visitors", site=site, at=at) or 1),
        role=str(figure(path="F-08.visitor", site=site, at=at) or ""),
        head_roles=figure(path="F-13.visitors", site=site, at=at) or [],
        heads_needed=follow_up.heads_needed,
    )
    short = visit_shortfall(duty=duty, visitor_roles=roles)
    if short is not None:
        raise Refused(SHORT_WORDS[short.what], field="visitor_two", rule=short.rule)
    return roles


def _move(*, follow_up: FollowUp, state: str, **changes: object) -> None:
    values = {"state": state, "version": follow_up.version + 1, **changes}
    for name, value in values.items():
        setattr(follow_up, name, value)
    follow_up.save(update_fields=list(values))


def _record(
    *, follow_up: FollowUp, kind: str, by: Staff | None, at: datetime, rule: str, data: dict[str, object]
) -> None:
    # written on the case, where the story is read; the visit is named in the data
    events.record(
        site_id=follow_up.site_id,
        kind=f"followups.{kind}",
        subject=follow_up.case,
        by=by,
        at=at,
        rule=rule,
        data={"case": follow_up.case_id, "follow_up": follow_up.pk, "round": follow_up.round, **data},
    )
