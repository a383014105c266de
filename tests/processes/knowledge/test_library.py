"""The library's pages: search and filters, the handbook, files out and in; nothing of another site."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from tests.factories.cast import Cast, make_cast
from tests.factories.knowledge import make_article, make_script
from tests.processes.knowledge.seat import desk
from tests.processes.story import later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.pages.files import read_lines
from yingsheng.processes.knowledge.queries import list_articles
from yingsheng.processes.knowledge.services.articles import rewrite_article

HEADING = [
    "种类",
    "标题",
    "内容",
    "英文标题",
    "英文内容",
    "类别",
    "场合",
    "对方的情绪",
    "分类",
    "对话编号",
    "关键词",
]


def book(*rows: list[Any]) -> bytes:
    workbook = Workbook()
    for row in (HEADING, *rows):
        workbook.active.append(row)  # type: ignore[union-attr]
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.rule("W-34")
def test_kind_situation_and_mood_narrow_the_list(cast: Cast) -> None:
    make_article(cast)
    make_script(cast)
    make_script(cast, title="对方着急", mood="hurried", line="A3")
    client = desk(cast)
    url = reverse("knowledge:knowledge")

    def listed(**asked: str) -> list[bool]:
        page = client.get(url, asked).content.decode()
        return [f">{title}</a>" in page for title in ("门禁卡丢了怎么补", "接起电话", "对方着急")]

    assert listed() == [True, True, True]
    assert listed(kind="script") == [False, True, True]
    assert listed(kind="script", mood="hurried") == [False, False, True]
    assert listed(situation="phone_in", q="着急") == [False, False, True]
    assert listed(kind="nonsense") == [True, True, True]
    page = client.get(url, {"kind": "script", "q": "电话"}).content.decode()
    assert '<option value="script" selected>' in page and "?state=approved&amp;kind=script&amp;q=" in page


@pytest.mark.rule("W-26")
def test_a_search_that_finds_nothing_offers_to_note_the_gap(cast: Cast) -> None:
    page = desk(cast).get(reverse("knowledge:knowledge"), {"q": "直饮水"}).content.decode()
    assert 'name="words" value="直饮水"' in page and reverse("knowledge:missed") in page
    assert 'id="missed"' not in desk(cast).get(reverse("knowledge:knowledge")).content.decode()


@pytest.mark.rule("W-34")
def test_a_new_wording_is_found_and_the_old_no_longer(cast: Cast) -> None:
    row = make_article(cast)
    actor = cast.actor("assistant")
    for text, count in (("补办", 1), ("mjk", 1), ("jkdl", 1), ("停车", 0), ("", 1)):
        assert list_articles(actor=actor, text=text).count() == count, text
    rewrite_article(
        actor=actor,
        record=row,
        at=later(1),
        kind="answer",
        title="停车卡",
        body="到岗亭。",
        category="parking",
    )
    for text, count in (("补办", 0), ("停车", 1), ("tck", 1)):
        assert list_articles(actor=actor, text=text).count() == count, text


def test_another_site_finds_nothing(cast: Cast) -> None:
    row = make_article(cast)
    other = make_cast(code="other")
    assert list_articles(actor=other.actor("supervisor"), text="门禁").count() == 0
    assert desk(other, "supervisor").get(reverse("knowledge:knowledge_one", args=[row.pk])).status_code == 404


@pytest.mark.rule("W-34", "W-11")
def test_a_chapter_is_printed_counted_and_readable_as_a_pdf(cast: Cast, tmp_path: Path) -> None:
    make_script(cast)
    client = desk(cast)
    url = reverse("knowledge:handbook", args=["script"])
    page = client.get(url).content.decode()
    assert "服务手册：话术" in page and "接电话" in page and "您好，这里是云溪花园。" in page
    assert client.post(url).status_code == 200
    assert "补打 1" in client.post(url).content.decode()
    assert Event.objects.filter(kind="knowledge.printed").count() == 2
    pdf = client.get(url, {"as": "pdf"})
    assert pdf.content.startswith(b"%PDF-")
    if which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(pdf.content)
        asked = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
        text = subprocess.run(asked, capture_output=True, check=True).stdout.decode()
        flat = re.sub(r"\s", "", text)
        assert "服务手册：话术" in flat and "A1" in flat
    assert client.get(reverse("knowledge:handbook", args=["nothing"])).status_code == 404
    assert "还没有可用的条目" in client.get(reverse("knowledge:handbook", args=["news"])).content.decode()


@pytest.mark.rule("B-09")
def test_what_is_exported_for_a_reason_can_be_brought_in_elsewhere(cast: Cast) -> None:
    make_article(cast, title="=1+1 也是标题")
    make_script(cast)
    client = desk(cast, "supervisor")
    export = reverse("knowledge:export")
    assert client.post(export, {"reason": ""}).status_code == 422
    answer = client.post(export, {"reason": "给新项目用"})
    assert answer.status_code == 200
    assert Event.objects.get(kind="knowledge.exported").data == {"rows": 2, "reason": "给新项目用"}
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert list(rows[0]) == HEADING
    assert "'=1+1 也是标题" in [row[1] for row in rows]
    other = make_cast(code="other")
    table = SimpleUploadedFile("a.xlsx", answer.content)
    done = desk(other, "supervisor").post(reverse("knowledge:import"), {"table": table})
    assert done.status_code == 303
    brought = Article.objects.filter(site=other.site)
    assert {(row.kind, row.state, row.situation) for row in brought} == {
        ("answer", "draft", ""), ("script", "draft", "phone_in"),
    }  # fmt: skip


@pytest.mark.rule("B-09")
@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["小说", "标题", "内容"], "种类、标题或内容不对"),
        (["答客问", "标题", "内容"], "答客问要选类别"),
        (["答客问", "标题", "{谁}", "", "", "收费"], "没有人会填"),
        (["答客问", "长" * 121, "内容", "", "", "收费"], "太长"),
    ],
)
def test_one_wrong_line_and_nothing_is_brought_in(cast: Cast, row: list[str], words: str) -> None:
    good = ["答客问", "几点开门", "八点", "", "", "服务态度", "", "", "", "", "开门 营业"]
    client = desk(cast, "supervisor")
    answer = client.post(
        reverse("knowledge:import"), {"table": SimpleUploadedFile("a.xlsx", book(good, row))}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page and "第3行" in page
    assert not Article.objects.exists()


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(Refused):
        read_lines(body=b"no workbook")


def test_a_file_without_lines_is_refused(cast: Cast) -> None:
    client = desk(cast, "supervisor")
    answer = client.post(reverse("knowledge:import"), {"table": SimpleUploadedFile("a.xlsx", book())})
    assert answer.status_code == 422 and "文件里没有条目" in answer.content.decode()
