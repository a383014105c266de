"""A pass is used once, a revoked one never passes, a list is read as it was written, others need the owner."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.visitors.rules.passes import (
    AT_GATE,
    ENDED,
    OPEN,
    BadList,
    Line,
    acted_at,
    blocks,
    consent_problem,
    differs,
    gate_problem,
    read_list,
    write_list,
)
from yingsheng.processes.visitors.rules.visits import entry_problem, forget_before, id_problem
from yingsheng.processes.visitors.rules.weeks import Fate, count_week, slips_differ, to_explain, unexplained

NOON = datetime(2025, 3, 3, 12, 0)
STATES = st.sampled_from([*OPEN, *ENDED])
ANSWERS = st.sampled_from(["", "yes", "no"])
MOMENTS = st.integers(-100, 100).map(lambda hours: NOON + timedelta(hours=hours))
NAME = st.from_regex(r"[\u4e00-\u9fff]{1,10}", fullmatch=True)
LINES = st.lists(
    st.builds(Line, name=NAME, count=st.integers(1, 999), is_bulky=st.booleans()),
    min_size=1, max_size=20, unique_by=lambda one: one.name,
)  # fmt: skip


@pytest.mark.rule("V-02")
@given(state=STATES, answer=ANSWERS, at=MOMENTS, since=MOMENTS, hours=st.integers(1, 48))
def test_a_used_or_revoked_pass_never_passes(
    state: str, answer: str, at: datetime, since: datetime, hours: int
) -> None:
    until = since + timedelta(hours=hours)
    problem = gate_problem(state=state, owner_answer=answer, valid_from=since, valid_until=until, at=at)
    if not problem:
        assert since <= at <= until
        assert state in (*AT_GATE, "expired")
        assert state != "owner_asked" or answer == "yes"
    if state in ("released", "revoked", "replaced", "not_released", "waiting"):
        assert problem == state


@pytest.mark.rule("V-02")
@given(state=STATES, answer=ANSWERS)
def test_a_device_lets_nothing_out_that_the_server_would_not(state: str, answer: str) -> None:
    problem = gate_problem(
        state=state, owner_answer=answer, valid_from=NOON, valid_until=NOON + timedelta(hours=1), at=NOON
    )
    if not blocks(state=state, owner_answer=answer):
        assert not problem


@pytest.mark.rule("V-02")
@given(moments=st.lists(MOMENTS, min_size=2, max_size=6))
def test_a_pass_is_used_once_however_often_it_is_shown(moments: list[datetime]) -> None:
    state, used = "issued", 0
    for at in moments:
        problem = gate_problem(
            state=state, owner_answer="", valid_from=NOON - timedelta(days=9),
            valid_until=NOON + timedelta(days=9), at=at,
        )  # fmt: skip
        if not problem:
            state, used = "released", used + 1
    assert used == 1


@pytest.mark.rule("V-09")
@given(lines=LINES)
def test_a_list_is_read_as_it_was_written(lines: list[Line]) -> None:
    assert read_list(text=write_list(lines=lines)) == tuple(lines)
    assert not differs(found=list(reversed(lines)), wanted=lines)
    more = [Line(name=lines[0].name, count=lines[0].count + 1), *lines[1:]]
    assert differs(found=more, wanted=lines)


@pytest.mark.rule("V-09")
@pytest.mark.parametrize(
    ("text", "name", "count", "bulky"),
    [
        ("双门冰箱 1 大件", "双门冰箱", 1, True), ("纸箱 12个", "纸箱", 12, False), ("沙发x2套", "沙发", 2, False),
        ("钢琴×1台 大件", "钢琴", 1, True), ("手机13 1", "手机13", 1, False), ("  椅子，4把 ", "椅子", 4, False),
    ],
)  # fmt: skip
def test_lines_as_people_write_them(text: str, name: str, count: int, bulky: bool) -> None:
    assert read_list(text=text) == (Line(name=name, count=count, is_bulky=bulky),)


@pytest.mark.rule("V-09")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "none"), (" \n ", "none"), ("冰箱", "line"), ("冰箱 0", "line"), ("冰箱 1000", "line"),
        ("冰箱 1\n冰箱 2", "twice"),
        ("长" * 31 + " 1", "long"),
        ("\n".join(f"箱{sign} 1" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌"), "many"),
    ],
)  # fmt: skip
def test_a_list_that_says_too_little_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadList) as told:
        read_list(text=text)
    assert told.value.reason == reason


@pytest.mark.rule("V-02", "V-09")
@pytest.mark.parametrize(
    ("relation", "way", "told_by", "letters", "wanted"),
    [
        ("owner", "", "", 0, None), ("owner", "self", "", 0, None),
        ("owner", "phone", "钱", 0, ("consent_way", "owner_himself")),
        ("tenant", "", "", 0, ("consent_way", "no_consent")),
        ("relative", "self", "", 0, ("consent_way", "no_consent")),
        ("company", "phone", " ", 0, ("consent_name", "nobody_named")), ("tenant", "phone", "钱女士", 0, None),
        ("tenant", "letter", "钱女士", 0, ("letter", "no_letter")), ("tenant", "letter", "钱女士", 1, None),
        ("tenant", "ask", "", 0, None),
    ],
)  # fmt: skip
def test_whose_consent_a_pass_needs(
    relation: str, way: str, told_by: str, letters: int, wanted: tuple[str, str] | None
) -> None:
    assert consent_problem(relation=relation, way=way, told_by=told_by, letters=letters) == wanted


def test_a_device_is_believed_within_reason() -> None:
    assert acted_at(told=None, at=NOON) == NOON
    assert acted_at(told=NOON - timedelta(hours=2), at=NOON) == NOON - timedelta(hours=2)
    assert acted_at(told=NOON + timedelta(minutes=1), at=NOON) == NOON
    assert acted_at(told=NOON - timedelta(days=4), at=NOON) == NOON


@pytest.mark.rule("V-01", "V-05", "V-06", "V-08")
@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"host_consents": False}, ("host_answer", "host_not_asked")), ({"id_state": "shown"}, None),
        ({"id_state": "unwilling"}, ("id_state", "no_id")), ({"id_state": "forgotten"}, ("leader", "no_leader")),
        ({"id_state": "forgotten", "leader": "李主管"}, None), ({}, ("id_state", "id_not_asked")),
        ({"is_guard": False}, None), ({"id_required": False}, None),
        ({"id_state": "shown", "is_office": True}, ("led_by", "nobody_leads")),
        ({"id_state": "shown", "is_office": True, "led_by": "郑大堂"}, None),
    ],
)  # fmt: skip
def test_who_goes_in(told: dict[str, object], wanted: tuple[str, str] | None) -> None:
    values: dict[str, object] = {
        "id_required": True, "is_guard": True, "id_state": "not_asked", "leader": "", "host_consents": True,
        "is_office": False, "led_by": "",
    }  # fmt: skip
    assert entry_problem(**{**values, **told}) == wanted  # type: ignore[arg-type]


@pytest.mark.rule("V-05")
def test_only_guards_ask_for_an_id() -> None:
    assert id_problem(id_state="shown", is_guard=False) == "only_guards"
    assert id_problem(id_state="shown", is_guard=True) == ""
    assert id_problem(id_state="not_asked", is_guard=False) == ""


@pytest.mark.rule("V-09")
def test_names_are_kept_for_days() -> None:
    assert forget_before(now=NOON, kept_days=30) == NOON - timedelta(days=30)


FATES = st.lists(
    st.builds(Fate, id=st.integers(1, 500), state=STATES, second_uses=st.integers(0, 2)),
    max_size=30, unique_by=lambda one: one.id,
)  # fmt: skip


@pytest.mark.rule("V-02")
@given(fates=FATES, extra=st.integers(0, 3))
def test_a_week_adds_up_and_nothing_odd_goes_unexplained(fates: list[Fate], extra: int) -> None:
    count = count_week(fates=fates)
    parts = (count.released, count.not_released, count.expired, count.revoked, count.replaced, count.open)
    assert sum(parts) == count.issued == len(fates)
    wanted = to_explain(fates=fates)
    assert unexplained(fates=fates, words={}) == wanted
    assert unexplained(fates=fates, words=dict.fromkeys(wanted, "问过")) == ()
    assert all(one.id in wanted for one in fates if one.second_uses or one.state == "expired")
    slips = count.released + count.not_released
    assert slips_differ(count=count, slips=slips + extra) == bool(extra)
