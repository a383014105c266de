"""Release passes: what is on them, whose consent they need, when one lets goods out (V-02, V-03, V-09)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAITING, ISSUED, ASKED = "waiting", "issued", "owner_asked"
RELEASED, KEPT_BACK, EXPIRED, REVOKED, REPLACED = (
    "released",
    "not_released",
    "expired",
    "revoked",
    "replaced",
)
OPEN = (WAITING, ISSUED, ASKED)
AT_GATE = (ISSUED, ASKED)
ENDED = (RELEASED, KEPT_BACK, EXPIRED, REVOKED, REPLACED)
SELF, PHONE, LETTER, ASK = "self", "phone", "letter", "ask"
OWNER = "owner"
MOST_LINES, MOST_NAME, MOST_COUNT = 20, 30, 999
OLDEST = timedelta(days=3)
_LINE = re.compile(
    r"(?P<name>\S(?:.*?\S)??)[\s,x*×]*(?P<count>\d{1,4})\s*(?:件|个|台|箱|张|套|把|袋|只|包|辆|幅)?(?P<bulky>[\s,]*大件)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of thing on a pass: what, how many, whether it is bulky."""

    name: str
    count: int
    is_bulky: bool = False


class BadList(Exception):
    """A list of items that cannot be read; `line` is the line that is wrong, `reason` its code."""

    def __init__(self, *, reason: str, line: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def read_list(*, text: str) -> tuple[Line, ...]:
    """The items as typed, one kind a line: name, number, "大件" for a bulky one (V-09).

    Raises BadList for none, too many, a line without a number, or the same name twice.
    """
    found: list[Line] = []
    for row in text.splitlines():
        folded = unicodedata.normalize("NFKC", row).strip()
        if not folded:
            continue
        told = _LINE.fullmatch(folded)
        if told is None or not 1 <= int(told["count"]) <= MOST_COUNT:
            raise BadList(reason="line", line=row.strip()[:40])
        name = " ".join(told["name"].split())
        if len(name) > MOST_NAME:
            raise BadList(reason="long", line=name[:40])
        found.append(Line(name=name, count=int(told["count"]), is_bulky=bool(told["bulky"])))
    if not found:
        raise BadList(reason="none")
    if len(found) > MOST_LINES:
        raise BadList(reason="many")
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise BadList(reason="twice", line=name)
    return tuple(found)


def write_list(*, lines: Sequence[Line]) -> str:
    """A list as `read_list` takes it."""
    return "\n".join(f"{one.name} {one.count}{' 大件' if one.is_bulky else ''}" for one in lines)


def consent_problem(*, relation: str, way: str, told_by: str, letters: int) -> tuple[str, str] | None:
    """What a pass lacks of the owner's consent as (field, reason), None for nothing (V-02, V-09).

    The owner consents by asking for the pass himself; for everybody else he is rung, or has signed a letter, or is
    asked first, and the pass waits for what he says.
    """
    if relation == OWNER:
        return None if way in ("", SELF) else ("consent_way", "owner_himself")
    if way in ("", SELF):
        return "consent_way", "no_consent"
    if way != ASK and not told_by.strip():
        return "consent_name", "nobody_named"
    if way == LETTER and not letters:
        return "letter", "no_letter"
    return None


def acted_at(*, told: datetime | None, at: datetime) -> datetime:
    """When something was done: by the device if it may be believed, else now; a moment to come is no past."""
    return told if told is not None and at - OLDEST <= told <= at else at


def gate_problem(
    *, state: str, owner_answer: str, valid_from: datetime, valid_until: datetime, at: datetime
) -> str:
    """Why goods do not go out on a pass at a moment, "" if they do: a used or revoked pass never passes (V-02).

    One that ran out since still counts for a moment in which it was valid: a guard without signal tells later.
    """
    if state == ASKED and owner_answer != "yes":
        return "owner_not_answered"
    if state not in (*AT_GATE, EXPIRED):
        return state
    if at < valid_from:
        return "too_early"
    return EXPIRED if at > valid_until else ""


def blocks(*, state: str, owner_answer: str) -> bool:
    """Whether a device without signal must not let goods out on a pass that it can read."""
    return state not in AT_GATE or (state == ASKED and owner_answer != "yes")


def differs(*, found: Collection[Line], wanted: Collection[Line]) -> bool:
    """Whether what stands at the gate is not what the pass names; order and bulk say nothing (V-02)."""
    return sorted((one.name, one.count) for one in found) != sorted((one.name, one.count) for one in wanted)
