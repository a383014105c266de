"""The list of key customers: proposed, approved, contacted as planned, taken off with a reason (Z-05, FM-67)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.registers.models import CareContact, KeyCustomer
from yingsheng.processes.registers.queries import case_named
from yingsheng.processes.registers.rules import next_contact

CARE = "care_contact"
PROPOSED = gettext_noop("%(room)s提请列为重点客户，请审批（%(rule)s）")
NOT_HIS = gettext_noop("重点客户名单由规程指定的岗位审批")


@transaction.atomic
def propose_customer(
    *, actor: Actor, at: datetime, room: str, reason: str, why: str, care_by: Staff, every_days: int | None = None,
    contact_name: str = "", number: str = "",
) -> KeyCustomer:  # fmt: skip
    """Propose a home for the list, for instance after a case; the post that organises the list decides (Z-05, F-25)."""
    demand(actor=actor, permission="registers.care")
    household = household_of(actor=actor, text=room)
    if KeyCustomer.objects.filter(household=household).exclude(state=KeyCustomer.State.REMOVED).exists():
        raise Refused(gettext_noop("这一户已在重点客户名单里"), field="room", rule="Z-05")
    case = case_named(actor=actor, number=number)
    if number.strip() and case is None:
        raise Refused(gettext_noop("没有这件事，或者您不能查看"), field="number", rule="Z-05")
    usual = figure(path="Z-05.contact_every", site=actor.site, at=at)
    row = KeyCustomer.objects.create(
        site=actor.site, household=household, case=case, contact_name=contact_name.strip(), reason=reason,
        why=why.strip(), every_days=every_days or int(usual or 0) or 30, care_by=care_by, proposed_at=at,
        proposed_by=actor.staff,
    )  # fmt: skip
    role = owed_role(path="F-25.organised_by", site=actor.site, at=at)
    queue(
        site_id=actor.site.pk, subject=row, at=at,
        drafts=[
            Draft(
                text=PROPOSED, params={"room": household.room.label, "rule": "Z-05"}, to_staff=one, rule="Z-05",
                dedup_key=f"key-customer:{row.pk}:{one.pk}",
            )
            for one in list_holders_or_above(site_id=actor.site.pk, role=role, at=at)
        ],
    )  # fmt: skip
    tell(
        record=row, kind="registers.customer_proposed", actor=actor, at=at, rule="Z-05",
        room=household.room.label, why=row.why,
    )  # fmt: skip
    return row


@transaction.atomic
def approve_customer(
    *, actor: Actor, record: KeyCustomer, at: datetime, seen: int | None = None
) -> KeyCustomer:
    """Put a home on the list; its first contact is owed from now (Z-05, F-25)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("proposed",))
    demand_post(actor=actor, path="F-25.organised_by", at=at, text=NOT_HIS)
    due = next_contact(last=at, every_days=row.every_days)
    change(record=row, state="active", approved_at=at, approved_by=actor.staff, next_contact_at=due)
    _owe(actor=actor, row=row, until=due, at=at)
    tell(record=row, kind="registers.customer_approved", actor=actor, at=at, rule="Z-05", due=due.isoformat())
    return row


@transaction.atomic
def contact_customer(
    *, actor: Actor, record: KeyCustomer, at: datetime, way: str, summary: str, seen: int | None = None
) -> KeyCustomer:
    """Note a contact; it keeps the promise, and the next one is owed (Z-05)."""
    row = hold(actor=actor, record=record, permission="registers.care", seen=seen, states=("active",))
    CareContact.objects.create(customer=row, at=at, way=way, summary=summary.strip(), by=actor.staff)
    due = next_contact(last=at, every_days=row.every_days)
    change(record=row, last_contact_at=at, next_contact_at=due)
    timers.meet(subject=row, milestones=[CARE], by=actor.staff, at=at)
    _owe(actor=actor, row=row, until=due, at=at)
    tell(
        record=row, kind="registers.customer_contacted", actor=actor, at=at, rule="Z-05",
        summary=row_summary(summary), due=due.isoformat(),
    )  # fmt: skip
    return row


@transaction.atomic
def replan_customer(
    *,
    actor: Actor,
    record: KeyCustomer,
    at: datetime,
    care_by: Staff,
    every_days: int,
    seen: int | None = None,
) -> KeyCustomer:
    """Give the care to somebody else or another rhythm; counted from the last contact (Z-05)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("active",))
    due = max(at, next_contact(last=row.last_contact_at or row.approved_at or at, every_days=every_days))
    change(record=row, care_by=care_by, every_days=every_days, next_contact_at=due)
    timers.void(subject=row, milestones=[CARE], by=actor.staff, at=at, reason=gettext_noop("联系计划已更改"))
    _owe(actor=actor, row=row, until=due, at=at)
    tell(
        record=row, kind="registers.customer_replanned", actor=actor, at=at, rule="Z-05", who=care_by.name,
        days=every_days,
    )  # fmt: skip
    return row


@transaction.atomic
def remove_customer(
    *, actor: Actor, record: KeyCustomer, at: datetime, reason: str, seen: int | None = None
) -> KeyCustomer:
    """Take a home off the list, or turn the proposal down, with the reason (Z-05)."""
    row = hold(
        actor=actor, record=record, permission="registers.approve", seen=seen, states=("proposed", "active")
    )
    demand_post(actor=actor, path="F-25.organised_by", at=at, text=NOT_HIS)
    change(record=row, state="removed", removed_at=at, removed_reason=reason.strip(), next_contact_at=None)
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("已移出重点客户名单"))
    tell(record=row, kind="registers.customer_removed", actor=actor, at=at, rule="Z-05", reason=reason)
    return row


@transaction.atomic
def record_list_export(*, actor: Actor, rows: int, reason: str, at: datetime) -> None:
    """The list left the house as a file: who, why, how many lines."""
    if not reason.strip():
        raise Refused(gettext_noop("导出要写明原因"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="registers.customers_exported", subject=actor.site, by=actor.staff, at=at,
        rule="Z-05", data={"rows": rows, "reason": reason.strip()[:200]},
    )  # fmt: skip


@transaction.atomic
def record_list_print(*, actor: Actor, rows: int, at: datetime) -> int:
    """Count a print of the list FM-67; 1 is no reprint."""
    count = count_list_prints(actor=actor) + 1
    events.record(
        site_id=actor.site.pk, kind="registers.customers_printed", subject=actor.site, by=actor.staff, at=at,
        rule="Z-05", data={"rows": rows, "count": count},
    )  # fmt: skip
    return count


def count_list_prints(*, actor: Actor) -> int:
    """How often the list was printed."""
    return Event.objects.filter(site=actor.site, kind="registers.customers_printed").count()


def row_summary(text: str) -> str:
    """What the event tells of a contact: its beginning."""
    return text.strip()[:80]


def household_of(*, actor: Actor, text: str) -> Household:
    """The living household of a room as typed; Refused for none."""
    words = parse_room(text=text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    room = find_room(site=actor.site, key=key) if key else None
    household = find_household(room=room) if room is not None else None
    if household is None:
        raise Refused(gettext_noop("没有这个房号，或者没有在住的住户"), field="room", rule="Z-05")
    return household


def _owe(*, actor: Actor, row: KeyCustomer, until: datetime, at: datetime) -> None:
    owe(
        site=actor.site, subject=row, milestone=CARE, path="Z-05.contact_every", role="CS_SUP", staff=row.care_by,
        at=at, until=until,
    )  # fmt: skip
