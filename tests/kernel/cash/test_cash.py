"""Every fen has one place: moving, counting, and finding out who meddled."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cash.models import Count, Entry, Place
from yingsheng.kernel.cash.queries import balance, check_books, counted_since, entries_of, moved_since
from yingsheng.kernel.cash.services import count, find_place, move
from yingsheng.kernel.events import guards
from yingsheng.ops.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P-07")]


def places(cast: Cast) -> dict[str, Place]:
    return {
        "world": find_place(site=cast.site, kind="world"),
        "box": find_place(site=cast.site, kind="box"),
        "person": find_place(site=cast.site, kind="person", staff=cast.assistant),
        "utility": find_place(site=cast.site, kind="utility"),
    }


def carry(cast: Cast, source: Place, target: Place, fen: int, **more: Any) -> Entry:
    with transaction.atomic():
        return move(
            source=source, target=target, fen=fen, purpose="prepaid", subject=cast.site, by=cast.front,
            at=MONDAY_NINE, **more,
        )  # fmt: skip


def test_a_place_is_made_once(cast: Cast) -> None:
    assert find_place(site=cast.site, kind="box") == find_place(site=cast.site, kind="box")
    assert find_place(site=cast.site, kind="person", staff=cast.front) != find_place(
        site=cast.site, kind="person", staff=cast.assistant
    )
    with pytest.raises(ValueError, match="cellar"):
        find_place(site=cast.site, kind="cellar")


def test_money_goes_from_hand_to_hand_and_every_step_is_numbered(cast: Cast) -> None:
    at = places(cast)
    carry(cast, at["world"], at["box"], 60_000)
    carry(cast, at["box"], at["person"], 60_000)
    carry(cast, at["person"], at["utility"], 56_000)
    last = carry(cast, at["person"], at["box"], 4_000)
    assert (last.number, balance(site=cast.site), at["box"].balance_fen) == (4, 4_000, 4_000)
    assert [entry.fen for entry in entries_of(subject=cast.site)] == [60_000, 60_000, 56_000, 4_000]
    assert list(check_books(site=cast.site)) == []


def test_nobody_hands_out_what_is_not_there(cast: Cast) -> None:
    at = places(cast)
    carry(cast, at["world"], at["box"], 100)
    with pytest.raises(Refused, match=r"账上只有1\.00元"):
        carry(cast, at["box"], at["person"], 101)
    assert balance(site=cast.site) == 100
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=at["box"].pk).update(balance_fen=-1)


@pytest.mark.parametrize("fen", [0, -5, True, 1.5])
def test_a_sum_is_a_whole_number_of_fen(cast: Cast, fen: Any) -> None:
    at = places(cast)
    with pytest.raises(ValueError, match=str(fen)):
        carry(cast, at["world"], at["box"], fen)


def test_cash_moves_between_two_places_of_one_site(cast: Cast) -> None:
    at = places(cast)
    with pytest.raises(ValueError, match="two places"):
        carry(cast, at["box"], at["box"], 5)


@pytest.mark.parametrize("seed", range(12))
def test_no_fen_is_lost_whatever_happens(cast: Cast, seed: int) -> None:
    """Random movements, refused ones among them: the places together hold nothing, and the books agree."""
    chance = random.Random(seed)
    at = list(places(cast).values())
    for _ in range(40):
        source, target = chance.sample(at, 2)
        with suppress(Refused):
            carry(cast, source, target, chance.randint(1, 50_000))
        held = dict(Place.objects.values_list("kind", "balance_fen"))
        assert sum(held.values()) == 0
        assert min(held["box"], held["person"]) >= 0
    assert list(check_books(site=cast.site)) == []


def test_a_count_that_differs_is_explained(cast: Cast) -> None:
    at = places(cast)
    carry(cast, at["world"], at["box"], 20_000)
    said: dict[str, Any] = {"place": at["box"], "purpose": "shift", "by": cast.front, "at": MONDAY_NINE}
    with transaction.atomic():
        with pytest.raises(Refused, match="请写明差额"):
            count(**said, pieces={"10000": 1})
        with pytest.raises(Refused, match="票面"):
            count(**said, pieces={"10001": 1})
        one = count(**said, pieces={"10000": 1}, explanation="一张在找零袋")
    assert (one.counted_fen, one.book_fen) == (10_000, 20_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.create(
            place=at["box"], purpose="day", at=MONDAY_NINE, by=cast.front, counted_fen=1, book_fen=2
        )


def test_whether_the_box_was_counted_since_it_last_moved(cast: Cast) -> None:
    at = places(cast)
    assert not moved_since(site=cast.site, since=MONDAY_NINE)
    carry(cast, at["world"], at["box"], 10_000)
    assert moved_since(site=cast.site, since=MONDAY_NINE)
    assert counted_since(site=cast.site, since=MONDAY_NINE) is None
    with transaction.atomic():
        done = count(place=at["box"], purpose="shift", by=cast.front, at=MONDAY_NINE, pieces={"10000": 1})
    assert counted_since(site=cast.site, since=MONDAY_NINE) == done


def test_money_moves_only_together_with_what_it_moves_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = places(cast)
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        move(
            source=at["world"], target=at["box"], fen=1, purpose="x", subject=cast.site, by=cast.front, at=MONDAY_NINE
        )  # fmt: skip
    with pytest.raises(RuntimeError):
        count(place=at["box"], purpose="day", by=cast.front, at=MONDAY_NINE, pieces={})
    monkeypatch.undo()


def test_the_lines_of_the_cash_book_cannot_be_changed(cast: Cast) -> None:
    at = places(cast)
    entry = carry(cast, at["world"], at["box"], 100)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(fen=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


@pytest.mark.parametrize("harm", ["balance", "fen", "gone", "count", "moved"])
def test_whoever_meddles_with_the_cash_is_found_out(
    cast: Cast, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = places(cast)
    carry(cast, at["world"], at["box"], 20_000)
    carry(cast, at["world"], at["box"], 10_000)
    with transaction.atomic():
        count(place=at["box"], purpose="day", by=cast.front, at=MONDAY_NINE, pieces={"10000": 3})
    assert verify(site_code=cast.site.code, expected_head=None) == 0
    _take_guards_off()
    _harm(kind=harm, place=at["box"])
    assert verify(site_code=cast.site.code, expected_head=None) == 1
    assert "现金账" in capsys.readouterr().out


def _take_guards_off() -> None:
    """Somebody had the database file in his hands."""
    editor = connection.schema_editor(atomic=False)
    editor.deferred_sql = []
    for table in ("cash_entry", "cash_count"):
        guards.make_changeable(editor, table=table)


def _harm(*, kind: str, place: Place) -> None:
    if kind == "balance":
        Place.objects.filter(pk=place.pk).update(balance_fen=1)
    elif kind == "fen":
        Entry.objects.filter(number=1).update(fen=1)
    elif kind == "gone":
        Entry.objects.filter(number=1).delete()
    elif kind == "count":
        Count.objects.update(counted_fen=5, explanation="x")
    else:
        other = find_place(site=place.site, kind="utility")
        Entry.objects.filter(number=2).update(target=other)
