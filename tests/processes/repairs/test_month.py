"""The month of repairs: counted once, listed for those who may see, handed in frozen, taken out with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.cast import Cast
from tests.processes.repairs.story import NINE, done, later, ordered, quoted, requested, told

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers import tick as ticking
from yingsheng.kernel.timers.models import Filing, Obligation
from yingsheng.processes.repairs.queries.month import in_limit_rate, list_month, month_figures, window_of
from yingsheng.processes.repairs.services.closing import cancel_repair
from yingsheng.processes.repairs.services.filing import export_month, file_month


def window(cast: Cast):
    return window_of(year=2025, month=3, site=cast.site, at=NINE)


@pytest.mark.rule("R-06")
def test_the_window_runs_from_the_day_after_the_last_analysis_to_this_one(cast: Cast):
    found = window(cast)
    assert (found.first, found.last, found.due) == (date(2025, 2, 28), date(2025, 3, 27), date(2025, 3, 28))


@pytest.mark.rule("R-03", "R-05", "R-06", "R-15")
def test_every_request_is_counted_once_and_paid_ones_apart(cast: Cast):
    told(cast, done(cast).case)
    ordered(cast, caller=cast.caller(1), promised_at=later(3), kind="urgent")
    ticking.tick(now=later(3.5))
    quoted(cast, caller=cast.caller(2))
    gone = requested(cast, caller=cast.caller(3), part="public")
    cancel_repair(case=gone, by=cast.front, at=later(1), reason="自己修好了")
    requested(cast, at=NINE - timedelta(days=10), caller=cast.caller(4))  # of the month before
    found = month_figures(site=cast.site, window=window(cast))
    assert (found.received, found.done, found.cancelled, found.paid) == (4, 1, 1, 1)
    assert (found.in_limit.count, found.in_limit.base) == (1, 2)
    assert (found.satisfied.count, found.satisfied.base) == (1, 1)
    assert found.by["kind"] == {"minor": 3, "urgent": 1}
    assert found.orders == {"issued": 3, "open": 2, "done": 1, "returned": 0, "void": 0}
    assert list_month(actor=cast.actor("supervisor"), window=window(cast)).count() == 4
    rate = in_limit_rate(site=cast.site, start=NINE - timedelta(hours=1), end=later(48))
    assert (rate.count, rate.base, rate.percent) == (1, 2, 50.0)


@pytest.mark.rule("R-06")
def test_the_analysis_is_handed_in_from_its_first_day_on_and_keeps_both_promises(cast: Cast):
    done(cast)
    front = cast.actor("front")
    with pytest.raises(Refused) as caught:
        file_month(actor=front, year=2025, month=3, at=NINE + timedelta(days=20), conclusion="龙头老化多")
    assert caught.value.code == "too_early"
    at = NINE + timedelta(days=22)  # the 25th
    with pytest.raises(Refused):
        file_month(actor=front, year=2025, month=3, at=at, conclusion=" ")
    filing = file_month(actor=front, year=2025, month=3, at=at, conclusion="龙头老化多，明年集中更换")
    assert filing.content["figures"]["received"] == 1
    states = dict(
        Obligation.objects.filter(milestone__startswith="repair_").values_list("milestone", "state")
    )
    assert states == {"repair_analysis": "met", "repair_report": "met"}
    with pytest.raises(Refused):
        file_month(actor=front, year=2025, month=3, at=at, conclusion="再报一次")
    again = file_month(actor=front, year=2025, month=3, at=at, conclusion="再报一次", reason="漏了一件")
    assert (again.version, Filing.objects.count()) == (2, 2)
    with pytest.raises(Forbidden):
        file_month(actor=cast.actor("engineer"), year=2025, month=3, at=at, conclusion="…")


@pytest.mark.rule("R-06")
def test_rows_leave_the_house_with_a_reason_in_the_book(cast: Cast):
    with pytest.raises(Refused):
        export_month(actor=cast.actor("supervisor"), window=window(cast), count=1, reason=" ", at=NINE)
    export_month(actor=cast.actor("supervisor"), window=window(cast), count=1, reason="年度盘点", at=NINE)
    assert Event.objects.get(kind="repairs.exported").data["reason"] == "年度盘点"
