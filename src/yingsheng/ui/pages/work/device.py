"""What keeps the pages working without signal: the service worker, the manifest, the shell, and what a device keeps.

The shell holds nothing of anybody; what a device keeps of orders is what `state` gives it, by person, in its own
database, and wiped when he logs out or somebody else logs in.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng import __version__
from yingsheng.kernel.forms.build import SiteLists
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import list_mine, list_pool
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.work.acts import things
from yingsheng.ui.pages.work.desks import all_desks
from yingsheng.ui.pages.work.lists import mine_context, pool_context
from yingsheng.ui.pages.work.sight import order_context

# what the shell needs; nothing else is ever kept by the service worker
STATIC = (
    "vendor/tabler/tabler.min.css", "vendor/htmx/htmx.min.js", "ui/app.css", "ui/parts.css", "ui/work.css",
    "ui/icons.svg", "ui/mark.svg", "ui/boot.js", "ui/app.js", "ui/keys.js", "ui/clock.js", "ui/table.js",
    "ui/draft.js", "ui/signature.js", "ui/photo.js", "ui/chart.js", "ui/work-store.js", "ui/work-queue.js",
    "ui/work.js", "ui/gate.js",
)  # fmt: skip
KEPT_MINE, KEPT_POOL = 30, 10  # orders whose own page a device keeps


@require_GET
@desk(Allow.WORK_ORDERS)
def service_worker(request: DeskRequest) -> HttpResponse:
    """The script that answers while there is no signal; another version, language or file makes another cache."""
    files = [static(name) for name in STATIC]
    language = translation.get_language() or ""
    mark = hashlib.sha256("\n".join([*files, language, _shell()]).encode()).hexdigest()[:12]
    context = {
        "cache": json.dumps(f"y-work-{__version__}-{mark}"),
        "files": json.dumps(files),
        "shell": json.dumps(reverse("ui:work_shell")),
        "scope": json.dumps(reverse("ui:work")),
        "store": json.dumps(static("ui/work-store.js")),
        "state": json.dumps(reverse("ui:work_state")),
        "sync": json.dumps(reverse("ui:work_sync")),
    }
    body = render_to_string("ui/work/sw.js", context)
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = reverse("ui:work")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the worker's pages on its home screen."""
    sizes = ("192", "512")
    body = {
        "name": _("应声 派工单"),
        "short_name": _("应声"),
        "lang": "en" if (translation.get_language() or "").startswith("en") else "zh-Hans",
        "id": reverse("ui:work"),
        "start_url": reverse("ui:work"),
        "scope": reverse("ui:work"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0f5ea8",
        "icons": [
            {"src": static(f"ui/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in sizes
        ],
    }  # fmt: skip
    return JsonResponse(body, content_type="application/manifest+json")


def _shell() -> str:
    # without a request no name, site or token of anybody gets into it
    return render_to_string("ui/work/shell.html", {})


@require_GET
@desk(Allow.WORK_ORDERS)
def shell(request: DeskRequest) -> HttpResponse:
    """The frame a device shows without signal and fills from its own database."""
    return HttpResponse(_shell())


@require_GET
@desk(Allow.WORK_ORDERS)
def state(request: DeskRequest) -> HttpResponse:
    """What a device keeps for the time without signal: my orders, the pool, each of their pages, and a fresh token."""
    actor = request.actor
    mine = list(list_mine(actor=actor)[:KEPT_MINE])
    pool = list(list_pool(actor=actor)[:KEPT_POOL])
    pages = {
        reverse("ui:work"): _part("mine", mine_context(request=request)),
        reverse("ui:work_pool"): _part("pool", pool_context(request=request, everything=False)),
        reverse("ui:work_scan"): _part("scan", {}),
    }
    prices, lists = things(actor=actor), SiteLists(site=actor.site)
    for order in [*mine, *pool]:
        context = order_context(order=order, actor=actor, now=request.now, prices=prices, lists=lists)
        pages[reverse("ui:work_order", args=[order.key])] = _part("order", context)
    for other in all_desks():
        if other.is_open_to(actor=actor):
            pages |= other.pages(request=request)
    body = {
        "worker": actor.staff.pk,
        "csrf": get_token(request),
        "at": request.now.isoformat(),
        "pages": pages,
        "orders": {order.key: _brief(order) for order in [*mine, *pool]},
    }
    return JsonResponse(body)


def _part(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"ui/work/parts/{name}.html", {**context, "offline": True})


def _brief(order: WorkOrder) -> dict[str, object]:
    return {"state": str(order.state), "version": order.version, "number": order.number}
