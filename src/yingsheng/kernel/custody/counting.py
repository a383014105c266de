"""The count of a shelf: opened, scanned, each difference explained, closed. The caller records the event."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import Item, StockLine, Stocktake
from yingsheng.kernel.custody.queries import find_by_code
from yingsheng.kernel.custody.rules import DIFFERENCES, GONE, Tally, judge, tally
from yingsheng.kernel.org.models import Site, Staff


def open_count(*, site: Site, process: str, by: Staff, at: datetime) -> Stocktake:
    """Begin a count of everything of a process that we answer for; Refused while another one is open."""
    try:
        with transaction.atomic():
            stocktake = Stocktake.objects.create(site=site, process=process, opened_at=at, opened_by=by)
    except IntegrityError as error:
        raise Refused(gettext_noop("已有一次清点正在进行"), code="open") from error
    items = Item.objects.filter(site=site, process=process).exclude(state=GONE).order_by("number")
    StockLine.objects.bulk_create(
        (StockLine(stocktake=stocktake, item_id=pk) for pk in items.values_list("pk", flat=True)),
        batch_size=500,
    )
    return stocktake


def scan(*, stocktake: Stocktake, code: str, by: Staff, at: datetime) -> tuple[StockLine, bool]:
    """Note that a thing was seen on the shelf; returns its line, and False if it had been seen before.

    What came into our hands after the count began, or had been handed out for good, gets a line now. Refused for a
    code that belongs to nothing of this process.
    """
    held = _open(stocktake=stocktake)
    item = find_by_code(site=held.site, process=held.process, code=code)
    if item is None:
        raise Refused(
            gettext_noop("没有编号为“%(what)s”的物品"), field="code", code="unknown", what=code.strip()[:40]
        )
    line, _ = StockLine.objects.select_for_update(no_key=True).get_or_create(stocktake=held, item=item)
    if line.seen_at is not None:
        return line, False
    line.seen_at, line.seen_by = at, by
    line.save(update_fields=["seen_at", "seen_by"])
    return line, True


def unscan(*, line: StockLine) -> None:
    """Take back that a thing was seen: a wrong label was read."""
    _open(stocktake=line.stocktake)
    line.seen_at = line.seen_by = None
    line.save(update_fields=["seen_at", "seen_by"])


def explain(*, line: StockLine, text: str, by: Staff) -> None:
    """Say why shelf and book differ; Refused without words or once the count is closed."""
    _open(stocktake=line.stocktake)
    if not text.strip():
        raise Refused(gettext_noop("请写明差异的原因"), field="explanation")
    line.explanation, line.explained_by = text.strip()[:300], by
    line.save(update_fields=["explanation", "explained_by"])


def judged(*, stocktake: Stocktake) -> list[StockLine]:
    """The lines of a count with their results as of now; a closed one keeps those it was closed with."""
    rows = StockLine.objects.filter(stocktake=stocktake).select_related(
        "item__room", "seen_by", "explained_by"
    )
    lines = list(rows.order_by("item__number", "pk"))
    if stocktake.state == Stocktake.State.OPEN:
        for line in lines:
            line.result = judge(
                state=line.item.state, since_at=line.item.since_at, opened_at=stocktake.opened_at,
                seen_at=line.seen_at,
            )  # fmt: skip
    return lines


def close_count(*, stocktake: Stocktake, by: Staff, at: datetime, note: str = "") -> Tally:
    """Close a count for good; Refused while a difference has no explanation. Book and shelf stay as they are."""
    held = _open(stocktake=stocktake)
    lines = judged(stocktake=held)
    open_lines = [one for one in lines if one.result in DIFFERENCES and not one.explanation]
    if open_lines:
        raise Refused(
            gettext_noop("还有%(count)s件账实不符没有说明，如%(first)s"), code="unexplained",
            count=len(open_lines), first=open_lines[0].item.number,
        )  # fmt: skip
    StockLine.objects.bulk_update(lines, ["result"], batch_size=200)
    found = tally(results=[one.result for one in lines])
    held.state, held.closed_at, held.closed_by, held.note = Stocktake.State.CLOSED, at, by, note.strip()[:300]
    held.total, held.in_place, held.away = found.total, found.in_place, found.away
    held.missing, held.surplus = found.missing, found.surplus
    held.version += 1
    held.save(
        update_fields=[
            "state", "closed_at", "closed_by", "note", "total", "in_place", "away", "missing", "surplus", "version",
        ]
    )  # fmt: skip
    return found


def _open(*, stocktake: Stocktake) -> Stocktake:
    held = Stocktake.objects.select_for_update(no_key=True).get(pk=stocktake.pk)
    if held.state != Stocktake.State.OPEN:
        raise Conflict(gettext_noop("这次清点已经完成"), code="closed")
    return held
