"""Gaps: the same words counted together, written for, closed by approval, open again when it comes to nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.knowledge import make_article, make_gap
from tests.processes.knowledge.seat import desk
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.enquiries.services import promise_answer
from yingsheng.processes.knowledge.models import Gap
from yingsheng.processes.knowledge.services.articles import approve_article, retire_article
from yingsheng.processes.knowledge.services.gaps import dismiss_gap, note_gap
from yingsheng.processes.knowledge.services.uses import mark_unhelpful


@pytest.mark.rule("W-26")
def test_the_same_words_are_one_gap_with_a_count(cast: Cast) -> None:
    before = Event.objects.count()
    make_gap(cast, words="游泳池 几点关门？")
    row = make_gap(cast, words="游泳池几点关门", at=later(1))
    assert (row.count, row.words, row.first_at, row.last_at) == (2, "游泳池 几点关门？", NINE, later(1))
    assert Event.objects.count() == before + 2
    with pytest.raises(Refused):
        make_gap(cast, words="？！")
    dismiss_gap(actor=cast.actor("assistant"), record=row, at=later(2), reason="本项目没有泳池")
    assert make_gap(cast, words="游泳池几点关门", at=later(3)).count == 1


@pytest.mark.rule("W-26", "B-09")
def test_a_gap_is_written_approved_and_closed(cast: Cast) -> None:
    gap = make_gap(cast)
    client = desk(cast, "assistant")
    page = client.get(reverse("knowledge:gaps_one", args=[gap.pk])).content.decode()
    fresh = reverse("knowledge:knowledge_new", args=[f"gap-{gap.pk}"])
    assert fresh in page
    assert 'value="游泳池几点关门"' in client.get(fresh).content.decode()
    sent = {
        "kind": "answer",
        "title": "游泳池几点关门",
        "body": "晚上九点。",
        "category": "facilities",
        "gap": gap.pk,
    }
    before = Event.objects.count()
    assert client.post(reverse("knowledge:knowledge"), sent).status_code == 303
    assert Event.objects.count() == before + 1
    gap.refresh_from_db()
    assert gap.state == Gap.State.WRITTEN and gap.article is not None
    again = client.post(reverse("knowledge:knowledge"), sent)
    assert again.status_code == 422 and "已经有人写了" in again.content.decode()
    approve_article(actor=cast.actor("supervisor"), record=gap.article, at=later(1))
    gap.refresh_from_db()
    assert gap.state == Gap.State.CLOSED


@pytest.mark.rule("W-26")
def test_what_is_retired_before_approval_leaves_its_gap_open(cast: Cast) -> None:
    gap = make_gap(cast)
    row = make_article(cast, approved=False, gap=gap.pk)
    retire_article(actor=cast.actor("assistant"), record=row, at=later(1), reason="写错了")
    gap.refresh_from_db()
    assert gap.state == Gap.State.OPEN
    other = make_article(cast, approved=False, gap=gap.pk)
    note_gap(actor=cast.actor("front"), at=later(2), words=gap.words)
    retire_article(actor=cast.actor("assistant"), record=other, at=later(3), reason="又写错了")
    assert sorted(Gap.objects.values_list("state", flat=True)) == ["dismissed", "open"]


@pytest.mark.rule("W-26")
def test_what_did_not_help_is_a_gap_of_its_owner(cast: Cast) -> None:
    row = make_article(cast)
    mark_unhelpful(actor=cast.actor("front"), record=row, at=NINE, words="车库的卡丢了")
    gap = Gap.objects.get()
    assert (gap.source, gap.about, gap.owner, gap.words) == ("unhelpful", row, cast.assistant, "车库的卡丢了")


@pytest.mark.rule("B-09", "B-02")
def test_a_question_without_an_answer_waits_for_its_owner(cast: Cast) -> None:
    for kind in ("enquiry", "suggestion", "help", "enquiry"):
        promise_answer(
            site=cast.site, caller=cast.caller(), channel="phone", title="公共收益去年的账目", kind=kind, by=cast.front,
            at=NINE,
        )  # fmt: skip
    gap = Gap.objects.get()
    assert (gap.state, gap.source, gap.owner, gap.count) == ("open", "promised", cast.supervisor, 2)
    clock = Obligation.objects.get(milestone="answer_open")
    assert (clock.rule, clock.responsible_staff) == ("B-09", cast.supervisor)
    row = make_article(cast, title=gap.words, category="fees", gap=gap.pk, approved=False)
    clock.refresh_from_db()
    assert clock.state == "met"
    assert row.gaps.get() == gap
