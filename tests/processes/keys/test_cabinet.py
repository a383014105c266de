"""Keys on their hooks: taken in, moved, pledged, given to the owner and entrusted again, lost, scrapped, counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast
from tests.factories.keys import ID_NUMBER, SIGNED, fresh, lend, lend_out, make_key, open_count

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cash.queries import balance
from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.custody.queries import find_flaws, moves_of
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.keys.models import Key, Loan, Loss
from yingsheng.processes.keys.process.asides import handed_on, known, numbers, today
from yingsheng.processes.keys.process.books import STOCKTAKES
from yingsheng.processes.keys.services import cabinet, losing
from yingsheng.processes.keys.services.bringing import KeyLine, bring_in_keys
from yingsheng.processes.keys.services.month import file_month

NOW = MONDAY_NINE
COUNT_DAY = datetime(2025, 3, 26, 10, 0, tzinfo=SHANGHAI)
PDF = b"%PDF-1.4 a"


def states(key: Item) -> dict[str, str]:
    rows = Obligation.objects.filter(subject_type="custody.item", subject_id=key.pk).order_by("pk")
    return {one.milestone: one.state for one in rows}


@pytest.mark.rule("K-01", "K-02", "K-03")
def test_a_key_hangs_by_building_floor_and_hook_under_a_number(cast: Cast) -> None:
    key = make_key(cast, hook="A-05", floor="18")
    assert key.number.startswith("YS-")
    assert key.place == "1号柜 / 3栋 / 18 / A-05"
    with pytest.raises(Refused) as refused:
        make_key(cast, hook="A-05", room="3-2-1803")
    assert (refused.value.field, refused.value.rule) == ("hook", "K-02")
    assert Item.objects.filter(process="keys").count() == 1  # the refused one left nothing
    make_key(cast, hook="A-06", room="3-2-1803")


@pytest.mark.rule("K-01")
@pytest.mark.parametrize("kind", ["vacant", "entrusted"])
@pytest.mark.parametrize("room", ["", "9-9-999"])
def test_a_key_of_a_home_names_its_room(cast: Cast, kind: str, room: str) -> None:
    with pytest.raises(Refused) as refused:
        make_key(cast, kind=kind, room=room)
    assert refused.value.field == "room"


@pytest.mark.rule("K-01")
def test_a_site_has_the_classes_it_has(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="K-01.classes", value="vacant,other", active_from=NOW, reason="不托管",
        by=cast.head, at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        make_key(cast, kind="entrusted")
    assert (refused.value.field, refused.value.rule) == ("kind", "K-01")


@pytest.mark.rule("K-02")
def test_a_key_moves_to_another_hook(cast: Cast) -> None:
    key = make_key(cast, hook="A-05")
    make_key(cast, hook="A-06", room="3-2-1803")
    actor = cast.actor("front")
    with pytest.raises(Refused):
        cabinet.hang_elsewhere(actor=actor, record=fresh(key), at=NOW, cabinet="1号柜", hook="A-06")
    moved = cabinet.hang_elsewhere(
        actor=actor, record=fresh(key), at=NOW, cabinet="2号柜", hook="C-01", floor="2"
    )
    assert (moved.place, Key.objects.get(item=key).cabinet) == ("2号柜 / 2 / C-01", "2号柜")
    make_key(cast, hook="A-05", room="3-2-1804")


@pytest.mark.rule("K-10")
def test_a_missing_pledge_is_owed_and_can_be_filed_as_a_picture(cast: Cast) -> None:
    key = make_key(cast, kind="entrusted", pledged_by="", signature="")
    assert states(key) == {"key_pledge": "armed"}
    assert [one.title for one in today(actor=cast.actor("front"), now=NOW)] == ["缺承诺书的钥匙"]
    actor = cast.actor("front")
    for wrong in ({"pledged_by": ""}, {"pledged_by": "钱女士"}):
        with pytest.raises(Refused):
            cabinet.pledge_key(actor=actor, record=fresh(key), at=NOW, **wrong)
    paper = ContentFile(PDF, name="承诺书.pdf")
    cabinet.pledge_key(actor=actor, record=fresh(key), at=NOW, pledged_by="钱女士", files=[paper])
    assert states(key) == {"key_pledge": "met"}
    assert list_attachments(subject=key).count() == 1
    with pytest.raises(Refused):
        cabinet.pledge_key(actor=actor, record=fresh(key), at=NOW, pledged_by="钱女士", signature=SIGNED)


@pytest.mark.rule("K-07", "K-10")
def test_the_owner_takes_his_key_and_entrusts_it_again(cast: Cast) -> None:
    key = make_key(cast)
    actor = cast.actor("front")
    asked = {"name": "钱女士", "id_kind": "id_card", "id_number": ID_NUMBER, "signature": SIGNED}
    for name in ("id_kind", "id_number", "signature"):
        with pytest.raises(Refused) as refused:
            cabinet.give_to_owner(actor=actor, record=fresh(key), at=NOW, **{**asked, name: ""})
        assert (refused.value.rule, refused.value.field) == ("K-07", name)
    given = cabinet.give_to_owner(actor=actor, record=fresh(key), at=NOW, **asked)
    assert (given.state, given.holder_name) == ("gone", "钱女士")
    move = moves_of(item=key)[0]
    assert (move.act, move.id_kind, move.signed_by) == ("to_owner", "id_card", SIGNED)
    again = cabinet.entrust_key(actor=actor, record=fresh(key), at=NOW, pledged_by="钱女士", signature=SIGNED)
    assert (again.state, again.kind) == ("held", "entrusted")
    assert Key.objects.get(item=key).pledged_by == "钱女士"
    assert [one.text for one in known(actor=actor, household=cast.homes[0], now=NOW)] == [
        f"{key.number} 入户门"
    ]
    assert list(find_flaws(site=cast.site)) == []
    with pytest.raises(Refused):
        cabinet.give_to_owner(actor=actor, record=make_key(cast, kind="other"), at=NOW, **asked)


@pytest.mark.rule("K-04")
def test_a_lost_key_is_told_decided_and_replaced(cast: Cast) -> None:
    key = lend_out(cast, make_key(cast, hook="A-05"))
    actor, head = cast.actor("front"), cast.actor("supervisor")
    losing.report_loss(actor=actor, record=fresh(key), at=NOW, circumstances="孙外人说掉在路上")
    assert states(key) == {"key_return": "void", "key_loss_told": "armed", "key_loss_decided": "armed"}
    assert Message.objects.filter(to_staff=cast.supervisor, dedup_key__startswith="key-lost").exists()
    assert [one.title for one in today(actor=head, now=NOW)] == ["遗失待处理的钥匙"]
    with pytest.raises(Refused) as refused:
        losing.decide_loss(
            actor=head, record=fresh(key), at=NOW, outcome="relocked", decision="换锁，孙外人出"
        )
    assert "告知" in str(refused.value)
    losing.tell_household(actor=actor, record=fresh(key), at=NOW, told="电话告知钱女士，同意换锁")
    with pytest.raises(Refused):
        losing.tell_household(actor=actor, record=fresh(key), at=NOW, told="再说一遍")
    done = losing.decide_loss(
        actor=head, record=fresh(key), at=NOW, outcome="relocked", decision="换锁，费用从押金扣", refund_fen=0
    )
    assert done.state == "gone"
    assert (Loan.objects.get(item=key).state, balance(site=cast.site)) == ("lost", 20000)
    assert states(key)["key_loss_decided"] == "met"
    make_key(cast, hook="A-05", room="3-2-1803")  # the hook is free
    assert list(find_flaws(site=cast.site)) == []


@pytest.mark.rule("K-04")
def test_a_key_that_turns_up_hangs_again(cast: Cast) -> None:
    key = make_key(cast, hook="A-05")
    losing.report_loss(actor=cast.actor("front"), record=fresh(key), at=NOW, circumstances="钩上没有")
    found = losing.decide_loss(
        actor=cast.actor("supervisor"), record=fresh(key), at=NOW, outcome="found", decision="在抽屉里"
    )
    assert found.state == "held"
    assert states(key) == {"key_loss_told": "void", "key_loss_decided": "met"}
    assert Loss.objects.get(item=key).outcome == "found"


def test_a_key_that_opens_nothing_is_scrapped_before_a_witness(cast: Cast) -> None:
    key = make_key(cast, kind="other", hook="A-05")
    head = cast.actor("supervisor")
    with pytest.raises(Refused):
        cabinet.scrap_key(actor=head, record=fresh(key), at=NOW, reason="换了锁", witness=" ")
    assert (
        cabinet.scrap_key(actor=head, record=fresh(key), at=NOW, reason="换了锁", witness="王前台").state
        == "gone"
    )
    assert Key.objects.get(item=key).hook == ""


@pytest.mark.rule("K-12")
def test_what_is_out_stands_on_the_list_of_the_next_shift(cast: Cast) -> None:
    on_time = lend(cast, make_key(cast, kind="other", name="水泵房"))
    late = lend(cast, make_key(cast), due_at=NOW + timedelta(hours=1))
    told = handed_on(site=cast.site, now=NOW + timedelta(hours=2))
    assert [(one.word, one.url_args) for one in told] == [
        ("超期钥匙", (late.pk,)),
        ("借出钥匙", (on_time.pk,)),
    ]
    lists = today(actor=cast.actor("front"), now=NOW + timedelta(hours=2))
    assert [(one.title, one.count) for one in lists] == [("超期未还的钥匙", 1)]
    figures = numbers(actor=cast.actor("supervisor"), now=NOW + timedelta(hours=2))
    assert [(one.count, one.base) for one in figures] == [(0, 1)]


@pytest.mark.rule("K-08")
def test_the_keys_are_counted_and_reported(cast: Cast) -> None:
    here, missing, lent = (make_key(cast, kind="other", name=name) for name in ("甲", "乙", "丙"))
    lend(cast, lent, due_at=COUNT_DAY + timedelta(days=2))
    open_periods(now=COUNT_DAY)
    period = Period.objects.get(code="key_month", first="2025-03-01")
    front = cast.actor("front", COUNT_DAY)
    with pytest.raises(Refused) as refused:
        file_month(actor=front, year=2025, month=3, at=COUNT_DAY, conclusion="都在")
    assert refused.value.code == "not_counted"
    count = open_count(cast, at=COUNT_DAY)
    scan, explain, close = (STOCKTAKES.verb(code) for code in ("scan", "explain", "close"))
    assert scan is not None
    assert explain is not None
    assert close is not None
    scan.run(actor=front, record=count, at=COUNT_DAY, code=here.number)
    for code in (here.number, "没有的"):
        with pytest.raises(Refused):
            scan.run(actor=front, record=count, at=COUNT_DAY, code=code)
    with pytest.raises(Refused) as refused:
        close.run(actor=front, record=count, at=COUNT_DAY)
    assert missing.number in str(refused.value)
    explain.run(actor=front, record=count, at=COUNT_DAY, code=missing.number, explanation="钩上没有，正在找")
    close.run(actor=front, record=count, at=COUNT_DAY, note="一把待查")
    count = Stocktake.objects.get(pk=count.pk)
    assert (count.total, count.in_place, count.away, count.missing) == (3, 1, 1, 1)
    owed = Obligation.objects.filter(subject_id=period.pk, subject_type="timers.period")
    assert {one.milestone: one.state for one in owed} == {"key_count": "met", "key_report": "armed"}
    reported = datetime(2025, 3, 28, 9, 0, tzinfo=SHANGHAI)
    filing = file_month(actor=front, year=2025, month=3, at=reported, conclusion="一把找不到，已报遗失")
    assert filing.content["count"]["differences"] == [[missing.number, "missing", "钩上没有，正在找"]]
    assert filing.content["overdue"] == []
    row = Obligation.objects.get(subject_id=period.pk, subject_type="timers.period", milestone="key_report")
    assert row.state == "met"
    assert Event.objects.filter(kind="keys.month_filed", rule="K-08").count() == 1
    with pytest.raises(Refused):
        file_month(actor=front, year=2025, month=3, at=reported, conclusion="再报一次")


@pytest.mark.rule("K-02")
def test_a_list_is_brought_in_whole_or_not_at_all(cast: Cast) -> None:
    actor = cast.actor("front")
    good = KeyLine(
        row=2, kind="vacant", name="入户门", room="3-2-1802", cabinet="1号柜", hook="A-01", pieces="2"
    )
    owned = KeyLine(row=3, kind="entrusted", name="入户门", room="3-2-1803", cabinet="1号柜", hook="A-02")
    assert bring_in_keys(actor=actor, lines=[good, owned], at=NOW) == 2
    key = Item.objects.get(kind="entrusted")
    assert states(key) == {"key_pledge": "armed"}
    for bad in (
        KeyLine(row=7, kind="", name="门", cabinet="1号柜"), KeyLine(row=7, kind="other", name="", cabinet="1号柜"),
        KeyLine(row=7, kind="other", name="门", cabinet="1号柜", hook="A-01"),
        KeyLine(row=7, kind="other", name="门", cabinet="1号柜", pieces="很多"),
        KeyLine(row=7, kind="vacant", name="门", cabinet="1号柜", room="9-9-9"),
    ):  # fmt: skip
        fine = KeyLine(row=6, kind="other", name="门", cabinet="3号柜")
        with pytest.raises(Refused) as refused:
            bring_in_keys(actor=actor, lines=[fine, bad], at=NOW)
        assert "7" in str(refused.value)
    assert Item.objects.filter(process="keys").count() == 2
    with pytest.raises(Refused):
        bring_in_keys(actor=actor, lines=[], at=NOW)
