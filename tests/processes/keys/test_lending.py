"""Lending inside and outside, coming back, more time, chasing; what is refused, and what the box holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.keys import ID_NUMBER, SIGNED, fresh, lend, lend_out, make_key

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cash.queries import balance, check_books
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.queries import moves_of
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.tick import tick
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.services.lending import (
    chase_key,
    give_more_time,
    lend_inside,
    lend_outside,
    take_back,
)

NOW = MONDAY_NINE


def events_of(kind: str) -> int:
    return Event.objects.filter(kind=f"keys.{kind}").count()


def back(cast: Cast, key: Item, *, at: Any = NOW, **fields: Any) -> Item:
    return take_back(actor=cast.actor("front", at), record=fresh(key), at=at, **fields)


def promise(key: Item, milestone: str = "key_return") -> Obligation:
    return Obligation.objects.filter(
        subject_type="custody.item", subject_id=key.pk, milestone=milestone
    ).latest("pk")


@pytest.mark.rule("K-05")
def test_our_own_people_sign_and_pay_nothing(cast: Cast) -> None:
    # T-K01: a repairer of ours signs, no deposit
    key = lend(cast, make_key(cast))
    loan = Loan.objects.get(item=key)
    assert (loan.kind, loan.borrower, loan.deposit_fen) == ("inside", "赵工程", 0)
    assert (key.state, key.holder_staff) == ("out", cast.engineer)
    assert moves_of(item=key)[0].signed_by == SIGNED
    assert promise(key).due_at == loan.due_at == NOW + timedelta(hours=24)
    assert balance(site=cast.site) == 0
    assert events_of("lent") == 1


@pytest.mark.rule("K-05")
def test_without_a_signature_nobody_gets_a_key(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        lend(cast, make_key(cast), signature=" ")
    assert (refused.value.rule, refused.value.field) == ("K-05", "signature")


@pytest.mark.rule("K-06", "K-11")
def test_somebody_from_outside_shows_pays_signs_and_gets_his_deposit_back(cast: Cast) -> None:
    key = lend_out(cast, make_key(cast))
    loan = Loan.objects.get(item=key)
    assert (loan.borrower, loan.organisation, loan.deposit_fen) == ("孙外人", "宽带公司", 20000)
    assert balance(site=cast.site) == 20000
    with pytest.raises(Refused) as refused:
        back(cast, key, refund_fen=20000)
    assert refused.value.field == "signature"
    key = back(cast, key, signature="孙外人", at=NOW + timedelta(hours=2))
    loan.refresh_from_db()
    assert (key.state, loan.state, loan.refund_fen) == ("held", "returned", 20000)
    assert balance(site=cast.site) == 0
    assert list(check_books(site=cast.site)) == []
    assert promise(key).state == "met"


@pytest.mark.rule("K-06")
@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"id_kind": ""}, "id_kind"), ({"id_number": ""}, "id_number"), ({"deposit_fen": 0}, "deposit_fen"),
        ({"signature": ""}, "signature"),
    ],
)  # fmt: skip
def test_each_of_the_three_is_asked(cast: Cast, missing: dict[str, Any], field: str) -> None:
    key = make_key(cast)
    with pytest.raises(Refused) as refused:
        lend_out(cast, key, **missing)
    assert (refused.value.rule, refused.value.field) == ("K-06", field)
    assert fresh(key).state == "held"
    assert balance(site=cast.site) == 0


@pytest.mark.rule("K-06")
def test_the_usual_deposit_is_asked_when_nobody_names_one(cast: Cast) -> None:
    assert Loan.objects.get(item=lend_out(cast, make_key(cast), deposit_fen=None)).deposit_fen == 20000


@pytest.mark.rule("K-06")
def test_a_site_may_ask_no_deposit(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="K-06.deposit_required", value=False, active_from=NOW, reason="本项目不收",
        by=cast.head, at=NOW,
    )  # fmt: skip
    key = lend_out(cast, make_key(cast), deposit_fen=None)
    assert Loan.objects.get(item=key).deposit_fen == 0


@pytest.mark.rule("K-11")
def test_a_deposit_is_kept_only_with_a_reason_and_never_over_paid(cast: Cast) -> None:
    key = lend_out(cast, make_key(cast))
    for wrong in ({"refund_fen": 20001, "signature": "孙"}, {"refund_fen": 5000, "signature": "孙"}):
        with pytest.raises(Refused):
            back(cast, key, **wrong)
    back(cast, key, refund_fen=5000, kept_reason="钥匙断了重配", signature="孙外人")
    assert balance(site=cast.site) == 15000


@pytest.mark.rule("K-10", "K-12")
def test_a_key_of_an_owner_goes_out_only_with_pledge_and_consent(cast: Cast) -> None:
    bare = make_key(cast, kind="entrusted", pledged_by="", signature="")
    with pytest.raises(Refused) as refused:
        lend(cast, bare, consent_by="钱女士", consent_way="phone")
    assert refused.value.rule == "K-10"
    pledged = make_key(cast, kind="entrusted", room="3-2-1803")
    for asked in ({}, {"consent_by": "钱女士"}, {"consent_way": "phone"}):
        with pytest.raises(Refused) as refused:
            lend(cast, pledged, **asked)
        assert refused.value.rule == "K-12"
    lend(cast, pledged, consent_by="钱女士", consent_way="phone")
    assert Loan.objects.get(item=pledged).consent_by == "钱女士"


@pytest.mark.rule("K-04", "K-12")
def test_an_overdue_key_alarms_is_chased_and_comes_back_late(cast: Cast) -> None:
    key = lend(cast, make_key(cast), due_at=NOW + timedelta(hours=2))
    actor = cast.actor("front")
    with pytest.raises(Refused):
        chase_key(actor=actor, record=fresh(key), at=NOW + timedelta(hours=2), way="phone", result="马上")
    late = NOW + timedelta(hours=3)
    tick(now=late)
    assert (
        Event.objects.filter(kind="timers.overdue", subject_id=promise(key).pk).exists()
        or promise(key).alarm_no
    )
    chase_key(actor=actor, record=fresh(key), at=late, way="phone", result="下班前送回")
    back(cast, key, at=late + timedelta(hours=1))
    assert promise(key).state == "late"
    assert [events_of(kind) for kind in ("chased", "late_back", "back")] == [1, 1, 0]


@pytest.mark.rule("K-04")
def test_more_time_is_given_with_a_reason_and_what_was_broken_stays_broken(cast: Cast) -> None:
    key = lend(cast, make_key(cast), due_at=NOW + timedelta(hours=2))
    actor, later = cast.actor("front"), NOW + timedelta(days=2)
    with pytest.raises(Refused):
        give_more_time(actor=actor, record=fresh(key), at=NOW, due_at=NOW - timedelta(hours=1), reason="忙")
    give_more_time(actor=actor, record=fresh(key), at=NOW, due_at=later, reason="未完工")
    assert [one.state for one in Obligation.objects.filter(subject_id=key.pk, milestone="key_return")] == [
        "armed"
    ]
    broken = later + timedelta(hours=1)
    give_more_time(
        actor=actor, record=fresh(key), at=broken, due_at=broken + timedelta(days=1), reason="还差一天"
    )
    rows = Obligation.objects.filter(subject_id=key.pk, milestone="key_return").order_by("round")
    assert [one.state for one in rows] == ["late", "armed"]


@pytest.mark.rule("K-04")
def test_a_stale_page_is_told_who_has_the_key(cast: Cast) -> None:
    key = make_key(cast)
    stale = fresh(key)
    lend(cast, key)
    with pytest.raises(Conflict) as refused:
        lend_out_stale(cast, stale)
    assert "赵工程" in str(refused.value)


def lend_out_stale(cast: Cast, stale: Item) -> None:
    lend_outside(
        actor=cast.actor("front"), record=stale, at=NOW, name="孙外人", id_kind="id_card", id_number=ID_NUMBER,
        purpose="放线", deposit_fen=20000, signature=SIGNED, seen=stale.version,
    )  # fmt: skip


@pytest.mark.rule("K-09")
def test_the_front_desk_keeps_the_keys_and_nobody_else_hands_them_out(cast: Cast) -> None:
    key = make_key(cast)
    with pytest.raises(Forbidden):
        lend_inside(
            actor=cast.actor("engineer"),
            record=key,
            at=NOW,
            staff=cast.engineer,
            purpose="自取",
            signature="赵",
        )
    assert promise(lend(cast, key)).responsible_role == "FRONT_DESK"
