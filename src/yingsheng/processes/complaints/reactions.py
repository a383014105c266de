"""What the complaint desk does when clocks run out or a visit was made."""

from __future__ import annotations

from collections.abc import Callable

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.complaints.rules.clocks import AUTO_UPGRADE, CONTACT
from yingsheng.processes.complaints.services.answering import follow_up_done
from yingsheng.processes.complaints.services.goals import give_up_goal
from yingsheng.processes.complaints.services.intake import upgrade_to_major


def _month_is_over(event: Event) -> None:
    """A valid complaint unsolved for a month becomes major (C-24)."""
    about = event.data.get("about")
    if event.data.get("milestone") != AUTO_UPGRADE or not about or about[0] != "cases.case":
        return
    case = Case.objects.get(pk=about[1])
    if case.process == "complaints":
        upgrade_to_major(case=case, at=event.at)


def _goal_is_over(event: Event) -> None:
    """A first reply that was only advised is nobody's delay (C-34)."""
    about = event.data.get("about")
    if event.data.get("milestone") != CONTACT or not about or about[0] != "cases.case":
        return
    case = Case.objects.get(pk=about[1])
    if case.process == "complaints":
        give_up_goal(case=case, at=event.at)


def _visited(outcome: str) -> Callable[[Event], None]:
    def run(event: Event) -> None:
        case = Case.objects.filter(pk=event.data.get("case"), process="complaints").first()
        if case is not None:
            follow_up_done(case=case, at=event.at, outcome=outcome, by=event.by)

    return run


REACTIONS = (
    Reaction(on="timers.overdue", run=_month_is_over, emits=("complaints.upgraded",)),
    Reaction(on="timers.overdue", run=_goal_is_over, emits=("complaints.goal_passed",)),
    Reaction(on="followups.satisfied", run=_visited("done")),
    Reaction(on="followups.exempted", run=_visited("exempt")),
    Reaction(on="followups.unsatisfied", run=_visited("unhappy"), emits=("complaints.reopened",)),
)
