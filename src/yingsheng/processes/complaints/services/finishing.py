"""Whether the handling of a complaint may be called finished, or the complaint declined."""

from __future__ import annotations

from dataclasses import replace

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.facts import Facts
from yingsheng.processes.complaints.rules.finishing import (
    CONSENT,
    HARM,
    PLAN,
    VERIFICATION,
    harm_first,
    open_before_finish,
)
from yingsheng.processes.complaints.services.clocks import facts_of

OPEN_WORDS = {
    HARM: gettext_noop("损害还在继续，还没有写下怎样止损"),
    VERIFICATION: gettext_noop("还没有写下核实结果"),
    PLAN: gettext_noop("还没有把处理方案告知住户"),
    CONSENT: gettext_noop("方案还没有征得住户同意"),
}


def finishing_obstacle(*, case: Case, complaint: Complaint) -> tuple[str, str] | None:
    """Why the handling is not finished yet, with the rule; None when it may be (C-16, C-35, C-36, C-58).

    By what was in force when the complaint came in: a regulation adopted since then asks nothing of it.
    """
    found = open_before_finish(
        facts=_facts(case=case, complaint=complaint),
        figures=figures_under(site=case.site, at=case.received_at),
        verified=complaint.verified_at is not None,
        planned=complaint.plan_at is not None,
        consented=complaint.plan_consent,
    )
    return None if found is None else (OPEN_WORDS[found.what], found.rule)


def refusing_obstacle(*, case: Case, complaint: Complaint) -> tuple[str, str] | None:
    """Why the complaint may not be declined yet: harm that goes on is stopped first all the same (C-17)."""
    facts = _facts(case=case, complaint=complaint)
    rule = harm_first(facts=facts, figures=figures_under(site=case.site, at=case.received_at))
    return (OPEN_WORDS[HARM], rule) if rule else None


def _facts(*, case: Case, complaint: Complaint) -> Facts:
    """The facts of a complaint; harm at one household of a group is harm of the group."""
    facts = facts_of(case=case, complaint=complaint)
    if complaint.is_group and _harms_a_member(parent=case):
        return replace(facts, ongoing_harm=True)
    return facts


def _harms_a_member(*, parent: Case) -> bool:
    """Whether harm still goes on at one of the households whose common matter this is."""
    return Complaint.objects.filter(
        case__group=parent, case__state="merged", ongoing_harm=True, harm_stopped_at__isnull=True
    ).exists()
