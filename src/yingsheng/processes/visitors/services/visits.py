"""Visitors: registered, the host asked, let in or told why not, a message taken, seen off (V-01, V-05 … V-08)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.notify import services as notify
from yingsheng.kernel.notify.services import Draft
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.visitors.models import Visitor
from yingsheng.processes.visitors.queries.passes import clock
from yingsheng.processes.visitors.queries.visits import host_of
from yingsheng.processes.visitors.rules.visits import (
    CANCELLED,
    EXPECTED,
    HOME,
    INSIDE,
    LEFT,
    NOT_ASKED,
    OFFICE,
    REASONS,
    TOOK_MESSAGE,
    TURNED_AWAY,
    WAITING,
    YES,
    entry_problem,
    id_problem,
)
from yingsheng.processes.visitors.services.writing import GATE, REGISTER, home_named, tell

HOST, MEET = "host_answer", "meet_visitor"
CAME = gettext_noop("%(when)s有人来访，您不在：%(message)s")
EXPECT = gettext_noop("请在%(when)s迎接来访%(host)s的客人")
LACKS = {
    "only_guards": gettext_noop("只有保安员可以要求出示证件，请交给保安员办"),
    "host_not_asked": gettext_noop("请先联系被访人，同意了才能请客人进去"),
    "no_id": gettext_noop("客人不愿出示证件，不能进入；请说明规定和住户安全"),
    "no_leader": gettext_noop("忘带证件又必须进，请先用对讲请干部来协助，并写明是谁"),
    "id_not_asked": gettext_noop("请先看过证件，再请客人进去"),
    "nobody_leads": gettext_noop("办公楼层要有人引导，请写明由谁带路"),
}


@transaction.atomic
def register_visitor(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    host_kind: str,
    purpose: str,
    room: str = "",
    host_unit: str = "",
    host_staff: Staff | None = None,
    people: int | None = None,
    is_vip: bool = False,
    expected_at: datetime | None = None,
    met_by: Staff | None = None,
) -> Visitor:
    """Somebody came, or is announced for later: the host is asked, or whoever meets him is told (V-01, V-05, V-08)."""
    demand(actor=actor, permission=REGISTER)
    household = home_named(actor=actor, text=room, rule="V-05") if host_kind == HOME else None
    if host_kind == OFFICE and host_staff is None and not host_unit.strip():
        raise Refused(gettext_noop("请问清找哪个单位或哪位员工"), field="host_unit", rule="V-08")
    is_ahead = expected_at is not None and expected_at > at
    if is_ahead and met_by is None:
        raise Refused(gettext_noop("预约的客人请写明由谁迎接"), field="met_by", rule="V-08")
    row = Visitor.objects.create(
        site=actor.site, name=name.strip(), people=people or 1, purpose=purpose.strip(), host_kind=host_kind,
        household=household, host_staff=host_staff if host_kind == OFFICE else None, host_unit=host_unit.strip(),
        is_vip=is_vip, expected_at=expected_at, met_by=met_by, state=EXPECTED if is_ahead else WAITING,
        asked_at=None if is_ahead else at, registered_at=at, registered_by=actor.staff,
    )  # fmt: skip
    if is_ahead:
        _announce(actor=actor, row=row, at=at)
    else:
        _ask_host(actor=actor, row=row, at=at)
    tell(
        record=row, kind="visitor_expected" if is_ahead else "visitor_came", actor=actor, at=at,
        rule="V-08" if is_ahead else "V-01", host=host_of(row), count=row.people,
    )  # fmt: skip
    return row


def _announce(*, actor: Actor, row: Visitor, at: datetime) -> None:
    assert row.met_by is not None and row.expected_at is not None
    owe(
        site=actor.site, subject=row, milestone=MEET, path="V-08", role=owed_role(
            path="V-05.asked_by", site=actor.site, at=at
        ), staff=row.met_by, at=at, until=row.expected_at,
    )  # fmt: skip
    notify.queue(
        site_id=actor.site.pk,
        subject=row,
        drafts=[
            Draft(
                text=EXPECT, params={"when": clock(row.expected_at), "host": host_of(row)}, to_staff=row.met_by,
                rule="V-08", dedup_key=f"visitor:{row.pk}:expected",
            )
        ],
        at=at,
    )  # fmt: skip


def _ask_host(*, actor: Actor, row: Visitor, at: datetime) -> None:
    role = owed_role(path="V-05.asked_by", site=actor.site, at=at)
    owe(site=actor.site, subject=row, milestone=HOST, path="V-05.host_within", role=role, at=at)


@transaction.atomic
def visitor_arrived(*, actor: Actor, record: Visitor, at: datetime, seen: int | None = None) -> Visitor:
    """Somebody who was announced is here: met, and his host asked (V-05, V-08)."""
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(EXPECTED,))
    change(record=row, state=WAITING, asked_at=at)
    timers.meet(subject=row, milestones=[MEET], by=actor.staff, at=at)
    _ask_host(actor=actor, row=row, at=at)
    tell(record=row, kind="visitor_arrived", actor=actor, at=at, rule="V-08", host=host_of(row))
    return row


@transaction.atomic
def let_in(
    *,
    actor: Actor,
    record: Visitor,
    at: datetime,
    host_answer: str,
    id_state: str = NOT_ASKED,
    leader: str = "",
    led_by: str = "",
    seen: int | None = None,
) -> Visitor:
    """The host agrees and the visitor goes in; a guard has seen an ID or called a leader (V-01, V-05, V-06, V-08).

    Refused without the host's word, for an ID asked by somebody who is no guard, without an ID where the rule asks
    for one, on an office floor without somebody who leads the way.
    """
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(WAITING,))
    is_guard = actor.may(GATE)
    asked = id_problem(id_state=id_state, is_guard=is_guard)
    if asked:
        raise Refused(LACKS[asked], field="id_state", code=asked, rule="V-05")
    required = bool(figure(path="V-06.id_required", site=actor.site, at=at))
    problem = entry_problem(
        id_required=required, is_guard=is_guard, id_state=id_state, leader=leader, host_consents=host_answer == YES,
        is_office=row.host_kind == OFFICE, led_by=led_by,
    )  # fmt: skip
    if problem is not None:
        rule = {"host_not_asked": "V-05", "nobody_leads": "V-01"}.get(problem[1], "V-06")
        raise Refused(LACKS[problem[1]], field=problem[0], code=problem[1], rule=rule)
    change(
        record=row, state=INSIDE, host_answer=host_answer, id_state=id_state or NOT_ASKED, leader=leader.strip(),
        led_by=led_by.strip(), in_at=at, let_in_by=actor.staff,
    )  # fmt: skip
    timers.meet(subject=row, milestones=[HOST], by=actor.staff, at=at)
    tell(record=row, kind="visitor_in", actor=actor, at=at, rule="V-05", host=host_of(row))
    return row


@transaction.atomic
def turn_away(
    *,
    actor: Actor,
    record: Visitor,
    at: datetime,
    reason: str,
    leader: str = "",
    seen: int | None = None,
) -> Visitor:
    """Somebody does not go in, politely, for a reason of the list; who forces his way has a leader called (V-06)."""
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(WAITING,))
    told = REASONS.get(reason)
    if told is None:
        raise Refused(gettext_noop("请选一个原因"), field="reason", rule="V-06")
    if reason in ("id_unwilling", "id_forgotten") and not actor.may(GATE):
        raise Refused(LACKS["only_guards"], field="reason", code="only_guards", rule="V-05")
    if reason == "forced" and not leader.strip():
        raise Refused(
            gettext_noop("有人强行进入，请先呼叫附近的干部，并写明是谁"), field="leader", rule="V-06"
        )
    states = {"id_unwilling": "unwilling", "id_forgotten": "forgotten"}
    change(
        record=row, state=TURNED_AWAY, reason=reason, leader=leader.strip(),
        id_state=states.get(reason, row.id_state), host_answer="no" if reason == "host_unwilling" else row.host_answer,
    )  # fmt: skip
    timers.meet(subject=row, milestones=[HOST], by=actor.staff, at=at)
    tell(
        record=row,
        kind="visitor_turned_away",
        actor=actor,
        at=at,
        rule=told.rule,
        host=host_of(row),
        reason=reason,
    )
    return row


@transaction.atomic
def take_message(
    *, actor: Actor, record: Visitor, at: datetime, message: str, seen: int | None = None
) -> Visitor:
    """The host is away or unwilling: a card or message is taken and sent on to him (V-07)."""
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(WAITING, TURNED_AWAY))
    if not message.strip():
        raise Refused(gettext_noop("请写下留言，或者名片上的单位和姓名"), field="message", rule="V-07")
    change(record=row, state=TOOK_MESSAGE, message=message.strip(), host_answer=row.host_answer or "absent")
    timers.meet(subject=row, milestones=[HOST], by=actor.staff, at=at)
    if row.household is not None or row.host_staff is not None:
        notify.queue(
            site_id=actor.site.pk,
            subject=row,
            drafts=[
                Draft(
                    text=CAME, params={"when": clock(row.registered_at), "message": row.message},
                    to_household=row.household, to_staff=row.host_staff if row.household is None else None,
                    rule="V-07", dedup_key=f"visitor:{row.pk}:message",
                )
            ],
            at=at,
        )  # fmt: skip
    tell(record=row, kind="message_taken", actor=actor, at=at, rule="V-07", host=host_of(row))
    return row


@transaction.atomic
def see_off(*, actor: Actor, record: Visitor, at: datetime, seen: int | None = None) -> Visitor:
    """The visitor leaves and is wished goodbye (V-01, V-07)."""
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(INSIDE,))
    change(record=row, state=LEFT, out_at=at)
    tell(record=row, kind="visitor_left", actor=actor, at=at, rule="V-01", host=host_of(row))
    return row


@transaction.atomic
def cancel_visit(
    *, actor: Actor, record: Visitor, at: datetime, reason: str, seen: int | None = None
) -> Visitor:
    """Somebody who was announced does not come (V-08)."""
    row = hold(actor=actor, record=record, permission=REGISTER, seen=seen, states=(EXPECTED,))
    change(record=row, state=CANCELLED)
    timers.void(subject=row, by=actor.staff, at=at, reason=reason.strip())
    tell(
        record=row, kind="visit_cancelled", actor=actor, at=at, rule="V-08", host=host_of(row), reason=reason
    )
    return row
