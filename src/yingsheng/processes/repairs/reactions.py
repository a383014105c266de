"""What the repair desk does when an order moves, a clock runs out, or a visit is owed or made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules.clocks import FINISH
from yingsheng.processes.repairs.services.giving import follow_orders
from yingsheng.processes.repairs.services.telling import owe_apology

MOVED = (
    "issued", "assigned", "accepted", "started", "resumed", "paused", "sent_back", "handed_over", "done", "returned",
    "voided",
)  # fmt: skip


def _order_moved(kind: str) -> Callable[[Event], None]:
    def run(event: Event) -> None:
        done = event.data.get("done")
        follow_orders(
            case=Case(pk=event.data["case"]), kind=kind, by=event.by, at=event.at,
            done_at=datetime.fromisoformat(done) if done else None, order_id=event.data.get("order_id"),
        )  # fmt: skip

    return run


def _limit_is_over(event: Event) -> None:
    """Work unfinished at its limit calls for an apology (R-04)."""
    about = event.data.get("about")
    if event.data.get("milestone") != FINISH or not about or about[0] != "cases.case":
        return
    case = Case.objects.get(pk=about[1])
    if case.process == "repairs":
        owe_apology(case=case, at=event.at)


def _visit(*, owed: bool) -> Callable[[Event], None]:
    def run(event: Event) -> None:
        Repair.objects.filter(case_id=event.data.get("case")).update(visit_owed=owed)

    return run


def _not_content(event: Event) -> None:
    """The visit found the household not content: it is visited again after the rework (F-11)."""
    Repair.objects.filter(case_id=event.data.get("case")).update(visit_owed=False, satisfaction="no")


REACTIONS = (
    *(
        Reaction(
            on=f"orders.{kind}",
            run=_order_moved(kind),
            emits=("repairs.completed",) if kind in ("done", "voided") else (),
        )
        for kind in MOVED
    ),
    Reaction(on="timers.overdue", run=_limit_is_over),
    Reaction(on="followups.armed", run=_visit(owed=True)),
    Reaction(on="followups.satisfied", run=_visit(owed=False)),
    Reaction(on="followups.exempted", run=_visit(owed=False)),
    Reaction(on="followups.cancelled", run=_visit(owed=False)),
    Reaction(on="followups.unsatisfied", run=_not_content),
)
