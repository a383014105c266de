"""Codes, events and notices as the API writes them; the words themselves stand in `kernel.cases.words`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yingsheng.api.fields import moment_text
from yingsheng.base.process import Process
from yingsheng.kernel.cases import words
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.words import milestone_words, process_of
from yingsheng.kernel.events.models import Event

__all__ = ["event_words", "fill_words", "milestone_words", "process_of", "state_words"]


def state_words(*, case: Case) -> str:
    """The name of a case's state; the code itself where nobody declared it."""
    return words.state_words(case=case)[0]


def fill_words(*, text: str, values: Mapping[str, Any], process: Process | None = None) -> str:
    """A message id in the reader's language with its values: codes as words, moments in the zone of the site."""
    return words.fill_words(text=text, values=values, moment=moment_text, process=process)


def event_words(*, event: Event, process: Process | None) -> str:
    """How an event reads in a story."""
    return words.event_words(event=event, moment=moment_text, process=process)
