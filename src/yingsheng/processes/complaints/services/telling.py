"""Whom a complaint is told to: posts by rule, and the household at every step that concerns it (226-OWNER)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.answering import Tell, step_notice
from yingsheng.processes.complaints.services.clocks import facts_of
from yingsheng.processes.complaints.services.instead import people_for

RECEIVED = gettext_noop("您反映的“%(title)s”已登记，编号%(number)s，我们会在%(due)s前与您联系。")
RECEIVED_OPEN = gettext_noop("您反映的“%(title)s”已登记，编号%(number)s，我们会尽快与您联系。")
CONTACTED = gettext_noop("编号%(number)s：与您约定在%(due)s前答复。")
PLANNED = gettext_noop("编号%(number)s：处理方案是%(plan)s")
HARM_STOPPED = gettext_noop("编号%(number)s：已先采取措施止住损害：%(measure)s")
PROGRESS = gettext_noop("编号%(number)s：%(note)s")
FORWARDED = gettext_noop("编号%(number)s：已转请%(body)s处理，我们会跟进并告知您进展。")
DELAYED = gettext_noop("编号%(number)s：很抱歉未能按原定时间完成，新的时间是%(due)s前。原因：%(reason)s")
HANDLED = gettext_noop("编号%(number)s：已处理完毕。%(result)s")
SENT_ON = gettext_noop("编号%(number)s：已交%(department)s办理。")
TAKEN_UP = gettext_noop("编号%(number)s：已由%(handler)s负责办理。")
HANDED_UP = gettext_noop("编号%(number)s：已报请上级帮助解决，有了结果会告诉您。")
PAUSED = gettext_noop("编号%(number)s：暂时无法继续办理，原因：%(reason)s。可以办理时我们会接着办。")
REFUSED = gettext_noop("编号%(number)s：很抱歉无法照办，原因：%(result)s。您可以：%(alternative)s")
REFUSED_PLAIN = gettext_noop("编号%(number)s：很抱歉无法照办，原因：%(result)s。")
REPLIED = gettext_noop(
    "编号%(number)s：处理结果已答复您，给您添了麻烦，我们很抱歉。为防止再次发生：%(prevention)s"
)
REPLIED_PLAIN = gettext_noop("编号%(number)s：处理结果已答复您，给您添了麻烦，我们很抱歉。")
ABOVE = "SITE_HEAD"
TO_POST = gettext_noop("投诉%(number)s：%(title)s（%(rule)s）")


def _people(*, case: Case, role: str, at: datetime) -> list[Staff]:
    """Who is told for a post: its holders, never the one complained about, for whom the post above is (C-53, C-78)."""
    return people_for(case=case, accused=case.complaint.respondent_staff_id, role=role, at=at)


def tell_department(*, case: Case, department: Department, at: datetime, why: str, rule: str) -> list[Staff]:
    """Ring the bells of those who lead the department whose matter it is, and of no other (C-31, C-51, C-72).

    A department nobody leads, or led by the one complained about, is answered for by the site head.
    """
    accused = case.complaint.respondent_staff_id
    told = [one for one in leaders_of(department=department, at=at) if one.pk != accused]
    told = told or _people(case=case, role=ABOVE, at=at)
    for staff in told:
        tell_staff(case=case, staff=staff, at=at, why=why, rule=rule)
    return told


def post_drafts(*, case: Case, tells: Iterable[Tell], at: datetime, why: str) -> list[Draft]:
    """One bell for whoever holds these posts (or the one above an empty one), however often he is named."""
    people: dict[int, Draft] = {}
    for tell in tells:
        for staff in _people(case=case, role=tell.role, at=at):
            people.setdefault(
                staff.pk,
                Draft(
                    text=TO_POST,
                    params={"number": case.number, "title": case.title, "rule": tell.rule, "key": case.key},
                    to_staff=staff,
                    rule=tell.rule,
                    dedup_key=f"complaint:{case.pk}:{why}:{staff.pk}",
                ),
            )
    return list(people.values())


def household_draft(*, case: Case, text: str, why: str, rule: str, **params: object) -> Draft:
    """A notice for the household, or for the caller without a home here; once per occasion."""
    return Draft(
        text=text,
        params={"number": case.number, "title": case.title, **params},
        to_household=case.household,
        to_name=case.caller_name,
        rule=rule,
        dedup_key=f"complaint:{case.pk}:household:{why}",
    )


def tell_posts(*, case: Case, tells: Iterable[Tell], at: datetime, why: str) -> list[Staff]:
    """Ring the bells of these posts; returns who was told."""
    drafts = post_drafts(case=case, tells=tells, at=at, why=why)
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)
    return [draft.to_staff for draft in drafts if draft.to_staff is not None]


def tell_staff(*, case: Case, staff: Staff, at: datetime, why: str, rule: str) -> None:
    """Ring one person's bell about the case."""
    draft = Draft(
        text=TO_POST,
        params={"number": case.number, "title": case.title, "rule": rule, "key": case.key},
        to_staff=staff,
        rule=rule,
        dedup_key=f"complaint:{case.pk}:{why}:{staff.pk}:{case.version}",
    )
    queue(site_id=case.site_id, subject=case, drafts=[draft], at=at)


def tell_household(*, case: Case, text: str, at: datetime, why: str, rule: str, **params: object) -> None:
    """Lay a notice for the household on the counter; of a group complaint, for each of its households (X-05, X-06)."""
    told = [case]
    if case.complaint.is_group:
        told = list(case.members.filter(closed_at__isnull=True).select_related("household").order_by("pk"))
    for one in told:
        draft = household_draft(case=one, text=text, why=why, rule=rule, **params)
        queue(site_id=one.site_id, subject=one, drafts=[draft], at=at)


def tell_step(
    *, case: Case, complaint: Complaint, text: str, at: datetime, why: str, **params: object
) -> None:
    """Tell the household of a step taken for it, where a rule in force asks for that (C-45, C-66)."""
    figures = figures_under(site=case.site, at=at)
    rule = step_notice(facts=facts_of(case=case, complaint=complaint), figures=figures)
    if rule:
        tell_household(case=case, text=text, at=at, why=f"{why}:{case.version}", rule=rule, **params)
