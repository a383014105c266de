"""Articles: approved before use, worded anew with every wording kept, reviewed by their owner, counted."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories.cast import Cast
from tests.factories.knowledge import make_article, make_script
from tests.processes.knowledge.seat import desk
from tests.processes.story import NINE, later

from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.queries import list_articles, suggest
from yingsheng.processes.knowledge.services.articles import (
    approve_article,
    retire_article,
    review_article,
    rewrite_article,
)
from yingsheng.processes.knowledge.services.uses import mark_helped, mark_unhelpful, use_article


def clock(row: Article) -> Obligation:
    return Obligation.objects.filter(subject_type="knowledge.article", subject_id=row.pk).latest("round")


def words(**fields: str) -> dict[str, str]:
    return {"kind": "answer", "title": "门禁卡丢了怎么办", "body": "先挂失。", "category": "access", **fields}


@pytest.mark.rule("B-09")
def test_only_an_approved_article_is_used_and_its_owner_owes_the_review(cast: Cast) -> None:
    row = make_article(cast, approved=False)
    assert suggest(site=cast.site, text="门禁卡") == []
    assert use_article(actor=cast.actor("front"), pk=row.pk, at=NINE) is None
    assert list_articles(actor=cast.actor("engineer")).count() == 0
    row = approve_article(actor=cast.actor("supervisor"), record=row, at=NINE)
    assert [one.pk for one in suggest(site=cast.site, text="门禁卡")] == [row.pk]
    before = Event.objects.count()
    used = use_article(actor=cast.actor("front"), pk=row.pk, at=NINE)
    assert used is not None and used.use_count == 1
    assert Event.objects.count() == before + 1
    promise = clock(row)
    assert (promise.responsible_staff, promise.rule) == (cast.assistant, "B-09")
    assert (promise.due_at.month, promise.due_at.day) == (9, 3)
    review_article(actor=cast.actor("assistant"), record=used, at=later(24), note="电话没变")
    states = Obligation.objects.filter(milestone="review_article").order_by("round")
    assert [one.state for one in states] == ["met", "armed"]


@pytest.mark.rule("B-09", "W-34")
def test_a_new_wording_keeps_the_old_and_asks_for_approval_again(cast: Cast) -> None:
    row = make_article(cast)
    before = Event.objects.count()
    row = rewrite_article(actor=cast.actor("assistant"), record=row, at=later(1), **words(keywords="门禁"))
    assert Event.objects.count() == before + 1
    assert (row.state, row.keywords, row.version) == ("draft", ["门禁"], 3)
    assert list(row.versions.order_by("number").values_list("body", flat=True)) == [
        "带证件到前台挂失补办。", "先挂失。",
    ]  # fmt: skip
    page = desk(cast, "supervisor").get(reverse("knowledge:knowledge_one", args=[row.pk])).content.decode()
    assert "带证件到前台挂失补办。" in page
    with pytest.raises(Refused):
        review_article(actor=cast.actor("assistant"), record=row, at=later(2))
    with pytest.raises(Conflict):
        approve_article(actor=cast.actor("supervisor"), record=row, at=later(2), seen=1)
    retire_article(actor=cast.actor("assistant"), record=row, at=later(3), reason="并入另一条")
    assert not Obligation.objects.filter(subject_type="knowledge.article", state="armed").exists()
    with pytest.raises(Refused):
        rewrite_article(actor=cast.actor("assistant"), record=row, at=later(4), **words())


@pytest.mark.rule("W-34", "W-24")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"category": ""}, "category"),
        ({"kind": "script"}, "situation"),
        ({"kind": "tip"}, "part"),
        ({"kind": "tip", "part": "doc_guide"}, "part"),
        ({"line": "第三句"}, "line"),
        ({"body": "{小名}您好"}, "body"),
        ({"title": "没有合上的{"}, "title"),
    ],
)
def test_what_cannot_be_said_is_refused_beside_its_field(
    cast: Cast, fields: dict[str, str], field: str
) -> None:
    before = (Article.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as refused:
        make_article(cast, **fields)
    assert refused.value.field == field
    client = desk(cast, "assistant")
    answer = client.post(reverse("knowledge:knowledge"), words(**fields))
    assert answer.status_code == 422
    assert "门禁卡丢了" in answer.content.decode() or field == "title"
    assert (Article.objects.count(), Event.objects.count()) == before


@pytest.mark.rule("W-34", "W-26")
def test_whether_it_helped_is_one_press_and_one_event(cast: Cast) -> None:
    row = make_article(cast)
    before = Event.objects.count()
    row = mark_helped(actor=cast.actor("front"), record=row, at=NINE, words="卡")
    row = mark_unhelpful(actor=cast.actor("front"), record=row, at=NINE)
    assert (row.use_count, row.helped_count, row.unhelpful_count) == (1, 1, 1)
    assert Event.objects.count() == before + 2
    assert row.version == 2, "counting is no change of the article"
    client = desk(cast)
    step = reverse("knowledge:knowledge_step", args=[row.pk, "helped"])
    assert client.post(step, {"seen": row.version}).status_code == 303
    row.refresh_from_db()
    assert row.helped_count == 2


def test_approval_needs_the_post_of_the_rule(cast: Cast) -> None:
    row = make_article(cast, approved=False)
    with pytest.raises(Forbidden):
        approve_article(actor=cast.actor("assistant"), record=row, at=NINE)
    assert desk(cast, "engineer").get(reverse("knowledge:knowledge")).status_code in (200, 403)


@pytest.mark.rule("B-09", "Z-08")
def test_reviews_drafts_and_shares_stand_on_the_first_page(cast: Cast) -> None:
    make_article(cast)
    make_article(cast, approved=False, title="还没批的")
    make_article(cast, kind="news", title="空调滴水怎么查", category="", at=timezone.now())
    client = desk(cast, "supervisor")
    page = client.get(reverse("ui:today_lists"), headers={"HX-Request": "true"}).content.decode()
    for text in ("待批的知识条目", "还没批的", "同事分享", "空调滴水怎么查"):
        assert text in page, text


@pytest.mark.rule("Z-08")
def test_a_share_leaves_the_first_page_after_the_days_of_the_rule(cast: Cast) -> None:
    make_article(cast, kind="news", title="空调滴水怎么查", category="")
    today = processes.get("knowledge").today
    assert today is not None
    titles = [one.title for one in today(actor=cast.actor("engineer"), now=later(24 * 6))]
    assert titles == ["同事分享"]
    assert today(actor=cast.actor("engineer"), now=later(24 * 8)) == []


@pytest.mark.rule("B-09")
def test_a_due_review_is_named_for_its_owner(cast: Cast) -> None:
    make_article(cast)
    today = processes.get("knowledge").today
    assert today is not None
    (review,) = today(actor=cast.actor("assistant"), now=later(24 * 183))
    assert review.lines[0].text == "复审知识条目 · 门禁卡丢了怎么补"


@pytest.mark.rule("W-34")
def test_a_tip_leads_to_its_line_and_the_line_to_its_tips(cast: Cast) -> None:
    script = make_script(cast)
    tip = make_article(
        cast, kind="tip", part="tip_work", line="A1", title="先笑再接", body="笑听得出来。", category=""
    )  # fmt: skip
    client = desk(cast)
    assert "先笑再接" in client.get(reverse("knowledge:knowledge_one", args=[script.pk])).content.decode()
    assert "接起电话" in client.get(reverse("knowledge:knowledge_one", args=[tip.pk])).content.decode()
