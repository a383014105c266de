"""Entries written by hand, and what comes of them (D-07, D-09, D-12, D-14, D-24, D-25)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.estate.queries import find_room
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.duty.models import Line, OpenItem, Page
from yingsheng.processes.duty.queries.pages import OPEN
from yingsheng.processes.duty.rules import (
    MAJOR,
    SUDDEN,
    is_to_be_opened,
    power_gap,
    principle_gap,
    report_path,
)

OPEN_FORM = "open_form"
# which processes open what a line of the night asked for
OPENED_AS = {"complaint": ("complaints",), "repair": ("repairs",), "help": ("services", "enquiries")}
REPORTED = gettext_noop("值班上报：%(content)s（%(rule)s）")
CALLED_UPON = gettext_noop("值班请你部门协助：%(content)s（%(rule)s）")
GAPS = {
    "department": gettext_noop("调动了哪个部门的人，要选部门"),
    "power": gettext_noop("请别的部门来办，要写明用了哪项权力"),
    "action": gettext_noop("写明怎样控制住的、采取了什么措施"),
    "told": gettext_noop("突发情况要马上报告，写明报告给谁"),
}


@transaction.atomic
def write_line(
    *,
    actor: Actor,
    record: Page,
    at: datetime,
    kind: str,
    content: str,
    seen: int | None = None,
    caller: str = "",
    phone: str = "",
    room: str = "",
    action: str = "",
    department: Department | None = None,
    told: str = "",
    told_at: datetime | None = None,
    result: str = "",
    power: str = "",
    level: str = "",
    important: bool = False,
    is_open: bool = False,
    corrects: int | None = None,
) -> Line:
    """Write into the page that is on duty; nothing is altered later, a correction names the line it corrects.

    What was reported upwards or asked of another department is told to them at once (D-09, D-12). `corrects` is the
    number of the line in the book (`Line.seq`). Refused for a page that is signed, for a power or a sudden event that
    leaves out what D-12 and D-07 ask.
    """
    demand(actor=actor, permission="duty.log")
    page = take_page(actor=actor, record=record, states=OPEN)
    gap = _gap(
        actor=actor,
        at=at,
        kind=kind,
        action=action,
        department=department,
        told=told,
        power=power,
        level=level,
    )
    if gap:
        rule = "D-07" if kind == SUDDEN and gap in ("action", "told") and not power else "D-12"
        raise Refused(GAPS[gap], field=gap, rule=rule)
    where = _room(actor=actor, text=room)
    corrected = _corrected(page=page, seq=corrects)
    event = events.record(
        site_id=page.site_id, kind="duty.noted", subject=page, by=actor.staff, at=at,
        rule="D-12" if power else "D-14",
        data={
            "kind": kind, "content": content.strip(), "caller": caller.strip(), "action": action.strip(),
            "told": told.strip(), "result": result.strip(), "power": power, "level": level, "important": important,
            "room": where.label if where else "", "corrects": corrected.seq if corrected else 0,
            "department": department.name if department else "",
            "told_at": told_at.isoformat() if told_at else "",
        },
    )  # fmt: skip
    line = Line(
        page=page, seq=event.seq, at=at, by=actor.staff, kind=kind, room=where, caller=caller.strip(), phone=phone,
        content=content.strip(), action=action.strip(), department=department, told=told.strip(), told_at=told_at,
        result=result.strip(), power=power, level=level, important=important or level == MAJOR, corrects=corrected,
    )  # fmt: skip
    line.save(force_insert=True)
    if is_open:
        _keep_open(actor=actor, page=page, line=line, at=at)
    _tell(actor=actor, page=page, line=line, at=at)
    return line


def write_on_duty(*, actor: Actor, at: datetime, **fields: Any) -> OpenItem:
    """Write a line that something is still to come of into the page that this person is on duty for (D-15, D-25)."""
    demand(actor=actor, permission="duty.log")
    mine = (
        Page.objects.filter(site=actor.site, state__in=OPEN, people=actor.staff)
        .order_by("post__order", "pk")
        .first()
    )
    if mine is None:
        raise Refused(gettext_noop("您现在不在班上，先接班再记"), code="not_on_duty", rule="D-14")
    line = write_line(actor=actor, record=mine, at=at, is_open=True, **fields)
    return OpenItem.objects.get(line=line)


def take_page(*, actor: Actor, record: Page, states: tuple[Page.State, ...]) -> Page:
    """The page as it stands now, held until the transaction ends; Refused in another state."""
    page = Page.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if page.state not in states:
        raise Refused(gettext_noop("这一页已经交班或还没有接班，不能再写"), code="closed", rule="D-14")
    return page


def _gap(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    action: str,
    department: Department | None,
    told: str,
    power: str,
    level: str,
) -> str:
    named = bool(figure(path="D-12.power_named", site=actor.site, at=at))
    own = department is not None and department.pk in actor.department_ids
    lacking = power_gap(
        power=power, has_department=department is not None and not own, action=action, power_named=named
    )
    if lacking:
        return lacking
    somebody = bool(told.strip() or department is not None or report_path(level=level))
    return principle_gap(kind=kind, action=action, told_anybody=somebody)


def _room(*, actor: Actor, text: str) -> Room | None:
    """The room as typed; None for nothing."""
    if not text.strip():
        return None
    words = parse_room(text=text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    found = find_room(site=actor.site, key=key) if key else None
    if found is None:
        raise Refused(gettext_noop("没有这个房号，请核对"), field="room")
    return found


def _corrected(*, page: Page, seq: int | None) -> Line | None:
    if seq is None:
        return None
    found = Line.objects.filter(page__site=page.site_id, page__post=page.post_id, seq=seq).first()
    if found is None:
        raise Refused(gettext_noop("没有这一条，请核对要更正的编号"), field="corrects", rule="D-14")
    return found


def _keep_open(*, actor: Actor, page: Page, line: Line, at: datetime) -> None:
    """Something is to come of it; what the night could not solve is opened as a form at the handover (D-25)."""
    owed = is_to_be_opened(
        kind=line.kind, at_night=page.shift.is_night, is_open=True, is_sudden=line.kind == SUDDEN
    )
    item = OpenItem(site=actor.site, line=line, to_be_opened=owed)
    item.save(force_insert=True)
    if owed:
        role = owed_role(path="D-25.opened_by", site=actor.site, at=at)
        until = page.ends_at
        owe(
            site=actor.site, subject=item, milestone=OPEN_FORM, path="D-25.opened_within", role=role, at=at,
            starts_at=max(at, until), climbs=True,
        )  # fmt: skip


def _tell(*, actor: Actor, page: Page, line: Line, at: datetime) -> None:
    people = {}
    path = report_path(level=line.level)
    if path:
        role = owed_role(path=path, site=actor.site, at=at)
        for one in list_holders_or_above(site_id=actor.site.pk, role=role, at=at):
            people[one] = (REPORTED, "D-09")
    if line.department is not None and line.department_id not in actor.department_ids:
        for one in leaders_of(department=line.department, at=at):
            people.setdefault(one, (CALLED_UPON, "D-12"))
    queue(
        site_id=actor.site.pk, subject=page, at=at,
        drafts=[
            Draft(
                text=text, params={"content": line.content[:80]}, to_staff=one, rule=rule, tone="late",
                dedup_key=f"duty:{line.pk}:{one.pk}",
            )
            for one, (text, rule) in people.items() if one != actor.staff
        ],
    )  # fmt: skip


# -- what comes of an open line ----------------------------------------------------------------------------


@transaction.atomic
def settle_item(
    *, actor: Actor, record: OpenItem, at: datetime, note: str, seen: int | None = None
) -> OpenItem:
    """It is done; how, in words (D-15)."""
    item = _take_item(actor=actor, record=record, seen=seen)
    _end_item(by=actor.staff, item=item, state=OpenItem.State.SETTLED, note=note, at=at)
    timers.void(subject=item, by=actor.staff, at=at, reason=gettext_noop("不用开单，已办完"))
    events.record(
        site_id=item.site_id, kind="duty.settled", subject=item, by=actor.staff, at=at, rule="D-15",
        data={"note": note.strip(), "line": item.line.seq, "content": item.line.content[:80]},
    )  # fmt: skip
    return item


@transaction.atomic
def link_item(
    *, actor: Actor, record: OpenItem, at: datetime, number: str, seen: int | None = None
) -> OpenItem:
    """A form was opened for it; its number is written beside the line (D-25)."""
    item = _take_item(actor=actor, record=record, seen=seen)
    case = visible_cases(actor=actor).filter(number=number.strip().upper()).first()
    if case is None:
        raise Refused(gettext_noop("没有这个单号，请核对"), field="number")
    _link(by=actor.staff, item=item, case=case, at=at)
    return item


def link_opened(*, case: Case, by: Staff, at: datetime) -> None:
    """A matter of the night book was registered: the one open line of its home that asked for it is linked (D-25).

    Nothing if no line or several fit; then a person writes the number beside the right one.
    """
    fitting = OpenItem.objects.filter(
        site=case.site, state=OpenItem.State.OPEN, to_be_opened=True, line__room=case.room_id,
        line__kind__in=[kind for kind, codes in OPENED_AS.items() if case.process in codes],
    )  # fmt: skip
    found = list(fitting[:2])
    if len(found) == 1:
        _link(by=by, item=_hold_item(site=case.site, pk=found[0].pk), case=case, at=at)


def _link(*, by: Staff, item: OpenItem, case: Case, at: datetime) -> None:
    item.case = case
    _end_item(by=by, item=item, state=OpenItem.State.OPENED, note=case.number, at=at)
    timers.meet(subject=item, milestones=[OPEN_FORM], by=by, at=at)
    events.record(
        site_id=item.site_id, kind="duty.form_opened", subject=item, by=by, at=at, rule="D-25",
        data={
            "number": case.number, "line": item.line.seq, "content": item.line.content[:80],
            "process": processes.get(case.process).title,
        },
    )  # fmt: skip


def _hold_item(*, site: Site, pk: int) -> OpenItem:
    rows = OpenItem.objects.select_for_update(no_key=True, of=("self",)).select_related("line")
    return rows.get(pk=pk, site=site)


def _take_item(*, actor: Actor, record: OpenItem, seen: int | None) -> OpenItem:
    demand(actor=actor, permission="duty.log")
    item = _hold_item(site=actor.site, pk=record.pk)
    if seen is not None and seen != item.version:
        raise Conflict(gettext_noop("这条刚被别人更新过，请看过最新情况再继续"), code="stale")
    if item.state != OpenItem.State.OPEN:
        raise Refused(gettext_noop("这条已经办完了"), code="closed")
    return item


def _end_item(*, by: Staff, item: OpenItem, state: str, note: str, at: datetime) -> None:
    item.state, item.note, item.ended_at, item.ended_by = state, note.strip()[:300], at, by
    item.version += 1
    item.save(update_fields=["state", "note", "ended_at", "ended_by", "version", "case"])
