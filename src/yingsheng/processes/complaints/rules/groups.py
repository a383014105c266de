"""When many complaints are one (C-28, X-08): counting distinct households behind the same matter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ALIKE = 0.25  # share of common word pairs from which two descriptions tell of the same matter


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One complaint as far as grouping needs it."""

    case_id: int
    household_id: int | None
    building_id: int | None
    category: str
    received_at: datetime
    words: frozenset[str]


def same_matter(*, one: Voice, other: Voice) -> bool:
    """Same subject, and either the same building and some common words, or clearly the same words."""
    if one.category != other.category:
        return False
    union = one.words | other.words
    share = len(one.words & other.words) / len(union) if union else 0.0
    if one.building_id is not None and one.building_id == other.building_id:
        return share > 0
    return share >= ALIKE


def find_group(
    *, voices: Sequence[Voice], about: Voice, threshold: int, window: timedelta
) -> tuple[Voice, ...]:
    """The complaints that together with `about` make a group complaint; empty below the threshold.

    Counted are households, not complaints; a caller without a home here counts for nobody. Within the window only.
    """
    alike = [
        voice
        for voice in voices
        if abs(voice.received_at - about.received_at) <= window
        and (voice.case_id == about.case_id or same_matter(one=voice, other=about))
    ]
    households = {voice.household_id for voice in alike if voice.household_id is not None}
    return tuple(alike) if len(households) >= threshold else ()
