"""What other processes say and what follows: repairs by their scale, services midway and after their end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import done_words, rates_by_matter
from yingsheng.processes.followups.reactions import OF_OTHERS
from yingsheng.processes.followups.services import record_visit
from yingsheng.processes.services.services import running
from yingsheng.processes.services.services.intake import register_service


def case_of(cast: Cast, process: str, *, handled_at: datetime | None = NINE, home: bool = True) -> Case:
    return Case.objects.create(
        site=cast.site, number=f"X-{Case.objects.count()}", process=process, state="open", title="换水龙头",
        channel="phone",
        received_at=NINE, handled_at=handled_at, household=cast.homes[0] if home else None,
        room=cast.homes[0].room if home else None, caller_name="钱女士",
    )  # fmt: skip


def hear(case: Case, kind: str, at: datetime = NINE, **data: Any) -> None:
    event = Event(site=case.site, kind=kind, subject_id=case.pk, data=data, at=at)
    for reaction in OF_OTHERS:
        if reaction.on == kind:
            reaction.run(event)


def due_of(follow_up: FollowUp) -> str:
    return follow_up.due_at.astimezone(SHANGHAI).strftime("%m-%d")


@pytest.mark.rule("F-02", "F-03")
@pytest.mark.parametrize(("scale", "rule", "due"), [("minor", "F-02", "03-06"), ("project", "F-03", "04-03")])
def test_a_repair_is_visited_by_its_scale(cast: Cast, scale: str, rule: str, due: str):
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale=scale, internal=False)
    follow_up = FollowUp.objects.get(case=case)
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert (promise.rule, promise.responsible_role, due_of(follow_up)) == (rule, "AREA_ADMIN", due)
    assert rates_by_matter(site=cast.site, start=later(-1), end=later(1))["repairs"].target == 100


@pytest.mark.rule("F-08", "F-02")
def test_a_repair_is_visited_by_one_and_by_the_area_administrator(cast: Cast):
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    follow_up = FollowUp.objects.get(case=case)
    fields: dict[str, Any] = {
        "follow_up": follow_up, "at": later(2), "mode": "visit", "quality": 4, "effect": 4, "satisfaction": 4,
        "satisfied": True, "signed_by": "钱女士",
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        record_visit(**fields, by=cast.front, visitors=[cast.front])
    assert refused.value.rule == "F-08"
    assert record_visit(**fields, by=cast.area_admin, visitors=[cast.area_admin]).state == "satisfied"


@pytest.mark.rule("F-20")
def test_whoever_visits_a_repair_reads_what_was_done(cast: Cast):
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    follow_up = FollowUp.objects.get(case=case)
    assert done_words(follow_up=follow_up) == ""
    for number, result in enumerate(("换了阀芯", "又换了软管，不漏了", "")):
        WorkOrder.objects.create(
            site=cast.site, number=f"PG-{number}", case=case, trade="water", task="修水", issued_at=NINE,
            issued_by=cast.front, result=result,
        )  # fmt: skip
    assert done_words(follow_up=follow_up) == "又换了软管，不漏了"


@pytest.mark.rule("F-02", "F-11")
def test_work_done_again_cancels_the_visit_and_its_end_owes_the_next(cast: Cast):
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    hear(case, "repairs.redone", at=later(1))
    assert FollowUp.objects.get(case=case).state == "void"
    hear(case, "repairs.completed", at=later(2), scale="minor")
    rounds = FollowUp.objects.filter(case=case).order_by("round").values_list("round", "state")
    assert list(rounds) == [(1, "void"), (2, "due")]
    assert rates_by_matter(site=cast.site, start=later(-1), end=later(1))["repairs"].base == 1


@pytest.mark.example("T-F13")
@pytest.mark.rule("F-16")
@pytest.mark.parametrize("internal", [False, True])
def test_example_f13_a_repair_of_monday_in_a_mall_is_called_on_tuesday_and_an_internal_one_is_exempt(
    cast: Cast, internal: bool
):
    adopt_preset(site=cast.site, preset="F/003-9", active_from=NINE, reason="商场", by=cast.head, at=NINE)
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor", internal=internal)
    follow_up = FollowUp.objects.get(case=case)
    base = rates_by_matter(site=cast.site, start=later(-1), end=later(1))
    if internal:
        assert follow_up.state == "void" and follow_up.exempt_reason
        assert base == {}
        assert Event.objects.filter(kind="followups.exempted").count() == 1
    else:
        promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
        assert (promise.rule, promise.responsible_role, due_of(follow_up)) == ("F-16", "DUTY", "03-04")
        assert base["repairs"].base == 1


@pytest.mark.rule("F-17", "F-18", "R-10")
def test_where_repairs_are_revisited_regularly_the_clerk_goes_once_more_within_the_round(cast: Cast):
    adopt_preset(site=cast.site, preset="F/004-3", active_from=NINE, reason="日常", by=cast.head, at=NINE)
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    daily, regular = FollowUp.objects.filter(case=case).order_by("pk")
    assert (daily.part, due_of(daily)) == ("", "03-04")
    assert (regular.part, due_of(regular)) == ("periodic", "03-10")
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=regular.pk)
    assert (promise.rule, promise.responsible_role) == ("F-17", "CS_ASSIST")
    fields: dict[str, Any] = {
        "follow_up": regular, "at": later(2), "mode": "phone", "quality": 4, "effect": 4, "satisfaction": 4,
        "satisfied": True,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        record_visit(**fields, by=cast.front, visitors=[cast.front])
    assert refused.value.rule == "R-10"
    assert record_visit(**fields, by=cast.assistant, visitors=[cast.assistant]).state == "satisfied"


@pytest.mark.rule("F-17")
def test_where_no_round_is_laid_down_a_repair_owes_one_visit(cast: Cast):
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    assert FollowUp.objects.filter(case=case).count() == 1
    unfinished = case_of(cast, "repairs", handled_at=None)
    hear(unfinished, "repairs.completed", scale="minor")
    assert not FollowUp.objects.filter(case=unfinished).exists()


@pytest.mark.example("T-F04")
@pytest.mark.rule("F-04", "F-07")
def test_example_f04_a_service_is_visited_midway_and_after_its_end(cast: Cast):
    case = register_service(
        site=cast.site, caller=cast.caller(), by=cast.front, at=NINE, item="家政保洁", channel="phone",
        first_date=date(2025, 3, 1), last_date=date(2025, 3, 31), fee_fen=0,
    )  # fmt: skip
    running.dispatch(case=case, by=cast.front, at=later(1), trade="cleaning", outside="洁家公司")
    running.begin(case=case, by=cast.front, at=later(2))
    midway = FollowUp.objects.get(case=case)
    assert (midway.part, midway.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")) == (
        "mid",
        "03-16 23:59:59",
    )
    assert (
        Obligation.objects.get(subject_type="followups.followup", subject_id=midway.pk).first_due_at
        == midway.due_at
    )
    ended = datetime(2025, 3, 31, 17, tzinfo=SHANGHAI)
    running.finish(case=case, actor=cast.actor("front"), at=ended, result="做完")
    end = FollowUp.objects.get(case=case, part="end")
    assert due_of(end) == "04-03"
    rate = rates_by_matter(site=cast.site, start=later(-72), end=later(24 * 40))["services"]
    assert (rate.base, rate.target) == (2, 100)  # both count (KPI-05)


@pytest.mark.rule("F-04")
def test_a_service_of_one_day_has_no_middle(cast: Cast):
    case = case_of(cast, "elsewhere", handled_at=None)
    hear(case, "services.started", **{"from": "2025-03-03", "to": "2025-03-03"})
    hear(case, "services.finished")
    assert not FollowUp.objects.filter(case=case).exists()


@pytest.mark.rule("F-16", "R-13", "R-14", "F-17", "R-10")
@pytest.mark.parametrize(
    ("preset", "path", "part", "rule"),
    [("F/003-9", "R-13.follow_up_within", "", "R-13"), ("F/004-3", "R-10.every", "periodic", "R-10")],
)
def test_of_a_repair_the_shorter_of_two_figures_counts(
    cast: Cast, preset: str, path: str, part: str, rule: str
):
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)
    override_parameter(
        site=cast.site, path=path, value=0, active_from=NINE, reason="当天", by=cast.head, at=NINE
    )
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor")
    follow_up = FollowUp.objects.get(case=case, part=part)
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert (promise.rule, due_of(follow_up)) == (rule, "03-03")


@pytest.mark.rule("R-14", "F-16")
def test_where_internal_repairs_are_not_exempt_they_are_visited_too(cast: Cast):
    adopt_preset(site=cast.site, preset="F/003-9", active_from=NINE, reason="商场", by=cast.head, at=NINE)
    override_parameter(
        site=cast.site,
        path="R-14.internal_exempt",
        value=False,
        active_from=NINE,
        reason="都访",
        by=cast.head,
        at=NINE,
    )
    case = case_of(cast, "repairs")
    hear(case, "repairs.completed", scale="minor", internal=True)
    assert FollowUp.objects.get(case=case).state == "due"
