"""What must stand before a complaint counts as handled: harm stopped, facts verified, plan told and agreed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from yingsheng.processes.complaints.rules.facts import INVALID, VALID, Facts, Figures, in_scope, known

HARM, VERIFICATION, PLAN, CONSENT = "harm", "verification", "plan", "consent"


@dataclass(frozen=True, kw_only=True)
class Open:
    """What is still open before the handling may be finished, and the rule that asks for it."""

    what: str
    rule: str


def open_before_finish(
    *, facts: Facts, figures: Figures, verified: bool, planned: bool, consented: bool
) -> Open | None:
    """The first thing still open before the handling may be called finished; None when it may.

    Harm that goes on is stopped first, whoever is at fault (C-17). Facts are verified before a solution is set (C-16),
    unless there is nothing to solve: an invalid complaint is explained, one settled on the spot was seen. A valid one
    is acted on only after its plan was told (C-35, C-36, C-58) and, where the adopted regulation wants that, agreed to.
    """
    if facts.on_spot and facts.reopened_at is None:
        return None
    rule = harm_first(facts=facts, figures=figures)
    if rule:
        return Open(what=HARM, rule=rule)
    if not in_scope(validity=facts.validity, figures=figures):
        return None
    if facts.validity != INVALID and figures("C-16.verify_within") is not None and not verified:
        return Open(what=VERIFICATION, rule="C-16")
    if facts.validity != VALID:
        return None
    rule = plan_rule(facts=facts, figures=figures)
    if rule and not planned:
        return Open(what=PLAN, rule=rule)
    if known(figures, "C-58.consent_required") and not consented:
        return Open(what=CONSENT, rule="C-58")
    return None


def harm_first(*, facts: Facts, figures: Figures) -> str:
    """The rule by which harm is to be stopped before anything is settled; "" where none goes on or none is adopted."""
    return "C-17" if facts.ongoing_harm and known(figures, "C-17.ongoing_harm_first") else ""


def plan_rule(*, facts: Facts, figures: Figures) -> str:
    """The rule by which the household hears of a plan before anything is done; "" where none is adopted."""
    if known(figures, "C-58.consent_required"):
        return "C-58"
    first, second = ("C-36.complex_plan_within", "C-35.plan_within")
    if not facts.complex:
        first, second = second, first
    return next((path.partition(".")[0] for path in (first, second) if figures(path) is not None), "")
