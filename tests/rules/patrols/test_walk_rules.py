"""When what a phone tells counts, what a finding must say, what a report is made of, how a standard reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.patrols.rules.standards import FIGURES, Item, load_library
from yingsheng.processes.patrols.rules.walks import (
    OLDEST,
    Found,
    Walk,
    acted_at,
    finding_problem,
    report_text,
)

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


@given(offset=st.timedeltas(min_value=-timedelta(days=30), max_value=timedelta(days=30)))
def test_a_device_is_believed_unless_it_tells_of_the_future_or_of_long_ago(offset: timedelta) -> None:
    told = NOW + offset
    found = acted_at(told=told, at=NOW)
    assert found == (told if timedelta(0) <= -offset <= OLDEST else NOW)
    assert found <= NOW
    assert acted_at(told=None, at=NOW) == NOW


@pytest.mark.rule("G-02", "G-05")
@pytest.mark.parametrize(
    ("given_", "problem"),
    [
        ({}, None),
        ({"kind": ""}, ("kind", "no_kind")),
        ({"text": "  "}, ("text", "no_text")),
        ({"kind": "breach"}, ("acts", "no_acts")),
        ({"kind": "breach", "acts": ["stopped"], "action": ""}, None),
        ({"handling": ""}, ("handling", "no_handling")),
        ({"action": ""}, ("action", "no_action")),
        ({"handling": "open", "action": ""}, None),
    ],
)
def test_a_finding_says_what_and_what_was_done(
    given_: dict[str, object], problem: tuple[str, str] | None
) -> None:
    whole: dict[str, object] = {
        "kind": "fault", "text": "灯不亮", "handling": "handled", "action": "换了灯泡", "acts": []
    }  # fmt: skip
    assert finding_problem(**{**whole, **given_}) == problem  # type: ignore[arg-type]


@pytest.mark.rule("G-09")
def test_a_report_tells_what_was_handled_and_what_stays_open() -> None:
    walks = [
        Walk(area="一区", route="3栋", start="09:00", end="09:40", focus="照明"),
        Walk(area="一区", route="地库", start="15:00", end="15:30", focus="照明"),
    ]
    found = [
        Found(words="大堂灯不亮", action="换灯泡", state="handled"),
        Found(words="天台门锁坏", action="", state="passed", number="BX-20250303-0001"),
        Found(words="水管滴水", action="", state="open"),
    ]
    text = report_text(walks=walks, found=found, nothing="无")
    assert (text.area, text.route, text.focus) == ("一区", "3栋、地库", "照明")
    assert text.time == "09:00–09:40；15:00–15:30"
    assert text.findings.splitlines() == ["1. 大堂灯不亮", "2. 天台门锁坏", "3. 水管滴水"]
    assert text.action == "1. 换灯泡"
    assert text.open_items.splitlines() == ["2. 天台门锁坏 BX-20250303-0001", "3. 水管滴水"]
    empty = report_text(walks=[], found=[], nothing="无")
    assert (empty.findings, empty.action, empty.open_items) == ("无", "无", "无")


def test_every_item_reads_in_both_languages_whatever_the_figures_are() -> None:
    full = dict.fromkeys(FIGURES, 7)
    for section in load_library().sections:
        for item in section.items:
            for figures in (full, dict.fromkeys(FIGURES)):
                if item.applies(figures=figures):
                    zh, en = (item.read(language=code, figures=figures) for code in ("zh-hans", "en"))
                    assert zh != en and "None" not in zh + en and "{" not in zh + en, item.code


def test_an_item_without_its_figure_reads_without_it_or_is_not_asked() -> None:
    words = {"zh": "不超过{nail_mm}毫米", "en": "at most {nail_mm} mm"}
    item = Item(code="a", rule="W-05", words=words)
    assert not item.applies(figures={"nail_mm": None})
    soft = Item(code="a", rule="W-05", words=words, silent={"zh": "不留长", "en": "not long"})
    assert soft.applies(figures={}) and soft.read(language="en", figures={}) == "not long"
    assert soft.read(language="zh-hans", figures={"nail_mm": 2}) == "不超过2毫米"
    choice = Item(
        code="b", rule="W-05", choice="polish",
        words={"none": {"zh": "不涂", "en": "none"}, "any": {"zh": "可涂", "en": "any"}},
    )  # fmt: skip
    assert choice.read(language="en", figures={"polish": "any"}) == "any"
    assert choice.read(language="en", figures={"polish": "strange"}) == "none"
