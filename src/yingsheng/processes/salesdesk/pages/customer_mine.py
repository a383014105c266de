"""我的客户: an agent's own customers with the days left to him, soonest first; the manager chooses an agent (J-21)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_people
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.pages.customer_search import entry_url
from yingsheng.processes.salesdesk.process.customer_words import known
from yingsheng.processes.salesdesk.queries.allow import SEE, SEE_ALL
from yingsheng.processes.salesdesk.queries.customers import SOON_DAYS, Mine, list_mine
from yingsheng.processes.salesdesk.queries.facts import figures_of
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Row

PAGE = 50


@require_GET
@desk(SEE)
def mine(request: DeskRequest) -> HttpResponse:
    """The customers of the agent who asks, or of whom the manager chose, each with its two limits in days."""
    agent = _agent(request)
    rows = list_mine(site=request.actor.site, agent=agent, now=request.now)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    figures = figures_of(site=request.actor.site, at=request.now)
    entries = {
        one.pk: one
        for one in Entry.objects.filter(pk__in=[one.entry.pk for one in page])
        .select_related("visit", "call", "referral")
        .prefetch_related("corrections")
    }
    is_own = agent.pk == request.actor.staff.pk
    context: dict[str, Any] = {
        "agent": agent, "is_own": is_own, "people": _people(request) if request.actor.may(SEE_ALL) else [],
        "figures": _figures(rows),
        "columns": [
            Column(label=_("登记号"), kind="code"), Column(label=_("客户姓名")), Column(label=_("联系方式")),
            Column(label=_("登记日期"), kind="moment"), Column(label=_("最近来访"), kind="moment"),
            Column(label=_("登记后天数"), kind="number"),
            Column(label=_("家人或同批人（%(days)s天）") % {"days": figures.family_days}, kind="chip"),
            Column(label=_("本人（%(days)s天）") % {"days": figures.same_days}, kind="chip"),
        ],
        "rows": [_row(request, one, entries[one.entry.pk], is_own=is_own) for one in page],
        "paging": page, "caption": _("我的客户"), "now": request.now,
        "empty": Empty(
            text=_("还没有归您的客户。"), hint=_("接待并登记的客户、登记的来电会列在这里。"), sign="users",
            url=reverse("salesdesk:sales_visits"), label=_("客户登记本"),
        ),
    }  # fmt: skip
    return render(request, "salesdesk/customers/mine.html", context)


def _agent(request: DeskRequest) -> Staff:
    asked = whole_number(text=request.GET.get("agent", ""))
    if asked is None or asked == request.actor.staff.pk:
        return request.actor.staff
    found: Staff | None = None
    if request.actor.may(SEE_ALL):
        found = _people(request).filter(pk=asked).first()
    if found is None:
        raise Http404
    return found


def _people(request: DeskRequest) -> Any:
    """Everybody who has entered a customer here."""
    held = Entry.objects.filter(site=request.actor.site).values("agent")
    return list_people(site_id=request.actor.site.pk).filter(pk__in=held)


def _figures(rows: list[Mine]) -> list[Figure]:
    running = [one for one in rows if one.track is not None and one.track.soonest >= 0]
    soon = sum(1 for one in running if one.track is not None and one.track.soonest <= SOON_DAYS)
    rule = reverse("ui:rule", args=["J-21"])
    return [
        Figure(
            label=_("%(days)s天内到期") % {"days": SOON_DAYS}, value=soon, unit=_("位"), rule="J-21", rule_url=rule,
            tone="soon" if soon else "", word=_("快到期") if soon else "",
        ),
        Figure(label=_("还在期限内"), value=len(running), unit=_("位"), rule="J-21", rule_url=rule),
        Figure(
            label=_("还没来过"), value=sum(1 for one in rows if one.track is None), unit=_("位"), rule="J-06",
            rule_url=reverse("ui:rule", args=["J-06"]),
        ),
    ]  # fmt: skip


def _row(request: DeskRequest, one: Mine, entry: Entry, *, is_own: bool) -> Row:
    values, url = known(entry=entry, is_own=is_own), entry_url(entry)
    today = timezone.localtime(request.now).date()
    track = one.track
    cells: list[object] = [
        Cell(text=entry.number, url=url), values["name"], values["contact"], one.since,
        track.last_visit if track else Cell(text=_("还没来过"), tone="waiting"), (today - one.since).days,
        _left(track.family_left) if track else "", _left(track.same_left) if track else "",
    ]  # fmt: skip
    return Row(name=entry.number, url=url, cells=cells)


def _left(days: int) -> Cell:
    """Days left in words, with a tone that never stands alone."""
    if days < 0:
        return Cell(text=_("已过%(days)s天") % {"days": -days}, tone="waiting")
    if days == 0:
        return Cell(text=_("今天到期"), tone="late")
    return Cell(text=_("还有%(days)s天") % {"days": days}, tone="soon" if days <= SOON_DAYS else "met")
