"""Taking in what a telephone system signals, and calling back whoever was missed (B-06, D-10)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from yingsheng.base.phones import BadPhone, mask_phone, normalise_phone
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.calls.models import Call, Exchange, Extension
from yingsheng.kernel.calls.rules import (
    ANSWER,
    FRESH,
    HANGUP,
    LOST,
    RING,
    TRANSFER,
    Facts,
    Signal,
    heard,
    rings_of,
    state_of,
)
from yingsheng.kernel.estate.sealing import open_sealed, seal
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe

KEY_FIELD = "calls.exchange.key"
CALL_BACK = "call_back"
WAITS, RING_SECONDS = "B-06.call_back_within", "B-06.ring_seconds"
DESK = "FRONT_DESK"
REACHED = "reached"
MOST_LOST = 50


@transaction.atomic
def take_in(*, exchange: Exchange, signal: Signal, now: datetime) -> Call:
    """Bring one signal to its call; the same result in whatever order signals come, nothing for one sent twice.

    Refused for a moment that lies ahead of us: then a clock is wrong, and no ring could be counted.
    """
    if signal.at > now + FRESH:
        raise Refused(gettext_noop("时间在将来，请校对电话系统的时钟"), code="clock", field="at")
    call, is_new = _hold(exchange=exchange, signal=signal)
    before = "" if is_new else str(call.state)
    moved = _apply(call=call, signal=signal, facts=_facts(call=call, signal=signal), at=now)
    if is_new or moved:
        _record(call=call, signal=signal, before=before, now=now)
        _owe(call=call, before=before, now=now)
    _settle_lost(exchange=exchange, but=call, now=now)
    return call


def _hold(*, exchange: Exchange, signal: Signal) -> tuple[Call, bool]:
    known = Call.objects.select_for_update(no_key=True).filter(exchange=exchange, ref=signal.ref)
    found = known.first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            call = Call(
                site_id=exchange.site_id, exchange=exchange, ref=signal.ref, direction=signal.direction,
                number=_number(text=signal.number, site=exchange.site), line=signal.line[:24],
                state=Call.State.RINGING, rang_at=signal.at, extension=signal.extension[:12],
            )  # fmt: skip
            call.save(force_insert=True)
    except IntegrityError:  # another worker took in another signal of the same call
        return known.get(), False
    return call, True


def _number(*, text: str, site: Site) -> str:
    """The number as the archive writes it; as it came if it is none we can read, nothing if it is withheld."""
    try:
        return normalise_phone(text=text, area_code=site.area_code)
    except BadPhone:
        return "".join(sign for sign in text if sign.isdigit() or sign in "+*#")[:24]


def _apply(*, call: Call, signal: Signal, facts: Facts, at: datetime) -> bool:
    """Write the facts; whether anything is new."""
    old = _told(call)
    call.rang_at, call.answered_at, call.ended_at = facts.rang_at, facts.answered_at, facts.ended_at
    if signal.number and not call.number:
        call.number = _number(text=signal.number, site=call.exchange.site)
    if signal.kind == TRANSFER:
        entry = [signal.at.isoformat(), signal.extension]
        call.transfers = sorted([*call.transfers, *([entry] if entry not in call.transfers else [])])
    if signal.kind == ANSWER:
        call.rings_told = signal.rings if signal.rings is not None else call.rings_told
        call.answered_by = staff_at(exchange=call.exchange, number=signal.extension) or call.answered_by
    if signal.extension and signal.kind in (ANSWER, TRANSFER):
        call.extension = signal.extension[:12]
    if facts.answered_at is not None:
        each = figure(path=RING_SECONDS, site=call.exchange.site, at=at)
        waited = facts.answered_at - facts.rang_at
        call.rings = call.rings_told or (rings_of(waited=waited, ring_seconds=int(each)) if each else None)
    found = state_of(facts=facts)
    call.state = Call.State.BACK if call.state == Call.State.BACK and found == Call.State.MISSED else found
    if _told(call) == old:
        return False
    call.version += 1
    call.save(update_fields=WRITTEN)
    return True


WRITTEN = [
    "rang_at", "answered_at", "ended_at", "number", "transfers", "rings_told", "answered_by", "extension", "rings",
    "state", "version",
]  # fmt: skip


def _told(call: Call) -> tuple[object, ...]:
    return (
        call.rang_at,
        call.answered_at,
        call.ended_at,
        call.number,
        list(call.transfers),
        call.extension,
        call.state,
    )


def staff_at(*, exchange: Exchange, number: str) -> Staff | None:
    """Whose phone it is."""
    found = Extension.objects.filter(exchange=exchange, number=number).select_related("staff").first()
    return found.staff if found is not None else None


def _record(*, call: Call, signal: Signal, before: str, now: datetime) -> None:
    missed = call.state == Call.State.MISSED and before != Call.State.MISSED
    kind = "calls.missed" if missed and call.direction == Call.Direction.IN else KINDS[signal.kind]
    events.record(
        site_id=call.site_id, kind=kind, subject=call, by=call.answered_by if signal.kind == ANSWER else None,
        at=now, rule="D-10",
        data={
            "number": mask_phone(number=call.number), "direction": call.direction, "rings": call.rings or "",
            "who": call.answered_by.name if call.answered_by else "", "extension": call.extension,
            "heard": signal.at.isoformat(),
        },
    )  # fmt: skip


KINDS = {
    RING: "calls.rang", ANSWER: "calls.answered", TRANSFER: "calls.transferred", HANGUP: "calls.hung_up"
}  # fmt: skip


def _owe(*, call: Call, before: str, now: datetime) -> None:
    """Whoever was missed is called back; whoever got through meanwhile need not be (B-06)."""
    if (
        call.direction == Call.Direction.IN
        and call.state == Call.State.MISSED
        and before != Call.State.MISSED
    ):
        _promise(call=call, now=now)
    elif before == Call.State.MISSED and call.answered_at is not None:
        timers.void(subject=call, by=None, at=now, reason=gettext_noop("已接，信号后到"))
    if call.answered_at is not None and call.number and before not in ("talking", "ended"):
        _settle_missed(call=call, now=now)


def _promise(*, call: Call, now: datetime) -> None:
    owe(
        site=call.exchange.site, subject=call, milestone=CALL_BACK, path=WAITS, role=DESK, at=now,
        starts_at=call.ended_at or now, climbs=True,
    )  # fmt: skip


def _settle_missed(*, call: Call, now: datetime) -> None:
    """Earlier calls of this number that nobody answered are settled: the two have spoken."""
    waiting = Call.objects.select_for_update(no_key=True).filter(
        site_id=call.site_id, number=call.number, state=Call.State.MISSED, direction=Call.Direction.IN,
        rang_at__lte=call.rang_at,
    )  # fmt: skip
    for one in waiting:
        _mark_back(call=one, by=call.answered_by, at=call.answered_at or now, now=now)


def _mark_back(
    *, call: Call, by: Staff | None, at: datetime, now: datetime, words: str | None = None
) -> None:
    """Kept at the moment when the two spoke, written down now."""
    call.state, call.back_at, call.back_by, call.version = Call.State.BACK, at, by, call.version + 1
    call.save(update_fields=["state", "back_at", "back_by", "version", "tries"])
    timers.meet(subject=call, milestones=[CALL_BACK], by=by, at=at)
    events.record(
        site_id=call.site_id, kind="calls.got_through" if words is None else "calls.called_back", subject=call, by=by,
        at=now, rule="B-06", data={"number": mask_phone(number=call.number), "words": words or ""},
    )  # fmt: skip


def _settle_lost(*, exchange: Exchange, but: Call, now: datetime) -> None:
    """Calls that ring for ever because their end was never told count as missed from the moment that they got lost."""
    old = Call.objects.select_for_update(no_key=True).filter(
        exchange=exchange, state=Call.State.RINGING, rang_at__lt=now - LOST
    )
    for call in old.exclude(pk=but.pk)[:MOST_LOST]:
        signal = Signal(ref=call.ref, kind=HANGUP, at=call.rang_at + LOST)
        _apply(call=call, signal=signal, facts=_facts(call=call, signal=signal), at=now)
        _record(call=call, signal=signal, before=Call.State.RINGING, now=now)
        _owe(call=call, before=Call.State.RINGING, now=now)


def _facts(*, call: Call, signal: Signal) -> Facts:
    known = Facts(rang_at=call.rang_at, answered_at=call.answered_at, ended_at=call.ended_at)
    return heard(facts=known, kind=signal.kind, at=signal.at)


# -- calling back ------------------------------------------------------------------------------------------


@transaction.atomic
def call_back(
    *, actor: Actor, record: Call, at: datetime, outcome: str, note: str = "", seen: int | None = None
) -> Call:
    """Somebody rang back: reached ("reached"), or tried in vain ("tried"), which is kept and still owed (B-06)."""
    call = Call.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if seen is not None and seen != call.version:
        raise Conflict(gettext_noop("这个来电刚被别人处理过，请看过最新情况再继续"), code="stale")
    if call.state != Call.State.MISSED:
        raise Refused(gettext_noop("这个来电不用回电了"), code="closed", rule="B-06")
    call.tries = [*call.tries, [at.isoformat(), actor.staff.name, note.strip()[:200]]]
    if outcome == REACHED:
        _mark_back(call=call, by=actor.staff, at=at, words=note.strip(), now=at)
        return call
    call.version += 1
    call.save(update_fields=["tries", "version"])
    events.record(
        site_id=call.site_id, kind="calls.tried", subject=call, by=actor.staff, at=at, rule="B-06",
        data={"number": mask_phone(number=call.number), "words": note.strip()},
    )  # fmt: skip
    return call


# -- the telephone system itself -----------------------------------------------------------------------------


@transaction.atomic
def set_up_exchange(
    *, site: Site, name: str, by: Staff | None, at: datetime, hotline: str = ""
) -> tuple[Exchange, str]:
    """Let a telephone system signal to a site; returns it and the key it signs with, which is shown once."""
    key = secrets.token_urlsafe(32)
    exchange = Exchange(
        site=site, code=secrets.token_hex(6), name=name.strip(), key_sealed=seal(text=key, field=KEY_FIELD),
        hotline=hotline.strip(), created_at=at,
    )  # fmt: skip
    exchange.save(force_insert=True)
    events.record(
        site_id=site.pk, kind="calls.exchange_set_up", subject=exchange, by=by, at=at, rule="D-10",
        data={"name": exchange.name},
    )  # fmt: skip
    return exchange, key


@transaction.atomic
def retire_exchange(*, exchange: Exchange, by: Staff | None, at: datetime) -> None:
    """What it signs is no longer believed."""
    exchange.active = False
    exchange.save(update_fields=["active"])
    events.record(
        site_id=exchange.site_id, kind="calls.exchange_retired", subject=exchange, by=by, at=at,
        data={"name": exchange.name},
    )  # fmt: skip


@transaction.atomic
def give_extension(
    *, exchange: Exchange, number: str, staff: Staff | None, by: Staff | None, at: datetime
) -> None:
    """Say whose phone rings under a number; nobody's with None."""
    known = Extension.objects.filter(exchange=exchange, number=number)
    if staff is None:
        known.delete()
    else:
        Extension.objects.update_or_create(exchange=exchange, number=number, defaults={"staff": staff})
    events.record(
        site_id=exchange.site_id, kind="calls.extension_given", subject=exchange, by=by, at=at,
        data={"number": number, "who": staff.name if staff is not None else ""},
    )  # fmt: skip


def key_of(*, exchange: Exchange) -> str:
    """The key that both know."""
    return open_sealed(sealed=exchange.key_sealed, field=KEY_FIELD)
