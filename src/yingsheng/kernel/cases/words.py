"""Codes, events and notices of cases in the reader's language; pages and API read them from here.

How a moment is written is the reader's affair (a page writes minutes, the API writes ISO), so it is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.kinds import get_kind
from yingsheng.kernel.events.models import Event

MomentWords = Callable[[datetime], str]
SHORTEST_MOMENT = 19  # "2025-03-03T09:00:00" without its zone


def process_of(*, case: Case) -> Process | None:
    """The declared process of a case; None for one that this installation does not have."""
    return processes.get(case.process) if case.process in processes else None


def state_words(*, case: Case) -> tuple[str, str]:
    """(word, tone) of a case's state; the code itself where nobody declared it."""
    process = process_of(case=case)
    for state in process.states if process is not None else ():
        if state.code == case.state:
            return str(_(state.label)), state.tone
    return case.state, "plain"


def milestone_words(*, code: str, process: Process | None = None) -> str:
    """The name of a promise, looked up in one process or in all."""
    for one in [process] if process is not None else list(processes):
        for milestone in one.milestones:
            if milestone.code == code:
                return str(_(milestone.label))
    return code


def choice_words(*, process: Process, field: str, code: str) -> str:
    """The label of a choice code, looked up in the forms of the process; the code itself if no form knows it."""
    if not code:
        return ""
    for spec in (process.intake, *(step.form for step in process.steps)):
        for item in spec.fields if spec is not None else ():
            if item.name == field and code in dict(item.choices):
                return str(_(dict(item.choices)[code]))
    extra = process.codes.get(field, {})
    return str(_(extra[code])) if code in extra else code


def sheet_words(*, mark: str) -> str:
    """The title of a printed form by the mark of its prints: its code, and of which visit where there are several."""
    sheet = processes.find_sheet(mark.partition(":")[0])
    return str(_(sheet.title)) if sheet is not None else mark


def read_moment(text: str) -> datetime | None:
    """The aware moment that a text says in ISO, None for any other text."""
    if len(text) < SHORTEST_MOMENT:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def fill_words(
    *, text: str, values: Mapping[str, Any], moment: MomentWords, process: Process | None = None
) -> str:
    """A message id in the reader's language with its values made readable; missing values are blank."""
    readable = _Values({name: _readable(name, value, process, moment) for name, value in values.items()})
    return str(_(text)) % readable


def event_words(*, event: Event, moment: MomentWords, process: Process | None = None) -> str:
    """How an event reads in a story."""
    text = get_kind(code=event.kind).text
    return fill_words(text=text, values=event.data, moment=moment, process=process).rstrip("：: ")


def _readable(name: str, value: Any, process: Process | None, moment: MomentWords) -> str:
    if not isinstance(value, str):
        return str(value)
    if (found := read_moment(value)) is not None:
        return moment(found)
    if name == "milestone":
        return milestone_words(code=value, process=process)
    if name == "sheet":
        return sheet_words(mark=value)
    if process is not None:
        return choice_words(process=process, field="to_role" if name == "to" else name, code=value)
    return value
