"""Who is alarmed, what is promised, and what must be done before an emergency may be closed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ACKNOWLEDGE, INFORM, ARRIVE, REASSURE = "acknowledge", "inform", "arrive", "reassure"
REPORT, CALL_BACK = "report", "call_back"
OPEN = ("alarm", "acknowledged", "on_site")
LIVE = (*OPEN, "resolved")  # not closed yet


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A post to be alarmed, and the rule that names it."""

    role: str
    rule: str


def alarm_list(
    *, informed: Sequence[str], needed: Sequence[str], coordinator: str | None, above: Sequence[str]
) -> tuple[Alarm, ...]:
    """The posts told at once, each once, under the rule that names it first (X-02, X-04, X-07).

    `informed` are those of X-02, `needed` those the kind asks for besides, `above` whom the desk reports to.
    """
    found: dict[str, Alarm] = {}
    wanted = [
        *((role, "X-02") for role in (*informed, *needed)),
        *((role, "X-04") for role in (coordinator,) if role),
        *((role, "X-07") for role in above),
    ]
    for role, rule in wanted:
        found.setdefault(role, Alarm(role=role, rule=rule))
    return tuple(found.values())


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far an emergency is, as far as closing it depends on it."""

    reported: bool
    signed: bool
    signature_asked: bool
    waiting_households: int


def hinders_closing(*, standing: Standing) -> tuple[str, str] | None:
    """(code, rule) of what is still owed before closing, None when nothing is (X-03, X-07)."""
    if standing.waiting_households:
        return "call_back", "X-03"
    if not standing.reported:
        return "report", "X-07"
    if standing.signature_asked and not standing.signed:
        return "sign", "X-07"
    return None


def next_unticked(*, count: int, done: Sequence[int]) -> int | None:
    """The first line of a checklist of `count` lines that is not ticked, None when all are."""
    return next((number for number in range(1, count + 1) if number not in done), None)
