"""Writing the register and answering what was asked."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.calls.models import Call
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, change_case, check_version, lock_case, open_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.enquiries.models import Contact, Enquiry
from yingsheng.processes.enquiries.queries import count_register_prints
from yingsheng.processes.enquiries.rules import HELP, PRAISE, SUGGESTION, needs_case, reply_promise
from yingsheng.processes.enquiries.services.suggestions import pass_on

REPLY = "reply"
HELP_SENT, PRAISE_TOLD = "help_sent", "praise_told"
UNIT_CONTACT = "unit_contact"  # whoever is answered was contacted
PROMISED = gettext_noop("您询问的“%(title)s”，编号%(number)s，我们会在%(due)s前答复。")
ANSWERED = gettext_noop("编号%(number)s：%(answer)s")
NOT_BY_ANSWER = {
    "suggestion": gettext_noop("建议要先决定是否采纳，再答复"),
    "help": gettext_noop("求助要先有人去帮，再告知结果"),
    "praise": gettext_noop("表扬要先转告本人和上级，再回谢"),
}


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
    kind: str = "enquiry",
) -> Contact:
    """Register a call or visit that was answered on the spot: first-contact resolution (B-02, B-04, B-16, KPI-09).

    Anybody may ask, with a home here or without, with a name or without.
    """
    if not answer.strip():
        raise Refused(gettext_noop("当场答复的要写下答复内容"), field="answer", rule="B-03")
    contact = _register(
        site=site, caller=caller, channel=channel, reason=reason, by=by, at=at, rings=rings,
        outcome=Contact.Outcome.ANSWERED, answer=answer, case=None, kind=kind,
    )  # fmt: skip
    events.record(
        site_id=site.pk, kind="enquiries.answered_at_once", subject=contact, by=by, at=at, rule="B-02",
        data={"reason": reason, "caller": caller.name, "channel": channel, "kind": kind},
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
    _arm_own(case=case, kind=kind, at=at)
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
        drafts += pass_on(case=case, by=by, at=at)
    queue(site_id=site.pk, subject=case, drafts=drafts, at=at)
    events.record(
        site_id=site.pk, kind="enquiries.promised", subject=case, by=by, at=at, rule="B-02",
        data={
            "number": case.number, "title": case.title, "kind": kind, "due": due.isoformat() if due else "",
            "channel": channel,
        },
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
    if needs_case(kind=case.category):
        raise Refused(NOT_BY_ANSWER[case.category], rule="B-08" if case.category == SUGGESTION else "B-07")
    if not answer.strip():
        raise Refused(gettext_noop("请写下答复内容"), field="answer", rule="B-03")
    change_case(case=case, step="answer", to_state="answered", at=at, changes={"handled_at": at})
    Enquiry.objects.filter(case=case).update(answer=answer, answered_at=at)
    timers.meet(subject=case, milestones=[REPLY, UNIT_CONTACT], by=by, at=at)
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
def tie_call(*, contact: Contact, call: Call, by: Staff, at: datetime) -> None:
    """A line of the register came from this call: the telephone counted its rings, nobody else does (B-06, KPI-11)."""
    contact.call, contact.rings = call, None
    contact.save(update_fields=["call", "rings"])
    events.record(
        site_id=contact.site_id, kind="enquiries.call_registered", subject=call, by=by, at=at, rule="B-04",
        data={"reason": contact.reason},
    )  # fmt: skip


@transaction.atomic
def record_register_print(*, site: Site, first: date, last: date, rows: int, by: Staff, at: datetime) -> int:
    """Count a print of the register of these days; 1 is no reprint (FM-05, B-04)."""
    count = count_register_prints(site=site, first=first, last=last) + 1
    events.record(
        site_id=site.pk, kind="enquiries.register_printed", subject=site, by=by, at=at, rule="B-04",
        data={"first": first.isoformat(), "last": last.isoformat(), "rows": rows, "count": count},
    )  # fmt: skip
    return count


def _arm_reply(*, case: Case, channel: str, agreed_at: datetime | None, at: datetime) -> datetime | None:
    promised = reply_promise(channel=channel, agreed_at=agreed_at, kind=case.category)
    return owe(
        site=case.site, subject=case, milestone=REPLY, path=promised.path, role="FRONT_DESK", staff=case.received_by,
        at=at, until=promised.fixed_due_at,
    )  # fmt: skip


def _arm_own(*, case: Case, kind: str, at: datetime) -> None:
    """What a call for help or praise is owed besides its answer: somebody who goes, somebody who is told (B-07)."""
    if kind == HELP:
        owe(
            site=case.site, subject=case, milestone=HELP_SENT, path="B-07.help_sent_within", role="FRONT_DESK",
            staff=case.received_by, at=at,
        )  # fmt: skip
    if kind == PRAISE:
        owe(
            site=case.site, subject=case, milestone=PRAISE_TOLD, path="B-07.praise_told_within", role="FRONT_DESK",
            staff=case.received_by, at=at,
        )  # fmt: skip


def _register(
    *, site: Site, caller: Caller, channel: str, reason: str, by: Staff, at: datetime, rings: int | None,
    outcome: str, answer: str, case: Case | None, kind: str = "",
) -> Contact:  # fmt: skip
    if not reason.strip():
        raise Refused(gettext_noop("请写明来电来访的事由"), field="reason", rule="B-04")
    return Contact.objects.create(
        site=site, at=at, channel=channel, caller_name=caller.name, caller_phone=caller.phone, person=caller.person,
        household=caller.household, reason=reason[:200], answer=answer, rings=rings, outcome=outcome, case=case, by=by,
        kind=kind,
    )  # fmt: skip
