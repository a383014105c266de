"""Reading the books: who sees what of them, which entries speak of one customer, whose days run out (J-05 … J-31)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Max, Q, QuerySet, Value, When

from yingsheng.base.phones import BadPhone, split_phones
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Call, Deal, Entry, Proof, Referral, Visit
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL
from yingsheng.processes.salesdesk.queries.facts import figures_of, holder_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.matching import Entry as Written
from yingsheng.processes.salesdesk.rules.matching import Key, keys_of, read_kinds
from yingsheng.processes.salesdesk.rules.tracking import Reception, Track, one_customer_each, track

MANAGER_ONLY = "manager_only"  # of J-15.told_during
SOON_DAYS = 7  # from when on a customer's running out is shown as near; no figure of a regulation


# -- who sees what -----------------------------------------------------------------------------------------


def _own(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _looked_for(*, site: Site, text: str, entry: str = "entry") -> Q:
    """Rows whose entry has this in its number or name, or exactly this telephone."""
    found = Q(number__icontains=text)
    prefix = f"{entry}__" if entry else ""
    found |= Q(**{f"{prefix}name__icontains": text}) | Q(**{f"{prefix}number__icontains": text})
    keys = [f"{Key.PHONE}:{one}" for one in _phones(text=text, site=site)]
    if keys:
        held = Proof.objects.filter(site=site, key__in=keys).values("entry")
        found |= Q(**{f"{prefix}pk__in": held})
    return found


def _phones(*, text: str, site: Site) -> tuple[str, ...]:
    try:
        return split_phones(text=text, area_code=site.area_code)
    except BadPhone:
        return ()


def list_visits(*, actor: Actor, text: str = "") -> QuerySet[Visit]:
    """The receptions that the actor may see, the latest first; `is_own` says which are his (J-15, J-29).

    Without the permission to read the books whole: what he receives or received, and what was found to be his once the
    reception is complete. Somebody who is just being received is the receiver's business alone.
    """
    me = actor.staff
    rows: Any = Visit.objects.filter(site=actor.site)
    if not actor.may(SEE_ALL):
        rows = rows.filter(Q(receiver=me) | (Q(owner=me) & ~Q(state=Visit.State.RECEIVING)))
    rows = (
        rows.annotate(is_own=_own(Q(receiver=me) | Q(owner=me)))
        .select_related(
            "site", "project", "receiver", "owner", "named", "help_of", "entry__agent", "brought_by__agent"
        )
        .prefetch_related("entry__corrections")
        .order_by("-arrived_at", "-pk")
    )
    if text:
        rows = rows.filter(_looked_for(site=actor.site, text=text) | Q(called_as__icontains=text))
    return rows  # type: ignore[no-any-return]


def find_visit(*, actor: Actor, pk: int) -> Visit | None:
    """A reception that the actor may see."""
    return list_visits(actor=actor).filter(pk=pk).first()


def list_calls(*, actor: Actor, text: str = "") -> QuerySet[Call]:
    """The calls that the actor answered or that are his, all for whoever reads the books whole (J-06)."""
    me = actor.staff
    rows: Any = Call.objects.filter(site=actor.site)
    mine = Q(answered_by=me) | Q(entry__agent=me)
    if not actor.may(SEE_ALL):
        rows = rows.filter(mine)
    rows = (
        rows.annotate(is_own=_own(mine))
        .select_related("site", "entry__agent", "entry__project", "answered_by", "helped", "named")
        .prefetch_related("entry__corrections")
        .order_by("-called_at", "-pk")
    )
    return rows.filter(_looked_for(site=actor.site, text=text)) if text else rows  # type: ignore[no-any-return]


def find_call(*, actor: Actor, pk: int) -> Call | None:
    """A call that the actor may see."""
    return list_calls(actor=actor).filter(pk=pk).first()


def list_referrals(*, actor: Actor, text: str = "") -> QuerySet[Referral]:
    """Those registered before they ever came, of the actor's own customers, all for whoever reads all (J-14)."""
    me = actor.staff
    rows: Any = Referral.objects.filter(site=actor.site)
    mine = Q(entry__agent=me) | Q(entry__by=me)
    if not actor.may(SEE_ALL):
        rows = rows.filter(mine)
    rows = (
        rows.annotate(is_own=_own(mine))
        .select_related("site", "entry__agent", "entry__by", "entry__project", "introduced_by__agent")
        .prefetch_related("entry__corrections")
        .order_by("-told_at", "-pk")
    )
    return rows.filter(_looked_for(site=actor.site, text=text)) if text else rows  # type: ignore[no-any-return]


def find_referral(*, actor: Actor, pk: int) -> Referral | None:
    """A referral that the actor may see."""
    return list_referrals(actor=actor).filter(pk=pk).first()


def list_entries(*, actor: Actor) -> QuerySet[Entry]:
    """The lines of all books that the actor may see, in their order; `is_own` says which are his (J-29)."""
    me = actor.staff
    mine = (
        Q(agent=me) | Q(by=me, is_imported=False) | Q(visit__owner=me) | Q(visit__receiver=me)
    )  # fmt: skip
    rows: Any = Entry.objects.filter(site=actor.site)
    if not actor.may(SEE_ALL):
        rows = rows.filter(mine)
    return (  # type: ignore[no-any-return]
        rows.annotate(is_own=_own(mine))
        .select_related("agent", "by", "project", "visit__owner", "visit__receiver", "call__answered_by", "call__named")
        .select_related("referral__introduced_by__agent")
        .prefetch_related("corrections__by")
        .order_by("day", "pk")
    )  # fmt: skip


def find_entry(*, actor: Actor, pk: int) -> Entry | None:
    """A line that the actor may see."""
    return list_entries(actor=actor).filter(pk=pk).first()


# -- which entries speak of one customer -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """An earlier entry that shares proofs with what was asked for: which, and since when they stand (J-05)."""

    entry: Entry
    keys: tuple[Key, ...]
    since: date
    proofs: frozenset[str]

    @property
    def holder_id(self) -> int:
        """Whose customer the entry speaks for."""
        return holder_of(entry=self.entry)


def proofs_of(
    *, site: Site, at: datetime, name: str = "", surname: str = "", phones: str = "", car_brand: str = "",
    plate: str = "",
) -> frozenset[str]:  # fmt: skip
    """The proofs that what is known of a customer gives, of the kinds that the site accepts (J-05)."""
    return keys_of(
        entry=Written(
            number=0, agent="", name=name, phones=phones, surname=surname, car_brand=car_brand, plate=plate
        ),
        kinds=read_kinds(text=str(figure(path="J-05.keys", site=site, at=at))), area_code=site.area_code,
    )  # fmt: skip


def find_conflicts(
    *,
    site: Site,
    at: datetime,
    name: str = "",
    surname: str = "",
    phones: str = "",
    car_brand: str = "",
    plate: str = "",
    until: date | None = None,
) -> list[Conflict]:
    """The entries that share any one proof with this, the earliest first (J-05); two statements however many there are.

    `until` leaves out what was not yet on record on that day.
    """
    proofs = proofs_of(
        site=site, at=at, name=name, surname=surname, phones=phones, car_brand=car_brand, plate=plate
    )
    return entries_sharing(site=site, proofs=proofs, until=until)


def entries_sharing(
    *, site: Site, proofs: Iterable[str], until: date | None = None, besides: Collection[int] = ()
) -> list[Conflict]:
    """The entries with one of these proofs, the earliest first; one statement on the index of proofs, one for rows."""
    wanted = sorted(proofs)
    if not wanted:
        return []
    rows = Proof.objects.filter(site=site, key__in=wanted)
    if until is not None:
        rows = rows.filter(since__lte=until)
    shared: dict[int, dict[str, date]] = defaultdict(dict)
    for entry_id, key, since in rows.values_list("entry_id", "key", "since"):
        shared[entry_id][key] = since
    for pk in besides:
        shared.pop(pk, None)
    if not shared:
        return []
    entries = Entry.objects.filter(pk__in=shared).select_related(
        "agent", "visit__owner", "visit__receiver", "call", "referral"
    )
    return [
        Conflict(
            entry=one,
            keys=tuple(kind for kind in Key if any(key.startswith(f"{kind}:") for key in shared[one.pk])),
            since=min(shared[one.pk].values()),
            proofs=frozenset(shared[one.pk]),
        )
        for one in entries.order_by("day", "pk")
        if until is None or one.day <= until
    ]


def is_told(*, actor: Actor, conflict: Conflict, at: datetime) -> bool:
    """Whether somebody who types what a customer says is told of this entry (J-15).

    One's own always; those of others where the site lets the receiver know, or to whoever reads the books whole.
    """
    entry = conflict.entry
    visit: Visit | None = getattr(entry, "visit", None)
    if actor.staff.pk in (entry.agent_id, conflict.holder_id, visit.receiver_id if visit else None):
        return True
    if actor.may(SEE_ALL):
        return True
    return bool(figure(path="J-15.told_during", site=actor.site, at=at) != MANAGER_ONLY)


# -- an agent's own customers ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Mine:
    """A customer of an agent: his last entry, how many, and how he stands; without a track he has not come yet."""

    entry: Entry
    entries: int
    since: date
    track: Track | None

    @property
    def order(self) -> tuple[int, int]:
        """Soonest first, then who has not come yet, then those whose days have passed."""
        if self.track is None:
            return (1, self.since.toordinal())
        return (0, self.track.soonest) if self.track.soonest >= 0 else (2, -self.track.soonest)


def list_mine(*, site: Site, agent: Staff, now: datetime) -> list[Mine]:
    """An agent's customers with the days left to each, soonest first (J-21, J-22); three statements."""
    owned = Q(visit__owner=agent) | Q(visit__isnull=True, agent=agent)
    entries = {
        one.pk: one for one in Entry.objects.filter(owned, site=site).select_related("visit").order_by("pk")
    }
    keys: dict[int, set[str]] = {pk: set() for pk in entries}
    held = Entry.objects.filter(owned, site=site).values("pk")
    for pk, key in Proof.objects.filter(entry__in=held).values_list("entry_id", "key"):
        keys[pk].add(key)
    closed = dict(
        Deal.objects.filter(visit__entry__in=held, state=Deal.State.CLOSED)
        .values_list("visit__entry_id")
        .annotate(day=Max("closed_day"))
    )
    figures = figures_of(site=site, at=now)
    found = []
    for numbers in one_customer_each(keys={pk: frozenset(one) for pk, one in keys.items()}):
        lines = sorted((entries[pk] for pk in numbers), key=lambda one: (one.day, one.pk))
        came = [
            Reception(day=one.day, closed=closed.get(one.pk)) for one in lines if one.book == Entry.Book.VISIT
        ]
        stands = track(receptions=came, today=local_day(at=now), figures=figures) if came else None
        found.append(Mine(entry=lines[-1], entries=len(lines), since=lines[0].day, track=stands))
    return sorted(found, key=lambda one: (*one.order, one.entry.pk))


def count_ending(*, site: Site, agent: Staff, now: datetime, within: int = SOON_DAYS) -> int:
    """How many of an agent's customers stop being his within so many days (J-21, J-22)."""
    rows = list_mine(site=site, agent=agent, now=now)
    return sum(1 for one in rows if one.track is not None and 0 <= one.track.soonest <= within)
