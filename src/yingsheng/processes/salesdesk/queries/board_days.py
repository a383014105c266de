"""A day of the rotation as it happened, step by step, and as it is printed (J-01, J-35, FM-63)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent
from yingsheng.processes.salesdesk.queries.board import replayed
from yingsheng.processes.salesdesk.queries.queue import (
    agents_by_key,
    credit_order,
    happening_of,
    list_queue_events,
)
from yingsheng.processes.salesdesk.rules.queue import Credit, Kind, Rotation, apply, find_next
from yingsheng.processes.salesdesk.rules.snapshots import from_data, next_morning


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened, and how the rotation stood after it; `credit` is the make-up that was used."""

    event: QueueEvent
    names: tuple[str, ...]
    credit: Credit | None
    order: tuple[str, ...]  # names
    next_name: str
    owed: int


@dataclass(frozen=True, kw_only=True)
class Used:
    """A day of one agent for the printed list: his turns and make-ups, when away and why, what is owed at its end."""

    name: str
    place: int  # in the morning; 0 for who was put on the list during the day
    signed_in: datetime | None
    signed_off: datetime | None
    turns: tuple[datetime, ...]
    made_up: tuple[tuple[datetime, str], ...]
    kept: tuple[tuple[datetime, str, str], ...]  # out of turn: when, kind, article
    away: tuple[tuple[datetime, str, str], ...]  # leave and orders: when, kind, reason
    owed: tuple[str, ...]  # articles


def steps_of(*, day: Day, at: datetime) -> tuple[Step, ...]:
    """A day as it happened: each event with the rotation after it, replayed from the morning's list (J-01, J-35)."""
    events = list(list_queue_events(day=day))
    rotation = from_data(data=day.opening, credit_order=credit_order(project=day.project, at=at))
    people = _people(rotation=rotation, events=events)
    steps = []
    for one in events:
        chosen = find_next(rotation=rotation) if one.kind == Kind.NEW else None
        rotation = apply(rotation=rotation, event=happening_of(event=one))
        following = find_next(rotation=rotation)
        steps.append(
            Step(
                event=one, names=tuple(people[str(pk)].name for pk in one.agents),
                credit=chosen.credit if chosen is not None else None,
                order=tuple(people[key].name for key in rotation.order),
                next_name=people[following.agent].name if following is not None else "",
                owed=len(rotation.credits),
            )
        )  # fmt: skip
    return tuple(steps)


def _people(*, rotation: Rotation, events: Iterable[QueueEvent]) -> dict[str, Staff]:
    """Everybody of a day, those too who left the list during it."""
    return agents_by_key(keys={*rotation.order, *(str(pk) for one in events for pk in one.agents)})


def morning_order(*, day: Day, at: datetime) -> tuple[str, ...]:
    """The names of a day's list as it opened."""
    rotation = from_data(data=day.opening, credit_order=credit_order(project=day.project, at=at))
    people = agents_by_key(keys=rotation.order)
    return tuple(people[key].name for key in rotation.order)


def carries_on(*, day: Day, at: datetime) -> bool | None:
    """Whether the next day's list opened as this day's events left it; None while no day follows."""
    after = Day.objects.filter(project=day.project, date__gt=day.date).order_by("date").first()
    if after is None:
        return None
    ended = next_morning(
        rotation=replayed(day=day, events=list_queue_events(day=day), at=at),
        remembered={cause for _agent, cause in map(tuple, after.opening["credited"])}
        | {cause for _agent, cause in map(tuple, after.opening["charged"])},
    )
    opened = from_data(data=after.opening, credit_order=credit_order(project=day.project, at=at))
    return ended == opened


def uses_of(*, day: Day, at: datetime) -> tuple[Used, ...]:
    """The printed list of a day: the order of the morning, then who joined; turns, make-ups, leave (FM-63)."""
    events = list(list_queue_events(day=day))
    opening = from_data(data=day.opening, credit_order=credit_order(project=day.project, at=at))
    people = _people(rotation=opening, events=events)
    ended = replayed(day=day, events=events, at=at)
    steps = list(zip(events, steps_of(day=day, at=at), strict=True))
    places = {key: place for place, key in enumerate(opening.order, start=1)}
    later = [key for one in events for key in map(str, one.agents) if key not in places]
    return tuple(
        _used(
            name=people[key].name, place=places.get(key, 0),
            rows=[(event, step) for event, step in steps if int(key) in event.agents],
            owed=tuple(one.article for one in ended.credits if one.agent == key),
        )
        for key in (*opening.order, *dict.fromkeys(later))
    )  # fmt: skip


def _used(*, name: str, place: int, rows: Sequence[tuple[QueueEvent, Step]], owed: tuple[str, ...]) -> Used:
    by = {kind: [event for event, _step in rows if event.kind == kind] for kind in Kind}
    new = [(event, step.credit) for event, step in rows if event.kind == Kind.NEW]
    return Used(
        name=name,
        place=place,
        signed_in=by[Kind.SIGN_IN][0].at if by[Kind.SIGN_IN] else None,
        signed_off=by[Kind.SIGN_OFF][-1].at if by[Kind.SIGN_OFF] else None,
        turns=tuple(event.at for event, credit in new if credit is None),
        made_up=tuple((event.at, credit.article) for event, credit in new if credit is not None),
        kept=tuple((one.at, one.kind, one.article) for kind in (Kind.RECEIVE, Kind.PUBLIC) for one in by[kind]),
        away=tuple((one.at, one.kind, one.note) for kind in (Kind.LEAVE, Kind.ORDERED) for one in by[kind]),
        owed=owed,
    )  # fmt: skip


def find_day_of(*, project: Project, date: date) -> Day | None:
    """The list of one date, None for a date on which nothing happened."""
    return Day.objects.select_related("project__site").filter(project=project, date=date).first()


def days_beside(*, project: Project, date: date) -> tuple[date | None, date | None]:
    """The day before with a list, and the one after."""
    days = Day.objects.filter(project=project)
    before = days.filter(date__lt=date).order_by("-date").values_list("date", flat=True).first()
    after = days.filter(date__gt=date).order_by("date").values_list("date", flat=True).first()
    return before, after
