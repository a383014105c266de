"""Typical cases betray nobody, are published after approval, and may become a requirement."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.factories.registers import make_typical
from tests.processes.story import NINE, handled, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.processes.registers.models import TypicalCase
from yingsheng.processes.registers.rules import personal_in
from yingsheng.processes.registers.services.typical import (
    adopt_typical,
    publish_typical,
    read_typical,
    retire_typical,
    rewrite_typical,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.mark.rule("B-10", "Z-06")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("先关总阀，再逐户敲门", ""),
        ("2025年3月3日夜里，三个小时", ""),
        ("他的电话是13800138000", "phone"),
        ("回电 0755-20000001", "phone"),
        ("身份证440301199001011234", "id_number"),
        ("3栋的住户", "room"),
        ("3-2-1802漏水", "room"),
        ("钱女士打来电话", "name"),
    ],
)
def test_what_betrays_a_person_is_found(text: str, found: str) -> None:
    assert personal_in(texts=[text], names={"钱女士", "钱"}) == found


@given(before=st.text("先后关阀门，。", max_size=9), number=st.integers(13_000_000_000, 19_999_999_999))
def test_no_mobile_number_slips_through(before: str, number: int) -> None:
    assert personal_in(texts=[f"{before}{number}。"], names=()) == "phone"


@pytest.mark.rule("B-10")
@pytest.mark.parametrize("field", ["title", "summary", "learned"])
def test_a_text_with_the_caller_in_it_is_refused(cast: Cast, field: str) -> None:
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        make_typical(cast, number=case.number, **{field: "请钱女士说说"})
    assert (refused.value.field, refused.value.rule) == (field, "B-10")
    assert not TypicalCase.objects.exists()


@pytest.mark.rule("B-10", "Z-06")
def test_a_typical_case_is_published_read_and_made_a_requirement(cast: Cast) -> None:
    case = handled(cast)
    before = Event.objects.count()
    row = make_typical(cast, number=case.number)
    with pytest.raises(Refused):
        make_typical(cast, number=case.number)
    row = rewrite_typical(
        actor=cast.actor("front"), record=row, at=later(1), title="夜里爆管", category="repair", summary="先关阀",
        learned="先止损",
    )  # fmt: skip
    with pytest.raises(Refused):
        read_typical(actor=cast.actor("engineer"), record=row, at=later(1))
    row = publish_typical(actor=cast.actor("supervisor"), record=row, at=later(2))
    read_typical(actor=cast.actor("engineer"), record=row, at=later(3))
    with pytest.raises(Refused):
        read_typical(actor=cast.actor("engineer"), record=row, at=later(4))
    row = adopt_typical(
        actor=cast.actor("head"), record=row, at=later(5), requirement_number="XM-01",
        requirement_date=date(2025, 4, 1), requirement_text="每栋贴总阀图",
    )  # fmt: skip
    assert (row.state, row.requirement_number) == ("adopted", "XM-01")
    assert Event.objects.count() == before + 5
    retire_typical(actor=cast.actor("head"), record=row, at=later(6), reason="已并入作业指导书")
    make_typical(cast, number=case.number)


@pytest.mark.rule("B-10")
def test_what_is_not_published_is_seen_by_writers_alone(cast: Cast) -> None:
    row = make_typical(cast)
    url = reverse("registers:typical_cases_one", args=[row.pk])
    for who, status in (("engineer", 404), ("supervisor", 200)):
        client = Client()
        client.force_login(cast.staff[who], backend=BACKEND)
        assert client.get(url).status_code == status, who


@pytest.mark.rule("Z-06")
def test_a_closed_case_offers_to_be_told(cast: Cast) -> None:
    case = handled(cast)
    Case.objects.filter(pk=case.pk).update(closed_at=NINE)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    start = reverse("registers:typical_cases_new", args=[case.key])
    assert start in client.get(reverse("ui:case", args=[case.key])).content.decode()
    assert case.number in client.get(start).content.decode()
