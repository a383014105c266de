"""What every verb does: lock, check, move, write the changed fields, record the one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.emergencies.models import Emergency


def load(*, case: Case, seen: int | None = None) -> tuple[Case, Emergency]:
    """The case and its emergency as they stand now, held until the transaction ends.

    Conflict if the person decided on an older version (`seen`) than the present one.
    """
    held = lock_case(case=case)
    check_version(case=held, seen=seen)
    emergency = Emergency.objects.get(case_id=held.pk)
    emergency.case = held
    return held, emergency


def take(
    *,
    case: Case,
    emergency: Emergency,
    step: str,
    at: datetime,
    to_state: str = "",
    case_changes: Mapping[str, object] | None = None,
    **changes: object,
) -> None:
    """Move the case by a legal step and write what changed, in place and in the database."""
    change_case(case=case, step=step, at=at, to_state=to_state, changes=case_changes)
    for name, value in changes.items():
        setattr(emergency, name, value)
    if changes:
        emergency.save(update_fields=list(changes))


def write_down(
    *, case: Case, kind: str, by: Staff, at: datetime, rule: str, data: Mapping[str, object] | None = None
) -> None:
    """The one event of a verb."""
    events.record(
        site_id=case.site_id, kind=f"emergencies.{kind}", subject=case, by=by, at=at, rule=rule,
        data=data or {},
    )  # fmt: skip
