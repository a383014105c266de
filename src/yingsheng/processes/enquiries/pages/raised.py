"""What a colleague found elsewhere and raises at the desk: the form begins with it, and the matter is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingsheng.base.process import Process, processes
from yingsheng.base.shown import Raises
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.enquiries.pages.caller import posted
from yingsheng.ui.desk import DeskRequest


@dataclass(frozen=True, kw_only=True)
class Raised:
    """Something of another process, named in the address as "patrols:f12", and what the form begins with."""

    raises: Raises
    key: str
    start: dict[str, Any]

    def link(self, *, actor: Actor, case: Case, at: datetime) -> None:
        """Remember which matter it became."""
        self.raises.link(actor=actor, key=self.key, case=case, at=at)


def raised_of(request: DeskRequest) -> Raised | None:
    """What the page was opened for; None for nothing, or nothing that may still be raised."""
    code, _, key = posted(request, "raised")[:40].partition(":")
    if not key or code not in processes:
        return None
    raises = processes.get(code).raises
    start = raises.start(actor=request.actor, key=key) if raises is not None else None
    return Raised(raises=raises, key=key, start=start) if raises is not None and start is not None else None


def fitting(process: Process, values: dict[str, Any]) -> dict[str, Any]:
    """Of these values those that the intake of a process asks for and takes."""
    assert process.intake is not None
    fields = {item.name: item for item in process.intake.fields}
    return {
        name: value
        for name, value in values.items()
        if name in fields and (not fields[name].choices or value in dict(fields[name].choices))
    }
