"""Where a key hangs, who may borrow it and on what terms, and when the keys are counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yingsheng.base.months import clamp

VACANT, ENTRUSTED, EQUIPMENT, OTHER = "vacant", "entrusted", "equipment_spare", "other"
OF_A_HOME = frozenset({VACANT, ENTRUSTED})


def place_words(*, cabinet: str, building: str, floor: str, hook: str) -> str:
    """Where a key hangs, from the cabinet down to the hook, as it stands on its label (K-02, K-03)."""
    parts = (cabinet.strip(), building.strip(), floor.strip(), hook.strip())
    return " / ".join(part for part in parts if part)


def lacking_of_outsider(
    *, id_kind: str, id_number: str, deposit_fen: int, signature: str, deposit_required: bool
) -> tuple[str, ...]:
    """What of the three is missing before somebody from outside gets a key: names of fields (K-06).

    The paper is seen and its number noted, the deposit paid and the register signed; one of them is never enough.
    """
    asked = (
        ("id_kind", bool(id_kind)),
        ("id_number", bool(id_number.strip())),
        ("deposit_fen", deposit_fen > 0 or not deposit_required),
        ("signature", bool(signature.strip())),
    )
    return tuple(name for name, is_there in asked if not is_there)


def needs_consent(*, kind: str, consent_required: bool) -> bool:
    """Whether the owner is asked before this key is lent (K-12)."""
    return consent_required and kind == ENTRUSTED


def lacks_pledge(*, kind: str, pledged: bool) -> bool:
    """Whether a key of an owner lies here without the pledge in the archive (K-10)."""
    return kind == ENTRUSTED and not pledged


def is_overdue(*, due_at: datetime | None, now: datetime) -> bool:
    """Whether a key should have been back; exactly on time is not late."""
    return due_at is not None and now > due_at


def deposit_left(*, deposit_fen: int, refund_fen: int) -> int:
    """What of a deposit is kept, in fen; ValueError when more would go back than was paid (K-11)."""
    if not 0 <= refund_fen <= deposit_fen:
        raise ValueError("refund beyond deposit")
    return deposit_fen - refund_fen


@dataclass(frozen=True, kw_only=True)
class CountWindow:
    """The days on which the keys of a month are counted, and the day of the report."""

    first: date
    last: date
    report: date


def count_window(*, year: int, month: int, from_day: int, to_day: int, report_day: int) -> CountWindow:
    """The window of a month; a short month ends it on its last day (K-08, Y-12)."""
    return CountWindow(
        first=clamp(year=year, month=month, day=from_day),
        last=clamp(year=year, month=month, day=to_day),
        report=clamp(year=year, month=month, day=report_day),
    )


def register_forms(*, layout: str) -> Sequence[tuple[str, bool | None]]:
    """The printed registers of loans: form number and whether it holds security doors only (True), the rest (False), or
    every key (None). One register holds them all; which papers are printed of it the layout says (K-04, CF-32).
    """
    if layout == "key_loan":
        return (("FM-37", None),)
    if layout == "security_door_loan":
        return (("FM-38", None),)
    return (("FM-37", False), ("FM-38", True))
