"""An emergency from the ringing phone on, the ordinary way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.cast import Cast
from tests.processes.story import later

from yingsheng.kernel.cases.models import Case
from yingsheng.processes.emergencies.services import acting, ending, intake

Raise = Callable[..., Case]


@pytest.fixture
def raised(cast: Cast) -> Raise:
    """Register a burst pipe that the owner of a home rings about."""

    def give(*, home: int | None = 0, **fields: Any) -> Case:
        return intake.register_emergency(
            **{
                "site": cast.site,
                "kind": "burst_pipe",
                "place": "3栋2单元走廊",
                "body": "走廊水管爆了，水往电梯流",
                "by": cast.front,
                "at": later(0),
                "caller": cast.caller(home) if home is not None else None,
                **fields,
            }
        )

    return give


@pytest.fixture
def over(cast: Cast, raised: Raise) -> Raise:
    """The same, taken after two minutes, somebody there after ten, over after an hour."""

    def give(**fields: Any) -> Case:
        case = raised(**fields)
        acting.acknowledge(case=case, by=cast.engineer, at=later(minutes=2), eta_minutes=10)
        acting.arrive(case=case, by=cast.engineer, at=later(minutes=10))
        return ending.resolve_emergency(
            case=case,
            by=cast.engineer,
            at=later(1),
            cause="接头老化",
            measures="关阀、换接头",
            loss_fen=120_000,
        )

    return give
