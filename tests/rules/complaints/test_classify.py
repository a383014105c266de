"""Validity by each model, severity by its definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.complaints.figures import book_figures

from yingsheng.processes.complaints.rules import classify as k
from yingsheng.processes.complaints.rules.classify import decide_severity, decide_validity, step_up
from yingsheng.processes.complaints.rules.facts import MAJOR, MINOR, SERIOUS, SEVERITIES
from yingsheng.processes.complaints.rules.words import guess_category

FIGURES = book_figures()


@pytest.mark.rule("C-18", "C-19", "C-20")
@pytest.mark.parametrize(
    ("cause", "v1", "v2", "v3"),
    [
        (k.OWN_SERVICE, "valid/valid", "valid/valid_1", "valid/valid"),
        (k.DEVELOPER, "assist/assist", "assist/valid_2", "invalid/invalid"),
        (k.ENVIRONMENT, "assist/assist", "assist/valid_2", "invalid/invalid"),
        (k.OUTSIDE_AREA, "assist/assist", "invalid/invalid_a", "invalid/invalid"),
        (k.OUTSIDE_REMIT, "invalid/invalid", "invalid/invalid_b", "invalid/invalid"),
        (k.NO_CLAIM, "invalid/invalid", "invalid/invalid_c", "invalid/invalid"),
        (k.GRUMBLING, "invalid/invalid", "invalid/invalid_c", "invalid/invalid"),
        (k.NOT_OURS, "invalid/invalid", "invalid/invalid_d", "invalid/invalid"),
        (k.PAID_REPAIR, "demand/paid_repair", "demand/paid_repair", "demand/paid_repair"),
        (k.CONSULTATION, "demand/consultation", "demand/consultation", "demand/consultation"),
        (k.SUGGESTION, "demand/suggestion", "demand/suggestion", "demand/suggestion"),
    ],
)
def test_validity_by_model(cause: str, v1: str, v2: str, v3: str):
    for model, expected in (("V1", v1), ("V2", v2), ("V3", v3)):
        found = decide_validity(model=model, cause=cause)
        assert f"{found.code}/{found.detail}" == expected


@pytest.mark.rule("C-18")
def test_what_comes_from_outside_is_only_helped_with_if_the_household_wants_it():
    assert decide_validity(model="V1", cause=k.ENVIRONMENT, wants_help=False).code == "invalid"


def test_unknown_words_are_a_bug():
    with pytest.raises(ValueError, match="cause"):
        decide_validity(model="V1", cause="weather")
    with pytest.raises(ValueError, match="model"):
        decide_validity(model="V9", cause=k.DEVELOPER)


def severity(**facts: object) -> str:
    base = {
        "promise_broken": False,
        "times_raised": 1,
        "major_loss": False,
        "injury": False,
        "our_fault": False,
    }
    return decide_severity(figures=FIGURES, **{**base, **facts}).code  # type: ignore[arg-type]


@pytest.mark.rule("C-21", "C-22", "C-23", "C-24")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, MINOR),
        ({"our_fault": True}, SERIOUS),
        ({"promise_broken": True, "times_raised": 2}, MINOR),
        ({"promise_broken": True, "times_raised": 3}, MAJOR),
        ({"major_loss": True}, MAJOR),
        ({"injury": True}, MAJOR),
        ({"unsolved_a_month": True}, MAJOR),
        ({"our_fault": True, "injury": True}, MAJOR),
    ],
)
def test_severity_by_definition(facts: dict[str, object], expected: str):
    assert severity(**facts) == expected


@given(
    promise=st.booleans(), times=st.integers(1, 20), loss=st.booleans(), injury=st.booleans(), fault=st.booleans(),
    month=st.booleans(),
)  # fmt: skip
@pytest.mark.rule("C-21")
def test_more_against_us_never_makes_a_complaint_lighter(
    promise: bool, times: int, loss: bool, injury: bool, fault: bool, month: bool
):
    here = severity(
        promise_broken=promise,
        times_raised=times,
        major_loss=loss,
        injury=injury,
        our_fault=fault,
        unsolved_a_month=month,
    )
    worse = severity(
        promise_broken=True,
        times_raised=times + 1,
        major_loss=loss,
        injury=injury,
        our_fault=True,
        unsolved_a_month=month,
    )
    assert SEVERITIES.index(worse) >= SEVERITIES.index(here)


@pytest.mark.rule("C-56")
@pytest.mark.parametrize(("now", "then"), [(MINOR, SERIOUS), (SERIOUS, MAJOR), (MAJOR, MAJOR), ("", "")])
def test_a_repeated_complaint_is_one_degree_graver(now: str, then: str):
    assert step_up(severity=now) == then


@pytest.mark.rule("C-25")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("厨房漏水三天没人修", "repair"),
        ("楼道垃圾没人打扫，很脏", "cleaning"),
        ("保安不管陌生人进出", "security"),
        ("楼上装修电钻吵", "renovation"),
        ("前台态度很凶", "staff_attitude"),
        ("包裹丢了", "mail"),
        ("草坪没人修剪浇水", "greening"),
        ("想反映一个情况", "other"),
    ],
)
def test_the_subject_is_guessed_from_the_words(text: str, category: str):
    assert guess_category(text=text) == category
