"""What stands on a page of the log: what came in by itself from the book of events, and what was written by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases
from yingsheng.kernel.events.kinds import logged_kinds
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.duty.models import Line, Page
from yingsheng.processes.duty.queries.pages import is_main

MOST = 400  # lines of a page that are shown at once
NOTED = "duty.noted"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a page. `number` counts from its top; `case` is (key, number) of the matter it is about.

    `is_sealed`: the reader may not know of it; he sees that there is a line, and nothing else.
    """

    number: int
    event: Event
    line: Line | None = None
    case: tuple[str, str] | None = None
    is_sealed: bool = False

    @property
    def process(self) -> Process | None:
        """The process whose event it is, which knows the words of its codes."""
        code = self.event.kind.partition(".")[0]
        return processes.get(code) if code in processes else None


def _events_of(*, page: Page) -> QuerySet[Event]:
    """The events that stand on a page; none for one that was not opened."""
    if page.first_seq is None:
        return Event.objects.none()
    rows = Event.objects.filter(site_id=page.site_id, seq__gt=page.first_seq, kind__in=logged_kinds())
    if page.last_seq is not None:
        rows = rows.filter(seq__lte=page.last_seq)
    if not is_main(post=page.post):
        rows = rows.filter(by__in=page.people.all())
    return rows.select_related("by").order_by("seq")


def count_lines(*, page: Page) -> int:
    """How many lines a page has."""
    return _events_of(page=page).count()


def lines_of(*, actor: Actor, page: Page, kinds: frozenset[str] = frozenset()) -> list[Entry]:
    """The lines of a page in the order in which they were written; only these kinds if any are named.

    Five statements, however many lines. A line about a matter that the reader may not know of tells nothing.
    """
    events = list(_events_of(page=page)[:MOST])
    by_hand = {
        line.seq: line
        for line in Line.objects.filter(seq__in=[one.seq for one in events if one.kind == NOTED], page__site=actor.site)
        .select_related("room", "department", "item__case", "corrects")
    }  # fmt: skip
    about = {one.subject_id for one in events if one.subject_type == SUBJECT}
    known = {
        pk: (key, number)
        for pk, key, number in visible_cases(actor=actor).filter(pk__in=about).values_list("pk", "key", "number")
    }  # fmt: skip
    entries = []
    for number, event in enumerate(events, start=1):
        if kinds and event.kind not in kinds:
            continue
        is_case = event.subject_type == SUBJECT
        entries.append(
            Entry(
                number=number, event=event, line=by_hand.get(event.seq),
                case=known.get(event.subject_id) if is_case else None,
                is_sealed=is_case and event.subject_id not in known,
            )
        )  # fmt: skip
    return entries
