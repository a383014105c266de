"""A site with one person in every post a complaint may meet, a home and its owner; all invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.estate.models import Building, Household, Member, Person, Phone, Room
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.worktime.services import create_default_calendars

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Monday, the base of the catalogue's worked examples
MONDAY_NINE = datetime(2025, 3, 3, 9, 0, tzinfo=SHANGHAI)
PASSWORD = "a-long-test-password"

POSTS = (
    ("front", "王前台", "FRONT_DESK", "service"),
    ("supervisor", "李主管", "CS_SUP", "service"),
    ("assistant", "周助理", "CS_ASSIST", "service"),
    ("area_admin", "吴管理", "AREA_ADMIN", "service"),
    ("lobby", "郑大堂", "LOBBY", "service"),
    ("guard", "尤保安", "GUARD", "security"),
    ("engineer", "赵工程", "HANDLER", "engineering"),
    ("engineering_head", "冯部长", "DEPT_HEAD", "engineering"),
    ("head", "陈主任", "SITE_HEAD", None),
    ("cashier", "尤收银", "CASHIER", None),
    ("area_supervisor", "褚区域", "AREA_SUP", None),
    ("department_manager", "卫部门", "DEPT_MGR", None),
    ("division_manager", "蒋分管", "DIV_MGR", None),
    ("company_manager", "沈公司", "CO_MGR", None),
    ("deputy", "韩副总", "DGM", None),
    ("general_manager", "杨总", "GM", None),
    ("complaint_centre", "朱中心", "HQ_COMPLAINT", None),
    ("sales_manager", "秦经理", "SALES_MGR", None),
    ("agent_a", "严一", "SALES_AGENT", None),
    ("agent_b", "华二", "SALES_AGENT", None),
    ("agent_c", "金三", "SALES_AGENT", None),
    ("agent_d", "魏四", "SALES_AGENT", None),
)


@dataclass
class Cast:
    """The people and places of a test site."""

    site: Site
    staff: dict[str, Staff] = field(default_factory=dict)
    homes: list[Household] = field(default_factory=list)

    def __getattr__(self, name: str) -> Staff:
        try:
            return self.__dict__["staff"][name]
        except KeyError as error:
            raise AttributeError(name) from error

    def actor(self, name: str, at: datetime = MONDAY_NINE) -> Actor:
        """Somebody of the cast as the actor of a request."""
        return actor_for(staff=self.staff[name], site=self.site, at=at)

    def department(self, code: str) -> Department:
        """A department of the site."""
        return Department.objects.get(site=self.site, code=code)

    def caller(self, number: int = 0) -> Caller:
        """The owner of the n-th home on the phone."""
        household = self.homes[number]
        person = household.members.get(decides=True).person
        return Caller(
            name=person.call_as,
            phone=person.phones.get().number,
            person=person,
            household=household,
            room=household.room,
        )


def make_cast(*, code: str = "yunxi", homes: int = 1, password: str | None = None) -> Cast:
    """Build a site with its posts filled since long before the examples begin."""
    before = MONDAY_NINE - timedelta(days=400)
    org.load_roles()
    site = org.open_site(code=code, name="云溪花园", kind="residence", at=before)
    create_default_calendars(site=site, at=before)
    cast = Cast(site=site)
    for username, name, role, department in POSTS:
        staff = org.hire(
            site=site, username=f"{code}-{username}", name=name, password=password, by=None, at=before
        )
        org.appoint(staff=staff, site=site, role=role, department=department, by=None, at=before)
        cast.staff[username] = staff
    for number in range(homes):
        cast.homes.append(make_home(site=site, number=number))
    return cast


def make_home(*, site: Site, number: int, building: str = "3") -> Household:
    """A home with an owner who decides and has a phone."""
    block, _ = Building.objects.get_or_create(site=site, code=building, defaults={"name": f"{building}栋"})
    room_number = str(1802 + number)
    room = Room.objects.create(
        site=site,
        building=block,
        unit="2",
        number=room_number,
        key=f"{building}-2-{room_number}",
        label=f"{building}栋2单元{room_number}",
    )
    household = Household.objects.create(site=site, room=room)
    person = Person.objects.create(
        site=site, name=f"钱业主{number}", pinyin="qianyezhu", initials="qyz", call_as="钱女士"
    )
    Member.objects.create(household=household, person=person, relation="owner", decides=True)
    phone = f"1380013{8000 + number}"
    Phone.objects.create(person=person, site=site, number=phone, reversed=phone[::-1])
    return household
