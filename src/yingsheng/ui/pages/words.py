"""Codes of cases and events as pages write them; the words themselves stand in `kernel.cases.words`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from yingsheng.base.process import Process
from yingsheng.kernel.cases import words
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.words import choice_words, milestone_words
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message

__all__ = [
    "choice_words", "event_words", "fill", "message_words", "milestone_words", "minutes_of", "state_badge",
]  # fmt: skip


def minutes_of(value: datetime) -> str:
    """A moment as pages write it: local, to the minute."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def fill(*, text: str, values: Mapping[str, Any], process: Process | None = None) -> str:
    """A message id in the reader's language with its values made readable; missing values are blank."""
    return words.fill_words(text=text, values=values, moment=minutes_of, process=process)


def event_words(*, event: Event, process: Process | None = None) -> str:
    """How an event reads in a timeline."""
    return words.event_words(event=event, moment=minutes_of, process=process)


def message_words(*, message: Message) -> str:
    """How a notice reads."""
    return fill(text=message.text, values=message.params)


def state_badge(*, case: Case) -> tuple[str, str]:
    """(word, tone) of a case's state."""
    return words.state_words(case=case)
