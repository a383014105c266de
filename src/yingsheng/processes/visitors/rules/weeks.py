"""The reconciled week: what became of its passes, and which of them somebody has to explain (V-02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yingsheng.processes.visitors.rules.passes import ASKED as OWNER_ASKED
from yingsheng.processes.visitors.rules.passes import (
    EXPIRED,
    ISSUED,
    KEPT_BACK,
    RELEASED,
    REPLACED,
    REVOKED,
)
from yingsheng.processes.visitors.rules.passes import WAITING as WAITING_FOR_OWNER

# what needs no word: goods went out as the pass says, or it was taken back or replaced with its reason
IN_ORDER = (RELEASED, REVOKED, REPLACED)


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of one pass, and how often it was used again."""

    id: int
    state: str
    second_uses: int = 0


@dataclass(frozen=True, kw_only=True)
class WeekCount:
    """A week of passes: every one is in exactly one of these."""

    issued: int
    released: int
    not_released: int
    expired: int
    revoked: int
    replaced: int
    open: int
    second_uses: int


def count_week(*, fates: Iterable[Fate]) -> WeekCount:
    """The passes of a week by what became of them (V-02)."""
    rows = list(fates)
    by = Counter(one.state for one in rows)
    return WeekCount(
        issued=len(rows), released=by[RELEASED], not_released=by[KEPT_BACK], expired=by[EXPIRED], revoked=by[REVOKED],
        replaced=by[REPLACED], open=by[ISSUED] + by[OWNER_ASKED] + by[WAITING_FOR_OWNER],
        second_uses=sum(one.second_uses for one in rows),
    )  # fmt: skip


def to_explain(*, fates: Iterable[Fate]) -> tuple[int, ...]:
    """Which passes need a word: not used, not let out, still open, used twice (V-02)."""
    return tuple(one.id for one in fates if one.state not in IN_ORDER or one.second_uses)


def unexplained(*, fates: Iterable[Fate], words: Mapping[int, str]) -> tuple[int, ...]:
    """Which of them nobody has said anything about."""
    return tuple(pk for pk in to_explain(fates=fates) if not words.get(pk, "").strip())


def slips_differ(*, count: WeekCount, slips: int) -> bool:
    """Whether the gate gave back another number of slips than goods went out on (V-02)."""
    return slips != count.released + count.not_released
