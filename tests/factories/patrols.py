"""Routes with points, walks, visits and inspections of a test site, made by the services themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.patrols.models import DiaryEntry, Finding, Inspection, Patrol, Report, Route, Visit
from yingsheng.processes.patrols.services.inspecting import inspect_staff, write_entry
from yingsheng.processes.patrols.services.routes import add_point, make_route
from yingsheng.processes.patrols.services.visiting import record_visit
from yingsheng.processes.patrols.services.walking import report_finding, start_patrol

PDF = b"%PDF-1.4 a"


def make_walk(cast: Cast, *, at: datetime = MONDAY_NINE, points: int = 3, name: str = "3栋公共部位") -> Route:
    """A route with points, in use."""
    actor = cast.actor("supervisor", at)
    route = make_route(actor=actor, at=at, name=name, focus="消防通道和照明")
    for number in range(1, points + 1):
        add_point(actor=actor, record=route, at=at, name=f"点位{number}", place="3栋", look_at="灯亮、门好")
    return route


def make_patrol(cast: Cast, *, at: datetime = MONDAY_NINE, who: str = "area_admin", **fields: Any) -> Patrol:
    """A walk that has begun."""
    return start_patrol(actor=cast.actor(who, at), at=at, route=make_walk(cast, at=at, **fields))


def make_finding(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Finding:
    """Something that could not be handled at once."""
    values: dict[str, Any] = {"place": "3栋大堂", "kind": "fault", "text": "吊顶灯不亮", "handling": "open"}
    return report_finding(actor=cast.actor("area_admin", at), at=at, **{**values, **fields})


def make_visit(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Visit:
    """A home that was visited and had something to say."""
    values: dict[str, str] = {
        "room": "3-2-1802", "result": "met", "person_met": "钱女士", "publicity": "消防安全", "opinions": "楼道灯太暗",
    }  # fmt: skip
    return record_visit(actor=cast.actor("area_admin", at), at=at, **{**values, **fields})


def make_inspection(cast: Cast, *, at: datetime = MONDAY_NINE, **faults: list[str]) -> Inspection:
    """The front desk looked at."""
    return inspect_staff(
        actor=cast.actor("supervisor", at), at=at, staff=cast.front, note="当场提醒", **faults
    )


def make_entry(cast: Cast, *, at: datetime = MONDAY_NINE) -> DiaryEntry:
    """A line of the supervisor's diary."""
    return write_entry(actor=cast.actor("supervisor", at), at=at, kind="service", text="抽查前台登记5件")


def make_patrol_records(cast: Cast) -> dict[str, Any]:
    """One of each, by the code of its register, and a photo of the finding."""
    patrol = make_patrol(cast)
    finding = make_finding(cast, photos=[ContentFile(PDF, name="a.pdf")])
    return {
        "patrol_routes": patrol.route, "patrols": patrol, "patrol_findings": finding,
        "patrol_reports": Report.objects.get(site=cast.site), "household_visits": make_visit(cast),
        "inspections": make_inspection(cast), "work_diary": make_entry(cast),
        "finding_file": list_attachments(subject=finding)[0],
    }  # fmt: skip
