"""Lines of the books with their proofs, written once; entries found by what somebody says of them (J-04, J-05)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from yingsheng.base.phones import BadPhone, split_phones
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.salesdesk.models import Entry, Project, Proof
from yingsheng.processes.salesdesk.queries.allow import TAKE
from yingsheng.processes.salesdesk.queries.customers import entries_sharing, proofs_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.matching import Key

SERIES = {Entry.Book.VISIT: "KH", Entry.Book.PHONE_IN: "LD", Entry.Book.REFERRAL: "JS"}
# what may be written of a customer, with the room there is for it
LIMITS = {
    "name": 60, "surname": 20, "employer_or_address": 120, "contact": 120, "intention": 200, "source": 60,
    "car_brand": 30, "plate": 20, "remark": 300,
}  # fmt: skip
SELLING = "selling"


def write_entry(
    *,
    project: Project,
    book: Entry.Book,
    agent: Staff,
    by: Staff,
    at: datetime,
    day: date,
    known: Mapping[str, str],
    is_imported: bool = False,
    number: str = "",
) -> Entry:
    """A line of a book with the proofs it carries from this day on (J-04, J-05); inside the caller's transaction.

    What was brought in from an older book stands since the day it names. Refused without the customer's name.
    """
    values = {name: known.get(name, "").strip()[:limit] for name, limit in LIMITS.items()}
    if not values["name"]:
        raise Refused(gettext_noop("请写客户姓名，不肯说全名的写称呼"), field="name", rule="J-04")
    entry = Entry.objects.create(
        site=project.site, project=project, book=book, agent=agent, by=by, at=at, day=day, is_imported=is_imported,
        number=number or take_number(site=project.site, prefix=SERIES[book], at=at), **values,
    )  # fmt: skip
    since = day if is_imported else local_day(at=at)
    write_proofs(entry=entry, values=values, since=since, at=at)
    return entry


def write_proofs(*, entry: Entry, values: dict[str, str], since: date, at: datetime) -> None:
    """The proofs that these values give and the entry does not carry yet, from a day on (J-05, J-29)."""
    proofs = proofs_of(
        site=entry.site, at=at, name=values["name"], surname=values["surname"], phones=values["contact"],
        car_brand=values["car_brand"], plate=values["plate"],
    )  # fmt: skip
    known = set(entry.proofs.values_list("key", flat=True))
    Proof.objects.bulk_create(
        Proof(entry=entry, site_id=entry.site_id, key=key, since=since) for key in sorted(proofs - known)
    )


def entry_meant(*, site: Site, text: str, field: str, rule: str) -> Entry:
    """The entry of an old customer that somebody names by its number or by his telephone (J-11, J-14).

    Refused for none, and for a telephone under which several agents have a customer.
    """
    said = text.strip()
    found = Entry.objects.filter(site=site, number__iexact=said).first()
    if found is not None:
        return found
    try:
        phones = split_phones(text=said, area_code=site.area_code)
    except BadPhone:
        phones = ()
    held = entries_sharing(site=site, proofs=[f"{Key.PHONE}:{one}" for one in phones])
    came = [one for one in held if one.entry.book == Entry.Book.VISIT]
    if not came:
        raise Refused(gettext_noop("没有这个登记号或电话的来访客户"), field=field, rule=rule)
    if len({one.holder_id for one in came}) > 1:
        raise Refused(
            gettext_noop("这个电话有几位业务员登记过，请写登记号：%(numbers)s"), field=field, rule=rule,
            numbers="、".join(one.entry.number for one in came),
        )  # fmt: skip
    return came[0].entry


def project_meant(*, site: Site, text: str, field: str = "project") -> Project:
    """The project in sale that is meant; the only one there is if nothing was said. Refused otherwise."""
    rows = list(Project.objects.filter(site=site, state=SELLING).select_related("site").order_by("pk"))
    named = [one for one in rows if one.name == text.strip()] if text.strip() else rows
    if not rows:
        raise Refused(gettext_noop("还没有在售的项目"), field=field, rule="J-01")
    if len(named) != 1:
        raise Refused(
            gettext_noop("请写在售的项目名称：%(names)s"), field=field, rule="J-01",
            names="、".join(one.name for one in rows),
        )  # fmt: skip
    return named[0]


def check_agent(*, agent: Staff, site: Site, at: datetime, field: str, rule: str) -> Staff:
    """Somebody who receives customers here; Refused for anybody else."""
    if not actor_for(staff=agent, site=site, at=at).may(TAKE):
        raise Refused(gettext_noop("%(name)s不是本项目的售楼员"), field=field, rule=rule, name=agent.name)
    return agent


def demand_keeper(*, actor: Actor, at: datetime) -> None:
    """Refused for whoever does not keep the register (J-29.kept_by) and stands below who does."""
    demand_post(
        actor=actor,
        path="J-29.kept_by",
        at=at,
        text=gettext_noop("整本登记由销售经理保管，打印、导入和导出找销售经理"),
        code="not_keeper",
    )


def keepers(*, site: Site, at: datetime) -> list[Staff]:
    """Who keeps the register (J-29)."""
    role = owed_role(path="J-29.kept_by", site=site, at=at)
    return list_holders_or_above(site_id=site.pk, role=role, at=at)
