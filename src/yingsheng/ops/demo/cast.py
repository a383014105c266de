"""The staff of the demonstration site: one person for every post that the screens need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.org.services import appoint, hire

PASSWORD = "yingsheng-demo-2026"  # noqa: S105 - printed on purpose: the site is a drill

# user name, name, role, department
CAST = (
    ("gm", "秦岭", "GM", ""),
    ("dgm", "沈括之", "DGM", ""),
    ("division", "顾行", "DIV_MGR", ""),
    ("company", "陶然", "CO_MGR", ""),
    ("hq", "卫书", "HQ_COMPLAINT", ""),
    ("quality", "章恪", "QA_DEPT", ""),
    ("head", "陆主任", "SITE_HEAD", ""),
    ("patrol", "卓主管", "SEC_HEAD", "security"),
    ("equipment", "鲍主管", "EQUIP_HEAD", "engineering"),
    ("area", "方区管", "AREA_SUP", "service"),
    ("manager", "冯经理", "DEPT_MGR", "service"),
    ("supervisor", "李主管", "CS_SUP", "service"),
    ("shift", "周班长", "SHIFT_LEAD", "service"),
    ("front", "王前台", "FRONT_DESK", "service"),
    ("front2", "苗前台", "FRONT_DESK", "service"),
    ("assistant", "何助理", "CS_ASSIST", "service"),
    ("clerk1", "余片管", "AREA_ADMIN", "service"),
    ("clerk2", "邬片管", "AREA_ADMIN", "service"),
    ("duty", "鲁值班", "DUTY", "service"),
    ("night", "常夜班", "NIGHT_DUTY", "service"),
    ("lobby", "康大堂", "LOBBY", "service"),
    ("engineering", "赵工长", "DEPT_HEAD", "engineering"),
    ("engineer1", "孟师傅", "HANDLER", "engineering"),
    ("engineer2", "平师傅", "HANDLER", "engineering"),
    ("plumber", "姜师傅", "WORKER", "engineering"),
    ("electrician", "葛师傅", "WORKER", "engineering"),
    ("security", "雷队长", "DEPT_HEAD", "security"),
    ("guard", "齐队员", "HANDLER", "security"),
    ("gate", "尤保安", "GUARD", "security"),
    ("gate2", "滕保安", "GUARD", "security"),
    ("environment", "汤队长", "DEPT_HEAD", "environment"),
    ("cleaner", "柏领班", "HANDLER", "environment"),
    ("service", "殷班长", "HANDLER", "service"),
    ("admin", "云管理", "SYSADMIN", ""),
    ("cashier", "郝收银", "CASHIER", ""),
    ("finance", "施财务", "FINANCE", ""),
    ("sales", "骆经理", "SALES_MGR", ""),
    ("sales1", "白薇", "SALES_AGENT", ""),
    ("sales2", "池远", "SALES_AGENT", ""),
    ("sales3", "丁夏", "SALES_AGENT", ""),
    ("sales4", "樊青", "SALES_AGENT", ""),
)
DEPARTMENT_OF = {
    "security": "security",
    "cleaning": "environment",
    "greening": "environment",
    "repair": "engineering",
    "renovation": "engineering",
    "mail": "service",
    "staff_attitude": "service",
    "other": "service",
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who works here, by user name; departments by code; handlers by department."""

    staff: Mapping[str, Staff]
    departments: Mapping[str, Department]
    handlers: Mapping[str, Sequence[Staff]]

    def __getitem__(self, username: str) -> Staff:
        """The member of staff with this user name."""
        return self.staff[username]


def hire_cast(*, site: Site, at: datetime) -> Cast:
    """Take everybody on and give them their posts."""
    staff: dict[str, Staff] = {}
    handlers: dict[str, list[Staff]] = {}
    for number, (username, name, role, department) in enumerate(CAST):
        phone = f"1990000{number:04d}"  # a number range that is given to nobody
        person = hire(site=site, username=username, name=name, password=None, by=None, at=at, phone=phone)
        appoint(staff=person, site=site, role=role, department=department or None, by=None, at=at)
        staff[username] = person
        if role == "HANDLER":
            handlers.setdefault(department, []).append(person)
    # hashed once for all: it takes a fifth of a second, and this password is no secret
    Staff.objects.filter(pk__in=[person.pk for person in staff.values()]).update(
        password=make_password(PASSWORD)
    )
    return Cast(
        staff=staff,
        departments={row.code: row for row in Department.objects.filter(site=site)},
        handlers=handlers,
    )
