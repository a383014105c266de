"""Opening, moving and closing cases. The process's own service calls these and records the one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from yingsheng.base.numbering import format_number, period_of
from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.estate.models import Household, Person, Room
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.search import services as search
from yingsheng.kernel.timers.models import Obligation


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who raises a matter: a person we know with a home here, or any other person and a way to reach him (C-84)."""

    name: str = ""
    phone: str = ""
    person: Person | None = None
    household: Household | None = None
    room: Room | None = None

    def columns(self) -> dict[str, object]:
        """The caller as columns of a case."""
        return {
            "caller_name": self.name,
            "caller_phone": self.phone,
            "person": self.person,
            "household": self.household,
            "room": self.room,
        }


def take_number(*, site: Site, prefix: str, at: datetime) -> str:
    """The next number of a day's series, in one statement; it is free again if the transaction fails."""
    local_day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    period = period_of(day=local_day, kind="day")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numberseries (site_id, prefix, period, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (site_id, prefix, period) DO UPDATE SET last = cases_numberseries.last + 1 RETURNING last",
            [site.pk, prefix, period],
        )
        serial = cursor.fetchone()[0]
    return format_number(prefix=prefix, period=period, serial=serial)


def open_case(*, site: Site, process: str, state: str, by: Staff, at: datetime, **fields: Any) -> Case:
    """Write a new case with its number and make it findable; three statements, no event."""
    declared = processes.get(process)
    number = take_number(site=site, prefix=declared.number_prefix, at=at)
    case = Case(
        site=site,
        number=number,
        process=process,
        state=state,
        received_by=by,
        **{"received_at": at, **fields},
    )
    if case.room is not None:
        case.building_id = case.room.building_id
    case.save(force_insert=True)
    search.index(site_id=site.pk, subject=case, texts=search_texts(case=case))
    return case


def search_texts(*, case: Case) -> list[str]:
    """Everything a case is found by: number, words, caller, phone and its last digits, room."""
    texts = [
        case.number,
        case.number.replace("-", ""),
        case.title,
        case.body,
        case.caller_name,
        case.caller_phone,
        case.caller_phone[-4:],
    ]
    if case.person is not None:
        texts += [case.person.name, case.person.initials]
    if case.room is not None:
        texts += [case.room.key, case.room.label, case.room.key.replace("-", "")]
    return texts


def lock_case(*, case: Case) -> Case:
    """The case as it stands now, held until the transaction ends."""
    return (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site", "room")
        .get(pk=case.pk)
    )


def hold_cases(ids: Sequence[int]) -> None:
    """Hold many cases until the transaction ends, in one order, so that two who do so cannot block each other."""
    list(
        Case.objects.select_for_update(no_key=True)
        .filter(pk__in=list(ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def check_version(*, case: Case, seen: int | None) -> None:
    """Conflict if the person decided on an older state of the case than the present one."""
    if seen is not None and seen != case.version:
        raise Conflict(gettext_noop("这件事刚被别人更新过，请看过最新情况再继续"), code="stale")


def change_case(
    *, case: Case, step: str, at: datetime, to_state: str = "", changes: Mapping[str, object] | None = None
) -> Case:
    """Take a legal step: write the new state and the changed columns, raise the version.

    Refused when the step does not lead from the case's state; Conflict when somebody else was first.
    `case` is updated in place.
    """
    declared = processes.get(case.process)
    legal = declared.way(step)
    if case.state not in legal.sources:
        raise Refused(
            gettext_noop("现在是“%(state)s”，不能做“%(step)s”"),
            code="illegal_step",
            state=declared.state(case.state).label,
            step=legal.label,
        )
    target = to_state or case.state
    if target != case.state and target not in legal.targets:
        raise ValueError(f"step {step} of {case.process} does not lead to {target}")
    values: dict[str, object] = {"state": target, "version": case.version + 1, **(changes or {})}
    if declared.state(target).final and case.closed_at is None:
        values["closed_at"] = at
    changed = Case.objects.filter(pk=case.pk, version=case.version).update(**values)
    if not changed:
        raise Conflict(gettext_noop("这件事刚被别人更新过，请看过最新情况再继续"), code="stale")
    for name, value in values.items():
        setattr(case, name, value)
    return case


# Part of every write that moves a clock, hence by hand.
NEXT_DUE = """
UPDATE cases_case SET next_due_at = (
    SELECT MIN(due_at) FROM timers_obligation
    WHERE subject_type = %s AND subject_id = %s AND state = %s AND paused_at IS NULL)
WHERE id = %s
"""


def refresh_next_due(case_id: int) -> None:
    """Keep the case's "next due" equal to its earliest running promise; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, [SUBJECT, case_id, Obligation.State.ARMED.value, case_id])
