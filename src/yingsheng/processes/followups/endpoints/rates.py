"""A rate over the API: done of base, what is asked, and how many are still needed."""

from __future__ import annotations

from collections.abc import Mapping

from yingsheng.api.fields import Shape
from yingsheng.processes.followups.rules import Rate


class RateOut(Shape):
    """Done of base; target and percent of it reached, and how many more are needed."""

    of: str
    done: int
    base: int
    target_percent: int
    percent: float | None
    still_needed: int
    reached: bool


def rates_out(found: Mapping[str, Rate]) -> list[RateOut]:
    """The rates by what they are of."""
    return [
        RateOut(
            of=of,
            done=rate.done,
            base=rate.base,
            target_percent=rate.target,
            percent=rate.percent,
            still_needed=rate.still_needed,
            reached=rate.reached,
        )
        for of, rate in found.items()
    ]
