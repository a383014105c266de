"""The rotation: nobody loses a turn or has it twice, make-ups are used first in first out, the years are fair."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import FIGURES, A, B, C, D, entry, visit

from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.queue import (
    Happening,
    Kind,
    OutOfTurn,
    Rotation,
    apply,
    events_of,
    find_next,
    list_free,
    replay,
    start,
)

TEAM = (A, B, C, D)


def event(kind: Kind, *agents: str, cause: str = "", case: int = 0) -> Happening:
    return Happening(
        kind=kind, agents=agents, cause=cause, case=case, article=f"第2条({case})" if case else ""
    )


def new(agent: str, cause: str = "") -> list[Happening]:
    """A new customer, received and done with."""
    return [event(Kind.NEW, agent, cause=cause), event(Kind.FREE, agent)]


def day(*events: Happening | list[Happening], rotation: Rotation | None = None) -> Rotation:
    """Everybody signs in, then this happens."""
    came = [event(Kind.SIGN_IN, agent) for agent in TEAM]
    told: list[Happening] = []
    for one in events:
        told += one if isinstance(one, list) else [one]
    return replay(events=[*came, *told], rotation=rotation or start(agents=TEAM))


def head(rotation: Rotation) -> str:
    found = find_next(rotation=rotation)
    return found.agent if found else ""


def takes(rotation: Rotation, count: int) -> list[str]:
    """Who receives the next so many new customers, each done with before the next comes."""
    names = []
    for _ in range(count):
        names.append(head(rotation))
        rotation = replay(events=new(names[-1]), rotation=rotation)
    return names


# -- examples ----------------------------------------------------------------------------------------------


@pytest.mark.rule("J-01")
def test_a_walk_in_goes_to_the_head_whose_turn_is_used() -> None:  # T-J01
    rotation = day(new(A))
    assert head(rotation) == B
    assert rotation.turns == {A: 1}
    assert takes(day(), 6) == [A, B, C, D, A, B]


@pytest.mark.rule("J-01")
def test_nobody_takes_a_customer_before_his_turn() -> None:
    with pytest.raises(OutOfTurn) as caught:
        day(event(Kind.NEW, B))
    assert (caught.value.agent, caught.value.next_agent) == (B, A)
    with pytest.raises(OutOfTurn) as caught:
        apply(rotation=start(agents=TEAM), event=event(Kind.NEW, A))
    assert caught.value.next_agent == ""


@pytest.mark.rule("J-02")
def test_who_helps_and_misses_a_new_customer_makes_up() -> None:  # T-J04
    rotation = day(event(Kind.RECEIVE, A, cause="v1", case=3), new(B))
    assert [(one.agent, one.case, one.article) for one in rotation.credits] == [(A, 3, "第2条(3)")]
    assert takes(apply(rotation=rotation, event=event(Kind.FREE, A)), 6) == [A, C, D, A, B, C]


@pytest.mark.rule("J-03")
@pytest.mark.parametrize("kind", [Kind.LEAVE, Kind.SIGN_OFF])
def test_a_day_off_or_leave_gives_no_make_up(kind: Kind) -> None:  # T-J07
    rotation = day(event(kind, A), new(B))
    assert rotation.credits == ()
    assert rotation.missed == {A: 1}
    assert takes(apply(rotation=rotation, event=event(Kind.SIGN_IN, A)), 4) == [C, D, A, B]


@pytest.mark.rule("J-02")
def test_a_turn_that_proved_a_colleagues_customer_is_made_up_once() -> None:  # T-J10
    proved = event(Kind.CREDIT, A, cause="v1", case=2)
    rotation = day(new(A, "v1"), proved, proved)
    assert len(rotation.credits) == 1
    assert takes(rotation, 5) == [A, B, C, D, A]


@pytest.mark.rule("J-02")
def test_an_own_customer_out_of_turn_costs_nothing_and_gives_nothing() -> None:
    rotation = day(event(Kind.RECEIVE, B, cause="v1", case=1), event(Kind.FREE, B))
    assert rotation.credits == ()
    assert takes(rotation, 4) == [A, B, C, D]


@pytest.mark.rule("J-02")
def test_one_reception_is_made_up_once_and_a_second_turn_waits() -> None:
    busy = event(Kind.RECEIVE, A, cause="v1", case=1)
    rotation = day(busy, *(new(one) for one in (B, C, D, B, C)), event(Kind.CREDIT, A, cause="v1", case=1))
    assert [one.agent for one in rotation.credits] == [A]
    assert takes(apply(rotation=rotation, event=event(Kind.FREE, A)), 3) == [A, A, D]


@pytest.mark.rule("J-02")
def test_ordered_work_is_made_up_for_each_turn_it_cost() -> None:
    rotation = day(event(Kind.ORDERED, A, cause="o1", case=4), *(new(one) for one in (B, C, D, B)))
    assert [one.case for one in rotation.credits] == [4, 4]
    assert takes(apply(rotation=rotation, event=event(Kind.FREE, A)), 4) == [A, A, C, D]


@pytest.mark.rule("J-10")
def test_a_public_customer_uses_no_turn_and_may_take_several_agents() -> None:
    rotation = day()
    both = list_free(rotation=rotation)[:2]
    assert both == (A, B)
    rotation = apply(rotation=rotation, event=event(Kind.PUBLIC, *both, cause="v1"))
    assert head(rotation) == C
    rotation = replay(events=[*new(C), *(event(Kind.FREE, one) for one in both)], rotation=rotation)
    assert rotation.credits == ()
    assert takes(rotation, 4) == [A, B, D, C]


@pytest.mark.rule("J-10")
def test_a_customer_found_public_afterwards_is_made_up() -> None:  # T-J46
    rotation = day(new(A, "v1"), new(B), event(Kind.CREDIT, A, cause="v1"))
    assert takes(rotation, 3) == [A, C, D]


@pytest.mark.rule("J-35")
@pytest.mark.parametrize(("order", "first"), [("first_in_first_out", [B, A, C]), ("latest_first", [A, B, C])])
def test_make_ups_are_used_by_time_of_origin_as_far_as_their_agents_are_free(
    order: str, first: list[str]
) -> None:
    owed = [event(Kind.CREDIT, B, cause="v2", case=2), event(Kind.CREDIT, A, cause="v1", case=2)]
    rotation = day(new(A, "v1"), new(B, "v2"), *owed, rotation=start(agents=TEAM, credit_order=order))
    assert takes(rotation, 3) == first
    assert FIGURES.credit_order == "first_in_first_out"
    away = apply(rotation=rotation, event=event(Kind.LEAVE, B))
    assert takes(away, 2) == [A, C]
    assert takes(apply(rotation=away, event=event(Kind.SIGN_IN, B)), 1) == [first[0]]


@pytest.mark.rule("J-01")
def test_who_still_has_the_customer_of_his_turn_keeps_his_place() -> None:
    rotation = day(event(Kind.NEW, A), *(new(one) for one in (B, C, D, B)))
    assert takes(apply(rotation=rotation, event=event(Kind.FREE, A)), 4) == [A, C, D, B]


@pytest.mark.rule("J-01")
def test_the_list_grows_at_its_end_and_who_leaves_the_team_is_owed_nothing() -> None:
    rotation = day(new(A, "v1"), event(Kind.CREDIT, A, cause="v1", case=2))
    rotation = replay(
        events=[event(Kind.JOIN, "E"), event(Kind.SIGN_IN, "E"), event(Kind.DEPART, A)], rotation=rotation
    )
    assert takes(rotation, 5) == [B, C, D, "E", B]
    both = day(new(A, "v1"), new(B, "v2"), *(event(Kind.CREDIT, one, cause="v3", case=2) for one in (A, B)))
    assert [one.agent for one in apply(rotation=both, event=event(Kind.DEPART, A)).credits] == [B]
    for bad in (event(Kind.JOIN, B), event(Kind.JOIN, "F", "F"), event(Kind.NEW, A)):
        with pytest.raises(ValueError, match="list"):
            apply(rotation=rotation, event=bad)


@pytest.mark.rule("J-01")
def test_what_makes_no_sense_is_refused() -> None:
    for bad in (
        lambda: start(agents=[A, A]),
        lambda: start(agents=[A], credit_order="by_whim"),
        lambda: event(Kind.CREDIT, A),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            bad()


@pytest.mark.rule("J-01", "J-02")
def test_a_reception_out_of_turn_that_proves_a_new_customers_costs_the_next_turn_once() -> None:
    charge = event(Kind.CHARGE, C, cause="v1")
    rotation = day(event(Kind.RECEIVE, C, cause="v1", case=1), event(Kind.FREE, C), charge, charge)
    assert takes(rotation, 5) == [A, B, D, C, A]
    passed = day(event(Kind.RECEIVE, A, cause="v1", case=1), new(B), event(Kind.CHARGE, A, cause="v1"))
    assert passed.credits == ()
    assert takes(apply(rotation=passed, event=event(Kind.FREE, A)), 4) == [C, D, A, B]
    assert passed.turns == {A: 1, B: 1}
    other = day(new(A, "v1"), event(Kind.CREDIT, A, cause="v1", case=2), event(Kind.CHARGE, A, cause="v2"))
    assert [one.cause for one in other.credits] == ["v1"]
    assert takes(other, 4) == [A, B, C, D]


@pytest.mark.rule("J-02", "J-10")
def test_a_decision_credits_what_came_by_turn_and_charges_what_did_not() -> None:
    helps = decide(facts=visit(B, 10, entry(), present=frozenset({B, C})), figures=FIGURES)
    (credit,) = events_of(decision=helps, receiver=B, by_turn=True, cause="v1")
    assert (credit.kind, credit.agents, credit.cause, credit.case) == (Kind.CREDIT, (B,), "v1", 3)
    assert credit.article == "004 篇1 第2条(3)"
    assert events_of(decision=helps, receiver=B, by_turn=False, cause="v1") == ()
    walk_in = decide(facts=visit(B, 10), figures=FIGURES)
    assert events_of(decision=walk_in, receiver=B, by_turn=True, cause="v1") == ()
    (charge,) = events_of(decision=walk_in, receiver=B, by_turn=False, cause="v1")
    assert (charge.kind, charge.agents) == (Kind.CHARGE, (B,))


# -- properties --------------------------------------------------------------------------------------------

Move = tuple[str, int]
WORDS = (
    "new", "new", "new", "in", "off", "leave", "own", "help", "ordered", "free", "public", "credit",
    "charge",
)  # fmt: skip
MOVES = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.integers(0, 3),
    ),
    max_size=120,
)  # fmt: skip


def tell(moves: Iterable[Move], rotation: Rotation) -> list[Happening]:
    """A possible course of days: new customers go to whoever is next, the rest happens to whoever it can."""
    told: list[Happening] = []
    taken: list[tuple[str, str]] = []
    for number, (word, which) in enumerate(moves):
        agent, cause = TEAM[which], f"v{number}"
        free = agent in list_free(rotation=rotation)
        one: Happening | None = None
        match word:
            case "new":
                one = event(Kind.NEW, head(rotation), cause=cause) if head(rotation) else None
                taken += [(head(rotation), cause)] if one else []
            case "in":
                one = event(Kind.SIGN_IN, agent)
            case "off" | "leave":
                one = event(Kind.SIGN_OFF if word == "off" else Kind.LEAVE, agent)
            case "own" | "help" if free:
                one = event(Kind.RECEIVE, agent, cause=cause, case=1 if word == "own" else 3)
            case "ordered" if free:
                one = event(Kind.ORDERED, agent, cause=cause, case=4)
            case "public" if free:
                one = event(Kind.PUBLIC, *list_free(rotation=rotation)[: which + 1], cause=cause)
            case "free":
                one = event(Kind.FREE, agent)
            case "credit" if taken:
                who, why = taken[which % len(taken)]
                one = event(Kind.CREDIT, who, cause=why, case=2)
            case "charge" if told and told[-1].kind is Kind.RECEIVE:
                one = event(Kind.CHARGE, *told[-1].agents, cause=told[-1].cause)
        if one is not None:
            told.append(one)
            rotation = apply(rotation=rotation, event=one)
    return told


@pytest.mark.rule("J-01", "J-02", "J-03", "J-10")
@given(MOVES)
def test_no_turn_is_lost_or_doubled_whatever_happens(moves: list[Move]) -> None:
    rotation = start(agents=TEAM)
    counts: Counter[str] = Counter()  # new customers, those received out of turn and charged included
    owed: Counter[str] = Counter()
    for one in tell(moves, rotation):
        before, rotation = rotation, apply(rotation=rotation, event=one)
        assert sorted(rotation.order) == sorted(TEAM)
        gained = Counter(x.agent for x in rotation.credits) - Counter(x.agent for x in before.credits)
        owed.update(gained)
        if one.kind in (Kind.NEW, Kind.CHARGE):
            counts[one.agents[0]] += rotation.turns != before.turns or rotation.made_up != before.made_up
        else:
            assert rotation.order == before.order
        if one.kind is Kind.CHARGE:
            taken_back = len(before.credits) - len(rotation.credits)
            owed[one.agents[0]] -= taken_back
            assert (rotation.order == before.order) == (taken_back == 1 or before.order[-1] in one.agents)
        if one.kind in (Kind.LEAVE, Kind.SIGN_OFF, Kind.PUBLIC, Kind.FREE, Kind.SIGN_IN):
            assert rotation.credits == before.credits
    for agent in TEAM:
        made_up = rotation.made_up.get(agent, 0)
        assert counts[agent] == rotation.turns.get(agent, 0) + made_up
        assert owed[agent] == made_up + sum(one.agent == agent for one in rotation.credits)


@pytest.mark.rule("J-01")
@given(MOVES, st.lists(st.integers(1, 9), max_size=60))
def test_in_whatever_pieces_events_are_replayed_the_end_is_the_same(
    moves: list[Move], sizes: list[int]
) -> None:
    told = tell(moves, start(agents=TEAM))
    whole = replay(events=told, rotation=start(agents=TEAM))
    pieces, left = start(agents=TEAM), list(told)
    for size in [*sizes, len(told) or 1]:
        pieces = replay(events=left[:size], rotation=pieces)
        left = left[size:]
    assert pieces == whole


@pytest.mark.rule("J-01")
@given(st.permutations(["v1", "v2", "v3", "v4"]), st.sets(st.sampled_from(TEAM), max_size=2))
def test_customers_who_come_together_go_to_the_same_agents_in_any_order(
    order: list[str], away: set[str]
) -> None:
    rotation = day(*(event(Kind.LEAVE, agent) for agent in sorted(away)))
    expected = list_free(rotation=rotation)
    got = []
    for cause in order[: len(expected)]:
        got.append(head(rotation))
        rotation = apply(rotation=rotation, event=event(Kind.NEW, got[-1], cause=cause))
    assert tuple(got) == expected
    assert find_next(rotation=rotation) is None


@pytest.mark.rule("J-01", "J-02")
@given(MOVES)
def test_at_the_head_is_whoever_waited_longest_of_those_who_are_free(moves: list[Move]) -> None:
    rotation = start(agents=TEAM)
    for one in tell(moves, rotation):
        chosen = find_next(rotation=rotation)
        if chosen is not None and chosen.credit is None:
            assert chosen.agent == list_free(rotation=rotation)[0]
            assert not {x.agent for x in rotation.credits} & set(list_free(rotation=rotation))
        rotation = apply(rotation=rotation, event=one)


# -- ten thousand days -------------------------------------------------------------------------------------


@pytest.mark.rule("J-01", "J-02", "J-03")
def test_over_ten_thousand_days_those_who_are_always_there_differ_by_one_turn_at_most() -> None:
    """A and B come every day, C and D have days off; all help, are sent away, and receive colleagues' customers.

    Counted are the new customers each received or is still owed, without those who proved to be a colleague's.
    """
    chance = random.Random(20250303)
    rotation, proved = start(agents=TEAM), Counter[str]()
    for number in range(10_000):
        rotation = one_day(chance, number, rotation, proved)
        had = {one: had_or_owed(rotation, one) - proved[one] for one in TEAM}
        assert abs(had[A] - had[B]) <= 1
        assert had[A] + 1 >= max(had[C], had[D])
    assert min(rotation.made_up[one] for one in TEAM) > 300
    assert rotation.missed[C] > 500 < rotation.missed[D]
    assert A not in rotation.missed
    assert had[A] - had[C] == pytest.approx(rotation.missed[C], abs=1)


def had_or_owed(rotation: Rotation, agent: str) -> int:
    owed = sum(one.agent == agent for one in rotation.credits)
    return rotation.turns.get(agent, 0) + rotation.made_up.get(agent, 0) + owed


def one_day(chance: random.Random, number: int, rotation: Rotation, proved: Counter[str]) -> Rotation:
    off = {one for one in (C, D) if chance.random() < 0.3}
    told = [event(Kind.LEAVE if one in off else Kind.SIGN_IN, one) for one in TEAM]
    if chance.random() < 0.1:
        told.append(event(Kind.ORDERED, chance.choice((A, B)), cause=f"o{number}", case=4))
    rotation = replay(events=told, rotation=rotation)
    for count in range(chance.randrange(8)):
        cause, free = f"v{number}.{count}", list_free(rotation=rotation)
        helper = chance.choice(free) if len(free) > 1 and chance.random() < 0.05 else ""
        if helper:
            rotation = apply(rotation=rotation, event=event(Kind.RECEIVE, helper, cause=f"h{cause}", case=3))
        agent = head(rotation)
        told = new(agent, cause)
        if chance.random() < 0.05:
            told.append(event(Kind.CREDIT, agent, cause=cause, case=2))
            proved[agent] += 1
        told += [event(Kind.FREE, helper)] if helper else []
        rotation = replay(events=told, rotation=rotation)
    return replay(events=[event(Kind.FREE, one) for one in TEAM], rotation=rotation)
