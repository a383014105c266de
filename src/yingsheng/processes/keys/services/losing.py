"""A key is lost: reported, the household told, decided by whoever answers, or found again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.rules import LOST
from yingsheng.kernel.custody.services import Party, hand_over, mark_lost
from yingsheng.kernel.custody.services import bring_back as lay_back
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.keys.models import Loan, Loss
from yingsheng.processes.keys.rules import OF_A_HOME
from yingsheng.processes.keys.services.cabinet import KEEP, MANAGE, PLEDGE, free_hook
from yingsheng.processes.keys.services.lending import RETURN, open_loan, settle

TOLD, DECIDED = "key_loss_told", "key_loss_decided"
LOST_WORDS = gettext_noop("钥匙遗失：%(key)s，%(how)s（%(rule)s）")
SUPERVISOR = "CS_SUP"
AGAIN_IN_PLACE = frozenset({Loss.Outcome.FOUND.value, Loss.Outcome.RECUT.value})


@transaction.atomic
def report_loss(
    *, actor: Actor, record: Item, at: datetime, circumstances: str, seen: int | None = None
) -> Item:
    """A key cannot be found: from the cabinet, or whoever had it lost it (K-04).

    The supervisor is told at once; the household whose door it opens is owed a word, and a decision is owed.
    """
    demand(actor=actor, permission=KEEP)
    had = record.holder_name or record.place
    row = mark_lost(item=record, by=actor.staff, at=at, reason=circumstances, seen=seen)
    Loss.objects.create(
        item=row, circumstances=circumstances.strip()[:300], lost_from=had[:60], reported_at=at,
        reported_by=actor.staff,
    )  # fmt: skip
    for milestone in (RETURN, PLEDGE):
        timers.void(
            subject=row, milestones=[milestone], by=actor.staff, at=at, reason=circumstances, due_after=at
        )
        timers.meet(
            subject=row, milestones=[milestone], by=actor.staff, at=at
        )  # what was broken before ends late
    keeper = owed_role(path="K-09.kept_by", site=actor.site, at=at)
    if row.kind in OF_A_HOME and row.room_id is not None:
        owe(site=actor.site, subject=row, milestone=TOLD, path="K-04.loss_told_within", role=keeper, at=at)
    owe(
        site=actor.site, subject=row, milestone=DECIDED, path="K-04.loss_decided_within", role=SUPERVISOR, at=at,
        climbs=True,
    )  # fmt: skip
    people = list_holders_or_above(site_id=actor.site.pk, role=SUPERVISOR, at=at)
    queue(
        site_id=row.site_id, subject=row, at=at,
        drafts=[
            Draft(
                text=LOST_WORDS, params={"key": f"{row.number} {row.name}", "how": circumstances, "rule": "K-04"},
                to_staff=one, rule="K-04", tone="late", dedup_key=f"key-lost:{row.pk}:{row.version}:{one.pk}",
            )
            for one in people
        ],
    )  # fmt: skip
    tell(
        record=row,
        kind="keys.lost",
        actor=actor,
        at=at,
        rule="K-04",
        how=circumstances.strip()[:200],
        had=had,
    )
    return row


@transaction.atomic
def tell_household(*, actor: Actor, record: Item, at: datetime, told: str, seen: int | None = None) -> Item:
    """The household was told that its key is lost: whom, how, what it wants (K-04)."""
    row = hold(actor=actor, record=record, permission=KEEP, seen=seen, states=(LOST,))
    loss = _loss(item=row)
    if loss.owner_told_at is not None:
        raise Refused(gettext_noop("已经告知过住户"), rule="K-04")
    loss.owner_told_at, loss.owner_told = at, told.strip()[:200]
    loss.save(update_fields=["owner_told_at", "owner_told"])
    change(record=row)
    timers.meet(subject=row, milestones=[TOLD], by=actor.staff, at=at)
    tell(record=row, kind="keys.loss_told", actor=actor, at=at, rule="K-04", told=loss.owner_told)
    return row


@transaction.atomic
def decide_loss(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    outcome: str,
    decision: str,
    refund_fen: int | None = None,
    seen: int | None = None,
) -> Item:
    """What becomes of a lost key: found, cut anew, the lock changed, or written off; and of its deposit (K-04).

    Found and cut anew hang on their hook again; otherwise the old key is out of the book and its hook is free. A home
    is told before anything but finding it is decided.
    """
    row = hold(actor=actor, record=record, permission=MANAGE, seen=seen, states=(LOST,))
    loss = _loss(item=row)
    if outcome not in Loss.Outcome.values:
        raise Refused(gettext_noop("请选怎么处理"), field="outcome", rule="K-04")
    found = outcome == Loss.Outcome.FOUND
    if row.kind in OF_A_HOME and loss.owner_told_at is None and not found:
        raise Refused(gettext_noop("先把遗失告知住户，再定怎么处理"), rule="K-04")
    loan = open_loan(item=row)
    if loan is not None:
        settle(actor=actor, loan=loan, state=Loan.State.LOST, refund_fen=refund_fen, reason=decision, at=at)
    loss.outcome, loss.decision = outcome, decision.strip()[:300]
    loss.decided_at, loss.decided_by = at, actor.staff
    loss.save(update_fields=["outcome", "decision", "decided_at", "decided_by"])
    if outcome in AGAIN_IN_PLACE:
        row = lay_back(
            item=row, giver=None, act=outcome, by=actor.staff, at=at, reason=decision, sources=(LOST,)
        )
    else:
        row = hand_over(
            item=row, to=Party(name=actor.staff.name, staff=actor.staff), act=outcome, by=actor.staff, at=at,
            for_good=True, reason=decision, sources=(LOST,),
        )  # fmt: skip
        free_hook(item=row)
    timers.meet(subject=row, milestones=[DECIDED], by=actor.staff, at=at)
    if found:
        timers.void(subject=row, milestones=[TOLD], by=actor.staff, at=at, reason=decision)
    tell(
        record=row, kind="keys.loss_decided", actor=actor, at=at, rule="K-04", outcome=outcome,
        decision=loss.decision,
    )  # fmt: skip
    return row


def _loss(*, item: Item) -> Loss:
    return Loss.objects.select_for_update(no_key=True).get(item=item, outcome="")
