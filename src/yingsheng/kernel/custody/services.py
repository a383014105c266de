"""Taking in, handing over, bringing back. The process's own service calls these and records the one event.

Whether the person may, the process has judged; here it is seen to that a thing has one holder at a time, that every
line of its story joins the one before it, and that two desks cannot hand over the same thing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.custody.models import ID_FIELD, SHELF, Item, Move
from yingsheng.kernel.custody.queries import holder_of
from yingsheng.kernel.custody.rules import GONE, HELD, LOST, OUT
from yingsheng.kernel.estate.models import Household, Room
from yingsheng.kernel.estate.sealing import seal
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.models import Site, Staff


@dataclass(frozen=True, kw_only=True)
class Party:
    """The other side of a hand-over: one of ours, or anybody else with what was shown and signed.

    `signature` is a picture drawn on glass or a typed name; an ID number is sealed at rest.
    """

    name: str
    staff: Staff | None = None
    organisation: str = ""
    phone: str = ""
    id_kind: str = ""
    id_number: str = ""
    signature: str = ""


def take_in(
    *,
    site: Site,
    process: str,
    kind: str,
    name: str,
    giver: Party,
    by: Staff,
    at: datetime,
    number: str = "",
    place: str = "",
    room: Room | None = None,
    household: Household | None = None,
    due_at: datetime | None = None,
    remark: str = "",
    act: str = "received",
) -> Item:
    """Put a thing into our hands, with its first line; its number is the next of the process unless it has one.

    Refused for a number that another thing of this process bears, or without a giver.
    """
    number = number.strip()
    if number and Item.objects.filter(site=site, process=process, number=number).exists():
        raise Refused(gettext_noop("编号“%(number)s”已经有了"), field="number", number=number)
    item = Item.objects.create(
        site=site, process=process, kind=kind, name=name.strip()[:120], place=place.strip()[:120],
        number=number or take_number(site=site, prefix=processes.get(process).number_prefix, at=at),
        room=room, household=household, since_at=at, taken_in_at=at, taken_in_by=by, due_at=due_at,
        remark=remark.strip()[:300],
    )  # fmt: skip
    _write(
        item=item, act=act, giver=_named(giver), giver_staff=giver.staff, taker=item.place or SHELF,
        taker_staff=None, other=giver, state=HELD, due_at=due_at, reason="", by=by, at=at,
    )  # fmt: skip
    return item


def hand_over(
    *,
    item: Item,
    to: Party,
    act: str,
    by: Staff,
    at: datetime,
    for_good: bool = False,
    due_at: datetime | None = None,
    reason: str = "",
    seen: int | None = None,
    sources: Collection[str] = (HELD,),
) -> Item:
    """Give a thing to somebody: to be brought back by `due_at`, or for good. `sources` are the states it may be in.

    Raises Conflict when somebody else was first, and says who has it now; Refused without a taker.
    """
    held = _hold(item=item, seen=seen, sources=sources)
    return _pass(
        item=held, to=to, act=act, state=GONE if for_good else OUT, due_at=None if for_good else due_at,
        reason=reason, by=by, at=at,
    )  # fmt: skip


def bring_back(
    *,
    item: Item,
    giver: Party | None,
    by: Staff,
    at: datetime,
    act: str = "returned",
    place: str | None = None,
    reason: str = "",
    seen: int | None = None,
    sources: Collection[str] = (OUT,),
) -> Item:
    """Put a thing back to its place, or to another. Without `giver` it comes from whoever has it."""
    held = _hold(item=item, seen=seen, sources=sources)
    came_from, staff = holder_of(item=held), held.holder_staff
    if place is not None:
        held.place = place.strip()[:120]
    _lay(
        item=held, act=act, giver=came_from, giver_staff=staff,
        other=giver or Party(name=came_from), reason=reason, by=by, at=at,
    )  # fmt: skip
    return held


def put_elsewhere(
    *, item: Item, place: str, by: Staff, at: datetime, reason: str = "", seen: int | None = None
) -> Item:
    """Another place for what lies with us; Refused where it lies there already."""
    held = _hold(item=item, seen=seen, sources=(HELD,))
    before = _place(held)
    if place.strip() in ("", before):
        raise Refused(gettext_noop("请写明新的存放位置"), field="place")
    held.place = place.strip()[:120]
    _lay(
        item=held, act="moved", giver=before, giver_staff=None, other=Party(name=by.name), reason=reason, by=by,
        at=at, due_at=held.due_at,
    )  # fmt: skip
    return held


def mark_lost(
    *,
    item: Item,
    by: Staff,
    at: datetime,
    reason: str,
    seen: int | None = None,
    sources: Collection[str] = (HELD, OUT),
) -> Item:
    """Say that a thing is lost, with what is known; whoever had it stays named. Refused without a reason."""
    held = _hold(item=item, seen=seen, sources=sources)
    if not reason.strip():
        raise Refused(gettext_noop("请写明怎么丢的、查到了什么"), field="reason")
    had = holder_of(item=held)
    held.state, held.since_at, held.due_at = LOST, at, None
    _write(
        item=held, act="lost", giver=had, giver_staff=held.holder_staff, taker=had, taker_staff=held.holder_staff,
        other=Party(name=had), state=LOST, due_at=None, reason=reason, by=by, at=at, advance=True,
    )  # fmt: skip
    return held


def extend(
    *, item: Item, due_at: datetime, by: Staff, at: datetime, reason: str, seen: int | None = None
) -> Item:
    """Give whoever has a thing until another moment; a line of its story, the holder stays."""
    held = _hold(item=item, seen=seen, sources=(OUT,))
    if not reason.strip():
        raise Refused(gettext_noop("请写明延期的原因"), field="reason")
    held.due_at = due_at
    _write(
        item=held, act="extended", giver=held.holder_name, giver_staff=held.holder_staff, taker=held.holder_name,
        taker_staff=held.holder_staff, other=Party(name=held.holder_name), state=OUT, due_at=due_at, reason=reason,
        by=by, at=at, advance=True,
    )  # fmt: skip
    return held


# -- how it is written -----------------------------------------------------------------------------------------


def _hold(*, item: Item, seen: int | None, sources: Collection[str]) -> Item:
    held = Item.objects.select_for_update(no_key=True, of=("self",)).select_related("site", "holder_staff")
    row = held.get(pk=item.pk)
    if row.state not in sources or (seen is not None and seen != row.version):
        raise _too_late(item=row)
    return row


def _too_late(*, item: Item) -> Conflict:
    """Who was first, in words for the desk."""
    if item.state in (OUT, GONE):
        text = gettext_noop("%(number)s刚才已经交给%(holder)s，请看过最新情况再继续")
        return Conflict(text, code="stale", number=item.number, holder=item.holder_name)
    if item.state == LOST:
        return Conflict(gettext_noop("%(number)s已经登记为遗失"), code="stale", number=item.number)
    text = gettext_noop("%(number)s现在在“%(place)s”，请看过最新情况再继续")
    return Conflict(text, code="stale", number=item.number, place=_place(item))


def _pass(
    *,
    item: Item,
    to: Party,
    act: str,
    state: str,
    due_at: datetime | None,
    reason: str,
    by: Staff,
    at: datetime,
) -> Item:
    if not _named(to):
        raise Refused(gettext_noop("请写明交给谁"), field="name")
    giver, giver_staff = holder_of(item=item), item.holder_staff
    item.state, item.holder_name, item.holder_staff = state, _named(to)[:60], to.staff
    item.since_at, item.due_at = at, due_at
    _write(
        item=item, act=act, giver=giver, giver_staff=giver_staff, taker=item.holder_name, taker_staff=to.staff,
        other=to, state=state, due_at=due_at, reason=reason, by=by, at=at, advance=True,
    )  # fmt: skip
    return item


def _lay(
    *,
    item: Item,
    act: str,
    giver: str,
    giver_staff: Staff | None,
    other: Party,
    reason: str,
    by: Staff,
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    item.state, item.holder_name, item.holder_staff = HELD, "", None
    item.since_at, item.due_at = at, due_at
    _write(
        item=item, act=act, giver=giver, giver_staff=giver_staff, taker=_place(item), taker_staff=None, other=other,
        state=HELD, due_at=due_at, reason=reason, by=by, at=at, advance=True,
    )  # fmt: skip


def _write(
    *,
    item: Item,
    act: str,
    giver: str,
    giver_staff: Staff | None,
    taker: str,
    taker_staff: Staff | None,
    other: Party,
    state: str,
    due_at: datetime | None,
    reason: str,
    by: Staff,
    at: datetime,
    advance: bool = False,
) -> Move:
    if advance:
        item.moves_count += 1
        item.version += 1
        item.save(
            update_fields=[
                "state", "holder_name", "holder_staff", "since_at", "due_at", "place", "moves_count", "version",
            ]
        )  # fmt: skip
    signed = other.signature.strip()
    picture = (
        sign(site_id=item.site_id, subject=item, value=signed, signer=_named(other), by=by, at=at)
        if signed
        else None
    )
    return Move.objects.create(
        item=item, serial=item.moves_count, act=act, giver_name=giver or SHELF, giver_staff=giver_staff,
        taker_name=taker, taker_staff=taker_staff, organisation=other.organisation.strip()[:80],
        phone=other.phone[:32], id_kind=other.id_kind, id_sealed=seal(text=other.id_number.strip(), field=ID_FIELD),
        signed_by=(signed if picture is None else _named(other))[:60], signature=picture, state_after=state,
        due_at=due_at, reason=reason.strip()[:300], at=at, by=by,
    )  # fmt: skip


def _named(party: Party) -> str:
    return party.name.strip() or (party.staff.name if party.staff is not None else "")


def _place(item: Item) -> str:
    return item.place or SHELF
