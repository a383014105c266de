"""The board of a project: who stands where and at what, what is owed, who is next (J-01, J-02)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import OuterRef, Prefetch, Subquery

from yingsheng.kernel.org.models import Site, Staff
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.queue import (
    agents_by_key,
    credit_order,
    find_day,
    happening_of,
    list_queue_events,
    local_day,
    morning_of,
)
from yingsheng.processes.salesdesk.rules.queue import (
    Credit,
    Happening,
    Kind,
    Next,
    Rotation,
    apply,
    find_next,
    list_free,
    replay,
)
from yingsheng.processes.salesdesk.rules.snapshots import from_data, next_morning


class Doing(StrEnum):
    """What an agent is at."""

    FREE = "free"
    RECEIVING = "receiving"
    ORDERED = "ordered"  # other work by order of the project team
    LEAVE = "leave"
    OFF = "off"  # signed off
    AWAY = "away"  # not signed in yet


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A make-up that is owed: to whom, by which case and article, and where it comes from: a visit, or an order."""

    agent: str
    name: str
    case: int
    article: str
    visit: Visit | None
    note: str  # why the work was ordered

    @property
    def origin(self) -> str:
        """The number of the visit, or the reason of the order."""
        return self.visit.number if self.visit is not None else self.note


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An agent on the board; `since` is when what he is at began, None before he signed in."""

    staff: Staff
    position: int
    doing: Doing
    since: datetime | None
    note: str
    visit: Visit | None
    turns: int
    made_up: int
    missed: int
    owed: tuple[Owed, ...]
    is_next: bool


@dataclass(frozen=True, kw_only=True)
class Board:
    """The rotation of a project as people read it; `number` is that of the last thing that happened."""

    project: Project
    date: date
    number: int
    rotation: Rotation
    standings: tuple[Standing, ...]
    chosen: Next | None
    credit: Owed | None  # the make-up by which the next one receives
    owed: tuple[Owed, ...]

    @property
    def next(self) -> Standing | None:
        """Who receives the next new customer."""
        return next((one for one in self.standings if one.is_next), None)

    def ahead_of(self, *, staff_id: int) -> int | None:
        """How many receive before somebody; None for whoever is not free."""
        return ahead_of(rotation=self.rotation, key=str(staff_id))


def ahead_of(*, rotation: Rotation, key: str) -> int | None:
    """How many of those who are free receive before an agent; None for whoever is not free (J-01, J-35)."""
    if key not in list_free(rotation=rotation):
        return None
    ahead = 0
    left = rotation
    while (chosen := find_next(rotation=left)) is not None and chosen.agent != key:
        left = apply(rotation=left, event=_taken(chosen))
        ahead += 1
    return ahead


def _taken(chosen: Next) -> Happening:
    return Happening(kind=Kind.NEW, agents=(chosen.agent,))


def mark_of(*, project: Project, at: datetime) -> str:
    """What tells one state of a board from the next, without reading it: a board of the same mark has not changed."""
    return f"{project.last_number}-{project.version}-{local_day(at=at)}"


def board_of(*, project: Project, at: datetime) -> Board:
    """The board at this moment (J-01)."""
    day = find_day(project=project, at=at)
    if day is None:
        return _board(
            project=project, date=local_day(at=at), events=[], number=project.last_number,
            rotation=morning_of(project=project, at=at),
        )  # fmt: skip
    events = list(list_queue_events(day=day))
    return _board(
        project=project, date=day.date, events=events, rotation=replayed(day=day, events=events, at=at),
        number=project.last_number,
    )  # fmt: skip


def board_after(*, day: Day, at: datetime, number: int) -> Board:
    """The board of a day as it stood after one of its events (J-01)."""
    events = [one for one in list_queue_events(day=day) if one.number <= number]
    return _board(
        project=day.project,
        date=day.date,
        events=events,
        number=number,
        rotation=replayed(day=day, events=events, at=at),
    )


def replayed(*, day: Day, events: Iterable[QueueEvent], at: datetime) -> Rotation:
    """The rotation of a day after these of its events, which are at hand already (J-01)."""
    opening = from_data(data=day.opening, credit_order=credit_order(project=day.project, at=at))
    return replay(events=(happening_of(event=one) for one in events), rotation=opening)


def _board(
    *, project: Project, date: date, events: Sequence[QueueEvent], number: int, rotation: Rotation
) -> Board:
    people = agents_by_key(keys=rotation.order)
    causes = [one.cause for one in rotation.busy.values()] + [one.cause for one in rotation.credits]
    visits = _visits(project, causes)
    owed = _owed(project=project, credits=rotation.credits, people=people, visits=visits)
    chosen = find_next(rotation=rotation)
    doings = _doings(rotation=rotation, events=events)
    standings = tuple(
        Standing(
            staff=people[key], position=position, doing=doings[key][0], since=doings[key][1], note=doings[key][2],
            visit=visits.get(rotation.busy[key].cause) if key in rotation.busy else None,
            turns=rotation.turns.get(key, 0), made_up=rotation.made_up.get(key, 0),
            missed=rotation.missed.get(key, 0), owed=tuple(one for one in owed if one.agent == key),
            is_next=chosen is not None and chosen.agent == key,
        )
        for position, key in enumerate(rotation.order, start=1)
    )  # fmt: skip
    used = chosen.credit if chosen is not None else None
    return Board(
        project=project, date=date, number=number, rotation=rotation, standings=standings, chosen=chosen,
        credit=owed[rotation.credits.index(used)] if used is not None else None, owed=owed,
    )  # fmt: skip


def _visits(project: Project, causes: Iterable[str]) -> dict[str, Visit]:
    keys = [int(one.partition(":")[2]) for one in causes if one.startswith("visit:")]
    if not keys:
        return {}
    rows = Visit.objects.filter(project=project, pk__in=keys).only("pk", "number", "receiver_id", "how")
    return {f"visit:{one.pk}": one for one in rows}


def _owed(
    *,
    project: Project,
    credits: Sequence[Credit],
    people: Mapping[str, Staff],
    visits: Mapping[str, Visit],
) -> tuple[Owed, ...]:
    numbers = [int(one.cause.partition(":")[2]) for one in credits if one.cause.startswith("order:")]
    orders = (
        dict(
            QueueEvent.objects.filter(project=project, number__in=numbers)
            .exclude(note="")
            .values_list("number", "note")
        )
        if numbers
        else {}
    )
    return tuple(
        Owed(
            agent=one.agent, name=people[one.agent].name, case=one.case, article=one.article,
            visit=visits.get(one.cause),
            note=orders.get(int(one.cause.partition(":")[2]), "") if one.cause.startswith("order:") else "",
        )
        for one in credits
    )  # fmt: skip


def _doings(
    *, rotation: Rotation, events: Iterable[QueueEvent]
) -> dict[str, tuple[Doing, datetime | None, str]]:
    """What everybody is at, since when, and the words that were written with it."""
    last: dict[str, QueueEvent] = {}
    for one in events:
        if one.kind not in (Kind.CREDIT, Kind.CHARGE, Kind.JOIN):
            last.update({str(pk): one for pk in one.agents})
    found: dict[str, tuple[Doing, datetime | None, str]] = {}
    for key in rotation.order:
        event = last.get(key)
        busy = rotation.busy.get(key)
        if busy is not None:
            doing = Doing.RECEIVING if busy.cause.startswith("visit:") else Doing.ORDERED
        elif key in rotation.here:
            doing = Doing.FREE
        else:
            kind = event.kind if event is not None else ""
            doing = {Kind.LEAVE.value: Doing.LEAVE, Kind.SIGN_OFF.value: Doing.OFF}.get(kind, Doing.AWAY)
        is_said = event is not None and doing in (Doing.ORDERED, Doing.LEAVE)
        found[key] = (doing, event.at if event is not None else None, event.note if is_said and event else "")
    return found


def rotations_of_site(*, site: Site, at: datetime) -> list[tuple[Project, Rotation]]:
    """Where every rotation of a site stands that is sold and was ever used, in two statements (J-01)."""
    last = Day.objects.filter(project=OuterRef("pk")).order_by("-date").values("pk")[:1]
    selling = Project.objects.filter(site=site, state=Project.State.SELLING)
    rows = (
        Day.objects.filter(pk__in=Subquery(selling.annotate(last=Subquery(last)).values("last")))
        .select_related("project__site")
        .prefetch_related(Prefetch("events", queryset=QueueEvent.objects.order_by("number")))
        .order_by("project_id")
    )
    today = local_day(at=at)
    found = []
    for day in rows:
        rotation = replayed(day=day, events=day.events.all(), at=at)
        if day.date < today:
            causes = {cause for _agent, cause in rotation.credited | rotation.charged}
            rotation = next_morning(rotation=rotation, remembered=causes)
        found.append((day.project, rotation))
    return found
