"""Patrols as declared: permissions, menu, promises, what comes back every day; registers stand in their own modules."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process
from yingsheng.base.shown import Raises
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.patrols.process import asides, forms
from yingsheng.processes.patrols.process.books import ARRANGE, FINDINGS, PATROLS, REPORTS, ROUTES, SEE, WALK
from yingsheng.processes.patrols.process.more_books import DIARY, INSPECT, INSPECTIONS, VISITS
from yingsheng.processes.patrols.process.sheets import SHEETS
from yingsheng.processes.patrols.services.inspecting import CONDUCT, GROUP
from yingsheng.processes.patrols.services.reports import HAND_UP, RETURN
from yingsheng.processes.patrols.services.routes import WALK as WALK_ROUTE
from yingsheng.processes.patrols.services.visiting import VISITS as VISITS_OF_DAY

BOOKS = (ROUTES, PATROLS, FINDINGS, REPORTS, VISITS, INSPECTIONS, DIARY)
STANDARDS = "patrols.standards"
GROUP_NAME = N("巡访")


def _menu(*, label: str, icon: str, url: str, permission: str, order: int) -> MenuEntry:
    return MenuEntry(
        group=GROUP_NAME,
        label=label,
        icon=icon,
        url_name=f"patrols:{url}",
        permission=permission,
        order=order,
    )


PROCESS = Process(
    code="patrols",
    title=N("巡访"),
    module="G",
    number_prefix="XF",
    permissions=(
        Permission(code=SEE, label=N("查看巡视、走访记录")),
        Permission(code=WALK, label=N("巡视、走访并登记")),
        Permission(code=ARRANGE, label=N("安排走访、维护路线、批回日报表")),
        Permission(code=INSPECT, label=N("检查仪容与工作、写工作日记")),
        Permission(code=STANDARDS, label=N("查阅服务标准")),
    ),
    menu=(
        _menu(label=N("手机巡访"), icon="qrcode", url="phone", permission=WALK, order=60),
        _menu(label=N("巡视"), icon="map-pin", url="patrols", permission=SEE, order=61),
        _menu(label=N("巡视发现"), icon="flag", url="patrol_findings", permission=SEE, order=62),
        _menu(label=N("巡视日报表"), icon="file-text", url="patrol_reports", permission=SEE, order=63),
        _menu(label=N("走访"), icon="home", url="household_visits", permission=SEE, order=64),
        _menu(label=N("走访进度"), icon="chart-bar", url="coverage", permission=SEE, order=65),
        _menu(label=N("日常检查"), icon="user-check", url="inspections", permission=INSPECT, order=66),
        _menu(label=N("工作日记"), icon="notebook", url="work_diary", permission=INSPECT, order=67),
        _menu(label=N("服务标准"), icon="book", url="standards", permission=STANDARDS, order=68),
        _menu(label=N("巡视路线"), icon="route", url="patrol_routes", permission=SEE, order=69),
    ),
    milestones=(
        Milestone(code=WALK_ROUTE, label=N("巡视路线")),
        Milestone(code=HAND_UP, label=N("上交日报表")),
        Milestone(code=RETURN, label=N("批回日报表")),
        Milestone(code=VISITS_OF_DAY, label=N("走访当天的户数")),
        Milestone(code=CONDUCT, label=N("检查员工仪容和工作")),
        Milestone(code=GROUP, label=N("检查本组服务")),
    ),
    periodics=(
        Periodic(
            code=VISITS_OF_DAY, label=N("每天走访"), every="day",
            dues=(PeriodDue(milestone=VISITS_OF_DAY, label=N("走访当天的户数"), rule="G-03"),),
            role="G-04.arranged_by", url_name="patrols:household_visits", permission=SEE, count="G-03.per_day_min",
        ),
        Periodic(
            code=CONDUCT, label=N("每天检查仪容和工作"), every="day",
            dues=(PeriodDue(milestone=CONDUCT, label=N("检查员工仪容和工作"), rule="G-06"),),
            role="G-06.inspected_by", url_name="patrols:inspections", permission=INSPECT, count="G-06.per_day",
        ),
        Periodic(
            code=GROUP, label=N("每天检查本组服务"), every="day",
            dues=(PeriodDue(milestone=GROUP, label=N("检查本组服务"), rule="G-07"),),
            role="G-07.by_role", url_name="patrols:work_diary", permission=INSPECT, count="G-07.per_day",
        ),
    ),
    own_sheets=SHEETS,
    of_home=asides.of_home,
    known=asides.known,
    today=asides.today,
    handed_on=asides.handed_on,
    raises=Raises(start=asides.raise_start, link=asides.raise_link),
    complete_modules=("G",),
    codes={
        "finding": dict(forms.KINDS), "breach_act": dict(forms.ACTS), "handling": dict(forms.HANDLINGS),
        "diary_kind": dict(forms.DIARY_KINDS), "point_result": dict(forms.RESULTS),
    },
)  # fmt: skip
