"""Key customers: proposed, approved by the post of the rule, contacted as planned, taken off with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.factories.registers import make_customer
from tests.processes.story import NINE, later, registered

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.registers.models import KeyCustomer
from yingsheng.processes.registers.rules import next_contact
from yingsheng.processes.registers.services.customers import (
    approve_customer,
    contact_customer,
    propose_customer,
    record_list_export,
    remove_customer,
    replan_customer,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def desk(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


def clocks(row: KeyCustomer) -> list[Obligation]:
    return list(
        Obligation.objects.filter(subject_type="registers.keycustomer", subject_id=row.pk).order_by("round")
    )


@given(days=st.integers(1, 365))
def test_the_next_contact_is_so_many_days_on(days: int) -> None:
    assert next_contact(last=NINE, every_days=days) - NINE == timedelta(days=days)


@pytest.mark.rule("Z-05")
def test_the_post_that_organises_the_list_approves_it(cast: Cast) -> None:
    before = Event.objects.count()
    row = make_customer(cast, approved=False)
    assert Event.objects.count() == before + 1
    assert Message.objects.filter(subject_type="registers.keycustomer", to_staff=cast.supervisor).exists()
    assert clocks(row) == []
    with pytest.raises(Refused) as refused:
        propose_customer(
            actor=cast.actor("front"),
            at=NINE,
            room="3-2-1802",
            reason="other",
            why="再提",
            care_by=cast.front,
        )
    assert refused.value.field == "room"
    row = approve_customer(actor=cast.actor("supervisor"), record=row, at=later(1))
    assert row.next_contact_at == later(1) + timedelta(days=7)
    (promise,) = clocks(row)
    assert (promise.rule, promise.responsible_staff, promise.due_at) == (
        "Z-05", cast.assistant, row.next_contact_at,
    )  # fmt: skip
    home = Household.objects.get(pk=cast.homes[0].pk)
    assert home.is_key_customer
    told = Event.objects.get(kind="estate.household_changed", subject_id=home.pk)
    assert (told.rule, told.by) == ("Z-05", cast.supervisor)


@pytest.mark.rule("Z-05")
def test_every_contact_keeps_one_promise_and_makes_the_next(cast: Cast) -> None:
    row = make_customer(cast)
    at = NINE + timedelta(days=6)
    row = contact_customer(actor=cast.actor("assistant"), record=row, at=at, way="phone", summary="身体还好")
    at += timedelta(days=9)
    row = contact_customer(actor=cast.actor("assistant"), record=row, at=at, way="visit", summary="换了灯泡")
    assert [one.state for one in clocks(row)] == ["met", "late", "armed"]
    row = replan_customer(
        actor=cast.actor("supervisor"), record=row, at=at, care_by=cast.front, every_days=30
    )
    assert (clocks(row)[-1].responsible_staff, clocks(row)[-1].due_at) == (
        cast.front,
        at + timedelta(days=30),
    )
    row = remove_customer(actor=cast.actor("supervisor"), record=row, at=at, reason="已搬走")
    assert not Obligation.objects.filter(subject_type="registers.keycustomer", state="armed").exists()
    home = Household.objects.get(pk=cast.homes[0].pk)
    assert not home.is_key_customer
    assert Event.objects.filter(kind="estate.household_changed", subject_id=home.pk).count() == 2
    make_customer(cast, at=at)  # may be proposed again


@pytest.mark.rule("Z-05")
def test_without_a_plan_the_period_of_the_rule_counts(cast: Cast) -> None:
    assert make_customer(cast, every_days=None).every_days == 30


def test_what_cannot_be_is_refused(cast: Cast) -> None:
    for change, field in (({"room": "9-9-999"}, "room"), ({"number": "ZX-1"}, "number")):
        with pytest.raises(Refused) as refused:
            make_customer(cast, **change)  # type: ignore[arg-type]
        assert refused.value.field == field
    row = make_customer(cast, approved=False)
    with pytest.raises(Refused):
        contact_customer(actor=cast.actor("front"), record=row, at=NINE, way="phone", summary="还没批")
    with pytest.raises(Refused):
        record_list_export(actor=cast.actor("supervisor"), rows=1, reason=" ", at=NINE)


@pytest.mark.rule("Z-05")
def test_from_a_case_to_the_list_to_reception(cast: Cast) -> None:
    case = registered(cast)
    client = desk(cast, "supervisor")
    page = client.get(reverse("ui:case", args=[case.key])).content.decode()
    start = reverse("registers:key_customers_new", args=[case.key])
    assert start in page
    form = client.get(start).content.decode()
    assert 'value="3-2-1802"' in form and case.number in form
    home = client.get(reverse("ui:household", args=[cast.homes[0].pk])).content.decode()
    from_home = reverse("registers:key_customers_new", args=["home-3-2-1802"])
    assert from_home in home and 'value="3-2-1802"' in client.get(from_home).content.decode()
    engineer = desk(cast, "engineer").get(reverse("ui:case", args=[case.key]))
    assert start not in engineer.content.decode()
    make_customer(cast)
    reception = f"{reverse('enquiries:reception')}?household={cast.homes[0].pk}"
    assert "独居老人" in desk(cast, "front").get(reception).content.decode()
    known = processes.get("registers").known
    assert known is not None
    assert (
        known(actor=cast.actor("engineer"), household=Household.objects.get(pk=cast.homes[0].pk), now=NINE)
        == []
    )


@pytest.mark.rule("Z-05")
def test_the_list_is_printed_and_leaves_the_house_with_a_reason(cast: Cast) -> None:
    make_customer(cast)
    client = desk(cast, "supervisor")
    sheet = reverse("registers:customer_sheet")
    client.post(sheet)
    page = client.post(sheet).content.decode()
    assert "FM-67" in page and "补打 1" in page and "独居老人" in page
    export = reverse("registers:customer_export")
    assert client.post(export, {"reason": ""}).status_code == 422
    made = client.post(export, {"reason": "季度例会"})
    assert made["Content-Type"].endswith("sheet")
    assert Event.objects.filter(kind="registers.customers_exported", data__reason="季度例会").count() == 1
