"""Our own content: complete in both languages, everything a rule asks for is in it, brought into a site once."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.urls import reverse
from tests.factories.cast import Cast
from tests.processes.knowledge.seat import desk
from tests.processes.story import NINE, later

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.process.missing import shelves
from yingsheng.processes.knowledge.queries import list_articles, list_usable
from yingsheng.processes.knowledge.services.articles import rewrite_article
from yingsheng.processes.knowledge.services.stocking import load_ready, stock_library

READY = load_ready()


def serving(rule: str) -> set[str]:
    """What is delivered for a rule, by the parts or situations it is for."""
    return {one.part or one.situation for one in READY if one.rule == rule}


def test_everything_is_written_in_both_languages_once_and_serves_a_rule_in_force() -> None:
    assert len(READY) >= 60
    assert max(Counter(one.code for one in READY).values()) == 1
    book = load_book().rules
    for one in READY:
        assert re.search(r"[一-鿿]", one.title) and re.search(r"[一-鿿]", one.body), one.code
        assert one.title_en and one.body_en, one.code
        assert not re.search(r"[一-鿿]", one.title_en + one.body_en), one.code
        assert len(one.title) <= 120 and len(one.title_en) <= 200, one.code
        assert book[one.rule].in_force, (one.code, one.rule)


def test_every_situation_and_mood_has_a_line_and_every_tip_hangs_on_one() -> None:
    scripts = [one for one in READY if one.kind == "script"]
    assert {one.situation for one in scripts} == set(Article.Situation.values)
    assert {one.mood for one in scripts} == set(Article.Mood.values)
    lines = Counter(one.line for one in scripts)
    assert "" not in lines and max(lines.values()) == 1
    assert {one.line for one in READY if one.kind == "tip"} <= set(lines)


@pytest.mark.rule("W-11")
def test_there_is_a_phrase_of_every_kind() -> None:
    assert {one.part for one in READY if one.kind == "phrase"} == {
        part for part in Article.Part.values if part.startswith("phrase_")
    }
    said = "".join(one.body for one in READY if one.kind == "phrase")
    for basic in ("您好", "请", "谢谢", "对不起", "再见"):
        assert basic in said


@pytest.mark.rule("W-14")
def test_nobody_is_sent_away() -> None:
    assert {"reception", "waiting"} <= serving("W-14")
    assert "tip_violation" in serving("W-14")


@pytest.mark.rule("W-15")
def test_visitors_are_met_gifts_declined_slips_put_right_provocation_met_with_calm() -> None:
    bodies = " ".join(f"{one.title} {one.keywords}" for one in READY if one.rule == "W-15")
    for word in ("起身", "礼物", "改正", "挑衅", "年长"):
        assert word in bodies


@pytest.mark.rule("W-17")
def test_a_call_is_taken_from_the_greeting_to_hanging_up() -> None:
    titles = " ".join(one.title for one in READY if one.rule == "W-17")
    for word in ("第一句", "记录", "方言", "打断", "结束通话", "对方先挂"):
        assert word in titles


@pytest.mark.rule("W-18")
def test_an_outgoing_call_has_a_beginning_and_an_end() -> None:
    lines = {one.line: one.body for one in READY if one.rule == "W-18"}
    assert {"J1", "J2"} <= set(lines)
    assert "{项目}" in lines["J1"] and "谢谢" in lines["J2"]


@pytest.mark.rule("W-19")
def test_the_extras_of_the_phone_are_there() -> None:
    titles = " ".join(one.title for one in READY if one.rule == "W-19")
    for word in ("转接之前", "打错", "拨错", "当着来访的人", "不在"):
        assert word in titles


@pytest.mark.rule("W-21")
def test_a_complaint_heard_on_duty_is_led_to_the_centre() -> None:
    lines = [one for one in READY if one.rule == "W-21" and one.kind == "script"]
    assert {one.situation for one in lines} == {"on_duty"}
    assert all("服务中心" in one.body for one in lines)


@pytest.mark.rule("W-23", "W-26", "W-28", "W-29", "W-32")
@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("W-23", {"std_owner"}), ("W-26", {"std_conduct"}), ("W-28", {"std_taboo", "std_owner"}),
        ("W-29", {"std_relations"}), ("W-32", {"std_principle"}),
    ],
)  # fmt: skip
def test_what_is_taught_has_its_notes(rule: str, parts: set[str]) -> None:
    assert parts <= serving(rule)


@pytest.mark.rule("W-24", "W-27", "W-34")
def test_skills_needs_and_kinds_of_tips_are_complete(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    found = {one.rule: one for one in shelves(site=cast.site, at=NINE)}
    for rule, wanted in (("W-11", 11), ("W-24", 6), ("W-27", 3), ("W-34", 4)):
        assert (found[rule].wanted, found[rule].there, found[rule].is_full) == (wanted, wanted, True)


@pytest.mark.rule("W-11", "W-34")
def test_the_figures_of_the_rules_say_what_is_complete(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    for path in ("W-11.category_count", "W-34.tip_kinds", "W-24.skill_count", "W-27.need_count"):
        override_parameter(
            site=cast.site, path=path, value=20, active_from=NINE, reason="试", by=cast.head, at=NINE
        )
    found = {one.rule: one for one in shelves(site=cast.site, at=later(1))}
    assert not any(found[rule].is_full for rule in ("W-11", "W-34", "W-24", "W-27"))


@pytest.mark.rule("Z-14", "W-26")
def test_documents_known_by_title_only_are_missing_until_the_site_writes_them(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    shelf = next(one for one in shelves(site=cast.site, at=NINE) if one.rule == "Z-14")
    assert (shelf.there, shelf.wanted) == (0, 7)
    client = desk(cast, "supervisor")
    page = client.get(reverse("knowledge:coverage")).content.decode()
    fresh = reverse("knowledge:knowledge_new", args=["doc_routine"])
    assert fresh in page
    assert 'value="doc_routine" selected' in client.get(fresh).content.decode()
    override_parameter(
        site=cast.site, path="Z-14.documents", value="guide", active_from=NINE, reason="只要一份", by=cast.head, at=NINE
    )  # fmt: skip
    assert next(one for one in shelves(site=cast.site, at=later(1)) if one.rule == "Z-14").wanted == 1


@pytest.mark.rule("B-09", "B-03", "B-16")
def test_it_is_brought_in_once_and_the_copy_is_the_sites(cast: Cast) -> None:
    before = Event.objects.count()
    assert stock_library(site=cast.site, owner=cast.supervisor, at=NINE) == len(READY)
    assert Event.objects.count() == before + len(READY)
    assert Obligation.objects.filter(subject_type="knowledge.article").count() == len(READY)
    row = Article.objects.get(origin="script-K1")
    rewrite_article(
        actor=cast.actor("supervisor"), record=row, at=later(1), kind="script", title=row.title, body="往东走到头。",
        situation=row.situation, mood=row.mood, line=row.line,
    )  # fmt: skip
    client = desk(cast, "supervisor")
    assert client.post(reverse("knowledge:stock")).status_code == 303
    assert Article.objects.get(origin="script-K1").body == "往东走到头。"
    assert list_usable(site=cast.site).count() == len(READY) - 1


@pytest.mark.rule("W-34", "W-11")
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("方言", "听不懂对方的方言"), ("转接", "转接之前先说明"), ("tfbd", "听不懂对方的方言"),
        ("zjzq", "转接之前先说明"), ("frail", "来访的是体弱或年长的人"), ("dialect", "听不懂对方的方言"),
        ("F2", "对方正在气头上"), ("礼", "谢绝礼物"),
    ],
)  # fmt: skip
def test_the_library_is_searched_by_two_characters_by_letters_and_in_english(
    cast: Cast, text: str, title: str
) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    titles = {row.title for row in list_articles(actor=cast.actor("front"), text=text)}
    if text == "tfbd":
        assert titles == set()  # letters stand side by side in the title
        titles = {row.title for row in list_articles(actor=cast.actor("front"), text="tbddf")}
    assert title in titles
    assert len(titles) < len(READY) / 2
