"""Somebody a viewer looks for or introduces, who has not come: registered too, for the viewer's agent (J-14)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import tell
from yingsheng.processes.salesdesk.models import Entry, Referral
from yingsheng.processes.salesdesk.queries.allow import TAKE
from yingsheng.processes.salesdesk.queries.customers import list_entries
from yingsheng.processes.salesdesk.queries.facts import holder_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.services.entries import SERIES, entry_meant, write_entry
from yingsheng.processes.salesdesk.services.registering import settle_later


@transaction.atomic
def register_referral(
    *, actor: Actor, at: datetime, introduced_by: str, relation: str, name: str, **known: str
) -> Referral:
    """Enter whom a viewer spoke of; the entry is that of the viewer's agent (J-14).

    What is left out keeps the entry from complying with J-04 when it is looked at later. Raises Forbidden; Refused for
    a viewer who never came, for one of somebody else's, and for the viewer himself.
    """
    demand(actor=actor, permission=TAKE)
    viewer = entry_meant(site=actor.site, text=introduced_by, field="introduced_by", rule="J-14")
    if viewer.book != Entry.Book.VISIT:
        raise Refused(gettext_noop("介绍人要是来看过房的客户"), field="introduced_by", rule="J-14")
    if not list_entries(actor=actor).filter(pk=viewer.pk).exists():
        raise Refused(gettext_noop("介绍人是别人的客户，请由他登记"), field="introduced_by", rule="J-14")
    if relation == Relation.SELF:
        raise Refused(gettext_noop("登记的要是另一个人"), field="relation", rule="J-14")
    number = take_number(site=actor.site, prefix=SERIES[Entry.Book.REFERRAL], at=at)
    agent = Staff.objects.get(pk=holder_of(entry=viewer))
    entry = write_entry(
        project=viewer.project, book=Entry.Book.REFERRAL, agent=agent, by=actor.staff, at=at, day=local_day(at=at),
        number=number, known={**known, "name": name},
    )  # fmt: skip
    referral = Referral.objects.create(
        site=actor.site,
        entry=entry,
        number=number,
        introduced_by=viewer,
        relation=Relation(relation).value,
        told_at=at,
    )
    settle_later(entry=entry, by=actor.staff, at=at)
    tell(
        record=referral, kind="salesdesk.referred", actor=actor, at=at, rule="J-14", number=number,
        agent=agent.name, entry=viewer.number, relation=relation,
    )  # fmt: skip
    return referral
