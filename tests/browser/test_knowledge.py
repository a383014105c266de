"""A caller is on the line: words stand beside the form with her name, what is missing is written and found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import Desk
from tests.factories.cast import Cast

from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.services.stocking import stock_library

Seat = Callable[..., Desk]


@pytest.mark.rule("W-17", "W-24", "W-34", "B-09", "W-26")
def test_the_words_come_with_the_name_and_a_gap_is_filled(seat: Seat, cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=timezone.now())
    front = seat("front")
    home = cast.homes[0]
    front.open(f"/reception/?household={home.pk}&start=complaints")
    ready = front.page.locator("#ready-words")
    # nothing is typed yet: how to begin, with her form of address
    assert "钱女士" in ready.inner_text()
    assert "{" not in ready.inner_text()
    front.page.locator("#intake [name=title]").focus()
    front.page.keyboard.type("她很生气，说没人管")
    front.page.wait_for_selector("#ready-words >> text=对方正在气头上")
    assert "和住户争输赢" in ready.inner_text()
    angry = Article.objects.get(origin="script-F2")
    front.page.locator(f"#mark-{angry.pk} button", has_text="有帮助").click()
    front.page.wait_for_selector("#ready-words .y-noted")
    assert front.page.locator("#intake [name=title]").input_value() == "她很生气，说没人管"
    angry.refresh_from_db()
    assert (angry.helped_count, angry.use_count) == (1, 1)
    assert front.findings() == []

    # a question nobody has written about
    front.open(f"/reception/?household={home.pk}&start=enquiries")
    front.page.locator("#intake [name=title]").focus()
    front.page.keyboard.type("直饮水滤芯")
    front.page.locator("#missed button").click()
    front.page.wait_for_selector("#ready-words .y-noted")
    gap = Gap.objects.get()
    assert (gap.words, gap.state) == ("直饮水滤芯", "open")

    # somebody writes it, the supervisor approves it
    assistant = seat("assistant", width=390, height=844)
    assistant.open(f"/gaps/{gap.pk}/")
    assistant.page.locator(f"a[href*='new/gap-{gap.pk}']").click()
    assistant.page.locator("#new [name=body]").fill("{称呼}您好，滤芯每半年换一次，换好贴在机身上。")
    assistant.page.locator("#new [name=category]").select_option("facilities")
    assert assistant.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert assistant.findings() == []
    assistant.page.locator("#new [data-main], #new button.btn-primary").last.click()
    assistant.page.wait_for_url(re.compile(r"/knowledge/\d+/\?did=new"))
    row = Article.objects.get(origin="")
    supervisor = seat("supervisor")
    supervisor.open(f"/knowledge/{row.pk}/")
    supervisor.page.locator("#approve-form button").last.click()
    supervisor.page.wait_for_url("**did=approve")
    gap.refresh_from_db()
    assert (gap.state, gap.article) == ("closed", row)

    # the next caller with the same question
    front.open(f"/reception/?household={home.pk}&start=enquiries")
    front.page.locator("#intake [name=title]").focus()
    front.page.keyboard.type("直饮水滤芯多久换")
    front.page.wait_for_selector("#ready-words >> text=钱女士您好，滤芯每半年换一次")
    front.page.locator("#ready-words button", has_text="用这个答案").click()
    expect(front.page.locator("#intake [name=answer]")).to_have_value(re.compile("^钱女士您好"))
    front.open("/knowledge/?q=滤芯")
    assert "直饮水滤芯" in front.page.locator("main table").inner_text()
    # a search that finds nothing is kept by itself
    front.open("/knowledge/?q=烘干机")
    front.page.wait_for_selector("main .y-noted")
    assert Gap.objects.get(words="烘干机").source == "nothing"
    for desk in (front, assistant, supervisor):
        assert desk.complaints == []
