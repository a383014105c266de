"""What a special service does when its order moves, and when a visit about it is owed, made or exempted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.rules import ZONE
from yingsheng.processes.services.services.running import follow_orders, visit_changed

MOVED = ("assigned", "accepted", "started", "resumed", "paused", "sent_back", "done", "voided")


def _order_moved(event: Event) -> None:
    case = Case.objects.get(pk=event.data["case"])
    if case.process == "services":
        done = event.data.get("done")
        follow_orders(
            case=case, by=event.by, at=event.at, done_at=datetime.fromisoformat(done) if done else event.at
        )


def _visit(state: str) -> Callable[[Event], None]:
    def run(event: Event) -> None:
        case = Case.objects.filter(pk=event.data.get("case"), process="services").first()
        part = event.data.get("part")
        if case is not None and part in ("mid", "end"):
            due = event.data.get("due")
            day = datetime.fromisoformat(due).astimezone(ZONE).date() if due else None
            visit_changed(case=case, part=str(part), state=state, by=event.by, at=event.at, due=day)

    return run


REACTIONS = (
    *(
        Reaction(
            on=f"orders.{kind}",
            run=_order_moved,
            emits=("services.started", "services.finished") if kind in ("started", "done", "voided") else (),
        )
        for kind in MOVED
    ),
    Reaction(on="followups.armed", run=_visit(Service.Visit.OWED)),
    Reaction(on="followups.satisfied", run=_visit(Service.Visit.DONE), emits=("services.closed",)),
    Reaction(on="followups.exempted", run=_visit(Service.Visit.EXEMPT), emits=("services.closed",)),
    Reaction(on="followups.unsatisfied", run=_visit(Service.Visit.UNHAPPY)),
    Reaction(on="followups.cancelled", run=_visit("")),
)
