"""At the gate: let out, kept back, the owner asked; and what a phone tells too late (V-02, V-03)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.notify import services as notify
from yingsheng.kernel.notify.services import Draft
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.visitors.models import Pass, SecondUse
from yingsheng.processes.visitors.queries.passes import clock, look_up
from yingsheng.processes.visitors.rules.passes import (
    ASKED,
    AT_GATE,
    ISSUED,
    KEPT_BACK,
    RELEASED,
    acted_at,
    gate_problem,
)
from yingsheng.processes.visitors.services.passes import ANSWER_GATE
from yingsheng.processes.visitors.services.writing import GATE, tell

BAD_CODE = {
    "shape": gettext_noop("这不是本项目的放行条，或者码被改过"),
    "key": gettext_noop("这张放行条不是本项目开出的"),
    "signature": gettext_noop("这张放行条的签名不对，内容可能被改过"),
    "none": gettext_noop("没有这张放行条"),
}
PROBLEMS = {
    "owner_not_answered": gettext_noop("正在联系业主，等前台回话再放行"),
    "waiting": gettext_noop("业主还没有同意，这张放行条还没有开出"),
    "released": gettext_noop("这张放行条已经用过"),
    "not_released": gettext_noop("这张放行条上次没有放行，请到前台处理"),
    "expired": gettext_noop("这张放行条过期了，请到前台重开"),
    "revoked": gettext_noop("这张放行条已经撤销"),
    "replaced": gettext_noop("这张放行条已换新条，请看新的一张"),
    "too_early": gettext_noop("还没到有效时间"),
}
USED_AGAIN = gettext_noop("放行条%(number)s已经不能用，%(who)s在%(when)s又登记放行，请查明原因")


def pass_named(*, actor: Actor, code: str) -> Pass:
    """The pass that a code or number names; Refused for a code that was altered or is none of this site (V-02)."""
    found = look_up(actor=actor, text=code)
    if found.row is None:
        raise Refused(BAD_CODE[found.problem], field="code", code=found.problem, rule="V-02")
    return found.row


@transaction.atomic
def release_pass(
    *,
    actor: Actor,
    record: Pass,
    at: datetime,
    matches: str,
    remark: str = "",
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Pass:
    """Goods that are what the pass names go out, once (V-02, V-03).

    Refused where something differs: that needs a new pass. Conflict for one that does not pass any more; what a
    guard without signal let out all the same is kept as a second use and told to the supervisor.
    """
    row = _hold(actor=actor, record=record, seen=seen)
    moment = acted_at(told=device_at, at=at)
    if matches != "yes":
        raise Refused(gettext_noop("实物和清单不符，不能放行，请到前台换新条"), field="matches", rule="V-02")
    problem = gate_problem(
        state=row.state, owner_answer=row.owner_answer, valid_from=row.valid_from, valid_until=row.valid_until,
        at=moment,
    )  # fmt: skip
    if problem:
        conflict = Conflict(PROBLEMS[problem], code=problem, rule="V-02")
        if device_at is not None and problem not in ("too_early",):
            conflict.afterwards = _second_use(actor=actor, row=row, moment=moment, at=at)
        raise conflict
    _write_gate(actor=actor, row=row, state=RELEASED, moment=moment, at=at, remark=remark)
    timers.meet(subject=row, milestones=[ANSWER_GATE], by=actor.staff, at=at)
    tell(
        record=row,
        kind="pass_released",
        actor=actor,
        at=at,
        rule="V-02",
        device_at=device_at,
        number=row.number,
    )
    return row


@transaction.atomic
def keep_back(
    *,
    actor: Actor,
    record: Pass,
    at: datetime,
    reason: str,
    remark: str = "",
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Pass:
    """Goods stay in, with the reason; nothing is taken from anybody (V-02, V-03)."""
    row = _hold(actor=actor, record=record, seen=seen, states=AT_GATE)
    moment = acted_at(told=device_at, at=at)
    _write_gate(actor=actor, row=row, state=KEPT_BACK, moment=moment, at=at, remark=remark, reason=reason)
    timers.void(subject=row, by=actor.staff, at=at, reason=reason, milestones=[ANSWER_GATE])
    tell(
        record=row, kind="pass_not_released", actor=actor, at=at, rule="V-03", device_at=device_at, number=row.number,
        reason=reason,
    )  # fmt: skip
    return row


@transaction.atomic
def ask_owner(
    *,
    actor: Actor,
    record: Pass,
    at: datetime,
    question: str,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Pass:
    """The guard doubts: the desk asks the owner and answers within the time the rule names (V-02)."""
    row = _hold(actor=actor, record=record, seen=seen, states=(ISSUED,))
    row.state, row.owner_question, row.owner_answer = ASKED, question.strip()[:200], ""
    row.version += 1
    row.save(update_fields=["state", "owner_question", "owner_answer", "version"])
    role = owed_role(path="V-02.asked_by", site=actor.site, at=at)
    owe(
        site=actor.site,
        subject=row,
        milestone=ANSWER_GATE,
        path="V-02.owner_answer_within",
        role=role,
        at=at,
        climbs=True,
    )
    tell(
        record=row, kind="owner_asked", actor=actor, at=at, rule="V-02", device_at=device_at, number=row.number,
        question=row.owner_question,
    )  # fmt: skip
    return row


def _hold(*, actor: Actor, record: Pass, seen: int | None, states: tuple[str, ...] | None = None) -> Pass:
    """The pass as it stands now, held; Conflict for one that was changed since, or that is past this step."""
    demand(actor=actor, permission=GATE)
    row = Pass.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if seen is not None and seen != row.version:
        raise Conflict(gettext_noop("这条记录刚被别人更新过，请看过最新情况再继续"), code="stale")
    if states is not None and row.state not in states:
        raise Conflict(
            PROBLEMS.get(row.state, gettext_noop("这张放行条现在不能这样办")), code=row.state, rule="V-02"
        )
    return row


def _write_gate(
    *, actor: Actor, row: Pass, state: str, moment: datetime, at: datetime, remark: str, reason: str = ""
) -> None:
    row.state, row.gate_at, row.gate_told_at, row.gate_by = state, moment, at, actor.staff
    row.gate_remark, row.ended_reason, row.ended_at = (
        (remark.strip() or row.gate_remark)[:200],
        reason.strip()[:200],
        moment,
    )
    row.version += 1
    row.save(
        update_fields=[
            "state", "gate_at", "gate_told_at", "gate_by", "gate_remark", "ended_reason", "ended_at", "version",
        ]
    )  # fmt: skip


def _second_use(*, actor: Actor, row: Pass, moment: datetime, at: datetime) -> Callable[[], None]:
    def note() -> None:
        note_second_use(actor=actor, record=row, moment=moment, at=at)

    return note


@transaction.atomic
def note_second_use(*, actor: Actor, record: Pass, moment: datetime, at: datetime) -> SecondUse | None:
    """Keep that a gate let goods out on a pass that was no longer good, and tell whoever reconciles (V-02).

    None if this was told before: both moments stay, each once.
    """
    row = Pass.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    made, is_new = SecondUse.objects.get_or_create(
        release_pass=row, by=actor.staff, at=moment, defaults={"told_at": at, "found_state": row.state}
    )
    if not is_new:
        return None
    tell(
        record=row, kind="used_again", actor=actor, at=at, rule="V-02", device_at=moment, number=row.number,
        when=clock(moment), state=str(row.state),
    )  # fmt: skip
    role = owed_role(path="V-02.reconciled_by", site=actor.site, at=at)
    params = {"number": row.number, "who": actor.staff.name, "when": clock(moment)}
    notify.queue(
        site_id=actor.site.pk,
        subject=row,
        drafts=[
            Draft(
                text=USED_AGAIN, params=params, to_staff=one, rule="V-02", tone="late",
                dedup_key=f"pass:{row.pk}:again:{made.pk}:{one.pk}",
            )
            for one in list_holders_or_above(site_id=actor.site.pk, role=role, at=at)
        ],
        at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def keep_note(
    *, actor: Actor, record: Pass, at: datetime, text: str, device_at: datetime | None = None
) -> None:
    """Keep what a phone tells and the pass does not take any more as words, so that nothing is lost (V-02)."""
    demand(actor=actor, permission=GATE)
    if not text.strip():
        raise Refused(gettext_noop("请写明做了什么"), field="text")
    tell(
        record=record, kind="note_kept", actor=actor, at=at, rule="V-02", device_at=device_at,
        text=text.strip()[:2000],
    )  # fmt: skip
