"""Takings counted by notes and coins, and received by the cashier; both sign (O-03, O-06)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cash import services as cash
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.fees.models import Handover
from yingsheng.processes.fees.rules import is_late, settling
from yingsheng.processes.fees.services.takings import HAND_OVER

HAND, RECEIVE = "fees.hand_over", "fees.receive"
NOTED = gettext_noop("前台移交代收款%(number)s，实收%(amount)s元（%(rule)s）")
NOT_CASHIER = gettext_noop("代收款由规程指定的岗位接收")


@transaction.atomic
def count_takings(
    *,
    actor: Actor,
    record: Handover,
    at: datetime,
    signature: str,
    explanation: str = "",
    seen: int | None = None,
    **notes: int | None,
) -> Handover:
    """The desk counts what it owes by notes and coins and signs; a difference is explained (O-03, O-06)."""
    bag = hold(actor=actor, record=record, permission=HAND, seen=seen, states=("collecting",))
    counted = cash.count(
        place=find_place(site=actor.site, kind="box"), purpose="handover", pieces=pieces_of(notes=notes),
        by=actor.staff, at=at, explanation=explanation, book_fen=bag.fen,
    )  # fmt: skip
    signer = _sign(actor=actor, bag=bag, value=signature, at=at)
    change(
        record=bag, state=Handover.State.COUNTED, counted_fen=counted.counted_fen, count=counted, counted_at=at,
        counted_by=actor.staff, explanation=explanation.strip()[:300], desk_signed=signer,
    )  # fmt: skip
    tell(
        record=bag, kind="fees.counted", actor=actor, at=at, rule="O-03", counted=format_fen(fen=counted.counted_fen),
        book=format_fen(fen=bag.fen), explanation=explanation.strip(),
    )  # fmt: skip
    return bag


@transaction.atomic
def send_back(
    *, actor: Actor, record: Handover, at: datetime, reason: str, seen: int | None = None
) -> Handover:
    """The cashier counts differently: the desk counts once more (O-06). Refused while a new bag is being filled."""
    bag = hold(actor=actor, record=record, permission=RECEIVE, seen=seen, states=("counted",))
    if Handover.objects.filter(site=actor.site, state="collecting").exists():
        raise Refused(gettext_noop("前台已开始收下一批，请在签收时写明差额"), rule="O-06")
    change(
        record=bag, state=Handover.State.COLLECTING, counted_fen=None, count=None, counted_at=None, counted_by=None,
        explanation="", desk_signed="", remark=reason.strip()[:300],
    )  # fmt: skip
    tell(record=bag, kind="fees.sent_back", actor=actor, at=at, rule="O-06", reason=reason.strip())
    return bag


@transaction.atomic
def receive_takings(
    *, actor: Actor, record: Handover, at: datetime, signature: str, remark: str = "", seen: int | None = None
) -> Handover:
    """The cashier takes what was counted and signs; the difference is booked, the promise kept or late (O-03).

    Raises Forbidden; Refused for whoever counted it himself, or does not hold the post.
    """
    bag = hold(actor=actor, record=record, permission=RECEIVE, seen=seen, states=("counted",))
    demand_post(actor=actor, path="O-01.handed_to", at=at, text=NOT_CASHIER)
    if bag.counted_by_id == actor.staff.pk:
        raise Refused(gettext_noop("移交人和接收人不能是同一个人"), code="same_person", rule="O-06")
    signer = _sign(actor=actor, bag=bag, value=signature, at=at)
    _carry(actor=actor, bag=bag, at=at)
    late = bag.due_at is not None and is_late(due_at=bag.due_at, at=at)
    change(
        record=bag, state=Handover.State.RECEIVED, received_at=at, cashier=actor.staff, cashier_signed=signer,
        is_late=late, remark=remark.strip()[:300],
    )  # fmt: skip
    timers.meet(subject=bag, milestones=[HAND_OVER], by=actor.staff, at=at)
    amount = format_fen(fen=bag.counted_fen or 0)
    helped = owed_role(path="O-05.helped_role", site=actor.site, at=at)
    queue(
        site_id=actor.site.pk, subject=bag, at=at,
        drafts=[
            Draft(
                text=NOTED, params={"number": bag.number, "amount": amount, "rule": "O-05"}, to_staff=one, rule="O-05",
                dedup_key=f"fees:received:{bag.pk}:{one.pk}",
            )
            for one in list_holders(site_id=actor.site.pk, role=helped, at=at)
        ],
    )  # fmt: skip
    tell(record=bag, kind="fees.received", actor=actor, at=at, rule="O-03", amount=amount, late=late)
    return bag


def pieces_of(*, notes: Mapping[str, int | None]) -> dict[str, int]:
    """How many of each note: "n_10000" in a form is the hundred."""
    return {name.removeprefix("n_"): number for name, number in notes.items() if number}


def _sign(*, actor: Actor, bag: Handover, value: str, at: datetime) -> str:
    if not value.strip():
        raise Refused(gettext_noop("移交双方都要签名"), field="signature", rule="O-06")
    sign(site_id=actor.site.pk, subject=bag, value=value, signer=actor.staff.name, by=actor.staff, at=at)
    return (signer_of(value=value) or actor.staff.name)[:60]


def _carry(*, actor: Actor, bag: Handover, at: datetime) -> None:
    """What was counted goes to the cashier; what is too much or missing is booked first, with its explanation."""
    box, world = find_place(site=actor.site, kind="box"), find_place(site=actor.site, kind="world")
    counted = bag.counted_fen or 0
    kind, fen = settling(counted_fen=counted, book_fen=bag.fen)
    if kind:
        source, target = (world, box) if kind == "surplus" else (box, world)
        move(
            source=source, target=target, fen=fen, purpose=kind, subject=bag, by=actor.staff, at=at,
            note=bag.explanation,
        )  # fmt: skip
    if counted:
        move(
            source=box, target=find_place(site=actor.site, kind="cashier"), fen=counted, purpose="to_cashier",
            subject=bag, by=actor.staff, at=at,
        )  # fmt: skip
