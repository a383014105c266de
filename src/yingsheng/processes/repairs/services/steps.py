"""What every verb does: lock, check, move, write the changed fields, record the one event, owe what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import next_round, promise_of
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules.clocks import SAME_DAY, Clock


def load(*, case: Case, seen: int | None = None) -> tuple[Case, Repair]:
    """The case and its repair as they stand now, held until the transaction ends.

    Conflict if the person decided on an older version (`seen`) than the present one.
    """
    held = lock_case(case=case)
    check_version(case=held, seen=seen)
    repair = Repair.objects.get(case_id=held.pk)
    repair.case = held  # each knows the other from now on, without asking again
    return held, repair


def take(
    *,
    case: Case,
    repair: Repair,
    step: str,
    at: datetime,
    to_state: str = "",
    case_changes: Mapping[str, object] | None = None,
    repair_changes: Mapping[str, object] | None = None,
) -> None:
    """Move the case by a legal step and write what changed, in place and in the database."""
    change_case(case=case, step=step, at=at, to_state=to_state, changes=case_changes)
    if repair_changes:
        for name, value in repair_changes.items():
            setattr(repair, name, value)
        repair.save(update_fields=list(repair_changes))


def note(
    *, case: Case, kind: str, by: Staff | None, at: datetime, data: Mapping[str, object], rule: str = ""
) -> Event:
    """The one event of a verb."""
    return events.record(
        site_id=case.site_id, kind=f"repairs.{kind}", subject=case, by=by, at=at, data=data, rule=rule
    )


def same_day(*, site: Site, at: datetime) -> bool:
    """Whether the regulation adopted here has repairs done on the day they come, as in a mall (R-13)."""
    return figure(path=SAME_DAY, site=site, at=at) is not None


def start_clocks(*, case: Case, clocks: Iterable[Clock], at: datetime) -> datetime | None:
    """Arm clocks, each as the next round of its kind; where the regulation is silent none. The earliest due moment."""
    promises = [
        promise_of(
            path=clock.path, milestone=clock.milestone, site=case.site, starts_at=clock.starts_at, at=at,
            role=clock.role, fixed_due_at=clock.fixed_due_at,
            round_=next_round(subject=case, milestone=clock.milestone),
        )
        for clock in clocks
    ]  # fmt: skip
    made = timers.arm(
        site_id=case.site_id, subject=case, promises=[one for one in promises if one is not None], at=at
    )
    return min((row.due_at for row in made), default=None)


def tell_household(*, case: Case, text: str, at: datetime, why: str, rule: str, **params: object) -> None:
    """Tell the household, or the caller without a home here; once per occasion."""
    draft = Draft(
        text=text,
        params={"number": case.number, "title": case.title, **params},
        to_household=case.household,
        to_name="" if case.household else (case.caller_name or case.caller_phone),
        rule=rule,
        dedup_key=f"repair:{case.pk}:{why}",
    )
    if case.household is not None or draft.to_name:
        queue(site_id=case.site_id, subject=case, drafts=[draft], at=at)
