"""Codes, events and notices in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.api.fields import moment_text
from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import get_kind
from yingsheng.kernel.events.models import Event


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def process_of(*, case: Case) -> Process | None:
    """The declared process of a case; None for one that this installation does not have."""
    return processes.get(case.process) if case.process in processes else None


def state_words(*, case: Case) -> str:
    """The name of a case's state; the code itself where nobody declared it."""
    process = process_of(case=case)
    for state in process.states if process is not None else ():
        if state.code == case.state:
            return str(_(state.label))
    return case.state


def milestone_words(*, code: str) -> str:
    """The name of a promise."""
    for process in processes:
        for milestone in process.milestones:
            if milestone.code == code:
                return str(_(milestone.label))
    return code


def fill_words(*, text: str, values: Mapping[str, Any], process: Process | None = None) -> str:
    """A message id in the reader's language with its values: codes as words, moments in the zone of the site."""
    readable = _Values({name: _readable(name, value, process) for name, value in values.items()})
    return str(_(text)) % readable


def event_words(*, event: Event, process: Process | None) -> str:
    """How an event reads in a story."""
    return fill_words(text=get_kind(code=event.kind).text, values=event.data, process=process).rstrip("：: ")


def _readable(name: str, value: Any, process: Process | None) -> str:
    if not isinstance(value, str):
        return str(value)
    if len(value) > 18 and (moment := _moment(value)) is not None:
        return moment_text(moment)
    if name == "milestone":
        return milestone_words(code=value)
    return (
        _choice_words(process, "to_role" if name == "to" else name, value) if process is not None else value
    )


def _choice_words(process: Process, field: str, code: str) -> str:
    specs = [process.intake, *(step.form for step in process.steps)]
    for spec in specs:
        for item in spec.fields if spec is not None else ():
            if item.name == field and code in dict(item.choices):
                return str(_(dict(item.choices)[code]))
    known = process.codes.get(field, {})
    return str(_(known[code])) if code in known else code


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
