"""A small site with invented people, and programs that hold its tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import path

from yingsheng.api.imports import import_router
from yingsheng.api.urls import api_urls, build_api
from yingsheng.kernel.estate import services as estate
from yingsheng.kernel.estate.models import Building, Household, Person, Room
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.worktime.services import create_default_calendars
from yingsheng.ops.imports import jobs as import_office
from yingsheng.processes.complaints.endpoints import router as complaints_router
from yingsheng.processes.duty.endpoints import router as duty_router
from yingsheng.processes.emergencies.endpoints import router as emergencies_router
from yingsheng.processes.enquiries.endpoints import router as contacts_router
from yingsheng.processes.fees.endpoints import router as fees_router
from yingsheng.processes.followups.endpoints import router as followups_router
from yingsheng.processes.keys.endpoints import router as keys_router
from yingsheng.processes.knowledge.endpoints import router as knowledge_router
from yingsheng.processes.mail.endpoints import router as mail_router
from yingsheng.processes.notices.endpoints import router as notices_router
from yingsheng.processes.patrols.endpoints import router as patrols_router
from yingsheng.processes.phone.endpoints import router as phone_router
from yingsheng.processes.prepaid.endpoints import router as prepaid_router
from yingsheng.processes.registers.endpoints import router as registers_router
from yingsheng.processes.repairs.endpoints import router as repairs_router
from yingsheng.processes.salesdesk.endpoints import router as sales_router
from yingsheng.processes.services.endpoints import router as services_router
from yingsheng.processes.turns.endpoints import router as turns_router
from yingsheng.processes.visitors.endpoints import router as visitors_router

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2025, 3, 3, 9, 0, tzinfo=ZONE)  # a Monday
EVERYTHING = [
    "complaints.*", "emergencies.*", "enquiries.*", "followups.*", "cases.*", "estate.*", "policies.*", "timers.*",
    "org.*", "worktime.*", "events.*", "notify.*", "notices.*", "registers.*", "repairs.*", "orders.*", "charges.*",
    "services.*", "duty.*", "phone.*", "turns.*", "knowledge.*", "patrols.*", "keys.*", "mail.*", "prepaid.*",
    "fees.*", "visitors.*", "salesdesk.*",
]  # fmt: skip
PEOPLE = (
    ("front", "王前台", "FRONT_DESK", "service"),
    ("sup", "李主管", "CS_SUP", "service"),
    ("head", "周主任", "SITE_HEAD", None),
    ("eng", "赵工程", "HANDLER", "engineering"),
    ("admin", "吴管理", "AREA_ADMIN", "service"),
    ("guard", "尤保安", "GUARD", "security"),
    ("area", "郑区域", "AREA_SUP", None),
)


class Addresses:
    """The API where project mounts it."""

    urlpatterns = [
        path(
            "api/v1/",
            api_urls(
                api=build_api(
                    routers=[
                        ("", complaints_router),
                        ("/followups", followups_router),
                        ("/emergencies", emergencies_router),
                        ("/repairs", repairs_router),
                        ("/services", services_router),
                        ("/contacts", contacts_router),
                        ("", notices_router),
                        ("", registers_router),
                        ("/duty", duty_router),
                        ("/phone", phone_router),
                        ("", turns_router),
                        ("", keys_router),
                        ("", knowledge_router),
                        ("", patrols_router),
                        ("", mail_router),
                        ("", prepaid_router),
                        ("", fees_router),
                        ("", visitors_router),
                        ("", sales_router),
                        ("", import_router(office=import_office)),
                    ]
                )
            ),
        )
    ]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A program with a token."""

    token: str
    language: str = "zh-CN"

    def get(self, where: str, **query: Any) -> Any:
        """GET an address below /api/v1 with a query."""
        tail = f"?{urlencode(query)}" if query else ""
        return Client().get(f"/api/v1{where}{tail}", headers=self._headers())

    def post(self, where: str, body: object, *, key: str = "", **headers: str) -> Any:
        """POST JSON to an address below /api/v1."""
        sent = {**self._headers(), **headers}
        if key:
            sent["Idempotency-Key"] = key
        return Client().post(
            f"/api/v1{where}", json.dumps(body), content_type="application/json", headers=sent
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site with its people, two homes, and a way to get tokens."""

    site: Site
    staff: dict[str, Staff]
    room: Room
    home: Household
    owner: Person

    def caller(self, username: str, scopes: list[str] | None = None, **kwargs: Any) -> Caller:
        """A token that acts as somebody, by default for everything."""
        client, token = org.issue_token(
            site=self.site,
            name=f"test {username}",
            acts_as=self.staff[username],
            scopes=EVERYTHING if scopes is None else scopes,
            by=None,
            at=START,
        )
        if kwargs:
            type(client).objects.filter(pk=client.pk).update(**kwargs)
        return Caller(token=token)


def build_place(*, code: str = "lanwan", prefix: str = "") -> Place:
    """Open a site with a person for each role the tests need; user names get the prefix."""
    before = START - timedelta(days=90)
    site = org.open_site(code=code, name="澜湾花园", kind="residence", at=before, area_code="0755")
    create_default_calendars(site=site, at=before)
    staff = {}
    for username, name, role, department in PEOPLE:
        person = org.hire(site=site, username=prefix + username, name=name, password=None, by=None, at=before)
        org.appoint(staff=person, site=site, role=role, department=department, by=None, at=before)
        staff[username] = person
    building = Building.objects.create(site=site, code="3", name="3栋")
    rooms = [
        Room.objects.create(
            site=site,
            building=building,
            unit="2",
            number=number,
            key=f"3-2-{number}",
            label=f"3栋2单元{number}",
        )
        for number in ("1802", "1803", "1804", "1805", "1806")
    ]
    homes = [estate.open_household(room=room, by=staff["front"], at=before) for room in rooms]
    owner = estate.add_person(
        site=site, name="钱业主", phones=["13800138000"], id_number="", by=staff["front"], at=before
    )
    estate.add_member(
        household=homes[0], person=owner, relation="owner", decides=True, by=staff["front"], at=before
    )
    return Place(site=site, staff=staff, room=rooms[0], home=homes[0], owner=owner)


COMPLAINT = {
    "title": "厨房漏水没人修",
    "body": "说了两次",
    "category": "repair",
    "channel": "phone",
    "caller": {"name": "钱女士", "phone": "138 0013 8000", "room": "3栋2单元1802"},
}
