"""A case is found by whatever somebody at the desk remembers of it, and only at its own site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast, make_cast
from tests.processes.story import later, registered

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, search_cases
from yingsheng.kernel.search.models import Entry
from yingsheng.kernel.search.queries import find_ids
from yingsheng.kernel.search.services import index, reindex
from yingsheng.kernel.search.tokens import endings_of, phrases_of, tokens_of


@pytest.fixture
def leak(cast: Cast) -> Case:
    return registered(cast, title="厨房漏水没人修", body="上周说过一次，水管 DN20 裂了")


def found(cast: Cast, query: str, *, name: str = "supervisor") -> list[Case]:
    return search_cases(actor=cast.actor(name), query=query)


@pytest.mark.parametrize(
    "query",
    [
        "漏水",  # a word of two characters
        "厨房漏水",  # a longer one
        "漏",  # a single character
        "修",  # even the last of a sentence
        "漏水 厨房",  # several, in any order
        "钱",  # the family name
        "qyz",  # initials
        "13800138000",  # the whole phone number
        "1380013",  # as far as it is typed
        "8000",  # its last digits
        "TS-20250303-0001",  # the number as printed
        "ts-20250303-0001",
        "TS202503030001",  # without dashes
        "20250303",
        "3-2-1802",  # the room, with and without dashes
        "321802",
        "3栋2单元1802",
        "１８０２",  # typed with the wide digits of an input method
        "dn20",
        "DN2",
    ],
)
def test_a_case_is_found_by(cast: Cast, leak: Case, query: str) -> None:
    registered(cast, home=1, title="电梯停了", body="困人", at=later(1))
    assert leak in found(cast, query)


@pytest.mark.parametrize("query", ["电梯", "水漏", "9999", "TS-20250304-0001", "1803", "zzz", "漏水 电梯"])
def test_a_case_is_not_found_by_what_it_does_not_hold(cast: Cast, leak: Case, query: str) -> None:
    assert found(cast, query) == []


@pytest.mark.parametrize(
    "query", ["", "   ", "!!!", "'", '"', "*", ")(", "&|!", "a' OR 1=1 --", '"漏', "漏*", ":*"]
)
def test_odd_signs_are_no_syntax(cast: Cast, leak: Case, query: str) -> None:
    assert set(found(cast, query)) <= {leak}


def test_the_newest_comes_first_and_the_list_ends(cast: Cast) -> None:
    made = [registered(cast, home=number % 3, at=later(number)) for number in range(5)]
    assert found(cast, "漏水") == made[::-1]
    newest = find_ids(site_id=cast.site.pk, subject_type=SUBJECT, query="漏水", limit=2)
    assert newest == [made[4].pk, made[3].pk]


def test_another_site_finds_nothing(cast: Cast, leak: Case) -> None:
    other = make_cast(code="other", homes=1)
    theirs = registered(other, title="厨房漏水")
    assert found(other, "漏水") == [theirs]
    assert found(cast, "漏水") == [leak]
    assert found(cast, f"scope{other.site.pk}casescase") == []
    assert find_ids(site_id=other.site.pk, subject_type=SUBJECT, query=leak.number) == [theirs.pk]


def test_a_kind_of_record_finds_only_its_own(cast: Cast, leak: Case) -> None:
    home = cast.homes[0]
    index(site_id=cast.site.pk, subject=home, texts=["漏水"])
    assert find_ids(site_id=cast.site.pk, subject_type="estate.household", query="漏水") == [home.pk]
    assert find_ids(site_id=cast.site.pk, subject_type=SUBJECT, query="漏水") == [leak.pk]


def test_finding_is_no_way_around_what_may_be_seen(cast: Cast, leak: Case) -> None:
    assert found(cast, "漏水", name="engineer") == []
    Case.objects.filter(pk=leak.pk).update(handler=cast.engineer)
    assert found(cast, "漏水", name="engineer") == [leak]


def test_new_words_take_the_place_of_the_old_ones(cast: Cast, leak: Case) -> None:
    reindex(site_id=cast.site.pk, subject=leak, texts=["阳台渗水"])
    assert found(cast, "阳台") == [leak]
    assert found(cast, "厨房") == []
    assert Entry.objects.filter(subject_type=SUBJECT, subject_id=leak.pk).count() == 1


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("漏水", ["漏水"]),
        ("厨房漏水", ["厨房", "房漏", "漏水"]),
        ("水", ["水"]),
        ("3栋1802室", ["3", "栋", "1802", "室"]),
        ("TS-20250303-0001", ["ts", "20250303", "0001"]),
        ("", []),
        ("，。！", []),
    ],
)
def test_text_is_cut_into(text: str, tokens: list[str]) -> None:
    assert tokens_of(text=text) == tokens


def test_endings_are_the_last_characters_of_chinese_words() -> None:
    assert endings_of(text="电梯坏，3栋张伟 dn20") == ["坏", "伟"]


CHINESE = st.text(alphabet="厨房漏水电梯坏了门禁卡", min_size=2, max_size=12)


@given(text=CHINESE, data=st.data())
def test_every_part_of_two_characters_or_more_is_a_phrase_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    [phrase] = phrases_of(query=text[start:end])
    tokens = tokens_of(text=text)
    assert any(tokens[place : place + len(phrase)] == phrase for place in range(len(tokens)))


@given(query=st.text(max_size=60))
def test_any_query_gives_few_phrases_without_signs(query: str) -> None:
    phrases = phrases_of(query=query)
    assert len(phrases) <= 8
    for phrase in phrases:
        for token in phrase:
            assert not set(token.removesuffix("*")) & set("\"'*:&|!()<>-\\ ")
