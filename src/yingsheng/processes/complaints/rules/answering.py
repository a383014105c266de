"""How a complaint must be answered, who is told, and what follows when the household is not satisfied. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yingsheng.processes.complaints.rules.facts import MAJOR, MINOR, SERIOUS, VALID, Facts, Figures, known

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


def decide_reply(*, facts: Facts, figures: Figures) -> ReplyRule:
    """The way to reply: group by visit (C-65, X-06), written in writing and by another mode (C-64), else C-63."""
    required: set[str] = set()
    rules: list[str] = []
    if facts.group or facts.in_group:
        required.add(known(figures, "C-65.group_reply_mode") or VISIT)
        rules += ["C-65", "X-06"]
    another = False
    if facts.written:
        required.add(WRITING)
        another = bool(known(figures, "C-64.written_needs_second_mode"))
        rules.append("C-64")
    preferred = PHONE
    if facts.validity == VALID:
        preferred = known(figures, "C-63.preferred_mode") or VISIT
        rules.append("C-63")
    return ReplyRule(
        required=frozenset(required), another_besides_writing=another, preferred=preferred, rules=tuple(rules)
    )


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
    """Which posts are told about a complaint in this situation (C-13, C-37, C-40, C-84, X-05)."""
    told: list[Tell] = []
    if not facts.on_spot:
        told.append(Tell(role=known(figures, "C-13.notify") or "CS_SUP", rule="C-13"))
    if not has_home:
        told.append(Tell(role=known(figures, "C-84.report_to") or "CS_SUP", rule="C-84"))
    if facts.severity == SERIOUS and facts.validity == VALID:
        told.append(Tell(role=known(figures, "C-37.serious_escalate_to") or "AREA_SUP", rule="C-37"))
    if facts.severity == MAJOR:
        told.append(Tell(role=known(figures, "C-37.major_report_to") or "SITE_HEAD", rule="C-37"))
    if facts.severity in (SERIOUS, MAJOR):
        told.append(Tell(role=known(figures, "C-40.decides") or "DIV_MGR", rule="C-40"))
    if facts.severity == MINOR:
        told.append(Tell(role=known(figures, "C-40.minor_organised_by") or "SITE_HEAD", rule="C-40"))
    if facts.group:
        told.append(Tell(role=known(figures, "X-05.first_role") or "SITE_HEAD", rule="X-05"))
        told.extend(Tell(role=role, rule="X-05") for role in known(figures, "X-05.inform_roles") or ())
    seen: set[str] = set()
    return tuple(item for item in told if not (item.role in seen or seen.add(item.role)))  # type: ignore[func-returns-value]


def dissatisfied_path(*, figures: Figures) -> str:
    """What happens when the household is not satisfied with the handling (C-56, C-57, CF-07)."""
    return str(known(figures, "C-56.dissatisfied_path") or NEW_CASE)
