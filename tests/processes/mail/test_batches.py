"""Letters and papers: taken in, the area clerk told on time, fetched and signed for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.mail import DOT, make_batch

from yingsheng.base.refusal import Refused
from yingsheng.kernel.estate.models import Area
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.mail.models import Batch
from yingsheng.processes.mail.process.asides import today
from yingsheng.processes.mail.services import batches

NINE = MONDAY_NINE


def clock(row: Batch) -> Obligation:
    return Obligation.objects.get(subject_type="mail.batch", subject_id=row.pk)


@pytest.mark.rule("M-01", "M-02")
def test_the_area_clerk_is_told_by_the_hour_of_the_rule(cast: Cast) -> None:
    Area.objects.create(site=cast.site, name="东片")
    before = Event.objects.count()
    row = make_batch(cast, area="东片", damaged=1, damage="封口开了")
    assert Event.objects.count() == before + 1
    assert (row.count, row.area.name, clock(row).responsible_role) == (42, "东片", "FRONT_DESK")
    assert clock(row).due_at == NINE + timedelta(hours=8)
    with pytest.raises(Refused) as refused:
        batches.tell_of_batch(actor=cast.actor("front"), record=row, at=NINE, officer=cast.lobby)
    assert refused.value.field == "officer"
    at = NINE + timedelta(hours=7)
    assert [one.rule for one in today(actor=cast.actor("front"), now=at)] == ["M-01"]
    row = batches.tell_of_batch(actor=cast.actor("front"), record=row, at=at, officer=cast.area_admin)
    assert clock(row).state == "met"
    assert Message.objects.filter(to_staff=cast.area_admin, rule="M-01").exists()


@pytest.mark.rule("M-03")
def test_the_area_clerk_fetches_and_signs(cast: Cast) -> None:
    row = make_batch(cast)
    with pytest.raises(Refused) as refused:
        batches.fetch_batch(
            actor=cast.actor("front"), record=row, at=NINE, officer=cast.area_admin, signature=""
        )
    assert refused.value.field == "signature"
    row = batches.fetch_batch(
        actor=cast.actor("front"), record=row, at=NINE, officer=cast.area_admin, signature=DOT
    )
    assert (row.state, row.fetched_by, row.signed_by) == ("fetched", cast.area_admin, "吴管理")
    assert clock(row).state == "met"
    typed = make_batch(cast)
    typed = batches.fetch_batch(
        actor=cast.actor("front"), record=typed, at=NINE, officer=cast.area_admin, signature="吴管理"
    )
    assert typed.signed_by == "吴管理"
    with pytest.raises(Refused):
        batches.cancel_batch(actor=cast.actor("front"), record=typed, at=NINE, reason="记错")


@pytest.mark.rule("M-02")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"letters": 0, "papers": None}, "letters"),
        ({"damaged": 2}, "damage"),
        ({"damaged": 99, "damage": "全湿"}, "damaged"),
        ({"area": "没有的片区"}, "area"),
    ],
)
def test_what_may_not_be_written_down(cast: Cast, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_batch(cast, **fields)
    assert refused.value.field == field


@pytest.mark.rule("M-02")
def test_a_mistake_is_struck_with_its_reason_and_stays(cast: Cast) -> None:
    row = make_batch(cast)
    with pytest.raises(Refused):
        batches.cancel_batch(actor=cast.actor("front"), record=row, at=NINE, reason=" ")
    row = batches.cancel_batch(actor=cast.actor("front"), record=row, at=NINE, reason="重复登记")
    assert (row.state, clock(row).state) == ("cancelled", "void")


@pytest.mark.rule("M-14")
def test_where_the_post_delivers_letters_itself_none_are_taken_in(cast: Cast) -> None:
    before = NINE - timedelta(days=1)
    adopt_preset(site=cast.site, preset="M/003-1", active_from=before, reason="试行", by=cast.head, at=before)
    cast.site = Site.objects.get(pk=cast.site.pk)
    with pytest.raises(Refused) as refused:
        make_batch(cast)
    assert refused.value.rule == "M-14"


@pytest.mark.rule("M-01")
def test_a_regulation_without_an_hour_owes_none(cast: Cast) -> None:
    before = NINE - timedelta(days=1)
    adopt_preset(site=cast.site, preset="M/003-2", active_from=before, reason="试行", by=cast.head, at=before)
    cast.site = Site.objects.get(pk=cast.site.pk)
    row = make_batch(cast)
    assert not Obligation.objects.filter(subject_type="mail.batch", subject_id=row.pk).exists()
