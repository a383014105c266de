"""The life cycle of a repair: states, steps, the move behind its orders, permissions, menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.process import (
    MenuEntry,
    Milestone,
    Move,
    PeriodDue,
    Periodic,
    Permission,
    Process,
    State,
    Step,
)
from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.shown import DeskDuty
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import Quote
from yingsheng.kernel.charges.queries import balance_fen, paid_fen
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.estate.queries import find_room
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import open_orders
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.process import asides
from yingsheng.processes.repairs.process import forms as f
from yingsheng.processes.repairs.process import words as w
from yingsheng.processes.repairs.process.sheets import SHEETS
from yingsheng.processes.repairs.queries.closing import what_is_missing
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.rules.facts import OPEN_STATES, ORDERED, REQUESTED, may_start
from yingsheng.processes.repairs.services import closing, giving, intake, money, telling

ALL_OPEN = (*OPEN_STATES, "done")
Blocked = tuple[str, str] | None


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    """A service that wants the person, offered to the generic runner, which has the actor."""

    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _register(*, actor: Any, at: Any, give: str = "", **fields: Any) -> Any:
    return intake.register_repair(site=actor.site, by=actor.staff, at=at, give=give or "later", **fields)


def _assess(*, actor: Any, other_room: Any = None, **fields: Any) -> Any:
    return telling.assess(by=actor.staff, other_room=_room(site=actor.site, value=other_room), **fields)


def _answer(*, actor: Any, way: str = "", **fields: Any) -> Any:
    return money.answer_quote(by=actor.staff, way=way or "phone", **fields)


def _room(*, site: Any, value: Any) -> Room | None:
    """The room a form names: the words as typed on a page, the room itself from the API."""
    if not value or isinstance(value, Room):
        return value or None
    words = parse_room(text=value)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
    found = find_room(site=site, key=key) if key else None
    if found is None:
        raise Refused(N("没有这个房号，请核对"), field="other_room", rule="R-16")
    return found


def _repair_of(case: Any) -> Repair:
    repair = Repair.objects.select_related("introduced_to", "coordinator", "other_room").get(case_id=case.pk)
    repair.case = case  # each knows the other from now on, without asking again
    return repair


def _no_quote_waits(repair: Any) -> Blocked:
    """An accepted one may still be taken back while nobody works for it; the service looks closer."""
    if repair.is_paid_work and _has_quote(repair, Quote.State.OFFERED):
        return None
    if repair.case.state in (REQUESTED, ORDERED) and _has_quote(repair, Quote.State.ACCEPTED):
        return None
    return N("没有等住户答复的报价"), "R-08"


def _quote_waits(repair: Any) -> Blocked:
    if repair.is_paid_work and _has_quote(repair, Quote.State.OFFERED):
        return N("上一份报价住户还没有答复"), "R-08"
    return None


def _has_quote(repair: Any, state: str) -> bool:
    """Whether a quote in this state exists; the quotes of a page's case are read once."""
    known = repair.__dict__.get("_quote_states")
    if known is None:
        known = repair.__dict__["_quote_states"] = set(
            Quote.objects.filter(case_id=repair.case_id).values_list("state", flat=True)
        )
    return state in known


def _nothing_to_pay(repair: Any) -> Blocked:
    if not repair.is_paid_work or not _has_quote(repair, Quote.State.ACCEPTED):
        return N("住户还没有接受报价，没有要收的款"), "R-09"
    return None if balance_fen(case=repair.case) else (N("已经付清"), "R-09")


def _nothing_paid(repair: Any) -> Blocked:
    if not repair.is_paid_work or not paid_fen(case=repair.case):
        return N("没有收过款"), "R-09"
    return None


def _on_time(repair: Any) -> Blocked:
    return None if repair.in_limit is False else (N("还没有超过时限"), "R-04")


def _nothing_open(repair: Any) -> Blocked:
    return None if open_orders(case=repair.case).exists() else (N("没有未完成的派工单"), "R-05")


def _nothing_out(repair: Any) -> Blocked:
    out = WorkOrder.objects.filter(case_id=repair.case_id, state=WorkOrder.State.DONE)
    return None if out.exists() else (N("派工单都已收回"), "R-05")


def _not_fileable(repair: Any) -> Blocked:
    missing = what_is_missing(case=repair.case, repair=repair, at=repair.case.handled_at)
    return (closing.MISSING_WORDS[missing[0].code], missing[0].rule) if missing else None


def _order_blocked(case: Any, verb: str) -> Blocked:
    """Paid work does not begin before the household accepted what it costs (R-08, R-09)."""
    if verb not in ("start", "finish", "finish_from_paper"):
        return None
    repair = Repair.objects.get(case_id=case.pk)
    if may_start(
        is_paid_work=repair.is_paid_work,
        has_accepted_quote=repair.is_paid_work and money.has_accepted_quote(case=case),
    ):
        return None
    latest = Quote.objects.filter(case_id=case.pk).order_by("-round").values_list("state", flat=True).first()
    if latest == Quote.State.DECLINED:
        return N("住户不接受报价：重新报价，或取消报修"), "R-09"
    if latest == Quote.State.OFFERED:
        return N("有偿维修要等住户接受报价才能施工"), "R-09"
    return N("有偿维修要先报价，住户接受了才能施工"), "R-09"


def _step(
    code: str,
    label: str,
    permission: str,
    sources: tuple[str, ...],
    form: FormSpec,
    run: Callable[..., Any],
    *rules: str,
    targets: tuple[str, ...] = (),
    blocked: Callable[[Any], Blocked] | None = None,
    main: bool = False,
    bulk: bool = False,
) -> Step:
    return Step(
        code=code, label=label, permission=permission, sources=sources, targets=targets, form=form, run=run,
        rules=rules, blocked=blocked, main=main, bulk=bulk,
    )  # fmt: skip


def _from_paper(*, actor: Any, **fields: Any) -> Any:
    return giving.complete_from_paper(actor=actor, **fields)


STEPS = (
    _step(
        "issue", N("开派工单"), "repairs.dispatch", OPEN_STATES, f.ISSUE, _by(giving.give_order),
        "R-01", "R-11", targets=("ordered",), main=True,
    ),
    _step("assess", N("责任认定"), "repairs.handle", ALL_OPEN, f.ASSESS, _assess, "R-16"),
    _step("plan", N("维修方案"), "repairs.handle", OPEN_STATES, f.PLAN, _by(telling.plan_repair), "R-08"),
    _step(
        "quote", N("报价"), "repairs.charge", ALL_OPEN, f.QUOTE, _by(money.quote_repair), "R-08", "R-09",
        blocked=_quote_waits,
    ),
    _step(
        "answer_quote", N("住户答复报价"), "repairs.charge", ALL_OPEN, f.ANSWER_QUOTE, _answer, "R-08",
        blocked=_no_quote_waits, main=True,
    ),
    _step(
        "progress", N("跟进"), "repairs.handle", ALL_OPEN, f.PROGRESS, _by(telling.note_progress), "R-03",
        bulk=True,
    ),
    _step(
        "rearrange", N("改约"), "repairs.handle", OPEN_STATES, f.REARRANGE, _by(telling.rearrange), "R-18"
    ),
    _step(
        "apologise", N("超时致歉说明"), "repairs.handle", ALL_OPEN, f.APOLOGISE, _by(telling.apologise), "R-04",
        blocked=_on_time,
    ),
    _step(
        "complete", N("按纸单登记完工"), "repairs.dispatch", ("ordered", "working", "paused"), f.COMPLETE,
        _from_paper, "R-05", "R-08", targets=("done",), blocked=_nothing_open, main=True,
    ),
    _step(
        "pay", N("收款"), "repairs.charge", ALL_OPEN, f.PAY, _by(money.take_pay), "R-09", blocked=_nothing_to_pay,
        main=True,
    ),
    _step(
        "refund", N("退款"), "repairs.charge", ALL_OPEN, f.REFUND, _by(money.pay_back), "R-09",
        blocked=_nothing_paid,
    ),
    _step("sign", N("住户签认"), "repairs.handle", ("done",), f.SIGN, _by(money.sign_off), "R-08", "R-09"),
    _step(
        "tell", N("告知结果"), "repairs.handle", ("done",), f.TELL, _by(telling.tell_result), "R-04", main=True
    ),
    _step(
        "redo", N("返工"), "repairs.dispatch", ("done",), f.REDO, _by(giving.redo), "F-11", targets=("ordered",)
    ),
    _step(
        "recover", N("收回派工单"), "repairs.file", ALL_OPEN, f.RECOVER, _by(giving.recover_forms), "R-05",
        blocked=_nothing_out, bulk=True,
    ),
    _step(
        "file", N("归档"), "repairs.file", ("done",), f.FILE, _by(closing.file_repair), "R-09", "R-05",
        targets=("filed",), blocked=_not_fileable, main=True, bulk=True,
    ),
    _step(
        "cancel", N("取消报修"), "repairs.dispatch", OPEN_STATES, f.CANCEL, _by(closing.cancel_repair), "R-05",
        targets=("cancelled",),
    ),
)  # fmt: skip

REPAIRS = Process(
    code="repairs",
    title=N("报修"),
    module="R",
    number_prefix="BX",
    permissions=(
        Permission(code="repairs.see", label=N("查看报修")),
        Permission(code="repairs.register", label=N("登记报修")),
        Permission(code="repairs.dispatch", label=N("给报修派单")),
        Permission(code="repairs.handle", label=N("跟进报修、告知住户")),
        Permission(code="repairs.charge", label=N("维修报价与收款")),
        Permission(code="repairs.file", label=N("收回派工单、归档报修")),
        Permission(code="repairs.review", label=N("晨间检查维修")),
        Permission(code="repairs.report", label=N("查看报修统计、报送分析")),
    ),
    states=(
        State(code="requested", label=N("待派单"), tone="waiting"),
        State(code="ordered", label=N("已派单")),
        State(code="working", label=N("维修中")),
        State(code="paused", label=N("已暂停"), tone="waiting"),
        State(code="done", label=N("已完工，待结"), tone="soon"),
        State(code="filed", label=N("已归档"), tone="met", final=True),
        State(code="cancelled", label=N("已取消"), tone="met", final=True),
    ),
    steps=STEPS,
    moves=(
        Move(
            code=giving.FOLLOW,
            label=N("随派工单变化"),
            sources=ALL_OPEN,
            targets=("requested", "ordered", "working", "paused", "done"),
        ),
    ),
    menu=(
        MenuEntry(
            group=N("事项"),
            label=N("报修"),
            icon="tool",
            url_name="repairs:list",
            permission="repairs.see",
            order=28,
        ),
        MenuEntry(
            group=N("事项"),
            label=N("晨间检查"),
            icon="list-check",
            url_name="repairs:review",
            permission="repairs.review",
            order=33,
        ),
        MenuEntry(
            group=N("统计与执行"),
            label=N("报修统计"),
            icon="chart-bar",
            url_name="repairs:month",
            permission="repairs.report",
            order=184,
        ),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in w.MILESTONES.items()),
    kept_by=w.KEPT_BY,
    complete_modules=("R",),
    intake=f.INTAKE,
    open=_register,
    intake_permission="repairs.register",
    hotkey="b",
    describe=asides.describe,
    subject_of=_repair_of,
    attach_permission="repairs.handle",
    sheets=SHEETS,
    related=asides.related,
    promise=asides.promise,
    periodics=(
        Periodic(
            code=c.REVIEW,
            label=N("晨间检查维修"),
            every="day",
            dues=(
                PeriodDue(
                    milestone=c.REVIEW, label=w.MILESTONES[c.REVIEW], rule="R-19", due="R-19.review_at"
                ),
            ),
            role="R-19.reviewed_by",
            url_name="repairs:review",
            permission="repairs.review",
        ),
        Periodic(
            code=c.ANALYSIS,
            label=N("报修分析"),
            every="month",
            dues=(
                PeriodDue(
                    milestone=c.ANALYSIS,
                    label=w.MILESTONES[c.ANALYSIS],
                    rule="R-06",
                    due="R-06.analysis_to_day",
                    starts="R-06.analysis_from_day",
                ),
                PeriodDue(
                    milestone=c.REPORT, label=w.MILESTONES[c.REPORT], rule="R-06", due="R-06.report_day"
                ),
            ),
            role="R-06.analysed_by",
            url_name="repairs:month",
            permission="repairs.report",
        ),
    ),
    today=asides.today,
    numbers=asides.numbers,
    order_blocked=_order_blocked,
    desk_duties=(
        DeskDuty(code="dispatch", label=N("派工"), url_name="repairs:list", permission="repairs.see"),
    ),
    codes={"category": dict(w.TRADES), "severity": dict(w.KINDS), "trade": dict(w.TRADES)},
)
