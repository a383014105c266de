"""Emergencies as declared: permissions, menu, intake; forms, steps, sheets and asides stand in their own modules."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import MenuEntry, Permission, Process
from yingsheng.base.shown import CasePart, DeskDuty
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.emergencies.process import asides
from yingsheng.processes.emergencies.process.forms import BODIES, INTAKE, KINDS, POWERS
from yingsheng.processes.emergencies.process.scene import part_of_page, scene_of
from yingsheng.processes.emergencies.process.sheets import SHEETS, describe
from yingsheng.processes.emergencies.process.steps import KEPT_BY, MILESTONES, STATES, STEPS
from yingsheng.processes.emergencies.services.intake import register_emergency

SEVERITIES = {"minor": N("一般"), "important": N("重要"), "major": N("重大")}


def _open(*, actor: Any, caller: Any, at: Any, channel: str = "", **fields: Any) -> Any:
    return register_emergency(
        site=actor.site, caller=caller, by=actor.staff, at=at, channel=channel or "phone", **fields
    )


EMERGENCIES = Process(
    code="emergencies",
    title=N("突发事件"),
    module="X",
    number_prefix="TF",
    permissions=(
        Permission(code="emergencies.see", label=N("查看突发事件")),
        Permission(code="emergencies.register", label=N("登记突发事件")),
        Permission(code="emergencies.act", label=N("接警、到场、处置")),
        Permission(code="emergencies.decide", label=N("签批特别事件报告、归档")),
        Permission(code="emergencies.report", label=N("写特别事件报告、查看突发事件统计")),
    ),
    states=STATES,
    steps=STEPS,
    milestones=MILESTONES,
    kept_by=KEPT_BY,
    menu=(
        MenuEntry(
            group=N("事项"),
            label=N("突发事件"),
            icon="urgent",
            url_name="emergencies:list",
            permission="emergencies.see",
            order=29,
        ),
        MenuEntry(
            group=N("培训与考核"),
            label=N("应急演练"),
            icon="checklist",
            url_name="emergencies:drills",
            permission="emergencies.see",
            order=176,
        ),
        MenuEntry(
            group=N("统计与执行"),
            label=N("突发事件统计"),
            icon="chart-bar",
            url_name="emergencies:month",
            permission="emergencies.report",
            order=183,
        ),
    ),
    intake=INTAKE,
    open=_open,
    intake_permission="emergencies.register",
    attach_permission="emergencies.act",
    hotkey="!",
    urgent=True,
    describe=describe,
    subject_of=scene_of,
    case_part=CasePart(template="emergencies/part.html", build=part_of_page),
    desk_hints=asides.desk_hints,
    sheets=SHEETS,
    promise=asides.promise,
    today=asides.today,
    numbers=asides.numbers,
    desk_duties=(
        DeskDuty(
            code="coordination",
            label=N("突发事件"),
            url_name="emergencies:list",
            permission="emergencies.see",
        ),
    ),
    codes={
        "category": dict(KINDS),
        "severity": SEVERITIES,
        "body": dict(BODIES),
        "power": dict(POWERS),
    },
)
