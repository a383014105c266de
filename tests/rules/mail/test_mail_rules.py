"""What is taken in, who may collect, when somebody is told: the tables of the catalogue, and what always holds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.mail import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIVE, SIX = time(17), time(18)
MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2027, 1, 1)).map(
    lambda value: value.replace(tzinfo=SHANGHAI)
)
KINDS = st.sampled_from(sorted(rules.RECEIPTED))
WORDS = st.text(alphabet="钱业主王女士 ", max_size=6)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2025, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.rule("M-09", "M-14")
@pytest.mark.parametrize(
    ("kind", "kinds", "enabled", "expected"),
    [
        ("registered", "registered,parcel,express,receipted", True, True),
        ("money_order", "registered,parcel,express,receipted", True, True),
        ("money_order", "registered,parcel,express", True, False),
        ("parcel", "registered", True, False),
        ("parcel", "registered,parcel,express,receipted", False, False),
        ("letter", "letter", True, False),
        ("parcel", None, True, False),
    ],
)
def test_what_is_taken_in(kind: str, kinds: str | None, enabled: bool, expected: bool) -> None:
    assert rules.is_in_scope(kind=kind, kinds=kinds, enabled=enabled) is expected


@pytest.mark.rule("M-14")
@given(kind=KINDS, kinds=st.lists(KINDS))
def test_nothing_is_taken_in_where_the_post_does_it(kind: str, kinds: list[str]) -> None:
    assert not rules.is_in_scope(kind=kind, kinds=",".join(kinds), enabled=False)
    assert not rules.is_in_scope(kind=kind, kinds="", enabled=True)


@pytest.mark.rule("M-04")
@pytest.mark.parametrize(
    ("asked", "addressee", "has_place", "destination", "expected"),
    [
        ("addressee,building_no,destination,signed_at", "王女士", True, "3栋", ""),
        ("addressee,building_no,destination,signed_at", " ", True, "3栋", "addressee"),
        ("addressee,building_no,destination,signed_at", "王女士", False, "", "room"),
        ("addressee,building_no,destination,signed_at", "王女士", False, "原三厂宿舍", ""),
        ("destination", "", False, "", "destination"),
        ("", "", False, "", ""),
        (None, "", False, "", ""),
    ],
)
def test_what_the_register_asks_for(
    asked: str | None, addressee: str, has_place: bool, destination: str, expected: str
) -> None:
    found = rules.missing_fields(
        asked=asked, addressee=addressee, has_place=has_place, destination=destination
    )
    assert found == expected


@pytest.mark.rule("M-05", "M-11")
def test_a_parcel_of_three_o_clock_is_told_between_five_and_six_of_the_same_day() -> None:
    # T-M01
    assert rules.area_window(received_at=at(15), opens=FIVE, closes=SIX) == (at(17), at(18))


@pytest.mark.rule("M-05")
@pytest.mark.parametrize(
    ("received", "day"), [(at(8), 3), (at(17, 30), 3), (at(18), 3), (at(18, 1), 4), (at(23, 59), 4)]
)
def test_what_came_after_the_hours_is_told_the_next_day(received: datetime, day: int) -> None:
    assert rules.area_window(received_at=received, opens=FIVE, closes=SIX) == (
        at(17, day=day),
        at(18, day=day),
    )


@pytest.mark.rule("M-05")
@given(received=MOMENTS)
def test_the_hours_end_after_it_came_and_within_a_day(received: datetime) -> None:
    opens, closes = rules.area_window(received_at=received, opens=FIVE, closes=SIX)
    assert closes - opens == timedelta(hours=1)
    assert received.replace(second=0, microsecond=0) <= closes <= received + timedelta(days=1)


@pytest.mark.rule("M-01")
@given(received=MOMENTS)
def test_letters_are_told_of_within_a_day_at_the_hour(received: datetime) -> None:
    due = rules.batch_due(received_at=received, notice_at=FIVE)
    assert due.time() == FIVE
    assert received <= due <= received + timedelta(days=1)


@pytest.mark.rule("M-01")
def test_letters_of_the_morning_are_told_of_on_the_same_day() -> None:
    assert rules.batch_due(received_at=at(9), notice_at=FIVE) == at(17)
    assert rules.batch_due(received_at=at(17), notice_at=FIVE) == at(17)
    assert rules.batch_due(received_at=at(17, 1), notice_at=FIVE) == at(17, day=4)


@pytest.mark.rule("M-11")
@pytest.mark.parametrize(
    ("way", "reached", "expected"),
    [("phone", True, True), ("phone", False, False), ("slip", False, True), ("message", False, False)],
)
def test_a_call_that_nobody_took_tells_nobody(way: str, reached: bool, expected: bool) -> None:
    assert rules.is_told(way=way, reached=reached) is expected


@pytest.mark.rule("M-12")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王 女士", rules.ADDRESSEE),
        ("钱业主", rules.HOUSEHOLD),
        ("钱小弟", rules.FAMILY_PROXY),
        ("路人", rules.STRANGER),
        (" ", rules.STRANGER),
    ],
)
def test_who_somebody_at_the_desk_is(name: str, expected: str) -> None:
    members = [("钱业主", "owner"), ("钱小弟", "family")]
    assert rules.who_collects(name=name, addressee="王女士", members=members) == expected


@pytest.mark.rule("M-12")
@pytest.mark.parametrize(
    ("relation", "in_household", "must_be_family", "has_number", "expected"),
    [
        ("spouse", False, True, True, ""),
        ("spouse", False, True, False, "no_id"),
        ("other", False, True, True, "stranger"),
        ("other", True, True, True, ""),
        ("other", False, False, True, ""),
        ("other", False, False, False, "no_id"),
    ],
)
def test_who_collects_for_another(
    relation: str, in_household: bool, must_be_family: bool, has_number: bool, expected: str
) -> None:
    refused = rules.proxy_refusal(
        relation=relation, in_household=in_household, must_be_family=must_be_family, has_number=has_number
    )
    assert refused == expected


@pytest.mark.rule("M-12")
@given(name=WORDS, addressee=WORDS, members=st.lists(st.tuples(WORDS, st.sampled_from(["owner", "family"]))))
def test_nobody_without_a_name_collects(name: str, addressee: str, members: list[tuple[str, str]]) -> None:
    who = rules.who_collects(name=name, addressee=addressee, members=members)
    if not name.strip():
        assert who == rules.STRANGER
    known = {"".join(one.split()) for one, _relation in members} | {"".join(addressee.split())}
    assert (who == rules.STRANGER) == ("".join(name.split()) not in known or not name.strip())


@pytest.mark.rule("M-07", "M-08")
@pytest.mark.parametrize(
    ("overdue", "contacted", "lives_here", "expected"),
    [
        (False, 0, True, rules.WAIT),
        (False, 3, False, rules.WAIT),
        (True, 0, True, rules.TRY),
        (True, 0, False, rules.TRY),
        (True, 1, True, rules.KEEP),
        (True, 1, False, rules.GO_BACK),
    ],
)
def test_what_is_done_about_what_nobody_collects(
    overdue: bool, contacted: int, lives_here: bool, expected: str
) -> None:
    assert rules.what_next(overdue=overdue, contacted=contacted, lives_here=lives_here) == expected


@pytest.mark.rule("M-13")
@given(kind=KINDS, text=st.text(max_size=10))
def test_only_what_was_verified_goes_back(kind: str, text: str) -> None:
    assert rules.may_go_back(kind=kind, verified_as=text) == bool(text.strip())
    assert not rules.may_go_back(kind="letter", verified_as="查无此人")


@given(count=st.integers(0, 500), base=st.integers(0, 500))
def test_a_share_is_percent_or_nothing(count: int, base: int) -> None:
    found = rules.share(count=count, base=base)
    assert found is None if base == 0 else found == round(count * 100 / base)
