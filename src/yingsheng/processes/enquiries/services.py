"""Writing the register and answering what was asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, change_case, check_version, lock_case, open_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.enquiries.models import Contact, Enquiry
from yingsheng.processes.enquiries.rules import SUGGESTION, reply_promise

REPLY = "reply"
PROMISED = gettext_noop("您询问的“%(title)s”，编号%(number)s，我们会在%(due)s前答复。")
ANSWERED = gettext_noop("编号%(number)s：%(answer)s")
PASSED_ON = gettext_noop("收到建议%(number)s：%(title)s（%(rule)s）")


@transaction.atomic
def answer_at_once(
    *,
    site: Site,
    caller: Caller,
    channel: str,
    reason: str,
    answer: str,
    by: Staff,
    at: datetime,
    rings: int | None = None,
) -> Contact:
    """Register a call or visit that was answered on the spot: first-contact resolution (B-02, B-04, KPI-09)."""
    if not answer.strip():
        raise Refused(gettext_noop("当场答复的要写下答复内容"), field="answer", rule="B-03")
    contact = _register(
        site=site, caller=caller, channel=channel, reason=reason, by=by, at=at, rings=rings,
        outcome=Contact.Outcome.ANSWERED, answer=answer, case=None,
    )  # fmt: skip
    events.record(
        site_id=site.pk, kind="enquiries.answered_at_once", subject=contact, by=by, at=at, rule="B-02",
        data={"reason": reason, "caller": caller.name, "channel": channel},
    )  # fmt: skip
    return contact


@transaction.atomic
def promise_answer(
    *,
    site: Site,
    caller: Caller,
    channel: str,
    title: str,
    by: Staff,
    at: datetime,
    body: str = "",
    kind: str = "enquiry",
    agreed_at: datetime | None = None,
    department: Department | None = None,
    rings: int | None = None,
) -> Case:
    """Register a question that cannot be answered at once, with the time by which it will be (B-02, B-06, B-08)."""
    if not title.strip():
        raise Refused(gettext_noop("请写明询问的事"), field="title", rule="B-04")
    if not (caller.phone or caller.room):
        raise Refused(gettext_noop("请留下房号或电话，否则无法答复"), field="caller_phone", rule="B-04")
    if agreed_at is not None and agreed_at <= at:
        raise Refused(gettext_noop("约定的答复时间要晚于现在"), field="agreed_at", rule="B-02")
    case = open_case(
        site=site, process="enquiries", state="open", by=by, at=at, title=title.strip()[:120], body=body,
        channel=channel, category=kind, department=department, **caller.columns(),
    )  # fmt: skip
    Enquiry.objects.create(case=case, kind=kind, agreed_at=agreed_at)
    due = _arm_reply(case=case, channel=channel, agreed_at=agreed_at, at=at)
    _register(
        site=site, caller=caller, channel=channel, reason=title, by=by, at=at, rings=rings,
        outcome=Contact.Outcome.PROMISED, answer="", case=case,
    )  # fmt: skip
    drafts = [
        Draft(
            text=PROMISED, params={"title": case.title, "number": case.number, "due": due.isoformat() if due else ""},
            to_household=caller.household, to_name=caller.name, rule="B-02", dedup_key=f"enquiry:{case.pk}:promised",
        )
    ]  # fmt: skip
    if kind == SUGGESTION:
        role = str(figure(path="B-08.decides", site=site, at=at) or "SITE_HEAD")
        drafts += [
            Draft(
                text=PASSED_ON, params={"number": case.number, "title": case.title, "rule": "B-08", "key": case.key},
                to_staff=staff, rule="B-08", dedup_key=f"enquiry:{case.pk}:suggestion:{staff.pk}",
            )
            for staff in list_holders_or_above(site_id=site.pk, role=role, at=at)
        ]  # fmt: skip
    queue(site_id=site.pk, subject=case, drafts=drafts, at=at)
    events.record(
        site_id=site.pk, kind="enquiries.promised", subject=case, by=by, at=at, rule="B-02",
        data={"number": case.number, "title": case.title, "kind": kind, "due": due.isoformat() if due else ""},
    )  # fmt: skip
    return case


@transaction.atomic
def note_contact(
    *, site: Site, caller: Caller, channel: str, case: Case, by: Staff, at: datetime, rings: int | None = None
) -> Contact:
    """Enter in the register the call or visit from which a case of another process was opened (B-04, B-07)."""
    contact = _register(
        site=site, caller=caller, channel=channel, reason=case.title, by=by, at=at, rings=rings,
        outcome=Contact.Outcome.CASE, answer="", case=case,
    )  # fmt: skip
    events.record(
        site_id=site.pk, kind="enquiries.contact_noted", subject=contact, by=by, at=at, rule="B-04",
        data={"reason": case.title, "caller": caller.name, "case": case.number},
    )  # fmt: skip
    return contact


@transaction.atomic
def answer_enquiry(*, case: Case, by: Staff, at: datetime, answer: str, seen: int | None = None) -> Case:
    """Give the promised answer; the promise is kept or late by this moment (B-02, B-03, B-07)."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if case.category == SUGGESTION:
        raise Refused(gettext_noop("建议要先决定是否采纳，再答复"), rule="B-08")
    if not answer.strip():
        raise Refused(gettext_noop("请写下答复内容"), field="answer", rule="B-03")
    change_case(case=case, step="answer", to_state="answered", at=at, changes={"handled_at": at})
    Enquiry.objects.filter(case=case).update(answer=answer, answered_at=at)
    timers.meet(subject=case, milestones=[REPLY], by=by, at=at)
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[Draft(text=ANSWERED, params={"number": case.number, "answer": answer}, to_household=case.household,
                      to_name=case.caller_name, rule="B-02", dedup_key=f"enquiry:{case.pk}:answered")],
    )  # fmt: skip
    events.record(
        site_id=case.site_id,
        kind="enquiries.answered",
        subject=case,
        by=by,
        at=at,
        rule="B-02",
        data={"answer": answer},
    )
    return case


@transaction.atomic
def decide_suggestion(
    *, case: Case, by: Staff, at: datetime, decision: str, answer: str, seen: int | None = None
) -> Case:
    """Adopt a suggestion, have an improvement planned, or decline it with reasons, and tell its author (B-08)."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if case.category != SUGGESTION:
        raise Refused(gettext_noop("这不是建议"), rule="B-08")
    if not answer.strip():
        raise Refused(gettext_noop("请写下答复内容"), field="answer", rule="B-08")
    change_case(case=case, step="decide", to_state="answered", at=at, changes={"handled_at": at})
    Enquiry.objects.filter(case=case).update(decision=decision, answer=answer, answered_at=at)
    timers.meet(subject=case, milestones=[REPLY], by=by, at=at)
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[Draft(text=ANSWERED, params={"number": case.number, "answer": answer}, to_household=case.household,
                      to_name=case.caller_name, rule="B-08", dedup_key=f"enquiry:{case.pk}:decided")],
    )  # fmt: skip
    events.record(
        site_id=case.site_id, kind="enquiries.decided", subject=case, by=by, at=at, rule="B-08",
        data={"decision": decision, "answer": answer},
    )  # fmt: skip
    return case


def _arm_reply(*, case: Case, channel: str, agreed_at: datetime | None, at: datetime) -> datetime | None:
    promised = reply_promise(channel=channel, agreed_at=agreed_at)
    rule_id, _, name = promised.path.partition(".")
    resolved = resolve(rule_id=rule_id, site=case.site, at=at)
    amount = resolved[name]
    if amount is None and promised.fixed_due_at is None:
        return None
    unit = resolved.rule.parameter(name).unit
    calendar = get_calendar(site_id=case.site_id, code="service")
    due = promised.fixed_due_at or due_at(start=at, amount=int(amount), unit=unit, calendar=calendar).at
    timers.arm(
        site_id=case.site_id, subject=case, at=at,
        promises=[
            Promise(
                milestone=REPLY, resolved=resolved, amount=int(amount or 0), unit=unit, starts_at=at, due_at=due,
                responsible_role="FRONT_DESK", responsible_staff=case.received_by,
                warn_percent=figure(path="C-53.warn_at_percent", site=case.site, at=at),
            )
        ],
    )  # fmt: skip
    return due


def _register(
    *, site: Site, caller: Caller, channel: str, reason: str, by: Staff, at: datetime, rings: int | None,
    outcome: str, answer: str, case: Case | None,
) -> Contact:  # fmt: skip
    if not reason.strip():
        raise Refused(gettext_noop("请写明来电来访的事由"), field="reason", rule="B-04")
    return Contact.objects.create(
        site=site, at=at, channel=channel, caller_name=caller.name, caller_phone=caller.phone, person=caller.person,
        household=caller.household, reason=reason[:200], answer=answer, rings=rings, outcome=outcome, case=case, by=by,
    )  # fmt: skip
