"""Items: taken in, told of, handed out; each with its refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from tests.factories.cast import Cast, make_home
from tests.factories.mail import DOT, make_item
from tests.processes.mail.story import (
    NINE,
    adopt,
    area_site,
    clocks,
    collect,
    due,
    later,
)

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.custody.models import Item, Move
from yingsheng.kernel.custody.queries import find_flaws, shown_id
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.process.asides import known, numbers, today
from yingsheng.processes.mail.services import handing, intake, telling


@pytest.mark.rule("M-02", "M-04", "M-09", "M-10", "M-15")
def test_an_item_is_registered_put_on_the_shelf_and_promised(cast: Cast) -> None:
    before = Event.objects.count()
    item = make_item(cast, tracking_number="SF1")
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("pk")
    assert (event.kind, event.rule, event.subject_id) == ("mail.received", "M-10", item.pk)
    row = item.mail
    assert item.state == "held" and item.number.startswith("YJ") and item.place == "专柜 1 层"
    # who decides in the home stands in for the addressee, its room for the destination
    assert (row.addressee, row.destination) == ("钱业主0", "3栋2单元1802")
    assert len(row.pickup_code) == 4 and row.pickup_code.isdigit()
    assert clocks(item) == {"mail_tell_household": "armed", "mail_contact": "armed"}
    assert due(item, "mail_tell_household") == later(hours=4)
    assert row.overdue_at == later(7) and due(item, "mail_contact") == later(8)
    roles = set(
        Obligation.objects.filter(subject_id=item.pk, subject_type="custody.item").values_list(
            "responsible_role", flat=True
        )
    )
    assert roles == {"CS_ASSIST"}


@pytest.mark.rule("M-02", "M-04", "M-09")
@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [
        ({"room": "9-9-9999"}, "room", "M-04"),
        ({"room": "", "addressee": "周某"}, "room", "M-04"),
        ({"room": "", "destination": "三厂宿舍"}, "addressee", "M-04"),
        ({"kind": "letter"}, "kind", "M-09"),
        ({"condition": "wet"}, "damage", "M-02"),
    ],
)
def test_what_may_not_be_taken_in(cast: Cast, fields: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        make_item(cast, **fields)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert not Item.objects.exists()


@pytest.mark.rule("M-14")
def test_a_site_whose_post_delivers_itself_takes_nothing_in_until_it_is_switched_on(cast: Cast) -> None:
    adopt(cast, "M/003-1")
    with pytest.raises(Refused) as refused:
        make_item(cast)
    assert refused.value.rule == "M-14"
    area_site(cast)
    assert make_item(cast).state == "held"


@pytest.mark.rule("M-10")
def test_the_same_number_twice_is_refused_while_the_first_is_here(cast: Cast) -> None:
    item = make_item(cast, tracking_number="SF1")
    with pytest.raises(Refused) as refused:
        make_item(cast, tracking_number="SF1")
    assert refused.value.field == "tracking_number"
    collect(cast, item, at=later(hours=1))
    assert make_item(cast, tracking_number="SF1", at=later(hours=2)).pk != item.pk


@pytest.mark.rule("M-02")
def test_damage_on_arrival_is_described_with_its_picture(cast: Cast) -> None:
    picture = ContentFile(b"%PDF-1.4 a", name="a.pdf")
    item = make_item(cast, condition="worn", damage="一角压扁", photos=[picture])
    assert item.mail.file_count == 1 and item.mail.damage == "一角压扁"
    with pytest.raises(Refused) as refused:
        make_item(cast, photos=[ContentFile(b"%PDF-1.4 a", name="a.pdf")] * 11)
    assert refused.value.field == "photos"


@pytest.mark.rule("M-15")
def test_whoever_may_not_take_in_does_not(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        intake.take_in_item(actor=cast.actor("engineer"), at=NINE, kind="parcel", room="3-2-1802")
    item = make_item(cast)
    with pytest.raises(Forbidden):
        collect(cast, item, at=NINE, who="front")


@pytest.mark.rule("M-11")
def test_a_call_keeps_the_promise_only_when_somebody_was_reached(cast: Cast) -> None:
    item = make_item(cast)
    who = cast.actor("assistant")
    telling.notify_household(actor=who, record=item, at=later(hours=1), way="phone", note="没人接")
    assert clocks(item)["mail_tell_household"] == "armed"
    assert Event.objects.latest("pk").kind == "mail.not_reached"
    telling.notify_household(actor=who, record=item, at=later(hours=2), way="phone", reached=True)
    row = MailItem.objects.get(pk=item.pk)
    assert clocks(item)["mail_tell_household"] == "met"
    assert (row.stage, row.told_way, row.attempts.count()) == ("told", "phone", 2)
    assert numbers(actor=cast.actor("supervisor"), now=later(2))[0].count == 1


@pytest.mark.rule("M-11")
def test_a_slip_waits_at_the_counter_for_the_household(cast: Cast) -> None:
    item = make_item(cast)
    telling.notify_household(actor=cast.actor("assistant"), record=item, at=later(hours=1), way="slip")
    slip = Message.objects.get(channel="counter")
    assert slip.to_household_id == cast.homes[0].pk
    assert slip.params["code"] == item.mail.pickup_code
    assert clocks(item)["mail_tell_household"] == "met"
    unknown = make_item(cast, room="", destination="三厂宿舍", addressee="周某")
    telling.notify_household(actor=cast.actor("assistant"), record=unknown, at=later(hours=1), way="slip")
    assert Message.objects.filter(to_name="周某").exists()


@pytest.mark.rule("M-05", "M-01")
def test_in_the_other_regulation_the_area_clerk_is_told_between_five_and_six(cast: Cast) -> None:
    area_site(cast)
    item = make_item(cast, at=later(hours=6))
    assert clocks(item) == {"mail_tell_area": "armed", "mail_contact": "armed"}
    assert due(item, "mail_tell_area") == later(hours=9)
    front = cast.actor("front")
    with pytest.raises(Refused) as refused:
        telling.tell_area(actor=front, record=item, at=later(hours=7), officer=cast.area_admin)
    assert refused.value.code == "too_early"
    with pytest.raises(Refused) as refused:
        telling.tell_area(actor=front, record=item, at=later(hours=8.5), officer=cast.lobby)
    assert refused.value.field == "officer"
    telling.tell_area(actor=front, record=item, at=later(hours=8.5), officer=cast.area_admin)
    assert clocks(item)["mail_tell_area"] == "met"
    assert Message.objects.filter(to_staff=cast.area_admin, rule="M-05").exists()


@pytest.mark.rule("M-05")
def test_where_the_regulation_does_not_ask_for_the_area_clerk_he_is_not_told(cast: Cast) -> None:
    item = make_item(cast)
    for run in (
        lambda: telling.tell_area(
            actor=cast.actor("front"), record=item, at=later(hours=8), officer=cast.area_admin
        ),
        lambda: handing.hand_to_area(
            actor=cast.actor("front"), record=item, at=later(hours=8), officer=cast.area_admin, signature=DOT
        ),
    ):
        with pytest.raises(Refused) as refused:
            run()
        assert refused.value.rule == "M-05"


@pytest.mark.rule("M-03", "M-08")
def test_the_area_clerk_signs_brings_back_or_hands_out(cast: Cast) -> None:
    area_site(cast)
    front = cast.actor("front")
    item = make_item(cast)
    with pytest.raises(Refused) as refused:
        handing.hand_to_area(
            actor=front, record=item, at=later(hours=8), officer=cast.area_admin, signature=" "
        )
    assert refused.value.field == "signature"
    item = handing.hand_to_area(
        actor=front, record=item, at=later(hours=8), officer=cast.area_admin, signature=DOT
    )
    assert (item.state, item.holder_staff_id) == ("out", cast.area_admin.pk)
    assert clocks(item)["mail_tell_area"] == "met"
    item = handing.take_back(actor=front, record=item, at=later(1), reason="住户不在")
    assert item.state == "held"
    item = handing.hand_to_area(
        actor=front, record=item, at=later(1, hours=8), officer=cast.area_admin, signature=DOT
    )
    done = collect(cast, item, at=later(1, hours=10), who="area_admin")
    assert done.state == "gone"
    move = Move.objects.filter(item=item).latest("serial")
    assert (move.giver_name, move.taker_name, move.state_after) == ("吴管理", "钱业主0", "gone")
    assert list(find_flaws(site=cast.site)) == []


@pytest.mark.rule("M-12")
def test_the_household_collects_against_identity_and_signature(cast: Cast) -> None:
    item = make_item(cast)
    before = Event.objects.count()
    done = collect(cast, item, at=later(hours=2), pickup_code=item.mail.pickup_code, identity="code")
    assert Event.objects.count() == before + 1
    row = MailItem.objects.get(pk=item.pk)
    assert (done.state, row.stage, row.collector, row.relation) == (
        "gone",
        "collected",
        "钱业主0",
        "addressee",
    )
    # whoever came by himself knows; what would have been owed once it was overdue falls away
    assert clocks(item) == {"mail_tell_household": "met", "mail_contact": "void"}
    move = Move.objects.filter(item=item).latest("serial")
    assert move.signature is not None and move.signed_by == "钱业主0"
    with pytest.raises(Refused):
        collect(cast, done, at=later(hours=3))


@pytest.mark.rule("M-12")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "路人"}, "name"),
        ({"pickup_code": "x"}, "pickup_code"),
        ({"identity": "code"}, "pickup_code"),
        ({"signature": ""}, "signature"),
    ],
)
def test_who_may_not_collect(cast: Cast, fields: dict[str, Any], field: str) -> None:
    item = make_item(cast)
    with pytest.raises(Refused) as refused:
        collect(cast, item, at=later(hours=1), **fields)
    assert (refused.value.field, refused.value.rule) == (field, "M-12")
    assert Item.objects.get(pk=item.pk).state == "held"


def by_family(cast: Cast, item: Item, **fields: Any) -> Item:
    values: dict[str, Any] = {
        "name": "钱小弟", "relation": "child", "id_kind": "id_card", "id_number": "11010119900307109X",
        "signature": DOT,
    }  # fmt: skip
    return handing.collect_by_family(
        actor=cast.actor("area_admin"), record=item, at=later(hours=2), **{**values, **fields}
    )


@pytest.mark.rule("M-12")
def test_family_collects_with_its_own_paper_and_the_number_is_sealed(cast: Cast) -> None:
    item = make_item(cast)
    by_family(cast, item)
    row = MailItem.objects.get(pk=item.pk)
    assert (row.stage, row.relation, row.accepted_by_id) == ("by_family", "child", cast.area_admin.pk)
    move = Move.objects.filter(item=item).latest("serial")
    assert "11010119900307109X" not in move.id_sealed
    assert shown_id(move=move) == "1101**********109X"
    assert "11010119900307109X" not in str(Event.objects.latest("pk").data)


@pytest.mark.rule("M-12")
def test_a_stranger_may_not_collect_for_another_unless_the_site_allows_it(cast: Cast) -> None:
    item = make_item(cast)
    with pytest.raises(Refused) as refused:
        by_family(cast, item, relation="other")
    assert refused.value.field == "relation"
    with pytest.raises(Refused) as refused:
        by_family(cast, item, id_number=" ")
    assert refused.value.field == "id_number"
    with pytest.raises(Forbidden):
        handing.collect_by_family(
            actor=cast.actor("front"), record=item, at=NINE, name="钱小弟", relation="child", id_kind="id_card",
            id_number="1", signature=DOT,
        )  # fmt: skip
    override_parameter(
        site=cast.site, path="M-12.proxy_must_be_family", value=False, active_from=NINE, reason="写字楼", by=cast.head,
        at=NINE,
    )  # fmt: skip
    cast.site = Site.objects.get(pk=cast.site.pk)
    assert by_family(cast, item, relation="other").state == "gone"


def test_a_second_desk_is_told_that_somebody_was_first(cast: Cast) -> None:
    item = make_item(cast)
    seen = item.version
    collect(cast, item, at=later(hours=1), seen=seen)
    with pytest.raises(Conflict):
        collect(cast, item, at=later(hours=1), seen=seen)
    with pytest.raises(Refused):
        telling.notify_household(actor=cast.actor("assistant"), record=item, at=later(hours=2), way="phone")


def test_nothing_is_written_when_a_later_write_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item(cast)
    before = Event.objects.count()

    def broken(**_values: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(handing, "tell", broken)
    with pytest.raises(RuntimeError):
        collect(cast, item, at=later(hours=1))
    assert Item.objects.get(pk=item.pk).state == "held"
    assert Event.objects.count() == before and clocks(item)["mail_tell_household"] == "armed"


@pytest.mark.rule("M-11")
def test_the_desk_sees_what_waits_for_a_home(cast: Cast) -> None:
    make_item(cast)
    item = make_item(cast)
    line = known(actor=cast.actor("front"), household=cast.homes[0], now=later(1))[0]
    assert "2" in line.word and item.number in line.text and line.tone == "soon"
    assert known(actor=cast.actor("front"), household=cast.homes[0], now=later(9))[0].tone == "late"
    assert known(actor=cast.actor("engineer"), household=cast.homes[0], now=later(1)) == []
    assert known(actor=cast.actor("front"), household=cast.homes[1], now=later(1)) == []
    titles = [one.title for one in today(actor=cast.actor("assistant"), now=later(9))]
    assert titles == ["待通知住户的邮件", "过期未取的邮件"]


def test_another_site_knows_nothing_of_it(cast: Cast) -> None:
    from tests.factories.cast import make_cast

    item = make_item(cast)
    other = make_cast(code="other")
    make_home(site=other.site, number=9)
    with pytest.raises(Item.DoesNotExist):
        collect(other, item, at=later(hours=1))
