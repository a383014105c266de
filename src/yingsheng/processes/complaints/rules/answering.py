"""How a complaint must be answered, who is told, and what follows when the household is not satisfied. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yingsheng.processes.complaints.rules.facts import (
    ASSIST,
    MAJOR,
    MINOR,
    SERIOUS,
    VALID,
    Facts,
    Figures,
    known,
    stated,
)

VISIT, PHONE, WRITING, FACE, EMAIL = "visit", "phone", "writing", "face", "email"
MODES = (VISIT, PHONE, WRITING, FACE, EMAIL)

NEW_CASE, ASK_SITE_HEAD, HAND_UP, RECTIFY = "new_case", "ask_site_head", "hand_up", "rectify"


@dataclass(frozen=True, kw_only=True)
class ReplyRule:
    """Modes that must all be used, whether one more is needed besides writing, and the mode to try first."""

    required: frozenset[str]
    another_besides_writing: bool
    preferred: str
    rules: tuple[str, ...]
    phone_needs_reason: bool = False


def decide_reply(*, facts: Facts, figures: Figures) -> ReplyRule:
    """The way to reply: group by visit (C-65, X-06), written in writing and by another mode (C-64), else C-63."""
    required: set[str] = set()
    rules: list[str] = []
    if facts.group or facts.in_group:
        required |= {stated(figures, "C-65.group_reply_mode"), stated(figures, "X-06.reply_mode")}
        rules += ["C-65", "X-06"]
    another = False
    if facts.written:
        required.add(WRITING)
        another = bool(known(figures, "C-64.written_needs_second_mode"))
        rules.append("C-64")
    preferred = PHONE
    if facts.validity == VALID:
        preferred = stated(figures, "C-63.preferred_mode")
        rules.append("C-63")
    return ReplyRule(
        required=frozenset(required),
        another_besides_writing=another,
        preferred=preferred,
        rules=tuple(rules),
        phone_needs_reason=facts.validity == VALID and bool(known(figures, "C-63.phone_needs_reason")),
    )


def reason_owed(*, rule: ReplyRule, used: Collection[str]) -> bool:
    """Whether an answer given so far by telephone has to say why nobody went (C-63).

    Whoever spoke with the household face to face, or has to go anyway (C-65), owes no reason.
    """
    met = {VISIT, FACE} & {*used, *rule.required}
    return rule.phone_needs_reason and PHONE in used and not met


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What is still missing from a reply: a mode, or "another" mode besides writing; and the rule that asks."""

    mode: str
    rule: str


def missing_modes(*, rule: ReplyRule, used: Collection[str]) -> tuple[Lack, ...]:
    """What the modes used so far leave open; empty when the complaint counts as answered."""
    lacking = [
        Lack(mode=mode, rule="C-64" if mode == WRITING else "C-65")
        for mode in sorted(rule.required - set(used))
    ]
    if rule.another_besides_writing and not set(used) - {WRITING}:
        lacking.append(Lack(mode="another", rule="C-64"))
    if not used and not lacking:
        lacking.append(Lack(mode=rule.preferred, rule="C-63"))
    return tuple(lacking)


@dataclass(frozen=True, kw_only=True)
class Tell:
    """A post to be told, and the rule that says so."""

    role: str
    rule: str


def decide_tell(*, facts: Facts, figures: Figures, has_home: bool = True) -> tuple[Tell, ...]:
    """Which posts are told about a complaint in this situation.

    Rules: C-03, C-13, C-17, C-18, C-37, C-38, C-40, C-51, C-84, B-15, X-05.
    """
    told: list[Tell] = []
    if facts.ongoing_harm and known(figures, "C-17.ongoing_harm_first"):
        told.append(Tell(role=stated(figures, "C-17.stopped_by"), rule="C-17"))
    if not facts.on_spot:
        told.append(Tell(role=stated(figures, "C-13.notify"), rule="C-13"))
        if not facts.validity:
            told.append(Tell(role=stated(figures, "C-18.decided_by"), rule="C-18"))
        if known(figures, "C-51.result_to_manager"):
            # the industrial park, where the area officer takes the complaints
            told.append(Tell(role=stated(figures, "C-51.received_by"), rule="C-51"))
    if not has_home:
        told.append(Tell(role=stated(figures, "C-84.report_to"), rule="C-84"))
    if facts.night:
        # complaints are taken at any hour; the post that answers for that hears of the night's at once
        told.append(Tell(role=stated(figures, "C-03.responsible"), rule="C-03"))
    if facts.severity == SERIOUS and facts.validity == VALID:
        told.append(Tell(role=stated(figures, "C-38.serious_handler"), rule="C-38"))
        told.append(Tell(role=stated(figures, "C-38.reception_role"), rule="C-38"))
        told.append(Tell(role=stated(figures, "C-37.serious_escalate_to"), rule="C-37"))
    if facts.severity == MAJOR:
        told.append(Tell(role=stated(figures, "C-37.major_report_to"), rule="C-37"))
        told.append(Tell(role=stated(figures, "B-15.major_to"), rule="B-15"))
    if facts.severity in (SERIOUS, MAJOR):
        told.append(Tell(role=stated(figures, "C-40.decides"), rule="C-40"))
    if facts.severity == MINOR:
        told.append(Tell(role=stated(figures, "C-40.minor_organised_by"), rule="C-40"))
    if facts.group:
        told.append(Tell(role=stated(figures, "X-05.first_role"), rule="X-05"))
        told.extend(Tell(role=role, rule="X-05") for role in known(figures, "X-05.inform_roles") or ())
    seen: set[str] = set()
    return tuple(item for item in told if not (item.role in seen or seen.add(item.role)))  # type: ignore[func-returns-value]


def step_notice(*, facts: Facts, figures: Figures) -> str:
    """The rule by which the household hears of a step taken for it (C-45, C-66); "" where none asks for it."""
    if facts.validity == ASSIST and known(figures, "C-66.notice_each_change"):
        return "C-66"
    return "C-45" if known(figures, "C-45.tell_each_step") else ""


def dissatisfied_path(*, figures: Figures) -> str:
    """What happens when the household is not satisfied with the handling (C-56, C-57, CF-07)."""
    return stated(figures, "C-56.dissatisfied_path")
