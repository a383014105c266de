"""One holder at a time, through any sequence of hand-overs; two desks; and nothing that can be rewritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, InternalError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.custody import counting
from yingsheng.kernel.custody.models import Item, Move, StockLine, Stocktake
from yingsheng.kernel.custody.queries import find_by_code, find_flaws, holder_of, moves_of, shown_id
from yingsheng.kernel.custody.rules import DIFFERENCES, GONE, HELD, LOST, OUT
from yingsheng.kernel.custody.services import (
    Party,
    bring_back,
    extend,
    hand_over,
    mark_lost,
    put_elsewhere,
    take_in,
)
from yingsheng.kernel.events.guards import make_append_only, make_changeable
from yingsheng.ops.verify import verify

NOW = MONDAY_NINE
WHO = ("甲", "乙", "丙")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def taken_in(cast: Cast, *, place: str = "1号柜", number: str = "") -> Item:
    with transaction.atomic():
        return take_in(
            site=cast.site, process="keys", kind="other", name="配电房", giver=Party(name="施工队"), by=cast.front,
            at=NOW, place=place, number=number,
        )  # fmt: skip


def lent(cast: Cast, item: Item, name: str = "甲", **more: object) -> Item:
    with transaction.atomic():
        return hand_over(
            item=item, to=Party(name=name, signature=name), act="lent", by=cast.front, at=NOW, **more  # type: ignore[arg-type]
        )  # fmt: skip


@pytest.mark.rule("K-04")
def test_every_hand_over_names_both_sides(cast: Cast) -> None:
    item = taken_in(cast)
    due = NOW + timedelta(hours=4)
    item = lent(cast, item, due_at=due)
    assert (item.state, item.holder_name, item.due_at, item.version) == (OUT, "甲", due, 2)
    with transaction.atomic():
        item = bring_back(item=item, giver=None, by=cast.front, at=NOW + timedelta(hours=1), reason="完好")
    assert (item.state, item.holder_name, item.due_at) == (HELD, "", None)
    told = [(one.act, one.giver_name, one.taker_name, one.signed_by) for one in moves_of(item=item)]
    assert told == [
        ("returned", "甲", "1号柜", ""), ("lent", "1号柜", "甲", "甲"), ("received", "施工队", "1号柜", ""),
    ]  # fmt: skip
    assert list(find_flaws(site=cast.site)) == []


@pytest.mark.rule("K-06", "K-11")
def test_an_id_number_is_sealed_and_read_masked(cast: Cast) -> None:
    item = taken_in(cast)
    party = Party(name="孙外人", id_kind="id_card", id_number="110101199003070011")
    with transaction.atomic():
        hand_over(item=item, to=party, act="lent", by=cast.front, at=NOW)
    move = moves_of(item=item)[0]
    assert "19900307" not in move.id_sealed
    assert shown_id(move=move) == "1101**********0011"


@pytest.mark.rule("K-04")
def test_whoever_comes_second_is_told_who_was_first(cast: Cast) -> None:
    item = taken_in(cast)
    stale = Item.objects.get(pk=item.pk)
    lent(cast, item, "甲")
    with pytest.raises(Conflict) as refused:
        lent(cast, stale, "乙")
    assert "甲" in str(refused.value)
    assert Item.objects.get(pk=item.pk).holder_name == "甲"
    with pytest.raises(Conflict):
        lent(cast, stale, "乙", seen=stale.version, sources=(HELD, OUT))


@pytest.mark.rule("K-04")
def test_two_desks_lend_the_same_key_and_one_wins(committed_db: None) -> None:
    cast = make_cast()
    items = [taken_in(cast, number=f"K-{number}") for number in range(6)]
    for item in items:
        start = Barrier(2)

        def at_desk(name: str, item: Item = item, start: Barrier = start) -> str:
            try:
                own = Item.objects.get(pk=item.pk)
                start.wait()
                lent(cast, own, name)
                return name
            except Conflict as told:
                return str(told)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(at_desk, ("甲", "乙")))
        item.refresh_from_db()
        won = item.holder_name
        assert won in ("甲", "乙")
        assert answers.count(won) == 1
        assert any(won in one for one in answers if one != won), answers
        assert Move.objects.filter(item=item).count() == 2
    assert list(find_flaws(site=cast.site)) == []


def test_lost_found_and_longer(cast: Cast) -> None:
    item = lent(cast, taken_in(cast))
    with transaction.atomic():
        extend(item=item, due_at=NOW + timedelta(days=2), by=cast.front, at=NOW, reason="未完工")
    with transaction.atomic():
        lost = mark_lost(item=item, by=cast.front, at=NOW, reason="丢在工地")
    assert (lost.state, lost.holder_name, lost.due_at) == (LOST, "甲", None)
    with pytest.raises(Refused), transaction.atomic():
        mark_lost(item=taken_in(cast), by=cast.front, at=NOW, reason=" ")
    with transaction.atomic():
        found = bring_back(
            item=lost, giver=Party(name="保洁"), by=cast.front, at=NOW, sources=(LOST,), place="2号柜"
        )
    assert (found.state, found.place) == (HELD, "2号柜")
    assert list(find_flaws(site=cast.site)) == []


def test_numbers_codes_and_places(cast: Cast) -> None:
    item = taken_in(cast, number="A-1")
    with pytest.raises(Refused) as refused:
        taken_in(cast, number="A-1")
    assert refused.value.field == "number"
    other = make_cast(code="other")
    assert find_by_code(site=other.site, process="keys", code="A-1") is None
    for code in ("a-1", item.key, f"https://desk.example/keys/k/{item.key}/"):
        assert find_by_code(site=cast.site, process="keys", code=code) == item
    assert find_by_code(site=cast.site, process="mail", code="A-1") is None
    assert find_by_code(site=cast.site, process="keys", code=" ") is None
    with transaction.atomic():
        put_elsewhere(item=item, place="2号柜", by=cast.front, at=NOW)
    with pytest.raises(Refused), transaction.atomic():
        put_elsewhere(item=item, place="2号柜", by=cast.front, at=NOW)
    with pytest.raises(Refused), transaction.atomic():
        hand_over(item=item, to=Party(name=" "), act="lent", by=cast.front, at=NOW)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["lend", "pass", "give", "back", "move", "lose", "extend", "scan", "open"]),
        st.integers(0, 2),
        st.sampled_from(WHO),
    ),
    max_size=14,
)


# every example rolls its own site back, so the one database serves them all
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.rule("K-04", "K-08")
def test_any_sequence_of_hand_overs_leaves_one_holder_and_a_count_that_is_right(
    db: None, steps: list[tuple[str, int, str]]
) -> None:
    with transaction.atomic():
        _walk(steps)
        transaction.set_rollback(True)


def _walk(steps: list[tuple[str, int, str]]) -> None:
    cast = make_cast(code="walk")
    items = [taken_in(cast, place=f"{number}号钩", number=f"N-{number}") for number in range(3)]
    expected = [(HELD, f"{number}号钩") for number in range(3)]
    counting_now: Stocktake | None = None
    for minute, (verb, number, name) in enumerate(steps, start=1):
        at = NOW + timedelta(minutes=minute)
        state, _where = expected[number]
        item = Item.objects.get(pk=items[number].pk)
        try:
            with transaction.atomic():
                if verb == "lend":
                    hand_over(item=item, to=Party(name=name), act="lent", by=cast.front, at=at)
                elif verb == "pass":
                    hand_over(
                        item=item, to=Party(name=name), act="passed", by=cast.front, at=at, sources=(OUT,)
                    )
                elif verb == "give":
                    hand_over(
                        item=item, to=Party(name=name), act="given", by=cast.front, at=at, for_good=True
                    )
                elif verb == "back":
                    bring_back(item=item, giver=None, by=cast.front, at=at, sources=(OUT, LOST, GONE))
                elif verb == "move":
                    put_elsewhere(item=item, place=f"{name}柜", by=cast.front, at=at)
                elif verb == "lose":
                    mark_lost(item=item, by=cast.front, at=at, reason="找不到")
                elif verb == "extend":
                    extend(item=item, due_at=at + timedelta(days=1), by=cast.front, at=at, reason="要再用")
                elif verb == "open":
                    counting_now = counting.open_count(site=cast.site, process="keys", by=cast.front, at=at)
                elif counting_now is not None:
                    counting.scan(stocktake=counting_now, code=item.number, by=cast.front, at=at)
        except Refused:
            continue
        moved = Item.objects.get(pk=item.pk)
        legal = {
            "lend": (HELD,), "pass": (OUT,), "give": (HELD,), "back": (OUT, LOST, GONE), "move": (HELD,),
            "lose": (HELD, OUT), "extend": (OUT,),
        }  # fmt: skip
        if verb in legal:
            assert state in legal[verb]
        expected[number] = (moved.state, holder_of(item=moved))
        assert (moved.state == HELD) == (moved.holder_name == "") or moved.state == LOST
    # each thing is in one place, its story joins, and nobody else's moved along
    for item, (state, where) in zip(items, expected, strict=True):
        now = Item.objects.get(pk=item.pk)
        assert (now.state, holder_of(item=now)) == (state, where)
        assert Move.objects.filter(item=now).count() == now.moves_count
    assert list(find_flaws(site=cast.site)) == []
    if counting_now is not None:
        _close(cast, counting_now)


def _close(cast: Cast, stocktake: Stocktake) -> None:
    """The count closes only when every difference has a reason, and then says what book and shelf said."""
    at = NOW + timedelta(hours=9)
    odd = [one for one in counting.judged(stocktake=stocktake) if one.result in DIFFERENCES]
    if odd:
        with pytest.raises(Refused), transaction.atomic():
            counting.close_count(stocktake=stocktake, by=cast.front, at=at)
    for line in odd:
        counting.explain(line=line, text="已查", by=cast.front)
    with transaction.atomic():
        found = counting.close_count(stocktake=stocktake, by=cast.front, at=at)
    in_book = Item.objects.filter(site=cast.site, state__in=(HELD, OUT)).count()
    unseen = Item.objects.filter(site=cast.site, taken_in_at__gt=stocktake.opened_at).count()
    assert found.total >= in_book - unseen
    assert found.missing + found.surplus == len(odd)
    with pytest.raises(Conflict), transaction.atomic():
        counting.close_count(stocktake=stocktake, by=cast.front, at=at)


# -- nothing can be rewritten ----------------------------------------------------------------------------------


@pytest.mark.rule("K-04")
def test_a_line_can_neither_be_changed_nor_taken_out(cast: Cast) -> None:
    item = lent(cast, taken_in(cast))
    for change in (
        lambda: Move.objects.filter(item=item).update(taker_name="别人"),
        lambda: Move.objects.filter(item=item).delete(),
    ):
        with (
            pytest.raises((IntegrityError, InternalError, Exception), match="append-only"),
            transaction.atomic(),
        ):
            change()


class _Editor:
    """Runs the statements of a migration within the test's own transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.rule("K-04")
@pytest.mark.parametrize("what", ["line", "gap", "item"])
def test_with_the_guards_off_the_check_still_finds_it(
    cast: Cast, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    item = lent(cast, taken_in(cast))
    with transaction.atomic():
        bring_back(item=item, giver=None, by=cast.front, at=NOW)
    if what == "item":
        Item.objects.filter(pk=item.pk).update(state=OUT, holder_name="别人")
    else:
        make_changeable(_Editor(), table="custody_move")  # type: ignore[arg-type]
        rows = Move.objects.filter(item=item)
        if what == "line":
            rows.filter(serial=2).update(taker_name="别人")
        else:
            rows.filter(serial=2).delete()
        make_append_only(_Editor(), table="custody_move")  # type: ignore[arg-type]
    assert [flawed for flawed, _serial in find_flaws(site=cast.site)] == [item]
    assert verify(site_code=cast.site.code, expected_head=None) == 1
    assert item.number in capsys.readouterr().out


def test_the_database_has_the_last_word(cast: Cast) -> None:
    item = taken_in(cast)
    for values in ({"holder_name": "别人"}, {"state": "out"}, {"state": "gone"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=item.pk).update(**values)
    with transaction.atomic():
        stocktake = counting.open_count(site=cast.site, process="keys", by=cast.front, at=NOW)
    with pytest.raises(Refused), transaction.atomic():
        counting.open_count(site=cast.site, process="keys", by=cast.front, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLine.objects.filter(stocktake=stocktake).update(result="missing")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stocktake.objects.filter(pk=stocktake.pk).update(state="closed")
