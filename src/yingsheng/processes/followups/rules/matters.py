"""What each kind of matter asks of its visits: by when, by whom, of how many. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import ceil

# A matter may owe several visits: a part of it is visited for itself and has rounds of its own.
MIDWAY, END, PERIODIC = "mid", "end", "periodic"  # a home of several is "h" with its number
DAILY = ("F-16.within", "F-18.within")  # where yesterday's matters are revisited today
# Which figure sets the time of a visit, the special ones after the general one (CF-10, CF-11).
LIMITS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("complaints", ""): ("F-01.within", *DAILY),
    ("repairs", "minor"): ("F-02.within", *DAILY),
    ("repairs", "project"): ("F-03.within", *DAILY),
    ("repairs", PERIODIC): ("F-17.every",),
    ("services", MIDWAY): ("F-04.mid_percent",),
    ("services", END): ("F-04.end_within",),
    ("events", ""): ("F-05.within",),
}
OTHERS = ("F-06.within",)
RATES = {
    "complaints": "F-07.complaints_rate",
    "repairs": "F-07.repairs_rate",
    "services": "F-07.services_rate",
    "events": "F-07.events_rate",
    "survey": "F-19.rate",
    "key": "F-25.rate",
}
# The matters that have no process of their own: the kind that is registered, and in which rate it counts.
KINDS: Mapping[str, str] = {
    "event": "events",
    "other": "other",
    "survey_dissatisfied": "survey",
    "survey_rectified": "survey",
    "key_customer": "key",
}
POSTS = {"survey_dissatisfied": "F-19.dissatisfied_visited_by", "key_customer": "F-25.organised_by"}
MALL = ("F-16.within", "R-13.follow_up_within")
REGULAR = ("F-17.every", "R-10.every")
# Of a repair its own module says the same again; where a site shortened that figure, the shorter one counts.
SHORTER = dict((MALL, REGULAR))
BY_POST = {**dict.fromkeys(MALL, "F-16.visited_by"), **dict.fromkeys(REGULAR, "R-10.visitor")}


def matter_of(*, kind: str) -> str:
    """In which rate a registered kind counts; a code that stands for itself stays what it is."""
    return KINDS.get(kind, kind)


def target_path(*, matter: str) -> str:
    """The figure that says how many of a kind of matter are to be visited (F-07, F-19, F-25)."""
    return RATES.get(matter, "F-07.other_rate")


def visit_limit(
    *, known: Callable[[str], object], again: bool = False, matter: str = "complaints", part: str = ""
) -> str | None:
    """The figure by which a visit is due (F-01 … F-06, F-16 … F-18), after an unhappy one the repetition's.

    None where the adopted regulation sets no time. A visit is owed either way: C-72 asks for one after every complaint.
    """
    limits = LIMITS.get((matter, part), OTHERS)
    if again:
        limits = ("F-11.repeat_within", *limits)
    found = next((path for path in limits if known(path) is not None), None)
    if found is None or matter != "repairs":
        return found
    other = SHORTER.get(found)
    return other if other is not None and _shorter(known(other), known(found)) else found


def _shorter(one: object, other: object) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one < other


def arms(*, part: str, path: str | None) -> bool:
    """Whether a visit is owed at all: one midway or one of a regular round only where a figure asks for it."""
    return path is not None or part not in (MIDWAY, PERIODIC)


def visiting_post(*, path: str | None, matter: str = "complaints", kind: str = "") -> str:
    """The figure that names who visits; "" where nobody is named.

    In a mall whoever is on duty (F-16), on a regular round the clerk (F-17, R-10), of a survey the assistant (F-19), to
    a key customer the manager (F-25); after complaints and repairs (F-08) and special services (S-08) the area officer.
    """
    if path in BY_POST:
        return BY_POST[path]
    if kind in POSTS:
        return POSTS[kind]
    if matter == "services":
        return "S-08.visitor"
    return "F-08.visitor" if matter in ("complaints", "repairs") else ""


def mid_day(*, first: date, last: date, percent: int) -> date | None:
    """The day of the visit midway through a service (F-04); None for one that is over on the day it begins."""
    if last <= first:
        return None
    return first + timedelta(days=(last - first).days * percent // 100)


def sample_of(*, count: int, percent: int) -> frozenset[int]:
    """Which of so many participants are visited: as many as the rate asks, spread evenly over the list (F-05, F-07)."""
    needed = min(count, ceil(count * percent / 100))
    return frozenset(place * count // needed for place in range(needed)) if needed else frozenset()
