"""How people are addressed (W-24): the table of the rule, and that a form that is not used never comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.knowledge.rules.address import (
    AS_ASKED,
    EITHER,
    MISS,
    MR,
    MRS,
    MS,
    TITLE,
    YOU,
    Address,
    Customs,
    Somebody,
    decide_address,
    surname_of,
)
from yingsheng.processes.knowledge.rules.lists import load_lists

AVOIDED = ("老板", "老板娘", "亲爱的")
CUSTOMS = Customs(avoided=AVOIDED)


@pytest.mark.rule("W-24")
@pytest.mark.parametrize(
    ("who", "manner", "surname"),
    [
        (Somebody(name="王建国", gender="man", title="主任"), TITLE, "王"),
        (Somebody(name="王建国", gender="man"), MR, "王"),
        (Somebody(name="李梅", gender="woman", married=True), MRS, "李"),
        (Somebody(name="李梅", gender="woman"), MISS, "李"),
        (Somebody(name="李梅"), EITHER, "李"),
        (Somebody(name="欧阳明", gender="man"), MR, "欧阳"),
        (Somebody(name="李梅", call_as="李女士"), MS, "李"),
        (Somebody(name="李梅", call_as="李老师"), AS_ASKED, "李"),
        (Somebody(name="孙女士"), MS, "孙"),
        (Somebody(name="John Smith", gender="man"), MR, "Smith"),
        (Somebody(name="王建国", gender="man", title="老板"), MR, "王"),
        (Somebody(name="王建国", call_as="王老板"), EITHER, "王"),
        (Somebody(name="路过的访客"), YOU, ""),
        (Somebody(name="附近商户"), YOU, ""),
        (Somebody(), YOU, ""),
    ],
)
def test_the_manners_of_the_rule(who: Somebody, manner: str, surname: str) -> None:
    found = decide_address(who=who, customs=CUSTOMS)
    assert (found.manner, found.surname) == (manner, surname)


@pytest.mark.rule("W-24")
def test_a_site_may_choose_other_manners() -> None:
    customs = Customs(woman=MS, married_woman=MS, unknown=YOU)
    assert decide_address(who=Somebody(name="李梅", gender="woman"), customs=customs).manner == MS
    assert decide_address(who=Somebody(name="李梅"), customs=customs).manner == YOU


def test_a_surname_of_two_characters_is_looked_for_first() -> None:
    assert surname_of(name="司马光") == "司马"
    assert surname_of(name="司徒") == "司徒"
    assert surname_of(name="王") == ""
    assert surname_of(name="水管爆了") == ""
    assert surname_of(name="") == ""


names = st.text(st.sampled_from("王李欧阳明芳水电房客 ABab老板先生女士亲爱的"), max_size=8)


@pytest.mark.rule("W-24")
@given(
    name=names, call_as=names, title=st.sampled_from(("", "主任", "老板", "经理")),
    gender=st.sampled_from(("", "man", "woman")), married=st.booleans(),
)  # fmt: skip
def test_no_form_that_is_not_used_comes_out(
    name: str, call_as: str, title: str, gender: str, married: bool
) -> None:
    who = Somebody(name=name, call_as=call_as, title=title, gender=gender, married=married)
    found = decide_address(who=who, customs=CUSTOMS)
    assert isinstance(found, Address)
    assert not any(found.word.endswith(form) for form in AVOIDED)
    assert (found.manner == YOU) == (not found.surname and not found.word)
    if found.manner in (AS_ASKED, TITLE):
        assert found.word
    else:
        assert found.manner in {MR, MRS, MISS, MS, EITHER, YOU}


def test_the_lists_hold_together() -> None:
    lists = load_lists()
    assert all(len(one) == 1 for one in lists.surnames)
    assert all(len(one) == 2 for one in lists.compound_surnames)
    names = [name for place in lists.places for name in {place.code, place.zh, place.en}]
    assert len(set(names)) == len(names)
