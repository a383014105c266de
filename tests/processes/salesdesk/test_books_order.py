"""What the index of proofs finds is what the pure rule finds, whatever was entered first."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales_books import project_of

from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.queries.customers import entries_sharing
from yingsheng.processes.salesdesk.rules.matching import Entry as Written
from yingsheng.processes.salesdesk.rules.matching import find_matches
from yingsheng.processes.salesdesk.services.entries import write_entry

pytestmark = pytest.mark.django_db
NAMES = ("钱进宝", "钱 进宝", "钱先生", "王伟", "Ann Lee", "ann lee", "老王")
PHONES = ("13800138111", "138-0013-8111，13900139000", "0086 13900139000", "微信 abc", "")
people = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "contact": st.sampled_from(PHONES),
        "surname": st.sampled_from(("", "钱", "王")),
        "car_brand": st.sampled_from(("", "大众")),
        "plate": st.sampled_from(("", "粤B12345", "粤b 12345")),
    }
)


def written(number: int, known: dict[str, str]) -> Written:
    return Written(
        number=number, agent="a", name=known["name"], phones=known["contact"], surname=known["surname"],
        car_brand=known["car_brand"], plate=known["plate"],
    )  # fmt: skip


@pytest.mark.rule("J-05")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(known=st.lists(people, min_size=2, max_size=5), seed=st.integers(min_value=0, max_value=99))
def test_what_is_found_is_what_the_rule_finds_in_any_order(
    cast: Cast, known: list[dict[str, str]], seed: int
) -> None:
    project = project_of(cast)
    order = list(enumerate(known))
    random.Random(seed).shuffle(order)
    entries: dict[int, Any] = {}
    for number, values in order:
        entries[number] = write_entry(
            project=project, book=Entry.Book.VISIT, agent=cast.agent_a, by=cast.agent_a, at=MONDAY_NINE,
            day=MONDAY_NINE.date(), known=values,
        )  # fmt: skip
    mine = {entry.pk: number for number, entry in entries.items()}
    all_written = [written(number, values) for number, values in enumerate(known)]
    for number, entry in entries.items():
        proofs = entry.proofs.values_list("key", flat=True)
        found = entries_sharing(site=cast.site, proofs=proofs, besides=[entry.pk])
        by_index = {(mine[one.entry.pk], frozenset(one.keys)) for one in found if one.entry.pk in mine}
        by_rule = {
            (one.number, one.keys) for one in find_matches(entry=all_written[number], others=all_written)
        }
        assert by_index == by_rule
