"""The first reply where the adopted regulation only advises it: a goal, and nobody is late who misses it."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import NINE, clock, later, registered

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.tick import tick
from yingsheng.processes.complaints.services import handling, intake


def advised(cast: Cast, *, strict: bool = False) -> Case:
    adopt_preset(site=cast.site, preset="C/001-C", active_from=NINE, reason="试行", by=cast.head, at=NINE)
    if strict:
        override_parameter(
            site=cast.site, path="C-34.first_reply_advisory", value=False, active_from=NINE, reason="本处从严",
            by=cast.head, at=NINE,
        )  # fmt: skip
    return registered(cast)


def contacted(cast: Cast, case: Case, hours: float) -> Case:
    return handling.contact_household(
        case=case, by=cast.supervisor, at=later(hours), person="钱女士", agreed_reply_at=later(30)
    )


@pytest.mark.rule("C-34")
@pytest.mark.parametrize(
    ("strict", "hours", "state"),
    [(False, 2, "met"), (False, 2.5, "void"), (True, 2, "met"), (True, 2.5, "late")],
)
def test_who_reaches_the_goal_has_met_it_and_who_misses_it_is_not_late(
    cast: Cast, strict: bool, hours: float, state: str
):
    case = advised(cast, strict=strict)
    contacted(cast, case, hours)
    promise = clock(case, "contact")
    assert (promise.rule, promise.state) == ("C-34", state)
    assert ("不算逾期" in promise.reason) == (state == "void")


@pytest.mark.rule("C-34")
def test_the_desk_is_reminded_and_then_the_goal_is_over_and_does_not_come_back(cast: Cast):
    case = advised(cast)
    tick(now=later(1.99))
    assert Message.objects.filter(to_staff=cast.supervisor, rule="C-34").exists()
    tick(now=later(2.1))
    promise = clock(case, "contact")
    assert (promise.state, promise.ladder, promise.round) == ("void", [], 1)
    assert Event.objects.filter(kind="complaints.goal_passed", subject_id=case.pk).count() == 1
    intake.classify_complaint(case=case, by=cast.supervisor, at=later(3), cause="own_service")
    assert clock(case, "contact").round == 1


@pytest.mark.rule("C-34", "C-33")
def test_a_limit_stays_broken_when_it_runs_out(cast: Cast):
    case = advised(cast, strict=True)
    tick(now=later(2.1))
    assert clock(case, "contact").state == "armed"
    assert not Event.objects.filter(kind="complaints.goal_passed").exists()
