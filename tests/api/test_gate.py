"""The gate over the API: a pass issued, checked and used once; visitors, deposits, the week and the month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from yingsheng.processes.visitors.rules.codes import read_code

from .place import Place

PASS: dict[str, Any] = {
    "room": "3-2-1802",
    "applicant": "钱女士",
    "relation": "owner",
    "items": "冰箱 1 大件\n纸箱 6",
}


def code_of(number: str) -> str:
    from yingsheng.processes.visitors.models import Pass

    return Pass.objects.get(number=number).code


@pytest.mark.rule("V-02", "V-03", "V-09")
def test_a_pass_is_checked_and_used_once(place: Place, go: Callable[..., datetime]) -> None:
    desk, gate = place.caller("front"), place.caller("guard")
    refused = desk.post("/passes", {**PASS, "relation": "tenant"})
    assert refused.status_code == 422 and refused.json()["rule"] == "V-02", refused.content
    made = desk.post("/passes", PASS, key="one")
    assert made.status_code == 201, made.content
    body = made.json()
    code = code_of(body["name"])
    assert body["state"] == "issued" and code not in made.content.decode()
    assert desk.get("/gate/known").status_code == 403
    keys = {one["code"]: one["public"] for one in gate.get("/gate/known").json()["keys"]}
    assert read_code(code=code, publics=keys).number == body["name"]
    assert gate.get("/gate/check", code=code).json()["passes"] is True
    altered = gate.get("/gate/check", code=code[:-1] + ("A" if code[-1] != "A" else "B")).json()
    assert altered["passes"] is False and altered["release_pass"] is None
    wrong = gate.post("/gate/release", {"code": code, "matches": "no"})
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "matches", wrong.content
    assert gate.post("/gate/release", {"code": code, "matches": "yes"}).json()["state"] == "released"
    again = gate.post("/gate/release", {"code": code, "matches": "yes"})
    assert again.status_code == 409, again.content
    assert gate.get("/gate/check", code=body["name"]).json()["problem"] == "released"
    assert gate.get("/gate/known").json()["blocked"][0]["state"] == "released"


@pytest.mark.rule("V-02")
def test_kept_back_doubted_and_replaced(place: Place, go: Callable[..., datetime]) -> None:
    desk, gate = place.caller("front"), place.caller("guard")
    first, second = (desk.post("/passes", PASS).json() for _turn in range(2))
    kept = gate.post("/gate/keep-back", {"code": first["name"], "reason": "mismatch"})
    assert kept.json()["state"] == "not_released", kept.content
    new = desk.post(f"/passes/{first['id']}/replace", {"seen": kept.json()["version"], "items": "冰箱 2"})
    assert new.json()["values"]["replaced_by"].startswith("FX-"), new.content
    asked = gate.post("/gate/ask-owner", {"code": second["name"], "question": "像搬家"})
    assert asked.json()["state"] == "owner_asked" and asked.json()["promises"][0]["rule"] == "V-02"
    said = {"seen": asked.json()["version"], "answer": "yes", "remark": "问过钱女士"}
    assert desk.post(f"/passes/{second['id']}/answer", said).status_code == 200
    assert gate.post("/gate/release", {"code": second["name"], "matches": "yes"}).status_code == 200


@pytest.mark.rule("V-01", "V-04", "V-05")
def test_visitors_deposits_and_the_month(place: Place, go: Callable[..., datetime]) -> None:
    desk, gate = place.caller("front"), place.caller("guard")
    came = desk.post(
        "/visitors", {"name": "施先生", "host_kind": "home", "room": "3-2-1802", "purpose": "走亲戚"}
    ).json()
    where = f"/visitors/{came['id']}"
    asks = {"seen": 1, "host_answer": "yes", "id_state": "shown"}
    assert desk.post(f"{where}/let-in", asks).json()["rule"] == "V-05"
    assert gate.post(f"{where}/let-in", asks).json()["state"] == "inside"
    assert desk.post(f"{where}/leave", {"seen": 2}).json()["state"] == "left"
    left = desk.post(
        "/deposits", {"kind": "deposit", "name": "箱子", "condition": "完好", "giver": "钱女士", "place": "柜2"}
    )  # fmt: skip
    assert left.status_code == 201, left.content
    taken = desk.post(
        f"/deposits/{left.json()['id']}/collect",
        {"seen": 1, "collector": "钱女士", "id_kind": "known", "signature": "钱女士"},
    )
    assert taken.json()["state"] == "gone", taken.content
    sup = place.caller("sup")
    month = sup.get("/gate-month", year=2025, month=3).json()
    assert (month["came"], month["taken_in"], month["collected"]) == (1, 1, 1)
    assert gate.get("/gate-month", year=2025, month=3).status_code == 403


@pytest.mark.rule("V-02")
def test_the_week_is_handed_in(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    made = sup.post("/passes", PASS).json()
    early = sup.post("/pass-week", {"first": "2025-03-03", "slips": 0})
    assert early.status_code == 422, early.content
    go(hours=24 * 7)
    week = sup.get("/pass-week", first="2025-03-05").json()
    assert (week["issued"], week["to_explain"]) == (1, [made["id"]])
    sent = {"first": "2025-03-05", "slips": 0, "explained": [{"id": made["id"], "why": "改期"}]}
    assert sup.post("/pass-week", sent).json()["version"] == 1
    assert sup.post("/pass-week", sent).status_code == 422
