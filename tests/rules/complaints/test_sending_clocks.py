"""The clocks of sending on: to the department, outside, upwards; and who is asked next."""

from __future__ import annotations

import pytest
from tests.rules.complaints.figures import book_figures
from tests.rules.complaints.test_clocks import NINE, at, clocks_of, due

from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.clocks import decide_clocks
from yingsheng.processes.complaints.rules.facts import ASSIST, INVALID, MAJOR, MINOR, SERIOUS, VALID, Facts
from yingsheng.processes.complaints.rules.helping import help_ladder, next_help

TEN = at("03-03 10:00")
CLASSIFIED = Facts(received_at=NINE, validity=VALID, severity=MINOR, classified_at=TEN)


@pytest.mark.rule("C-31", "C-42")
@pytest.mark.parametrize(
    ("send", "deliver", "rule", "moment"),
    [(2, 2, "C-42", "12:00"), (2, 1, "C-31", "11:00"), (1, 2, "C-42", "11:00"), (None, 3, "C-31", "13:00")],
)
def test_the_stricter_limit_of_sending_counts_from_the_classification(
    send: int | None, deliver: int, rule: str, moment: str
):
    figures = book_figures(C_42__dispatch_within=send, C_31__delivered_within=deliver)
    found = {clock.milestone: clock for clock in decide_clocks(facts=CLASSIFIED, figures=figures)}
    assert (found[c.DISPATCH].figure.rule, due(found[c.DISPATCH])) == (rule, at(f"03-03 {moment}"))
    assert found[c.DISPATCH].role == "CS_SUP"


@pytest.mark.rule("C-31", "C-42")
def test_nothing_is_to_be_sent_before_the_class_is_known_or_where_nobody_has_to_act():
    assert c.DISPATCH not in clocks_of(Facts(received_at=NINE))
    assert c.DISPATCH not in clocks_of(Facts(received_at=NINE, validity=INVALID, classified_at=TEN))
    assert c.DISPATCH not in clocks_of(
        Facts(received_at=NINE, validity=VALID, classified_at=TEN, on_spot=True, handled_at=TEN)
    )
    assert c.DISPATCH not in clocks_of(
        Facts(received_at=NINE, validity=VALID, severity=MINOR, classified_at=TEN, sent=True)
    )


@pytest.mark.rule("C-30")
def test_only_the_paper_chain_of_the_office_building_times_the_hop_to_the_department():
    sent = Facts(
        received_at=NINE, validity=VALID, severity=MINOR, classified_at=TEN, sent=True, dispatched_at=TEN
    )
    hop = clocks_of(sent, "C/001-H")[c.SIGN]
    assert (hop.figure.rule, hop.role, due(hop)) == ("C-30", "DEPT_HEAD", at("03-03 10:30"))
    assert c.SIGN not in clocks_of(sent)


@pytest.mark.rule("C-30")
def test_the_post_that_approves_answers_for_the_sending():
    figures = book_figures("C/001-H", C_30__approved_by="DEPT_MGR")
    found = {clock.milestone: clock for clock in decide_clocks(facts=CLASSIFIED, figures=figures)}
    assert found[c.DISPATCH].role == "DEPT_MGR"


@pytest.mark.rule("C-46", "C-66")
def test_while_a_body_outside_has_it_the_tracking_post_owes_news_of_it():
    facts = Facts(received_at=NINE, validity=ASSIST, severity=MINOR, classified_at=TEN, outside_told_at=TEN)
    figures = book_figures(C_66__progress_notice_within=48, C_46__tracked_by="AREA_SUP")
    found = {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=figures)}
    notice = found[c.OUTSIDE_NOTICE]
    assert (notice.figure.rule, notice.role, due(notice)) == ("C-66", "AREA_SUP", at("03-05 10:00"))
    assert c.OUTSIDE_NOTICE not in clocks_of(Facts(received_at=NINE, validity=ASSIST, classified_at=TEN))


@pytest.mark.rule("C-53")
def test_a_superior_who_is_asked_owes_his_instruction_until_the_matter_is_settled():
    asked = Facts(
        received_at=NINE, validity=VALID, severity=MINOR, handed_up_at=TEN, handed_up_to="SITE_HEAD"
    )
    figures = book_figures(C_53__decide_within=3)
    found = {clock.milestone: clock for clock in decide_clocks(facts=asked, figures=figures)}
    assert (found[c.DECIDE].role, due(found[c.DECIDE])) == ("SITE_HEAD", at("03-03 13:00"))
    assert c.DECIDE not in clocks_of(
        Facts(received_at=NINE, handed_up_at=TEN, handed_up_to="GM", handled_at=TEN)
    )


@pytest.mark.rule("C-40", "C-52", "C-54", "C-57")
@pytest.mark.parametrize(
    ("preset", "severity", "ladder"),
    [
        ("C/composite", MINOR, "SITE_HEAD/C-54 HQ_COMPLAINT/C-54"),
        ("C/composite", MAJOR, "SITE_HEAD/C-54 DIV_MGR/C-40 HQ_COMPLAINT/C-54"),
        ("C/003-9", MINOR, "CS_SUP/C-52 DEPT_MGR/C-52 HQ_COMPLAINT/C-54"),
        ("C/000", MINOR, "SITE_HEAD/C-57 HQ_COMPLAINT/C-54"),
    ],
)
def test_each_regulation_names_who_is_asked_one_after_the_other(preset: str, severity: str, ladder: str):
    facts = Facts(received_at=NINE, validity=VALID, severity=severity)
    found = help_ladder(facts=facts, figures=book_figures(preset))
    assert " ".join(f"{one.role}/{one.rule}" for one in found) == ladder


@pytest.mark.rule("C-54")
def test_the_next_to_ask_follows_the_one_asked_last_and_ends():
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR)
    figures = book_figures(C_54__first_help_from="DEPT_MGR", C_54__second_help_from="GM")
    found = [next_help(facts=facts, figures=figures, asked=asked) for asked in ("", "DEPT_MGR", "GM")]
    assert [one and one.role for one in found] == ["DEPT_MGR", "GM", None]


@pytest.mark.rule("C-12", "C-13")
def test_what_a_colleague_heard_is_owed_by_him_and_what_the_desk_heard_by_the_desk():
    heard = Facts(received_at=NINE, heard_at=NINE, heard_elsewhere=True)
    figures = book_figures(C_12__unsolved_notice_within=5)
    found = {clock.milestone: clock for clock in decide_clocks(facts=heard, figures=figures)}
    assert (found[c.UNSOLVED].role, due(found[c.UNSOLVED])) == ("LOBBY", at("03-03 09:05"))
    assert c.LOG not in found
    silent = clocks_of(heard, "C/001-H")
    assert c.LOG in silent and c.UNSOLVED not in silent
    assert c.UNSOLVED not in clocks_of(Facts(received_at=NINE, heard_at=NINE))


@pytest.mark.rule("C-40")
def test_a_serious_one_reaches_who_decides_within_his_limit():
    facts = Facts(received_at=NINE, validity=VALID, severity=SERIOUS, classified_at=TEN)
    figures = book_figures(C_40__report_within=3, C_40__decides="CO_MGR")
    found = {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=figures)}
    assert (found[c.DIVISION].role, due(found[c.DIVISION])) == ("CO_MGR", at("03-03 13:00"))
    assert c.DIVISION not in clocks_of(Facts(received_at=NINE, validity=INVALID, severity=SERIOUS))


@pytest.mark.rule("C-61")
def test_the_post_of_the_rule_answers_for_the_reply_to_what_was_settled_on_the_spot():
    facts = Facts(received_at=NINE, validity=VALID, on_spot=True, handled_at=TEN)
    figures = book_figures(C_61__replied_by="LOBBY")
    found = {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=figures)}
    assert found[c.ONSPOT_REPLY].role == "LOBBY"
