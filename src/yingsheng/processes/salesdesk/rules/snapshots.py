"""The rotation as plain data, for the morning of a day and for whoever shows it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from yingsheng.processes.salesdesk.rules.queue import Busy, Credit, Rotation


def to_data(*, rotation: Rotation) -> dict[str, Any]:
    """The rotation as JSON takes it; `from_data` gives back an equal one."""
    return {
        "order": list(rotation.order),
        "here": sorted(rotation.here),
        "busy": {agent: _plain(busy) for agent, busy in sorted(rotation.busy.items())},
        "credits": [_plain(credit) for credit in rotation.credits],
        "credited": sorted(list(pair) for pair in rotation.credited),
        "charged": sorted(list(pair) for pair in rotation.charged),
        "turns": dict(rotation.turns),
        "made_up": dict(rotation.made_up),
        "missed": dict(rotation.missed),
    }


def from_data(*, data: Mapping[str, Any], credit_order: str) -> Rotation:
    """The rotation that `to_data` wrote; how make-ups are chosen (J-35) is the site's choice of now."""
    return Rotation(
        order=tuple(data["order"]),
        here=frozenset(data["here"]),
        busy={agent: Busy(**busy) for agent, busy in data["busy"].items()},
        credits=tuple(Credit(**credit) for credit in data["credits"]),
        credited=frozenset((agent, cause) for agent, cause in data["credited"]),
        charged=frozenset((agent, cause) for agent, cause in data["charged"]),
        turns=dict(data["turns"]),
        made_up=dict(data["made_up"]),
        missed=dict(data["missed"]),
        credit_order=credit_order,
    )


def next_morning(*, rotation: Rotation, remembered: Collection[str]) -> Rotation:
    """How the rotation stands when the next day begins: the order and what is owed go on, nobody is there or busy.

    Of the receptions that were made up for or charged only the `remembered` causes are kept; for older ones nothing is
    credited any more (J-02.settle_within). The counts start again: they are those of a day.
    """
    return replace(
        rotation,
        here=frozenset(),
        busy={},
        credited=frozenset(pair for pair in rotation.credited if pair[1] in remembered),
        charged=frozenset(pair for pair in rotation.charged if pair[1] in remembered),
        turns={},
        made_up={},
        missed={},
    )


def _plain(value: Busy | Credit) -> dict[str, Any]:
    return dict(vars(value))
