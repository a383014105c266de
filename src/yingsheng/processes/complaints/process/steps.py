"""The life cycle of a complaint: states, steps, moves that follow by themselves, permissions, menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from yingsheng.base.process import MenuEntry, Milestone, Move, Permission, Process, State, Step
from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.attachments import Sent, add_files
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.estate.queries import find_room
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process import forms as f
from yingsheng.processes.complaints.process import more_forms as m
from yingsheng.processes.complaints.process.asides import promise, related
from yingsheng.processes.complaints.process.house_forms import HOUSE_FORMS, printable
from yingsheng.processes.complaints.process.kept import KEPT_BY
from yingsheng.processes.complaints.process.periodics import DESK_DUTIES, PERIODICS, numbers, today
from yingsheng.processes.complaints.process.sheets import SHEETS, describe
from yingsheng.processes.complaints.process.words import LIABLE, MILESTONES, VALIDITIES
from yingsheng.processes.complaints.services import (
    answering,
    asking,
    escalating,
    finishing,
    grouping,
    handling,
    harm,
    intake,
    limits,
    night,
    recording,
)

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
    people = ("tracker", "respondent_staff", "first_heard_by", "taken_over_by", "other_room", "signed_for_by")
    complaint = Complaint.objects.select_related(*people).get(case_id=case.pk)
    complaint.case = case  # each knows the other from now on, without asking again
    return complaint


def _register(*, actor: Any, at: Any, files: Any = (), **fields: Any) -> Any:
    """The complaint with the photos that came with it: all of it or nothing."""
    with transaction.atomic():
        case = intake.register_complaint(site=actor.site, by=actor.staff, at=at, **fields)
        if files:
            sent = [Sent(name=str(one.name or ""), body=one.read()) for one in files]
            add_files(actor=actor, case=case, files=sent, at=at)
    return case


def _classify(*, actor: Any, **fields: Any) -> Any:
    fields["times_raised"] = fields.get("times_raised") or 1
    fields["loss_fen"] = fields.get("loss_fen") or 0
    fields["other_room"] = _room(site=actor.site, value=fields.get("other_room"))
    return intake.classify_complaint(by=actor.staff, **fields)


def _room(*, site: Any, value: Any) -> Room | None:
    """The room a form names: the words as typed on a page, the room itself from the API."""
    if not value or isinstance(value, Room):
        return value or None
    words = parse_room(text=value)
    found = (
        find_room(site=site, key=room_key(building=words.building, unit=words.unit, room=words.room))
        if words
        else None
    )
    if found is None:
        raise Refused(N("没有这个房号，请核对"), field="other_room", rule="C-82")
    return found


def _opinion(*, actor: Any, satisfied: str, **fields: Any) -> Any:
    return answering.record_opinion(by=actor.staff, satisfied=satisfied == "yes", **fields)


def _split(*, actor: Any, case: Any, at: Any, reason: str, seen: Any = None) -> Any:
    return grouping.split_group(parent=case, by=actor.staff, at=at, reason=reason)


def _join(*, actor: Any, case: Any, at: Any, number: str, seen: Any = None) -> Any:
    found = visible_cases(actor=actor).filter(process="complaints", number=number.strip())
    parent = found.exclude(pk=case.pk).first()
    if parent is None:
        raise Refused(N("没有这件集体投诉，请核对编号"), field="number", rule="X-08")
    return grouping.join_group(case=case, parent=parent, by=actor.staff, at=at, seen=seen)


def _no_harm(complaint: Complaint) -> tuple[str, str] | None:
    going_on = complaint.ongoing_harm and complaint.harm_stopped_at is None
    return None if going_on else (N("没有正在发生的损害"), "C-17")


def _in_a_group(complaint: Complaint) -> tuple[str, str] | None:
    return (N("集体投诉不能再并入另一件"), "C-28") if complaint.is_group else None


def _not_closable(complaint: Complaint) -> tuple[str, str] | None:
    return answering.closing_obstacle(case=complaint.case, complaint=complaint)


def _not_finishable(complaint: Complaint) -> tuple[str, str] | None:
    return finishing.finishing_obstacle(case=complaint.case, complaint=complaint)


def _unasked_in_reply(complaint: Complaint) -> frozenset[str]:
    wanted = answering.reply_rule(case=complaint.case, complaint=complaint).phone_needs_reason
    return frozenset() if wanted else frozenset({"no_visit_reason"})


def _no_forwarding(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.forwarded_by_hq else (N("不是公司投诉处理中心转来的"), "C-55")


def _not_of_the_night(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.night and complaint.taken_over_at is None else (N("这不是夜间来件"), "C-80")


def _nobody_asked(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.case.asked_department_id else (N("没有部门在等着答复"), "C-43")


def _somebody_asked(complaint: Complaint) -> tuple[str, str] | None:
    return (N("上次询问的部门还没有答复"), "C-43") if complaint.case.asked_department_id else None


def _no_other_home(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.other_room_id else (N("分类定级时还没有写明另一户的房号"), "C-82")


def _no_group(complaint: Complaint) -> tuple[str, str] | None:
    return None if complaint.is_group else (N("这不是集体投诉"), "X-08")


def _not_refusable(complaint: Complaint) -> tuple[str, str] | None:
    return finishing.refusing_obstacle(case=complaint.case, complaint=complaint)


STEPS = (
    Step(
        code="solve_on_spot", label=N("现场解决"), permission="complaints.solve_on_spot", sources=("registered",),
        targets=("handled",), form=f.SOLVE_ON_SPOT, run=_by(intake.solve_on_spot), rules=("C-12", "C-13", "C-42"),
    ),
    Step(
        code="stop_harm", label=N("止损"), permission="complaints.register", sources=(*OPEN, "merged"), targets=(),
        form=m.STOP_HARM, run=_by(harm.stop_harm), rules=("C-17",), blocked=_no_harm,
    ),
    Step(
        code="classify", label=N("分类定级"), permission="complaints.classify", sources=OPEN,
        targets=("classified", "converted"), form=f.CLASSIFY, run=_classify, main=True,
        rules=("C-18", "C-19", "C-20", "C-21", "C-22", "C-23"),
    ),
    Step(
        code="dispatch", label=N("派发部门"), permission="complaints.dispatch",
        sources=("classified", *WORKING), targets=("dispatched",), form=f.DISPATCH,
        run=_by(handling.dispatch_complaint), main=True, bulk=True, rules=("C-27", "C-30", "C-31", "C-32"),
    ),
    Step(
        code="accept", label=N("签收"), permission="complaints.accept", sources=("classified", "dispatched"),
        targets=("in_progress",), form=f.ACCEPT, run=_by(handling.accept_complaint), main=True, bulk=True,
        rules=("C-31", "C-87"),
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
        form=f.PLAN, run=_by(handling.give_plan), main=True, rules=("C-35", "C-36", "C-58", "C-86"),
    ),
    Step(
        code="progress", label=N("进展"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.PROGRESS, run=_by(handling.note_progress), bulk=True, rules=("C-45", "C-66"),
    ),
    Step(
        code="call_supervisor", label=N("请主管到场"), permission="complaints.register", sources=OPEN, targets=(),
        form=f.CALL_SUPERVISOR, run=_by(escalating.call_supervisor), rules=("C-07", "C-14", "C-15"),
    ),
    Step(
        code="hand_up", label=N("上报"), permission="complaints.handle", sources=OPEN, targets=(),
        form=f.HAND_UP, run=_by(escalating.hand_up), rules=("C-52", "C-53", "C-54"),
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
        form=f.PAUSE, run=_by(limits.pause_clocks), bulk=True,
    ),
    Step(
        code="resume", label=N("恢复计时"), permission="complaints.dispatch", sources=OPEN, targets=(),
        form=f.RESUME, run=_by(limits.resume_clocks), bulk=True,
    ),
    Step(
        code="refuse", label=N("婉拒"), permission="complaints.refuse", sources=("classified", *WORKING),
        targets=("handled",), form=f.REFUSE, run=_by(handling.refuse_complaint), rules=("C-17", "C-49", "C-50"),
        blocked=_not_refusable,
    ),
    Step(
        code="finish", label=N("处理完毕"), permission="complaints.handle", sources=("classified", *WORKING),
        targets=("handled",), form=f.FINISH, run=_by(handling.finish_handling), main=True,
        rules=("C-16", "C-17", "C-58", "C-60", "C-68"), blocked=_not_finishable,
    ),
    Step(
        code="reply", label=N("答复住户"), permission="complaints.reply", sources=("handled",),
        targets=("replied",), form=f.REPLY, run=_by(answering.reply_to_household), main=True,
        rules=("C-04", "C-61", "C-62", "C-63", "C-64", "C-65", "C-67"), unasked=_unasked_in_reply,
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
        targets=("closed",), form=f.CLOSE, run=_by(answering.close_complaint), main=True, bulk=True,
        rules=("C-70", "C-72", "C-85"), blocked=_not_closable,
    ),
    Step(
        code="take_over", label=N("白班接件"), permission="complaints.take_over", sources=("registered",),
        targets=(), form=m.TAKE_OVER, run=_by(night.take_over), bulk=True, rules=("C-80",), blocked=_not_of_the_night,
    ),
    Step(
        code="ask", label=N("请部门协助"), permission="complaints.handle", sources=OPEN, targets=(), form=m.ASK,
        run=_by(asking.ask_department), rules=("C-43", "C-85"), blocked=_somebody_asked,
    ),
    Step(
        code="answer_ask", label=N("部门答复"), permission="complaints.handle", sources=OPEN, targets=(),
        form=m.ANSWER_ASK, run=asking.answer_asked, rules=("C-43",), blocked=_nobody_asked,
    ),
    Step(
        code="contact_other", label=N("联系另一户"), permission="complaints.handle", sources=OPEN, targets=(),
        form=m.CONTACT_OTHER, run=_by(recording.contact_other_household), rules=("C-82",), blocked=_no_other_home,
    ),
    Step(
        code="supplement", label=N("补记要素"), permission="complaints.register", sources=(*OPEN, "merged"), targets=(),
        form=m.SUPPLEMENT, run=_by(recording.supplement_record), rules=("C-09",),
    ),
    Step(
        code="confirm_record", label=N("签认记录"), permission="complaints.register",
        sources=(*OPEN, "merged", "handled", "replied"), targets=(), form=m.CONFIRM,
        run=_by(recording.confirm_record), rules=("C-11",),
    ),
    Step(
        code="join", label=N("并入集体投诉"), permission="complaints.group", sources=OPEN, targets=("merged",),
        form=m.JOIN, run=_join, rules=("C-65", "X-08"), blocked=_in_a_group,
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
        ("take_over", N("早上接夜间来件")),
        ("sign_unanswered", N("核对未答复的投诉")),
        ("file", N("报送投诉统计和月报")),
        ("improve", N("提出和评估改进措施")),
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
                  permission="complaints.report", order=180),
        MenuEntry(group=N("统计与执行"), label=N("报送"), icon="send", url_name="complaints:filings",
                  permission="complaints.report", order=181),
        MenuEntry(group=N("统计与执行"), label=N("改进措施"), icon="refresh", url_name="complaints:improvements",
                  permission="complaints.report", order=182),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in MILESTONES.items()),
    kept_by=KEPT_BY,
    intake=f.REGISTER,
    open=_register,
    intake_permission="complaints.register",
    attach_permission="complaints.register",
    hotkey="c",
    describe=describe,
    subject_of=_complaint_of,
    sheets=SHEETS,
    own_sheets=HOUSE_FORMS,
    printable=printable,
    promise=promise,
    related=related,
    codes={"validity": dict(VALIDITIES), "liable": dict(LIABLE)},
    periodics=PERIODICS,
    today=today,
    numbers=numbers,
    desk_duties=DESK_DUTIES,
    complete_modules=("C", "X"),
)  # fmt: skip
