"""Reading release passes: the register, what a code names, what a phone keeps for the time without signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from yingsheng.base.rooms import parse_room, room_key
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.visitors.models import GateKey, Pass
from yingsheng.processes.visitors.rules.codes import BadCode, Slip, read_code
from yingsheng.processes.visitors.rules.passes import OPEN, Line, blocks

KEPT_ON_PHONE = 200  # open passes whose code a phone keeps by their number
LOOK_BACK = timedelta(days=2)  # passes that ran out before need no list: their time says it


def local_day(*, at: datetime) -> date:
    """The day of a moment where the site is."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def clock(moment: datetime) -> str:
    """Day and hour of a moment where the site is."""
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%m-%d %H:%M}"


def list_passes(*, actor: Actor, text: str = "") -> QuerySet[Pass]:
    """The passes of the actor's site, the newest first (V-02)."""
    rows = (
        Pass.objects.filter(site=actor.site)
        .select_related(
            "household__room", "issued_by", "gate_by", "consent_by", "site", "replaces", "replaced_by"
        )
        .prefetch_related("items", "second_uses__by")
        .order_by("-issued_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text)
        | Q(household__room__label__icontains=text)
        | Q(household__room__key__icontains=text)
        | Q(applicant__icontains=text)
        | Q(plate__icontains=text)
    )


def find_pass(*, actor: Actor, pk: int) -> Pass | None:
    """A pass of the actor's site."""
    return list_passes(actor=actor).filter(pk=pk).first()


def pass_of_key(*, actor: Actor, key: str) -> Pass | None:
    """The pass that a code or a deed of a phone names."""
    return list_passes(actor=actor).filter(key=key).first() if key else None


def lines_of(row: Pass) -> tuple[Line, ...]:
    """The items of a pass in their order."""
    rows = sorted(row.items.all(), key=lambda one: one.serial)
    return tuple(Line(name=one.name, count=one.count, is_bulky=one.is_bulky) for one in rows)


def home_of(*, site: Site, text: str) -> Household | None:
    """The living household of a room as typed."""
    words = parse_room(text=text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    room = find_room(site=site, key=key) if key else None
    return find_household(room=room) if room is not None else None


def publics_of(*, site: Site) -> dict[str, str]:
    """The public keys of a site by their codes, those of earlier days too."""
    return dict(GateKey.objects.filter(site=site).order_by("pk").values_list("code", "public"))


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a code or number turned out to be: a pass of this site, or why it is none."""

    row: Pass | None
    slip: Slip | None
    problem: str = ""  # "", "none", or the reason of BadCode


def list_gate_keys(*, actor: Actor, text: str = "") -> QuerySet[GateKey]:
    """The pairs of keys of the actor's site, the one in use first; `state` says which it is (V-02)."""
    rows = GateKey.objects.filter(site=actor.site).annotate(
        state=Case(
            When(retired_at__isnull=True, then=Value("in_use")),
            default=Value("retired"),
            output_field=CharField(),
        ),
        version=Value(1),
    )
    return (rows.filter(code__icontains=text) if text else rows).order_by("-made_at", "-pk")


def find_gate_key(*, actor: Actor, pk: int) -> GateKey | None:
    """One pair of the actor's site."""
    return list_gate_keys(actor=actor).filter(pk=pk).first()


def look_up(*, actor: Actor, text: str) -> Look:
    """The pass that a code, or a number read aloud, names (V-02, V-03)."""
    word = text.strip()
    if word.count(".") != 2:
        row = list_passes(actor=actor).filter(number__iexact=word).first()
        return Look(row=row, slip=None, problem="" if row is not None else "none")
    try:
        slip = read_code(code=word, publics=publics_of(site=actor.site))
    except BadCode as error:
        return Look(row=None, slip=None, problem=error.reason)
    row = pass_of_key(actor=actor, key=slip.key)
    return Look(row=row, slip=slip, problem="" if row is not None else "none")


def known_to_phones(*, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What a phone keeps to judge a code without signal: keys, what passes no more, the codes of open passes.

    `blocked` are the keys of passes whose time is not over although they do not pass, with state and moment.
    """
    rows = Pass.objects.filter(site=actor.site, valid_until__gte=now - LOOK_BACK)
    blocked = {
        row.key: [str(row.state), clock(row.gate_at or row.ended_at or row.issued_at)]
        for row in rows.only("key", "state", "owner_answer", "gate_at", "ended_at", "issued_at")
        if blocks(state=row.state, owner_answer=row.owner_answer)
    }
    running = rows.filter(state__in=OPEN, valid_until__gte=now).exclude(code="").order_by("valid_until")
    return {
        "keys": publics_of(site=actor.site),
        "blocked": blocked,
        "open": {row.number: row.code for row in running.only("number", "code")[:KEPT_ON_PHONE]},
        "at": now.isoformat(),
    }


def at_gate(*, actor: Actor, now: datetime, limit: int = 30) -> list[Pass]:
    """The passes that may come to the gate now, the first to run out on top."""
    rows = list_passes(actor=actor).filter(state__in=OPEN, valid_until__gte=now)
    return list(rows.order_by("valid_until", "pk")[:limit])


def open_passes(*, household: Household, now: datetime) -> list[Pass]:
    """The passes of a home that still run."""
    rows = Pass.objects.filter(household=household, state__in=OPEN, valid_until__gte=now)
    return list(rows.prefetch_related("items").order_by("valid_until", "pk"))
