"""The duty log as declared: permissions, menu, promises, what it puts on the first page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import MenuEntry, Milestone, PeriodDue, Periodic, Permission, Process
from yingsheng.base.shown import GOES_ON, TOLD_TODAY, Raises, TodayLine, TodayList
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.queries import slots_at
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.duty.models import OpenItem
from yingsheng.processes.duty.process.books import BOOKS, CHECK, ITEMS, LOG, LOG_BOOK, SEE, SPOT_CHECKS
from yingsheng.processes.duty.process.forms import AREAS, CHECK_RESULTS, KINDS, LEVELS, POWERS
from yingsheng.processes.duty.process.views import VIEWS
from yingsheng.processes.duty.queries.pages import find_item, open_pages, to_be_signed, waiting_pages
from yingsheng.processes.duty.rules import ARRIVE, MAN_POST, TIDY
from yingsheng.processes.duty.services.checks import SPOT
from yingsheng.processes.duty.services.entries import OPEN_FORM, link_item
from yingsheng.processes.duty.services.scheduling import LOG_DAY

__all__ = ["BOOKS", "DUTY", "ITEMS", "LOG_BOOK", "SPOT_CHECKS"]

LINES = 5
MILESTONES = {
    ARRIVE: N("接班人到岗"),
    MAN_POST: N("岗上有人"),
    TIDY: N("交班前整理"),
    OPEN_FORM: N("夜间事项开单"),
    "sign_log": N("签署值班记录"),
    "duty_spot_checks": N("抽查值班"),
}


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


def _names(people: Iterable[Staff]) -> str:
    return _("、").join(one.name for one in people)


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Who is on duty, which post is empty, which lines of the night ask for a form, which pages for a signature."""
    if not actor.may(SEE):
        return []
    found = [_empty_posts(actor=actor, now=now), _shift_card(actor=actor, now=now)]
    if actor.may(LOG):
        found.append(_to_open(actor=actor))
    if actor.may(CHECK):
        found.append(_to_sign(actor=actor))
    return [one for one in found if one is not None]


def _empty_posts(*, actor: Actor, now: datetime) -> TodayList | None:
    """The alarm: a shift has begun and nobody took it over (D-05)."""
    waiting = waiting_pages(site=actor.site, at=now)
    if not waiting:
        return None
    lines = tuple(
        TodayLine(
            text=_("%(post)s %(shift)s无人接班")
            % {"post": own_name(page.post), "shift": own_name(page.shift)},
            note=_("%(at)s 起") % {"at": _clock(page.starts_at)},
            url_name="duty:log_one",
            url_args=(page.pk,),
        )
        for page in waiting[:LINES]
    )
    return TodayList(
        title=_("岗上无人"), icon="alert-triangle", rule="D-05", count=len(waiting), lines=lines, rank=GOES_ON,
        more_url=reverse("duty:log"),
    )  # fmt: skip


def _shift_card(*, actor: Actor, now: datetime) -> TodayList | None:
    """Who is on duty, and how far the handover is (UX: the shift card)."""
    pages = open_pages(site=actor.site)
    lines = [
        TodayLine(
            text=f"{own_name(page.post)} · {_names(page.people.all())}",
            note=_("%(shift)s 到 %(until)s %(state)s")
            % {
                "shift": own_name(page.shift),
                "until": _clock(page.ends_at),
                "state": _("待交接") if page.state == page.State.HANDING else "",
            },
            url_name="duty:log_one",
            url_args=(page.pk,),
        )
        for page in pages
    ]
    taken = {page.post_id for page in pages}
    lines += [
        TodayLine(
            text=f"{own_name(slot.post)} · {_names(slot.people) or _('没有排人')}",
            note=_("%(shift)s，还没有接班") % {"shift": own_name(slot.shift)},
            url_name="duty:log",
        )
        for slot in slots_at(site=actor.site, at=now)
        if slot.post.pk not in taken
    ]
    if not lines:
        return None
    return TodayList(
        title=_("当班"), icon="user-check", rule="D-04", count=len(lines), lines=tuple(lines[:LINES]), rank=TOLD_TODAY,
        more_url=reverse("duty:log"),
    )  # fmt: skip


def _to_open(*, actor: Actor) -> TodayList | None:
    """Lines of the night that the day clerk opens as forms (D-25)."""
    rows = OpenItem.objects.filter(site=actor.site, state=OpenItem.State.OPEN, to_be_opened=True)
    count = rows.count()
    if not count:
        return None
    lines = tuple(
        TodayLine(
            text=f"{item.line.get_kind_display()} · {item.line.content[:40]}",
            note=item.line.room.label if item.line.room else "",
            url_name="duty:items_one",
            url_args=(item.pk,),
        )
        for item in rows.select_related("line__room").order_by("pk")[:LINES]
    )
    return TodayList(
        title=_("夜间事项待开单"), icon="file-text", rule="D-25", count=count, lines=lines, rank=TOLD_TODAY,
        more_url=f"{reverse('duty:items')}?state=open",
    )  # fmt: skip


def _to_sign(*, actor: Actor) -> TodayList | None:
    """Pages that await the supervisor's signature (D-21)."""
    rows = list(to_be_signed(site=actor.site))
    if not rows:
        return None
    lines = tuple(
        TodayLine(
            text=f"{own_name(page.post)} {own_name(page.shift)}",
            note=timezone.localtime(page.starts_at).strftime("%m-%d"),
            url_name="duty:log_one",
            url_args=(page.pk,),
        )
        for page in rows[:LINES]
    )
    return TodayList(
        title=_("值班记录待签"), icon="signature", rule="D-21", count=len(rows), lines=lines,
        more_url=reverse("duty:sign"),
    )  # fmt: skip


def _raise_start(*, actor: Actor, key: str) -> dict[str, Any] | None:
    """What the desk's form begins with when a line of the night is opened as a form (D-25)."""
    item = _raised(actor=actor, key=key)
    if item is None:
        return None
    words = item.line.content
    return {
        "title": words[:120], "body": words, "place": item.line.room.label if item.line.room else "",
        "channel": "night_log", "enquiries": {"kind": "help"},
    }  # fmt: skip


def _raise_link(*, actor: Actor, key: str, case: Case, at: datetime) -> None:
    """Write the number of the form beside its line."""
    item = _raised(actor=actor, key=key)
    if item is not None:
        link_item(actor=actor, record=item, at=at, number=case.number)


def _raised(*, actor: Actor, key: str) -> OpenItem | None:
    """The line that a key such as "17" names, while something is still to come of it."""
    pk = whole_number(text=key)
    item = find_item(actor=actor, pk=pk) if pk is not None and actor.may(LOG) else None
    return item if item is not None and item.state == OpenItem.State.OPEN else None


def _menu(label: str, icon: str, url_name: str, permission: str, order: int) -> MenuEntry:
    return MenuEntry(
        group=N("值班"), label=label, icon=icon, url_name=url_name, permission=permission, order=order
    )


DUTY = Process(
    code="duty",
    title=N("值班日志"),
    module="D",
    number_prefix="ZB",
    permissions=(
        Permission(code=SEE, label=N("查看值班记录")),
        Permission(code=LOG, label=N("值班、交接班、写值班记录")),
        Permission(code=CHECK, label=N("签署值班记录、抽查、放行未完事项")),
    ),
    menu=(
        _menu(N("值班记录"), "book", "duty:log", SEE, 45),
        _menu(N("未完事项"), "list-check", "duty:items", SEE, 46),
        _menu(N("签署值班记录"), "signature", "duty:sign", CHECK, 47),
        _menu(N("值班抽查"), "search", "duty:spot_checks", CHECK, 48),
        _menu(N("值班考核依据"), "chart-bar", "duty:conduct", SEE, 49),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in MILESTONES.items()),
    own_sheets=tuple(view.sheet for view in VIEWS.values()),
    periodics=(
        Periodic(
            code=LOG_DAY, label=N("签署值班记录"), every="day",
            dues=(PeriodDue(milestone="sign_log", label=MILESTONES["sign_log"], rule="D-21", due="D-21.sign_by"),),
            role="D-21.signed_by", url_name="duty:sign", permission=CHECK,
        ),
        Periodic(
            code=SPOT, label=N("抽查值班"), every="month",
            dues=(PeriodDue(milestone="duty_spot_checks", label=MILESTONES["duty_spot_checks"], rule="D-22"),),
            role="D-21.signed_by", url_name="duty:spot_checks", permission=CHECK, count="D-22.checks_per_month",
        ),
    ),
    complete_modules=("D",),
    today=_today,
    raises=Raises(start=_raise_start, link=_raise_link),
    codes={
        "kind": dict(KINDS), "power": dict(POWERS), "level": dict(LEVELS), "area": dict(AREAS),
        "result": dict(CHECK_RESULTS),
    },
)  # fmt: skip
