"""The contact register and enquiries as declared."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process, State
from yingsheng.base.shown import DeskDuty, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.enquiries import services
from yingsheng.processes.enquiries.process.forms import (
    CHANNELS,
    DAY_REPORT,
    DECISIONS,
    INTAKE,
    KINDS,
    OFFICER,
    TIDY,
)
from yingsheng.processes.enquiries.process.steps import STEPS
from yingsheng.processes.enquiries.queries import contact_figures
from yingsheng.processes.enquiries.rules import needs_case
from yingsheng.processes.enquiries.services.reporting import DAY
from yingsheng.processes.enquiries.services.tidying import DESK_TIDY, PLACE_TIDY

__all__ = ["CHANNELS", "DAY_REPORT", "DECISIONS", "ENQUIRIES", "KINDS", "OFFICER", "TIDY"]


def _open(*, actor: Any, caller: Any, at: Any, answer: str = "", title: str = "", **fields: Any) -> Any:
    """Answered at once: a line in the register, returned as it is. Otherwise a case with a promise."""
    if answer.strip() and needs_case(kind=fields.get("kind") or "enquiry"):
        # a suggestion, a call for help, praise: what was said at once is part of the story, not its end
        fields["body"] = "\n".join(part for part in (fields.get("body", ""), answer.strip()) if part)
    elif answer.strip():
        return services.answer_at_once(
            site=actor.site,
            caller=caller,
            channel=fields["channel"],
            reason=title,
            answer=answer,
            rings=fields.get("rings"),
            kind=fields.get("kind") or "enquiry",
            by=actor.staff,
            at=at,
        )
    return services.promise_answer(
        site=actor.site, caller=caller, title=title, by=actor.staff, at=at, **fields
    )


def _describe(case: Any) -> list[tuple[str, Any]]:
    enquiry = case.enquiry
    rows: list[tuple[str, Any]] = [(N("性质"), _(enquiry.get_kind_display()))]
    if enquiry.agreed_at:
        rows.append((N("约定答复时间"), enquiry.agreed_at))
    if enquiry.task:
        rows.append((N("责任部门的任务"), enquiry.task))
    if enquiry.contacted_at:
        rows.append((N("责任部门联系客户"), enquiry.contacted_at))
    if enquiry.helper is not None:
        rows += [(N("去帮忙的人"), enquiry.helper.name), (N("派人时间"), enquiry.help_sent_at)]
    if enquiry.praised is not None:
        rows += [(N("被表扬的人"), enquiry.praised.name), (N("转告时间"), enquiry.praise_told_at)]
    if enquiry.answer:
        rows.append((N("答复"), enquiry.answer))
    if enquiry.plan:
        rows += [(N("改进方案"), enquiry.plan), (N("改好日期"), enquiry.plan_date)]
    if enquiry.plan_finding:
        rows.append((N("检查情况"), enquiry.plan_finding))
    return rows


def _numbers(*, actor: Any, now: Any) -> list[TodayNumber]:
    """How many contacts of this month were settled at once (C-36, KPI-09), for the desk."""
    if not actor.may("enquiries.register"):
        return []
    found = contact_figures(site=actor.site, start=month_start(at=now), end=now, ring_limit=0)
    target = figure(path="C-36.first_contact_target", site=actor.site, at=now)
    return [
        TodayNumber(
            label=_("一次办结率"), count=found.first_contact, base=found.contacts,
            target=None if target is None else int(target), rule="C-36", url_name="enquiries:contacts",
        )
    ]  # fmt: skip


ENQUIRIES = Process(
    code="enquiries",
    title=N("咨询建议"),
    module="B",
    number_prefix="ZX",
    permissions=(
        Permission(code="enquiries.see", label=N("查看来电来访登记")),
        Permission(code="enquiries.register", label=N("登记来电来访")),
        Permission(code="enquiries.answer", label=N("答复咨询")),
        Permission(code="enquiries.decide", label=N("决定是否采纳建议")),
        Permission(code="enquiries.assign", label=N("把咨询派给责任部门")),
        Permission(code="enquiries.contact", label=N("责任部门联系客户")),
        Permission(code="enquiries.appoint", label=N("指定接待管理员")),
        Permission(code="enquiries.report", label=N("上报前台日报")),
        Permission(code="enquiries.tidy", label=N("检查前台整洁")),
    ),
    states=(
        State(code="open", label=N("待答复"), tone="waiting"),
        State(code="helping", label=N("正在帮忙"), tone="soon"),
        State(code="improving", label=N("改进中"), tone="soon"),
        State(code="answered", label=N("已答复"), tone="met", final=True),
    ),
    steps=STEPS,
    menu=(
        MenuEntry(
            group=N("接待"),
            label=N("接待台"),
            icon="headset",
            url_name="enquiries:reception",
            permission="enquiries.register",
            order=20,
            hotkey="r",
        ),
        MenuEntry(
            group=N("接待"),
            label=N("来电来访登记"),
            icon="notebook",
            url_name="enquiries:contacts",
            permission="enquiries.see",
            order=21,
        ),
        MenuEntry(
            group=N("接待"),
            label=N("前台日报"),
            icon="clipboard-list",
            url_name="enquiries:day",
            permission="enquiries.report",
            order=22,
        ),
        MenuEntry(
            group=N("接待"),
            label=N("前台整洁"),
            icon="checklist",
            url_name="enquiries:tidy",
            permission="enquiries.tidy",
            order=23,
        ),
        MenuEntry(
            group=N("事项"),
            label=N("咨询建议"),
            icon="help",
            url_name="enquiries:list",
            permission="enquiries.see",
            order=31,
        ),
    ),
    milestones=(
        Milestone(code="reply", label=N("答复")),
        Milestone(code="pass_on", label=N("上报建议")),
        Milestone(code="unit_contact", label=N("责任部门联系客户")),
        Milestone(code="desk_report", label=N("前台日报")),
        Milestone(code="plan_check", label=N("检查改进")),
        Milestone(code="help_sent", label=N("派人去帮")),
        Milestone(code="praise_told", label=N("转告表扬")),
        Milestone(code="desk_tidy", label=N("前台整洁检查")),
        Milestone(code="place_tidy", label=N("来访场所检查")),
    ),
    kept_by={
        "reply": ("answer", "decide", "help_done", "thank"),
        "unit_contact": ("contact",),
        "pass_on": ("decide",),
        "plan_check": ("check",),
        "help_sent": ("send_help",),
        "praise_told": ("pass_praise",),
    },
    complete_modules=("B",),
    codes={"category": dict(KINDS)},
    periodics=(
        Periodic(
            code=DAY,
            label=N("前台日报"),
            every="day",
            dues=(
                PeriodDue(milestone="desk_report", label=N("前台日报"), rule="B-13", due="B-13.report_at"),
            ),
            role="B-13.reported_by",
            url_name="enquiries:day",
            permission="enquiries.report",
        ),
        *(
            Periodic(
                code=part,
                label=label,
                every="day",
                dues=(PeriodDue(milestone=part, label=label, rule="B-12", due="B-12.check_at"),),
                role=role,
                url_name="enquiries:tidy",
                permission="enquiries.tidy",
            )
            for part, label, role in (
                (DESK_TIDY, N("前台整洁检查"), "B-12.desk_by"),
                (PLACE_TIDY, N("来访场所检查"), "B-12.visitors_by"),
            )
        ),
    ),
    numbers=_numbers,
    desk_duties=(
        DeskDuty(
            code="enquiries", label=N("咨询与建议"), url_name="enquiries:list", permission="enquiries.see"
        ),
    ),
    intake=INTAKE,
    open=_open,
    intake_permission="enquiries.register",
    attach_permission="enquiries.register",
    hotkey="q",
    describe=_describe,
)
