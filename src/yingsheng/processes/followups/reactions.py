"""A handled matter owes a visit; a matter that went another way owes none."""

from __future__ import annotations

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.followups.services import arm_follow_up, cancel_follow_up


def _handled(event: Event) -> None:
    case = Case.objects.select_related("site").get(pk=event.subject_id)
    if case.handled_at is None or (case.process == "complaints" and case.members.exists()):
        return  # a group is visited household by household
    loss = int(event.data.get("loss_fen") or 0)
    threshold = figure(path="F-13.loss_threshold_fen", site=case.site, at=event.at)
    heads = bool(event.data.get("injury")) or (threshold is not None and loss >= int(threshold))
    heads = heads or bool(figure(path="F-13.every_complaint", site=case.site, at=event.at))
    arm_follow_up(case=case, handled_at=case.handled_at, heads_needed=heads, by=event.by, at=event.at)


def _went_another_way(event: Event) -> None:
    case = Case.objects.select_related("site").get(pk=event.subject_id)
    cancel_follow_up(case=case, by=event.by, at=event.at, reason="事项已转办")


REACTIONS = (
    *(
        Reaction(on=kind, run=_handled, emits=("followups.armed",))
        for kind in (
            "complaints.handled",
            "complaints.solved_on_spot",
            "complaints.refused",
            "complaints.group_handled",
        )
    ),
    *(
        Reaction(on=kind, run=_went_another_way, emits=("followups.cancelled",))
        for kind in ("complaints.succeeded", "complaints.unsatisfied")
    ),
)
