"""An enquiry by telephone enters 电话咨询登记本: who answered, before whose telephone, whose customer it is (J-06)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import tell
from yingsheng.processes.salesdesk.models import Call, Entry
from yingsheng.processes.salesdesk.queries.allow import TAKE
from yingsheng.processes.salesdesk.queries.facts import figures_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.calls import owner_of_call
from yingsheng.processes.salesdesk.services.entries import (
    SERIES,
    check_agent,
    project_meant,
    write_entry,
)
from yingsheng.processes.salesdesk.services.registering import settle_later


@transaction.atomic
def register_call(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    content: str,
    project: str = "",
    helped: Staff | None = None,
    named: Staff | None = None,
    called_at: datetime | None = None,
    **known: str,
) -> Call:
    """Enter a call: it is whoever's the caller asks for, else the answerer's, or by choice the helped colleague's.

    Rules J-06, CF-50. Raises Forbidden; Refused for a call to come, for helping oneself, for colleagues who receive
    nobody here, without a name or without what was asked.
    """
    demand(actor=actor, permission=TAKE)
    moment = called_at or at
    if moment > at:
        raise Refused(gettext_noop("来电时间不能在以后"), field="called_at", rule="J-06")
    if not content.strip():
        raise Refused(gettext_noop("请写客户问了什么"), field="content", rule="J-06")
    if helped is not None and helped.pk == actor.staff.pk:
        raise Refused(gettext_noop("自己面前的电话不算帮接，这一项留空"), field="helped", rule="J-06")
    for field, person in (("helped", helped), ("named", named)):
        if person is not None:
            check_agent(agent=person, site=actor.site, at=at, field=field, rule="J-06")
    owner = _owner(actor=actor, at=at, helped=helped, named=named)
    held = project_meant(site=actor.site, text=project)
    number = take_number(site=actor.site, prefix=SERIES[Entry.Book.PHONE_IN], at=at)
    entry = write_entry(
        project=held, book=Entry.Book.PHONE_IN, agent=owner, by=actor.staff, at=at, day=local_day(at=moment),
        number=number, known={**known, "name": name},
    )  # fmt: skip
    call = Call.objects.create(
        site=actor.site, entry=entry, number=number, answered_by=actor.staff, helped=helped, named=named,
        content=content.strip()[:300], called_at=moment,
    )  # fmt: skip
    settle_later(entry=entry, by=actor.staff, at=at)
    tell(
        record=call,
        kind="salesdesk.called",
        actor=actor,
        at=at,
        rule="J-06",
        number=number,
        agent=owner.name,
    )
    return call


def _owner(*, actor: Actor, at: datetime, helped: Staff | None, named: Staff | None) -> Staff:
    people = {str(one.pk): one for one in (actor.staff, helped, named) if one is not None}
    choice = figures_of(site=actor.site, at=at).helped_call_owner
    key = owner_of_call(
        answerer=str(actor.staff.pk), helped=str(helped.pk) if helped else "", named=str(named.pk) if named else "",
        choice=choice,
    )  # fmt: skip
    return people[key]
