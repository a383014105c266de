"""Whom an emergency is told to: posts and teams at once, households while it lasts and when it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.emergencies.models import Affected, Alarmed
from yingsheng.processes.emergencies.rules.kinds import KindOfEmergency
from yingsheng.processes.emergencies.rules.life import alarm_list

ALWAYS_TOLD = ("engineering", "security")
ALARM = gettext_noop("突发事件%(number)s：%(title)s。%(body)s（%(rule)s）")
FALSE = gettext_noop("突发事件%(number)s是误报，不用再去：%(reason)s")
SIGN = gettext_noop("突发事件%(number)s的特别事件报告等您签批（%(rule)s）")
KNOWN = gettext_noop("%(title)s：我们已经知道并正在处理，编号%(number)s，有结果会马上告诉您。")
REASSURED = gettext_noop("编号%(number)s：%(said)s")
OVER = gettext_noop("编号%(number)s：%(title)s已处理好。%(measures)s")
NOTHING = gettext_noop("编号%(number)s：%(title)s查明是误报，可以放心。")


def alarm_posts(*, case: Case, kind: KindOfEmergency, at: datetime) -> list[Alarmed]:
    """Ring everybody the emergency needs, each once: posts of X-02 and of the kind, coordinator, posts above, teams.

    Returns who was told, posts before teams. Rules X-01, X-02, X-04, X-07.
    """
    alarms = alarm_list(
        informed=figure(path="X-02.inform_roles", site=case.site, at=at) or (),
        needed=kind.roles,
        coordinator=figure(path="X-04.coordinator", site=case.site, at=at),
        above=figure(path="X-07.report_to", site=case.site, at=at) or (),
    )
    told: dict[int, Alarmed] = {}
    for alarm in alarms:
        for staff in list_holders_or_above(site_id=case.site_id, role=alarm.role, at=at):
            told.setdefault(
                staff.pk, Alarmed(case=case, staff=staff, role=alarm.role, rule=alarm.rule, told_at=at)
            )
    for staff in _team(site_id=case.site_id, codes=kind.departments, at=at):
        told.setdefault(staff.pk, Alarmed(case=case, staff=staff, rule="X-02", told_at=at))
    rows = Alarmed.objects.bulk_create(told.values())
    tell_staff(case=case, staff=[row.staff for row in rows], text=ALARM, why="alarm", at=at, rule="X-02")
    return rows


def _team(*, site_id: int, codes: Iterable[str], at: datetime) -> list[Staff]:
    """Everybody with a post in these departments now."""
    running = Q(appointments__active_to__isnull=True) | Q(appointments__active_to__gt=at)
    return list(
        Staff.objects.filter(
            running,
            is_active=True,
            appointments__active_from__lte=at,
            appointments__post__active=True,
            appointments__post__department__site_id=site_id,
            appointments__post__department__code__in=list(codes),
        )
        .distinct()
        .order_by("pk")
    )


def departments_of(*, case: Case, kind: KindOfEmergency) -> list[Department]:
    """The departments that see the case, the leading one first: those of the kind, then those told of all (X-02)."""
    codes = list(dict.fromkeys((*kind.departments, *ALWAYS_TOLD)))
    rows = Department.objects.filter(site_id=case.site_id, code__in=codes, active=True)
    return sorted(rows, key=lambda one: codes.index(one.code))


def tell_staff(
    *, case: Case, staff: Iterable[Staff], text: str, why: str, at: datetime, rule: str, **params: object
) -> None:
    """Ring the bells of these people about the emergency, once per occasion."""
    drafts = [
        Draft(
            text=text,
            params={
                "number": case.number, "title": case.title, "body": case.body[:80], "rule": rule,
                "key": case.key, **params,
            },
            to_staff=one,
            rule=rule,
            tone="late",
            dedup_key=f"emergency:{case.pk}:{why}:{one.pk}",
        )
        for one in staff
    ]  # fmt: skip
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)


def tell_household(
    *, case: Case, household: Household | None, name: str, text: str, why: str, at: datetime, **params: object
) -> None:
    """A notice for one household, or for a caller without a home here (X-03)."""
    tell_many(case=case, to=[(household, name)], text=text, why=why, at=at, **params)


def tell_affected(*, case: Case, text: str, why: str, at: datetime, **params: object) -> int:
    """A notice for every household on the list and for the first caller; returns how many (X-03)."""
    rows = Affected.objects.filter(case=case).select_related("household").order_by("pk")
    to: list[tuple[Household | None, str]] = [(row.household, row.caller_name) for row in rows]
    if case.household_id is None and case.caller_name:
        to.append((None, case.caller_name))
    tell_many(case=case, to=to, text=text, why=why, at=at, **params)
    return len(to)


def tell_many(
    *,
    case: Case,
    to: Iterable[tuple[Household | None, str]],
    text: str,
    why: str,
    at: datetime,
    **params: object,
) -> None:
    """The same words to several; whoever left neither a home nor a name cannot be told."""
    drafts = [
        Draft(
            text=text,
            params={"number": case.number, "title": case.title, **params},
            to_household=household,
            to_name=name,
            rule="X-03",
            dedup_key=f"emergency:{case.pk}:{why}:{household.pk if household is not None else name}",
        )
        for household, name in to
        if household is not None or name
    ]
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)
