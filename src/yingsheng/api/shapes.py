"""What the API answers with: one line of a case, its page, clocks, steps, events. Phones are always masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from yingsheng.api.fields import MomentOut, Shape, moment_text
from yingsheng.api.words import event_words, fill_words, milestone_words, process_of, state_words
from yingsheng.base.phones import mask_phone
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import NextStep
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation


class PersonOut(Shape):
    """A member of staff."""

    username: str
    name: str


class RoomOut(Shape):
    """A room: its key for requests, its label for people."""

    key: str
    label: str


class DepartmentOut(Shape):
    """A department."""

    code: str
    name: str


class CaseLink(Shape):
    """Another case this one belongs with."""

    key: str
    number: str


class CaseLine(Shape):
    """One line of a worklist or register."""

    key: str
    number: str
    process: str
    state: str
    state_label: str
    version: int
    title: str
    channel: str
    category: str
    severity: str
    validity: str
    sealed: bool
    room: RoomOut | None
    caller_name: str
    caller_phone: str
    department: DepartmentOut | None
    handler: PersonOut | None
    received_at: MomentOut
    handled_at: MomentOut | None
    closed_at: MomentOut | None
    next_due_at: MomentOut | None
    overdue: bool
    satisfied: bool | None


class CasePage(Shape):
    """A page of cases; `next` is the cursor of the following page, null on the last."""

    items: list[CaseLine]
    next: str | None


class FactOut(Shape):
    """Something known about a case."""

    label: str
    value: str


class PauseOut(Shape):
    """A stretch in which a clock stood still."""

    started_at: MomentOut
    ended_at: MomentOut | None
    reason: str


class ClockOut(Shape):
    """A promise: what, by which rule and clause, until when, and how it ended.

    `first_due_at` is what was promised first; `due_at` counts pauses and approved extensions in.
    """

    id: int
    milestone: str
    label: str
    round: int
    rule: str
    rule_version: str
    clause: str
    state: str
    overdue: bool
    starts_at: MomentOut
    first_due_at: MomentOut
    due_at: MomentOut
    responsible_role: str
    responsible: PersonOut | None
    paused_at: MomentOut | None
    pauses: list[PauseOut]
    ended_at: MomentOut | None
    reason: str


class StepOut(Shape):
    """A step that may be done now; `blocked` says in words why not yet, `rule` which rule says so."""

    code: str
    label: str
    main: bool
    blocked: str
    rule: str


class ToldOut(Shape):
    """What the household was told, and whether it went out (queued, sent, dead)."""

    at: MomentOut
    text: str
    rule: str
    state: str


class CaseOut(CaseLine):
    """All that is known of a case."""

    body: str
    received_by: PersonOut | None
    group: CaseLink | None
    origin: CaseLink | None
    facts: list[FactOut]
    clocks: list[ClockOut]
    steps: list[StepOut]
    told: list[ToldOut]


class EventOut(Shape):
    """A line of the story: `text` in the reader's language, `rule` if one asked for it."""

    seq: int
    kind: str
    at: MomentOut
    by: PersonOut | None
    text: str
    rule: str


class EventPage(Shape):
    """A page of the story, newest first."""

    items: list[EventOut]
    next: str | None


def person_out(*, staff: Staff | None) -> PersonOut | None:
    """A member of staff, None for nobody."""
    return PersonOut(username=staff.username, name=staff.name) if staff is not None else None


def room_out(*, room: Room | None) -> RoomOut | None:
    """A room, None for none."""
    return RoomOut(key=room.key, label=room.label) if room is not None else None


def line_values(*, case: Case, now: datetime) -> dict[str, Any]:
    """The values of one line; room, handler and department must have come with the case."""
    unit = case.department
    return {
        "key": case.key,
        "number": case.number,
        "process": case.process,
        "state": case.state,
        "state_label": state_words(case=case),
        "version": case.version,
        "title": case.title,
        "channel": case.channel,
        "category": case.category,
        "severity": case.severity,
        "validity": case.validity,
        "sealed": case.confidentiality == Case.Confidentiality.SEALED,
        "room": room_out(room=case.room),
        "caller_name": case.caller_name,
        "caller_phone": mask_phone(number=case.caller_phone) if case.caller_phone else "",
        "department": DepartmentOut(code=unit.code, name=unit.name) if unit is not None else None,
        "handler": person_out(staff=case.handler),
        "received_at": case.received_at,
        "handled_at": case.handled_at,
        "closed_at": case.closed_at,
        "next_due_at": case.next_due_at,
        "overdue": case.closed_at is None and case.next_due_at is not None and case.next_due_at < now,
        "satisfied": case.satisfied,
    }


LINE_COLUMNS = (
    "key", "number", "process", "state", "version", "title", "channel", "category", "severity", "validity",
    "confidentiality", "caller_name", "caller_phone", "received_at", "handled_at", "closed_at", "next_due_at",
    "satisfied", "room__key", "room__label", "department__code", "department__name", "handler__username",
    "handler__name",
)  # fmt: skip


def for_lines(*, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Fetch exactly what `line_of` shows, in one statement for any number of lines."""
    return rows.select_related("room", "department", "handler").only(*LINE_COLUMNS)


def line_of(*, case: Case, now: datetime) -> CaseLine:
    """A case as one line."""
    return CaseLine(**line_values(case=case, now=now))


def link_of(*, case: Case | None) -> CaseLink | None:
    """A related case, None for none."""
    return CaseLink(key=case.key, number=case.number) if case is not None else None


def clock_of(*, row: Obligation, now: datetime, with_pauses: bool = True) -> ClockOut:
    """A promise; its version, person and pauses must have come with it."""
    open_now = row.state == Obligation.State.ARMED
    return ClockOut(
        id=row.pk,
        milestone=row.milestone,
        label=milestone_words(code=row.milestone),
        round=row.round,
        rule=row.rule,
        rule_version=row.version.digest,
        clause=row.clause,
        state=row.state,
        overdue=open_now and row.paused_at is None and row.due_at < now,
        starts_at=row.starts_at,
        first_due_at=row.first_due_at,
        due_at=row.due_at,
        responsible_role=row.responsible_role,
        responsible=person_out(staff=row.responsible_staff),
        paused_at=row.paused_at,
        pauses=[
            PauseOut(started_at=pause.started_at, ended_at=pause.ended_at, reason=pause.reason)
            for pause in row.pauses.all()
        ]
        if with_pauses
        else [],
        ended_at=row.ended_at,
        reason=row.reason,
    )


def step_of(*, offered: NextStep) -> StepOut:
    """A step on offer."""
    return StepOut(
        code=offered.step.code,
        label=str(_(offered.step.label)),
        main=offered.step.main,
        blocked=str(_(offered.why)) if offered.why else "",
        rule=offered.rule,
    )


def fact_of(*, label: str, value: object) -> FactOut:
    """A fact with its label in the reader's language."""
    return FactOut(
        label=str(_(label)), value=moment_text(value) if isinstance(value, datetime) else str(value)
    )


def told_of(*, message: Message) -> ToldOut:
    """A message to the household side."""
    words = fill_words(text=message.text, values=message.params)
    return ToldOut(at=message.queued_at, text=words, rule=message.rule, state=message.state)


def event_of(*, event: Event, case: Case) -> EventOut:
    """A line of a case's story."""
    words = event_words(event=event, process=process_of(case=case))
    by = event.by if isinstance(event.by, Staff) else None
    return EventOut(
        seq=event.seq, kind=event.kind, at=event.at, by=person_out(staff=by), text=words, rule=event.rule
    )


def subject_record(*, case: Case) -> Model | None:
    """What the steps and facts of a process are asked about; None for a case without the process's own record.

    A case brought over from another system has none: it can be read, not worked on.
    """
    process = process_of(case=case)
    if process is None:
        return None
    if process.subject_of is None:
        return case
    found: Model | None = process.subject_of(case)
    return found
