"""The cash box counted by notes and coins, its differences settled; rows taken out, sheets printed (P-02, O-06)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.months import Window
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cash import services as cash
from yingsheng.kernel.cash.models import Count
from yingsheng.kernel.cash.queries import counts_of, entries_at
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.fees.rules import settling
from yingsheng.processes.fees.services.handing import pieces_of

COUNT, SETTLE = "fees.count_box", "fees.settle_box"


@transaction.atomic
def count_box(
    *, actor: Actor, at: datetime, purpose: str, explanation: str = "", **notes: int | None
) -> Count:
    """Count what lies in the box, daily or when the shift changes, against the book (O-06)."""
    demand(actor=actor, permission=COUNT)
    if purpose not in ("day", "shift"):
        raise Refused(gettext_noop("请选清点的场合"), field="purpose")
    row = cash.count(
        place=find_place(site=actor.site, kind="box"), purpose=purpose, pieces=pieces_of(notes=notes), by=actor.staff,
        at=at, explanation=explanation,
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="fees.box_counted", subject=row, by=actor.staff, at=at, rule="O-06",
        data={
            "counted": format_fen(fen=row.counted_fen), "book": format_fen(fen=row.book_fen),
            "explanation": row.explanation,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def settle_difference(
    *, actor: Actor, record: Count, at: datetime, reason: str, seen: int | None = None
) -> Count:
    """Book the difference of the last count as surplus or shortage, by whoever answers for the box (O-06).

    Refused where book and box agreed, where the box moved since, or for any count but the last.
    """
    demand(actor=actor, permission=SETTLE)
    box, world = find_place(site=actor.site, kind="box"), find_place(site=actor.site, kind="world")
    last = counts_of(place=box).exclude(purpose="handover").first()
    kind, fen = settling(counted_fen=record.counted_fen, book_fen=record.book_fen)
    if (
        last is None
        or last.pk != record.pk
        or not kind
        or entries_at(place=box).filter(at__gt=record.at).exists()
    ):
        raise Refused(
            gettext_noop("只能处理最近一次清点的差额，且其后没有收付"), code="not_last", rule="O-06"
        )
    if box.balance_fen != record.book_fen:
        raise Refused(gettext_noop("这个差额已经处理过"), code="settled", rule="O-06")
    source, target = (world, box) if kind == "surplus" else (box, world)
    move(
        source=source, target=target, fen=fen, purpose=kind, subject=record, by=actor.staff, at=at, note=reason
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="fees.difference_settled", subject=record, by=actor.staff, at=at, rule="O-06",
        data={"amount": format_fen(fen=fen), "kind": kind, "reason": reason.strip()[:200]},
    )  # fmt: skip
    return record


@transaction.atomic
def export_month(*, actor: Actor, window: Window, count: int, reason: str, at: datetime) -> None:
    """Note who took a month's rows out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="fees.exported", subject=actor.site, by=actor.staff, at=at, rule="O-06",
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason.strip()[:200]},
    )  # fmt: skip
