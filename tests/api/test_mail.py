"""Mail over the API: taken in, told of, handed out with both sides named, the month, and its borders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from tests.api.place import Place

PARCEL = {
    "kind": "parcel",
    "room": "3-2-1802",
    "addressee": "王女士",
    "condition": "sound",
    "tracking_number": "SF1",
}


@pytest.mark.rule("M-10", "M-11", "M-12")
def test_a_parcel_from_the_postman_to_its_household(place: Place, go: Callable[..., datetime]):
    program = place.caller("sup")
    made = program.post("/mail-items", PARCEL, key="one")
    assert made.status_code == 201, made.content
    assert program.post("/mail-items", PARCEL, key="one").json() == made.json()
    body = made.json()
    assert (body["state"], body["values"]["stage"]) == ("held", "shelved")
    assert {one["rule"] for one in body["promises"]} == {"M-11", "M-07"}
    where = f"/mail-items/{body['id']}"
    go(hours=1)
    told = program.post(f"{where}/notify", {"seen": body["version"], "way": "phone", "reached": True}).json()
    assert told["values"]["stage"] == "told"
    stale = program.post(f"{where}/notify", {"seen": body["version"], "way": "phone", "reached": True})
    assert stale.status_code == 409
    out = {"seen": told["version"], "name": "孙外人", "identity": "known", "signature": "孙外人"}
    refused = program.post(f"{where}/collect", out)
    assert refused.status_code == 422 and "M-12" in refused.content.decode(), refused.content
    done = program.post(f"{where}/collect", {**out, "name": "王女士", "signature": "王女士"})
    assert done.json()["state"] == "gone", done.content
    moves = program.get(f"{where}/moves").json()["items"]
    assert [one["act"] for one in moves] == ["collected", "received"]
    assert (moves[0]["taker"], moves[0]["signed_by"]) == ("王女士", "王女士")
    month = program.get("/mail/month", year=2025, month=3).json()
    assert (month["total"]["received"], month["total"]["collected"]) == (1, 1)
    assert [one["kind"] for one in month["kinds"]] == ["parcel"]


@pytest.mark.rule("M-15")
def test_who_takes_in_hands_nothing_out(place: Place, go: Callable[..., datetime]):
    made = place.caller("front").post("/mail-items", PARCEL).json()
    body = {"seen": made["version"], "name": "王女士", "identity": "known", "signature": "王女士"}
    assert place.caller("front").post(f"/mail-items/{made['id']}/collect", body).status_code == 403
    assert place.caller("eng").get("/mail-items").status_code == 403
    assert place.caller("front").get("/mail/month", year=2025, month=3).status_code == 403
