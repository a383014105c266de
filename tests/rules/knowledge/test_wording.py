"""Filling in: never a brace on the screen, nothing filled in twice, and unknown braces refused when written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.knowledge.rules.lists import load_lists
from yingsheng.processes.knowledge.rules.wording import fill, unknown_places

PLACES = [name for place in load_lists().places for name in (place.code, place.zh, place.en)]


@pytest.mark.rule("W-24", "W-17")
@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{称呼}您好，我是{工作人员}。", {"address": "钱女士", "me": "王前台"}, "钱女士您好，我是王前台。"),
        ("{称呼}，您好。", {"address": "钱女士"}, "钱女士，您好。"),
        ("{称呼}，您好。", {}, "您好。"),
        ("请{称呼}稍等。", {}, "请稍等。"),
        ("铃响{W-17.rings}声之内接", {"W-17.rings": "3"}, "铃响3声之内接"),
        ("铃响{W-17.rings}声之内接", {}, "铃响……声之内接"),
        ("记下{ 房号 }", {"room": "3-2-1802"}, "记下3-2-1802"),
        ("{address}", {"address": "{房号}", "room": "1802"}, "（房号）"),
        ("单独的{括号", {}, "单独的（括号"),
    ],
)
def test_braces_are_filled_once(text: str, values: dict[str, str], said: str) -> None:
    assert fill(text=text, values=values, english=False) == said


@pytest.mark.rule("W-24")
def test_in_english_general_words_stand_for_what_is_not_known() -> None:
    assert fill(text="Good day, {address}.", values={}, english=True) == "Good day, sir or madam."
    assert fill(text="{unknown}", values={}, english=True) == "…"


pieces = st.one_of(
    st.sampled_from([f"{{{name}}}" for name in PLACES]), st.text("您好{}，请<b>&\"' 称呼", max_size=12)
)


@pytest.mark.rule("W-24")
@given(
    text=st.lists(pieces, max_size=8).map("".join),
    values=st.dictionaries(
        st.sampled_from([place.code for place in load_lists().places]),
        st.text("王钱{}<>&称呼room", max_size=10),
    ),
    english=st.booleans(),
)
def test_no_brace_is_left_whatever_is_written_or_filled_in(
    text: str, values: dict[str, str], english: bool
) -> None:
    said = fill(text=text, values=values, english=english)
    assert "{" not in said and "}" not in said
    assert fill(text=said, values=values, english=english) == said


@pytest.mark.rule("W-24")
@given(text=st.lists(pieces, max_size=8).map("".join))
def test_what_may_be_written_is_filled_in_without_a_pause_for_unknown_braces(text: str) -> None:
    if not unknown_places(text=text, figures=()):
        assert "……" not in fill(text=text, values={}, english=False)


def test_unknown_braces_are_named() -> None:
    assert unknown_places(text="{称呼}{小名}{W-17.rings}", figures=("W-17.rings",)) == ["小名"]
    assert unknown_places(text="多了一个}", figures=()) == ["{"]
    assert unknown_places(text="没有括号", figures=()) == []
