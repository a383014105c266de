"""The life cycle of a complaint: states, steps, moves that follow by themselves, permissions, menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import (
    Foresight,
    MenuEntry,
    Milestone,
    Move,
    Permission,
    Process,
    Related,
    State,
    Step,
)
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process import forms as f
from yingsheng.processes.complaints.process.sheets import SHEETS, describe
from yingsheng.processes.complaints.process.words import MILESTONES, VALIDITIES
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.clocks import CONTACT, decide_clocks
from yingsheng.processes.complaints.rules.facts import Facts
from yingsheng.processes.complaints.services import answering, escalating, grouping, handling, intake, limits
from yingsheng.processes.complaints.services.clocks import clock_due

STATES = (
    State(code="registered", label=N("已登记"), tone="waiting"),
    State(code="classified", label=N("已定级"), tone="waiting"),
    State(code="dispatched", label=N("已派发")),
    State(code="in_progress", label=N("处理中")),
    State(code="forwarded", label=N("已转外部")),
    State(code="merged", label=N("并入集体投诉")),
    State(code="handled", label=N("已处理，待答复"), tone="soon"),
    State(code="replied", label=N("已答复，待回访"), tone="soon"),
    State(code="closed", label=N("已归档"), tone="met", final=True),
    State(code="converted", label=N("转为其它事项"), tone="met", final=True),
    State(code="succeeded", label=N("转为新投诉"), tone="met", final=True),
)
BEFORE_WORK = ("registered", "classified")
WORKING = ("dispatched", "in_progress", "forwarded")
OPEN = (*BEFORE_WORK, *WORKING)
Run = Callable[..., Any]


def _by(service: Run) -> Run:
    """A service that wants the person, offered to the generic runner, which has the actor."""

    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _complaint_of(case: Any) -> Complaint:
    people = ("tracker", "respondent_staff", "first_heard_by")
    complaint = Complaint.objects.select_related(*people).get(case_id=case.pk)
    complaint.case = case  # each knows the other from now on, without asking again
    return complaint


def _register(*, actor: Any, **fields: Any) -> Any:
    return intake.register_complaint(site=actor.site, by=actor.staff, **fields)


def _related(case: Any) -> list[Related]:
    """On an open complaint: how many others seem to tell of the same matter, and where to merge them (X-08)."""
    if case.process != "complaints" or case.closed_at is not None:
        return []
    alike = grouping.suspected_group(case=case, at=case.received_at)
    if not alike:
        return []
    text = _("有%(count)s件可能是同一件事，去合并") % {"count": len(alike)}
    title = _("疑似集体投诉")
    return [Related(title=title, icon="users", text=text, url_name="complaints:group", url_args=(case.key,))]


def _promise(*, site: Any, at: Any) -> Foresight | None:
    """What a complaint registered now is promised first."""
    clocks = decide_clocks(facts=Facts(received_at=at), figures=figures_under(site=site, at=at))
    first = next((clock for clock in clocks if clock.milestone == CONTACT), None)
    if first is None:
        return None
    calendar = get_calendar(site_id=site.pk, code="service")
    return Foresight(
        milestone=MILESTONES[CONTACT],
        due_at=clock_due(clock=first, calendar=calendar),
        rule=first.figure.rule,
    )


def _classify(*, actor: Any, **fields: Any) -> Any:
    fields["times_raised"] = fields.get("times_raised") or 1
    fields["loss_fen"] = fields.get("loss_fen") or 0
    return intake.classify_complaint(by=actor.staff, **fields)


def _opinion(*, actor: Any, satisfied: str, **fields: Any) -> Any:
    return answering.record_opinion(by=actor.staff, satisfied=satisfied == "yes", **fields)


def _split(*, actor: Any, case: Any, at: Any, reason: str, seen: Any = None) -> Any:
    return grouping.split_group(parent=case, by=actor.staff, at=at, reason=reason)


def _not_closable(complaint: Complaint) -> tuple[str, str] | None:
    return answering.closing_obstacle(case=complaint.case, complaint=complaint)


def _no_forwarding(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.forwarded_by_hq else (N("不是公司投诉处理中心转来的"), "C-55")


def _no_group(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.is_group else (N("这不是集体投诉"), "X-08")


STEPS = (
    Step(
        code="solve_on_spot", label=N("现场解决"), permission="complaints.solve_on_spot", sources=("registered",),
        targets=("handled",), form=f.SOLVE_ON_SPOT, run=_by(intake.solve_on_spot), rules=("C-12", "C-13", "C-42"),
    ),
    Step(
        code="classify", label=N("分类定级"), permission="complaints.classify", sources=OPEN,
        targets=("classified", "converted"), form=f.CLASSIFY, run=_classify, main=True,
        rules=("C-18", "C-19", "C-20", "C-21", "C-22", "C-23"),
    ),
    Step(
        code="dispatch", label=N("派发部门"), permission="complaints.dispatch",
        sources=("classified", *WORKING), targets=("dispatched",), form=f.DISPATCH,
        run=_by(handling.dispatch_complaint), main=True, rules=("C-27", "C-30", "C-31", "C-32"),
    ),
    Step(
        code="accept", label=N("签收"), permission="complaints.accept", sources=("classified", "dispatched"),
        targets=("in_progress",), form=f.ACCEPT, run=_by(handling.accept_complaint), main=True, rules=("C-31", "C-87"),
    ),
    Step(
        code="contact", label=N("联系住户"), permission="complaints.reply", sources=OPEN, targets=(),
        form=f.CONTACT, run=_by(handling.contact_household), main=True, rules=("C-33", "C-44", "C-81"),
    ),
    Step(
        code="verify", label=N("核实情况"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.VERIFY, run=_by(handling.verify_facts), rules=("C-16",),
    ),
    Step(
        code="plan", label=N("告知方案"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.PLAN, run=_by(handling.give_plan), main=True, rules=("C-35", "C-36", "C-58"),
    ),
    Step(
        code="progress", label=N("进展"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.PROGRESS, run=_by(handling.note_progress), rules=("C-45", "C-66"),
    ),
    Step(
        code="call_supervisor", label=N("请主管到场"), permission="complaints.register", sources=OPEN, targets=(),
        form=f.CALL_SUPERVISOR, run=_by(escalating.call_supervisor), rules=("C-07", "C-14", "C-15"),
    ),
    Step(
        code="hand_up", label=N("上报"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.HAND_UP, run=_by(escalating.hand_up), rules=("C-53", "C-54"),
    ),
    Step(
        code="decide", label=N("批示"), permission="complaints.decide", sources=OPEN, targets=(),
        form=f.DECIDE, run=_by(escalating.decide_matter), rules=("C-40", "C-53", "C-57"),
    ),
    Step(
        code="forward", label=N("转外部单位"), permission="complaints.handle", sources=("classified", *WORKING),
        targets=("forwarded",), form=f.FORWARD, run=_by(escalating.forward_outside), rules=("C-46", "C-47", "C-48"),
    ),
    Step(
        code="extend", label=N("批准延期"), permission="complaints.extend", sources=OPEN, targets=(),
        form=f.EXTEND, run=limits.extend_limit, rules=("C-39",),
    ),
    Step(
        code="pause", label=N("暂停计时"), permission="complaints.dispatch", sources=OPEN, targets=(),
        form=f.PAUSE, run=_by(limits.pause_clocks),
    ),
    Step(
        code="resume", label=N("恢复计时"), permission="complaints.dispatch", sources=OPEN, targets=(),
        form=f.RESUME, run=_by(limits.resume_clocks),
    ),
    Step(
        code="refuse", label=N("婉拒"), permission="complaints.refuse", sources=("classified", *WORKING),
        targets=("handled",), form=f.REFUSE, run=_by(handling.refuse_complaint), rules=("C-49", "C-50"),
    ),
    Step(
        code="finish", label=N("处理完毕"), permission="complaints.handle", sources=("classified", *WORKING),
        targets=("handled",), form=f.FINISH, run=_by(handling.finish_handling), main=True, rules=("C-60", "C-68"),
    ),
    Step(
        code="reply", label=N("答复住户"), permission="complaints.reply", sources=("handled",),
        targets=("replied",), form=f.REPLY, run=_by(answering.reply_to_household), main=True,
        rules=("C-61", "C-62", "C-63", "C-64", "C-65", "C-67"),
    ),
    Step(
        code="opinion", label=N("住户意见"), permission="complaints.reply", sources=("replied",),
        targets=("succeeded", "in_progress"), form=f.OPINION, run=_opinion, main=True, rules=("C-56", "C-57", "C-59"),
    ),
    Step(
        code="report_hq", label=N("回报公司"), permission="complaints.reply", sources=("handled", "replied"),
        targets=(), form=f.REPORT_HQ, run=_by(answering.report_to_company), rules=("C-55",), blocked=_no_forwarding,
    ),
    Step(
        code="close", label=N("归档"), permission="complaints.close", sources=("handled", "replied"),
        targets=("closed",), form=f.CLOSE, run=_by(answering.close_complaint), main=True, rules=("C-70", "C-72"),
        blocked=_not_closable,
    ),
    Step(
        code="split", label=N("拆开集体投诉"), permission="complaints.group", sources=OPEN, targets=("converted",),
        form=f.SPLIT, run=_split, rules=("X-08",), blocked=_no_group,
    ),
)  # fmt: skip
MOVES = (
    Move(code="join_group", label=N("并入集体投诉"), sources=OPEN, targets=("merged",)),
    Move(code="leave_group", label=N("离开集体投诉"), sources=("merged",), targets=BEFORE_WORK),
    Move(code="group_handled", label=N("集体投诉已处理"), sources=("merged",), targets=("handled",)),
    Move(
        code="rectify", label=N("回访不满意，整改"), sources=("handled", "replied"), targets=("in_progress",)
    ),
)
PERMISSIONS = tuple(
    Permission(code=f"complaints.{code}", label=label)
    for code, label in (
        ("see", N("查看投诉")),
        ("register", N("登记投诉")),
        ("solve_on_spot", N("现场解决投诉")),
        ("classify", N("投诉分类定级")),
        ("dispatch", N("派发投诉、暂停计时")),
        ("accept", N("签收投诉")),
        ("handle", N("处理投诉")),
        ("reply", N("联系和答复住户")),
        ("escalate", N("督办投诉")),
        ("decide", N("对上报的投诉作批示")),
        ("extend", N("批准投诉延期")),
        ("refuse", N("婉拒投诉")),
        ("group", N("合并和拆开集体投诉")),
        ("close", N("投诉归档")),
        ("report", N("查看投诉统计和月报")),
        ("spot_check", N("抽查记录、走访投诉人")),
    )
)
COMPLAINTS = Process(
    code="complaints",
    title=N("投诉"),
    module="C",
    number_prefix="TS",
    permissions=PERMISSIONS,
    states=STATES,
    steps=STEPS,
    moves=MOVES,
    menu=(
        MenuEntry(group=N("事项"), label=N("投诉"), icon="message-report", url_name="complaints:list",
                  permission="complaints.see", order=30, hotkey="c"),
        MenuEntry(group=N("统计与执行"), label=N("投诉月报"), icon="chart-bar", url_name="complaints:month",
                  permission="complaints.report", order=80),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in MILESTONES.items()),
    intake=f.REGISTER,
    open=_register,
    intake_permission="complaints.register",
    hotkey="c",
    describe=describe,
    subject_of=_complaint_of,
    sheets=SHEETS,
    promise=_promise,
    related=_related,
    codes={"validity": dict(VALIDITIES)},
)  # fmt: skip
