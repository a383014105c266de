"""Files and paper on the screen: photos in, sheets out, each print counted, slips handed over."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.factories.cast import Cast, make_cast
from tests.processes.story import handled, later, registered, visited

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.notify.models import Message
from yingsheng.processes.enquiries.services import answer_at_once, note_contact
from yingsheng.processes.followups.models import FollowUp

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=2)


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    return client


def photo(name: str = "漏水.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "blue").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_photos_are_added_shown_and_taken_back(cast: Cast, desk: Client) -> None:
    case = registered(cast)
    page = reverse("ui:case", args=[case.key])
    assert 'capture="environment"' in desk.get(page).content.decode()
    url = reverse("ui:case_files", args=[case.key])
    done = desk.post(url, {"add-photos": [photo()], "add-files": [photo("b.jpg")], "add-note": "维修前"})
    assert done.status_code == 303
    shown = desk.get(done["Location"]).content.decode()
    for words in ("漏水.jpg", "b.jpg", "维修前", "已添加附件", "添加2个附件"):
        assert words in shown
    kept = Attachment.objects.get(name="漏水.jpg")
    whole = desk.get(reverse("ui:file", args=[kept.key]))
    assert whole["Content-Type"] == "image/jpeg" and "sandbox" in whole["Content-Security-Policy"]
    assert len(desk.get(reverse("ui:file_small", args=[kept.key])).content) < len(whole.content) + 1
    remove = reverse("ui:file_remove", args=[kept.key])
    refused = desk.post(remove, {"reason": ""})
    assert refused.status_code == 422 and "请写明撤下的原因" in refused.content.decode()
    assert desk.post(remove, {"reason": "传错了户"}).status_code == 303
    after = desk.get(page).content.decode()
    assert "已撤下" in after and "传错了户" in after
    assert desk.get(reverse("ui:file", args=[kept.key])).status_code == 404


def test_a_file_that_is_none_comes_back_with_its_name(cast: Cast, desk: Client) -> None:
    case = registered(cast)
    url = reverse("ui:case_files", args=[case.key])
    before = Event.objects.count()
    bad = SimpleUploadedFile("脚本.svg", b"<svg/>", content_type="image/svg+xml")
    refused = desk.post(url, {"add-files": [photo(), bad], "add-note": "说明还在"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "脚本.svg" in page and "说明还在" in page and 'role="alert"' in page
    assert not Attachment.objects.exists() and Event.objects.count() == before
    assert desk.post(url, {}).status_code == 422


def test_a_complaint_is_registered_with_its_photos(cast: Cast, desk: Client) -> None:
    words = {
        "title": "厨房漏水没人修", "channel": "phone", "category": "repair", "caller_name": "孙外人",
        "caller_phone": "13911112222",
    }  # fmt: skip
    url = reverse("enquiries:start", args=["complaints"])
    bad = desk.post(url, {**words, "files": [SimpleUploadedFile("a.exe", b"MZ")]})
    assert bad.status_code == 422 and not Attachment.objects.exists()
    assert not Event.objects.filter(kind="complaints.registered").exists()
    assert desk.post(url, {**words, "files": [photo(), photo("b.jpg")]}).status_code == 303
    assert Attachment.objects.count() == 2


def test_looking_at_a_sheet_is_free_and_every_print_is_counted(cast: Cast, desk: Client) -> None:
    case = registered(cast)
    url = reverse("ui:sheet", args=[case.key, "register"])
    before = Event.objects.count()
    preview = desk.get(url).content.decode()
    assert "预览" in preview and "补打 " not in preview
    assert Event.objects.count() == before
    first = desk.post(url).content.decode()
    assert "预览" not in first and "补打 " not in first and "data-print-now" in first
    second = desk.post(url).content.decode()
    assert "补打 1" in second
    pdf = desk.post(reverse("ui:sheet_pdf", args=[case.key, "register"]))
    assert pdf["Content-Type"] == "application/pdf"
    assert Event.objects.count() == before + 3
    assert [event.data["count"] for event in Event.objects.filter(kind="cases.sheet_printed")] == [1, 2, 3]
    page = desk.get(reverse("ui:case", args=[case.key])).content.decode()
    assert "已打印3次" in page and "打印FM-01《投诉登记表》，第2次" in page


@pytest.mark.rule("F-09", "F-10")
@pytest.mark.parametrize(
    ("code", "title", "form"),
    [("visit_record", "回访记录", "FM-28"), ("visit_call", "业户访问记录", "FM-18")],
)
def test_the_sheets_of_a_visit(cast: Cast, desk: Client, code: str, title: str, form: str) -> None:
    case = handled(cast)
    visited(cast, case, satisfied=False)
    first, second = FollowUp.objects.get(case=case), FollowUp.objects.get(case=handled(cast, home=1))
    url = reverse("followups:sheet", args=[first.pk, code])
    page = desk.get(url).content.decode()
    for words in (title, form, case.number, "又漏了", "钱女士", "已修好并试水", cast.site.name):
        assert words in page, words
    assert "补打 " not in desk.post(url).content.decode()
    assert "补打 1" in desk.post(url).content.decode()
    # a visit not made yet is another sheet, for the pen
    blank = desk.post(reverse("followups:sheet", args=[second.pk, code])).content.decode()
    assert "补打 " not in blank and "又漏了" not in blank
    pdf = desk.get(reverse("followups:sheet_pdf", args=[first.pk, code]))
    assert pdf.content.startswith(b"%PDF-")
    menu = desk.get(reverse("ui:case", args=[case.key])).content.decode()
    assert url in menu and f"{title}（第1次）" in menu
    assert desk.get(reverse("followups:sheet", args=[first.pk, "none"])).status_code == 404


@pytest.mark.rule("B-04", "C-10")
def test_the_register_of_some_days_is_printed(cast: Cast, desk: Client) -> None:
    for hours, reason in ((0, "装修要办什么"), (30, "电梯几点停")):
        answer_at_once(
            site=cast.site, caller=cast.caller(), channel="phone", reason=reason, answer="告知了", by=cast.front,
            at=later(hours),
        )  # fmt: skip
    case = handled(cast)
    note_contact(site=cast.site, caller=cast.caller(), channel="phone", case=case, by=cast.front, at=later(1))
    url = reverse("enquiries:register_sheet")
    day = {"first": "2025-03-03", "last": "2025-03-03"}
    page = desk.get(url, day).content.decode()
    assert "FM-05" in page and "装修要办什么" in page and "电梯几点停" not in page and "预览" in page
    assert "138****8000" in page and f"{case.number} 已处理，待答复" in page
    assert "补打 " not in desk.post(url, day).content.decode()
    again = desk.post(url, {"first": "2025-03-03"}).content.decode()
    assert "补打 1" in again
    both = desk.post(url, {"first": "2025-03-04", "last": "2025-03-03"}).content.decode()
    assert "电梯几点停" in both and "补打 " not in both
    assert desk.post(f"{url}?as=pdf", day).content.startswith(b"%PDF-")
    assert desk.get(url, {"first": "2025-01-01", "last": "2025-12-31"}).status_code == 422
    assert desk.get(url, {"first": "昨天"}).status_code == 200
    listed = desk.get(reverse("enquiries:contacts"), day).content.decode()
    assert "装修要办什么" in listed and "电梯几点停" not in listed


def test_slips_are_printed_two_on_a_page_and_ticked_off(cast: Cast, desk: Client) -> None:
    registered(cast)
    registered(cast, home=1)
    first, second = Message.objects.filter(channel="counter").order_by("pk")[:2]
    url = reverse("ui:slips")
    assert cast.homes[0].room.label in desk.get(url).content.decode()
    sheet = reverse("ui:slip_sheet")
    printed = desk.post(sheet, {"chosen": [first.pk, second.pk]}).content.decode()
    assert printed.count('<article class="sheet">') == 2 and "补打 " not in printed and "is-halves" in printed
    assert "补打 1" in desk.post(sheet, {"chosen": [first.pk]}).content.decode()
    assert desk.post(sheet, {"form": "1"}).status_code == 422
    mixed = desk.post(url, {"chosen": [first.pk, second.pk], f"to_{first.pk}": "钱女士"})
    assert mixed.status_code == 422
    assert "请写明交给了谁" in mixed.content.decode() and "钱女士" in mixed.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.handed_over_to == "钱女士" and second.handed_over_at is None
    card = desk.get(reverse("ui:household", args=[cast.homes[0].pk])).content.decode()
    assert "已交付" in card
    found = desk.get(url, {"q": cast.homes[1].room.number}).content.decode()
    assert cast.homes[1].room.label in found


def test_slips_of_another_site_are_not_printed(cast: Cast) -> None:
    registered(cast)
    other = make_cast(code="other")
    client = Client()
    client.force_login(other.front, backend=BACKEND)
    chosen = list(Message.objects.filter(channel="counter").values_list("pk", flat=True))
    assert client.post(reverse("ui:slip_sheet"), {"chosen": chosen}).status_code == 422
    assert not Message.objects.filter(print_count__gt=0).exists()


def test_two_copies_come_on_one_sheet_with_room_for_a_pen(cast: Cast, desk: Client, tmp_path: Path) -> None:
    case = registered(cast)
    html = desk.get(reverse("ui:sheet", args=[case.key, "memo"])).content.decode()
    assert 'class="is-halves"' in html and 'class="sheet-tall"' in html
    css = Path(str(finders.find("ui/print.css"))).read_text(encoding="utf-8")
    assert "td.sheet-tall { height:" in css
    # the preview is a line longer than the print, and even that fits
    file = tmp_path / "memo.pdf"
    file.write_bytes(desk.get(reverse("ui:sheet_pdf", args=[case.key, "memo"])).content)
    said = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout.decode()
    assert said.count("\f") == 1
    assert "存根" in said and "执行" in said
