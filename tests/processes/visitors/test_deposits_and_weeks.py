"""Deposits and lost property against signatures; the week reconciled, the month with its rows and file."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.factories.visitors import PDF, make_deposit, make_pass, make_visitor, travel
from tests.processes.story import later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.custody.queries import find_flaws, moves_of
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Filing, Obligation, Period
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.visitors.process import asides
from yingsheng.processes.visitors.services import deposits, gate, passes, weeks
from yingsheng.processes.visitors.services.keeping import keep_gate

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def owed(row: Any) -> Obligation:
    return Obligation.objects.get(subject_type="custody.item", subject_id=row.pk, milestone="collect_deposit")


@pytest.mark.rule("V-04", "V-09")
def test_an_article_is_taken_in_and_collected_against_a_signature(cast: Cast) -> None:
    before = Event.objects.count()
    item = make_deposit(cast, photos=[ContentFile(PDF, name="a.pdf")])
    assert Event.objects.count() == before + 1
    assert (item.number[:2], item.state, item.deposit.condition) == ("JC", "held", "完好，锁着")
    assert owed(item).due_at.astimezone(later(0).tzinfo).date() == later(24 * 7).date()
    with pytest.raises(Refused, match="签名"):
        deposits.collect_deposit(
            actor=cast.actor("lobby"), record=item, at=later(5), collector="钱女士", signature=" "
        )
    deposits.move_deposit(actor=cast.actor("lobby"), record=item, at=later(2), place="库房")
    made = deposits.collect_deposit(
        actor=cast.actor("lobby"),
        record=item,
        at=later(5),
        collector="钱女士",
        signature="钱女士",
        id_kind="known",
    )
    assert (made.state, made.holder_name, owed(item).state) == ("gone", "钱女士", Obligation.State.MET)
    last = moves_of(item=item)[0]
    assert (last.act, last.signed_by, last.id_kind) == ("collected", "钱女士", "known")
    assert list(find_flaws(site=cast.site)) == []
    with pytest.raises(Refused):
        deposits.collect_deposit(
            actor=cast.actor("lobby"), record=item, at=later(6), collector="别人", signature="别人"
        )


@pytest.mark.rule("V-04")
def test_lost_property_says_where_it_was_found_and_is_handed_on_with_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="哪里捡到"):
        make_deposit(cast, kind="lost", room="")
    item = make_deposit(cast, kind="lost", room="", found_where="3栋大堂沙发", giver="保洁")
    assert item.number.startswith("SW")
    assert owed(item).due_at.astimezone(later(0).tzinfo).date() == later(24 * 30).date()
    with pytest.raises(Refused, match="为什么移交"):
        deposits.hand_on_deposit(actor=cast.actor("lobby"), record=item, at=later(1), to="派出所", reason=" ")
    made = deposits.hand_on_deposit(
        actor=cast.actor("lobby"), record=item, at=later(24 * 31), to="派出所", reason="三十天没人认领"
    )
    assert (made.state, made.holder_name, owed(item).state) == ("gone", "派出所", Obligation.State.LATE)


@pytest.mark.rule("V-04")
def test_what_lies_too_long_is_told_and_stands_on_the_card(cast: Cast) -> None:
    item = make_deposit(cast)
    told = [one.key for one in asides.handed_on(site=cast.site, now=later(24 * 8))]
    assert told == [f"visitors.deposit:{item.pk}"]
    assert asides.handed_on(site=cast.site, now=later(24)) == []
    words = [
        one.word for one in asides.known(actor=cast.actor("front"), household=cast.homes[0], now=later(1))
    ]
    assert words == ["寄存"]


def a_week(cast: Cast) -> dict[str, Any]:
    """One let out, one run out, one revoked, one kept back and replaced."""
    open_periods(now=later(0))
    out, late, back, odd = (make_pass(cast) for _turn in range(4))
    guard, front = cast.actor("guard"), cast.actor("front")
    gate.release_pass(actor=guard, record=out, at=later(1), matches="yes")
    passes.revoke_pass(actor=front, record=back, at=later(1), reason="不搬了")
    gate.keep_back(actor=guard, record=odd, at=later(1), reason="mismatch")
    keep_gate(now=later(30))
    return {"out": out, "late": late, "back": back, "odd": odd}


@pytest.mark.rule("V-02")
def test_a_week_is_reconciled_with_a_word_for_every_difference(cast: Cast) -> None:
    rows, monday, sup = a_week(cast), later(0).date(), cast.actor("supervisor")
    with pytest.raises(Refused, match="没有过完"):
        weeks.reconcile_week(actor=sup, at=later(24), first=monday, slips=2, words={})
    over = later(24 * 7)
    with pytest.raises(Refused, match="还有2张") as refused:
        weeks.reconcile_week(actor=sup, at=over, first=monday, slips=2, words={})
    assert refused.value.field == f"why_{rows['late'].pk}"
    words = {
        rows["late"].pk: "改到下周搬",
        rows["odd"].pk: "多一台电视，住户自己取回",
        rows["out"].pk: "不用写",
    }
    with pytest.raises(Refused, match="不一样"):
        weeks.reconcile_week(actor=sup, at=over, first=monday, slips=3, words=words)
    filing = weeks.reconcile_week(actor=sup, at=over, first=monday, slips=2, words=words)
    assert filing.content["count"]["issued"] == 4 and len(filing.content["explained"]) == 2
    clock = Obligation.objects.get(milestone="pass_week", subject_id=filing.period_id)
    assert (clock.rule, clock.responsible_role, clock.state) == ("V-02", "CS_SUP", Obligation.State.MET)
    assert (clock.due_at.astimezone(later(0).tzinfo).date() - monday) <= timedelta(days=8)
    with pytest.raises(Refused, match="更正"):
        weeks.reconcile_week(actor=sup, at=over, first=monday, slips=2, words=words)
    again = weeks.reconcile_week(actor=sup, at=over, first=monday, slips=2, words=words, reason="写错了")
    assert again.version == 2


@pytest.mark.rule("V-02")
def test_the_week_and_the_month_on_the_screen(cast: Cast) -> None:
    rows = a_week(cast)
    make_visitor(cast)
    make_deposit(cast)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    monday = later(0).date()
    with travel(later(24 * 8)):
        address = f"{reverse('visitors:week')}?first={monday}"
        page = client.get(address).content.decode()
        assert rows["late"].number in page and f"why_{rows['late'].pk}" in page
        bad = client.post(address, {"slips": "2"})
        assert bad.status_code == 422 and "没有写明原因" in bad.content.decode()
        sent = {"slips": "2", f"why_{rows['late'].pk}": "改期", f"why_{rows['odd'].pk}": "多一台"}
        assert client.post(address, sent).status_code == 303
        assert (
            Filing.objects.get(period=Period.objects.get(code="pass_week", first=monday)).content["slips"]
            == 2
        )
        month = reverse("visitors:month")
        whole = client.get(month, {"year": 2025, "month": 3}).content.decode()
        assert all(row.number in whole for row in rows.values())
        some = client.get(month, {"year": 2025, "month": 3, "state": "expired"}).content.decode()
        assert rows["late"].number in some and rows["out"].number not in some
        export = f"{reverse('visitors:month_export')}?year=2025&month=3"
        assert client.post(export, {"reason": ""}).status_code == 422
        file = client.post(export, {"reason": "季度检查"})
    sheet = load_workbook(io.BytesIO(file.content)).active
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "季度检查" in str(table[0]) and len(table) == 6
    assert "钱女士" not in str(table[1:])


@pytest.mark.rule("V-02", "V-09")
def test_sheets_print_with_their_code_and_prints_are_counted(cast: Cast) -> None:
    row, item = make_pass(cast, plate="粤B12345"), make_deposit(cast)
    make_visitor(cast)
    client = Client()
    client.force_login(cast.lobby, backend=BACKEND)
    address = reverse("visitors:pass_sheet", args=[row.pk])
    with travel(later(0.5)):
        page = client.get(address).content.decode()
        for word in ("FM-59", "门岗存根", "住户联", "双门冰箱", "y-qr", "粤B"):
            assert word in page, word
        assert "补打 1" not in client.post(address).content.decode()
        assert "补打 1" in client.post(address).content.decode()
        book = client.get(reverse("visitors:book_sheet")).content.decode()
        assert "FM-65" in book and "施先生" in book
        assert "行李箱" in client.get(reverse("visitors:receipt_sheet", args=[item.pk])).content.decode()
    waiting = make_pass(cast, relation="tenant", consent_way="ask")
    with travel(later(0.6)):
        assert client.get(reverse("visitors:pass_sheet", args=[waiting.pk])).status_code == 404


@pytest.mark.rule("V-03", "V-06")
def test_the_words_to_say_stand_beside_the_visitor(cast: Cast) -> None:
    row = make_visitor(cast)
    client = Client()
    client.force_login(cast.guard, backend=BACKEND)
    with travel(later(0.1)):
        page = client.get(reverse("visitors:visitors_one", args=[row.pk])).content.decode()
    assert "参考话术" in page and "V-06" in page


def test_a_conflict_is_no_accident(cast: Cast) -> None:
    item = make_deposit(cast)
    with pytest.raises(Conflict):
        deposits.move_deposit(actor=cast.actor("lobby"), record=item, at=later(1), place="库房", seen=99)
