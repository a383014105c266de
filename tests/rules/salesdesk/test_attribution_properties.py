"""What holds for every case: whole shares, no order of facts, no claim that comes back, what would turn it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import ALL, D0, FIGURES, A, B, C, book_figures, deal, entry, on, parts, visit

from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.decision import ARTICLES, Decision, Outcome, overrule, shares_of
from yingsheng.processes.salesdesk.rules.facts import Claim, Deal, Facts, Noticed, Public, PublicKind, Record
from yingsheng.processes.salesdesk.rules.figures import Split
from yingsheng.processes.salesdesk.rules.matching import Key
from yingsheng.processes.salesdesk.rules.what_if import differs, what_if

AGENTS = st.sampled_from(sorted(ALL))
SOME = st.frozensets(AGENTS)
ANCHORS = st.sampled_from(["later_of_registration_and_closing", "registration", "last_visit"])


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    """Any visit that can be told, with up to four earlier entries."""
    at = draw(st.integers(0, 130))
    claims = tuple(draw(st.lists(entries(at), max_size=4)))
    signed, paid = (draw(st.none() | st.integers(at, at + 80)) for _ in range(2))
    sold = Deal(
        closer=draw(AGENTS),
        deposit_day=None if paid is None else on(paid),
        signed_day=None if signed is None else on(signed),
    )
    return Facts(
        receiver=draw(AGENTS), visit_day=on(at), claims=claims, present=draw(SOME), consented=draw(SOME),
        visit_number=draw(st.integers(1, 3)), named=draw(st.just("") | AGENTS), named_too_late=draw(st.booleans()),
        brought_by=draw(st.just("") | AGENTS), help_of=draw(st.just("") | AGENTS),
        group_purchase=draw(st.sampled_from([False] * 9 + [True])), was_public=draw(st.booleans()),
        public=draw(st.none() | st.none() | st.builds(
            Public, kind=st.sampled_from(PublicKind), said_himself=st.booleans(), colleagues_know=st.booleans(),
            card_given=st.booleans(), recognised=st.sampled_from(Noticed),
        )),
        knew=draw(st.sampled_from([False, False, True])), went_on=draw(st.sampled_from([False, False, True])),
        deal=draw(st.none() | st.just(sold)),
    )  # fmt: skip


def entries(at: int) -> st.SearchStrategy[Claim]:
    past = st.integers(0, at).map(on)
    return st.builds(
        Claim, agent=AGENTS, record=st.sampled_from(Record), registered_day=past,
        keys=st.frozensets(st.sampled_from(Key)), relation=st.just(Relation.SELF) | st.sampled_from(Relation),
        entry=st.integers(0, 3), received_day=st.none() | past, closed_day=st.none() | past,
        last_visit_day=st.none() | past, noticed=st.sampled_from(Noticed),
        discovered_day=st.integers(at, at + 80).map(on), complies=st.booleans(),
    )  # fmt: skip


# -- always ------------------------------------------------------------------------------------------------


@pytest.mark.rule("J-30", "J-24", "J-20")
@given(cases(), ANCHORS)
def test_shares_are_always_a_whole_or_none_for_a_reason(facts: Facts, anchor: str) -> None:
    found = decide(facts=facts, figures=book_figures(J_21__anchor=anchor))
    for shares in (found.shares, found.suggested):
        assert sum(one.percent for one in shares) in ((100,) if shares else (0,))
        assert len({one.agent for one in shares}) == len(shares)
    one = facts.deal
    closed = one is not None and one.deposit_day is not None and one.signed_day is not None
    departments = found.outcome in (Outcome.GROUP, Outcome.PUBLIC)
    assert bool(found.shares) == (closed and not found.needs_ruling and not departments)
    if found.shares:
        assert found.shares == found.suggested


@pytest.mark.rule("J-30")
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_listed_changes_nothing(facts: Facts, chance: Any) -> None:
    claims = list(facts.claims)
    chance.shuffle(claims)
    other = replace(facts, claims=tuple(claims), present=frozenset(sorted(facts.present, reverse=True)))
    assert decide(facts=facts, figures=FIGURES) == decide(facts=other, figures=FIGURES)


@pytest.mark.rule("J-30")
@given(cases())
def test_every_decision_says_its_steps_and_a_known_article(facts: Facts) -> None:
    found = decide(facts=facts, figures=FIGURES)
    assert found.steps
    assert all(step.article == ARTICLES[step.rule] and step.value is not None for step in found.steps)
    assert found.rule in {step.rule for step in found.steps}
    assert found.article == ARTICLES[found.rule]


@pytest.mark.rule("J-02", "J-20", "J-33")
@given(cases())
def test_a_make_up_is_the_receivers_alone_and_never_comes_with_a_used_turn(facts: Facts) -> None:
    found = decide(facts=facts, figures=FIGURES)
    assert len(found.make_ups) <= 1
    assert all(one.agent == facts.receiver for one in found.make_ups)
    assert not (found.turn_used and found.make_ups)
    if found.penalty is not None:
        assert found.penalty.agent != found.owner
        assert not found.shares
    if found.outcome is Outcome.HALVED:
        assert not facts.knew


@pytest.mark.rule("J-05")
@given(cases())
def test_an_entry_without_a_key_speaks_for_nobody(facts: Facts) -> None:
    bare = tuple(replace(one, keys=frozenset()) for one in facts.claims if one.relation is Relation.SELF)
    with_bare, without = replace(facts, claims=bare), replace(facts, claims=())
    one, other = decide(facts=with_bare, figures=FIGURES), decide(facts=without, figures=FIGURES)
    assert not differs(one=one, other=other)


def test_every_article_is_the_source_the_book_gives_for_the_rule() -> None:
    for rule, article in ARTICLES.items():
        assert article in load_book().rules[rule].source


# -- monotone in days --------------------------------------------------------------------------------------


def part_of(agent: str, found: Decision) -> int:
    return sum(one.percent for one in found.suggested if one.agent == agent)


@pytest.mark.rule("J-21", "J-22", "J-31")
@given(st.sampled_from(["same", "family", "batch"]), ANCHORS, st.integers(0, 40), st.integers(0, 40))
def test_past_its_limit_a_claim_never_comes_back(kind: str, anchor: str, closed: int, last: int) -> None:
    figures = book_figures(J_21__anchor=anchor)
    relation = {"same": Relation.SELF, "family": Relation.CHILD, "batch": Relation.BATCH}[kind]
    had = []
    for at in range(40, 140):
        claim = entry(found=at, relation=relation, closed_day=on(closed), last_visit_day=on(last))
        had.append(part_of(A, decide(facts=visit(B, at, claim), figures=figures)))
    assert had == sorted(had, reverse=True)
    assert had[-1] == 0


@pytest.mark.rule("J-14", "J-23", "J-31")
@given(st.integers(0, 70), st.integers(0, 70), st.sampled_from([Record.VISIT, Record.REFERRAL]))
def test_the_later_it_is_found_the_less_the_original_agent_has(at: int, after: int, record: Record) -> None:
    had = []
    for found in range(at, at + 100):
        facts = visit(B, at, entry(record=record, found=found), deal=deal(B, at + after))
        had.append(part_of(A, decide(facts=facts, figures=FIGURES)))
    assert had == sorted(had, reverse=True)


@pytest.mark.rule("J-23", "J-31")
@given(st.integers(0, 60), st.integers(0, 10))
def test_the_later_the_deal_closes_the_less_the_original_agent_has(at: int, after: int) -> None:
    had = []
    for closed in range(at, at + 80):
        facts = visit(B, at, entry(found=closed + after), deal=deal(B, closed))
        had.append(part_of(A, decide(facts=facts, figures=FIGURES)))
    assert had == sorted(had, reverse=True)
    assert had[-1] == 0


# -- what if -----------------------------------------------------------------------------------------------


@pytest.mark.rule("J-30", "J-23")
def test_what_if_names_the_day_that_would_turn_it() -> None:
    facts = visit(B, 20, entry(found=28), deal=deal(B, 25))
    changes = what_if(facts=facts, figures=FIGURES)
    later = next(one for one in changes if one.fact == "discovered_day" and one.days > 0)
    assert (later.now, later.then, later.days) == (str(on(28)), str(on(29)), 1)
    assert parts(later.decision) == {B: 100}
    earlier = next(one for one in changes if one.fact == "discovered_day" and one.days < 0)
    assert (earlier.then, earlier.decision.outcome) == (str(on(24)), Outcome.SNATCHED)
    knew = next(one for one in changes if one.fact == "knew")
    assert (knew.now, knew.then, knew.decision.outcome) == ("False", "True", Outcome.SNATCHED)
    registered = next(one for one in changes if one.fact == "registered_day")
    assert (registered.days, parts(registered.decision)) == (-36, {B: 100})


@pytest.mark.rule("J-21")
def test_what_if_finds_the_thirty_days_of_a_family() -> None:
    changes = what_if(facts=visit(B, 10, entry(relation=Relation.PARENT)), figures=FIGURES)
    day = next(one for one in changes if one.fact == "visit_day")
    assert (day.then, day.days, day.decision.owner) == (str(on(31)), 21, B)


@pytest.mark.rule("J-19", "J-13")
def test_what_if_turns_consent_presence_and_the_name() -> None:
    changes = what_if(facts=visit(B, 10, entry(), deal=deal(B, 10)), figures=FIGURES)
    turned = {(one.fact, one.then): one.decision.outcome for one in changes}
    assert turned["consented", A] is Outcome.AGREED
    assert turned["present", ""] is Outcome.HELPED
    assert turned["evidence", ""] is Outcome.TURN
    referral = entry(record=Record.REFERRAL, found=12, entry=7)
    turned_entry = {one.fact: one for one in what_if(facts=visit(B, 10, referral), figures=FIGURES)}[
        "complies"
    ]
    assert (turned_entry.entry, turned_entry.now, turned_entry.then) == (7, "True", "False")
    assert turned_entry.decision.outcome is Outcome.TURN
    called = what_if(facts=visit(B, 10, entry(record=Record.PHONE_IN, found=12)), figures=FIGURES)
    assert [one.decision.owner for one in called if (one.fact, one.then) == ("named", A)] == [A]
    named = what_if(facts=visit(B, 10, named=C), figures=FIGURES)
    assert [one.decision.owner for one in named if (one.fact, one.then) == ("named", "")] == [B]
    card = what_if(facts=visit(B, 10, public=Public(kind=PublicKind.PRINCIPAL)), figures=FIGURES)
    assert [one.decision.outcome for one in card if one.fact == "card_given"] == [Outcome.TURN]


def simple(at: int, found: int, closed: int | None) -> Facts:
    return visit(B, at, entry(found=at + found), deal=None if closed is None else deal(B, at + closed))


@pytest.mark.rule("J-31")
@settings(max_examples=40)
@given(
    st.builds(simple, st.integers(0, 90), st.integers(0, 70), st.none() | st.integers(0, 70)),
    st.sampled_from(["visit_day", "discovered_day", "closing_day"]),
)
def test_no_nearer_day_would_turn_it(facts: Facts, fact: str) -> None:
    now = decide(facts=facts, figures=FIGURES)
    found = {one.days > 0: one.days for one in what_if(facts=facts, figures=FIGURES) if one.fact == fact}
    for forward in (True, False):
        sign, most = (1, -1)[not forward], abs(found.get(forward, 80))
        for days in range(1, most):
            try:
                moved = move(facts, fact, sign * days)
            except ValueError:
                continue
            assert not differs(one=decide(facts=moved, figures=FIGURES), other=now)
        if forward in found:
            turned = decide(facts=move(facts, fact, found[forward]), figures=FIGURES)
            assert differs(one=turned, other=now)


def move(facts: Facts, fact: str, days: int) -> Facts:
    def shift(day: date | None) -> date:
        assert day is not None
        return on((day - D0).days + days)

    if fact == "visit_day":
        return replace(facts, visit_day=shift(facts.visit_day))
    if fact == "discovered_day":
        claim = replace(facts.claims[0], discovered_day=shift(facts.claims[0].discovered_day))
        return replace(facts, claims=(claim,))
    if facts.deal is None:
        raise ValueError("no deal")
    sold = replace(
        facts.deal, deposit_day=shift(facts.deal.deposit_day), signed_day=shift(facts.deal.signed_day)
    )
    return replace(facts, deal=sold)


@pytest.mark.rule("J-30")
@settings(max_examples=25)
@given(cases())
def test_what_if_only_names_what_changes_something(facts: Facts) -> None:
    now = decide(facts=facts, figures=FIGURES)
    changes = what_if(facts=facts, figures=FIGURES)
    assert all(differs(one=one.decision, other=now) for one in changes)
    days = [abs(one.days) for one in changes if one.days]
    assert days == sorted(days)


# -- rulings and refusals ----------------------------------------------------------------------------------


@pytest.mark.rule("J-28")
def test_a_ruling_keeps_the_steps_and_says_its_reason() -> None:
    found = decide(facts=visit(B, 5, entry(relation=Relation.CHILD), named=C), figures=FIGURES)
    ruled = overrule(decision=found, parts=[(A, 60), (C, 40)], owner=C, reason=" 两人同意 ")
    assert ruled.steps[:-1] == found.steps
    assert (ruled.steps[-1].rule, ruled.steps[-1].value) == ("J-28", "两人同意")
    assert (parts(ruled), ruled.owner, ruled.needs_ruling) == ({A: 60, C: 40}, C, False)
    for shares, reason in [([(A, 60)], "因为"), ([(A, 100)], "  "), ([(A, 110), (C, -10)], "因为")]:
        with pytest.raises(ValueError, match=r"ruling|share"):
            overrule(decision=found, parts=shares, owner=C, reason=reason)


@pytest.mark.rule("J-30")
def test_facts_that_contradict_each_other_are_refused() -> None:
    for bad in (
        lambda: visit(B, 5, entry(at=6)),
        lambda: visit(B, 5, entry(found=4)),
        lambda: visit(B, 5, deal=deal(B, 4)),
        lambda: visit("", 5),
        lambda: entry(noticed=Noticed.AFTER),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            bad()


@pytest.mark.rule("J-11")
def test_figures_that_make_no_whole_are_refused() -> None:
    for changes in (
        {"J_11__closer_share": 30}, {"J_23__equal_share": 101}, {"J_20__fine_min_fen": 50_001},
        {"J_32__helper_share": 101},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"\w"):
            book_figures(**changes)
    with pytest.raises(ValueError, match="per cent"):
        Split(closer=-1, original=101)
    assert shares_of(parts=[(A, 50), (A, 50), (B, 0)]) == shares_of(parts=[(A, 100)])
