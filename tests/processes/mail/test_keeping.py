"""What nobody collects: asked about, kept, sent back; what is damaged, lost, found."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.factories.mail import make_item
from tests.processes.mail.story import (
    adopt,
    clocks,
    collect,
    contact,
    due,
    give_back,
    later,
    undeliverable,
)

from yingsheng.base.refusal import Refused
from yingsheng.kernel.custody.models import Item, Move
from yingsheng.kernel.custody.queries import find_flaws
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.process.asides import handed_on, today
from yingsheng.processes.mail.services import keeping


@pytest.mark.rule("M-07")
def test_an_overdue_item_is_asked_about_together_with_the_area_clerk(cast: Cast) -> None:
    item = make_item(cast)
    with pytest.raises(Refused) as refused:
        contact(cast, item, at=later(6))
    assert refused.value.code == "too_early"
    for fields, field in (({"officer": None}, "officer"), ({"reached": True}, "wish")):
        with pytest.raises(Refused) as refused:
            contact(cast, item, at=later(7.5), **fields)
        assert refused.value.field == field
    assert [one.key for one in handed_on(site=cast.site, now=later(7.5))] == [f"mail.item:{item.pk}"]
    contact(cast, item, at=later(7.5))
    rows = Obligation.objects.filter(
        subject_type="custody.item", subject_id=item.pk, milestone="mail_contact"
    )
    assert [row.state for row in rows.order_by("round")] == ["met", "armed"]
    contact(cast, item, at=later(9), reached=True, wish="keep", note="下周回来")
    row = MailItem.objects.get(pk=item.pk)
    assert (row.contacts, row.wish, row.stage) == (2, "keep", "told")
    assert clocks(item)["mail_tell_household"] == "late"


@pytest.mark.rule("M-07", "M-08")
def test_it_is_kept_for_whoever_certainly_lives_here_and_looked_at_again(cast: Cast) -> None:
    item = make_item(cast)
    who = cast.actor("assistant")
    with pytest.raises(Refused) as refused:
        keeping.keep_item(actor=who, record=item, at=later(7.5), because="昨天还见过")
    assert refused.value.rule == "M-08"
    contact(cast, item, at=later(7.5))
    with pytest.raises(Refused):
        keeping.keep_item(actor=who, record=item, at=later(7.6), because=" ")
    keeping.keep_item(actor=who, record=item, at=later(7.6), because="昨天还见过")
    assert MailItem.objects.get(pk=item.pk).stage == "kept"
    assert clocks(item)["mail_review"] == "armed" and due(item, "mail_review") == later(37.6)
    contact(cast, item, at=later(30))
    rows = Obligation.objects.filter(subject_type="custody.item", subject_id=item.pk, milestone="mail_review")
    assert [row.state for row in rows.order_by("round")] == ["met", "armed"]


@pytest.mark.rule("M-08")
def test_a_regulation_without_overdue_days_keeps_without_asking_first(cast: Cast) -> None:
    adopt(cast, "M/003-2")
    item = make_item(cast)
    assert item.mail.overdue_at is None and clocks(item) == {"mail_tell_household": "armed"}
    with pytest.raises(Refused) as refused:
        contact(cast, item, at=later(30))
    assert refused.value.rule == "M-07"
    keeping.keep_item(actor=cast.actor("assistant"), record=item, at=later(20), because="住在这里")
    assert "mail_review" not in clocks(item)


@pytest.mark.rule("M-13")
def test_what_cannot_be_delivered_goes_back_within_two_days_with_the_clerks_signature(cast: Cast) -> None:
    item = make_item(cast, room="", destination="三厂宿舍", addressee="周某", kind="money_order")
    with pytest.raises(Refused) as refused:
        give_back(cast, item, at=later(1))
    assert refused.value.rule == "M-13"
    undeliverable(cast, item, at=later(1))
    assert due(item, "mail_return") == later(3)
    assert [one.title for one in today(actor=cast.actor("assistant"), now=later(1))] == ["待退回邮局的邮件"]
    for fields, field in (
        ({"signature": ""}, "signature"),
        ({"returned_date": later(9).date()}, "returned_date"),
        ({"returned_date": later(0).date()}, "returned_date"),
    ):
        with pytest.raises(Refused) as refused:
            give_back(cast, item, at=later(2), **fields)
        assert refused.value.field == field
    done = give_back(cast, item, at=later(2))
    row = MailItem.objects.get(pk=item.pk)
    assert (done.state, row.stage, row.returned_date) == ("gone", "returned", later(2).date())
    assert clocks(item)["mail_return"] == "met"
    move = Move.objects.filter(item=item).latest("serial")
    assert (move.organisation, move.signed_by) == ("云溪邮局", "投递员小孙")


@pytest.mark.rule("M-08", "M-13")
def test_what_merely_was_not_collected_goes_back_only_after_asking(cast: Cast) -> None:
    item = make_item(cast)
    with pytest.raises(Refused) as refused:
        undeliverable(cast, item, at=later(8), cause="expired")
    assert refused.value.rule == "M-08"
    with pytest.raises(Refused) as refused:
        undeliverable(cast, item, at=later(8), verified_as="")
    assert refused.value.field == "verified_as"
    contact(cast, item, at=later(8))
    undeliverable(cast, item, at=later(9), cause="expired")
    # the household turns up after all
    assert collect(cast, item, at=later(9.5)).state == "gone"
    assert clocks(item)["mail_return"] == "void"


@pytest.mark.rule("M-13")
def test_a_late_return_stays_late(cast: Cast) -> None:
    item = make_item(cast)
    undeliverable(cast, item, at=later(1))
    give_back(cast, item, at=later(5))
    assert clocks(item)["mail_return"] == "late"


@pytest.mark.rule("M-06")
def test_the_shelf_damage_loss_and_finding_again_are_told(cast: Cast) -> None:
    item = make_item(cast, condition="worn", damage="一角压扁")
    who = cast.actor("assistant")
    assert keeping.move_item(actor=who, record=item, at=later(1), place="专柜 2 层").place == "专柜 2 层"
    with pytest.raises(Refused):
        keeping.note_damage(actor=who, record=item, at=later(1), condition="sound", damage="没事")
    keeping.note_damage(actor=who, record=item, at=later(1), condition="wet", damage="被水淋湿")
    assert MailItem.objects.get(pk=item.pk).damage == "一角压扁；被水淋湿"
    with pytest.raises(Refused):
        keeping.lose_item(actor=who, record=item, at=later(2), reason=" ")
    lost = keeping.lose_item(actor=who, record=item, at=later(2), reason="盘点没有，查了监控")
    assert lost.state == "lost" and MailItem.objects.get(pk=item.pk).stage == "lost"
    assert set(clocks(item).values()) <= {"void", "late"}
    found = keeping.find_again(actor=who, record=lost, at=later(3), reason="夹在柜后")
    assert found.state == "held" and clocks(item)["mail_contact"] == "armed"
    assert list(find_flaws(site=cast.site)) == []


@pytest.mark.rule("M-06")
def test_what_is_found_again_may_not_share_its_pick_up_code(cast: Cast) -> None:
    item = make_item(cast)
    lost = keeping.lose_item(actor=cast.actor("assistant"), record=item, at=later(1), reason="找不到")
    other = make_item(cast, at=later(1))
    MailItem.objects.filter(pk=other.pk).update(pickup_code=item.mail.pickup_code)
    with pytest.raises(Refused):
        keeping.find_again(actor=cast.actor("assistant"), record=lost, at=later(2), reason="柜后")
    assert Item.objects.get(pk=item.pk).state == "lost"
