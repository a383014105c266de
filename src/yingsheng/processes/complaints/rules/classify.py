"""What a complaint is: validity by the adopted model, severity by its definitions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yingsheng.processes.complaints.rules.facts import (
    ASSIST,
    DEMAND,
    INVALID,
    MAJOR,
    MINOR,
    SERIOUS,
    SEVERITIES,
    VALID,
    Figures,
    known,
)

# What lies behind a complaint, as the supervisor finds it.
OWN_SERVICE = "own_service"
DEVELOPER = "developer"
ENVIRONMENT = "environment"
OUTSIDE_AREA = "outside_area"
OUTSIDE_REMIT = "outside_remit"
NO_CLAIM = "no_claim"
GRUMBLING = "grumbling"
NOT_OURS = "not_ours"
PAID_REPAIR = "paid_repair"
CONSULTATION = "consultation"
SUGGESTION = "suggestion"
CAUSES = (
    OWN_SERVICE, DEVELOPER, ENVIRONMENT, OUTSIDE_AREA, OUTSIDE_REMIT, NO_CLAIM, GRUMBLING, NOT_OURS,
    PAID_REPAIR, CONSULTATION, SUGGESTION,
)  # fmt: skip
DEMANDS = frozenset({PAID_REPAIR, CONSULTATION, SUGGESTION})
ELSEWHERE = frozenset({DEVELOPER, ENVIRONMENT, OUTSIDE_AREA})


def missing_elements(*, figures: Figures, held: Mapping[str, object]) -> tuple[str, ...]:
    """What the adopted regulation wants written down of every complaint and this record does not hold yet (C-09)."""
    wanted = str(known(figures, "C-09.required_fields") or "").split(",")
    return tuple(name for name in wanted if name in held and not held[name])


@dataclass(frozen=True, kw_only=True)
class Validity:
    """The class of a complaint: `code` for every later decision, `detail` as the model names it."""

    code: str
    detail: str
    rule: str


def decide_validity(*, model: str, cause: str, wants_help: bool = True) -> Validity:
    """Classify by model V1 (C-18), V2 (C-19) or V3 (C-20) from the cause found.

    Demands (paid repair, consultation, suggestion) are no complaints in any model (C-19, CF-05, R-15, B-17).
    V1 helps with what comes from outside only if the household wants it. ValueError for an unknown cause or model.
    """
    if cause not in CAUSES:
        raise ValueError(f"unknown cause {cause}")
    if cause in DEMANDS:
        return Validity(code=DEMAND, detail=cause, rule="C-19")
    if model == "V1":
        return _by_v1(cause, wants_help)
    if model == "V2":
        return _by_v2(cause)
    if model == "V3":
        code = VALID if cause == OWN_SERVICE else INVALID
        return Validity(code=code, detail=code, rule="C-20")
    raise ValueError(f"unknown validity model {model}")


def _by_v1(cause: str, wants_help: bool) -> Validity:
    if cause == OWN_SERVICE:
        code = VALID
    elif cause in ELSEWHERE and wants_help:
        code = ASSIST
    else:
        code = INVALID
    return Validity(code=code, detail=code, rule="C-18")


def _by_v2(cause: str) -> Validity:
    if cause == OWN_SERVICE:
        return Validity(code=VALID, detail="valid_1", rule="C-19")
    if cause in (DEVELOPER, ENVIRONMENT):
        # CF-05: the second valid class is helped with, like the assisted ones of V1
        return Validity(code=ASSIST, detail="valid_2", rule="C-19")
    letter = {OUTSIDE_AREA: "a", OUTSIDE_REMIT: "b", NO_CLAIM: "c", GRUMBLING: "c", NOT_OURS: "d"}[cause]
    return Validity(code=INVALID, detail=f"invalid_{letter}", rule="C-19")


@dataclass(frozen=True, kw_only=True)
class Severity:
    """A degree and the definition that gives it."""

    code: str
    rule: str
    reason: str  # promise_broken, harm, unsolved_month, our_fault, limits


def decide_severity(
    *,
    figures: Figures,
    promise_broken: bool,
    times_raised: int,
    major_loss: bool,
    injury: bool,
    our_fault: bool,
    unsolved_a_month: bool = False,
) -> Severity:
    """Severity by its definitions: major (C-21), serious (C-22), minor (C-23); the gravest that fits.

    A broken promise is major once it was raised as often as C-21.major_after_repeats says.
    """
    repeats = known(figures, "C-21.major_after_repeats")
    if major_loss or injury:
        return Severity(code=MAJOR, rule="C-21", reason="harm")
    if promise_broken and repeats is not None and times_raised >= repeats:
        return Severity(code=MAJOR, rule="C-21", reason="promise_broken")
    if unsolved_a_month:
        return Severity(code=MAJOR, rule="C-24", reason="unsolved_month")
    if our_fault:
        return Severity(code=SERIOUS, rule="C-22", reason="our_fault")
    return Severity(code=MINOR, rule="C-23", reason="limits")


def step_up(*, severity: str) -> str:
    """One degree graver (C-56, CF-07); the gravest stays, an undecided one stays undecided."""
    if severity not in SEVERITIES:
        return severity
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
