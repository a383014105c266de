"""The left rail, the "new" menu and the warnings that stand on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from yingsheng import __version__
from yingsheng.base.process import MenuEntry, processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.notify.queries import count_unread
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.queries import silent_minutes
from yingsheng.kernel.worktime.arithmetic import missing_years
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar

QUIET_MINUTES = 2  # a worker beats every few seconds; two minutes of silence are a fault
LOOK_AHEAD = timedelta(days=45)

OWN_ENTRIES = (
    MenuEntry(
        group="", label=N("工作台"), icon="home", url_name="ui:today", permission="", order=10, hotkey="g"
    ),
    MenuEntry(
        group="",
        label=N("住户档案"),
        icon="building-community",
        url_name="ui:households",
        permission=Allow.SEE_ESTATE,
        order=60,
    ),
    MenuEntry(
        group="", label=N("规程"), icon="book", url_name="ui:rules", permission=Allow.SEE_RULES, order=90
    ),
    MenuEntry(
        group="",
        label=N("设置"),
        icon="settings",
        url_name="ui:settings",
        permission=Allow.MANAGE_ORG,
        order=95,
    ),
)


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A line of the rail as the template wants it."""

    icon: str
    label: str
    url: str
    active: bool
    count: int | None = None


def menu_entries() -> list[MenuEntry]:
    """Every entry of the rail, in the order of a day."""
    entries = [*OWN_ENTRIES, *(entry for process in processes for entry in process.menu)]
    return sorted(entries, key=lambda entry: entry.order)


def desk_context(request: HttpRequest) -> dict[str, Any]:
    """What `ui/console.html` and its kin need to know, in at most two statements."""
    actor = getattr(request, "actor", None)
    language = translation.get_language() or "zh-hans"
    base = {"version": __version__, "language": language, "density": "cosy", "nav": [], "sites": []}
    if actor is None:
        return {"yingsheng": base}
    nav = []
    best = ""
    for entry in menu_entries():
        if entry.permission and not actor.may(entry.permission):
            continue
        url = reverse(entry.url_name)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        if here and len(url) > len(best):
            best = url
        nav.append((entry, url))
    new_menu = [
        {
            "label": _(process.title),
            "url": f"{reverse('enquiries:reception')}?start={process.code}",
            "key": "",
        }
        for process in processes
        if process.intake is not None and actor.may(process.intake_permission)
    ]
    return {
        "yingsheng": {
            **base,
            "site": actor.site,
            "sites": getattr(request, "sites", []),
            "actor": actor.staff.name,
            "nav": [
                NavItem(icon=entry.icon, label=_(entry.label), url=url, active=url == best)
                for entry, url in nav
            ],
            "new_menu": new_menu,
            "unread": count_unread(staff=actor.staff),
            "heartbeat_minutes": _silence(request),
            "missing_years": _missing(request),
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
    key = f"missing-years:{site_id}"
    years = cache.get(key)
    if years is None:
        try:
            calendar = get_calendar(site_id=site_id, code="office")
            years = sorted(missing_years(start=request.now, end=request.now + LOOK_AHEAD, calendar=calendar))
        except Calendar.DoesNotExist:
            years = []
        cache.set(key, years, 600)
    return list(years)
