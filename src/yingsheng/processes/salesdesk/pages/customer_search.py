"""What the books say while somebody types: whose customer it may be, since when, by which proof (J-05, J-15)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingsheng.processes.salesdesk.models import Entry, Visit
from yingsheng.processes.salesdesk.process.customer_forms import BOOKS, LOOK
from yingsheng.processes.salesdesk.process.customer_words import key_words, masked
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.customers import Conflict, find_visit
from yingsheng.processes.salesdesk.queries.facts import holder_of
from yingsheng.processes.salesdesk.services.finding import look_up
from yingsheng.ui.desk import DeskRequest, desk

ASKED = tuple((item.name, item.max_length) for item in LOOK.fields)
PAGES = {"visit": "sales_visits_one", "call": "sales_calls_one", "referral": "sales_referrals_one"}


def entry_url(entry: Entry) -> str:
    """The page of the record that an entry belongs to, else its printed form."""
    for name, page in PAGES.items():
        record = getattr(entry, name, None)
        if record is not None:
            return reverse(f"salesdesk:{page}", args=[record.pk])
    return reverse("salesdesk:register_form", args=[entry.pk])


def entry_line(request: DeskRequest, entry: Entry) -> dict[str, Any]:
    """An entry as one who types, or whose visitor it concerns, is told of it: masked unless it is his."""
    me, holder = request.actor.staff.pk, holder_of(entry=entry)
    visit: Visit | None = getattr(entry, "visit", None)
    owner = visit.owner if visit is not None and visit.owner is not None else entry.agent
    is_mine = me in (entry.agent_id, holder)
    return {
        "number": entry.number, "agent": owner.name, "is_mine": is_mine, "day": entry.day,
        "book": _(BOOKS[entry.book]), "name": entry.name if is_mine else masked(field="name", text=entry.name),
        "url": entry_url(entry) if is_mine or request.actor.may(SEE_ALL) else "",
    }  # fmt: skip


def conflict_line(request: DeskRequest, conflict: Conflict) -> dict[str, Any]:
    """A conflict with the proofs that agree."""
    return {**entry_line(request, conflict.entry), "keys": key_words(conflict.keys)}


def _asked(request: DeskRequest) -> dict[str, str]:
    """What was typed so far, of the form of any page that asks."""
    found = {}
    for name, limit in ASKED:
        typed = (
            request.POST.get(name) or request.POST.get(f"register-{name}") or request.POST.get(f"look-{name}")
        )
        found[name] = (typed or "").strip()[: limit or 60]
    return found


def _answer(request: DeskRequest, *, visit: Visit | None) -> HttpResponse:
    asked = _asked(request)
    found = look_up(actor=request.actor, at=request.now, visit=visit, **asked) if any(asked.values()) else []
    context = {
        "conflicts": [conflict_line(request, one) for one in found],
        "asked": any(asked.values()),
        "reach_visit": visit,
    }
    return render(request, "salesdesk/customers/conflicts.html", context)


@require_POST
@desk(TAKE)
def while_received(request: DeskRequest, pk: int) -> HttpResponse:
    """What the books say of the visitor who is being received, for his receiver; what is shown is kept (J-15, J-19)."""
    visit = find_visit(actor=request.actor, pk=pk)
    if visit is None:
        raise Http404
    return _answer(request, visit=visit)


@require_POST
@desk(TAKE)
def anywhere(request: DeskRequest) -> HttpResponse:
    """The same on the telephone, or before anybody receives; what is shown is kept with who saw it (J-05, J-15)."""
    return _answer(request, visit=None)
