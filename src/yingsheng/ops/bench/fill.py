"""A site with very many cases, written in bulk: three years of arrivals, one in a hundred still open."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from yingsheng.kernel.cases.keys import new_key
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, search_texts
from yingsheng.kernel.estate.models import Building, Household, Member, Person, Phone, Room
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_departments
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.policies.services import keep_versions
from yingsheng.kernel.search.models import Entry
from yingsheng.kernel.search.services import entry_for
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.worktime.services import create_default_calendars
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import handling
from yingsheng.processes.complaints.services.intake import classify_complaint, register_complaint

CHUNK = 5000
SPAN = timedelta(days=3 * 365)
OPEN_ONE_IN = 100
WORDS = (
    "电梯停运",
    "厨房漏水",
    "楼道灯坏",
    "垃圾未清",
    "门禁失灵",
    "噪音扰民",
    "车位被占",
    "绿化缺水",
    "快递丢失",
    "水压太低",
)
CATEGORIES = ("security", "cleaning", "greening", "repair", "mail", "renovation", "staff_attitude", "other")


def make_site(*, at: datetime) -> tuple[Site, Staff, list[Household]]:
    """The bench site with a supervisor and 200 homes."""
    org.load_roles()
    site = org.open_site(code="bench", name="测速", kind="residence", at=at - SPAN, is_drill=True)
    create_default_calendars(site=site, at=at - SPAN)
    staff = org.hire(site=site, username="bench", name="测速员", password=None, by=None, at=at - SPAN)
    for role in ("CS_SUP", "FRONT_DESK"):
        org.appoint(staff=staff, site=site, role=role, department="service", by=None, at=at - SPAN)
    building = Building.objects.create(site=site, code="1", name="1栋")
    homes = []
    for number in range(200):
        room = Room.objects.create(
            site=site,
            building=building,
            unit="1",
            number=str(number),
            key=f"1-1-{number}",
            label=f"1栋1单元{number}",
        )
        home = Household.objects.create(site=site, room=room)
        phone = f"138{number:08d}"
        person = Person.objects.create(site=site, name=f"钱业主{number}", pinyin="qianyezhu", initials="qyz")
        Member.objects.create(household=home, person=person, relation="owner", decides=True)
        Phone.objects.create(site=site, person=person, number=phone, reversed=phone[::-1])
        homes.append(home)
    return site, staff, homes


def told_case(*, site: Site, staff: Staff, home: Household, at: datetime) -> Case:
    """A complaint half way through its life, done by the real services: clocks, story and notices to read."""
    began = at - timedelta(hours=3)
    case = register_complaint(
        site=site,
        caller=Caller(name="钱女士", phone="13900000001", household=home, room=home.room),
        title="厨房漏水没人修",
        body="上周说过一次",
        channel="phone",
        category="repair",
        by=staff,
        at=began,
    )
    case = classify_complaint(
        case=case, by=staff, at=began + timedelta(minutes=10), cause="own_service", our_fault=True
    )
    department = list_departments(site_id=site.pk)[0]
    case = handling.dispatch_complaint(
        case=case,
        by=staff,
        at=began + timedelta(minutes=15),
        department=department,
        handler=staff,
        tracker=staff,
    )
    case = handling.accept_complaint(case=case, by=staff, at=began + timedelta(minutes=20))
    case = handling.contact_household(
        case=case,
        by=staff,
        at=began + timedelta(minutes=40),
        person="钱女士",
        agreed_reply_at=at + timedelta(days=1),
    )
    return handling.give_plan(
        case=case, by=staff, at=began + timedelta(hours=1), plan="更换软管并试水", consent=True
    )


def _cases(
    *, site: Site, staff: Staff, homes: list[Household], start: int, count: int, now: datetime
) -> Iterator[Case]:
    chance = random.Random(start)  # noqa: S311 - a repeatable spread, no secret
    for number in range(start, start + count):
        is_open = number % OPEN_ONE_IN == 0
        received = (
            now - SPAN * chance.random() if not is_open else now - timedelta(hours=chance.random() * 40)
        )
        home = chance.choice(homes)
        yield Case(
            site=site,
            key=new_key(),
            number=f"B-{number:08d}",
            process="complaints",
            state="in_progress" if is_open else "closed",
            title=f"{chance.choice(WORDS)}{number}",
            body=chance.choice(WORDS),
            channel="phone",
            category=chance.choice(CATEGORIES),
            severity=chance.choice(("minor", "serious", "major")),
            validity=chance.choice(("valid", "invalid")),
            room=home.room,
            building_id=home.room.building_id,
            household=home,
            caller_name=f"住户{number}",
            caller_phone=f"138{number:08d}",
            handler=staff if is_open else None,
            received_by=staff,
            received_at=received,
            handled_at=None if is_open else received + timedelta(hours=30),
            closed_at=None if is_open else received + timedelta(days=4),
            next_due_at=received + timedelta(days=3) if is_open else None,
            satisfied=None if is_open else True,
        )


def grow(
    *, site: Site, staff: Staff, homes: list[Household], present: int, wanted: int, now: datetime
) -> None:
    """Raise the number of cases to `wanted`, each with its complaint, one promise and its search words."""
    resolved = resolve(rule_id="C-39", site=site, at=now)
    rows = _cases(site=site, staff=staff, homes=homes, start=present, count=wanted - present, now=now)
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            version = keep_versions(resolved=[resolved], at=now)["C-39", resolved.digest]
            made = Case.objects.bulk_create(chunk)
            Complaint.objects.bulk_create(Complaint(case=case) for case in made)
            Entry.objects.bulk_create(
                entry_for(site_id=site.pk, subject=case, texts=search_texts(case=case)) for case in made
            )
            Obligation.objects.bulk_create(_promise(case=case, version=version) for case in made)


def _promise(*, case: Case, version: int) -> Obligation:
    due = case.received_at + timedelta(days=3)
    is_open = case.closed_at is None
    return Obligation(
        site_id=case.site_id, subject_type="cases.case", subject_id=case.pk, milestone="solve", rule="C-39",
        version_id=version, clause="", responsible_role="HANDLER", amount=3, unit="days", starts_at=case.received_at,
        first_due_at=due, due_at=due, warn_percent=75, ladder=[],
        state="armed" if is_open else "met", ended_at=None if is_open else case.handled_at,
        next_alarm_at=due if is_open else None,
    )  # fmt: skip
