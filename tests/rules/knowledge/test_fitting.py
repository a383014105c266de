"""What fits: answers by words and letters, scripts by situation and mood, tips by their dialogue line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.rules.fitting import (
    ANSWER,
    MOST_ANSWERS,
    MOST_PRINCIPLES,
    MOST_SCRIPTS,
    MOST_TIPS,
    NEWS,
    PHRASE,
    SCRIPT,
    STANDARD,
    TIP,
    Candidate,
    choose,
    keywords_of,
    missing_in,
    moods_in,
    question_key,
    score,
    situations_in,
    without_numbers,
)
from yingsheng.processes.knowledge.rules.lists import load_lists


@pytest.mark.rule("B-09")
@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("门禁卡丢了", True), ("我的门禁卡找不到", True), ("mjk", True), ("MJK", True), ("m", False),
        ("停车", False), ("", False), ("xyz", False),
    ],
)  # fmt: skip
def test_an_answer_is_found_by_words_and_by_letters(typed: str, fits: bool) -> None:
    found = score(
        typed=typed, title="门禁卡丢了怎么补", keywords=["门禁卡", "补办"], initials="mjkdlzmb mjk bb"
    )
    assert bool(found) is fits


@pytest.mark.rule("B-09")
@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("she lost her access card", True), ("she is angry", False), ("what is this about", False),
        ("card", True), ("停车 card", True),
    ],
)  # fmt: skip
def test_english_is_matched_by_words_not_by_letters(typed: str, fits: bool) -> None:
    title = "门禁卡丢了先做什么 What to do first when an access card is lost"
    assert bool(score(typed=typed, title=title, keywords=["门禁卡"], initials="mjk")) is fits


@given(words=st.lists(st.text("门禁卡停车费ab", min_size=1, max_size=4), max_size=6))
def test_keywords_are_kept_once_in_order(words: list[str]) -> None:
    for mark in (" ", "，", "、", ";"):
        assert keywords_of(text=mark.join(words)) == list(dict.fromkeys(words))


@pytest.mark.rule("W-34")
@pytest.mark.parametrize(
    ("kind", "fields", "lacks"),
    [
        (ANSWER, {}, {"category": "needed"}),
        (ANSWER, {"category": "fees"}, {}),
        (SCRIPT, {}, {"situation": "needed"}),
        (SCRIPT, {"situation": "phone_in", "line": "B3"}, {}),
        (SCRIPT, {"situation": "phone_in", "line": "Aa4"}, {}),
        (SCRIPT, {"situation": "phone_in", "line": "3B"}, {"line": "unfit"}),
        (TIP, {}, {"part": "needed"}),
        (TIP, {"part": "tip_detail"}, {}),
        (TIP, {"part": "phrase_thanks"}, {"part": "unfit"}),
        (PHRASE, {"part": "phrase_thanks"}, {}),
        (STANDARD, {"part": "doc_guide"}, {}),
        (NEWS, {}, {}),
        (NEWS, {"part": "tip_detail"}, {"part": "unfit"}),
    ],
)
def test_each_kind_says_what_it_lacks(kind: str, fields: dict[str, str], lacks: dict[str, str]) -> None:
    given_ = {"category": "", "situation": "", "part": "", "line": "", **fields}
    assert missing_in(kind=kind, **given_) == lacks


def candidate(number: int, kind: str, **fields: str) -> Candidate:
    return Candidate(id=number, kind=kind, title=fields.pop("title", ""), **fields)  # type: ignore[arg-type]


ROWS = [
    candidate(1, SCRIPT, situation="complaint", mood="calm", line="F1"),
    candidate(2, SCRIPT, situation="complaint", mood="angry", line="F2"),
    candidate(3, SCRIPT, situation="phone_in", mood="calm", line="A1"),
    candidate(4, TIP, part="tip_psychology", line="F2"),
    candidate(5, TIP, part="tip_work", line="A1"),
    candidate(6, STANDARD, part="std_principle", situation="complaint"),
    candidate(7, ANSWER, title="门禁卡丢了怎么补", category="access"),
    candidate(8, PHRASE, part="phrase_thanks", situation="complaint"),
]


@pytest.mark.rule("W-34", "W-32", "W-21")
def test_mood_and_situation_choose_the_line_and_the_line_its_tips() -> None:
    calm = choose(rows=ROWS, text="", process="complaints")
    assert calm == [1, 3, 5, 6]
    angry = choose(rows=ROWS, text="他很生气，说我们推来推去", process="complaints")
    assert angry[:2] == [2, 1] and 4 in angry and 6 in angry
    enquiry = choose(rows=ROWS, text="门禁卡丢了", process="enquiries")
    assert enquiry[:2] == [7, 3] and 6 not in enquiry


@pytest.mark.rule("W-34")
def test_words_tell_of_moods_and_situations() -> None:
    assert moods_in(text="阿婆说听不清") == {"elderly"}
    assert moods_in(text="灯坏了") == {"calm"}
    assert situations_in(process="repairs", text="闻到燃气味")[0] == "emergency"
    assert situations_in(process="unknown", text="") == ()


kinds = st.sampled_from((ANSWER, SCRIPT, TIP, STANDARD, PHRASE, NEWS))
rows_ = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 50),
        kind=kinds,
        title=st.text("门禁卡停车投诉", max_size=6),
        situation=st.sampled_from(("", *Article.Situation.values)),
        mood=st.sampled_from(("", *Article.Mood.values)),
        part=st.sampled_from(("", *Article.Part.values)),
        line=st.sampled_from(("", "A1", "F2")),
    ),
    max_size=30,
    unique_by=lambda one: one.id,
)


@pytest.mark.rule("W-34")
@given(
    rows=rows_, text=st.text("门禁卡停车投诉生气着急骂", max_size=20),
    process=st.sampled_from(("complaints", "repairs", "enquiries", "other")),
)  # fmt: skip
def test_never_more_than_fits_beside_a_form_and_nobody_calm_is_soothed(
    rows: list[Candidate], text: str, process: str
) -> None:
    by_id = {one.id: one for one in rows}
    chosen = choose(rows=rows, text=text, process=process)
    assert len(set(chosen)) == len(chosen)
    for kind, most in (
        (ANSWER, MOST_ANSWERS), (SCRIPT, MOST_SCRIPTS), (TIP, MOST_TIPS), (STANDARD, MOST_PRINCIPLES), (PHRASE, 0)
    ):  # fmt: skip
        assert sum(by_id[one].kind == kind for one in chosen) <= most
    moods = moods_in(text=text) | {"", "calm"}
    assert all(by_id[one].mood in moods for one in chosen if by_id[one].kind == SCRIPT)


@pytest.mark.rule("W-26")
@given(text=st.text("门禁卡abAB ，。？", max_size=20))
def test_the_same_words_have_one_key(text: str) -> None:
    key = question_key(text=text)
    assert question_key(text=f" {text.upper()}？") == key
    assert question_key(text=key) == key


@pytest.mark.rule("W-26")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000说空调滴水", "…说空调滴水"), ("0755-2000 0001 打不通", "… 打不通"), ("3-2-1802漏水", "…漏水"),
        ("B3层怎么走", "B3层怎么走"), ("2026年的账单", "2026年的账单"), ("44030119900101123X", "…"), ("", ""),
    ],
)  # fmt: skip
def test_numbers_that_name_somebody_are_left_out(typed: str, kept: str) -> None:
    assert without_numbers(text=typed) == kept


@pytest.mark.rule("W-26")
@given(text=st.text("0123456789- 楼卡", max_size=30))
def test_no_long_number_is_kept(text: str) -> None:
    kept = without_numbers(text=text)
    assert not re.search(r"\d{5}", kept)
    assert without_numbers(text=kept) == kept


def test_the_lists_name_moods_and_situations_that_exist() -> None:
    lists = load_lists()
    assert set(lists.moods) == set(Article.Mood.values) - {"calm"}
    named = {one for found in lists.situations.values() for one in found} | set(lists.said)
    assert named <= set(Article.Situation.values)
