"""What is promised about a complaint: the worked examples of the catalogue and properties of the clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.complaints.figures import book_figures

from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.worktime.arithmetic import WorkCalendar, due_at
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import decide_reply, decide_tell, missing_modes
from yingsheng.processes.complaints.rules.clocks import Clock, decide_clocks, extension_rule
from yingsheng.processes.complaints.rules.facts import (
    ASSIST,
    INVALID,
    MAJOR,
    MINOR,
    SERIOUS,
    SEVERITIES,
    VALID,
    Facts,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2025, 3, 3, 9, 0, tzinfo=SHANGHAI)
ALWAYS = WorkCalendar(weekly=((),) * 7, overrides={}, loaded_years=frozenset(), follows_holidays=False)
PRESETS = [preset.id for preset in load_book().presets_of("C")]


def due(clock: Clock) -> datetime:
    """The local moment a clock runs out."""
    if clock.fixed_due_at is not None:
        return clock.fixed_due_at
    at = due_at(
        start=clock.starts_at, amount=int(clock.figure.value), unit=clock.figure.unit, calendar=ALWAYS
    ).at
    return at.astimezone(SHANGHAI)


def clocks_of(facts: Facts, preset: str = "C/composite") -> dict[str, Clock]:
    return {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=book_figures(preset))}


def at(text: str) -> datetime:
    return datetime.strptime(f"2025-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.example("T-C01")
@pytest.mark.rule("C-12", "C-13", "C-61")
def test_example_c01_lobby_solves_on_the_spot():
    facts = Facts(
        received_at=NINE, on_spot=True, heard_elsewhere=True, validity=VALID, handled_at=at("03-03 09:20")
    )
    found = clocks_of(facts)
    assert due(found[c.ONSPOT_REPORT]) == at("03-03 10:20")
    assert due(found[c.ONSPOT_REPLY]) == at("03-03 11:20")
    assert c.CONTACT not in found


@pytest.mark.example("T-C04")
@pytest.mark.rule("C-63")
def test_example_c04_valid_complaint_prefers_a_visit_but_a_call_counts():
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR)
    rule = decide_reply(facts=facts, figures=book_figures())
    assert rule.preferred == "visit"
    assert missing_modes(rule=rule, used=["phone"]) == ()
    assert [lack.mode for lack in missing_modes(rule=rule, used=[])] == ["visit"]


@pytest.mark.rule("C-46", "C-48", "C-66")
def test_example_c07_road_noise_is_negotiated_outside():
    facts = Facts(received_at=NINE, validity=ASSIST, severity=MINOR, classified_at=at("03-03 10:00"))
    found = clocks_of(facts)
    assert due(found[c.NEGOTIATE]) == at("03-04 10:00")
    assert c.SOLVE not in found


@pytest.mark.rule("C-64")
def test_example_c13_written_complaint_needs_writing_and_another_mode():
    rule = decide_reply(facts=Facts(received_at=NINE, validity=VALID, written=True), figures=book_figures())
    assert [lack.mode for lack in missing_modes(rule=rule, used=["writing"])] == ["another"]
    assert [lack.mode for lack in missing_modes(rule=rule, used=["phone"])] == ["writing"]
    assert missing_modes(rule=rule, used=["writing", "visit"]) == ()


@pytest.mark.example("T-C19")
@pytest.mark.rule("C-37", "C-39")
def test_example_c19_the_households_own_limit_prevails():
    wanted = at("03-04 12:00")
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR, household_limit_at=wanted)
    assert due(clocks_of(facts)[c.SOLVE]) == wanted
    without = Facts(received_at=NINE, validity=VALID, severity=MINOR)
    assert due(clocks_of(without)[c.SOLVE]) == at("03-05 09:00")


@pytest.mark.example("T-C22")
@pytest.mark.rule("C-39")
def test_example_c22_serious_one_is_due_after_three_days_and_only_the_company_manager_extends():
    facts = Facts(received_at=NINE, validity=VALID, severity=SERIOUS)
    assert due(clocks_of(facts)[c.SOLVE]) == at("03-06 09:00")
    allowed = extension_rule(severity=SERIOUS, figures=book_figures())
    assert allowed is not None
    assert (allowed.role, allowed.rule) == ("CO_MGR", "C-39")
    minor = extension_rule(severity=MINOR, figures=book_figures())
    assert minor is not None
    assert minor.role == "SITE_HEAD"
    assert extension_rule(severity="", figures=book_figures()) is None


@pytest.mark.example("T-C25")
@pytest.mark.rule("C-35")
def test_example_c25_office_preset_wants_a_plan_within_a_day():
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR)
    found = clocks_of(facts, "C/001-H")
    assert due(found[c.PLAN]) == at("03-04 09:00")
    assert due(found[c.HANDLE]) == at("03-04 09:00")
    assert c.SOLVE not in found


@pytest.mark.rule("C-33", "C-34")
@pytest.mark.parametrize(
    ("preset", "rule", "moment"),
    [
        ("C/composite", "C-33", "03-03 11:00"),
        ("C/003-12", "C-33", "03-03 11:00"),
        ("C/001-C", "C-34", "03-03 11:00"),
        ("C/003-9", "C-33", "03-03 09:00"),
    ],
)
def test_first_contact_by_preset(preset: str, rule: str, moment: str):
    clock = clocks_of(Facts(received_at=NINE), preset)[c.CONTACT]
    assert clock.figure.rule == rule
    assert due(clock) == at(moment)


@pytest.mark.rule("C-34")
def test_first_reply_carries_the_clock_where_c33_is_silent():
    figures = book_figures(C_33__contact_within=None)
    found = {
        clock.milestone: clock for clock in decide_clocks(facts=Facts(received_at=NINE), figures=figures)
    }
    assert found[c.CONTACT].figure.rule == "C-34"
    assert found[c.CONTACT].advisory


@pytest.mark.rule("C-34", "C-33")
def test_a_first_reply_that_is_no_mere_advice_is_a_limit_like_any_other():
    strict = book_figures("C/001-C", C_34__first_reply_advisory=False)
    (clock,) = (
        one
        for one in decide_clocks(facts=Facts(received_at=NINE), figures=strict)
        if one.milestone == c.CONTACT
    )
    assert not clock.advisory
    assert not clocks_of(Facts(received_at=NINE))[c.CONTACT].advisory


@pytest.mark.rule("C-36")
def test_a_complex_matter_gets_its_plan_by_the_rule_for_complex_ones():
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR, complex=True)
    assert clocks_of(facts)[c.PLAN].figure.rule == "C-36"
    assert clocks_of(facts, "C/001-H")[c.PLAN].figure.rule == "C-35"


@pytest.mark.rule("C-37", "C-39", "C-40")
def test_major_one_is_reported_today_answered_in_two_days_and_solved_in_ten():
    facts = Facts(received_at=NINE, validity=VALID, severity=MAJOR, classified_at=at("03-03 10:00"))
    found = clocks_of(facts)
    assert due(found[c.MAJOR_REPORT]) == datetime(2025, 3, 3, 23, 59, 59, tzinfo=SHANGHAI)
    assert due(found[c.MAJOR_ANSWER]) == at("03-05 09:00")
    assert due(found[c.SOLVE]) == at("03-13 09:00")
    roles = {tell.role: tell.rule for tell in decide_tell(facts=facts, figures=book_figures())}
    assert roles["SITE_HEAD"] == "C-37"
    assert roles["DIV_MGR"] == "C-40"


@pytest.mark.rule("C-37", "C-38", "C-41")
def test_serious_one_reaches_the_area_supervisor_within_the_hour():
    found = clocks_of(Facts(received_at=NINE, validity=VALID, severity=SERIOUS))
    assert due(found[c.ESCALATE]) == at("03-03 10:00")
    assert found[c.ESCALATE].role == "AREA_SUP"


@pytest.mark.rule("C-37")
def test_major_one_caused_by_the_developer_is_still_reported():
    found = clocks_of(Facts(received_at=NINE, validity=ASSIST, severity=MAJOR, classified_at=NINE))
    assert c.MAJOR_REPORT in found
    assert c.SOLVE not in found


@pytest.mark.rule("C-67", "C-49")
def test_invalid_one_is_answered_within_two_hours_and_has_no_other_clock():
    found = clocks_of(
        Facts(received_at=NINE, validity=INVALID, severity=MINOR, classified_at=at("03-03 09:30"))
    )
    assert due(found[c.REPLY]) == at("03-03 11:30")
    assert set(found) == {c.REPLY}


@pytest.mark.rule("C-62")
def test_valid_one_is_answered_the_day_it_is_handled_unless_another_time_was_agreed():
    handled = at("03-04 15:00")
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR, handled_at=handled)
    assert due(clocks_of(facts)[c.REPLY]) == datetime(2025, 3, 4, 23, 59, 59, tzinfo=SHANGHAI)
    agreed = Facts(
        received_at=NINE,
        validity=VALID,
        severity=MINOR,
        handled_at=handled,
        agreed_reply_at=at("03-06 10:00"),
    )
    assert due(clocks_of(agreed)[c.REPLY]) == at("03-06 10:00")


@pytest.mark.rule("C-55")
def test_what_the_company_centre_forwarded_is_reported_back_within_twelve_hours_of_handling():
    facts = Facts(received_at=NINE, validity=VALID, severity=MINOR, handled_at=NINE, forwarded_by_hq=True)
    assert due(clocks_of(facts)[c.HQ_REPORT]) == at("03-03 21:00")


@pytest.mark.rule("C-24", "C-21")
def test_a_valid_one_unsolved_for_a_month_is_raised_a_calendar_month_after_registration():
    found = clocks_of(Facts(received_at=NINE, validity=VALID, severity=MINOR))
    assert due(found[c.AUTO_UPGRADE]) == at("04-03 09:00")


@pytest.mark.rule("C-16", "C-87")
def test_facts_are_checked_and_somebody_is_named():
    found = clocks_of(Facts(received_at=NINE))
    assert found[c.VERIFY].figure.rule == "C-16"
    assert found[c.ASSIGN].figure.rule == "C-87"


@pytest.mark.example("T-B01")
@pytest.mark.rule("B-06")
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("validity", ["", VALID, ASSIST, INVALID])
def test_an_e_mail_of_nine_is_answered_by_ten_whatever_it_turns_out_to_be(preset: str, validity: str):
    found = clocks_of(Facts(received_at=NINE, by_email=True, validity=validity, classified_at=NINE), preset)
    assert (found[c.EMAIL].figure.rule, due(found[c.EMAIL])) == ("B-06", at("03-03 10:00"))
    assert c.EMAIL not in clocks_of(Facts(received_at=NINE, validity=validity, classified_at=NINE), preset)


@pytest.mark.rule("B-06", "C-80")
def test_an_e_mail_of_the_night_is_answered_in_the_morning():
    found = clocks_of(Facts(received_at=at("03-03 23:00"), by_email=True, night=True))
    assert due(found[c.EMAIL]) == at("03-04 10:00")


@pytest.mark.rule("C-52")
def test_mall_preset_wants_it_done_the_same_day():
    found = clocks_of(Facts(received_at=NINE, validity=VALID, severity=MINOR), "C/003-9")
    assert due(found[c.SAME_DAY_FIX]) == datetime(2025, 3, 3, 23, 59, 59, tzinfo=SHANGHAI)


@pytest.mark.rule("X-05", "C-65", "X-06")
def test_a_group_is_reported_at_once_and_answered_by_visit():
    facts = Facts(received_at=NINE, group=True, validity=VALID, severity=SERIOUS)
    assert clocks_of(facts)[c.GROUP_INFORM].role == "SITE_HEAD"
    handled = Facts(
        received_at=NINE, group=True, validity=VALID, severity=SERIOUS, handled_at=at("03-04 09:00")
    )
    assert c.REPLY not in clocks_of(handled)
    told = [tell.role for tell in decide_tell(facts=facts, figures=book_figures())]
    assert {"SITE_HEAD", "DGM", "HQ_COMPLAINT"} <= set(told)
    rule = decide_reply(facts=Facts(received_at=NINE, in_group=True, validity=VALID), figures=book_figures())
    assert [lack.mode for lack in missing_modes(rule=rule, used=["phone", "writing"])] == ["visit"]


@pytest.mark.rule("C-84")
def test_somebody_without_a_home_here_is_reported_to_the_supervisor():
    told = decide_tell(facts=Facts(received_at=NINE, on_spot=True), figures=book_figures(), has_home=False)
    assert [(tell.role, tell.rule) for tell in told] == [("CS_SUP", "C-84")]


moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


@given(
    received=moments,
    validity=st.sampled_from(["", VALID, ASSIST, INVALID]),
    severity=st.sampled_from(["", *SEVERITIES]),
    preset=st.sampled_from(PRESETS),
    flags=st.tuples(*[st.booleans()] * 5),
    handled_after=st.none() | st.integers(min_value=0, max_value=100_000),
)
@pytest.mark.rule("C-29")
def test_every_clock_cites_a_rule_starts_no_earlier_than_the_complaint_and_stands_once(
    received: datetime,
    validity: str,
    severity: str,
    preset: str,
    flags: tuple[bool, ...],
    handled_after: int | None,
):
    handled = None if handled_after is None else received + timedelta(minutes=handled_after)
    on_spot, written, group, by_hq, complex_ = flags
    facts = Facts(
        received_at=received,
        validity=validity,
        severity=severity,
        classified_at=received if validity else None,
        on_spot=on_spot and handled is not None,
        written=written,
        group=group,
        forwarded_by_hq=by_hq,
        complex=complex_,
        handled_at=handled,
    )
    found = decide_clocks(facts=facts, figures=book_figures(preset))
    assert len({clock.milestone for clock in found}) == len(found)
    for clock in found:
        assert clock.milestone in c.MILESTONES
        assert clock.figure.rule in load_book().rules
        assert clock.starts_at >= received
        assert due(clock) >= clock.starts_at


@given(received=moments, severity=st.sampled_from(SEVERITIES))
@pytest.mark.rule("C-39")
def test_a_graver_complaint_is_never_reported_later_than_a_lighter_one(received: datetime, severity: str):
    found = clocks_of(Facts(received_at=received, validity=VALID, severity=severity, classified_at=received))
    reports = [milestone for milestone in (c.ESCALATE, c.MAJOR_REPORT) if milestone in found]
    assert bool(reports) == (severity != MINOR)
