"""Posts from the regulation, turns with everything that speaks against them, publishing, and two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import connections
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.turns import MARCH, first_turn, make_month, make_posts, put

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.rosters import services, setup
from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.kernel.rosters.queries import is_on_duty, on_duty, slots_of

NOW = MONDAY_NINE
TENTH = date(2025, 3, 10)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def events_of(kind: str) -> int:
    return Event.objects.filter(kind=f"rosters.{kind}").count()


@pytest.mark.rule("D-03", "D-04")
def test_around_the_clock_the_desk_has_three_shifts_and_the_night_a_repairer(cast: Cast) -> None:
    posts = setup.create_default_posts(site=cast.site, at=NOW, by=cast.supervisor)
    assert [one.code for one in posts] == ["desk", "night_repair"]
    assert [f"{one.code} {one.starts:%H:%M}-{one.ends:%H:%M}" for one in Shift.objects.order_by("pk")] == [
        "A 07:30-15:30", "P 15:30-23:30", "N 23:30-07:30", "R 20:00-07:30",
    ]  # fmt: skip
    assert posts[1].roles == ["WORKER"]
    assert events_of("hours_adopted") == 1
    assert setup.create_default_posts(site=cast.site, at=NOW) == []


@pytest.mark.rule("D-02")
def test_the_other_regulation_has_two_shifts_until_eight(cast: Cast) -> None:
    adopt_preset(site=cast.site, preset="D/003-5", active_from=NOW, reason="试行", by=cast.head, at=NOW)
    cast.site.refresh_from_db()
    setup.create_default_posts(site=cast.site, at=NOW)
    desk = Shift.objects.filter(post__code="desk")
    assert [(one.code, one.starts, one.ends) for one in desk] == [
        ("A", time(7, 30), time(13, 45)), ("P", time(13, 45), time(20, 0)),
    ]  # fmt: skip


@pytest.mark.rule("D-02")
def test_posts_and_shifts_are_changed_with_one_event_each(cast: Cast) -> None:
    shifts = make_posts(cast)
    post = setup.add_post(
        site=cast.site, code="gate", name="岗亭", name_en="Gate", roles=[], is_key=False, by=cast.head, at=NOW
    )
    with pytest.raises(Refused):
        setup.add_post(
            site=cast.site,
            code="gate",
            name="又一个",
            name_en="",
            roles=[],
            is_key=False,
            by=cast.head,
            at=NOW,
        )
    values = {
        "name": "日班",
        "name_en": "Day",
        "starts": time(8),
        "ends": time(17),
        "needs": 2,
        "weekdays": [0, 1],
    }
    added = setup.add_shift(post=post, code="G", by=cast.head, at=NOW, **values)
    with pytest.raises(Refused) as refused:
        setup.add_shift(post=post, code="A", by=cast.head, at=NOW, **values)
    assert refused.value.field == "code"
    setup.change_shift(shift=added, active=True, by=cast.head, at=NOW, **{**values, "needs": 3})
    with pytest.raises(Refused):
        setup.change_shift(shift=added, active=True, by=cast.head, at=NOW, **{**values, "needs": 3})
    changed = {"name": "大门", "name_en": "", "roles": ["LOBBY"], "is_key": True, "active": False}
    setup.change_post(post=post, by=cast.head, at=NOW, **changed)
    with pytest.raises(Refused):
        setup.change_post(post=post, by=cast.head, at=NOW, **changed)
    assert [events_of(kind) for kind in ("post_added", "shift_added", "shift_changed", "post_changed")] == [
        1
    ] * 4
    assert not DutyPost.objects.get(code="gate").active
    put(cast, shifts["A"], TENTH, "front")
    early = {
        "name": "早班",
        "name_en": "",
        "starts": time(8),
        "ends": time(16),
        "needs": 1,
        "weekdays": range(7),
    }
    with pytest.raises(Refused):
        setup.change_shift(shift=shifts["A"], active=True, by=cast.head, at=NOW, **early)


@pytest.mark.rule("D-01", "D-04")
def test_what_speaks_against_a_turn_is_said(cast: Cast) -> None:
    shifts = make_posts(cast, night=True)
    put(cast, shifts["A"], TENTH, "front")

    def code(shift: str, day: date, who: str) -> str:
        with pytest.raises(Refused) as refused:
            put(cast, shifts[shift], day, who)
        return refused.value.code

    assert code("A", TENTH, "front") == "double"
    assert code("R", TENTH, "front") == "role"
    assert code("A", TENTH, "general_manager") == "role"
    assert code("P", TENTH, "front") == "rest"  # begins when the other ends
    assert code("N", TENTH - timedelta(days=1), "front") == "rest"
    setup.change_shift(
        shift=shifts["P"], name="中班", name_en="", starts=time(15, 30), ends=time(23, 30), needs=1, weekdays=[0, 1, 2],
        active=True, by=cast.head, at=NOW,
    )  # fmt: skip
    shifts["P"].refresh_from_db()
    assert code("P", date(2025, 3, 13), "lobby") == "no_shift"
    for number in range(1, 6):
        put(cast, shifts["A"], TENTH + timedelta(days=number), "front")
    assert code("A", TENTH + timedelta(days=6), "front") == "row"
    assert code("A", TENTH - timedelta(days=1), "front") == "row"
    assert events_of("assigned") == 6


def test_somebody_of_another_site_has_no_post_here(cast: Cast) -> None:
    shifts = make_posts(cast)
    other = make_cast(code="other")
    with pytest.raises(Refused) as refused:
        services.assign(
            site=cast.site, shift=shifts["A"], day=TENTH, staff=other.front, by=cast.supervisor, at=NOW
        )
    assert refused.value.code == "not_here"


@pytest.mark.rule("D-01")
def test_a_turn_is_taken_back_and_stays_on_record(cast: Cast) -> None:
    shifts = make_posts(cast)
    turn = put(cast, shifts["A"], TENTH, "front")
    services.fix(site=cast.site, turn=turn, fixed=False, by=cast.supervisor, at=NOW)
    with pytest.raises(Refused):
        services.fix(site=cast.site, turn=turn, fixed=False, by=cast.supervisor, at=NOW)
    services.fix(site=cast.site, turn=turn, fixed=True, by=cast.supervisor, at=NOW)
    services.take_back(site=cast.site, turn=turn, by=cast.supervisor, at=NOW)
    kept = Assignment.objects.get(pk=turn.pk)
    assert (kept.active, kept.ended_at) == (False, NOW)
    with pytest.raises(Conflict):
        services.take_back(site=cast.site, turn=turn, by=cast.supervisor, at=NOW)
    assert [events_of(kind) for kind in ("assigned", "fixed", "loosened", "taken_back")] == [1] * 4


@pytest.mark.rule("D-01", "D-04")
def test_a_month_with_a_gap_is_not_published(cast: Cast) -> None:
    roster = make_month(cast, published=False)
    turn = first_turn(cast, "front")
    services.take_back(site=cast.site, turn=turn, by=cast.supervisor, at=NOW)
    with pytest.raises(Refused) as refused:
        services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW)
    assert (refused.value.code, refused.value.rule) == ("short", "D-04")
    assert f"{turn.day:%m-%d}" in str(refused.value)
    put(cast, turn.shift, turn.day, "front")
    with pytest.raises(Conflict):
        services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW, seen=roster.version)
    services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW)
    with pytest.raises(Refused):
        services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW)
    assert events_of("published") == 1
    assert Message.objects.filter(to_staff__in=[cast.front.pk, cast.lobby.pk]).count() == 2


@pytest.mark.rule("D-04")
def test_hours_that_no_shift_covers_are_found_too(cast: Cast) -> None:
    make_month(cast, published=False)
    # the late shift becomes shorter: every shift has its people, and still nobody is there for an hour
    Shift.objects.filter(code="P").update(ends=time(22, 30))
    for turn in Assignment.objects.filter(shift__code="P"):
        Assignment.objects.filter(pk=turn.pk).update(ends_at=turn.ends_at - timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW)
    assert refused.value.code == "unmanned"
    assert "22:30" in str(refused.value)


@pytest.mark.rule("D-02", "D-04")
def test_where_duty_ends_at_eight_the_night_may_be_empty(cast: Cast) -> None:
    adopt_preset(site=cast.site, preset="D/003-5", active_from=NOW, reason="试行", by=cast.head, at=NOW)
    cast.site.refresh_from_db()
    make_posts(cast)
    first = slots_of(site=cast.site, first=TENTH, last=TENTH, drafts=True)
    empty = services.unmanned(site=cast.site, slots=first, at=NOW)
    assert [(f"{one[0]:%H:%M}", f"{one[1]:%H:%M}") for one in empty] == [("07:30", "20:00")]
    assert services.unmanned(site=cast.site, slots=[], at=NOW) == []


def test_a_site_without_shifts_has_nothing_to_publish(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        services.publish(site=cast.site, month=MARCH, by=cast.supervisor, at=NOW)
    assert refused.value.code == "no_shifts"


@pytest.mark.rule("D-01")
def test_a_published_turn_is_taken_back_with_a_reason_and_told(cast: Cast) -> None:
    make_month(cast)
    turn = first_turn(cast, "front")
    before = Message.objects.filter(to_staff=cast.front).count()
    with pytest.raises(Refused) as refused:
        services.take_back(site=cast.site, turn=turn, by=cast.supervisor, at=NOW)
    assert refused.value.field == "reason"
    services.take_back(site=cast.site, turn=turn, by=cast.supervisor, at=NOW, reason="培训")
    assert Message.objects.filter(to_staff=cast.front).count() == before + 1
    with pytest.raises(Refused) as late:
        services.fill(site=cast.site, month=MARCH, wanted=[], by=cast.supervisor, at=NOW, source="x")
    assert late.value.code == "published"


def test_who_is_on_duty_now_is_asked_of_the_published_plan(cast: Cast) -> None:
    make_month(cast)
    at = NOW + timedelta(days=1)
    present = on_duty(site=cast.site, at=at)
    assert [one.shift.code for one in present] == ["A"]
    assert is_on_duty(site=cast.site, staff=present[0].staff, at=at)
    Roster.objects.update(state="draft", published_at=None, published_by=None)
    assert on_duty(site=cast.site, at=at) == []


@pytest.mark.rule("D-04")
def test_two_supervisors_cannot_put_one_person_down_twice(committed_db: None) -> None:
    cast = make_cast()
    shifts = make_posts(cast)
    post = setup.add_post(
        site=cast.site, code="gate", name="岗亭", name_en="", roles=[], is_key=False, by=cast.head, at=NOW
    )
    gate = setup.add_shift(
        post=post, code="G", name="日班", name_en="", starts=time(8), ends=time(17), needs=1, weekdays=range(7),
        by=cast.head, at=NOW,
    )  # fmt: skip
    together = Barrier(2, timeout=60)

    def one(pair: tuple[Shift, str]) -> bool:
        shift, who = pair
        try:
            together.wait()
            services.assign(
                site=cast.site, shift=shift, day=TENTH, staff=cast.front, by=cast.staff[who], at=NOW
            )
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(pool.map(one, [(shifts["A"], "supervisor"), (gate, "head")])) == [False, True]
    assert Assignment.objects.filter(staff=cast.front, active=True).count() == 1
