"""A list of key customers kept elsewhere is brought in whole, or not at all."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from tests.factories.cast import Cast

from yingsheng.base.refusal import Refused
from yingsheng.processes.registers.models import KeyCustomer
from yingsheng.processes.registers.pages import read_lines

HEAD = ["房号", "联系人", "类别", "为什么", "由谁联系", "多少天联系一次"]
GOOD = [
    ["3-2-1802", "钱女士", "大户", "两套房", "周助理", 14],
    ["3栋2单元1803", "", "老弱病残", "独居", "周助理", None],
]


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in (HEAD, *rows):
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def sent(cast: Cast, body: bytes) -> tuple[int, str]:
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    answer = client.post(reverse("registers:customer_import"), {"table": SimpleUploadedFile("a.xlsx", body)})
    return answer.status_code, answer.content.decode()


@pytest.mark.rule("Z-05")
def test_every_line_is_proposed_and_the_stamp_is_passed_over(cast: Cast) -> None:
    status, page = sent(cast, book(*GOOD, ["李主管 2025-03-03 09:00"]))
    assert status == 303, page
    rows = KeyCustomer.objects.order_by("pk")
    assert [(row.reason, row.every_days, row.state) for row in rows] == [
        ("large", 14, "proposed"), ("vulnerable", 30, "proposed"),
    ]  # fmt: skip


@pytest.mark.rule("Z-05")
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (["9-9-999", "", "大户", "大", "周助理", 7], "没有这个房号"),
        (["3-2-1804", "", "富户", "大", "周助理", 7], "类别"),
        (["3-2-1804", "", "大户", "大", "没有人", 7], "类别"),
        (["3-2-1804", "", "大户", "大", "周助理", 999], "天数"),
        (["3-2-1802", "", "大户", "大", "周助理", 7], "已在重点客户名单里"),
    ],
)
def test_one_bad_line_and_nothing_is_written(cast: Cast, bad: list[object], words: str) -> None:
    status, page = sent(cast, book(*GOOD, bad))
    assert status == 422 and words in page and "第4行" in page
    assert not KeyCustomer.objects.exists()


def test_what_is_no_list_is_refused(cast: Cast) -> None:
    for body in (b"PK nonsense", book()):
        assert sent(cast, body)[0] == 422
    with pytest.raises(Refused):
        read_lines(body=b"")
