"""The pages: one parcel after the other, an item with its verbs, the papers, the month and what leaves the house."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.mail import DOT, count_shelf, make_batch, make_item
from tests.processes.mail.story import area_site

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.queries.month import mail_month
from yingsheng.processes.mail.services import handing, keeping

NINE = MONDAY_NINE
MARCH = "?year=2025&month=3"


def at_the_desk(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page reads this moment."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def desk(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend="yingsheng.kernel.org.login.StaffBackend")
    return client


@pytest.mark.rule("M-02", "M-10")
def test_parcel_after_parcel_the_shelf_stays_and_the_room_is_asked_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(NINE, monkeypatch)
    client = desk(cast, "front")
    url = reverse("mail:intake")
    assert "autofocus" in client.get(url).content.decode()
    words = {
        "room": "3-2-1802", "tracking_number": "YT1", "kind": "express", "carrier": "云溪速递", "place": "专柜 1",
        "form_key": "a",
    }  # fmt: skip
    sent = client.post(url, words)
    assert sent.status_code == 303
    page = client.get(sent["Location"]).content.decode()
    item = Item.objects.get(process="mail")
    assert item.number in page and item.mail.pickup_code in page and "专柜 1" in page
    assert 'value="3-2-1802"' not in page
    # sent once more with another key: the number is here already
    again = client.post(url, {**words, "form_key": "b"})
    assert again.status_code == 422 and "这个单号已经在柜里" in again.content.decode()
    worn = client.post(url, {**words, "tracking_number": "YT2", "damage": "压扁", "form_key": "c"})
    assert worn.status_code == 303
    assert MailItem.objects.get(tracking_number="YT2").condition == "worn"


@pytest.mark.rule("M-12")
def test_an_item_is_handed_out_on_its_page_and_shows_both_sides(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(NINE, monkeypatch)
    item = make_item(cast)
    client = desk(cast, "assistant")
    url = reverse("mail:mail_items_one", args=[item.pk])
    page = client.get(url).content.decode()
    assert "家人代领" in page and "核实无法投递" in page
    assert "管理员签收" not in page  # this regulation works without him
    sent = client.post(
        reverse("mail:mail_items_step", args=[item.pk, "collect_by_family"]),
        {
            "collect_by_family-name": "钱小弟", "collect_by_family-relation": "child",
            "collect_by_family-id_kind": "id_card", "collect_by_family-id_number": "11010119900307109X",
            "collect_by_family-signature": DOT, "seen": str(item.version), "form_key": "a",
        },
    )  # fmt: skip
    assert sent.status_code == 303
    page = client.get(sent["Location"]).content.decode()
    assert (
        "钱小弟" in page
        and "（子女）" in page
        and "1101**********109X" in page
        and "11010119900307109X" not in page
    )
    picture = list_attachments(subject=item)[0]
    shown = client.get(reverse("mail:mail_items_file", args=[item.pk, picture.key]))
    assert shown.status_code == 200 and shown["Content-Type"] == "image/png"
    assert client.get(reverse("mail:mail_items_file", args=[item.pk, "none"])).status_code == 404


@pytest.mark.rule("M-04", "M-10", "M-11", "M-13")
def test_the_papers_say_what_happened_and_the_register_follows_the_regulation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(NINE, monkeypatch)
    item = make_item(cast, tracking_number="YT1")
    back = make_item(cast, tracking_number="YT2")
    who = cast.actor("assistant")
    handing.collect(actor=who, record=item, at=NINE, name="钱业主0", identity="known", signature="钱业主0")
    keeping.mark_undeliverable(actor=who, record=back, at=NINE, cause="moved", verified_as="邻居说已搬走")
    handing.return_to_post(
        actor=who, record=back, at=NINE, clerk="小孙", organisation="云溪邮局", signature=DOT
    )
    batch = make_batch(cast, fetched=True)
    client = desk(cast, "supervisor")
    register = reverse("mail:register_sheet") + MARCH
    page = client.get(register).content.decode()
    assert "FM-42" in page and "钱业主0" in page and "2025-03-03" in page and "data:image/png" in page
    override_parameter(
        site=cast.site, path="M-10.register_layout", value="receipt_record", active_from=NINE, reason="本项目",
        by=cast.head, at=NINE,
    )  # fmt: skip
    assert "FM-40" in client.get(register).content.decode()
    sheet = client.get(reverse("mail:batch_sheet") + MARCH).content.decode()
    assert "FM-39" in sheet and "data:image/png" in sheet
    notice = reverse("mail:notice", args=[item.pk])
    assert item.mail.pickup_code in client.get(notice).content.decode()
    assert client.post(notice).status_code == 200
    assert "补打 1" in client.post(notice).content.decode()
    assert Event.objects.filter(kind="mail.printed").count() == 2
    labels = reverse("mail:labels")
    label = client.get(f"{labels}?item={item.pk}").content.decode()
    assert "3栋2单元1802" in label and item.number in label and f">{item.mail.pickup_code}<" not in label
    assert client.get(f"{labels}?item=x").status_code == 404
    assert item.number not in client.get(labels).content.decode()  # handed out: nothing to label
    signed = list_attachments(subject=batch)[0]
    assert client.get(reverse("mail:batch_file", args=[batch.pk, signed.key])).status_code == 200
    assert client.get(reverse("mail:batch_file", args=[10**9, signed.key])).status_code == 404
    assert client.get(reverse("mail:notice", args=[10**9])).status_code == 404


@pytest.mark.rule("M-15", "M-07")
def test_every_figure_of_the_month_opens_its_items(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_desk(NINE + timedelta(days=20), monkeypatch)
    taken = make_item(cast, tracking_number="YT1", condition="wet", damage="湿了")
    left = make_item(cast, tracking_number="YT2", kind="registered")
    make_batch(cast)
    handing.collect(
        actor=cast.actor("assistant"), record=taken, at=NINE, name="钱业主0", identity="known", signature="钱业主0"
    )  # fmt: skip
    found = mail_month(site=cast.site, year=2025, month=3, at=NINE + timedelta(days=20))
    assert (found.total.received, found.total.collected, found.total.overdue) == (2, 1, 1)
    assert (found.total.damaged, found.pieces, found.told, found.owed) == (1, 42, 1, 2)
    assert [kind for kind, _counts in found.kinds] == ["registered", "parcel"]
    client = desk(cast, "supervisor")
    url = reverse("mail:month")
    assert taken.number in client.get(url + MARCH).content.decode()
    late = client.get(f"{url}{MARCH}&what=overdue").content.decode()
    assert left.number in late and taken.number not in late
    one = client.get(f"{url}{MARCH}&kind=registered").content.decode()
    assert left.number in one and taken.number not in one
    out = client.post(f"{reverse('mail:month_export')}{MARCH}&what=overdue", {"reason": "对账"})
    sheet = load_workbook(BytesIO(out.content)).active
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == [left.number]
    assert client.post(reverse("mail:month_export") + MARCH, {}).status_code == 422
    assert Event.objects.filter(kind="mail.exported").count() == 1
    empty = client.get(f"{url}?year=2024&month=1").content.decode()
    assert "这个月还没有要签收的邮件" in empty


@pytest.mark.rule("M-06")
def test_the_shelf_is_counted_by_scanning_and_what_is_missing_is_explained(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(NINE, monkeypatch)
    here, gone = (make_item(cast, at=NINE - timedelta(hours=1)) for _ in range(2))
    client = desk(cast, "assistant")
    label = reverse("mail:scanned", args=[here.key])
    assert client.get(label)["Location"] == reverse("mail:mail_items_one", args=[here.pk])
    assert client.get(reverse("mail:scanned", args=["none"])).status_code == 404
    count = count_shelf(cast)
    assert "在位" in client.get(label).content.decode()
    step = reverse("mail:mail_stocktakes_step", args=[count.pk, "scan"])
    assert client.post(step, {"scan-code": here.number, "form_key": "a"}).status_code == 303
    close = reverse("mail:mail_stocktakes_step", args=[count.pk, "close"])
    assert client.post(close, {"close-note": "", "form_key": "b"}).status_code == 422
    told = reverse("mail:mail_stocktakes_step", args=[count.pk, "explain"])
    words = {"explain-code": gone.number, "explain-explanation": "昨天已领，漏了登记", "form_key": "c"}
    assert client.post(told, words).status_code == 303
    assert client.post(close, {"close-note": "", "form_key": "d"}).status_code == 303
    count.refresh_from_db()
    assert (count.in_place, count.missing) == (1, 1)


@pytest.mark.rule("M-03", "M-05")
def test_the_area_clerk_is_told_of_all_that_came_and_signs_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    area_site(cast)
    items = [make_item(cast, tracking_number=f"YT{number}") for number in range(2)]
    client, url = desk(cast, "front"), reverse("mail:area")
    chosen = {"chosen": [str(one.pk) for one in items], "officer": str(cast.area_admin.pk), "act": "tell"}
    at_the_desk(NINE, monkeypatch)
    assert all(one.number in client.get(url).content.decode() for one in items)
    early = client.post(url, chosen)
    assert "17:00起集中通知管理员" in early.content.decode()
    at_the_desk(NINE + timedelta(hours=8.2), monkeypatch)
    client = desk(cast, "front")
    assert client.post(url, chosen).status_code == 200
    assert MailItem.objects.filter(area_told_at__isnull=False).count() == 2
    assert "请签名" in client.post(url, {**chosen, "act": "hand"}).content.decode()
    signed = client.post(url, {**chosen, "act": "hand", "signature": DOT})
    assert "已办" in signed.content.decode()
    assert Item.objects.filter(state="out", holder_staff=cast.area_admin).count() == 2
    assert "请先勾选邮件" in client.post(url, {**chosen, "chosen": []}).content.decode()
    assert client.post(url, {"act": "tell"}).status_code == 422
