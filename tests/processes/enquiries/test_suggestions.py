"""A suggestion is owed to the post that decides on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import Cast
from tests.processes.story import NINE, clock, later

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Appointment
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.enquiries.services import decide_suggestion, promise_answer


def suggested(cast: Cast) -> Case:
    return promise_answer(
        site=cast.site, caller=cast.caller(), channel="phone", title="加装快递柜", kind="suggestion", by=cast.front,
        at=NINE,
    )  # fmt: skip


def nobody_above(cast: Cast) -> None:
    Appointment.objects.exclude(staff=cast.front).update(active_to=NINE - timedelta(days=1))


@pytest.mark.rule("B-08")
def test_passing_a_suggestion_on_keeps_the_promise_at_once(cast: Cast) -> None:
    row = clock(suggested(cast), "pass_on")
    assert (row.rule, row.responsible_role, row.due_at) == ("B-08", "FRONT_DESK", later(1))
    assert (row.state, row.ended_at) == ("met", NINE)


@pytest.mark.rule("B-08")
def test_where_nobody_can_be_told_it_stays_open_until_it_is_decided(cast: Cast) -> None:
    override_parameter(
        site=cast.site,
        path="B-08.pass_on_within",
        value=3,
        active_from=NINE,
        reason="试行",
        by=cast.head,
        at=NINE,
    )
    nobody_above(cast)
    case = suggested(cast)
    assert (clock(case, "pass_on").state, clock(case, "pass_on").due_at) == ("armed", later(3))
    decide_suggestion(case=case, by=cast.head, at=later(2), decision="adopted", answer="下季度做")
    assert clock(case, "pass_on").state == "met"


@pytest.mark.rule("B-08")
def test_a_site_that_silences_the_limit_owes_nothing(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="B-08.pass_on_within", value="silent", active_from=NINE, reason="试行", by=cast.head,
        at=NINE,
    )  # fmt: skip
    assert not Obligation.objects.filter(subject_id=suggested(cast).pk, milestone="pass_on").exists()
