"""The desk and the visitors' place are looked over once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Filing, Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.enquiries.rules import unchecked
from yingsheng.processes.enquiries.services.tidying import DESK_TIDY, PLACE_TIDY, check_tidiness, items_of

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
CODES = st.lists(st.sampled_from(("clean", "filed", "screens", "stocked")), unique=True)


@given(asked=CODES, ticked=CODES)
def test_what_is_asked_is_ticked_or_wanting(asked: list[str], ticked: list[str]) -> None:
    wanting = unchecked(asked=asked, ticked=ticked)
    assert set(wanting) == set(asked) - set(ticked)
    assert wanting == [code for code in asked if code in wanting]


@pytest.mark.rule("B-12")
def test_both_lists_are_owed_every_day_by_their_posts(cast: Cast) -> None:
    open_periods(now=NINE)
    owed = {
        row.milestone: (row.responsible_role, row.due_at.astimezone(NINE.tzinfo).hour)
        for row in Obligation.objects.filter(site=cast.site, rule="B-12")
    }
    assert owed == {DESK_TIDY: ("FRONT_DESK", 10), PLACE_TIDY: ("CS_ASSIST", 10)}
    before = Event.objects.count()
    items = items_of(site=cast.site, part=DESK_TIDY, at=NINE)
    check_tidiness(actor=cast.actor("front"), at=NINE + timedelta(minutes=20), part=DESK_TIDY, ticked=items)
    assert Event.objects.count() == before + 1
    assert Obligation.objects.get(milestone=DESK_TIDY).state == "met"
    assert Obligation.objects.get(milestone=PLACE_TIDY).state == "armed"
    check_tidiness(
        actor=cast.actor("assistant"), at=later(2), part=PLACE_TIDY, ticked=[], findings="正在打扫"
    )
    assert Obligation.objects.get(milestone=PLACE_TIDY).state == "late"


@pytest.mark.rule("B-12")
def test_what_is_wanting_needs_a_word_and_a_second_check_its_reason(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        check_tidiness(actor=cast.actor("front"), at=NINE, part=DESK_TIDY, ticked=["clean"])
    assert refused.value.field == "findings"
    made = check_tidiness(
        actor=cast.actor("front"), at=NINE, part=DESK_TIDY, ticked=["clean"], findings="表格用完，已去领"
    )
    assert made.content["wanting"] == ["filed", "screens", "stocked", "personal"]
    with pytest.raises(Refused):
        check_tidiness(
            actor=cast.actor("front"), at=later(1), part=DESK_TIDY, ticked=["clean"], findings="又查"
        )


@pytest.mark.rule("B-12")
def test_a_site_asks_for_what_it_wants(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="B-12.desk_items", value="clean, screens", active_from=NINE, reason="两项", by=cast.head,
        at=NINE,
    )  # fmt: skip
    assert items_of(site=cast.site, part=DESK_TIDY, at=later(1)) == ["clean", "screens"]


@pytest.mark.rule("B-12")
def test_the_lists_on_the_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    url = reverse("enquiries:tidy")
    page = client.get(url).content.decode()
    assert "台面和地面干净" in page and "座椅摆放整齐" in page
    empty = client.post(url, {"part": DESK_TIDY})
    assert empty.status_code == 422 and "没做到的项目" in empty.content.decode()
    sent = {"part": PLACE_TIDY, f"{PLACE_TIDY}-ticked": ["seats", "water", "board", "floor", "light"]}
    assert client.post(url, sent).status_code == 303
    assert Filing.objects.get().content["wanting"] == []
    assert "都做到了" in client.get(url).content.decode()
