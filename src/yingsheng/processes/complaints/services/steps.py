"""What every verb does: lock, check, move, write the changed fields, record the one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.complaints.models import Complaint


def load(*, case: Case, seen: int | None = None) -> tuple[Case, Complaint]:
    """The case and its complaint as they stand now, held until the transaction ends.

    Conflict if the person decided on an older version (`seen`) than the present one.
    """
    held = lock_case(case=case)
    check_version(case=held, seen=seen)
    complaint = Complaint.objects.get(case_id=held.pk)
    complaint.case = held  # each knows the other from now on, without asking again
    return held, complaint


def take(
    *,
    case: Case,
    complaint: Complaint,
    step: str,
    at: datetime,
    to_state: str = "",
    case_changes: Mapping[str, object] | None = None,
    complaint_changes: Mapping[str, object] | None = None,
) -> None:
    """Move the case by a legal step and write what changed, in place and in the database."""
    change_case(case=case, step=step, at=at, to_state=to_state, changes=case_changes)
    if complaint_changes:
        for name, value in complaint_changes.items():
            setattr(complaint, name, value)
        complaint.save(update_fields=list(complaint_changes))


def note(
    *, case: Case, kind: str, by: Staff | None, at: datetime, data: Mapping[str, object], rule: str = ""
) -> Event:
    """The one event of a verb."""
    return events.record(
        site_id=case.site_id, kind=f"complaints.{kind}", subject=case, by=by, at=at, data=data, rule=rule
    )
