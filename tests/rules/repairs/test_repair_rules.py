"""Limits, states, what must come before the archive, nights, words: example tables and properties."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.orders.manners import MANNERS, manners_for
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.rules.facts import (
    Closing,
    is_night,
    may_start,
    missing_before_filing,
    morning_after,
    scale_of,
    state_from_orders,
)
from yingsheng.processes.repairs.rules.words import emergency_word, guess_kind, guess_trade

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2025, 3, 3, 9, 0, tzinfo=ZONE)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=ZONE))


@pytest.mark.rule("R-03", "R-18", "R-20")
@pytest.mark.parametrize(
    ("kind", "promised", "path"),
    [
        ("urgent", None, "R-03.urgent_within"),
        ("minor", None, "R-03.minor_within"),
        ("project", None, "R-03.project_within"),
        ("minor", NINE + timedelta(hours=3), "R-18"),
    ],
)
def test_a_promised_time_binds_else_the_limit_of_its_kind(
    kind: str, promised: datetime | None, path: str
) -> None:
    clock = c.finish_clock(kind=kind, starts_at=NINE, promised_at=promised)
    assert (clock.path, clock.fixed_due_at) == (path, promised)


@pytest.mark.rule("R-01", "R-11", "R-12")
def test_a_night_request_is_opened_in_the_morning_and_its_clocks_run_from_then() -> None:
    opened = NINE + timedelta(hours=24)
    clocks = {
        clock.milestone: clock
        for clock in c.clocks_of_request(kind="minor", received_at=NINE, promised_at=None, opened_at=opened)
    }
    assert clocks[c.ISSUE].fixed_due_at == opened
    assert clocks[c.PASS_ON].starts_at == clocks[c.FINISH].starts_at == opened


@pytest.mark.rule("R-03")
def test_only_an_urgent_one_promises_somebody_on_the_spot() -> None:
    def milestones(kind: str) -> set[str]:
        return {
            clock.milestone
            for clock in c.clocks_of_request(kind=kind, received_at=NINE, promised_at=None, opened_at=None)
        }

    assert milestones("urgent") - milestones("minor") == {c.ON_SITE}


@pytest.mark.rule("R-20")
def test_a_project_is_visited_later_than_everything_else() -> None:
    assert [scale_of(kind=kind) for kind in ("urgent", "minor", "project")] == ["minor", "minor", "project"]


@pytest.mark.rule("R-05")
@pytest.mark.parametrize(
    ("orders", "state"),
    [
        ([], "requested"),
        (["void"], "requested"),
        (["waiting"], "ordered"),
        (["accepted"], "ordered"),
        (["working", "done"], "working"),
        (["paused", "done"], "paused"),
        (["paused", "waiting"], "ordered"),
        (["done", "void"], "done"),
        (["returned"], "done"),
    ],
)
def test_a_repair_stands_where_its_orders_stand(orders: list[str], state: str) -> None:
    assert {state_from_orders(order_states=some) for some in permutations(orders)} == {state}


@pytest.mark.rule("R-04", "R-05", "R-09")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"is_paid_work": True, "quote_waits": True}, ["quote"]),
        ({"is_paid_work": True, "owed_fen": 1}, ["payment"]),
        ({"is_paid_work": True, "signed": False}, ["signature"]),
        ({"signed": False}, []),  # no charge, no signature
        ({"told": False, "satisfaction": ""}, ["told"]),
        ({"satisfaction": "no"}, ["content"]),
        ({"unrecovered": 2}, ["recover"]),
        ({"visit_owed": True}, ["visit"]),
    ],
)
def test_what_must_come_before_the_archive(changes: dict[str, object], codes: list[str]) -> None:
    ready: dict[str, object] = {
        "is_paid_work": False, "owed_fen": 0, "signed": True, "told": True, "satisfaction": "yes", "unrecovered": 0,
        "visit_owed": False, "quote_waits": False,
    }  # fmt: skip
    closing = Closing(**{**ready, **changes})  # type: ignore[arg-type]
    found = missing_before_filing(
        closing=closing, needs_payment_and_signature=True, accounts_all_numbers=True
    )
    assert [one.code for one in found] == codes
    lax = missing_before_filing(
        closing=closing, needs_payment_and_signature=False, accounts_all_numbers=False
    )
    assert not {"quote", "payment", "signature", "recover"} & {one.code for one in lax}


@pytest.mark.rule("R-09")
def test_paid_work_begins_only_after_its_price_was_accepted() -> None:
    table = {(paid, quoted): may_start(is_paid_work=paid, has_accepted_quote=quoted)
             for paid in (True, False) for quoted in (True, False)}  # fmt: skip
    assert table == {(True, True): True, (True, False): False, (False, True): True, (False, False): True}


@pytest.mark.rule("R-12")
@given(at=MOMENTS)
def test_the_morning_is_never_before_the_night_and_at_most_a_day_away(at: datetime) -> None:
    morning = morning_after(at=at, ends="09:00")
    assert timedelta(0) <= morning - at <= timedelta(hours=24)
    assert not is_night(at=morning, begins="20:00", ends="09:00")


@pytest.mark.rule("R-12")
@pytest.mark.parametrize(
    ("clock", "night"),
    [("19:59", False), ("20:00", True), ("03:00", True), ("08:59", True), ("09:00", False)],
)
def test_the_night_has_its_first_moment_and_not_its_last(clock: str, night: bool) -> None:
    hour, minute = clock.split(":")
    at = NINE.replace(hour=int(hour), minute=int(minute))
    assert is_night(at=at, begins="20:00", ends="09:00") is night
    assert not is_night(at=at, begins="00:00", ends="00:00")


@pytest.mark.rule("R-21")
@pytest.mark.parametrize(
    ("text", "trade", "kind"),
    [
        ("厨房水龙头滴水", "water", "minor"),
        ("客厅插座打火，急", "electric", "urgent"),
        ("屋面防水重做", "masonry", "project"),
        ("说不清楚的毛病", "other", "minor"),
    ],
)
def test_trade_and_kind_are_guessed_from_what_residents_say(text: str, trade: str, kind: str) -> None:
    assert (guess_trade(text=text), guess_kind(text=text)) == (trade, kind)


@pytest.mark.rule("R-22")
def test_words_of_an_emergency_are_those_of_the_rule_book() -> None:
    assert emergency_word(text="楼道水管爆裂", words="跑水，爆裂") == "爆裂"
    assert emergency_word(text="水龙头滴水", words="跑水,爆裂") == ""
    assert emergency_word(text="水管爆裂", words="") == ""


@pytest.mark.rule("R-17")
def test_indoors_and_outdoors_ask_for_different_manners() -> None:
    indoors = {item.code for item in manners_for(outdoor=False)}
    outdoors = {item.code for item in manners_for(outdoor=True)}
    assert "cover" in indoors - outdoors
    assert "sign" in outdoors - indoors
    assert indoors | outdoors == {item.code for item in MANNERS}
