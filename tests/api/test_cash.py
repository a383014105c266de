"""Prepaid purchases, fees and the cash box over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from .place import Place

ORDER: dict[str, Any] = {
    "room": "3-2-1802", "kind": "electricity", "cash_fen": 20_000, "payer": "钱女士", "device": "YKB-7",
}  # fmt: skip
FEE = {
    "room": "3-2-1802", "item": "property", "period": "2025-02", "amount_fen": 100, "method": "cash", "payer": "钱女士",
    "signature": "钱女士",
}  # fmt: skip


@pytest.mark.rule("P-02", "P-03", "P-05", "P-07")
def test_a_purchase_from_order_to_collection(place: Place, go: Callable[..., datetime]):
    program = place.caller("front")
    order = program.post("/prepaid-orders", ORDER)
    assert order.status_code == 201, order.content
    where = f"/prepaid-orders/{order.json()['id']}"
    assert program.get("/cash-box").json()["balance_fen"] == 20_000
    batch = program.post("/prepaid-batches", {"purchaser": "sup"}).json()
    signed = {"given_signature": "王前台", "taken_signature": "李主管"}
    out = program.post(f"/prepaid-batches/{batch['id']}/hand", {"seen": batch["version"], **signed})
    assert out.json()["promises"][0]["rule"] == "P-04", out.content
    assert [one["kind"] for one in program.get("/cash-box").json()["places"]] == ["box", "person"]
    bought = program.post(
        f"{where}/bought",
        {"seen": program.get(where).json()["version"], "bought_fen": 19_000, "receipt": "S-1"},
    )
    assert bought.json()["state"] == "bought", bought.content
    back = {
        "seen": out.json()["version"], "change_fen": 900, "devices_back": 1, "back_signature": "李主管",
        "kept_signature": "王前台",
    }  # fmt: skip
    wrong = program.post(f"/prepaid-batches/{batch['id']}/back", back)
    assert (wrong.status_code, wrong.json()["rule"]) == (422, "P-07")
    done = program.post(f"/prepaid-batches/{batch['id']}/back", {**back, "change_fen": 1_000})
    assert done.json()["state"] == "closed", done.content
    collected = program.post(
        f"{where}/collect",
        {
            "seen": program.get(where).json()["version"],
            "collector": "钱女士",
            "counted": True,
            "signature": "钱女士",
        },
    )
    assert collected.json()["state"] == "collected", collected.content
    assert program.get("/cash-box").json()["balance_fen"] == 0
    moved = program.get("/cash-entries").json()["items"]
    assert [one["values"]["fen"] for one in moved] == ["10.00", "10.00", "190.00", "200.00", "200.00"]
    month = program.get("/prepaid/month", year=2025, month=3).json()
    assert (month["count"], month["bought_fen"], month["change_fen"], month["collected"]) == (
        1,
        19_000,
        1_000,
        1,
    )


@pytest.mark.rule("O-01", "O-02", "O-06")
def test_a_fee_is_refused_with_its_rule_where_the_site_takes_none(place: Place, go: Callable[..., datetime]):
    program = place.caller("front")
    told = program.post("/fee-receipts", FEE)
    assert (told.status_code, told.json()["rule"]) == (422, "O-02"), told.content
    box = program.get("/cash-box").json()
    assert (box["collects_fees"], box["refused_by"]) == (False, "O-02")
    counted = program.post("/cash-counts", {"purpose": "day", "n_100": 2})
    assert counted.status_code == 422
    counted = program.post("/cash-counts", {"purpose": "day", "n_100": 2, "explanation": "备用零钱"})
    assert (counted.status_code, counted.json()["state"]) == (201, "different"), counted.content
    settled = program.post(f"/cash-counts/{counted.json()['id']}/settle", {"seen": 1, "reason": "入账"})
    assert settled.status_code == 403
    mended = place.caller("sup").post(
        f"/cash-counts/{counted.json()['id']}/settle", {"seen": 1, "reason": "入账"}
    )
    assert mended.status_code == 200, mended.content
    assert program.get("/cash-box").json()["balance_fen"] == 200
    assert place.caller("sup").get("/fees/month", year=2025, month=3).json()["takings"] == 0
