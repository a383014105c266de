"""The left rail, the "new" menu and the warnings that stand on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yingsheng import __version__
from yingsheng.base.process import MenuEntry, processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.notify.queries import count_unread
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.queries import silent_minutes
from yingsheng.kernel.worktime.arithmetic import missing_years
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar, missing_years_key
from yingsheng.ui.pages.settings.area import open_parts

# the headings of the rail and their signs; a process may bring another heading, which gets the last sign
GROUP_ICONS = {
    "接待": "headset",
    "事项": "clipboard-list",
    "回访": "phone-check",
    "值班": "calendar-time",
    "巡访": "map-pin",
    "代管": "package",
    "售楼接待": "building-store",
    "档案": "archive",
    "培训与考核": "school",
    "统计与执行": "chart-bar",
    "": "list-details",
}
# how many stand open while the person is on a page of none: those that a desk works in all day
DAILY_GROUPS = 2
QUIET_MINUTES = 2  # a worker beats every few seconds; two minutes of silence are a fault
LOOK_AHEAD = timedelta(days=45)

OWN_ENTRIES = (
    MenuEntry(
        group="", label=N("工作台"), icon="home", url_name="ui:today", permission="", order=10, hotkey="g"
    ),
    MenuEntry(
        group="", label=N("我的单"), icon="tool", url_name="ui:work", permission=Allow.WORK_ORDERS, order=12
    ),
    MenuEntry(
        group=N("事项"),
        label=N("派工单"),
        icon="clipboard-list",
        url_name="ui:orders",
        permission=Allow.SEE_ORDERS,
        order=34,
    ),
    MenuEntry(
        group=N("接待"),
        label=N("告知单"),
        icon="printer",
        url_name="ui:slips",
        permission=Allow.HAND_OVER,
        order=26,
    ),
    MenuEntry(
        group=N("档案"),
        label=N("住户档案"),
        icon="building-community",
        url_name="ui:households",
        permission=Allow.SEE_ESTATE,
        order=170,
    ),
    MenuEntry(
        group="", label=N("规程"), icon="book", url_name="ui:rules", permission=Allow.SEE_RULES, order=198
    ),
    MenuEntry(
        group="",
        label=N("设置"),
        icon="settings",
        url_name="ui:settings",
        permission="",
        order=199,
    ),
)


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A line of the rail as the template wants it."""

    icon: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class NavGroup:
    """A heading of the rail with its lines; one line alone stands without a heading, then `label` is empty."""

    icon: str
    label: str
    items: tuple[NavItem, ...]
    open: bool


def rail_groups(lines: list[tuple[str, NavItem]]) -> list[NavGroup]:
    """The lines under their headings, in the order of a day; open are the one at hand, or else those of every day."""
    found: dict[str, list[NavItem]] = {}
    for place, (heading, item) in enumerate(lines):
        found.setdefault(heading or f"{place}", []).append(item)
    at_hand = {heading for heading, items in found.items() if any(item.active for item in items)}
    headings = [heading for heading, items in found.items() if len(items) > 1]
    unfolded = {heading for heading in headings if heading in at_hand} or set(headings[:DAILY_GROUPS])
    return [
        NavGroup(
            icon=GROUP_ICONS.get(heading, GROUP_ICONS[""]),
            label=_(heading) if len(items) > 1 else "",
            items=tuple(items),
            open=heading in unfolded,
        )
        for heading, items in found.items()
    ]


def menu_entries() -> list[MenuEntry]:
    """Every entry of the rail, in the order of a day."""
    entries = [*OWN_ENTRIES, *(entry for process in processes for entry in process.menu)]
    return sorted(entries, key=lambda entry: entry.order)


def _caller(request: HttpRequest) -> dict[str, str]:
    """Who stands at the desk, so that whatever is begun from above is begun for him."""
    if request.path != reverse("enquiries:reception"):
        return {}
    return {name: request.GET[name] for name in ("household", "person") if request.GET.get(name)}


def _lines(request: HttpRequest, actor: Any) -> list[tuple[str, NavItem]]:
    """What this person may open, each line under its heading; the one at hand has the longest fitting address."""
    nav = []
    best = ""
    for entry in menu_entries():
        if entry.permission and not actor.may(entry.permission):
            continue
        if entry.url_name == "ui:settings" and not open_parts(actor=actor):
            continue
        url = reverse(entry.url_name)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        if here and len(url) > len(best):
            best = url
        nav.append((entry, url))
    return [
        (entry.group, NavItem(icon=entry.icon, label=_(entry.label), url=url, active=url == best))
        for entry, url in nav
    ]


def desk_context(request: HttpRequest) -> dict[str, Any]:
    """What `ui/console.html` and its kin need to know, in at most two statements."""
    actor = getattr(request, "actor", None)
    language = translation.get_language() or "zh-hans"
    base = {"version": __version__, "language": language, "density": "cosy", "sites": []}
    base |= {"nav": [], "rail": []}
    if actor is None:
        return {"yingsheng": base}
    caller = _caller(request)
    new_menu = [
        {
            "label": _(process.title),
            "url": f"{reverse('enquiries:reception')}?{urlencode({'start': process.code, **caller})}",
            "key": process.hotkey if process.urgent else "",
        }
        for process in processes
        if process.intake is not None and actor.may(process.intake_permission)
    ]
    missing = _missing(request)
    rail = rail_groups(_lines(request, actor))
    return {
        "yingsheng": {
            **base,
            "site": actor.site,
            "sites": getattr(request, "sites", []),
            "actor": actor.staff.name,
            "rail": rail,
            "nav": [group.items[0] for group in rail],
            "new_menu": new_menu,
            "unread": count_unread(staff=actor.staff),
            "heartbeat_minutes": _silence(request),
            "missing_years": missing,
            "calendar_url": f"{reverse('ui:calendar')}?calendar=office&year={missing[0]}"
            if missing and actor.may(Allow.EDIT_CALENDAR)
            else "",
            "density": actor.staff.density,
            "single_keys": actor.staff.single_keys,
            "search_url": reverse("ui:search"),
            "elder": bool(request.session.get("elder")),
        }
    }


def _silence(request: Any) -> int | None:
    """Minutes without a sign of life, None while all is well; asked at most every 30 seconds."""
    silent = cache.get("heartbeat")
    if silent is None:
        minutes = silent_minutes(now=request.now)
        silent = -1 if minutes is None else minutes
        cache.set("heartbeat", silent, 30)
    return silent if silent > QUIET_MINUTES else None


def _missing(request: Any) -> list[int]:
    """Years within reach whose public holidays are not loaded; asked at most every ten minutes."""
    site_id = request.actor.site.pk
    key = missing_years_key(site_id=site_id)
    years = cache.get(key)
    if years is None:
        try:
            calendar = get_calendar(site_id=site_id, code="office")
            years = sorted(missing_years(start=request.now, end=request.now + LOOK_AHEAD, calendar=calendar))
        except Calendar.DoesNotExist:
            years = []
        cache.set(key, years, 600)
    return list(years)
