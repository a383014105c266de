"""Beside the form: what fits stands there without a click, the form of address filled in, in the desk's language."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.factories.knowledge import make_article, make_script
from tests.processes.knowledge.seat import desk
from tests.processes.story import NINE, registered

from yingsheng.base.shown import OnTheLine
from yingsheng.kernel.estate.models import Person
from yingsheng.kernel.org.models import Role
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.process.saying import address_words, addressed
from yingsheng.processes.knowledge.rules.wording import fill
from yingsheng.processes.knowledge.services.stocking import stock_library


def reception(cast: Cast, code: str) -> str:
    home = cast.homes[0]
    person = home.members.get(decides=True).person_id
    return f"{reverse('enquiries:reception')}?household={home.pk}&person={person}&start={code}"


@pytest.mark.rule("W-17", "W-24")
def test_the_first_words_stand_there_with_the_name_before_anything_is_typed(cast: Cast) -> None:
    make_script(cast)
    page = desk(cast).get(reception(cast, "enquiries")).content.decode()
    assert "钱女士您好，这里是云溪花园。" in page
    assert "{称呼}" not in page.replace("data-", "")


@pytest.mark.rule("W-32", "W-21", "C-83")
def test_principles_stand_beside_the_form_of_a_complaint(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    client = desk(cast)
    complaint = client.get(reception(cast, "complaints")).content.decode()
    assert "站到业主那一边看" in complaint and "开始听投诉" in complaint
    assert "站到业主那一边看" not in client.get(reception(cast, "repairs")).content.decode()
    typed = client.get(
        reverse("enquiries:ready"), {"process": "complaints", "body": "他很生气，说再不修就曝光"}
    ).content.decode()
    assert "对方正在气头上" in typed


@pytest.mark.rule("B-09")
def test_the_desk_is_offered_answers_while_it_types_and_takes_one_with_a_click(cast: Cast) -> None:
    row = make_article(cast)
    client = desk(cast)
    found = client.get(reverse("enquiries:ready"), {"title": "门禁卡丢了"}).content.decode()
    assert "门禁卡丢了怎么补" in found and "用这个答案" in found
    nothing = client.get(reverse("enquiries:ready"), {"title": "游泳"}).content.decode()
    assert "<ul" not in nothing and "记为缺口" in nothing
    taken = client.post(reverse("enquiries:take_answer", args=[row.pk])).content.decode()
    assert "带证件到前台挂失补办。" in taken and 'name="answer"' in taken
    assert Article.objects.get().use_count == 1
    assert client.post(reverse("enquiries:take_answer", args=[row.pk + 1])).status_code == 404
    assert client.get(reverse("enquiries:ready"), {"process": "nowhere"}).status_code == 200


@pytest.mark.rule("B-09")
def test_without_scripts_the_form_looks_up_and_takes_over(cast: Cast) -> None:
    row = make_article(cast)
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
    other = client.post(reverse("enquiries:start", args=["repairs"]), sent)
    assert other.status_code == 200 and 'value="门禁卡丢了"' in other.content.decode()


@pytest.mark.rule("W-34", "W-26")
def test_one_press_says_that_it_helped_or_that_nothing_was_there(cast: Cast) -> None:
    row = make_article(cast)
    client = desk(cast)
    live = {"HX-Request": "true"}
    yes = client.post(reverse("knowledge:mark", args=[row.pk, "yes"]), {"words": "卡"}, headers=live)
    assert "已记下" in yes.content.decode()
    no = client.post(reverse("knowledge:mark", args=[row.pk, "no"]), {"words": "车库的卡"})
    assert no.status_code == 303 and reverse("knowledge:knowledge_one", args=[row.pk]) in no.url
    assert client.post(reverse("knowledge:mark", args=[row.pk, "perhaps"])).status_code == 404
    missed = client.post(reverse("knowledge:missed"), {"words": "泳池"}, headers=live)
    assert "已记入缺口" in missed.content.decode()
    assert client.post(reverse("knowledge:missed"), {"words": " "}).status_code == 422
    assert set(Gap.objects.values_list("words", "source")) == {("车库的卡", "unhelpful"), ("泳池", "nothing")}
    row.refresh_from_db()
    assert (row.helped_count, row.unhelpful_count) == (1, 1)


@pytest.mark.rule("W-24")
def test_from_the_second_time_on_the_name_has_to_be_known(cast: Cast) -> None:
    make_script(cast)
    Person.objects.update(call_as="", name="路过")
    client = desk(cast)
    assert "次打交道" not in client.get(reception(cast, "enquiries")).content.decode()
    registered(cast)
    assert "这是第2次打交道" in client.get(reception(cast, "enquiries")).content.decode()
    override_parameter(
        site=cast.site, path="W-24.name_known_at_meeting", value=3, reason="试行", by=cast.head, at=NINE,
        active_from=NINE,
    )  # fmt: skip
    assert "次打交道" not in client.get(reception(cast, "enquiries")).content.decode()


@pytest.mark.rule("W-24")
@pytest.mark.parametrize(
    ("name", "call_as", "zh", "en"),
    [
        ("钱明", "钱女士", "钱女士", "Ms Qian"),
        ("钱明", "", "钱先生/女士", "Mr or Ms Qian"),
        ("欧阳明", "欧阳先生", "欧阳先生", "Mr Ouyang"),
        ("李明", "李老师", "李老师", "李老师"),
        ("", "", "", ""),
    ],
)
def test_addresses_in_both_languages(cast: Cast, name: str, call_as: str, zh: str, en: str) -> None:
    found = addressed(who=OnTheLine(name=name, call_as=call_as), site=cast.site, at=NINE)
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert address_words(address=found) == words


@pytest.mark.rule("W-34")
def test_what_fits_a_matter_stands_on_its_page(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    case = registered(cast, title="他很生气，说没人管")
    assert "对方正在气头上" in desk(cast).get(reverse("ui:case", args=[case.key])).content.decode()


@pytest.mark.rule("W-24")
def test_a_name_with_markup_is_shown_as_text_and_fills_nothing_else(cast: Cast) -> None:
    make_script(cast)
    Person.objects.update(call_as="<b>{项目}</b>女士")
    page = desk(cast).get(reception(cast, "enquiries")).content.decode()
    assert "<b>" not in page.replace("<br>", "")
    assert "&lt;b&gt;（项目）&lt;/b&gt;" in page


@pytest.mark.rule("W-17", "W-18", "W-19")
def test_in_english_the_desk_reads_english(cast: Cast) -> None:
    stock_library(site=cast.site, owner=cast.supervisor, at=NINE)
    cast.front.language = "en"
    cast.front.save(update_fields=["language"])
    page = desk(cast).get(reception(cast, "enquiries")).content.decode()
    assert "Good day, Ms Qian. You have reached 云溪花园" in page


@given(name=st.text("王钱李<>&{}称呼\"'女士先生", max_size=12))
def test_no_brace_reaches_the_screen_whoever_is_on_the_line(name: str) -> None:
    said = fill(text="{称呼}您好，{姓名}。{房号}", values={"address": name, "name": name}, english=False)
    assert "{" not in said and "}" not in said


def test_somebody_without_the_library_is_offered_nothing(cast: Cast) -> None:
    make_script(cast)
    role = Role.objects.get(code="FRONT_DESK")
    role.permissions = [one for one in role.permissions if not one.startswith("knowledge.")]
    role.save(update_fields=["permissions"])
    page = desk(cast).get(reception(cast, "enquiries")).content.decode()
    assert 'id="ready"' not in page
