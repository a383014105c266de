"""What a process gives the generic pages to show: lines, hints, lists and numbers; all words are ready to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# how soon a list of the first page must be seen
GOES_ON, TOLD_TODAY, ROUTINE = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Printable:
    """A sheet of another process in the print menu of a case; `mark` tells its prints from those of others."""

    title: str
    form_number: str
    mark: str
    url_name: str
    url_args: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Related:
    """A line on a case page that leads to something of another process. `text` is ready to be read."""

    title: str
    icon: str
    text: str
    url_name: str
    url_args: tuple[Any, ...]
    permission: str = ""  # shown only to whoever has it; to everybody if empty


@dataclass(frozen=True, kw_only=True)
class Known:
    """A line of what is known of a home at the desk; `text`, `note` and `word` are ready to be read."""

    word: str
    tone: str
    text: str
    note: str
    url_name: str
    url_args: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class OnTheLine:
    """Who is being spoken to, as far as the desk knows; nothing need be known."""

    name: str = ""
    call_as: str = ""
    unit: str = ""
    room: str = ""
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReadyAnswer:
    """Something approved that fits what is being typed, ready to be said; `word` says what it is.

    One that `takes` may be taken over as the answer; a short one is minded, not spoken, and shown whole.
    """

    id: int
    question: str
    answer: str
    url_name: str
    url_args: tuple[Any, ...]
    word: str = ""
    tone: str = "met"
    takes: bool = True
    line: str = ""
    is_short: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is offered beside a form: how the person is addressed, what is still to be asked, and the texts."""

    address: str
    note: str
    rows: tuple[ReadyAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Ready words for the desk, for whoever has the permission. `suggest` (keyword arguments `actor`, `text`, `now`,
    `process`, `category`, `who`) makes an Offer; `use` (`actor`, `id`, `at`, `who`) gives one text, counts its use,
    and None if it is not there (any more). The addresses take a POST that says whether a text helped (its number and
    "yes" or "no"; the words typed), and which words found nothing.
    """

    suggest: Callable[..., Offer]
    use: Callable[..., ReadyAnswer | None]
    home_url: str
    mark_url: str
    missed_url: str
    permission: str


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """The first promise a matter will get if it is registered now."""

    milestone: str
    due_at: datetime
    rule: str


@dataclass(frozen=True, kw_only=True)
class TodayLine:
    """A line of a list on the first page; `text` and `note` are ready to be read."""

    text: str
    note: str
    url_name: str
    url_args: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TodayList:
    """A list that a process puts on the first page of whoever may act on it; `more_url` leads to all of it.

    `rank` says how soon it must be seen: what goes on now, then what was told of today, then the day's own work.
    """

    title: str
    icon: str
    rule: str
    count: int
    lines: tuple[TodayLine, ...]
    more_url: str = ""
    rank: int = ROUTINE


@dataclass(frozen=True, kw_only=True)
class TodayNumber:
    """A rate of the month so far on the first page of whoever answers for it; `target` in percent, None without one."""

    label: str
    count: int
    base: int
    target: int | None
    rule: str
    url_name: str


@dataclass(frozen=True, kw_only=True)
class DeskHint:
    """Something that goes on where a caller lives: what to tell him, and one press that notes that he called.

    All words are ready to be read; `url` is "" for a reader who may not open the matter. `action_url` takes a POST
    with `household` and `person`; `done` says that this home is noted already, then nothing is offered.
    """

    title: str
    note: str
    text: str
    rule: str
    url: str
    number: str
    action_url: str
    action: str
    key: str = ""
    done: str = ""


@dataclass(frozen=True, kw_only=True)
class CasePart:
    """A fragment that a process puts on the page of its own cases: `build` makes its context.

    It is called with `case`, `actor`, `now`; the template finds what it returns under `own`.
    """

    template: str
    build: Callable[..., dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class DeskDuty:
    """A duty of the front desk (B-01) that this process carries, and the page where it is done."""

    code: str
    label: str
    url_name: str
    permission: str


@dataclass(frozen=True, kw_only=True)
class Raises:
    """What of this process may be raised at the desk as a matter of another (a finding becomes a repair).

    `start` (keyword arguments `actor`, `key`) gives what the desk's form begins with, and under the code of a process
    what counts for its form alone; None for nothing of the actor's. `link` (`actor`, `key`, `case`,
    `at`) remembers the matter once it is registered, in the same transaction.
    """

    start: Callable[..., dict[str, Any] | None]
    link: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something the next shift must know of (`Process.handed_on`); `word` is a message id, `key` stays the same."""

    key: str
    word: str
    text: str
    note: str
    url_name: str
    url_args: tuple[Any, ...] = ()
