"""One promise from one figure."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast, make_cast
from tests.processes.story import NINE, later

from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.owing import owe


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_the_clock_runs_from_its_start_and_comes_back_as_the_next_round(cast: Cast) -> None:
    first = owe(
        site=cast.site, subject=cast.site, milestone="look", path="Z-04.recheck_every", role="CS_SUP", at=NINE
    )
    again = owe(
        site=cast.site, subject=cast.site, milestone="look", path="Z-04.recheck_every", role="CS_SUP", at=NINE,
        starts_at=later(2), staff=cast.front,
    )  # fmt: skip
    assert (first, again) == (later(4), later(6))
    rows = Obligation.objects.filter(milestone="look").order_by("round")
    assert [(row.round, row.amount, row.unit, row.responsible_staff) for row in rows] == [
        (1, 4, "hours", None), (2, 4, "hours", cast.front),
    ]  # fmt: skip


def test_a_moment_agreed_prevails_and_silence_owes_nothing(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="Z-04.recheck_every", value="silent", active_from=NINE, reason="无此规定", by=cast.head,
        at=NINE,
    )  # fmt: skip
    asked = {
        "site": cast.site,
        "subject": cast.site,
        "path": "Z-04.recheck_every",
        "role": "CS_SUP",
        "at": NINE,
    }
    assert owe(**asked, milestone="none") is None  # type: ignore[arg-type]
    assert owe(**asked, milestone="agreed", until=later(9)) == later(9)  # type: ignore[arg-type]
    row = Obligation.objects.get(subject_type="org.site")
    assert (row.milestone, row.amount, row.starts_at) == ("agreed", 540, NINE)
