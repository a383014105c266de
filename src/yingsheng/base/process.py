"""How a process declares itself: states, steps, permissions, menu entry. Deciding stays in its `rules.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.shown import (
    Answers,
    CasePart,
    DeskDuty,
    DeskHint,
    Foresight,
    Known,
    Printable,
    Raises,
    Related,
    TodayList,
    TodayNumber,
    Told,
)


@dataclass(frozen=True, kw_only=True)
class Permission:
    """A named action; roles are lists of these, code never asks for a role."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class State:
    """A place in a life cycle. `final` means nothing more is promised."""

    code: str
    label: str
    tone: str = "plain"  # plain, soon, late, met, waiting
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One verb of the trade: who may, from which states, with which form, by which service.

    `run` is the service: keyword arguments `case`, `by`, `at` and the form's cleaned fields.
    `blocked` returns a reason (message id, rule) when the step is legal by state but refused by a rule, else None.
    `unasked` names the fields that no rule asks of this subject: they are not offered, and stay empty.
    `fits` says of a case whether the step concerns it at all: if not, it is not even shown as blocked.
    """

    code: str
    label: str
    permission: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    form: FormSpec
    run: Callable[..., Any]
    rules: tuple[str, ...] = ()
    blocked: Callable[[Any], tuple[str, str] | None] | None = None
    unasked: Callable[[Any], frozenset[str]] | None = None
    fits: Callable[[Any], bool] | None = None
    hotkey: str = ""
    main: bool = False
    bulk: bool = False  # offered for several cases at once; its form must make sense for all of them


@dataclass(frozen=True, kw_only=True)
class Move:
    """A change of state that follows from something else (a clock, a group, a visit) and is never offered as a step."""

    code: str
    label: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A line of the left rail."""

    group: str
    label: str
    icon: str
    url_name: str
    permission: str
    order: int
    hotkey: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A printed form: its number in the list of forms, and what fills it. `build` returns template context."""

    code: str
    title: str
    form_number: str
    template: str
    build: Callable[[Any], dict[str, Any]]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """The name of a promise the process makes; the clock itself is an obligation with its rule."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PeriodDue:
    """One promise within a period. `due` is the path of a figure whose unit says how it is counted.

    A day_of_month is that day of the month (of the next one with `next_month`), a weekday that day of the week, a
    time_of_day that hour of the day, any other amount runs from the start of the period; "" means by the end of its
    last day. Likewise `starts`. With
    `before_end` an amount of days is counted back from the end of the period.
    """

    milestone: str
    label: str
    rule: str
    due: str = ""
    starts: str = ""
    next_month: bool = False
    before_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """Work that comes back every day, week or month at every site: its promises, who answers, where it is done.

    `role` is the path of a figure that names the post ("C-75.author"). With `count`, the path of a figure, the promises
    are kept once the thing was done so many times in the period. `url_name` is the page where a person does it.
    """

    code: str
    label: str
    every: str  # "day", "week" (from Monday on) or "month"
    dues: tuple[PeriodDue, ...]
    role: str
    url_name: str
    permission: str
    count: str = ""
    ladder: str = "C-53.escalation_ladder"
    warn: str = "C-53.warn_at_percent"

    def __post_init__(self) -> None:
        if self.every not in ("day", "week", "month"):
            raise ValueError(f"{self.code} comes back neither daily, weekly nor monthly")


@dataclass(frozen=True, kw_only=True)
class Process:
    """Everything the generic pages, API and contract tests need to know of a process."""

    code: str
    title: str
    module: str
    number_prefix: str
    permissions: tuple[Permission, ...]
    states: tuple[State, ...] = ()
    steps: tuple[Step, ...] = ()
    moves: tuple[Move, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    # which step keeps a promise or leads to it: code of the milestone -> codes of steps, the first that is legal counts
    kept_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete_modules: tuple[str, ...] = ()
    intake: FormSpec | None = None
    # the service behind the intake form: keyword arguments `actor`, `at`, `caller` and the form's cleaned fields
    open: Callable[..., Any] | None = None
    intake_permission: str = ""
    hotkey: str = ""
    # taken in before anybody asks who calls: its form opens from everywhere, whoever carries which duties
    urgent: bool = False
    # (label, value) pairs shown on the case page and its sheets
    describe: Callable[[Any], list[tuple[str, Any]]] | None = None
    # what the page of a case shows besides
    case_part: CasePart | None = None
    # what the desk is told of a caller's home: keyword arguments `actor`, `household`, `now`
    desk_hints: Callable[..., list[DeskHint]] | None = None
    # what `Step.blocked` and `describe` are asked about, given the case; the case itself if None
    subject_of: Callable[[Any], Any] | None = None
    # who may add files to a matter and take them back; nobody if empty
    attach_permission: str = ""
    sheets: tuple[Sheet, ...] = ()
    # sheets of something else than a case (a visit), printed from the process's own pages
    own_sheets: tuple[Sheet, ...] = ()
    # lines this process adds to the print menu of any case
    printable: Callable[[Any], list[Printable]] | None = None
    # lines this process adds to the page of any case
    related: Callable[[Any], list[Related]] | None = None
    # links this process adds to the file of a home
    of_home: Callable[[Any], list[Related]] | None = None
    # the part of a page that the desk shows and renews by itself while it waits, and the permission it asks for
    desk_live: str = ""
    desk_live_permission: str = ""
    # what this process knows of a home that is chosen at the desk: keyword arguments `actor`, `household`, `now`
    known: Callable[..., list[Known]] | None = None
    # ready answers that the desk is offered while it types
    answers: Answers | None = None
    # what a new matter is promised at once: keyword arguments `site`, `at`; shown before saving
    promise: Callable[..., Foresight | None] | None = None
    # work that comes back every day or month; armed by the worker
    periodics: tuple[Periodic, ...] = ()
    # lists on the first page: keyword arguments `actor`, `now`
    today: Callable[..., list[TodayList]] | None = None
    # rates of the month on the first page: keyword arguments `actor`, `now`; one statement each
    numbers: Callable[..., list[TodayNumber]] | None = None
    # what the next shift is told of at the handover: keyword arguments `site`, `now`
    handed_on: Callable[..., list[Told]] | None = None
    # what a shift settles before it may go: keyword arguments `site`, `since` (when it began), `now` and `roles`, the
    # codes of those who stand at its post (anybody if empty)
    must_settle: Callable[..., list[Told]] | None = None
    # why a verb may not be done on a work order of the case (message id, rule), None if it may: called with the case
    # and the verb (start, finish …)
    order_blocked: Callable[[Any, str], tuple[str, str] | None] | None = None
    # what of it may be raised at the desk as a matter of another process
    raises: Raises | None = None
    # which of the front desk's duties (B-01) it carries
    desk_duties: tuple[DeskDuty, ...] = ()
    # codes that stand in no form of the process: field -> code -> message id
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def state(self, code: str) -> State:
        """The state with this code; KeyError for a code the process does not have."""
        for item in self.states:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no state {code}")

    def step(self, code: str) -> Step:
        """The step with this code; KeyError for a code the process does not have."""
        for item in self.steps:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no step {code}")

    def step_keeping(self, *, milestone: str, state: str, case: Any = None) -> Step | None:
        """The step that in this state keeps a promise of a case or leads to it; None if there is none."""
        steps = (self.step(code) for code in self.kept_by.get(milestone, ()))
        return next(
            (
                step
                for step in steps
                if state in step.sources and (case is None or step.fits is None or step.fits(case))
            ),
            None,
        )

    def way(self, code: str) -> Step | Move:
        """The step or move with this code; KeyError for a code the process does not have."""
        ways: tuple[Step | Move, ...] = (*self.steps, *self.moves)
        for item in ways:
            if item.code == code:
                return item
        raise KeyError(f"{self.code} has no step {code}")


class Registry:
    """The processes of this installation; closed once all apps are ready."""

    def __init__(self) -> None:
        self._items: dict[str, Process] = {}
        self._closed = False

    def add(self, process: Process) -> None:
        """Declare a process; ValueError for a code that exists, RuntimeError after start-up."""
        if self._closed:
            raise RuntimeError("processes are declared while the program starts, not later")
        if process.code in self._items:
            raise ValueError(f"process {process.code} is declared twice")
        self._items[process.code] = process

    def close(self) -> None:
        """No process may be added from now on."""
        self._closed = True

    def get(self, code: str) -> Process:
        """The process with this code; KeyError if unknown."""
        return self._items[code]

    def periodic(self, code: str) -> Periodic:
        """The recurring work with this code, whichever process declares it; KeyError if none does."""
        for process in self._items.values():
            for item in process.periodics:
                if item.code == code:
                    return item
        raise KeyError(code)

    def find_sheet(self, code: str) -> Sheet | None:
        """The printed form with this code, of whatever process."""
        for process in self:
            for sheet in (*process.sheets, *process.own_sheets):
                if sheet.code == code:
                    return sheet
        return None

    def __iter__(self) -> Iterator[Process]:
        return iter(tuple(self._items.values()))

    def __contains__(self, code: str) -> bool:
        return code in self._items


processes = Registry()
