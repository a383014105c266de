"""The worked examples of the catalogue (7.1) and the cases beside them, one row each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.rules.salesdesk.cast import (
    ALL,
    FIGURES,
    A,
    B,
    C,
    D,
    book_figures,
    credits,
    deal,
    entry,
    on,
    parts,
    proposed,
    visit,
)

from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.decision import Outcome
from yingsheng.processes.salesdesk.rules.facts import Deal, Facts, Noticed, Public, PublicKind, Record
from yingsheng.processes.salesdesk.rules.figures import Figures
from yingsheng.processes.salesdesk.rules.matching import Key

PHONE, REFERRAL = Record.PHONE_IN, Record.REFERRAL
WITHOUT_A = frozenset({B, C, D})


@dataclass(frozen=True)
class Row:
    """An example: its facts, and what has to come out; shares in force only where a deal closed."""

    name: str
    facts: Facts
    owner: str
    suggested: dict[str, int]
    rule: str
    outcome: Outcome
    turn_used: bool = False
    credits: list[tuple[str, int]] = field(default_factory=list)
    snatcher: str = ""
    needs_ruling: bool = False


def turn(name: str, facts: Facts, owner: str, rule: str = "J-01") -> Row:
    return Row(name, facts, owner, {owner: 100}, rule, Outcome.TURN, turn_used=True)


def helped(name: str, facts: Facts, rule: str, helper: str = B, owner: str = A, part: int = 20) -> Row:
    shares = {helper: part, owner: 100 - part} if part else {owner: 100}
    return Row(name, facts, owner, shares, rule, Outcome.HELPED, credits=[(helper, 3)])


def back(name: str, facts: Facts, rule: str, case: int = 2) -> Row:
    return Row(name, facts, A, {A: 100}, rule, Outcome.HANDED_BACK, credits=[(B, case)])


def mine(name: str, facts: Facts, rule: str) -> Row:
    return Row(name, facts, A, {A: 100}, rule, Outcome.OWN, credits=[(A, 1)])


def snatched(name: str, facts: Facts) -> Row:
    return Row(name, facts, A, {A: 100}, "J-20", Outcome.SNATCHED, True, snatcher=B, needs_ruling=True)


def halved(name: str, facts: Facts) -> Row:
    return Row(name, facts, B, {A: 50, B: 50}, "J-23", Outcome.HALVED, turn_used=True)


def nobody(name: str, facts: Facts, *, made_up: bool = False) -> Row:
    return Row(name, facts, "", {}, "J-10", Outcome.PUBLIC, credits=[(B, 0)] if made_up else [])


def doubtful(name: str, facts: Facts) -> Row:
    return Row(name, facts, A, {A: 100}, "J-28", Outcome.RULING, turn_used=True, needs_ruling=True)


def kin(relation: Relation = Relation.PARENT, **more: Any) -> Any:
    return entry(A, relation=relation, **more)


def public(kind: PublicKind, **more: Any) -> Public:
    return Public(kind=kind, **more)


ROWS = [
    turn("T-J01 walk-in, A is head", visit(A, 0), A),
    helped("T-J04 A helps D with D's customer", visit(A, 5, entry(D), help_of=D), "J-19", A, D, 0),
    helped(
        "T-J04 A helps D and closes", visit(A, 5, entry(D), help_of=D, deal=deal(A, 5)), "J-19", A, D
    ),
    helped("help without any entry", visit(A, 5, help_of=D, deal=deal(A, 5)), "J-19", A, D),
    Row(
        "T-J10 consent",
        visit(B, 10, entry(), consented=frozenset({A}), deal=deal(B, 10)),
        A, {B: 20, A: 80}, "J-19", Outcome.AGREED, credits=[(B, 2)],
    ),
    Row(
        "consent, no deal yet",
        visit(B, 10, entry(), consented=frozenset({A})),
        A, {A: 100}, "J-19", Outcome.AGREED, credits=[(B, 2)],
    ),
    back("handed back during reception", visit(B, 10, entry()), "J-19"),
    back("handed back, then closed by A", visit(B, 10, entry(), deal=deal(A, 12)), "J-19"),
    back("handed back however old the entry", visit(B, 400, entry()), "J-19"),
    snatched("went on without consent", visit(B, 10, entry(), went_on=True)),
    snatched("closed without consent", visit(B, 10, entry(), deal=deal(B, 10))),
    snatched("knew though it was found later", visit(B, 10, entry(found=11), knew=True, deal=deal(B, 10))),
    helped("A unreachable, B closes", visit(B, 10, entry(), present=WITHOUT_A, deal=deal(B, 10)), "J-19"),
    helped(
        "T-J13 A unreachable, B helps, A closes later",
        visit(B, 10, entry(), present=WITHOUT_A, deal=deal(A, 25)), "J-19", part=0,
    ),
    helped("A unreachable, B helps, no deal", visit(B, 10, entry(), present=WITHOUT_A), "J-19", part=0),
    mine("own old customer", visit(A, 10, entry()), "J-07"),
    mine("own old customer after long", visit(A, 400, entry(), deal=deal(A, 400)), "J-07"),
    mine("own phone-in customer by turn", visit(A, 10, entry(record=PHONE)), "J-02"),
    # unaware, the same customer
    back("unaware, found at 60, no deal", visit(B, 60, entry(found=60)), "J-22"),
    back("unaware, found at 60, A closes", visit(B, 60, entry(found=60), deal=deal(A, 61)), "J-22"),
    turn("unaware, visit at 61", visit(B, 61, entry(found=61)), B, "J-22"),
    turn("unaware, visit at 61, closed", visit(B, 61, entry(found=61), deal=deal(B, 61)), B, "J-22"),
    halved("T-J16 closed +25, found +27", visit(B, 20, entry(found=27), deal=deal(B, 25))),
    halved("closed +25, found +28", visit(B, 20, entry(found=28), deal=deal(B, 25))),
    halved("closed and found on one day", visit(B, 25, entry(found=25), deal=deal(B, 25))),
    turn("closed +25, found +29", visit(B, 20, entry(found=29), deal=deal(B, 25)), B, "J-23"),
    halved("T-J19 closed +60, found +61", visit(B, 59, entry(found=61), deal=deal(B, 60))),
    turn("closed +61, found +62", visit(B, 59, entry(found=62), deal=deal(B, 61)), B, "J-23"),
    snatched("found before closing, went on", visit(B, 20, entry(found=22), deal=deal(B, 25))),
    snatched("found after reception, kept", visit(B, 20, entry(found=22), went_on=True)),
    turn("superseded entry: B's since +61", visit(C, 70, entry(found=130), entry(B, at=61, found=130),
         deal=deal(C, 126)), C, "J-23"),
    # family and batch
    turn("T-J22 father A's, son at +31", visit(B, 31, kin()), B, "J-21"),
    back("son at +30", visit(B, 30, kin()), "J-21"),
    back("son at +30, found afterwards", visit(B, 30, kin(found=33)), "J-21"),
    back("son at +40, father closed at +10", visit(B, 40, kin(closed_day=on(10))), "J-21"),
    turn("son at +41, father closed at +10", visit(B, 41, kin(closed_day=on(10))), B, "J-21"),
    back("one batch", visit(B, 30, kin(Relation.BATCH)), "J-21"),
    turn("batch, too late", visit(B, 31, kin(Relation.BATCH)), B, "J-21"),
    turn("T-J25 cousin at +5", visit(B, 5, kin(Relation.COUSIN)), B),
    helped(
        "cousin who names A, away",
        visit(B, 5, kin(Relation.COUSIN), named=A, present=WITHOUT_A), "J-12", part=0,
    ),
    back("cousin brought by A's customer", visit(B, 5, kin(Relation.COUSIN), brought_by=A), "J-11", 3),
    turn("registered only, never received", visit(B, 5, kin(received_day=None)), B),
    turn("great-grandfather", visit(B, 5, kin(Relation.GREAT_GRANDPARENT)), B),
    mine("son received by his father's agent", visit(A, 5, kin()), "J-21"),
    snatched("son, known, closed against A", visit(B, 5, kin(), deal=deal(B, 5))),
    snatched("son, found before closing", visit(B, 5, kin(found=6), deal=deal(B, 7))),
    doubtful("son closed unawares", visit(B, 5, kin(found=8), deal=deal(B, 7))),
    back("son, found later, A closes", visit(B, 5, kin(found=8), deal=deal(A, 9)), "J-21"),
    doubtful("CF-48 son names C at +30", visit(B, 30, kin(), named=C)),
    Row("CF-48 too late, C is named", visit(B, 31, kin(), named=C), C, {C: 100}, "J-13",
        Outcome.HANDED_BACK, credits=[(B, 3)]),
    back("father closed +25 keeps mother's later entry from counting",
         visit(B, 45, kin(closed_day=on(25)), entry(C, at=31, relation=Relation.PARENT)), "J-21"),
    turn("an earlier closing does not stretch the sixty days", visit(C, 122, entry(A, found=122, closed_day=on(50)),
         entry(B, at=61, found=122)), C, "J-22"),
    back("an entry past sixty days makes way for the next", visit(B, 70, entry(C, found=70, closed_day=on(50)),
         entry(A, at=61, found=70)), "J-22"),
    # introduced and named
    mine("T-J28 A's customer brings a friend, A receives", visit(A, 5, brought_by=A), "J-11"),
    back("T-J28 received by B though A is present", visit(B, 5, brought_by=A), "J-11", 3),
    helped("friend brought, A absent, B closes",
           visit(B, 5, brought_by=A, present=WITHOUT_A, deal=deal(B, 5)), "J-11"),
    helped("friend brought, A absent", visit(B, 5, brought_by=A, present=WITHOUT_A), "J-11", part=0),
    helped("T-J31 asks for A, absent, C closes",
           visit(C, 5, named=A, present=WITHOUT_A, deal=deal(C, 5)), "J-12", C),
    helped("T-J31 C does not close, A does",
           visit(C, 5, named=A, present=WITHOUT_A, deal=deal(A, 9)), "J-12", C, part=0),
    back("asks for A at the end of reception", visit(B, 5, named=A), "J-13", 3),
    mine("asks for A, who receives", visit(A, 5, named=A), "J-13"),
    turn("asks for A when reception is over", visit(B, 5, named=A, named_too_late=True), B),
    turn("names nobody", visit(B, 5), B),
    # referral
    back("T-J34 found +7 after the visit",
         visit(B, 15, entry(record=REFERRAL, found=22, keys=frozenset({Key.FULL_NAME, Key.PHONE}))), "J-14"),
    back("T-J37 surname, brand and plate",
         visit(B, 15, entry(record=REFERRAL, found=18, keys=frozenset({Key.CAR}))), "J-14"),
    turn("found +8 after the visit", visit(B, 15, entry(record=REFERRAL, found=23)), B, "J-14"),
    turn("surname only", visit(B, 15, entry(record=REFERRAL, found=16, keys=frozenset())), B, "J-14"),
    turn("entry not in order", visit(B, 15, entry(record=REFERRAL, found=16, complies=False)), B, "J-14"),
    back("referral seen during reception", visit(B, 15, entry(record=REFERRAL)), "J-19"),
    doubtful("referral found after closing", visit(B, 15, entry(record=REFERRAL, found=18), deal=deal(B, 17))),
    mine("own referral found later", visit(A, 15, entry(record=REFERRAL, found=16)), "J-14"),
    # phone-in
    helped("T-J40 phone-in asks for A, absent, B closes",
           visit(B, 5, entry(record=PHONE), named=A, present=WITHOUT_A, deal=deal(B, 5)), "J-18"),
    mine("phone-in asks for A, present, who receives", visit(A, 5, entry(record=PHONE), named=A), "J-17"),
    back("phone-in asks for A, present", visit(B, 5, entry(record=PHONE), named=A), "J-17", 3),
    turn("phone-in found after reception", visit(B, 5, entry(record=PHONE, found=5)), B, "J-16"),
    back("phone-in found during reception", visit(B, 5, entry(record=PHONE)), "J-19"),
    # public and group
    nobody("peer", visit(B, 5, public=public(PublicKind.PEER))),
    turn("peer nobody knows", visit(B, 5, public=public(PublicKind.PEER, colleagues_know=False)), B),
    nobody("brought by the principal", visit(B, 5, public=public(PublicKind.PRINCIPAL))),
    turn("the same with a card",
         visit(B, 5, public=public(PublicKind.PRINCIPAL, card_given=True)), B, "J-09"),
    nobody("marketing", visit(B, 5, public=public(PublicKind.MARKETING, card_given=True))),
    turn("T-J43 public customer returns to buy",
         visit(B, 60, visit_number=2, was_public=True, deal=deal(B, 60)), B, "J-10"),
    turn("solicitor who did not say so",
         visit(B, 5, public=public(PublicKind.SOLICITOR, said_himself=False)), B),
    nobody("T-J46 solicitor admits it later",
           visit(B, 5, public=public(PublicKind.SOLICITOR, recognised=Noticed.AFTER)), made_up=True),
    Row("public customer buys at once", visit(B, 5, public=public(PublicKind.PEER), deal=deal(B, 5)),
        "", {}, "J-28", Outcome.RULING, needs_ruling=True),
    Row("group purchase", visit(B, 5, entry(), group_purchase=True, deal=deal(B, 5)), "", {}, "J-26",
        Outcome.GROUP, turn_used=True),
    # closing
    turn("T-J49 deposit without signature", visit(B, 5, deal=Deal(closer=B, deposit_day=on(5))), B),
    turn("signature without deposit", visit(B, 5, deal=Deal(closer=B, signed_day=on(5))), B),
    # second visits
    back("T-J56 A's customer returns and names B", visit(B, 10, entry(), named=B), "J-19"),
    snatched("T-J56 and B goes on", visit(B, 10, entry(), named=B, deal=deal(B, 10))),
    turn("second visit without an entry names C", visit(B, 10, visit_number=2, named=C), B),
]  # fmt: skip


@pytest.mark.rule("J-02", "J-07", "J-09", "J-10", "J-11", "J-12", "J-13", "J-14", "J-16", "J-17", "J-18")
@pytest.mark.rule("J-19", "J-20", "J-21", "J-22", "J-23", "J-24", "J-26", "J-30", "J-32", "J-33")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_example_is_decided_by_its_article(row: Row) -> None:
    found = decide(facts=row.facts, figures=FIGURES)
    assert (found.outcome, found.owner, found.rule) == (row.outcome, row.owner, row.rule)
    assert proposed(found) == row.suggested
    assert credits(found) == row.credits
    assert found.turn_used is row.turn_used
    assert found.needs_ruling is row.needs_ruling
    assert (found.penalty.agent if found.penalty else "") == row.snatcher
    assert found.formalities == row.owner
    assert found.rule in {step.rule for step in found.steps}
    one = row.facts.deal
    closed = one is not None and one.deposit_day is not None and one.signed_day is not None
    assert parts(found) == (row.suggested if closed and not row.needs_ruling else {})


@pytest.mark.rule("J-20", "J-34")
def test_snatching_cancels_the_commission_and_names_the_bounds_of_the_fine() -> None:
    facts = visit(B, 10, entry(), deal=deal(B, 10))
    penalty = decide(facts=facts, figures=FIGURES).penalty
    assert penalty is not None
    assert (penalty.fine_min_fen, penalty.fine_max_fen) == (20_000, 50_000)
    assert (penalty.destination, penalty.heir) == ("original_by_ruling", A)
    other = decide(facts=facts, figures=book_figures(J_34__destination="company"))
    assert other.penalty is not None
    assert (other.penalty.heir, other.suggested, other.shares) == ("", (), ())


@pytest.mark.rule("J-25")
def test_a_private_transfer_changes_nothing_and_is_said() -> None:
    plain = visit(B, 5, deal=deal(B, 5, purchaser="钱业主"))
    moved = visit(B, 5, deal=deal(B, 5, purchaser="钱业主", transferred_to="孙外人"))
    one, other = decide(facts=plain, figures=FIGURES), decide(facts=moved, figures=FIGURES)
    assert (one.owner, one.shares, one.turn_used) == (other.owner, other.shares, other.turn_used)
    assert [(step.rule, step.value) for step in other.steps if step not in one.steps] == [("J-25", "孙外人")]


FIGURE_ROWS: list[tuple[str, Facts, Figures, str, dict[str, int]]] = [
    ("last visit moves the 30 days", visit(B, 45, kin(last_visit_day=on(20))),
     book_figures(J_21__anchor="last_visit"), A, {A: 100}),
    ("registration alone", visit(B, 40, kin(closed_day=on(10))),
     book_figures(J_21__anchor="registration"), B, {B: 100}),
    ("last visit moves the 60 days", visit(B, 75, entry(found=75, last_visit_day=on(20))),
     book_figures(J_21__anchor="last_visit"), A, {A: 100}),
    ("by default it does not", visit(B, 75, entry(found=75, last_visit_day=on(20))), FIGURES, B, {B: 100}),
    ("within 60 days the closer keeps him", visit(B, 60, entry(found=60)),
     book_figures(J_22__within_belongs_to="closer"), B, {B: 100}),
    ("two generations", visit(B, 5, kin(Relation.GRANDPARENT)), book_figures(J_08__generations=2), B, {B: 100}),
    ("only introduced customers may name", visit(B, 5, named=A), book_figures(J_13__applies_to="introduced_only"),
     B, {B: 100}),
    ("introduced ones still may", visit(B, 5, named=A, brought_by=C),
     book_figures(J_13__applies_to="introduced_only"), A, {A: 100}),
    ("an absent agent, introduced only", visit(B, 5, named=A, present=WITHOUT_A),
     book_figures(J_12__applies_to="introduced_only"), B, {B: 100}),
    ("a card is no turn", visit(B, 5, public=public(PublicKind.PRINCIPAL, card_given=True)),
     book_figures(J_09__card_is_rotation=False), "", {}),
    ("thirty to seventy", visit(B, 10, entry(), consented=frozenset({A}), deal=deal(B, 10)),
     book_figures(J_19__closer_share=30, J_19__original_share=70), A, {B: 30, A: 70}),
    ("a helper's share", visit(B, 10, entry(), present=WITHOUT_A, deal=deal(A, 25)),
     book_figures(J_32__helper_share=5), A, {B: 5, A: 95}),
    ("present, not the whole", visit(B, 5, brought_by=A),
     book_figures(J_11__present_original_share=90), A, {B: 10, A: 90}),
    ("a signature is enough", visit(B, 20, entry(found=27), deal=Deal(closer=B, signed_day=on(25))),
     book_figures(J_24__deposit_and_signature=False), B, {A: 50, B: 50}),
]  # fmt: skip


@pytest.mark.rule("J-08", "J-21", "J-22", "J-24", "J-30")
@pytest.mark.parametrize(
    ("facts", "figures", "owner", "shares"),
    [row[1:] for row in FIGURE_ROWS],
    ids=[row[0] for row in FIGURE_ROWS],
)
def test_every_figure_and_choice_changes_what_is_decided(
    facts: Facts, figures: Figures, owner: str, shares: dict[str, int]
) -> None:
    found = decide(facts=facts, figures=figures)
    assert (found.owner, proposed(found)) == (owner, shares)


@pytest.mark.rule("J-01", "J-19")
def test_a_colleague_who_closes_a_customer_received_by_turn_is_held_to_article_thirteen() -> None:
    closed = deal(C, 9)
    away = decide(facts=visit(B, 5, deal=closed, present=ALL - {B}), figures=FIGURES)
    agreed = decide(facts=visit(B, 5, deal=closed, consented=frozenset({B})), figures=FIGURES)
    taken = decide(facts=visit(B, 5, deal=closed), figures=FIGURES)
    assert parts(away) == parts(agreed) == {C: 20, B: 80}
    assert taken.penalty is not None and taken.penalty.agent == C
    assert all(one.turn_used and not one.make_ups for one in (away, agreed, taken))


@pytest.mark.rule("J-02", "J-19")
def test_an_own_old_customer_whom_a_colleague_closes_stays_ones_own() -> None:
    closed = visit(A, 10, entry(), deal=deal(B, 12), present=WITHOUT_A)
    found = decide(facts=closed, figures=FIGURES)
    assert (found.owner, found.outcome, parts(found), credits(found)) == (
        A,
        Outcome.HELPED,
        {B: 20, A: 80},
        [(A, 1)],
    )


@pytest.mark.rule("J-16", "J-23")
def test_of_several_entries_the_visit_goes_before_the_call_and_the_earlier_before_the_later() -> None:
    both = visit(C, 10, entry(B, PHONE, 0), entry(A, Record.VISIT, 5))
    assert decide(facts=both, figures=FIGURES).owner == A
    calls = visit(C, 10, entry(B, PHONE, 0, entry=2), entry(A, PHONE, 0, entry=1))
    assert decide(facts=calls, figures=FIGURES).owner == A
    own_call = visit(B, 10, entry(B, PHONE, 0), entry(A, Record.VISIT, 5, found=12), deal=deal(B, 11))
    assert parts(decide(facts=own_call, figures=FIGURES)) == {A: 50, B: 50}
