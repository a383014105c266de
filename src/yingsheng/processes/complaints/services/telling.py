"""Whom a complaint is told to: posts by rule, and the household at every step that concerns it (226-OWNER)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.processes.complaints.rules.answering import Tell

RECEIVED = gettext_noop("您反映的“%(title)s”已登记，编号%(number)s，我们会在%(due)s前与您联系。")
CONTACTED = gettext_noop("编号%(number)s：与您约定在%(due)s前答复。")
PLANNED = gettext_noop("编号%(number)s：处理方案是%(plan)s")
PROGRESS = gettext_noop("编号%(number)s：%(note)s")
FORWARDED = gettext_noop("编号%(number)s：已转请%(body)s处理，我们会跟进并告知您进展。")
DELAYED = gettext_noop("编号%(number)s：很抱歉未能按原定时间完成，新的时间是%(due)s前。原因：%(reason)s")
HANDLED = gettext_noop("编号%(number)s：已处理完毕。%(result)s")
REFUSED = gettext_noop("编号%(number)s：很抱歉无法照办，原因：%(result)s。您可以：%(alternative)s")
REPLIED = gettext_noop(
    "编号%(number)s：处理结果已答复您，给您添了麻烦，我们很抱歉。为防止再次发生：%(prevention)s"
)
TO_POST = gettext_noop("投诉%(number)s：%(title)s（%(rule)s）")


def post_drafts(*, case: Case, tells: Iterable[Tell], at: datetime, why: str) -> list[Draft]:
    """One bell for whoever holds these posts (or the one above an empty one), however often he is named."""
    people: dict[int, Draft] = {}
    for tell in tells:
        for staff in list_holders_or_above(site_id=case.site_id, role=tell.role, at=at):
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
    """Lay a notice for the household on the counter."""
    draft = household_draft(case=case, text=text, why=why, rule=rule, **params)
    queue(site_id=case.site_id, subject=case, drafts=[draft], at=at)
