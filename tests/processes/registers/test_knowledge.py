"""Ready answers: approved before use, found by words and letters, counted, reviewed; open questions are kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.factories.registers import make_knowledge
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.enquiries.services import promise_answer
from yingsheng.processes.registers.models import Knowledge
from yingsheng.processes.registers.queries import list_knowledge, suggest
from yingsheng.processes.registers.rules import keywords_of, score
from yingsheng.processes.registers.services.knowledge import (
    approve_knowledge,
    retire_knowledge,
    review_knowledge,
    rewrite_knowledge,
    use_knowledge,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def desk(cast: Cast, who: str = "front") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


def clock(row: Knowledge, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type="registers.knowledge", subject_id=row.pk, milestone=milestone
    ).latest("round")


@pytest.mark.rule("B-09")
@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("门禁卡丢了", True), ("我的门禁卡找不到", True), ("mjk", True), ("MJK", True), ("m", False),
        ("停车", False), ("", False), ("xyz", False),
    ],
)  # fmt: skip
def test_an_entry_is_found_by_words_and_by_letters(typed: str, fits: bool) -> None:
    found = score(
        typed=typed, question="门禁卡丢了怎么补", keywords=["门禁卡", "补办"], initials="mjkdlzmb mjk bb"
    )
    assert bool(found) is fits


@given(words=st.lists(st.text("门禁卡停车费ab", min_size=1, max_size=4), max_size=6))
def test_keywords_are_kept_once_in_order(words: list[str]) -> None:
    for mark in (" ", "，", "、", ";"):
        assert keywords_of(text=mark.join(words)) == list(dict.fromkeys(words))


@pytest.mark.rule("B-09")
def test_only_an_approved_entry_is_used_and_its_owner_owes_the_review(cast: Cast) -> None:
    row = make_knowledge(cast, approved=False)
    assert suggest(actor=cast.actor("front"), text="门禁卡") == []
    assert use_knowledge(actor=cast.actor("front"), pk=row.pk, at=NINE) is None
    row = approve_knowledge(actor=cast.actor("supervisor"), record=row, at=NINE)
    assert [one.pk for one in suggest(actor=cast.actor("front"), text="门禁卡")] == [row.pk]
    before = Event.objects.count()
    used = use_knowledge(actor=cast.actor("front"), pk=row.pk, at=NINE)
    assert used is not None and used.use_count == 1
    assert Event.objects.count() == before + 1
    promise = clock(row, "review_knowledge")
    assert (promise.responsible_staff, promise.due_at.month, promise.due_at.day) == (cast.front, 9, 3)
    row = review_knowledge(actor=cast.actor("front"), record=used, at=later(24))
    assert [one.state for one in Obligation.objects.filter(milestone="review_knowledge").order_by("round")] == [
        "met", "armed",
    ]  # fmt: skip


@pytest.mark.rule("B-09")
def test_a_new_wording_keeps_the_old_and_asks_for_approval_again(cast: Cast) -> None:
    row = make_knowledge(cast)
    row = rewrite_knowledge(
        actor=cast.actor("front"), record=row, at=later(1), question="门禁卡丢了怎么办", answer="先挂失。",
        category="access", keywords="门禁",
    )  # fmt: skip
    assert (row.state, row.keywords) == ("draft", ["门禁"])
    assert list(row.versions.order_by("number").values_list("answer", flat=True)) == [
        "带证件到前台挂失补办。",
        "先挂失。",
    ]
    page = desk(cast, "supervisor").get(reverse("registers:knowledge_one", args=[row.pk])).content.decode()
    assert "带证件到前台挂失补办。" in page
    with pytest.raises(Refused):
        review_knowledge(actor=cast.actor("front"), record=row, at=later(2))
    retire_knowledge(actor=cast.actor("front"), record=row, at=later(3), reason="并入另一条")
    assert not Obligation.objects.filter(subject_type="registers.knowledge", state="armed").exists()


@pytest.mark.rule("B-09")
def test_a_question_without_an_answer_waits_for_its_owner(cast: Cast) -> None:
    for kind in ("enquiry", "suggestion", "help"):
        promise_answer(
            site=cast.site, caller=cast.caller(), channel="phone", title="公共收益去年的账目", kind=kind, by=cast.front,
            at=NINE,
        )  # fmt: skip
    row = Knowledge.objects.get()
    assert (row.state, row.owner, row.asked_in is not None) == ("open", cast.supervisor, True)
    assert clock(row, "answer_open").rule == "B-09"
    row = rewrite_knowledge(
        actor=cast.actor("supervisor"), record=row, at=later(1), question=row.question, answer="已贴在公告栏。",
        category="fees",
    )  # fmt: skip
    assert clock(row, "answer_open").state == "met"
    assert row.state == "draft"


@pytest.mark.rule("B-09")
def test_the_register_is_searched_by_words_and_letters(cast: Cast) -> None:
    make_knowledge(cast)
    for text, count in (("补办", 1), ("mjk", 1), ("停车", 0), ("", 1)):
        assert list_knowledge(actor=cast.actor("front"), text=text).count() == count, text


@pytest.mark.rule("B-09")
def test_the_desk_is_offered_answers_while_it_types_and_takes_one_with_a_click(cast: Cast) -> None:
    row = make_knowledge(cast)
    client = desk(cast)
    found = client.get(reverse("enquiries:ready"), {"title": "门禁卡丢了"}).content.decode()
    assert "门禁卡丢了怎么补" in found
    assert "<ul" not in client.get(reverse("enquiries:ready"), {"title": "游泳"}).content.decode()
    taken = client.post(reverse("enquiries:take_answer", args=[row.pk])).content.decode()
    assert "带证件到前台挂失补办。" in taken and 'name="answer"' in taken
    assert Knowledge.objects.get().use_count == 1
    assert client.post(reverse("enquiries:take_answer", args=[row.pk + 1])).status_code == 404


@pytest.mark.rule("B-09")
def test_without_scripts_the_form_looks_up_and_takes_over(cast: Cast) -> None:
    row = make_knowledge(cast)
    client = desk(cast)
    start = reverse("enquiries:start", args=["enquiries"])
    sent = {"title": "门禁卡丢了", "household": str(cast.homes[0].pk), "look_up": "1"}
    page = client.post(start, sent).content.decode()
    assert "门禁卡丢了怎么补" in page and 'value="门禁卡丢了"' in page and 'role="alert"' not in page
    page = client.post(start, {**sent, "use_answer": str(row.pk)}).content.decode()
    assert "带证件到前台挂失补办。</textarea>" in page
    stranger = client.post(
        start, {"title": "门禁卡", "caller_name": "钱路过", "look_up": "1"}
    ).content.decode()
    assert "钱路过" in stranger
