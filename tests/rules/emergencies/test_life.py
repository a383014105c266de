"""Whom to alarm, and what closing waits for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.emergencies.rules.life import (
    Alarm,
    Standing,
    alarm_list,
    hinders_closing,
    next_unticked,
)

roles = st.lists(st.sampled_from(["SEC_HEAD", "EQUIP_HEAD", "SITE_HEAD", "CS_SUP", "DUTY"]), max_size=6)


@pytest.mark.rule("X-02", "X-04", "X-07")
def test_each_post_is_alarmed_once_under_the_rule_that_names_it_first():
    found = alarm_list(
        informed=["SEC_HEAD", "EQUIP_HEAD"],
        needed=["EQUIP_HEAD", "SITE_HEAD"],
        coordinator="DUTY",
        above=["CS_SUP", "SITE_HEAD"],
    )
    assert found == (
        Alarm(role="SEC_HEAD", rule="X-02"),
        Alarm(role="EQUIP_HEAD", rule="X-02"),
        Alarm(role="SITE_HEAD", rule="X-02"),
        Alarm(role="DUTY", rule="X-04"),
        Alarm(role="CS_SUP", rule="X-07"),
    )


def test_where_the_regulation_is_silent_the_kind_alone_decides():
    found = alarm_list(informed=(), needed=["SEC_HEAD"], coordinator=None, above=())
    assert found == (Alarm(role="SEC_HEAD", rule="X-02"),)


@given(informed=roles, needed=roles, above=roles, coordinator=st.none() | st.just("DUTY"))
def test_nobody_is_left_out_and_nobody_is_named_twice(
    informed: list[str], needed: list[str], above: list[str], coordinator: str | None
):
    found = [
        one.role for one in alarm_list(informed=informed, needed=needed, coordinator=coordinator, above=above)
    ]
    assert len(found) == len(set(found))
    assert set(found) == {*informed, *needed, *above, *([coordinator] if coordinator else [])}


@pytest.mark.rule("X-03", "X-07")
@pytest.mark.parametrize(
    ("waiting", "reported", "signed", "asked", "found"),
    [
        (1, True, True, True, ("call_back", "X-03")),
        (0, False, False, True, ("report", "X-07")),
        (0, True, False, True, ("sign", "X-07")),
        (0, True, False, False, None),
        (0, True, True, True, None),
    ],
)
def test_closing_waits_for_calls_report_and_signature(
    waiting: int, reported: bool, signed: bool, asked: bool, found: tuple[str, str] | None
):
    standing = Standing(reported=reported, signed=signed, signature_asked=asked, waiting_households=waiting)
    assert hinders_closing(standing=standing) == found


@given(count=st.integers(1, 20), done=st.sets(st.integers(1, 20)))
def test_the_next_line_is_the_first_that_is_not_ticked(count: int, done: set[int]):
    following = next_unticked(count=count, done=sorted(done))
    open_lines = set(range(1, count + 1)) - done
    assert following == (min(open_lines) if open_lines else None)
