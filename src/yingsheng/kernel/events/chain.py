"""The arithmetic of the chain: what is hashed, and how. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

GENESIS = "0" * 64


def moment_text(*, at: datetime) -> str:
    """An aware moment as UTC text with microseconds, the same from every database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link_hash(*, previous: str, content: Mapping[str, object]) -> str:
    """SHA-256 over the previous hash and the event's content as canonical JSON; 64 hex digits."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
