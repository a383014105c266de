"""Visitors: who may ask for an ID, when somebody goes in, what is said if not, how long names stay (V-05 … V-09)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

EXPECTED, WAITING, INSIDE, LEFT = "expected", "waiting", "inside", "left"
TURNED_AWAY, TOOK_MESSAGE, CANCELLED = "refused", "message", "cancelled"
ENDED = (LEFT, TURNED_AWAY, TOOK_MESSAGE, CANCELLED)
HOME, OFFICE = "home", "office"
NOT_ASKED, SHOWN, UNWILLING, FORGOTTEN = "not_asked", "shown", "unwilling", "forgotten"
YES = "yes"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why somebody was not let in, and the rule that says how he is told."""

    code: str
    rule: str


# in the order in which they are offered; the words said stand in content/scripts/visitors.toml
REASONS: Mapping[str, Reason] = {
    one.code: one
    for one in (
        Reason(code="host_unwilling", rule="V-07"),
        Reason(code="id_unwilling", rule="V-06"),
        Reason(code="id_forgotten", rule="V-06"),
        Reason(code="forced", rule="V-06"),
        Reason(code="no_host", rule="V-05"),
        Reason(code="closed_floor", rule="V-01"),
    )
}


def id_problem(*, id_state: str, is_guard: bool) -> str:
    """Whether somebody who is no guard says that he asked for an ID: only guards do (V-05)."""
    return "only_guards" if id_state not in ("", NOT_ASKED) and not is_guard else ""


def entry_problem(
    *,
    id_required: bool,
    is_guard: bool,
    id_state: str,
    leader: str,
    host_consents: bool,
    is_office: bool,
    led_by: str,
) -> tuple[str, str] | None:
    """Why a visitor does not go in as (field, reason), None if he does (V-01, V-05, V-06, V-08).

    The host agrees first. Where the guard asks, no ID means no entry, unless it was forgotten and a leader was called
    who helps. An office floor is shown the way to.
    """
    if not host_consents:
        return "host_answer", "host_not_asked"
    if id_required and is_guard:
        if id_state == UNWILLING:
            return "id_state", "no_id"
        if id_state == FORGOTTEN and not leader.strip():
            return "leader", "no_leader"
        if id_state in ("", NOT_ASKED):
            return "id_state", "id_not_asked"
    if is_office and not led_by.strip():
        return "led_by", "nobody_leads"
    return None


def forget_before(*, now: datetime, kept_days: int) -> datetime:
    """Whoever came before this moment has his name forgotten; his visit stays counted (V-09)."""
    return now - timedelta(days=kept_days)
