"""What the desk could not answer is kept until somebody does (B-09)."""

from __future__ import annotations

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.knowledge.services.gaps import leave_question


def _promised(event: Event) -> None:
    if event.data.get("kind") != "enquiry" or event.by is None:
        return
    case = Case.objects.select_related("site").get(pk=event.subject_id)
    leave_question(case=case, by=event.by, at=event.at)


REACTIONS = (Reaction(on="enquiries.promised", run=_promised, emits=("knowledge.question_left",)),)
