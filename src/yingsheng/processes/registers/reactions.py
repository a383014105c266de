"""What the desk could not answer is kept until somebody does (B-09); the list of key customers marks files (Z-05)."""

from __future__ import annotations

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.residents import mark_key_customer
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.registers.models import KeyCustomer
from yingsheng.processes.registers.services.knowledge import leave_question


def _promised(event: Event) -> None:
    if event.data.get("kind") != "enquiry" or event.by is None:
        return
    case = Case.objects.select_related("site").get(pk=event.subject_id)
    leave_question(case=case, by=event.by, at=event.at)


def _decided(event: Event) -> None:
    """The file of the home says whether it is on the list, and its own story tells since when (Z-05)."""
    row = KeyCustomer.objects.select_related("household").get(pk=event.subject_id)
    marked = row.state == KeyCustomer.State.ACTIVE
    mark_key_customer(household=row.household, marked=marked, by=event.by, at=event.at)


REACTIONS = (
    Reaction(on="enquiries.promised", run=_promised, emits=("registers.question_left",)),
    *(
        Reaction(on=kind, run=_decided, emits=("estate.household_changed",))
        for kind in ("registers.customer_approved", "registers.customer_removed")
    ),
)
