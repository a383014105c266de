"""Arranging, making and exempting visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import lock_case
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.notify.services import Draft, queue, withdraw
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.followups.models import FollowUp, Visitor
from yingsheng.processes.followups.queries import OWED
from yingsheng.processes.followups.rules import VisitDuty, in_quiet_hours, visit_duty, visit_shortfall
from yingsheng.processes.followups.rules.matters import PERIODIC
from yingsheng.processes.followups.services.arming import MILESTONE, next_round, post_of, record
from yingsheng.processes.followups.services.matters import after_visit, take_reserve

APPOINTED = gettext_noop(
    "编号%(number)s：%(who)s约定在%(when)s回访您，听听您对“%(title)s”处理结果的意见；不方便时请告诉我们，另约时间。"
)
REMINDER = gettext_noop("约好%(when)s回访%(who)s：%(number)s %(title)s（%(rule)s）")
UNHAPPY = gettext_noop("回访%(who)s不满意：%(shortcomings)s（%(number)s %(title)s，%(rule)s）")
SHORT_WORDS = {
    "persons": gettext_noop("投诉回访要两人以上同去"),
    "role": gettext_noop("同去的人里要有管理员"),
    "post": gettext_noop("回访的人里要有规程指定的岗位"),
    "heads": gettext_noop("这件事要由两位负责人同时回访"),
}


@transaction.atomic
def arrange_visit(
    *, follow_up: FollowUp, by: Staff, at: datetime, appointment_at: datetime, assigned: Staff, note: str = "",
    seen: int | None = None,
) -> FollowUp:  # fmt: skip
    """Agree a time that suits the household and name who goes (F-14, F-23); not within the quiet hours.

    The household hears who comes, when and what for; whoever goes is reminded shortly before.
    """
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
    _announce(follow_up=follow_up, at=at)
    record(
        follow_up=follow_up, kind="arranged", by=by, at=at, rule="F-23",
        data={"when": appointment_at.isoformat(), "who": assigned.name, "note": note},
    )  # fmt: skip
    return follow_up


def _announce(*, follow_up: FollowUp, at: datetime) -> None:
    """Tell the household of the appointment, and remind whoever keeps it (F-23)."""
    case, who, when = follow_up.case, follow_up.assigned, follow_up.appointment_at
    if who is None or when is None:
        return
    before = figure(path="F-23.remind_before", site=case.site, at=at)
    named = {"number": case.number, "title": case.title, "when": when.isoformat(), "rule": "F-23"}
    withdraw(subject=case, key=_key(follow_up=follow_up))
    drafts = [
        Draft(
            text=APPOINTED, params={**named, "who": who.name}, to_household=follow_up.home,
            to_name=case.caller_name, rule="F-23",
            dedup_key=f"{_key(follow_up=follow_up)}{follow_up.version}:household",
        )
    ]  # fmt: skip
    if before is not None:
        drafts.append(
            Draft(
                text=REMINDER, params={**named, "who": follow_up.who, "key": case.key}, to_staff=who, rule="F-23",
                tone="soon", not_before=when - timedelta(minutes=int(before)),
                dedup_key=f"{_key(follow_up=follow_up)}{follow_up.version}:{who.pk}",
            )
        )  # fmt: skip
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)


def _key(*, follow_up: FollowUp) -> str:
    return f"visit:{follow_up.pk}:appointment:"


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
    no_visit_reason: str = "",
    seen: int | None = None,
) -> FollowUp:
    """Write a visit that was made, with its five evaluations and the household's signature.

    Made by telephone, it says why nobody went, where the adopted regulation wants somebody to go (F-10). Not satisfied
    means the matter is rectified and visited again, until it is. Rules F-08 … F-11, F-13, F-20, F-21.
    """
    follow_up = _held(follow_up=follow_up, seen=seen)
    _check_record(
        follow_up=follow_up, at=at, mode=mode, signed=bool(signature or signed_by), reason=no_visit_reason,
        said=satisfied or bool(shortcomings.strip() or suggestions.strip()),
    )  # fmt: skip
    if len({staff.pk for staff in visitors}) < len(visitors):
        raise Refused(gettext_noop("同一个人只能填一次"), field="visitor_two", rule="F-08")
    signed_by = signer_of(value=signature, typed=signed_by)
    roles = _check_visitors(follow_up=follow_up, visitors=visitors, at=at)
    state = FollowUp.State.SATISFIED if satisfied else FollowUp.State.UNSATISFIED
    _move(
        follow_up=follow_up,
        state=state,
        mode=mode,
        no_visit_reason=no_visit_reason.strip() if mode == "phone" else "",
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
    if not satisfied:
        _tell_department(follow_up=follow_up, by=by, at=at)
    after_visit(case=follow_up.case, satisfied=satisfied, at=at)
    record(
        follow_up=follow_up,
        kind="satisfied" if satisfied else "unsatisfied",
        by=by,
        at=at,
        rule="F-10" if satisfied else "F-11",
        data={
            "visitors": [staff.name for staff in visitors],
            "mode": mode,
            "no_visit_reason": follow_up.no_visit_reason,
            "scores": [quality, effect, satisfaction],
            "shortcomings": shortcomings,
            "suggestions": suggestions,
            "summary": summary,
            "signed_by": signed_by,
        },
    )
    return follow_up


def _check_record(
    *, follow_up: FollowUp, at: datetime, mode: str, signed: bool, reason: str, said: bool
) -> None:
    """Refuse a record that lacks the signature, the reason why nobody went, or what was wanting (F-09, F-10)."""
    site = follow_up.case.site
    if mode == "visit" and figure(path="F-10.signature_required", site=site, at=at) and not signed:
        raise Refused(gettext_noop("上门回访要请住户签名"), field="signature", rule="F-10")
    if phone_needs_reason(follow_up=follow_up, at=at) and mode == "phone" and not reason.strip():
        raise Refused(
            gettext_noop("回访要上门；改用电话的，请写明没有上门的原因"), field="no_visit_reason", rule="F-10"
        )
    if not said:
        raise Refused(gettext_noop("不满意时请写明缺点或建议"), field="shortcomings", rule="F-09")


def phone_needs_reason(*, follow_up: FollowUp, at: datetime) -> bool:
    """Whether a visit made by telephone has to say why nobody went (F-10)."""
    return bool(figure(path="F-10.phone_needs_reason", site=follow_up.case.site, at=at))


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
    take_reserve(case=follow_up.case, at=at)
    after_visit(case=follow_up.case, satisfied=True, at=at)
    record(follow_up=follow_up, kind="exempted", by=by, at=at, rule="F-07", data={"reason": reason})
    return follow_up


def record_check_visit(*, case: Case, by: Staff, at: datetime, satisfied: bool, summary: str) -> FollowUp:
    """Keep a head's own visit to a complainant among the visits (F-24); the event is that of the check.

    It counts for the share of the head's rank (F-12) and not in place of the visit that two people owe (F-08).
    """
    state = FollowUp.State.SATISFIED if satisfied else FollowUp.State.UNSATISFIED
    follow_up = FollowUp.objects.create(
        site_id=case.site_id, case=case, matter=case.process, round=next_round(case=case, part=""), state=state,
        by_check=True, mode="visit",
        handled_at=case.handled_at or at, due_at=at, visited_at=at, summary=summary,
    )  # fmt: skip
    roles = actor_for(staff=by, site=case.site, at=at).roles
    Visitor.objects.create(follow_up=follow_up, staff=by, roles=sorted(roles))
    return follow_up


def _held(*, follow_up: FollowUp, seen: int | None) -> FollowUp:
    if follow_up.case.process == "followups":  # a step of the matter holds the case first, too
        lock_case(case=follow_up.case)
    row = (
        FollowUp.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case__site", "case__room", "case__household", "case__department", "household__room")
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
    duty = _duty(follow_up=follow_up, at=at)
    short = visit_shortfall(duty=duty, visitor_roles=roles)
    if short is not None:
        words = "post" if short.what == "role" and short.rule != "F-08" else short.what
        raise Refused(SHORT_WORDS[words], field="visitor_two", rule=short.rule)
    return roles


def _duty(*, follow_up: FollowUp, at: datetime) -> VisitDuty:
    """Who has to go: two to a complaint, else one, with the post that the rule of the matter names."""
    site = follow_up.case.site
    persons = figure(path="F-08.complaint_visitors", site=site, at=at)
    post = post_of(follow_up=follow_up, path="F-17.every" if follow_up.part == PERIODIC else None)
    return visit_duty(
        persons=int(persons or 1) if follow_up.matter == "complaints" else 1,
        role=str(figure(path=post, site=site, at=at) or "") if post else "",
        head_roles=figure(path="F-13.visitors", site=site, at=at) or [],
        heads_needed=follow_up.heads_needed,
        rule=post.partition(".")[0] or "F-08",
    )


def _tell_department(*, follow_up: FollowUp, by: Staff, at: datetime) -> None:
    """Ring the bells of those who lead the department whose work left a household unhappy (F-11, F-20)."""
    case = follow_up.case
    if case.department is None:
        return
    said = follow_up.shortcomings or follow_up.suggestions
    drafts = [
        Draft(
            text=UNHAPPY,
            params={
                "who": follow_up.who, "shortcomings": said, "number": case.number, "title": case.title, "rule": "F-20",
                "key": case.key,
            },
            to_staff=staff, rule="F-20", tone="late", dedup_key=f"visit:{follow_up.pk}:unhappy:{staff.pk}",
        )
        for staff in leaders_of(department=case.department, at=at)
        if staff.pk not in (by.pk, case.kept_from_id)
    ]  # fmt: skip
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)


def _move(*, follow_up: FollowUp, state: str, **changes: object) -> None:
    if state not in OWED:  # what is over needs no reminder
        withdraw(subject=follow_up.case, key=_key(follow_up=follow_up))
    values = {"state": state, "version": follow_up.version + 1, **changes}
    for name, value in values.items():
        setattr(follow_up, name, value)
    follow_up.save(update_fields=list(values))
