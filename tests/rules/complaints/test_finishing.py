"""What must stand before a complaint counts as handled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE
from tests.rules.complaints.figures import book_figures

from yingsheng.processes.complaints.rules.facts import ASSIST, INVALID, VALID, Facts
from yingsheng.processes.complaints.rules.finishing import (
    CONSENT,
    HARM,
    PLAN,
    VERIFICATION,
    Open,
    open_before_finish,
)

VALID_ONE = Facts(received_at=MONDAY_NINE, validity=VALID)
NO_CONSENT = {"C_58__consent_required": None}
NO_PLAN = {**NO_CONSENT, "C_35__plan_within": None, "C_36__complex_plan_within": None}


@pytest.mark.rule("C-16", "C-35", "C-36", "C-58")
@pytest.mark.parametrize(
    ("verified", "planned", "consented", "expected"),
    [
        (False, False, False, Open(what=VERIFICATION, rule="C-16")),
        (False, True, True, Open(what=VERIFICATION, rule="C-16")),
        (True, False, False, Open(what=PLAN, rule="C-58")),
        (True, True, False, Open(what=CONSENT, rule="C-58")),
        (True, True, True, None),
    ],
)
def test_a_valid_one_is_verified_planned_and_agreed_in_this_order(
    verified: bool, planned: bool, consented: bool, expected: Open | None
):
    done = {"verified": verified, "planned": planned, "consented": consented}
    assert open_before_finish(facts=VALID_ONE, figures=book_figures(), **done) == expected


@pytest.mark.rule("C-35", "C-36", "C-58")
@pytest.mark.parametrize(
    ("changes", "is_complex", "rule"),
    [
        (NO_CONSENT, False, "C-35"),
        (NO_CONSENT, True, "C-36"),
        ({**NO_CONSENT, "C_36__complex_plan_within": None}, True, "C-35"),
        ({**NO_CONSENT, "C_35__plan_within": None}, False, "C-36"),
    ],
)
def test_without_consent_a_plan_is_owed_by_the_rule_that_times_it(
    changes: dict[str, object], is_complex: bool, rule: str
):
    found = open_before_finish(
        facts=replace(VALID_ONE, complex=is_complex), figures=book_figures(**changes), verified=True, planned=False,
        consented=False,
    )  # fmt: skip
    assert found == Open(what=PLAN, rule=rule)


@pytest.mark.rule("C-16", "C-58")
@pytest.mark.parametrize(
    ("facts", "changes", "expected"),
    [
        (VALID_ONE, NO_PLAN, VERIFICATION),
        (VALID_ONE, {**NO_PLAN, "C_16__verify_within": None}, None),
        (replace(VALID_ONE, validity=ASSIST), {}, VERIFICATION),
        (replace(VALID_ONE, validity=INVALID), {}, None),
        (replace(VALID_ONE, on_spot=True), {}, None),
        (replace(VALID_ONE, on_spot=True, reopened_at=MONDAY_NINE), {}, VERIFICATION),
        (replace(VALID_ONE, validity=ASSIST), {"C_29__scope": "own_service_valid_only"}, None),
    ],
)
def test_nothing_is_asked_that_no_adopted_rule_asks(
    facts: Facts, changes: dict[str, object], expected: str | None
):
    found = open_before_finish(
        facts=facts, figures=book_figures(**changes), verified=False, planned=False, consented=False
    )
    assert (found.what if found else None) == expected


@pytest.mark.rule("C-17")
@pytest.mark.parametrize(
    ("facts", "changes", "expected"),
    [
        (VALID_ONE, {}, HARM),
        (replace(VALID_ONE, validity=INVALID), {}, HARM),
        (replace(VALID_ONE, validity=ASSIST), {"C_29__scope": "own_service_valid_only"}, HARM),
        (replace(VALID_ONE, on_spot=True), {}, None),
        (VALID_ONE, {"C_17__ongoing_harm_first": False}, None),
        (VALID_ONE, {"C_17__ongoing_harm_first": None}, None),
    ],
)
def test_harm_that_goes_on_is_stopped_before_anything_is_finished(
    facts: Facts, changes: dict[str, object], expected: str | None
):
    found = open_before_finish(
        facts=replace(facts, ongoing_harm=True), figures=book_figures(**changes), verified=True, planned=True,
        consented=True,
    )  # fmt: skip
    assert found == (Open(what=HARM, rule="C-17") if expected else None)


@given(
    validity=st.sampled_from([VALID, ASSIST, INVALID]),
    is_complex=st.booleans(),
    on_spot=st.booleans(),
    preset=st.sampled_from(["C/composite", "C/003-12", "C/001-H", "C/001-I", "C/000", "C/001-C", "C/003-9"]),
)
@pytest.mark.rule("C-16", "C-58")
def test_whoever_did_all_of_it_is_never_held_up(validity: str, is_complex: bool, on_spot: bool, preset: str):
    facts = Facts(received_at=MONDAY_NINE, validity=validity, complex=is_complex, on_spot=on_spot)
    done = {"verified": True, "planned": True, "consented": True}
    assert open_before_finish(facts=facts, figures=book_figures(preset), **done) is None
