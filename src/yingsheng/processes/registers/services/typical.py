"""Typical cases: written so that nobody is betrayed, published after approval, made a requirement (Z-06, B-10)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers.posts import demand_post
from yingsheng.processes.registers.models import TypicalCase, TypicalRead
from yingsheng.processes.registers.queries import case_named
from yingsheng.processes.registers.rules import personal_in

PERSONAL = {
    "phone": gettext_noop("案例里有电话号码，请去掉"),
    "id_number": gettext_noop("案例里有身份证号，请去掉"),
    "room": gettext_noop("案例里有房号，请去掉"),
    "name": gettext_noop("案例里有来人来电的姓名，请换成“住户”"),
}
NOT_HIS = gettext_noop("典型案例由规程指定的岗位批准公布")


@transaction.atomic
def write_typical(
    *, actor: Actor, at: datetime, title: str, category: str, summary: str, learned: str, number: str = ""
) -> TypicalCase:
    """Write down a case worth telling; personal data is refused (Z-06, B-10)."""
    demand(actor=actor, permission="registers.write_typical")
    case = case_named(actor=actor, number=number)
    if number.strip() and case is None:
        raise Refused(gettext_noop("没有这件事，或者您不能查看"), field="number", rule="Z-06")
    if case is not None and TypicalCase.objects.filter(case=case).exclude(state="retired").exists():
        raise Refused(gettext_noop("这件事已收为典型案例"), field="number", rule="Z-06")
    _check(case=case, title=title, summary=summary, learned=learned)
    row = TypicalCase.objects.create(
        site=actor.site, case=case, title=title.strip(), category=category, summary=summary.strip(),
        learned=learned.strip(), written_at=at, written_by=actor.staff,
    )  # fmt: skip
    tell(record=row, kind="registers.typical_written", actor=actor, at=at, rule="Z-06", title=row.title)
    return row


@transaction.atomic
def rewrite_typical(
    *, actor: Actor, record: TypicalCase, at: datetime, title: str, category: str, summary: str, learned: str,
    seen: int | None = None,
) -> TypicalCase:  # fmt: skip
    """Correct one that is not published yet (B-10)."""
    row = hold(actor=actor, record=record, permission="registers.write_typical", seen=seen, states=("draft",))
    _check(case=row.case, title=title, summary=summary, learned=learned)
    change(
        record=row, title=title.strip(), category=category, summary=summary.strip(), learned=learned.strip()
    )
    tell(record=row, kind="registers.typical_rewritten", actor=actor, at=at, rule="B-10", title=row.title)
    return row


@transaction.atomic
def publish_typical(
    *, actor: Actor, record: TypicalCase, at: datetime, seen: int | None = None
) -> TypicalCase:
    """Make it known to all staff (B-10)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("draft",))
    demand_post(actor=actor, path="B-10.approved_by", at=at, text=NOT_HIS)
    change(record=row, state="published", published_at=at, published_by=actor.staff)
    tell(record=row, kind="registers.typical_published", actor=actor, at=at, rule="B-10", title=row.title)
    return row


@transaction.atomic
def adopt_typical(
    *, actor: Actor, record: TypicalCase, at: datetime, requirement_number: str, requirement_date: date,
    requirement_text: str, seen: int | None = None,
) -> TypicalCase:  # fmt: skip
    """Turn what was learned into a requirement of the site, with number and date (B-10)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("published",))
    demand_post(actor=actor, path="B-10.approved_by", at=at, text=NOT_HIS)
    change(
        record=row, state="adopted", requirement_number=requirement_number.strip(),
        requirement_date=requirement_date, requirement_text=requirement_text.strip(),
    )  # fmt: skip
    tell(
        record=row, kind="registers.typical_adopted", actor=actor, at=at, rule="B-10",
        number=row.requirement_number, day=requirement_date.isoformat(),
    )  # fmt: skip
    return row


@transaction.atomic
def retire_typical(
    *, actor: Actor, record: TypicalCase, at: datetime, reason: str, seen: int | None = None
) -> TypicalCase:
    """Take it out of the collection, with the reason (B-10)."""
    row = hold(
        actor=actor, record=record, permission="registers.approve", seen=seen,
        states=("draft", "published", "adopted"),
    )  # fmt: skip
    change(record=row, state="retired")
    tell(record=row, kind="registers.typical_retired", actor=actor, at=at, rule="B-10", reason=reason)
    return row


@transaction.atomic
def read_typical(*, actor: Actor, record: TypicalCase, at: datetime, seen: int | None = None) -> TypicalCase:
    """Somebody of the staff has read it, once (B-10)."""
    row = hold(
        actor=actor, record=record, permission="registers.see", seen=seen, states=("published", "adopted")
    )
    if TypicalRead.objects.filter(typical=row, staff=actor.staff).exists():
        raise Refused(gettext_noop("您已经读过这个案例"), code="seen")
    TypicalRead.objects.create(typical=row, staff=actor.staff, at=at)
    tell(record=row, kind="registers.typical_read", actor=actor, at=at, rule="B-10", title=row.title)
    return row


def _check(*, case: Case | None, title: str, summary: str, learned: str) -> None:
    names = set()
    if case is not None:
        person = case.person
        names = {
            case.caller_name,
            person.name if person is not None else "",
            person.call_as if person else "",
        }
    for field, text in (("title", title), ("summary", summary), ("learned", learned)):
        found = personal_in(texts=[text], names=names - {""})
        if found:
            raise Refused(PERSONAL[found], field=field, rule="B-10")
