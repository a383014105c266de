"""Release passes at the desk: asked for, agreed to, signed and issued, taken back, replaced (V-02, V-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yingsheng.base.plates import BadPlate, normalise_plate
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.visitors.models import Pass, PassItem
from yingsheng.processes.visitors.queries.passes import lines_of
from yingsheng.processes.visitors.rules.passes import (
    ASK,
    ASKED,
    ISSUED,
    KEPT_BACK,
    OPEN,
    OWNER,
    SELF,
    WAITING,
    BadList,
    Line,
    consent_problem,
    differs,
    read_list,
)
from yingsheng.processes.visitors.services.keys import sign_pass
from yingsheng.processes.visitors.services.writing import ISSUE, home_named, keep_files, tell

PREFIX = "FX"
GET_CONSENT, ANSWER_GATE = "pass_consent", "gate_answer"
LACKS = {
    "owner_himself": gettext_noop("业主本人申请，同意方式选“业主本人来办”"),
    "no_consent": gettext_noop("不是业主本人，要有业主的同意才能开放行条"),
    "nobody_named": gettext_noop("请写明是哪位业主同意的"),
    "no_letter": gettext_noop("请把业主签字的书面同意拍照附上"),
}
LIST_WORDS = {
    "none": gettext_noop("请写明物品和数量，一行一样"),
    "many": gettext_noop("一张放行条最多20样物品，多的另开一张"),
    "line": gettext_noop("“%(line)s”看不出数量，请写成“冰箱 1”"),
    "long": gettext_noop("“%(line)s”太长，名称最多30个字"),
    "twice": gettext_noop("“%(line)s”写了两次，请合在一行"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for a pass, and what is known of the owner's consent."""

    applicant: str
    relation: str
    consent_way: str = ""
    consent_name: str = ""
    letter: Sequence[Any] = ()


def _lines(text: str) -> tuple[Line, ...]:
    try:
        return read_list(text=text)
    except BadList as error:
        raise Refused(
            LIST_WORDS[error.reason], field="items", code=error.reason, rule="V-09", line=error.line
        ) from error


def _plate(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return normalise_plate(text=text)
    except BadPlate as error:
        raise Refused(gettext_noop("“%(plate)s”不像车牌"), field="plate", plate=text.strip()) from error


@transaction.atomic
def issue_pass(
    *,
    actor: Actor,
    at: datetime,
    room: str,
    applicant: str,
    relation: str,
    items: str,
    consent_way: str = "",
    consent_name: str = "",
    letter: Sequence[Any] = (),
    plate: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    arrears_remark: str = "",
) -> Pass:
    """Issue a pass, or note that one is asked for while the owner is still to be asked (V-02, V-09).

    Refused for somebody else than the owner without the owner's consent, and for a list without quantities. Arrears
    are a remark and hinder nothing.
    """
    demand(actor=actor, permission=ISSUE)
    household = home_named(actor=actor, text=room, rule="V-02")
    asked = Asked(
        applicant=applicant.strip(),
        relation=relation,
        consent_way=consent_way or (SELF if relation == OWNER else ""),
        consent_name=consent_name.strip(),
        letter=letter,
    )
    row = _write(
        actor=actor, at=at, household=household, asked=asked, lines=_lines(items), plate=_plate(plate),
        valid_from=valid_from, valid_until=valid_until, arrears_remark=arrears_remark.strip(),
    )  # fmt: skip
    if row.state == WAITING:
        role = owed_role(path="V-02.asked_by", site=actor.site, at=at)
        owe(site=actor.site, subject=row, milestone=GET_CONSENT, path="V-02.consent_within", role=role, at=at)
    kind = "pass_asked_for" if row.state == WAITING else "pass_issued"
    _tell_issued(actor=actor, row=row, kind=kind, at=at)
    return row


def _write(
    *,
    actor: Actor,
    at: datetime,
    household: Household,
    asked: Asked,
    lines: Sequence[Line],
    plate: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
    arrears_remark: str,
    replaces: Pass | None = None,
) -> Pass:
    _demand_consent(asked=asked, letters=len(asked.letter) or int(replaces is not None))
    since, until = _times(actor=actor, at=at, valid_from=valid_from, valid_until=valid_until)
    is_waiting = asked.consent_way == ASK
    is_told = asked.consent_way not in (SELF, ASK)
    told_at, told_by = (replaces.consent_at, replaces.consent_by) if replaces else (at, actor.staff)
    row = Pass.objects.create(
        site=actor.site, number=take_number(site=actor.site, prefix=PREFIX, at=at), household=household,
        applicant=asked.applicant, relation=asked.relation, consent_way=asked.consent_way,
        consent_name=asked.consent_name, consent_at=told_at if is_told else None,
        consent_by=told_by if is_told else None, plate=plate, valid_from=since, valid_until=until,
        arrears_remark=arrears_remark, state=WAITING, issued_at=at, issued_by=actor.staff, replaces=replaces,
    )  # fmt: skip
    PassItem.objects.bulk_create(
        PassItem(release_pass=row, serial=number, name=one.name, count=one.count, is_bulky=one.is_bulky)
        for number, one in enumerate(lines, start=1)
    )
    keep_files(actor=actor, record=row, files=asked.letter, at=at)
    if not is_waiting:
        row.state, row.code = ISSUED, sign_pass(row=row, at=at)
        row.save(update_fields=["state", "code"])
    return row


def _demand_consent(*, asked: Asked, letters: int) -> None:
    problem = consent_problem(
        relation=asked.relation, way=asked.consent_way, told_by=asked.consent_name, letters=letters
    )
    if problem is not None:
        raise Refused(LACKS[problem[1]], field=problem[0], code=problem[1], rule="V-02")


def _times(
    *, actor: Actor, at: datetime, valid_from: datetime | None, valid_until: datetime | None
) -> tuple[datetime, datetime]:
    """From when until when; by the figure of the site where nothing is said (V-02)."""
    since = max(valid_from, at) if valid_from is not None else at
    hours = figure(path="V-02.valid_hours", site=actor.site, at=at)
    until = valid_until
    if until is None:
        if hours is None:
            raise Refused(gettext_noop("请写明有效到什么时候"), field="valid_until", rule="V-02")
        until = since + timedelta(hours=int(hours))
    if until <= since:
        raise Refused(gettext_noop("有效期的结束要晚于开始"), field="valid_until", rule="V-02")
    if hours is not None and until > since + timedelta(hours=int(hours)):
        raise Refused(
            gettext_noop("放行条最长有效%(hours)s小时"), field="valid_until", rule="V-02", hours=hours
        )
    return since, until


def _tell_issued(*, actor: Actor, row: Pass, kind: str, at: datetime) -> None:
    tell(
        record=row, kind=kind, actor=actor, at=at, rule="V-02", number=row.number, room=row.household.room.label,
        count=row.items.count(),
    )  # fmt: skip


@transaction.atomic
def note_consent(
    *,
    actor: Actor,
    record: Pass,
    at: datetime,
    consent_way: str,
    consent_name: str = "",
    letter: Sequence[Any] = (),
    seen: int | None = None,
) -> Pass:
    """The owner was reached and agrees: who asked him, when and how is kept, and the pass goes out (V-02)."""
    row = hold(actor=actor, record=record, permission=ISSUE, seen=seen, states=(WAITING,))
    asked = Asked(
        applicant=row.applicant,
        relation=row.relation,
        consent_way=consent_way,
        consent_name=consent_name.strip(),
        letter=letter,
    )
    if consent_way == ASK:
        raise Refused(LACKS["no_consent"], field="consent_way", code="no_consent", rule="V-02")
    _demand_consent(asked=asked, letters=len(letter))
    keep_files(actor=actor, record=row, files=letter, at=at)
    length = row.valid_until - row.valid_from
    row.valid_from = max(row.valid_from, at)
    row.valid_until = row.valid_from + length
    change(
        record=row, state=ISSUED, consent_way=consent_way, consent_name=asked.consent_name, consent_at=at,
        consent_by=actor.staff, valid_from=row.valid_from, valid_until=row.valid_until,
        code=sign_pass(row=row, at=at),
    )  # fmt: skip
    timers.meet(subject=row, milestones=[GET_CONSENT], by=actor.staff, at=at)
    _tell_issued(actor=actor, row=row, kind="pass_consented", at=at)
    return row


@transaction.atomic
def answer_gate(
    *, actor: Actor, record: Pass, at: datetime, answer: str, remark: str, seen: int | None = None
) -> Pass:
    """What the owner said when the gate had him asked: yes lets the goods out, no keeps them in (V-02)."""
    row = hold(actor=actor, record=record, permission=ISSUE, seen=seen, states=(ASKED,))
    if not remark.strip():
        raise Refused(gettext_noop("请写明问了谁、怎么说的"), field="remark", rule="V-02")
    values: dict[str, Any] = {"owner_answer": answer, "gate_remark": remark.strip()}
    if answer != "yes":
        values |= {"state": KEPT_BACK, "ended_reason": remark.strip(), "ended_at": at, "gate_at": at}
        values |= {"gate_told_at": at, "gate_by": actor.staff}
    change(record=row, **values)
    timers.meet(subject=row, milestones=[ANSWER_GATE], by=actor.staff, at=at)
    tell(
        record=row,
        kind="owner_agreed" if answer == "yes" else "owner_declined",
        actor=actor,
        at=at,
        rule="V-02",
    )
    return row


@transaction.atomic
def revoke_pass(*, actor: Actor, record: Pass, at: datetime, reason: str, seen: int | None = None) -> Pass:
    """Take a pass back before it is used, with the reason; it never passes from then on (V-02)."""
    row = hold(actor=actor, record=record, permission=ISSUE, seen=seen, states=OPEN)
    if not reason.strip():
        raise Refused(gettext_noop("请写明撤销的原因"), field="reason", rule="V-02")
    end_pass(row=row, state="revoked", reason=reason.strip(), at=at)
    timers.void(subject=row, by=actor.staff, at=at, reason=row.ended_reason)
    tell(record=row, kind="pass_revoked", actor=actor, at=at, rule="V-02", number=row.number, reason=reason)
    return row


@transaction.atomic
def replace_pass(
    *, actor: Actor, record: Pass, at: datetime, items: str, plate: str = "", seen: int | None = None
) -> Pass:
    """What stands at the gate is not what the pass says: a new one with the right list, the old one ends (V-02).

    The consent of the old one covers it, the applicant is the same.
    """
    row = hold(actor=actor, record=record, permission=ISSUE, seen=seen, states=(ISSUED, ASKED, KEPT_BACK))
    lines = _lines(items)
    if not differs(found=lines, wanted=lines_of(row)) and _plate(plate) == row.plate:
        raise Refused(gettext_noop("清单没有变，不用换新条"), field="items", rule="V-02")
    timers.void(subject=row, by=actor.staff, at=at, reason="replaced")
    end_pass(row=row, state="replaced", reason=row.ended_reason, at=at)
    fresh = _write(
        actor=actor, at=at, household=row.household, lines=lines, plate=_plate(plate) or row.plate, valid_from=None,
        valid_until=None, arrears_remark=row.arrears_remark, replaces=row,
        asked=Asked(
            applicant=row.applicant, relation=row.relation, consent_way=row.consent_way, consent_name=row.consent_name,
        ),
    )  # fmt: skip
    tell(
        record=row,
        kind="pass_replaced",
        actor=actor,
        at=at,
        rule="V-02",
        number=row.number,
        fresh=fresh.number,
    )
    return row


def end_pass(*, row: Pass, state: str, reason: str, at: datetime) -> None:
    """Write that a pass is over."""
    change(record=row, state=state, ended_reason=reason[:200], ended_at=at)
