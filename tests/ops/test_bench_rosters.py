"""The months that the planner is measured with are real ones: feasible, and solved by the program of its own."""

from __future__ import annotations

import pytest

from yingsheng.ops.bench.rosters import invented_month
from yingsheng.processes.turns.rules.month import plan_from, to_plain
from yingsheng.processes.turns.services.planning import run_program


@pytest.mark.slow
@pytest.mark.rule("D-01")
def test_thirty_people_get_a_month_that_is_fairer_than_the_pencils() -> None:
    month = invented_month(people=30, seconds=6)
    plan = plan_from(run_program(to_plain(month)))
    assert plan.missing == 0
    assert plan.score < plan.greedy_score
    assert plan.seconds < 20
    assert 0 <= plan.gap < 1
