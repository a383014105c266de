"""Keys over the API: taken in, lent on the three terms, refused to the second, counted and reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from .place import Place

KEY: dict[str, Any] = {
    "kind": "vacant",
    "name": "入户门",
    "room": "3-2-1802",
    "cabinet": "1号柜",
    "hook": "A-01",
}
OUTSIDE: dict[str, Any] = {
    "name": "孙外人", "organisation": "宽带公司", "id_kind": "id_card", "id_number": "110101199003070011",
    "purpose": "放线", "signature": "孙外人",
}  # fmt: skip


@pytest.mark.rule("K-04", "K-06", "K-11")
def test_a_key_goes_out_once_and_comes_back_with_its_deposit(
    place: Place, go: Callable[..., datetime]
) -> None:
    desk = place.caller("front")
    unknown = desk.post("/keys", {**KEY, "room": "9-9-999"})
    assert unknown.status_code == 422 and unknown.json()["rule"] == "K-01", unknown.content
    made = desk.post("/keys", KEY, key="one")
    assert made.status_code == 201, made.content
    where, seen = f"/keys/{made.json()['id']}", made.json()["version"]
    unpaid = desk.post(f"{where}/lend-outside", {**OUTSIDE, "deposit_fen": 0, "seen": seen})
    assert unpaid.status_code == 422 and unpaid.json()["rule"] == "K-06", unpaid.content
    lent = desk.post(f"{where}/lend-outside", {**OUTSIDE, "seen": seen})
    assert lent.status_code == 200, lent.content
    assert lent.json()["values"]["deposit"] == "200.00"
    second = desk.post(f"{where}/lend-outside", {**OUTSIDE, "name": "另一人", "seen": seen})
    assert second.status_code == 409 and "孙外人" in second.content.decode(), second.content
    moves = desk.get(f"{where}/moves").json()["items"]
    assert [one["act"] for one in moves] == ["lent", "received"]
    assert moves[0]["id_number"] == "1101**********0011"
    go(hours=3)
    back = desk.post(f"{where}/take-back", {"seen": lent.json()["version"], "signature": "孙外人"})
    assert back.json()["state"] == "held", back.content
    loan = desk.get("/key-loans").json()["items"][0]
    assert (loan["state"], loan["values"]["refund"]) == ("returned", "200.00")


@pytest.mark.rule("K-08")
def test_keys_are_counted_and_reported(place: Place, go: Callable[..., datetime]) -> None:
    desk = place.caller("front")
    numbers = [
        desk.post("/keys", {"kind": "other", "name": name, "cabinet": "1号柜"}).json()["name"].split()[0]
        for name in ("配电房", "水泵房")
    ]
    go(days=23)
    early = desk.post("/key-month", {"year": 2025, "month": 3, "conclusion": "都在"})
    assert early.status_code == 422 and early.json()["code"] == "not_counted", early.content
    count = desk.post("/keys-stocktakes", {}, key="count").json()
    where = f"/keys-stocktakes/{count['id']}"
    assert desk.post(f"{where}/scan", {"seen": 1, "code": numbers[0]}).status_code == 200
    assert desk.post(f"{where}/scan", {"seen": 1, "code": "没有的"}).status_code == 422
    assert desk.post(f"{where}/close", {"seen": 1}).status_code == 422
    explained = desk.post(f"{where}/explain", {"seen": 1, "code": numbers[1], "explanation": "正在找"})
    assert explained.status_code == 200, explained.content
    closed = desk.post(f"{where}/close", {"seen": 1, "note": "一把待查"})
    assert closed.json()["values"]["missing"] == 1, closed.content
    filed = desk.post("/key-month", {"year": 2025, "month": 3, "conclusion": "一把待查"})
    assert filed.status_code == 201, filed.content
    told = desk.get("/key-month", year=2025, month=3).json()
    assert (told["count"]["total"], told["count"]["missing"]) == (2, 1)
