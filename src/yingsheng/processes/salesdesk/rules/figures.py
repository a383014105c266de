"""The figures by which the sales desk decides, read once from the rule book and handed on. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yingsheng.processes.salesdesk.rules.matching import Key, read_kinds

WHOLE = 100  # per cent
REGISTRATION, LAST_VISIT, LATER = "registration", "last_visit", "later_of_registration_and_closing"
ALL_FIRST, INTRODUCED = "all_first_visits", "introduced_only"
ORIGINAL, CLOSER = "original", "closer"
BY_RULING, COMPANY = "original_by_ruling", "company"
ANSWERER, COLLEAGUE = "answerer", "colleague"
FIFO, LATEST = "first_in_first_out", "latest_first"


@dataclass(frozen=True, kw_only=True)
class Split:
    """How a commission is parted between who closed and whose customer it was; ValueError unless both make 100 %."""

    closer: int
    original: int

    def __post_init__(self) -> None:
        if min(self.closer, self.original) < 0 or self.closer + self.original != WHOLE:
            raise ValueError(f"{self.closer} and {self.original} do not make {WHOLE} per cent")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Every figure and choice of J by which something is decided; none of them stands in Python."""

    keys: tuple[Key, ...]  # J-05
    helped_call_owner: str  # J-06
    old_from_visit: int
    generations: int
    card_is_rotation: bool
    introduced: Split  # J-11, original agent away
    introduced_present: Split  # J-11, original agent present
    named: Split  # J-12
    absent_named_applies_to: str  # J-12
    named_applies_to: str  # J-13
    referral_days: int  # J-14
    called: Split  # J-18
    agreed: Split  # J-19
    fine_min_fen: int
    fine_max_fen: int
    family_days: int  # J-21
    anchor: str  # J-21, CF-49
    same_days: int  # J-22
    same_within: str  # J-22
    discovery_days: int  # J-23
    deal_days: int  # J-23
    late: Split  # J-23, discovered too late
    halved: Split  # J-23, discovered in time
    deposit_and_signature: bool
    raised_percent: int  # J-26
    relative_days: int  # J-30, CF-48
    helper_share: int  # J-32
    destination: str  # J-34
    credit_order: str  # J-35

    def __post_init__(self) -> None:
        if not 0 <= self.fine_min_fen <= self.fine_max_fen:
            raise ValueError("the least fine is above the greatest")
        if not 0 <= self.helper_share <= WHOLE:
            raise ValueError("a share lies between nothing and the whole")


def read_figures(*, value: Callable[[str], Any]) -> Figures:
    """The figures as `value` gives them by path ("J-21.anchor"); ValueError for shares that make no whole.

    Rules: J-05 … J-09, J-11 … J-14, J-18 … J-24, J-26, J-30, J-32, J-34, J-35.
    """
    return Figures(
        keys=read_kinds(text=value("J-05.keys")),
        helped_call_owner=value("J-06.helped_call_owner"),
        old_from_visit=value("J-07.old_from_visit"),
        generations=value("J-08.generations"),
        card_is_rotation=value("J-09.card_is_rotation"),
        introduced=Split(closer=value("J-11.closer_share"), original=value("J-11.original_share")),
        introduced_present=_original(value("J-11.present_original_share")),
        named=Split(closer=value("J-12.closer_share"), original=value("J-12.original_share")),
        absent_named_applies_to=value("J-12.applies_to"),
        named_applies_to=value("J-13.applies_to"),
        referral_days=value("J-14.discovered_within"),
        called=Split(closer=value("J-18.closer_share"), original=value("J-18.original_share")),
        agreed=Split(closer=value("J-19.closer_share"), original=value("J-19.original_share")),
        fine_min_fen=value("J-20.fine_min_fen"),
        fine_max_fen=value("J-20.fine_max_fen"),
        family_days=value("J-21.recontact_within"),
        anchor=value("J-21.anchor"),
        same_days=value("J-22.recontact_within"),
        same_within=value("J-22.within_belongs_to"),
        discovery_days=value("J-23.discovered_within"),
        deal_days=value("J-23.new_after"),
        late=_closer(value("J-23.late_share")),
        halved=_closer(value("J-23.equal_share")),
        deposit_and_signature=value("J-24.deposit_and_signature"),
        raised_percent=value("J-26.raised_share"),
        relative_days=value("J-30.relative_days"),
        helper_share=value("J-32.helper_share"),
        destination=value("J-34.destination"),
        credit_order=value("J-35.order"),
    )


def _closer(percent: int) -> Split:
    return Split(closer=percent, original=WHOLE - percent)


def _original(percent: int) -> Split:
    return Split(closer=WHOLE - percent, original=percent)
