"""Reading what is in our hands: registers, the story of a thing, what of a home lies with us, flaws of the book."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from django.db.models import Q, QuerySet

from yingsheng.kernel.custody.models import ID_FIELD, SHELF, Item, Move, Stocktake
from yingsheng.kernel.custody.rules import HELD, OUT, Step, broken_at
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.personal import mask_id_number
from yingsheng.kernel.estate.sealing import open_sealed
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site


def list_items(*, site: Site, process: str, text: str = "") -> QuerySet[Item]:
    """The register of a process at a site, the latest taken in first."""
    rows = (
        Item.objects.filter(site=site, process=process)
        .select_related("room", "household", "holder_staff", "taken_in_by")
        .order_by("-taken_in_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text)
        | Q(name__icontains=text)
        | Q(place__icontains=text)
        | Q(holder_name__icontains=text)
        | Q(room__label__icontains=text)
        | Q(room__key__icontains=text)
    )


def find_item(*, actor: Actor, process: str, pk: int) -> Item | None:
    """A thing of this process at the actor's site."""
    return list_items(site=actor.site, process=process).filter(pk=pk).first()


def find_by_code(*, site: Site, process: str, code: str) -> Item | None:
    """What a label says: its number, the key in its code, or the whole address that a scanner reads."""
    word = code.strip().rstrip("/").rpartition("/")[2]
    if not word:
        return None
    rows = Item.objects.filter(site=site, process=process)
    return rows.filter(key=word).first() or rows.filter(number__iexact=word).first()


def moves_of(*, item: Item) -> QuerySet[Move]:
    """The story of a thing, its latest line first."""
    return (
        Move.objects.filter(item=item)
        .select_related("giver_staff", "taker_staff", "by", "signature")
        .order_by("-serial")
    )


def list_moves(*, items: Collection[int], act: str) -> QuerySet[Move]:
    """The hand-overs of one sort of many things, in their order, for a printed register."""
    rows = Move.objects.filter(item__in=items, act=act).select_related("by", "signature")
    return rows.order_by("item_id", "serial")


def shown_id(*, move: Move) -> str:
    """The ID number that was shown, masked; "" for none."""
    return mask_id_number(open_sealed(sealed=move.id_sealed, field=ID_FIELD))


def items_of(*, household: Household, process: str = "") -> QuerySet[Item]:
    """What of a home is in our hands or lent by us, the latest first."""
    rows = Item.objects.filter(household=household, state__in=(HELD, OUT)).order_by("-taken_in_at", "-pk")
    return rows.filter(process=process) if process else rows


def list_stocktakes(*, site: Site, process: str) -> QuerySet[Stocktake]:
    """The counts of a process, the latest first."""
    return (
        Stocktake.objects.filter(site=site, process=process)
        .select_related("opened_by", "closed_by")
        .order_by("-opened_at", "-pk")
    )


def find_flaws(*, site: Site) -> Iterator[tuple[Item, int]]:
    """Things whose story does not hold, with the serial of the first bad line, 0 where the item itself was altered.

    One pass over all lines in the order of the items; an item without any line is a flaw too.
    """
    items = Item.objects.filter(site=site).in_bulk()
    rows = Move.objects.filter(item__site=site).order_by("item_id", "serial").iterator(chunk_size=2000)
    told = set()
    for pk, lines in groupby(rows, key=lambda row: row.item_id):
        item = items[pk]
        told.add(pk)
        steps = [
            Step(serial=one.serial, giver=one.giver_name, taker=one.taker_name, state_after=one.state_after)
            for one in lines
        ]
        broken = broken_at(steps=steps, state=item.state, holder=holder_of(item=item))
        if broken is None and item.moves_count != len(steps):
            broken = 0
        if broken is not None:
            yield item, broken
    for pk in items.keys() - told:
        yield items[pk], 0


def holder_of(*, item: Item) -> str:
    """Who has a thing, or where it lies, as the last line of its story says it."""
    if item.holder_name and item.state != HELD:
        return item.holder_name
    return item.place or SHELF
