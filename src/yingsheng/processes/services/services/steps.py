"""What every verb does: lock, check, move, write the changed fields, record the one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.services.models import Service

GIVE_OUT = "give_out"


def load(*, case: Case, seen: int | None = None) -> tuple[Case, Service]:
    """The case and its service as they stand now, held until the transaction ends; Conflict if `seen` is older."""
    held = lock_case(case=case)
    check_version(case=held, seen=seen)
    service = Service.objects.get(case_id=held.pk)
    service.case = held
    return held, service


def take(
    *, service: Service, step: str, at: datetime, to_state: str = "", changes: Mapping[str, object] | None = None,
    **case_changes: object,
) -> None:  # fmt: skip
    """Move the case by a legal step and write what changed of the service."""
    change_case(case=service.case, step=step, at=at, to_state=to_state, changes=case_changes)
    if changes:
        for name, value in changes.items():
            setattr(service, name, value)
        service.save(update_fields=list(changes))


def note(
    *, case: Case, kind: str, by: Staff | None, at: datetime, rule: str, data: Mapping[str, object]
) -> None:
    """The one event of a verb."""
    events.record(
        site_id=case.site_id, kind=f"services.{kind}", subject=case, by=by, at=at, data=data, rule=rule
    )


def tell_household(*, case: Case, text: str, at: datetime, why: str, rule: str, **params: object) -> None:
    """Tell the household, or the caller without a home here; once per occasion."""
    name = "" if case.household else (case.caller_name or case.caller_phone)
    if case.household is None and not name:
        return
    draft = Draft(
        text=text, params={"number": case.number, "title": case.title, **params}, to_household=case.household,
        to_name=name, rule=rule, dedup_key=f"service:{case.pk}:{why}",
    )  # fmt: skip
    queue(site_id=case.site_id, subject=case, drafts=[draft], at=at)
