"""What else than orders a phone keeps and sends: each kind of work is a desk, declared by the pages of its process.

A deed names its subject by a key that begins with the code of its desk ("patrols:r12"); keys of orders have no colon.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yingsheng.kernel.org.access import Actor


@dataclass(frozen=True, kw_only=True)
class WorkDesk:
    """One kind of work on a phone, with its tab.

    `pages` (keyword arguments `request`) are the fragments a device keeps, by address. `state_of` (`request`, `key`)
    tells how a subject stands now, in the shape of `sync`. `deed` (`request`, `key`, `verb`, `told`) does one thing,
    raising Refused, or Conflict where the subject is not what the device saw; `note` (`request`, `key`, `told`) keeps
    what could not be done any more as words.
    """

    code: str
    label: str
    icon: str
    url_name: str
    permission: str
    pages: Callable[..., Mapping[str, str]]
    state_of: Callable[..., dict[str, Any]]
    deed: Callable[..., None]
    note: Callable[..., None]

    def is_open_to(self, *, actor: Actor | None) -> bool:
        """Whether the tab is shown; in the kept frame, which belongs to nobody, it always is."""
        return actor is None or actor.may(self.permission)


_desks: dict[str, WorkDesk] = {}


def open_desk(desk: WorkDesk) -> None:
    """Declare a desk; ValueError for a code that exists."""
    if desk.code in _desks:
        raise ValueError(f"desk {desk.code} is declared twice")
    _desks[desk.code] = desk


def all_desks() -> tuple[WorkDesk, ...]:
    """Every desk, in the order of their declaration."""
    return tuple(_desks.values())


def desk_for(*, key: str) -> tuple[WorkDesk, str] | None:
    """The desk of a key and what the key says within it; None for the key of an order, or of a desk nobody opened."""
    code, colon, rest = key.partition(":")
    found = _desks.get(code) if colon else None
    return (found, rest) if found is not None else None
