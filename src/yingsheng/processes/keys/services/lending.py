"""Lending a key inside and outside, taking it back, more time, and going after what is overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.rules import OUT
from yingsheng.kernel.custody.services import Party, hand_over
from yingsheng.kernel.custody.services import bring_back as lay_back
from yingsheng.kernel.custody.services import extend as give_longer
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import due_by, owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.rules import (
    deposit_left,
    is_overdue,
    lacking_of_outsider,
    lacks_pledge,
    needs_consent,
)
from yingsheng.processes.keys.services.cabinet import KEEP
from yingsheng.processes.keys.services.deposits import pay_back, take_deposit

RETURN = "key_return"
LOAN_PREFIX = "JY"
LONGEST = timedelta(days=366)
LACKING = {
    "id_kind": gettext_noop("外单位人员要出示有效证件"),
    "id_number": gettext_noop("请记下证件号码"),
    "deposit_fen": gettext_noop("外单位人员要交押金"),
    "signature": gettext_noop("借用人要在登记表上签名"),
}


@transaction.atomic
def lend_inside(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    staff: Staff,
    purpose: str,
    signature: str,
    due_at: datetime | None = None,
    consent_by: str = "",
    consent_way: str = "",
    seen: int | None = None,
) -> Item:
    """Lend a key to one of ours, who signs for it; no deposit (K-05). Raises Forbidden, Refused, Conflict."""
    demand(actor=actor, permission=KEEP)
    if not signature.strip():
        raise Refused(gettext_noop("借用人要在登记表上签名"), field="signature", rule="K-05")
    to = Party(name=staff.name, staff=staff, signature=signature)
    return _lend(
        actor=actor, item=record, to=to, kind=Loan.Kind.INSIDE, rule="K-05", at=at, purpose=purpose, due_at=due_at,
        consent_by=consent_by, consent_way=consent_way, deposit_fen=0, seen=seen,
    )  # fmt: skip


@transaction.atomic
def lend_outside(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    name: str,
    purpose: str,
    id_kind: str = "",
    id_number: str = "",
    deposit_fen: int | None = None,
    signature: str = "",
    organisation: str = "",
    phone: str = "",
    due_at: datetime | None = None,
    consent_by: str = "",
    consent_way: str = "",
    seen: int | None = None,
) -> Item:
    """Lend a key to somebody from outside: valid paper seen, deposit paid, register signed, all three (K-06, K-11).

    Without a figure the deposit is the usual one of the site. Raises Forbidden, Refused, Conflict.
    """
    demand(actor=actor, permission=KEEP)
    asked = bool(figure(path="K-06.deposit_required", site=actor.site, at=at))
    usual = int(figure(path="K-06.deposit_fen", site=actor.site, at=at) or 0) if asked else 0
    deposit = usual if deposit_fen is None else deposit_fen
    lacking = lacking_of_outsider(
        id_kind=id_kind, id_number=id_number, deposit_fen=deposit, signature=signature, deposit_required=asked
    )
    if lacking:
        raise Refused(LACKING[lacking[0]], field=lacking[0], rule="K-06")
    to = Party(
        name=name, organisation=organisation, phone=phone, id_kind=id_kind, id_number=id_number,
        signature=signature,
    )  # fmt: skip
    return _lend(
        actor=actor, item=record, to=to, kind=Loan.Kind.OUTSIDE, rule="K-06", at=at, purpose=purpose,
        due_at=due_at, consent_by=consent_by, consent_way=consent_way, deposit_fen=deposit, seen=seen,
    )  # fmt: skip


@transaction.atomic
def take_back(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    giver: str = "",
    refund_fen: int | None = None,
    kept_reason: str = "",
    signature: str = "",
    remark: str = "",
    seen: int | None = None,
) -> Item:
    """A key comes back to its hook; the deposit goes back, and the borrower signs for it (K-04, K-11)."""
    demand(actor=actor, permission=KEEP)
    loan = open_loan(item=record)
    back = Party(name=giver.strip() or record.holder_name, signature=signature)
    row = lay_back(item=record, giver=back, by=actor.staff, at=at, reason=remark, seen=seen)
    if loan is not None:
        settle(
            actor=actor, loan=loan, state=Loan.State.RETURNED, refund_fen=refund_fen, reason=kept_reason,
            signature=signature, at=at,
        )  # fmt: skip
    timers.meet(subject=row, milestones=[RETURN], by=actor.staff, at=at)
    late = loan is not None and at > loan.due_at
    tell(
        record=row, kind="keys.late_back" if late else "keys.back", actor=actor, at=at, rule="K-04", who=back.name,
        refund_fen=loan.refund_fen if loan is not None else 0,
    )  # fmt: skip
    return row


@transaction.atomic
def give_more_time(
    *, actor: Actor, record: Item, at: datetime, due_at: datetime, reason: str, seen: int | None = None
) -> Item:
    """Another moment by which a key comes back, with the reason; what was broken before stays broken (K-04)."""
    demand(actor=actor, permission=KEEP)
    _check_due(due_at=due_at, at=at)
    was_late = record.due_at is not None and at > record.due_at
    row = give_longer(item=record, due_at=due_at, by=actor.staff, at=at, reason=reason, seen=seen)
    loan = open_loan(item=row)
    if loan is not None:
        change(record=loan, due_at=due_at)
    if was_late:
        timers.meet(
            subject=row, milestones=[RETURN], by=actor.staff, at=at
        )  # ends late, and is owed once more
        _owe_return(actor=actor, item=row, due_at=due_at, at=at)
    else:
        timers.extend(subject=row, milestone=RETURN, due_at=due_at, by=actor.staff, at=at, reason=reason)
    tell(
        record=row,
        kind="keys.extended",
        actor=actor,
        at=at,
        rule="K-04",
        reason=reason,
        due=due_at.isoformat(),
    )
    return row


@transaction.atomic
def chase_key(
    *, actor: Actor, record: Item, at: datetime, way: str, result: str, seen: int | None = None
) -> Item:
    """Whoever has an overdue key was reminded: how, and what was said (K-04, K-12)."""
    row = hold(actor=actor, record=record, permission=KEEP, seen=seen, states=(OUT,))
    if not is_overdue(due_at=row.due_at, now=at):
        raise Refused(gettext_noop("这把钥匙还没有到归还时间"), rule="K-04")
    change(record=row)
    tell(
        record=row, kind="keys.chased", actor=actor, at=at, rule="K-12", who=row.holder_name, way=way,
        result=result.strip()[:200],
    )  # fmt: skip
    return row


def open_loan(*, item: Item) -> Loan | None:
    """The loan of a key that is out or was lost by its borrower, held until the transaction ends."""
    rows = Loan.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(item=item, state=Loan.State.OPEN).first()


def settle(
    *,
    actor: Actor,
    loan: Loan,
    state: str,
    refund_fen: int | None,
    reason: str,
    at: datetime,
    signature: str = "",
) -> None:
    """End a loan: what of the deposit goes back, and why not all of it; without a figure all of it goes back (K-11)."""
    refund = loan.deposit_fen if refund_fen is None else refund_fen
    try:
        kept = deposit_left(deposit_fen=loan.deposit_fen, refund_fen=refund)
    except ValueError as error:
        raise Refused(gettext_noop("退还的押金不能超过所交的"), field="refund_fen", rule="K-11") from error
    if kept and not reason.strip():
        raise Refused(gettext_noop("押金没有全退，请写明原因"), field="kept_reason", rule="K-11")
    if refund and not signature.strip() and state == Loan.State.RETURNED:
        raise Refused(gettext_noop("退押金要请领款人签名"), field="signature", rule="K-11")
    values: dict[str, object] = {"state": state, "refund_fen": refund, "kept_reason": reason.strip()[:200]}
    if state == Loan.State.RETURNED:
        values |= {"returned_at": at, "returned_to": actor.staff}
    change(record=loan, **values)
    pay_back(actor=actor, loan=loan, at=at)


def _lend(
    *,
    actor: Actor,
    item: Item,
    to: Party,
    kind: str,
    rule: str,
    at: datetime,
    purpose: str,
    due_at: datetime | None,
    consent_by: str,
    consent_way: str,
    deposit_fen: int,
    seen: int | None,
) -> Item:
    site = actor.site
    if not purpose.strip():
        raise Refused(gettext_noop("请写明借去做什么"), field="purpose", rule="K-11")
    if lacks_pledge(kind=item.kind, pledged=item.held_key.pledged_at is not None):
        raise Refused(gettext_noop("这把托管钥匙还没有承诺书，先补签再借出"), rule="K-10")
    asks_owner = bool(figure(path="K-12.owner_consent_required", site=site, at=at))
    if needs_consent(kind=item.kind, consent_required=asks_owner) and not (
        consent_by.strip() and consent_way
    ):
        raise Refused(
            gettext_noop("托管的钥匙要先征得业主同意：谁同意的、怎么说的"), field="consent_by", rule="K-12"
        )
    due = due_at or due_by(path="K-04.loan_within", site=site, starts_at=at, at=at)
    if due is None:
        raise Refused(gettext_noop("请写明什么时候归还"), field="due_at", rule="K-04")
    _check_due(due_at=due, at=at)
    row = hand_over(
        item=item, to=to, act="lent", by=actor.staff, at=at, due_at=due, reason=purpose, seen=seen
    )
    loan = Loan.objects.create(
        site=site, item=row, number=take_number(site=site, prefix=LOAN_PREFIX, at=at), kind=kind,
        borrower=row.holder_name, staff=to.staff, organisation=to.organisation.strip()[:80], phone=to.phone,
        purpose=purpose.strip()[:200], consent_by=consent_by.strip()[:60], consent_way=consent_way,
        deposit_fen=deposit_fen, lent_at=at, lent_by=actor.staff, due_at=due,
    )  # fmt: skip
    take_deposit(actor=actor, loan=loan, at=at)
    _owe_return(actor=actor, item=row, due_at=due, at=at)
    tell(
        record=row, kind="keys.lent", actor=actor, at=at, rule=rule, who=row.holder_name, purpose=loan.purpose,
        loan=loan.number, due=due.isoformat(), deposit_fen=deposit_fen,
    )  # fmt: skip
    return row


def _check_due(*, due_at: datetime, at: datetime) -> None:
    if not at < due_at <= at + LONGEST:
        raise Refused(gettext_noop("归还时间要晚于现在，不超过一年"), field="due_at", rule="K-04")


def _owe_return(*, actor: Actor, item: Item, due_at: datetime, at: datetime) -> None:
    role = owed_role(path="K-09.kept_by", site=actor.site, at=at)
    owe(
        site=actor.site, subject=item, milestone=RETURN, path="K-04.loan_within", role=role, at=at, until=due_at,
        climbs=True,
    )  # fmt: skip
