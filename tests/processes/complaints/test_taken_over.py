"""A matter another system left open: what is promised here counts from the first step here, and stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.processes.story import classified, later

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.services import change_day
from yingsheng.ops.imports.cases import import_cases
from yingsheng.ops.imports.maps import shipped_map
from yingsheng.processes.complaints.rules.facts import Figure, Figures
from yingsheng.processes.complaints.services import clocks, handling, intake

OLD = (
    "编号,事由,受理时间,时限,办结时间,状态,来源,地点,投诉人,电话,类别,经过\n"
    "A1,灯坏,2024-01-01 08:00,2024-01-02 08:00,,未结,来电,,,,维修,\n"
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


@pytest.fixture
def taken_over(cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Case:
    path = tmp_path_factory.mktemp("old") / "old.csv"
    path.write_text(OLD, encoding="utf-8")
    import_cases(site=cast.site, path=path, case_map=shipped_map(name="standard"), by=cast.head, at=later(0))
    return Case.objects.get(number="A1")


def running(case: Case) -> dict[str, Obligation]:
    return {row.milestone: row for row in Obligation.objects.filter(subject_id=case.pk, state="armed")}


def test_nothing_is_overdue_because_of_the_other_system(cast: Cast, taken_over: Case) -> None:
    assert set(running(taken_over)) == {"solve"}
    step = later(1)
    intake.classify_complaint(
        case=taken_over, by=cast.supervisor, at=step, cause="own_service", our_fault=True
    )
    promised = running(taken_over)
    assert {"contact", "plan"} <= set(promised)
    assert all(row.starts_at >= step for row in promised.values())
    assert all(row.due_at > step for row in promised.values())


def test_later_steps_do_not_start_the_clocks_anew(cast: Cast, taken_over: Case) -> None:
    step = later(1)
    intake.classify_complaint(
        case=taken_over, by=cast.supervisor, at=step, cause="own_service", our_fault=True
    )
    before = {name: (row.pk, row.due_at) for name, row in running(taken_over).items()}
    handling.dispatch_complaint(
        case=Case.objects.get(pk=taken_over.pk),
        by=cast.supervisor,
        at=later(2),
        department=cast.department("engineering"),
        handler=cast.engineer,
        tracker=cast.area_admin,
    )
    after = {name: (row.pk, row.due_at) for name, row in running(taken_over).items()}
    assert {name: after[name] for name in after if name in before} == {
        name: before[name] for name in before if name in after
    }
    assert "plan" in after


def test_our_own_matters_count_from_when_they_were_received(cast: Cast) -> None:
    case = classified(cast)
    assert running(case)["contact"].starts_at == case.received_at == MONDAY_NINE


def in_working_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the regulation count the plan in working days."""
    usual = clocks.figures_under

    def figures_under(**given: Any) -> Figures:
        figures = usual(**given)

        def ask(path: str) -> Figure | None:
            found = figures(path)
            if path == "C-35.plan_within" and found is not None:
                return replace(found, value=3, unit="working_days")
            return found

        return ask

    monkeypatch.setattr(clocks, "figures_under", figures_under)


def test_a_promise_that_followed_its_calendar_is_not_made_anew_by_the_next_step(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_working_days(monkeypatch)
    case = classified(cast)
    before = running(case)["plan"]
    calendar = Calendar.objects.get(site=cast.site, code="office")
    change_day(
        calendar=calendar,
        date=MONDAY_NINE.date() + timedelta(days=1),
        windows=(),
        kind="holiday",
        name="停电",
        by=cast.head,
        at=later(0.4),
    )
    moved = running(case)["plan"]
    assert moved.due_at == before.due_at + timedelta(days=1)
    handling.dispatch_complaint(
        case=Case.objects.get(pk=case.pk),
        by=cast.supervisor,
        at=later(0.5),
        department=cast.department("engineering"),
        handler=cast.engineer,
        tracker=cast.area_admin,
    )
    after = running(case)["plan"]
    assert (after.pk, after.due_at) == (before.pk, moved.due_at)
