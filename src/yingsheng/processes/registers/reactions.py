"""The list of key customers marks the files of their homes (Z-05)."""

from __future__ import annotations

from yingsheng.kernel.estate.residents import mark_key_customer
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.registers.models import KeyCustomer


def _decided(event: Event) -> None:
    """The file of the home says whether it is on the list, and its own story tells since when (Z-05)."""
    row = KeyCustomer.objects.select_related("household").get(pk=event.subject_id)
    marked = row.state == KeyCustomer.State.ACTIVE
    mark_key_customer(household=row.household, marked=marked, by=event.by, at=event.at)


REACTIONS = tuple(
    Reaction(on=kind, run=_decided, emits=("estate.household_changed",))
    for kind in ("registers.customer_approved", "registers.customer_removed")
)
