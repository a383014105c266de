"""From signals to calls: rings counted, whoever was missed is owed a call back, whoever got through is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.queries import has_exchange, list_calls, ring_figures, ringing_now
from yingsheng.kernel.calls.rules import Signal
from yingsheng.kernel.calls.services import (
    call_back,
    give_extension,
    key_of,
    retire_exchange,
    set_up_exchange,
    take_in,
)
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Obligation

NUMBER = "13800138000"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=2)


@pytest.fixture
def exchange(cast: Cast) -> Exchange:
    made, _key = set_up_exchange(
        site=cast.site, name="总机", hotline="8888", by=cast.supervisor, at=MONDAY_NINE - timedelta(days=1)
    )
    give_extension(exchange=made, number="801", staff=cast.front, by=None, at=MONDAY_NINE)
    give_extension(exchange=made, number="802", staff=cast.lobby, by=None, at=MONDAY_NINE)
    return made


def at(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def tell(exchange: Exchange, kind: str, seconds: float, *, ref: str = "c1", **more: Any) -> Call:
    fields = {"number": NUMBER, "line": "8888", **more}
    signal = Signal(ref=ref, kind=kind, at=at(seconds), **fields)
    return take_in(exchange=exchange, signal=signal, now=at(seconds + 0.2))


@pytest.mark.rule("B-06", "D-10")
def test_a_call_that_is_answered_counts_its_rings(cast: Cast, exchange: Exchange) -> None:
    tell(exchange, "ring", 0, extension="801")
    call = tell(exchange, "answer", 12, extension="801")
    assert (call.state, call.rings, call.answered_by) == ("talking", 3, cast.front)
    call = tell(exchange, "hangup", 90)
    assert call.state == "ended"
    kinds = list(
        Event.objects.filter(subject_type="calls.call").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["calls.rang", "calls.answered", "calls.hung_up"]
    assert not Obligation.objects.filter(milestone="call_back").exists()
    assert "13800138000" not in str(list(Event.objects.filter(kind__startswith="calls.").values_list("data")))


@pytest.mark.rule("B-06")
def test_the_same_signal_twice_leaves_one_event(exchange: Exchange) -> None:
    tell(exchange, "ring", 0)
    before = Event.objects.count()
    tell(exchange, "ring", 0)
    assert Event.objects.count() == before and Call.objects.count() == 1


@pytest.mark.rule("B-06")
def test_rings_that_the_system_counts_itself_prevail(exchange: Exchange) -> None:
    tell(exchange, "ring", 0)
    assert tell(exchange, "answer", 12, rings=2).rings == 2


@pytest.mark.rule("B-06", "D-10")
def test_a_missed_call_is_called_back_in_time(cast: Cast, exchange: Exchange) -> None:
    tell(exchange, "ring", 0)
    call = tell(exchange, "hangup", 40)
    promise = Obligation.objects.get(milestone="call_back")
    assert call.state == "missed" and promise.rule == "B-06"
    assert promise.due_at == at(40) + timedelta(minutes=30)
    actor = cast.actor("front", at(600))
    call_back(actor=actor, record=call, at=at(600), outcome="tried", note="占线")
    promise.refresh_from_db()
    assert promise.state == "armed"
    with pytest.raises(Conflict):
        call_back(actor=actor, record=call, at=at(650), outcome="reached", seen=call.version)
    call.refresh_from_db()
    call_back(actor=actor, record=call, at=at(700), outcome="reached", note="问水费", seen=call.version)
    promise.refresh_from_db()
    call.refresh_from_db()
    assert (call.state, promise.state, call.back_by, len(call.tries)) == ("back", "met", cast.front, 2)
    with pytest.raises(Refused):
        call_back(actor=actor, record=call, at=at(800), outcome="reached")


@pytest.mark.rule("B-06")
@pytest.mark.parametrize("direction", ["in", "out"])
def test_whoever_gets_through_need_not_be_called_back(cast: Cast, exchange: Exchange, direction: str) -> None:
    tell(exchange, "ring", 0)
    missed = tell(exchange, "hangup", 40)
    other = tell(exchange, "ring", 50, ref="other", number="13900139000")
    other = tell(exchange, "hangup", 60, ref="other", number="13900139000")
    tell(exchange, "ring", 100, ref="c2", direction=direction)
    tell(exchange, "answer", 105, ref="c2", direction=direction, extension="801")
    missed.refresh_from_db()
    other.refresh_from_db()
    assert (missed.state, other.state) == ("back", "missed")
    assert Obligation.objects.filter(milestone="call_back", state="met").count() == 1


@pytest.mark.rule("B-06")
def test_an_answer_that_is_told_late_takes_the_promise_back(exchange: Exchange) -> None:
    tell(exchange, "ring", 0)
    tell(exchange, "hangup", 40)
    call = take_in(
        exchange=exchange, signal=Signal(ref="c1", kind="answer", at=at(5), extension="801"), now=at(41)
    )
    assert (call.state, call.rings) == ("ended", 1)
    assert Obligation.objects.get(milestone="call_back").state == "void"


def test_a_call_that_got_lost_is_missed_when_the_next_one_comes(exchange: Exchange) -> None:
    tell(exchange, "ring", 0)
    tell(exchange, "ring", 700, ref="c2", number="13900139000")
    lost = Call.objects.get(ref="c1")
    assert (lost.state, lost.ended_at) == ("missed", at(600))


def test_a_clock_that_runs_ahead_is_refused(exchange: Exchange) -> None:
    signal = Signal(ref="c9", kind="ring", at=at(1000), number=NUMBER)
    with pytest.raises(Refused) as refused:
        take_in(exchange=exchange, signal=signal, now=at(0))
    assert refused.value.code == "clock" and not Call.objects.exists()


@pytest.mark.rule("D-10")
def test_each_desk_sees_its_own_calls_and_those_that_are_nobodys(cast: Cast, exchange: Exchange) -> None:
    tell(exchange, "ring", 0, extension="801")
    tell(exchange, "ring", 1, ref="c2", number="13900139000", extension="802")
    tell(exchange, "ring", 2, ref="c3", number="13700137000")
    seen = {
        who: [one.ref for one in ringing_now(site=cast.site, staff=cast.staff[who], now=at(5))]
        for who in ("front", "lobby", "assistant")
    }
    assert seen == {"front": ["c1", "c3"], "lobby": ["c2", "c3"], "assistant": ["c3"]}
    tell(exchange, "answer", 6, extension="802", ref="c3", number="13700137000")
    assert [one.ref for one in ringing_now(site=cast.site, staff=cast.front, now=at(7))] == ["c1"]
    assert [one.ref for one in ringing_now(site=cast.site, staff=cast.lobby, now=at(7))] == ["c2", "c3"]


@pytest.mark.rule("D-10")
def test_figures_of_the_telephone(cast: Cast, exchange: Exchange) -> None:
    for number, wait in enumerate((3, 15, 20)):
        tell(exchange, "ring", number * 100, ref=f"a{number}", number=f"1360000000{number}")
        tell(exchange, "answer", number * 100 + wait, ref=f"a{number}", number=f"1360000000{number}")
    tell(exchange, "ring", 400, ref="m")
    tell(exchange, "hangup", 430, ref="m")
    tell(exchange, "ring", 500, ref="out", direction="out", number="13500135000")
    tell(exchange, "ring", 510, ref="out2", direction="out", number="13500135000", line="8001")
    found = ring_figures(site=cast.site, start=at(-10), end=at(1000), ring_limit=3)
    assert (found.incoming, found.answered, found.kept, found.missed, found.called_back, found.hotline_out) == (
        4, 3, 2, 1, 0, 1,
    )  # fmt: skip


def test_a_number_that_is_withheld_or_strange_is_taken_as_it_comes(cast: Cast, exchange: Exchange) -> None:
    assert tell(exchange, "ring", 0, number="").number == ""
    assert tell(exchange, "ring", 1, ref="c2", number="+44 20 7946 0000").number != ""
    assert tell(exchange, "ring", 2, ref="c3", number="anonymous").number == ""
    assert list_calls(actor=cast.actor("front"), text="7946").count() == 1


def test_the_key_is_sealed_and_the_system_can_be_retired(cast: Cast, db: None) -> None:
    exchange, key = set_up_exchange(site=cast.site, name="总机", by=cast.supervisor, at=MONDAY_NINE)
    assert key not in exchange.key_sealed and key_of(exchange=exchange) == key
    assert key not in str(list(Event.objects.values_list("data")))
    assert has_exchange(site=cast.site)
    retire_exchange(exchange=exchange, by=cast.supervisor, at=MONDAY_NINE)
    assert not has_exchange(site=cast.site)


def test_an_extension_can_be_taken_back(cast: Cast, exchange: Exchange) -> None:
    give_extension(exchange=exchange, number="801", staff=None, by=cast.supervisor, at=MONDAY_NINE)
    assert tell(exchange, "answer", 5, extension="801").answered_by is None
