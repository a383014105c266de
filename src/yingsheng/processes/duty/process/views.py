"""The seven paper records of duty, each a view of the one log (D-27; CF-15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.duty.models import Page
from yingsheng.processes.duty.queries.lines import Entry
from yingsheng.processes.duty.rules import COMPLAINT

# what somebody who called or came to the desk brought
CALLS = (
    "enquiries.",
    "complaints.registered",
    "repairs.registered",
    "services.registered",
    "emergencies.registered",
)


@dataclass(frozen=True, kw_only=True)
class View:
    """Which lines of a page a record shows, and for which pages it exists; `crossing` shows the handover itself."""

    sheet: Sheet
    takes: Callable[[Entry], bool]
    exists: Callable[[Page], bool]
    crossing: bool = False


def _sheet(code: str, title: str, number: str) -> Sheet:
    return Sheet(
        code=f"duty_{code}", title=title, form_number=number, template="duty/sheets/page.html",
        build=lambda context: dict(context),
    )  # fmt: skip


def _all(_entry: Entry) -> bool:
    return True


def _always(_page: Page) -> bool:
    return True


def _is_complaint(entry: Entry) -> bool:
    return entry.event.kind.startswith("complaints.") or (
        entry.line is not None and entry.line.kind == COMPLAINT
    )


def _is_call(entry: Entry) -> bool:
    return entry.line is not None or entry.event.kind.startswith(CALLS)


def _by_hand(entry: Entry) -> bool:
    return entry.line is not None


def _is_night(page: Page) -> bool:
    return page.shift.is_night


def _is_handed(page: Page) -> bool:
    return hasattr(page, "handed") and page.handed.signed_at is not None


VIEWS = {
    "record": View(sheet=_sheet("record", N("值班记录"), "FM-08"), takes=_all, exists=_always),
    "complaints": View(
        sheet=_sheet("complaints", N("值班记录表"), "FM-07"), takes=_is_complaint, exists=_always
    ),
    "handover": View(
        sheet=_sheet("handover", N("交接班记录表"), "FM-09"), takes=lambda _entry: False, exists=_is_handed,
        crossing=True,
    ),
    "desk_handover": View(
        sheet=_sheet("desk_handover", N("客服中心交接班记录表"), "FM-10"), takes=_by_hand, exists=_is_handed,
        crossing=True,
    ),
    "work": View(sheet=_sheet("work", N("客服中心工作记录表"), "FM-11"), takes=_all, exists=_always),
    "calls": View(sheet=_sheet("calls", N("工作日志"), "FM-13"), takes=_is_call, exists=_always),
    "night": View(sheet=_sheet("night", N("夜间值班记录表"), "FM-14"), takes=_is_call, exists=_is_night),
}  # fmt: skip


def views_of(*, page: Page) -> list[tuple[str, View]]:
    """The records that can be printed of a page; none of one that nobody opened."""
    if page.number is None:
        return []
    return [(code, view) for code, view in VIEWS.items() if view.exists(page)]
