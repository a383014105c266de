"""Codes of cases and events in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import get_kind
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message

BLANK = "—"


def milestone_words(*, code: str, process: Process | None = None) -> str:
    """The name of a promise."""
    for one in [process] if process is not None else list(processes):
        for milestone in one.milestones:
            if milestone.code == code:
                return str(_(milestone.label))
    return code


def choice_words(*, process: Process, field: str, code: str) -> str:
    """The label of a choice code, looked up in the forms of the process; the code itself if no form knows it."""
    if not code:
        return ""
    forms = [process.intake, *(step.form for step in process.steps)]
    for spec in forms:
        for item in spec.fields if spec is not None else ():
            if item.name == field:
                for value, label in item.choices:
                    if value == code:
                        return str(_(label))
    extra = process.codes.get(field, {})
    return str(_(extra[code])) if code in extra else code


def _readable(name: str, value: Any, process: Process | None) -> str:
    """A value of an event or message as a person reads it."""
    if isinstance(value, str):
        moment = parse_moment(value) if len(value) > 18 else None
        if moment is not None:
            return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
        if name == "milestone":
            return milestone_words(code=value, process=process)
        if process is not None:
            field = "to_role" if name == "to" else name
            return choice_words(process=process, field=field, code=value)
    return str(value)


def parse_moment(text: str) -> datetime | None:
    """An ISO moment, None for any other text."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def fill(*, text: str, values: Mapping[str, Any], process: Process | None = None) -> str:
    """A message id in the reader's language with its values made readable; missing values are blank."""
    readable = _Values({name: _readable(name, value, process) for name, value in values.items()})
    return str(_(text)) % readable


def event_words(*, event: Event, process: Process | None = None) -> str:
    """How an event reads in a timeline."""
    return fill(text=get_kind(code=event.kind).text, values=event.data, process=process).rstrip("：: ")


def message_words(*, message: Message) -> str:
    """How a notice reads."""
    return fill(text=message.text, values=message.params)


def state_badge(*, case: Case) -> tuple[str, str]:
    """(word, tone) of a case's state."""
    state = processes.get(case.process).state(case.state)
    return str(_(state.label)), state.tone
