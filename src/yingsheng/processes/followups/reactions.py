"""A handled matter owes a visit; a matter that went another way owes none."""

from __future__ import annotations

from datetime import date

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.followups.rules.matters import END, PERIODIC
from yingsheng.processes.followups.services import (
    arm_follow_up,
    arm_midway,
    cancel_follow_up,
    record_check_visit,
)

ARMED, CANCELLED = ("followups.armed", "followups.exempted"), ("followups.cancelled",)
ANOTHER_WAY, DONE_AGAIN, NOT_WANTED = "事项已转办", "返工，完工后再回访", "服务已取消"


def _case(event: Event) -> Case:
    return Case.objects.select_related("site").get(pk=event.subject_id)


def _handled(event: Event) -> None:
    case = _case(event)
    if case.handled_at is None or (case.process == "complaints" and case.members.exists()):
        return  # a group is visited household by household
    loss = int(event.data.get("loss_fen") or 0)
    threshold = figure(path="F-13.loss_threshold_fen", site=case.site, at=event.at)
    heads = bool(event.data.get("injury")) or (threshold is not None and loss >= int(threshold))
    heads = heads or bool(figure(path="F-13.every_complaint", site=case.site, at=event.at))
    arm_follow_up(case=case, handled_at=case.handled_at, heads_needed=heads, by=event.by, at=event.at)


def _repaired(event: Event) -> None:
    """A finished repair is visited by its scale (F-02, F-03), and once more on the regular round (F-17)."""
    case = _case(event)
    if case.handled_at is None:
        return
    internal = bool(event.data.get("internal"))
    scale = str(event.data.get("scale") or "minor")
    arm_follow_up(
        case=case, handled_at=case.handled_at, scale=scale, internal=internal, by=event.by, at=event.at
    )
    if not internal:
        arm_follow_up(case=case, handled_at=case.handled_at, part=PERIODIC, by=event.by, at=event.at)


def _redone(event: Event) -> None:
    cancel_follow_up(case=_case(event), by=event.by, at=event.at, reason=DONE_AGAIN)


def _service_started(event: Event) -> None:
    """A special service owes a visit in the middle of its time (F-04)."""
    first, last = (date.fromisoformat(str(event.data[name])[:10]) for name in ("from", "to"))
    arm_midway(case=_case(event), first=first, last=last, by=event.by, at=event.at)


def _service_finished(event: Event) -> None:
    """A special service owes another visit after its end (F-04)."""
    case = _case(event)
    if case.handled_at is not None:
        arm_follow_up(case=case, handled_at=case.handled_at, part=END, by=event.by, at=event.at)


def _service_rectified(event: Event) -> None:
    """What was found wanting in a half of a service was put right: the half is visited again (F-11)."""
    part = str(event.data["part"])
    arm_follow_up(case=_case(event), handled_at=event.at, part=part, by=event.by, at=event.at)


def _service_cancelled(event: Event) -> None:
    cancel_follow_up(case=_case(event), by=event.by, at=event.at, reason=NOT_WANTED)


def _went_another_way(event: Event) -> None:
    cancel_follow_up(case=_case(event), by=event.by, at=event.at, reason=ANOTHER_WAY)


def _checked(event: Event) -> None:
    """A head who visited a complainant made a visit (F-24)."""
    if event.data.get("case") is None or event.data.get("satisfied") is None or event.by is None:
        return
    case = Case.objects.select_related("site").get(pk=event.data["case"])
    record_check_visit(
        case=case,
        by=event.by,
        at=event.at,
        satisfied=bool(event.data["satisfied"]),
        summary=event.data["finding"],
    )


REACTIONS = (
    Reaction(on="complaints.spot_checked", run=_checked),
    *(
        Reaction(on=kind, run=_handled, emits=ARMED)
        for kind in (
            "complaints.handled",
            "complaints.solved_on_spot",
            "complaints.refused",
            "complaints.group_handled",
        )
    ),
    *(
        Reaction(on=kind, run=_went_another_way, emits=CANCELLED)
        for kind in ("complaints.succeeded", "complaints.unsatisfied")
    ),
)
# of processes that a house may have or not
OF_OTHERS = (
    Reaction(on="repairs.completed", run=_repaired, emits=ARMED),
    Reaction(on="repairs.redone", run=_redone, emits=CANCELLED),
    Reaction(on="services.started", run=_service_started, emits=ARMED),
    Reaction(on="services.finished", run=_service_finished, emits=ARMED),
    Reaction(on="services.rectified", run=_service_rectified, emits=ARMED),
    Reaction(on="services.cancelled", run=_service_cancelled, emits=CANCELLED),
)
