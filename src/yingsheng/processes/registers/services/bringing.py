"""Bringing in a list of key customers that was kept elsewhere: all lines or none, each proposed as usual (Z-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_staff
from yingsheng.processes.registers.models import KeyCustomer
from yingsheng.processes.registers.services.customers import propose_customer

MOST = 500


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the file as it was typed; `number` is where it stands."""

    number: int
    room: str
    contact_name: str
    reason: str
    why: str
    care_by: str
    every_days: str


@transaction.atomic
def bring_in_customers(*, actor: Actor, lines: Sequence[Line], at: datetime) -> list[KeyCustomer]:
    """Propose every line; Refused naming the first line that cannot be, and then none is written (Z-05)."""
    demand(actor=actor, permission="registers.care")
    if not lines:
        raise Refused(gettext_noop("文件里没有住户"), field="table", rule="Z-05")
    if len(lines) > MOST:
        raise Refused(gettext_noop("一次最多导入%(most)s户"), field="table", most=MOST)
    staff = {one.name: one for one in list_staff(site_id=actor.site.pk, at=at)}
    made = []
    for line in lines:
        carer = staff.get(line.care_by.strip())
        if line.reason not in KeyCustomer.Reason.values or not line.why.strip() or carer is None:
            raise _refused(line, gettext_noop("类别、原因或联系的人不对"))
        if line.every_days and not (line.every_days.isdecimal() and 1 <= int(line.every_days) <= 365):
            raise _refused(line, gettext_noop("天数要在1到365之间"))
        try:
            made.append(
                propose_customer(
                    actor=actor, at=at, room=line.room, reason=line.reason, why=line.why[:300], care_by=carer,
                    every_days=int(line.every_days) if line.every_days else None, contact_name=line.contact_name[:60],
                )
            )  # fmt: skip
        except Refused as refusal:
            raise _refused(line, refusal.text) from refusal
    return made


def _refused(line: Line, why: str) -> Refused:
    return Refused(
        gettext_noop("第%(line)s行（%(room)s）：%(why)s"), field="table", rule="Z-05", line=line.number, room=line.room,
        why=gettext(why),
    )  # fmt: skip
