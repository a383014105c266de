"""Opening a service or paying a charge on behalf of a home: requested, submitted, done or refused, told (P-01)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.prepaid.models import Request
from yingsheng.processes.prepaid.queries import household_of
from yingsheng.processes.prepaid.rules import known_kinds
from yingsheng.processes.prepaid.services.orders import CARRY, TAKE

REQUEST = "DB"
TELL_REQUEST = "tell_request"


@transaction.atomic
def take_request(
    *,
    actor: Actor,
    at: datetime,
    room: str,
    kind: str,
    utility: str,
    requested_by_name: str,
    text: str = "",
    papers: str = "",
    cash_fen: int | None = None,
) -> Request:
    """Take in what a home asks for, with its papers and its cash (P-01).

    Raises Forbidden, Refused for a kind that the site does not arrange or a payment without money.
    """
    demand(actor=actor, permission=TAKE)
    household = household_of(actor=actor, text=room)
    if kind not in known_kinds(text=str(figure(path="P-01.kinds", site=actor.site, at=at) or "")):
        raise Refused(gettext_noop("这一种不代办"), field="kind", rule="P-01")
    cash = cash_fen or 0
    if cash < 0 or (kind == Request.Kind.PAYMENT and cash == 0):
        raise Refused(gettext_noop("代缴要先收到现金"), field="cash_fen", rule="P-01")
    row = Request.objects.create(
        site=actor.site, number=take_number(site=actor.site, prefix=REQUEST, at=at), household=household, kind=kind,
        utility=utility.strip()[:40], text=text.strip()[:300], papers=papers.strip()[:300], cash_fen=cash,
        requested_by_name=requested_by_name.strip()[:60], requested_at=at, taken_by=actor.staff,
    )  # fmt: skip
    _move(actor=actor, row=row, source="world", target="box", fen=cash, at=at)
    tell(
        record=row, kind="prepaid.request_taken", actor=actor, at=at, rule="P-01", number=row.number,
        utility=row.utility, cash=format_fen(fen=cash),
    )  # fmt: skip
    return row


@transaction.atomic
def submit_request(
    *, actor: Actor, record: Request, at: datetime, runner: Staff, signature: str, seen: int | None = None
) -> Request:
    """Somebody takes papers and cash to the utility and signs for them (P-01)."""
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("requested",))
    sign(site_id=actor.site.pk, subject=row, value=signature, signer=runner.name, by=actor.staff, at=at)
    if row.cash_fen:
        move(
            source=find_place(site=actor.site, kind="box"),
            target=find_place(site=actor.site, kind="person", staff=runner), fen=row.cash_fen,
            purpose="request_carried", subject=row, by=actor.staff, at=at,
        )  # fmt: skip
    change(record=row, state=Request.State.SUBMITTED, runner=runner, submitted_at=at)
    tell(record=row, kind="prepaid.request_submitted", actor=actor, at=at, rule="P-01", who=runner.name)
    return row


@transaction.atomic
def finish_request(
    *,
    actor: Actor,
    record: Request,
    at: datetime,
    result: str,
    paid_fen: int | None = None,
    receipt: str = "",
    seen: int | None = None,
) -> Request:
    """It is done: what was paid against which receipt; the rest of the cash is back in the box (P-01)."""
    row = hold(actor=actor, record=record, permission=CARRY, seen=seen, states=("submitted",))
    paid = paid_fen or 0
    if not 0 <= paid <= row.cash_fen:
        raise Refused(gettext_noop("缴费不能多于收到的现金"), field="paid_fen", rule="P-01")
    if paid and not receipt.strip():
        raise Refused(gettext_noop("请写收据号"), field="receipt", rule="P-01")
    person = find_place(site=actor.site, kind="person", staff=row.runner)
    if paid:
        move(
            source=person, target=find_place(site=actor.site, kind="utility", code="requests"), fen=paid,
            purpose="request_paid", subject=row, by=actor.staff, at=at, note=receipt,
        )  # fmt: skip
    return _end(actor=actor, row=row, state="done", at=at, result=result, paid=paid, receipt=receipt)


@transaction.atomic
def refuse_request(
    *, actor: Actor, record: Request, at: datetime, result: str, seen: int | None = None
) -> Request:
    """The utility did not grant it, and why; all of the cash is back in the box (P-01)."""
    row = hold(actor=actor, record=record, permission=CARRY, seen=seen, states=("submitted",))
    return _end(actor=actor, row=row, state="refused", at=at, result=result, paid=0, receipt="")


@transaction.atomic
def close_request(
    *, actor: Actor, record: Request, at: datetime, collector: str, signature: str, seen: int | None = None
) -> Request:
    """The home was told; papers, receipt and the rest of its cash went back against its signature (P-01)."""
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("done", "refused"))
    signer = signer_of(value=signature) or collector.strip()
    if not signer:
        raise Refused(gettext_noop("交还要签名"), field="signature", rule="P-01")
    sign(site_id=actor.site.pk, subject=row, value=signature, signer=signer, by=actor.staff, at=at)
    rest = row.cash_fen - row.paid_fen
    _move(actor=actor, row=row, source="box", target="world", fen=rest, at=at)
    change(record=row, state=Request.State.CLOSED, closed_at=at, closed_signed=signer[:60])
    timers.meet(subject=row, milestones=[TELL_REQUEST], by=actor.staff, at=at)
    tell(
        record=row, kind="prepaid.request_closed", actor=actor, at=at, rule="P-01", who=collector.strip(),
        rest=format_fen(fen=rest),
    )  # fmt: skip
    return row


def _end(
    *, actor: Actor, row: Request, state: str, at: datetime, result: str, paid: int, receipt: str
) -> Request:
    rest = row.cash_fen - paid
    if rest:
        move(
            source=find_place(site=actor.site, kind="person", staff=row.runner),
            target=find_place(site=actor.site, kind="box"), fen=rest, purpose="request_back", subject=row,
            by=actor.staff, at=at,
        )  # fmt: skip
    change(
        record=row, state=state, ended_at=at, result=result.strip()[:300], paid_fen=paid, receipt=receipt.strip()[:40]
    )  # fmt: skip
    owe(
        site=actor.site, subject=row, milestone=TELL_REQUEST, path="P-01.tell_within", role="FRONT_DESK",
        staff=row.taken_by, at=at, climbs=True,
    )  # fmt: skip
    tell(
        record=row, kind=f"prepaid.request_{state}", actor=actor, at=at, rule="P-01", result=row.result,
        paid=format_fen(fen=paid),
    )  # fmt: skip
    return row


def _move(*, actor: Actor, row: Request, source: str, target: str, fen: int, at: datetime) -> None:
    if fen:
        move(
            source=find_place(site=actor.site, kind=source), target=find_place(site=actor.site, kind=target), fen=fen,
            purpose="request", subject=row, by=actor.staff, at=at,
        )  # fmt: skip
