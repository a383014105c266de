"""A decision as plain data, to be kept with what was decided and shown as it was. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yingsheng.processes.salesdesk.rules.decision import (
    Decision,
    Effect,
    Fact,
    MakeUp,
    Outcome,
    Penalty,
    Share,
    Step,
)


def to_data(*, decision: Decision) -> dict[str, Any]:
    """The decision as JSON takes it; `from_data` gives back an equal one."""
    return {
        **vars(decision),
        "outcome": decision.outcome.value,
        "shares": [vars(one) for one in decision.shares],
        "suggested": [vars(one) for one in decision.suggested],
        "make_ups": [vars(one) for one in decision.make_ups],
        "penalty": vars(decision.penalty) if decision.penalty is not None else None,
        "steps": [
            {**vars(one), "fact": one.fact.value, "effect": one.effect.value} for one in decision.steps
        ],
    }


def from_data(*, data: Mapping[str, Any]) -> Decision:
    """The decision that `to_data` wrote."""
    told = dict(data)
    return Decision(
        **{
            **told,
            "outcome": Outcome(told["outcome"]),
            "shares": tuple(Share(**one) for one in told["shares"]),
            "suggested": tuple(Share(**one) for one in told["suggested"]),
            "make_ups": tuple(MakeUp(**one) for one in told["make_ups"]),
            "penalty": Penalty(**told["penalty"]) if told["penalty"] is not None else None,
            "steps": tuple(
                Step(**{**one, "fact": Fact(one["fact"]), "effect": Effect(one["effect"])})
                for one in told["steps"]
            ),
        }
    )
