"""The kinds of events that exist, how each reads in a timeline, and what other processes do about it.

Kinds and reactions are declared while the program starts; an undeclared kind cannot be recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """`text` is a message id whose %(name)s places are filled from the event's data; `icon` a sprite name.

    `logged`: a call, a visit or what was done about it, which stands in the duty log of the shift (D-14, D-24).
    """

    code: str
    text: str
    icon: str = "point"
    tone: str = "plain"
    logged: bool = False


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """What a process does, in the same transaction, when an event of kind `on` is recorded.

    `emits` lists the kinds the reaction may record itself; a test proves that the whole graph has no circle.
    """

    on: str
    run: Callable[[Any], None]
    emits: tuple[str, ...] = ()


_kinds: dict[str, EventKind] = {}
_reactions: dict[str, list[Reaction]] = {}


def declare(*kinds: EventKind) -> None:
    """Add kinds; ValueError for one that exists."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ValueError(f"event kind {kind.code} is declared twice")
        _kinds[kind.code] = kind


def react(*reactions: Reaction) -> None:
    """Add reactions, in the order they are to run."""
    for reaction in reactions:
        _reactions.setdefault(reaction.on, []).append(reaction)


def get_kind(*, code: str) -> EventKind:
    """The declared kind; KeyError for one nobody declared."""
    return _kinds[code]


def logged_kinds() -> tuple[str, ...]:
    """The codes of the kinds that stand in the duty log."""
    return tuple(kind.code for kind in _kinds.values() if kind.logged)


def all_kinds() -> tuple[EventKind, ...]:
    """Every declared kind."""
    return tuple(_kinds.values())


def reactions_to(*, code: str) -> tuple[Reaction, ...]:
    """The reactions to a kind, in order."""
    return tuple(_reactions.get(code, ()))


def all_reactions() -> tuple[Reaction, ...]:
    """Every declared reaction."""
    return tuple(reaction for group in _reactions.values() for reaction in group)
