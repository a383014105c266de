"""Who sees what of the books, that nothing of them is changed or removed, and that looking something up is cheap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales_books import enter, make_call, make_entered, make_referral, project_of

from yingsheng.processes.salesdesk.models import Consent, Correction, Entry, Finding, Proof, Sighting
from yingsheng.processes.salesdesk.process.customer_books import CALLS, REFERRALS, VISITS
from yingsheng.processes.salesdesk.process.customer_words import mask_contact
from yingsheng.processes.salesdesk.queries.customers import (
    count_ending,
    find_entry,
    list_calls,
    list_entries,
    list_mine,
    list_referrals,
    list_visits,
)
from yingsheng.processes.salesdesk.services.correcting import correct
from yingsheng.processes.salesdesk.services.finding import look_up
from yingsheng.processes.salesdesk.services.receiving import receive_next
from yingsheng.processes.salesdesk.services.registering import give_consent

pytestmark = pytest.mark.django_db
EARLIER = MONDAY_NINE - timedelta(days=10)
LATER = MONDAY_NINE + timedelta(minutes=20)


def shown(book: Any, record: Any) -> dict[str, Any]:
    return {attr.name: attr.value(record) for attr in book.attrs}


@pytest.mark.rule("J-29")
def test_an_agent_sees_his_own_part_alone(cast: Cast) -> None:
    visit = make_entered(cast)
    call, referral = make_call(cast, by="agent_a"), make_referral(cast, visit)
    other = cast.actor("agent_b")
    for rows in (list_visits, list_calls, list_referrals):
        assert not rows(actor=other).exists()
        assert rows(actor=cast.actor("agent_a")).count() == 1
        assert rows(actor=cast.actor("sales_manager")).count() == 1
    assert not list_entries(actor=other).exists()
    assert list_entries(actor=cast.actor("agent_a")).count() == 3
    assert find_entry(actor=other, pk=visit.entry_id or 0) is None
    foreign = make_cast(code="other", homes=0)
    assert not list_entries(actor=foreign.actor("sales_manager")).exists()
    assert not list_visits(actor=foreign.actor("sales_manager")).exists()
    assert {call.entry.agent, referral.entry.agent} == {cast.agent_a}


@pytest.mark.rule("J-15")
def test_whose_customer_it_was_found_to_be_sees_him_when_reception_is_complete(cast: Cast) -> None:
    make_entered(cast, at=EARLIER)
    visit = receive_next(actor=cast.actor("agent_b"), project=project_of(cast), at=MONDAY_NINE)
    assert visit.receiver == cast.agent_b
    original = cast.actor("agent_a")
    assert list_visits(actor=original).count() == 1  # the earlier one
    enter(cast, visit, at=LATER)
    mine = list_visits(actor=original).get(pk=visit.pk)
    assert mine.is_own  # type: ignore[attr-defined]
    assert not list_visits(actor=cast.actor("agent_c")).exists()


@pytest.mark.rule("J-29")
def test_what_is_not_his_the_manager_reads_masked(cast: Cast) -> None:
    visit = make_entered(cast, plate="粤B12345", surname="钱", car_brand="大众", remark="常出差")
    call, referral = make_call(cast), make_referral(cast, visit)
    manager, agent = cast.actor("sales_manager"), cast.actor("agent_a")
    for book, record in ((VISITS, visit), (CALLS, call), (REFERRALS, referral)):
        own = shown(book, book.find(actor=agent, pk=record.pk))
        masked = shown(book, book.find(actor=manager, pk=record.pk))
        assert "138****8" in masked["contact"]
        assert own["contact"].startswith("138001")
    masked = shown(VISITS, VISITS.find(actor=manager, pk=visit.pk))
    assert (masked["plate"], masked["employer_or_address"], masked["remark"]) == ("粤B***45", "••••", "••••")
    assert "钱**" in VISITS.name(VISITS.find(actor=manager, pk=visit.pk))
    assert mask_contact("微信 qjb") == "••••"


@pytest.mark.rule("J-05")
def test_the_lists_are_searched_by_name_number_and_telephone(cast: Cast) -> None:
    visit = make_entered(cast)
    make_call(cast)
    agent = cast.actor("agent_a")
    assert visit.entry is not None
    for text in ("钱进", visit.number, visit.entry.number, "138-0013-8111"):
        assert list_visits(actor=agent, text=text).count() == 1, text
        assert not list_calls(actor=agent, text=text).exists()
    assert not list_visits(actor=agent, text="13900139000").exists()
    assert not list_referrals(actor=agent, text="李").exists()


@pytest.mark.rule("J-29")
def test_nothing_of_the_books_is_changed_or_removed(cast: Cast) -> None:
    make_entered(cast, at=EARLIER)
    visit = receive_next(actor=cast.actor("agent_b"), project=project_of(cast), at=MONDAY_NINE)
    look_up(actor=cast.actor("agent_b", LATER), at=LATER, visit=visit, name="钱进宝")
    visit = enter(cast, visit, at=LATER)
    give_consent(actor=cast.actor("agent_a", LATER), record=visit, at=LATER)
    correct(
        actor=cast.actor("agent_b", LATER),
        record=visit,
        at=LATER,
        field="source",
        text="朋友",
        reason="问清了",
    )
    for model, column in (
        (Entry, "name"), (Proof, "key"), (Correction, "text"), (Finding, "note"), (Consent, "note"), (Sighting, "keys"),
    ):  # fmt: skip
        table = model._meta.db_table
        value = "'[]'" if column == "keys" else "'x'"
        for statement in (f"UPDATE {table} SET {column} = {value}", f"DELETE FROM {table}"):
            assert model._default_manager.exists()
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)


@pytest.mark.rule("J-05")
def test_a_proof_is_found_by_its_index(cast: Cast) -> None:
    make_entered(cast)
    rows = Proof.objects.filter(site=cast.site, key__in=["phone:13800138111", "full_name:钱进宝"])
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute(
                "SET LOCAL enable_seqscan = off"
            )  # a small table is read whole otherwise
        plan = rows.values_list("entry_id", "key", "since").explain()
    assert "sales_proofs_by_key" in plan, plan


@pytest.mark.rule("J-21")
@pytest.mark.rule("J-22")
def test_an_agents_customers_stand_soonest_first_with_their_days(cast: Cast) -> None:
    make_entered(cast, at=MONDAY_NINE - timedelta(days=24), name="甲客户", contact="13800138001")
    make_entered(
        cast, at=MONDAY_NINE - timedelta(days=10), agent="agent_a", name="乙客户", contact="13800138002"
    )
    make_entered(
        cast, at=MONDAY_NINE - timedelta(days=5), agent="agent_a", name="甲客户", contact="13800138001"
    )
    make_call(cast, name="丙来电", contact="13800138003")
    rows = list_mine(site=cast.site, agent=cast.agent_a, now=MONDAY_NINE)
    assert [(one.entry.name, one.entries) for one in rows] == [("甲客户", 2), ("乙客户", 1), ("丙来电", 1)]
    first = rows[0].track
    assert first is not None
    assert (first.family_left, first.same_left) == (6, 36)
    assert rows[2].track is None
    assert count_ending(site=cast.site, agent=cast.agent_a, now=MONDAY_NINE) == 1
    assert count_ending(site=cast.site, agent=cast.agent_b, now=MONDAY_NINE) == 0
