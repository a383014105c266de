"""The life of an emergency: its states, and the steps that lead from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.process import Milestone, State, Step, processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.emergencies.process import forms
from yingsheng.processes.emergencies.process.scene import Scene
from yingsheng.processes.emergencies.rules import life
from yingsheng.processes.emergencies.services import acting, ending, intake

ACT, REGISTER, DECIDE, REPORT = (
    "emergencies.act", "emergencies.register", "emergencies.decide", "emergencies.report",
)  # fmt: skip

STATES = (
    State(code="alarm", label=N("待接警"), tone="late"),
    State(code="acknowledged", label=N("已接警"), tone="soon"),
    State(code="on_site", label=N("现场处置"), tone="soon"),
    State(code="resolved", label=N("已处置"), tone="waiting"),
    State(code="closed", label=N("已归档"), tone="met", final=True),
    State(code="false_alarm", label=N("误报"), tone="plain", final=True),
)
MILESTONES = (
    Milestone(code=life.ACKNOWLEDGE, label=N("接警")),
    Milestone(code=life.INFORM, label=N("通知保安或工程")),
    Milestone(code=life.ARRIVE, label=N("到场")),
    Milestone(code=life.REASSURE, label=N("安抚住户")),
    Milestone(code=life.REPORT, label=N("特别事件报告")),
    Milestone(code=life.CALL_BACK, label=N("给来电住户回电")),
)
KEPT_BY = {
    life.ACKNOWLEDGE: ("acknowledge",),
    life.INFORM: ("acknowledge",),
    life.ARRIVE: ("arrive",),
    life.REASSURE: ("reassure",),
    life.REPORT: ("report",),
    life.CALL_BACK: ("call_back",),
}


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _all_ticked(scene: Scene) -> tuple[str, str] | None:
    return (N("处置清单已全部勾完"), "X-11") if scene.next_line is None else None


def _harm_over(scene: Scene) -> tuple[str, str] | None:
    return (N("已经记过止损"), "X-02") if scene.emergency.harm_stopped_at is not None else None


def _nobody_waits(scene: Scene) -> tuple[str, str] | None:
    return (N("没有等着回电的住户"), "X-03") if not scene.waiting else None


def _not_written(scene: Scene) -> tuple[str, str] | None:
    return (ending.HINDRANCES["report"], "X-07") if scene.emergency.reported_at is None else None


def _not_ready(scene: Scene) -> tuple[str, str] | None:
    standing = ending.standing_of(case=scene.emergency.case, emergency=scene.emergency, waiting=scene.waiting)
    found = life.hinders_closing(standing=standing)
    return (ending.HINDRANCES[found[0]], found[1]) if found is not None else None


def _no_repairs(scene: Scene) -> tuple[str, str] | None:
    return None if ending.REPAIRS in processes else (ending.NO_REPAIRS, "X-02")


def _step(
    code: str,
    form: FormSpec,
    run: Callable[..., Any],
    permission: str,
    *,
    sources: tuple[str, ...],
    targets: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    **more: Any,
) -> Step:
    return Step(
        code=code, label=form.title, form=form, run=run, permission=permission, sources=sources, targets=targets,
        rules=rules, **more,
    )  # fmt: skip


STEPS = (
    _step(
        "acknowledge", forms.ACKNOWLEDGE, _by(acting.acknowledge), ACT,
        sources=life.OPEN, targets=("acknowledged",), rules=("X-01", "X-02"), main=True,
    ),
    _step(
        "arrive", forms.ARRIVE, _by(acting.arrive), ACT,
        sources=("alarm", "acknowledged"), targets=("on_site",), rules=("X-02",), main=True,
    ),
    _step("reassure", forms.REASSURE, _by(acting.reassure), REGISTER, sources=life.OPEN, rules=("X-03",)),
    _step(
        "tick", forms.TICK, _by(acting.tick), ACT, sources=life.LIVE, rules=("X-03", "X-11"), blocked=_all_ticked
    ),
    _step("caller", forms.CALLER, _by(intake.add_caller), REGISTER, sources=life.OPEN, rules=("X-03",)),
    _step("outside", forms.OUTSIDE, _by(acting.call_outside), ACT, sources=life.LIVE, rules=("X-02",)),
    _step("power", forms.POWER, _by(acting.use_power), ACT, sources=life.OPEN, rules=("X-04",)),
    _step(
        "stop_harm", forms.STOP_HARM, _by(acting.stop_harm), ACT,
        sources=life.OPEN, rules=("X-02",), blocked=_harm_over,
    ),
    _step(
        "resolve", forms.RESOLVE, _by(ending.resolve_emergency), ACT,
        sources=("acknowledged", "on_site"), targets=("resolved",), rules=("X-03",), main=True,
    ),
    _step(
        "false_alarm", forms.FALSE_ALARM, _by(ending.call_off), ACT,
        sources=life.OPEN, targets=("false_alarm",), rules=("X-01",),
    ),
    _step(
        "call_back", forms.CALL_BACK, _by(ending.call_back), REGISTER,
        sources=("resolved",), rules=("X-03",), blocked=_nobody_waits,
    ),
    _step("repair", forms.REPAIR, ending.open_repair, ACT, sources=life.LIVE, rules=("X-02",), blocked=_no_repairs),
    _step(
        "report", forms.REPORT, _by(ending.write_report), REPORT,
        sources=("on_site", "resolved"), rules=("X-07",), main=True,
    ),
    _step(
        "sign", forms.SIGN, ending.sign_report, DECIDE,
        sources=("resolved",), rules=("X-07",), blocked=_not_written, main=True,
    ),
    _step(
        "close", forms.CLOSE, _by(ending.close_emergency), DECIDE,
        sources=("resolved",), targets=("closed",), rules=("X-03", "X-07"), blocked=_not_ready,
    ),
)  # fmt: skip
