"""A worker's pages without a script: every step is a plain form."""

from __future__ import annotations

import io
from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.factories.cast import Cast, make_cast
from tests.processes.repairs.story import ordered, requested

from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org import services as org
from yingsheng.processes.repairs.services import giving

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Mobile"}
PASSWORD = "a-long-test-password"


@pytest.fixture
def cast(db: None) -> Cast:
    """With a plumber, who does nothing but orders."""
    cast = make_cast(homes=2)
    now = timezone.now()
    plumber = org.hire(
        site=cast.site, username="yunxi-plumber", name="姜师傅", password=PASSWORD, by=None, at=now
    )
    org.appoint(staff=plumber, site=cast.site, role="WORKER", department="engineering", by=None, at=now)
    cast.staff["plumber"] = plumber
    orders.set_profile(
        actor=cast.actor("supervisor"), staff=plumber, trades=["water"], shift_from=time(0), shift_to=time(0),
        weekdays=list(range(7)), away_until=None, active=True, at=now,
    )  # fmt: skip
    return cast


def sitting(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


def picture(name: str = "a.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def pooled(cast: Cast, trade: str = "water") -> WorkOrder:
    case = requested(cast)
    giving.give_order(case=case, by=cast.front, at=case.received_at, trade=trade, task="换角阀")
    return WorkOrder.objects.get(case=case)


@pytest.mark.rule("R-01", "R-17")
def test_from_signing_for_an_order_to_done_with_plain_forms(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    client = sitting(cast, "plumber")
    home = client.get("/work/").content.decode()
    assert order.task in home and "3栋2单元1802" in home
    address = f"/work/orders/{order.key}/"
    for code, sent in {
        "accept": {},
        "start": {"start-photos": picture()},
        "finish": {
            "finish-phrase": "part", "finish-result": "水压正常", "finish-photos": picture("b.png"),
            "finish-checklist": ["clean", "quiet"], "finish-signature": "钱女士",
        },
    }.items():  # fmt: skip
        order.refresh_from_db()
        response = client.post(f"{address}{code}/", {"seen": order.version, **sent})
        assert response.status_code == 303, (code, response.content.decode()[:3000])
    order.refresh_from_db()
    assert (order.state, order.checklist) == ("done", ["clean", "quiet"])
    assert order.result == "更换损坏配件，试水不漏；水压正常"
    notes = Attachment.objects.filter(subject_id=order.case_id).values_list("note", flat=True)
    assert sorted(notes) == [f"{order.number} 维修前", f"{order.number} 维修后"]
    assert "今天完工" in client.get("/work/me/").content.decode()
    kinds = Event.objects.filter(kind__startswith="orders.").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["orders.accepted", "orders.started", "orders.done"]


def test_an_empty_finish_comes_back_with_what_was_typed(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    order = orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=order.issued_at)
    response = sitting(cast, "plumber").post(
        f"/work/orders/{order.key}/finish/", {"finish-signer": "钱先生", "seen": order.version}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "请点一句结果" in page and "钱先生" in page
    response = sitting(cast, "plumber").post(f"/work/orders/{order.key}/pause/", {"pause-reason": ""})
    assert response.status_code == 422 and "请点一个原因" in response.content.decode()


@pytest.mark.rule("R-08", "R-11")
def test_material_is_tapped_and_reasons_are_chips(cast: Cast) -> None:
    price = set_price(
        actor=cast.actor("supervisor"), at=timezone.now(), kind="material", code="M-01", name="角阀", unit="个",
        price_fen=3500,
    )  # fmt: skip
    order = pooled(cast)
    client = sitting(cast, "plumber")
    pool = client.get("/work/pool/").content.decode()
    assert order.number in pool
    address = f"/work/orders/{order.key}/"
    assert client.post(f"{address}take/", {"seen": 1}).status_code == 303
    assert (
        client.post(
            f"{address}use/", {f"use-thing_{price.pk}": "2", "use-lines": "生料带 × 1 @ 2"}
        ).status_code
        == 303
    )
    assert [(one.name, one.quantity) for one in order.materials.order_by("pk")] == [
        ("角阀", 2),
        ("生料带", 1),
    ]
    assert client.post(f"{address}pause/", {"pause-why": "material"}).status_code == 303
    order.refresh_from_db()
    assert (order.state, order.pause_reason) == ("paused", "等材料")
    assert "继续施工" in client.get(address).content.decode()
    sent = {"hand_over-why": "shift", "hand_over-worker": cast.engineer.pk}
    assert client.post(f"{address}hand_over/", sent).status_code == 303
    order.refresh_from_db()
    assert order.worker == cast.engineer


def test_the_pool_shows_ones_own_trades_first(cast: Cast) -> None:
    order = pooled(cast, trade="electric")
    client = sitting(cast, "plumber")
    assert order.number not in client.get("/work/pool/").content.decode()
    assert order.number in client.get("/work/pool/?trades=all").content.decode()


@pytest.mark.rule("A-09")
def test_the_number_is_opened_only_to_whose_order_it_is_while_in_hand(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    address = f"/work/orders/{order.key}/call/"
    client = sitting(cast, "plumber")
    before = Event.objects.count()
    assert client.post(address).status_code == 422  # not signed for
    order = orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=order.issued_at)
    assert sitting(cast, "engineering_head").post(address).status_code == 422
    assert Event.objects.count() == before + 1
    page = client.post(address).content.decode()
    assert 'href="tel:13800138000"' in page
    event = Event.objects.get(kind="estate.revealed")
    assert event.data["reason"] == f"派工单{order.number}联系住户" and event.by == cast.plumber
    assert "13800138000" not in client.get(f"/work/orders/{order.key}/").content.decode()
    orders.finish_order(
        order=order, actor=cast.actor("plumber", timezone.now()), at=timezone.now(), result="好了"
    )
    assert client.post(address).status_code == 422


@pytest.mark.rule("A-09")
def test_a_caller_who_is_nobody_of_the_archive_is_rung_too(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    order = orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=order.issued_at)
    order.case.person = None
    order.case.caller_phone = "13911112222"
    order.case.save(update_fields=["person", "caller_phone"])
    client = sitting(cast, "plumber")
    assert "tel:13911112222" in client.post(f"/work/orders/{order.key}/call/").content.decode()
    assert Event.objects.filter(kind="orders.phone_opened").count() == 1
    order.case.caller_phone = ""
    order.case.save(update_fields=["caller_phone"])
    assert client.post(f"/work/orders/{order.key}/call/").status_code == 422


def test_the_paper_leads_a_worker_on_a_phone_to_his_page(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    client = sitting(cast, "plumber")
    there = f"/work/orders/{order.key}/"
    assert client.get(f"/orders/{order.key}/", **PHONE)["Location"] == there
    assert client.get(f"/orders/{order.key}/").status_code == 200
    assert sitting(cast, "front").get(f"/orders/{order.key}/", **PHONE).status_code == 200
    for text in (order.number, order.number.lower(), f"https://x.example/orders/{order.key}/"):
        assert client.get("/work/scan/", {"q": text})["Location"] == there
    for text in ("PG-209901-0001", "xyz"):
        assert "没有找到" in client.get("/work/scan/", {"q": text}).content.decode()


def test_who_only_works_lands_on_his_orders(cast: Cast) -> None:
    cast.engineer.set_password(PASSWORD)
    cast.engineer.save(update_fields=["password"])
    for name, there in {"plumber": "/work/", "engineer": "/"}.items():
        sent = {"username": cast.staff[name].username, "password": PASSWORD}
        assert Client().post("/login/", sent)["Location"] == there
    sent = {"username": cast.plumber.username, "password": PASSWORD, "next": "/account/"}
    assert Client().post("/login/", sent)["Location"] == "/account/"


def test_what_does_not_exist_is_not_found(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    client = sitting(cast, "plumber")
    assert client.get(f"/work/orders/{order.key}/assign/").status_code == 404
    assert client.get("/work/orders/nowhere/").status_code == 404
    assert "open" in client.get(f"/work/orders/{order.key}/finish/").content.decode()


def test_what_a_device_keeps_names_nobody_in_the_frame(cast: Cast) -> None:
    client = sitting(cast, "plumber")
    shell = client.get("/work/shell/").content.decode()
    assert "姜师傅" not in shell and cast.site.name not in shell and "csrfmiddlewaretoken" not in shell
    script = client.get("/work/sw.js")
    assert (
        script["Content-Type"].startswith("text/javascript")
        and "/static/ui/work.js" in script.content.decode()
    )
    english = Client()
    cast.plumber.language = "en"
    cast.plumber.save(update_fields=["language"])
    english.force_login(cast.plumber, backend=BACKEND)
    assert english.get("/work/sw.js").content != script.content
    manifest = Client().get("/work/manifest.webmanifest").json()
    assert (manifest["scope"], manifest["display"]) == ("/work/", "standalone")


def test_what_a_device_keeps_holds_every_step_it_may_come_to(cast: Cast) -> None:
    order = ordered(cast, worker=cast.plumber)
    pooled(cast)
    kept = sitting(cast, "plumber").get("/work/state/").json()
    assert kept["worker"] == cast.plumber.pk and kept["csrf"]
    assert kept["orders"][order.key] == {"state": "waiting", "version": order.version, "number": order.number}
    page = kept["pages"][f"/work/orders/{order.key}/"]
    for code in ("accept", "start", "finish", "pause", "use", "photos"):
        assert f'data-queue-verb="{code}"' in page
    assert set(kept["pages"]) >= {"/work/", "/work/pool/", "/work/scan/"} and len(kept["pages"]) == 5
