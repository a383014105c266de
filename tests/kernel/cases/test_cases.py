"""Numbers without gaps, steps one at a time, and nobody sees what is not his to see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import SHANGHAI, Cast, make_cast
from tests.processes.story import later, registered, working

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.keys import ALPHABET, LENGTH, new_key
from yingsheng.kernel.cases.models import Case, NumberSeries
from yingsheng.kernel.cases.queries import apply_view, find_case, next_steps, visible_cases
from yingsheng.kernel.cases.services import change_case, check_version, lock_case, take_number
from yingsheng.kernel.timers.models import Obligation

NIGHT = datetime(2025, 3, 3, 23, 59, 59, tzinfo=SHANGHAI)


def number(cast: Cast, at: datetime, prefix: str = "TS") -> str:
    return take_number(site=cast.site, prefix=prefix, at=at)


def test_numbers_count_by_day_prefix_and_site(cast: Cast) -> None:
    other = make_cast(code="other")
    assert [number(cast, NIGHT), number(cast, NIGHT)] == ["TS-20250303-0001", "TS-20250303-0002"]
    assert number(cast, NIGHT + timedelta(seconds=1)) == "TS-20250304-0001"
    assert number(cast, NIGHT, prefix="ZX") == "ZX-20250303-0001"
    assert number(other, NIGHT) == "TS-20250303-0001"


def test_a_failed_registration_gives_its_number_back(cast: Cast) -> None:
    with transaction.atomic():
        assert number(cast, NIGHT) == "TS-20250303-0001"
        transaction.set_rollback(True)
    assert number(cast, NIGHT) == "TS-20250303-0001"


def test_eight_at_once_draw_eighty_numbers_without_gap_or_double(committed_db: None) -> None:
    cast = make_cast()

    def draw(_number: int) -> list[str]:
        try:
            drawn = []
            for _ in range(10):
                with transaction.atomic():
                    drawn.append(number(cast, NIGHT))
            return drawn
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        numbers = [one for drawn in pool.map(draw, range(8)) for one in drawn]
    assert sorted(numbers) == [f"TS-20250303-{serial:04d}" for serial in range(1, 81)]
    assert NumberSeries.objects.get(period="20250303").last == 80


def test_a_front_desk_sees_the_site_and_a_handler_his_own_and_his_department(cast: Cast) -> None:
    mine = working(cast)
    elsewhere = registered(cast, home=1)
    departments = registered(cast, home=2)
    Case.objects.filter(pk=departments.pk).update(department=cast.department("engineering"))
    assert set(visible_cases(actor=cast.actor("front"))) == {mine, elsewhere, departments}
    assert set(visible_cases(actor=cast.actor("engineer"))) == {mine, departments}
    Case.objects.filter(pk=elsewhere.pk).update(handler=cast.engineer)
    assert elsewhere in visible_cases(actor=cast.actor("engineer"))


def test_nobody_sees_another_site(cast: Cast) -> None:
    other = make_cast(code="other", homes=1)
    theirs = registered(other)
    for name in ("front", "supervisor", "head", "general_manager"):
        assert theirs not in visible_cases(actor=cast.actor(name))
        assert find_case(actor=cast.actor(name), key=theirs.key) is None


def test_a_sealed_case_is_seen_by_its_handler_and_those_entrusted(cast: Cast) -> None:
    case = working(cast)
    Case.objects.filter(pk=case.pk).update(confidentiality=Case.Confidentiality.SEALED)
    seen = {name: case in visible_cases(actor=cast.actor(name)) for name in cast.staff}
    assert seen["engineer"] and seen["general_manager"]
    assert not seen["lobby"]
    for name in cast.staff:
        actor = cast.actor(name)
        if name != "engineer":
            assert seen[name] == (
                actor.may("cases.see_sealed")
                and (actor.may("cases.see_site") or case.department_id in actor.department_ids)
            ), name


def test_the_saved_views_divide_what_is_open(cast: Cast) -> None:
    mine, free, late = working(cast), registered(cast, home=1), registered(cast, home=2, at=later(-30))
    Case.objects.filter(pk=late.pk).update(next_due_at=later(-20))
    actor, now = cast.actor("engineer", later(1)), later(1)
    rows = Case.objects.filter(site=cast.site)

    def view(code: str) -> set[Case]:
        return set(apply_view(rows=rows, view=code, actor=actor, now=now))

    assert view("open") == {mine, free, late}
    assert view("mine") == {mine}
    assert view("department") == {mine}
    assert view("unclaimed") == {free, late}
    assert view("overdue") == {late}
    assert view("closed") == set()
    assert view("no such view") == {mine, free, late}


def test_an_illegal_step_is_refused_in_words_and_changes_nothing(cast: Cast) -> None:
    case = registered(cast)
    with pytest.raises(Refused) as refused, transaction.atomic():
        change_case(case=case, step="close", to_state="closed", at=later(1))
    assert refused.value.code == "illegal_step"
    assert refused.value.params.keys() == {"state", "step"}
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("registered", None)


def test_a_step_cannot_lead_where_it_was_not_declared_to(cast: Cast) -> None:
    with pytest.raises(ValueError, match="does not lead to"):
        change_case(case=registered(cast), step="classify", to_state="closed", at=later(1))


def test_two_at_once_one_is_told(cast: Cast) -> None:
    case = registered(cast)
    mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    change_case(case=mine, step="classify", to_state="classified", at=later(1))
    with pytest.raises(Conflict) as refused, transaction.atomic():
        change_case(case=theirs, step="classify", to_state="classified", at=later(1))
    assert refused.value.code == "stale"
    assert Case.objects.get(pk=case.pk).version == case.version + 1


def test_a_page_that_was_open_too_long_is_told(cast: Cast) -> None:
    case = registered(cast)
    check_version(case=case, seen=None)
    check_version(case=case, seen=case.version)
    with pytest.raises(Conflict):
        check_version(case=case, seen=case.version - 1)


def test_a_final_state_closes_the_case_once(cast: Cast) -> None:
    case = registered(cast)
    change_case(case=case, step="classify", to_state="converted", at=later(1))
    case.refresh_from_db()
    assert case.closed_at == later(1)


def test_a_locked_case_is_read_afresh(cast: Cast) -> None:
    case = registered(cast)
    Case.objects.filter(pk=case.pk).update(title="改过的事由")
    with transaction.atomic():
        assert lock_case(case=case).title == "改过的事由"


def test_next_due_follows_the_earliest_running_promise(cast: Cast) -> None:
    case = working(cast)
    case.refresh_from_db()
    running = Obligation.objects.filter(subject_type="cases.case", subject_id=case.pk, state="armed")
    assert case.next_due_at == min(row.due_at for row in running)


def test_offered_steps_are_legal_and_permitted(cast: Cast) -> None:
    case = registered(cast)
    subject = Case.objects.select_related("complaint").get(pk=case.pk)
    for name in ("front", "supervisor", "lobby"):
        actor = cast.actor(name)
        for offered in next_steps(case=case, subject=subject.complaint, actor=actor):
            assert case.state in offered.step.sources
            assert actor.may(offered.step.permission)
            assert bool(offered.why) == bool(offered.rule)


@given(st.integers(min_value=1, max_value=50))
def test_keys_are_short_random_and_easy_to_read_aloud(count: int) -> None:
    keys = {new_key() for _ in range(count)}
    assert len(keys) == count
    assert all(len(key) == LENGTH and set(key) <= set(ALPHABET) for key in keys)
    assert not set("01ilo") & set(ALPHABET)
