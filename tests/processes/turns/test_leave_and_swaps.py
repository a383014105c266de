"""Leave with a substitute, swaps with a colleague's and the supervisor's word, wishes, calls after hours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.turns import first_turn, make_leave, make_month, make_swap

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.rosters.models import Assignment
from yingsheng.kernel.rosters.queries import slots_of
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.turns import queries
from yingsheng.processes.turns.models import Cover, Leave, Swap
from yingsheng.processes.turns.services import leaves, swaps, wishes

NOW = MONDAY_NINE
HOUR = timedelta(hours=1)
MARCH = date(2025, 3, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    found = make_cast()
    make_month(found)
    return found


def told(kind: str) -> int:
    return Event.objects.filter(kind=f"turns.{kind}").count()


def state_of(row: Leave | Swap, milestone: str) -> str:
    return Obligation.objects.get(
        subject_type=row._meta.label_lower, subject_id=row.pk, milestone=milestone
    ).state


def free_for(cast: Cast, turn: Assignment) -> str:
    """Somebody of the desk who has nothing around a turn."""
    for who in ("front", "assistant", "area_admin", "lobby"):
        staff = cast.staff[who]
        near = Assignment.objects.filter(
            staff=staff, active=True, starts_at__lt=turn.ends_at, ends_at__gt=turn.starts_at
        )
        if staff.pk != turn.staff_id and not near.exists():
            return who
    raise AssertionError("nobody is free")


@pytest.mark.rule("D-11")
def test_leave_is_asked_approved_and_somebody_stands_in(cast: Cast) -> None:
    turn = first_turn(cast, "front")
    row = make_leave(cast)
    assert state_of(row, "decide_leave") == "armed"
    assert Message.objects.filter(to_staff=cast.supervisor).count() == 1
    who = free_for(cast, turn)
    leaves.approve_leave(
        actor=cast.actor("supervisor"), record=row, at=NOW + HOUR, substitute=cast.staff[who]
    )
    assert state_of(row, "decide_leave") == "met"
    turn.refresh_from_db()
    assert not turn.active
    made = Assignment.objects.get(covers=turn, active=True)
    assert (made.staff.pk, made.origin, made.starts_at) == (cast.staff[who].pk, "substitute", turn.starts_at)
    assert not any(slot.is_short for slot in slots_of(site=cast.site, first=turn.day, last=turn.day))
    assert Leave.objects.get(pk=row.pk).open_turns == 0
    assert (told("leave_asked"), told("leave_approved")) == (1, 1)
    lines = {one.staff.pk: one for one in queries.month_lines(site=cast.site, month=MARCH, at=NOW)}
    assert lines[cast.front.pk].leave_days == 1
    assert lines[cast.front.pk].deducted_fen == 4000
    assert lines[cast.staff[who].pk].tally.stood_in == 1


@pytest.mark.rule("D-11")
def test_what_nobody_stands_in_for_is_owed_until_the_turn_begins(cast: Cast) -> None:
    turn = first_turn(cast, "front")
    row = make_leave(cast)
    row = leaves.approve_leave(actor=cast.actor("supervisor"), record=row, at=NOW)
    assert row.open_turns == 1
    owed = Obligation.objects.get(subject_id=row.pk, subject_type="turns.leave", milestone="name_substitute")
    assert owed.due_at == min(turn.starts_at, NOW + 24 * HOUR)
    assert any(slot.is_short for slot in slots_of(site=cast.site, first=turn.day, last=turn.day))
    with pytest.raises(Refused):  # nobody stands in for himself
        leaves.name_substitute(actor=cast.actor("supervisor"), record=row, at=NOW, substitute=cast.front)
    with pytest.raises(Refused) as other_day:
        leaves.name_substitute(
            actor=cast.actor("supervisor"), record=row, at=NOW, substitute=cast.lobby,
            day=turn.day + timedelta(days=9),
        )  # fmt: skip
    assert other_day.value.code == "none"
    who = free_for(cast, turn)
    row = leaves.name_substitute(
        actor=cast.actor("supervisor"), record=row, at=NOW + HOUR, substitute=cast.staff[who], day=turn.day
    )
    assert row.open_turns == 0
    assert state_of(row, "name_substitute") == "met"
    assert told("substitute_named") == 1


@pytest.mark.rule("D-11")
def test_a_substitute_who_cannot_be_there_is_refused(cast: Cast) -> None:
    turn = first_turn(cast, "front")
    row = make_leave(cast)
    with pytest.raises(Refused) as role:
        leaves.approve_leave(actor=cast.actor("supervisor"), record=row, at=NOW, substitute=cast.engineer)
    assert role.value.field == "substitute"
    who = free_for(cast, turn)
    away = make_leave(cast, who, starts_at=turn.starts_at, ends_at=turn.ends_at)
    leaves.approve_leave(actor=cast.actor("supervisor"), record=away, at=NOW)
    with pytest.raises(Refused) as absent:
        leaves.approve_leave(actor=cast.actor("supervisor"), record=row, at=NOW, substitute=cast.staff[who])
    assert absent.value.code == "away"
    turn.refresh_from_db()
    assert turn.active  # a refusal leaves the roster as it was


@pytest.mark.rule("D-28")
@pytest.mark.parametrize(("hours", "days"), [(4, 0), (4.5, 1)])
def test_a_part_of_a_turn_is_taken_over_and_counts_only_beyond_four_hours(
    cast: Cast, hours: float, days: int
) -> None:
    turn = first_turn(cast, "front")
    row = make_leave(cast, kind="cover", ends_at=turn.starts_at + hours * HOUR)
    who = free_for(cast, turn)
    leaves.approve_leave(actor=cast.actor("supervisor"), record=row, at=NOW, substitute=cast.staff[who])
    own = Assignment.objects.get(staff=cast.front, shift=turn.shift, day=turn.day, active=True)
    assert (own.starts_at, own.ends_at) == (turn.starts_at + hours * HOUR, turn.ends_at)
    assert Cover.objects.get(leave=row).ends_at == turn.starts_at + hours * HOUR
    lines = {one.staff.pk: one for one in queries.month_lines(site=cast.site, month=MARCH, at=NOW)}
    assert lines[cast.front.pk].leave_days == days
    assert not any(slot.is_short for slot in slots_of(site=cast.site, first=turn.day, last=turn.day))


@pytest.mark.rule("D-28")
def test_where_the_appraisal_names_no_sum_none_is_shown(cast: Cast) -> None:
    adopt_preset(site=cast.site, preset="H/003-10", active_from=NOW, reason="试行", by=cast.head, at=NOW)
    cast.site.refresh_from_db()
    row = make_leave(cast)
    leaves.approve_leave(actor=cast.actor("supervisor"), record=row, at=NOW)
    lines = queries.month_lines(site=cast.site, month=MARCH, at=NOW, only=cast.front)
    assert [(one.leave_days, one.deducted_fen) for one in lines] == [(1, None)]


@pytest.mark.rule("D-11")
def test_who_decides_and_who_may_withdraw(cast: Cast) -> None:
    row = make_leave(cast)
    with pytest.raises(Forbidden):
        leaves.refuse_leave(actor=cast.actor("lobby"), record=row, at=NOW, decision="不")
    with pytest.raises(Refused):
        leaves.withdraw_leave(actor=cast.actor("lobby"), record=row, at=NOW)
    with pytest.raises(Conflict):
        leaves.withdraw_leave(actor=cast.actor("front"), record=row, at=NOW, seen=row.version + 1)
    leaves.withdraw_leave(actor=cast.actor("front"), record=row, at=NOW)
    assert state_of(row, "decide_leave") == "void"
    with pytest.raises(Refused):
        leaves.refuse_leave(actor=cast.actor("supervisor"), record=row, at=NOW, decision="不")
    again = make_leave(cast)
    leaves.refuse_leave(actor=cast.actor("supervisor"), record=again, at=NOW, decision="人手不够")
    own = leaves.ask_leave(
        actor=cast.actor("supervisor"), at=NOW, kind="annual", starts_at=NOW + HOUR, ends_at=NOW + 9 * HOUR,
        reason="年假",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        leaves.approve_leave(actor=cast.actor("supervisor"), record=own, at=NOW)
    assert refused.value.code == "own"
    leaves.approve_leave(actor=cast.actor("head"), record=own, at=NOW)
    assert (told("leave_withdrawn"), told("leave_refused")) == (1, 1)


@pytest.mark.rule("D-11", "D-28")
def test_a_request_that_makes_no_sense_is_refused(cast: Cast) -> None:
    turn = first_turn(cast, "front")
    for ends in (turn.starts_at, turn.starts_at + timedelta(days=200)):
        with pytest.raises(Refused) as refused:
            make_leave(cast, ends_at=ends)
        assert refused.value.field == "ends_at"
    make_leave(cast)
    with pytest.raises(Refused):
        make_leave(cast)


@pytest.mark.rule("D-11")
def test_a_swap_needs_both_words_and_then_the_turns_change_hands(cast: Cast) -> None:
    mine = first_turn(cast, "front")
    # nobody is free of the roster twice a day, so the colleague is one with a free day then
    who = free_for(cast, mine)
    row = make_swap(cast, "front", who)
    with pytest.raises(Refused):
        swaps.approve_swap(actor=cast.actor("supervisor"), record=row, at=NOW)
    with pytest.raises(Refused) as refused:
        swaps.agree_swap(actor=cast.actor("front"), record=row, at=NOW)
    assert refused.value.code == "not_his"
    row = swaps.agree_swap(actor=cast.actor(who), record=row, at=NOW)
    assert state_of(row, "decide_swap") == "armed"
    assert first_turn(cast, "front").pk == mine.pk  # nothing changed yet
    Assignment.objects.filter(staff=cast.staff[who]).update(active=False, ended_at=NOW)
    swaps.approve_swap(actor=cast.actor("supervisor"), record=row, at=NOW)
    assert Assignment.objects.get(covers=mine, active=True).staff.pk == cast.staff[who].pk
    assert state_of(row, "decide_swap") == "met"
    assert (told("swap_asked"), told("swap_agreed"), told("swap_approved")) == (1, 1, 1)


@pytest.mark.rule("D-11")
def test_two_turns_of_one_kind_change_hands(cast: Cast) -> None:
    # the pattern is early, late, night, free: a week apart both are in the same place of it
    Assignment.objects.exclude(staff__in=[cast.front.pk, cast.lobby.pk]).update(active=False, ended_at=NOW)
    turns = {}
    for who in ("front", "lobby"):
        rows = Assignment.objects.filter(
            staff=cast.staff[who], active=True, shift__code="A", starts_at__gt=NOW
        )
        turns[who] = rows.select_related("shift").order_by("starts_at")[0]
    others = Assignment.objects.filter(active=True).exclude(pk__in=[one.pk for one in turns.values()])
    others.update(active=False, ended_at=NOW)
    row = swaps.ask_swap(
        actor=cast.actor("front"), at=NOW, day=turns["front"].day, colleague=cast.lobby,
        other_day=turns["lobby"].day, reason="看病",
    )  # fmt: skip
    swaps.agree_swap(actor=cast.actor("lobby"), record=row, at=NOW)
    swaps.approve_swap(actor=cast.actor("supervisor"), record=row, at=NOW)
    held = {one.day: one.staff_id for one in Assignment.objects.filter(active=True)}
    assert held == {turns["front"].day: cast.lobby.pk, turns["lobby"].day: cast.front.pk}
    assert set(Assignment.objects.filter(active=True).values_list("origin", flat=True)) == {"swap"}


@pytest.mark.rule("D-11")
def test_swaps_that_cannot_be_are_refused_with_words(cast: Cast) -> None:
    turn = first_turn(cast, "front")
    actor = cast.actor("front")
    with pytest.raises(Refused) as self_swap:
        make_swap(cast, "front", "front")
    assert self_swap.value.field == "colleague"
    with pytest.raises(Refused) as begun:
        swaps.ask_swap(
            actor=actor,
            at=turn.starts_at,
            day=turn.day,
            colleague=cast.lobby,
            reason="x",
            shift=turn.shift.code,
        )
    assert begun.value.code == "begun"
    with pytest.raises(Refused) as nothing:
        swaps.ask_swap(actor=actor, at=NOW, day=date(2025, 6, 1), colleague=cast.lobby, reason="x")
    assert nothing.value.field == "day"
    row = make_swap(cast)
    with pytest.raises(Refused):
        make_swap(cast)
    swaps.decline_swap(actor=cast.actor("lobby"), record=row, at=NOW, decision="也有事")
    again = make_swap(cast)
    with pytest.raises(Refused):
        swaps.withdraw_swap(actor=cast.actor("lobby"), record=again, at=NOW)
    swaps.withdraw_swap(actor=actor, record=again, at=NOW)
    third = make_swap(cast)
    swaps.agree_swap(actor=cast.actor("lobby"), record=third, at=NOW)
    with pytest.raises(Refused) as late:
        swaps.approve_swap(actor=cast.actor("supervisor"), record=third, at=turn.starts_at)
    assert late.value.code == "begun"
    swaps.refuse_swap(actor=cast.actor("supervisor"), record=third, at=NOW, decision="人手不够")
    assert [told(kind) for kind in ("swap_declined", "swap_withdrawn", "swap_refused")] == [1, 1, 1]


def test_people_see_their_own_and_the_supervisor_everything(cast: Cast) -> None:
    leave, swap = make_leave(cast), make_swap(cast, "front", "lobby")
    assert queries.find_leave(actor=cast.actor("lobby"), pk=leave.pk) is None
    assert queries.find_leave(actor=cast.actor("front"), pk=leave.pk) is not None
    assert queries.find_swap(actor=cast.actor("lobby"), pk=swap.pk) is not None
    assert queries.find_swap(actor=cast.actor("assistant"), pk=swap.pk) is None
    assert list(queries.list_leaves(actor=cast.actor("supervisor"), text="急事")) == [leave]
    assert list(queries.list_swaps(actor=cast.actor("supervisor"), text="没有这样的")) == []


@pytest.mark.rule("D-01")
def test_a_wish_is_for_a_day_ahead_and_noted_once(cast: Cast) -> None:
    actor = cast.actor("front")
    with pytest.raises(Refused):
        wishes.make_wish(actor=actor, at=NOW, day=NOW.date())
    row = wishes.make_wish(actor=actor, at=NOW, day=date(2025, 4, 4), note_text="生日")
    with pytest.raises(Refused):
        wishes.make_wish(actor=actor, at=NOW, day=date(2025, 4, 4))
    assert queries.find_wish(actor=cast.actor("lobby"), pk=row.pk) is None
    with pytest.raises(Refused):
        wishes.withdraw_wish(actor=cast.actor("supervisor"), record=row, at=NOW)
    wishes.withdraw_wish(actor=actor, record=row, at=NOW)
    assert list(queries.list_wishes(actor=cast.actor("supervisor"), text="生日").values_list("state")) == [
        ("withdrawn",)
    ]
    wishes.make_wish(actor=actor, at=NOW, day=date(2025, 4, 4))


@pytest.mark.rule("D-13")
def test_whoever_is_on_call_is_rung_up_and_comes_back(cast: Cast) -> None:
    listed = queries.list_on_call(site=cast.site, at=NOW)
    assert [(one.role, one.staff.name) for one in listed] == [("SITE_HEAD", "陈主任"), ("CS_SUP", "李主管")]
    with pytest.raises(Refused) as refused:
        wishes.record_call(
            actor=cast.actor("front"), at=NOW, staff=cast.lobby, outcome="missed", reason="夜里停电"
        )
    assert refused.value.field == "staff"
    missed = wishes.record_call(
        actor=cast.actor("front"), at=NOW, staff=cast.head, outcome="missed", reason="夜里停电"
    )
    with pytest.raises(Refused):
        wishes.record_arrival(actor=cast.actor("front"), record=missed, at=NOW)
    coming = wishes.record_call(
        actor=cast.actor("front"), at=NOW + HOUR / 4, staff=cast.head, outcome="coming", reason="夜里停电"
    )
    came = wishes.record_arrival(
        actor=cast.actor("front"), record=coming, at=NOW + HOUR, note_text="带了发电机"
    )
    assert (came.state, came.came_at, came.note) == ("came", NOW + HOUR, "带了发电机")
    last = queries.list_on_call(site=cast.site, at=NOW + HOUR)[0].last
    assert last is not None and last.pk == came.pk
    assert (told("called"), told("came_back")) == (2, 1)
    assert list(queries.list_calls(actor=cast.actor("front"), text="停电")) == [came, missed]
