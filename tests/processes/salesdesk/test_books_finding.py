"""Which earlier entries speak of a visitor, when that was noticed, who is told and when (J-05, J-08, J-15, J-19)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, PASSWORD, Cast
from tests.factories.sales_books import enter, make_call, make_entered, make_referral, project_of

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.salesdesk.models import Consent, Finding, Sighting, Visit
from yingsheng.processes.salesdesk.queries.customers import find_conflicts
from yingsheng.processes.salesdesk.services.finding import find_earlier, look, look_up
from yingsheng.processes.salesdesk.services.receiving import receive_next
from yingsheng.processes.salesdesk.services.registering import give_consent

pytestmark = pytest.mark.django_db
EARLIER = MONDAY_NINE - timedelta(days=10)
LATER = MONDAY_NINE + timedelta(minutes=20)
CAR = {"surname": "钱", "car_brand": "大众", "plate": "粤B12345"}
OTHER = {"name": "周新", "contact": "13900139777"}


def received(cast: Cast, *, at: datetime = MONDAY_NINE) -> Visit:
    return receive_next(actor=cast.actor("sales_manager", at), project=project_of(cast, at=at), at=at)


def refused(run: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    return caught.value


@pytest.mark.rule("J-05")
@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"name": "钱 进宝", "contact": "微信 qjb"}, "full_name"),
        ({"name": "钱先生", "contact": "0086 138-0013-8111"}, "phone"),
        (
            {"name": "钱先生", "contact": "微信 q", "car_brand": "大众", "plate": "粤b·12345"},
            "car_plate_surname",
        ),
    ],
)
def test_one_key_alone_finds_the_earlier_entry(cast: Cast, told: dict[str, str], key: str) -> None:
    old = make_entered(cast, at=EARLIER, **CAR)
    visit = received(cast)
    done = enter(cast, visit, at=LATER, **told)
    found = Finding.objects.get(visit=done)
    assert (found.entry, found.keys, found.noticed, found.by) == (old.entry, [key], "after", None)
    assert found.day == date(2025, 3, 3)
    assert (done.owner, done.rule) == (cast.agent_a, "J-22")


@pytest.mark.rule("J-05")
def test_a_form_of_address_finds_nobody(cast: Cast) -> None:
    make_entered(cast, at=EARLIER, name="钱先生", contact="13800138111")
    done = enter(cast, received(cast), at=LATER, name="钱先生", contact="13900139111")
    assert not done.findings.exists()
    assert (done.owner, done.rule) == (cast.agent_b, "J-01")


@pytest.mark.rule("J-19")
@pytest.mark.rule("J-15")
def test_what_the_receiver_was_shown_was_noticed_during_reception(cast: Cast) -> None:
    old = make_entered(cast, at=EARLIER)
    visit = received(cast)
    shown = look_up(actor=cast.actor("agent_b", LATER), at=LATER, visit=visit, contact="13800138111")
    assert [one.entry for one in shown] == [old.entry]
    done = enter(cast, visit, at=LATER)
    found = done.findings.get()
    assert (found.noticed, found.day) == ("during", date(2025, 3, 3))
    assert (done.outcome, done.owner, done.rule) == ("handed_back", cast.agent_a, "J-19")


@pytest.mark.rule("J-15")
def test_what_was_shown_before_he_was_received_counts_too(cast: Cast) -> None:
    make_entered(cast, at=EARLIER)
    early = MONDAY_NINE - timedelta(minutes=5)
    look_up(actor=cast.actor("agent_b", early), at=early, name="钱进宝")
    assert Sighting.objects.get().visit is None
    assert enter(cast, received(cast), at=LATER).findings.get().noticed == "during"


@pytest.mark.rule("J-15")
def test_what_somebody_else_was_shown_the_receiver_did_not_know(cast: Cast) -> None:
    make_entered(cast, at=EARLIER)
    visit = received(cast)
    look_up(actor=cast.actor("sales_manager", LATER), at=LATER, visit=visit, name="钱进宝")
    assert enter(cast, visit, at=LATER).findings.get().noticed == "after"


@pytest.mark.rule("J-15")
def test_a_name_that_was_only_half_typed_is_no_finding(cast: Cast) -> None:
    make_entered(cast, at=EARLIER, name="钱进")
    visit = received(cast)
    assert look_up(actor=cast.actor("agent_b", LATER), at=LATER, visit=visit, name="钱进")
    done = enter(cast, visit, at=LATER, name="钱进来", contact="13900139111")
    assert not done.findings.exists()


@pytest.mark.rule("J-15")
def test_where_only_the_manager_is_told_the_receiver_sees_his_own_alone(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="J-15.told_during", value="manager_only", reason="试点", by=cast.head, at=EARLIER,
        active_from=EARLIER,
    )  # fmt: skip
    make_entered(cast, at=EARLIER)
    make_call(cast, at=EARLIER, by="agent_b", name="钱进宝")
    visit = received(cast)
    assert visit.receiver == cast.agent_b
    asked = {"at": LATER, "visit": visit, "name": "钱进宝"}
    assert [one.entry.book for one in look_up(actor=cast.actor("agent_b", LATER), **asked)] == ["phone_in"]
    assert len(look_up(actor=cast.actor("sales_manager", LATER), **asked)) == 2


@pytest.mark.rule("J-15")
def test_colleagues_may_not_ask_and_are_told_when_reception_is_complete(cast: Cast) -> None:
    old = make_entered(cast, at=EARLIER)
    visit = received(cast)
    with pytest.raises(Refused) as caught:
        look_up(actor=cast.actor("agent_a", LATER), at=LATER, visit=visit, name="钱进宝")
    assert caught.value.code == "not_receiver"
    with pytest.raises(Forbidden):
        look_up(actor=cast.actor("front", LATER), at=LATER, name="钱进宝")
    look_up(actor=cast.actor("agent_b", LATER), at=LATER, visit=visit, name="钱进宝")
    told = Message.objects.filter(rule="J-15")
    assert not told.exists()
    enter(cast, visit, at=LATER)
    assert {one.to_staff for one in told} == {cast.agent_a, cast.sales_manager}
    assert old.entry is not None
    assert told.first().params["entry"] == old.entry.number  # type: ignore[union-attr]
    assert refused(
        lambda: look_up(
            actor=cast.actor("agent_b", LATER),
            at=LATER,
            visit=Visit.objects.get(pk=visit.pk),
            name="钱进宝",
        )
    ).code == ("illegal_step")


@pytest.mark.rule("J-05")
def test_looking_as_a_step_is_one_event_whatever_is_found(cast: Cast) -> None:
    visit = received(cast)
    actor = cast.actor("agent_b", LATER)
    blank = {"name": "", "contact": "", "surname": "", "car_brand": "", "plate": ""}
    actor = cast.actor("agent_a", LATER)
    assert refused(lambda: look(actor=actor, record=visit, at=LATER, **blank)).field == "name"
    before = Event.objects.count()
    look(actor=actor, record=visit, at=LATER, **{**blank, "name": "没有此人"})
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("pk").data["count"] == 0


@pytest.mark.rule("J-08")
@pytest.mark.rule("J-21")
def test_a_relative_is_told_and_never_turned_round(cast: Cast) -> None:
    old = make_entered(cast, at=EARLIER)
    assert old.entry is not None
    visit = received(cast)
    actor = cast.actor("agent_b", LATER)
    told = {"entry": old.entry.number, "relation": "parent", "noticed": "during"}
    done = find_earlier(actor=actor, record=visit, at=LATER, **told)
    assert (done.owner, done.rule) == (cast.agent_a, "J-21")
    assert not Message.objects.filter(rule="J-15").exists()
    done = enter(cast, visit, at=LATER, **OTHER)
    assert (done.outcome, done.owner, done.rule) == (
        "helped",
        cast.agent_a,
        "J-19",
    ) or done.owner == cast.agent_a
    after = {**told, "noticed": "after"}
    assert refused(lambda: find_earlier(actor=actor, record=done, at=LATER, **after)).code == "known"
    assert refused(lambda: find_earlier(actor=actor, record=done, at=LATER, **told)).code == "found"


@pytest.mark.rule("J-31")
def test_a_finding_has_a_day_that_can_be(cast: Cast) -> None:
    old = make_entered(cast, at=EARLIER)
    assert old.entry is not None
    visit = received(cast)
    actor = cast.actor("agent_b", LATER)
    asked: dict[str, Any] = {"actor": actor, "at": LATER, "entry": old.entry.number, "relation": "sibling"}
    assert (
        refused(lambda: find_earlier(**asked, record=visit, noticed="after")).field == "noticed"
    )  # still received
    done = enter(cast, visit, at=LATER, **OTHER)
    for day in (date(2025, 3, 2), date(2025, 3, 4)):
        wrong = {**asked, "record": done, "noticed": "after", "day": day}
        assert refused(lambda wrong=wrong: find_earlier(**wrong)).field == "day"  # type: ignore[misc]
    assert refused(
        lambda: find_earlier(
            **{**asked, "relation": "self"},
            record=done,
            noticed="after",
        )
    ).field == ("relation")
    assert (
        refused(lambda: find_earlier(**{**asked, "entry": "KH-0"}, record=done, noticed="after")).field
        == "entry"
    )
    stranger = {**asked, "actor": cast.actor("agent_c", LATER)}
    assert refused(lambda: find_earlier(**stranger, record=done, noticed="after")).code == "not_receiver"
    find_earlier(**asked, record=done, noticed="after")
    assert done.findings.get().day == date(2025, 3, 3)


@pytest.mark.rule("J-19")
@pytest.mark.parametrize(("reach", "outcome"), [("unreached", "helped"), ("reached", "handed_back")])
def test_whether_the_original_agent_can_be_reached_decides(cast: Cast, reach: str, outcome: str) -> None:
    old = make_entered(cast, at=EARLIER)
    assert old.entry is not None
    visit = received(cast)
    actor = cast.actor("agent_b", LATER)
    look_up(actor=actor, at=LATER, visit=visit, name="钱进宝")
    done = find_earlier(
        actor=actor,
        record=visit,
        at=LATER,
        entry=old.entry.number,
        relation="self",
        noticed="during",
        reach=reach,
    )
    assert (done.outcome, done.findings.get().keys) == (outcome, ["full_name"])
    assert enter(cast, done, at=LATER).outcome == outcome


@pytest.mark.rule("J-19")
def test_only_the_original_agent_himself_agrees(cast: Cast) -> None:
    make_entered(cast, at=EARLIER)
    visit = received(cast)
    actor = cast.actor("agent_b", LATER)
    look_up(actor=actor, at=LATER, visit=visit, name="钱进宝")
    done = enter(cast, visit, at=LATER)
    asked: dict[str, Any] = {"record": done, "at": LATER}
    assert refused(lambda: give_consent(actor=actor, **asked)).code == "not_original"
    assert refused(lambda: give_consent(actor=actor, agent=cast.agent_c, **asked)).code == "not_original"
    cast.agent_a.set_password(PASSWORD)
    cast.agent_a.save(update_fields=["password"])
    wrong = refused(lambda: give_consent(actor=actor, agent=cast.agent_a, password="x", **asked))
    assert wrong.code == "identity_doubted"
    agreed = give_consent(actor=actor, agent=cast.agent_a, password=PASSWORD, **asked)
    assert (agreed.outcome, agreed.rule) == ("agreed", "J-19")
    assert Consent.objects.get().agent == cast.agent_a
    own = cast.actor("agent_a", LATER)
    assert refused(lambda: give_consent(actor=own, record=agreed, at=LATER)).field == "agent"


@pytest.mark.rule("J-14")
@pytest.mark.rule("J-16")
def test_calls_and_referrals_are_found_like_visits(cast: Cast) -> None:
    viewer = make_entered(cast, at=EARLIER)
    make_referral(cast, viewer, at=EARLIER + timedelta(hours=1), name="李未来", contact="13800138333")
    make_call(cast, at=EARLIER + timedelta(hours=2), by="agent_c", name="李未来", contact="13800138222")
    done = enter(cast, received(cast), at=LATER, name="李未来", contact="13800138333")
    assert {one.entry.book for one in done.findings.all()} == {"referral", "phone_in"}
    assert (done.owner, done.rule) == (cast.agent_a, "J-14")


@pytest.mark.rule("J-22")
def test_an_earlier_visit_that_is_entered_later_is_found_then(cast: Cast) -> None:
    first, second = received(cast), received(cast)
    assert first.receiver != second.receiver
    enter(cast, second, at=LATER)
    done = enter(cast, first, at=LATER + timedelta(minutes=5))
    assert not done.findings.exists()
    second.refresh_from_db()
    assert [one.entry for one in second.findings.all()] == [done.entry]
    assert second.owner == first.receiver


@pytest.mark.rule("J-05")
def test_it_takes_two_statements_however_many_are_found(cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(3):
        make_entered(cast, at=EARLIER + timedelta(minutes=15 * number))
    find_conflicts(site=cast.site, at=LATER, name="钱进宝")
    with django_assert_num_queries(2):
        found = find_conflicts(site=cast.site, at=LATER, name="钱进宝", phones="13800138111")
        assert [one.keys for one in found] == [("full_name", "phone")] * 3
        assert {one.holder_id for one in found} == {cast.agent_a.pk}
    assert find_conflicts(site=cast.site, at=LATER, name="王") == []
