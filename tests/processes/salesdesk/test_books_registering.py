"""Whoever was received is entered, leaves nothing, or is spoken of later; every refusal in its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales_books import NOTHING, SEVEN, enter, make_entered, project_of

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.salesdesk.models import Correction, Entry, Proof, Visit
from yingsheng.processes.salesdesk.queries.facts import as_read, missing_of
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.services.correcting import correct
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.receiving import receive_next
from yingsheng.processes.salesdesk.services.registering import leave, tell_facts

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(minutes=20)
FACTS = {
    "public_kind": "", "said_himself": False, "colleagues_know": False, "card_given": False, "public_after": False,
    "is_group": False, "knew": False, "went_on": False, "remark": "",
}  # fmt: skip


def received(cast: Cast) -> Visit:
    return receive_next(actor=cast.actor("sales_manager"), project=project_of(cast), at=MONDAY_NINE)


def refused(run: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    return caught.value


@pytest.mark.rule("J-04")
@pytest.mark.rule("J-07")
def test_an_entry_holds_the_seven_fields_and_the_agent_is_free_again(cast: Cast) -> None:
    visit = received(cast)
    promise = Obligation.objects.get(subject_type="salesdesk.visit", milestone="register_visit")
    assert promise.rule == "J-04"
    before = Event.objects.count()
    done = enter(cast, visit, at=LATER)
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("pk")
    assert (event.kind, event.rule) == ("salesdesk.registered", "J-04")
    assert done.entry is not None
    assert done.entry.number == "KH-20250303-0001"
    assert (done.state, done.owner, done.rule) == ("registered", cast.agent_a, "J-01")
    assert missing_of(entry=done.entry) == ()
    promise.refresh_from_db()
    assert promise.state == "met"
    rotation = rotation_now(project=project_of(cast), at=LATER)
    assert str(cast.agent_a.pk) not in rotation.busy
    assert done.present == sorted([cast.agent_a.pk, cast.agent_b.pk, cast.agent_c.pk])


@pytest.mark.rule("J-04")
def test_who_registers_must_have_received_and_know_a_name_and_a_way_to_reach_him(cast: Cast) -> None:
    visit = received(cast)
    assert refused(lambda: enter(cast, visit, at=LATER, by="agent_b")).code == "not_receiver"
    assert refused(lambda: enter(cast, visit, at=LATER, name=" ")).field == "name"
    assert refused(lambda: enter(cast, visit, at=LATER, contact=" ")).field == "contact"
    assert refused(lambda: enter(cast, visit, at=LATER, named=cast.front)).field == "named"
    assert refused(lambda: enter(cast, visit, at=LATER, brought_by="KH-1")).field == "brought_by"
    with pytest.raises(Forbidden):
        enter(cast, visit, at=LATER, by="front")
    with pytest.raises(Conflict):
        enter(cast, visit, at=LATER, seen=visit.version + 1)
    assert Entry.objects.count() == 0
    done = enter(cast, visit, at=LATER, by="sales_manager", employer_or_address="", source="")
    assert done.entry is not None
    assert done.entry.agent == cast.agent_a
    assert missing_of(entry=done.entry) == ("employer_or_address", "source")
    assert refused(lambda: enter(cast, visit, at=LATER)).code == "illegal_step"


@pytest.mark.rule("J-13")
@pytest.mark.parametrize(
    ("when", "owner", "rule"), [("during", "agent_c", "J-13"), ("afterwards", "agent_a", "J-01")]
)
def test_whom_he_asks_for_in_the_first_reception_has_him(
    cast: Cast, when: str, owner: str, rule: str
) -> None:
    done = enter(cast, received(cast), at=LATER, named=cast.agent_c, named_when=when)
    assert (done.owner, done.rule) == (cast.staff[owner], rule)


@pytest.mark.rule("J-11")
def test_an_old_customer_who_brings_him_is_found_by_number_or_telephone(cast: Cast) -> None:
    old = make_entered(cast, at=MONDAY_NINE - timedelta(days=5))
    assert old.entry is not None
    for number, text in enumerate((old.entry.number, "138 0013 8111")):
        visit = received(cast)
        done = enter(
            cast, visit, at=LATER, name=f"赵新{number}", contact=f"1390013900{number}", brought_by=text
        )
        assert done.brought_by == old.entry
        assert (done.owner, done.rule) == (cast.agent_a, "J-11")


@pytest.mark.rule("J-04")
def test_who_leaves_nothing_needs_a_reason_and_no_entry(cast: Cast) -> None:
    visit = received(cast)
    actor = cast.actor("agent_a", LATER)
    assert refused(lambda: leave(actor=actor, record=visit, at=LATER, reason=" ")).field == "reason"
    done = leave(actor=actor, record=visit, at=LATER, reason="只问路")
    assert (done.state, done.entry) == ("left", None)
    assert Obligation.objects.get(milestone="register_visit").state == "met"
    assert str(cast.agent_a.pk) not in rotation_now(project=project_of(cast), at=LATER).busy


@pytest.mark.rule("J-09")
@pytest.mark.rule("J-10")
def test_a_public_customer_recognised_afterwards_is_the_departments(cast: Cast) -> None:
    visit = enter(cast, received(cast), at=LATER)
    told = {**FACTS, "public_kind": "solicitor", "said_himself": True, "public_after": True}
    done = tell_facts(actor=cast.actor("agent_a", LATER), record=visit, at=LATER, **told)
    assert (done.outcome, done.owner) == ("public", None)
    assert Event.objects.latest("pk").data["what"] == "public"
    assert refused(
        lambda: tell_facts(actor=cast.actor("agent_a", LATER), record=done, at=LATER, **told)
    ).code == ("nothing_new")


@pytest.mark.rule("J-33")
def test_who_said_he_knew_does_not_take_it_back_himself(cast: Cast) -> None:
    visit = enter(cast, received(cast), at=LATER)
    knows = {**FACTS, "knew": True}
    tell_facts(actor=cast.actor("agent_a", LATER), record=visit, at=LATER, **knows)
    with pytest.raises(Refused) as caught:
        tell_facts(actor=cast.actor("agent_a", LATER), record=visit, at=LATER, **FACTS)
    assert caught.value.field == "knew"
    done = tell_facts(actor=cast.actor("sales_manager", LATER), record=visit, at=LATER, **FACTS)
    assert done.knew is False


@pytest.mark.rule("J-29")
def test_a_correction_stands_beside_the_entry_and_proves_from_its_day_on(cast: Cast) -> None:
    visit = enter(cast, received(cast), at=LATER)
    entry = visit.entry
    assert entry is not None
    next_day = LATER + timedelta(days=1)
    actor = cast.actor("agent_a", next_day)
    asked = {"actor": actor, "record": visit, "at": next_day, "field": "contact", "text": "13900139000"}
    assert refused(lambda: correct(**asked, reason=" ")).field == "reason"
    assert refused(lambda: correct(**{**asked, "field": "day"}, reason="写错")).field == "field"
    assert refused(lambda: correct(**{**asked, "text": "13800138111"}, reason="写错")).field == "text"
    other = cast.actor("agent_b", next_day)
    assert refused(lambda: correct(**{**asked, "actor": other}, reason="写错")).code == "not_own"
    correct(**asked, reason="号码写错")
    entry = Entry.objects.get(pk=entry.pk)
    assert entry.contact == SEVEN["contact"]
    assert as_read(entry=entry)["contact"] == "13900139000"
    assert Correction.objects.get().reason == "号码写错"
    since = dict(Proof.objects.filter(entry=entry).values_list("key", "since"))
    assert str(since["phone:13900139000"]) == "2025-03-04"
    assert str(since["phone:13800138111"]) == "2025-03-03"


@pytest.mark.rule("J-04")
def test_who_registers_a_day_late_remembers_who_was_there_when_he_came(cast: Cast) -> None:
    visit = received(cast)
    late = LATER + timedelta(days=1)
    done = enter(cast, visit, at=late, **NOTHING)
    assert done.present == sorted([cast.agent_a.pk, cast.agent_b.pk, cast.agent_c.pk])
    assert done.entry is not None
    assert str(done.entry.day) == "2025-03-03"
    assert str(done.entry.proofs.first().since) == "2025-03-04"  # type: ignore[union-attr]


@pytest.mark.rule("J-11")
def test_who_signed_off_before_is_not_there(cast: Cast) -> None:
    project = project_of(cast)
    visit = received(cast)
    actor = cast.actor("agent_c")
    move(actor=actor, project=project, at=MONDAY_NINE, agent=cast.agent_c, kind="sign_off")
    assert cast.agent_c.pk not in enter(cast, visit, at=LATER).present


@pytest.mark.rule("J-13")
def test_what_was_told_while_he_was_received_is_kept_when_he_is_entered(cast: Cast) -> None:
    visit = received(cast)
    told = {**FACTS, "named": cast.agent_c, "named_when": "during", "is_group": True, "remark": "夫妻"}
    visit = tell_facts(actor=cast.actor("agent_a", LATER), record=visit, at=LATER, **told)
    assert Event.objects.latest("pk").data["what"] == "several"
    done = enter(cast, visit, at=LATER)
    assert (done.named, done.named_too_late, done.remark, done.rule) == (cast.agent_c, False, "夫妻", "J-26")
