"""What a telephone system's signals make of a call: in whatever order they come, however often. Pure."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

RING, ANSWER, TRANSFER, HANGUP = "ring", "answer", "transfer", "hangup"
SIGNALS = (RING, ANSWER, TRANSFER, HANGUP)
RINGING, TALKING, ENDED, MISSED = "ringing", "talking", "ended", "missed"
FRESH = timedelta(minutes=5)  # how old a signed post may be; an older one may be a copy
LOST = timedelta(minutes=10)  # a phone that "rings" longer was hung up without anybody telling us


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One thing that a telephone system tells. `rings` if it counts them itself; `number` as it shows it."""

    ref: str
    kind: str  # ring, answer, transfer, hangup
    at: datetime
    direction: str = "in"
    number: str = ""
    line: str = ""
    extension: str = ""
    rings: int | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """When a call rang, was answered and ended, as far as is known."""

    rang_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None


def heard(*, facts: Facts | None, kind: str, at: datetime) -> Facts:
    """The facts after one more signal: the same whatever the order of the signals, and for a signal sent twice.

    A call rang at its first signal, was answered at the first answer and ended at the first hang-up.
    """
    known = facts if facts is not None else Facts(rang_at=at)
    known = replace(known, rang_at=min(known.rang_at, at))
    if kind == ANSWER:
        return replace(known, answered_at=min(known.answered_at or at, at))
    if kind == HANGUP:
        return replace(known, ended_at=min(known.ended_at or at, at))
    return known


def state_of(*, facts: Facts) -> str:
    """How a call stands: it rings, is talked on, has ended, or was missed because nobody answered before its end."""
    if facts.ended_at is not None:
        return MISSED if facts.answered_at is None else ENDED
    return RINGING if facts.answered_at is None else TALKING


def rings_of(*, waited: timedelta, ring_seconds: int) -> int:
    """How often the phone rang before it was answered (B-06): the third ring is over after three times its seconds."""
    if ring_seconds <= 0:
        raise ValueError("a ring lasts some seconds")
    seconds = max(0.0, waited.total_seconds())
    return max(1, -int(-seconds // ring_seconds))


def signature(*, secret: str, stamp: str, body: bytes) -> str:
    """The proof that a post comes from the telephone system: HMAC-SHA256 over its stamp, a dot and its body, in hex."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(*, secret: str, stamp: str, body: bytes, given: str) -> bool:
    """Whether a signature is the right one; takes the same time whatever is wrong with it."""
    return hmac.compare_digest(signature(secret=secret, stamp=stamp, body=body), given.lower())


def is_fresh(*, stamp: datetime, now: datetime) -> bool:
    """Whether a stamp is near enough to the present to be no copy of an old post."""
    return abs(now - stamp) <= FRESH
