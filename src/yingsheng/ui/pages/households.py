"""住户档案: the register of rooms and a household's card; full numbers only with a reason."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import visible_cases, with_people
from yingsheng.kernel.estate.models import Household, Person, Room
from yingsheng.kernel.estate.queries import Match, find_callers, household_card
from yingsheng.kernel.estate.services import reveal_personal
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Row

PAGE = 50


@require_GET
@desk(Allow.SEE_ESTATE)
def households(request: DeskRequest) -> HttpResponse:
    """All rooms in order, or those a text may mean."""
    text = request.GET.get("q", "").strip()[:60]
    site = request.actor.site
    page = None
    if text:
        rows = [_match_row(match) for match in find_callers(site=site, text=text, limit=PAGE)]
    else:
        rooms = (
            Room.objects.filter(site=site)
            .select_related("building__area")
            .order_by("building__code", "unit", "number")
        )
        page = Paginator(rooms, PAGE).get_page(request.GET.get("page"))
        living = {
            household.room_id: household
            for household in Household.objects.filter(
                room__in=[room.pk for room in page], active_to__isnull=True
            )
        }
        rows = [_room_row(room, living.get(room.pk)) for room in page]
    context = {
        "columns": [
            Column(label=_("房号"), kind="code"),
            Column(label=_("片区")),
            Column(label=_("用途")),
            Column(label=_("住户")),
            Column(label=_("提醒"), kind="long"),
        ],
        "rows": rows,
        "paging": page,
        "query": text,
        "caption": _("住户档案"),
        "empty": Empty(
            text=_("没有找到。"), hint=_("房号、姓名、拼音首字母、电话后四位、车牌都可以。"), sign="search"
        ),
    }
    return render(request, "ui/pages/households.html", context)


def _room_row(room: Room, household: Household | None) -> Row:
    url = reverse("ui:household", args=[household.pk]) if household else ""
    area = room.building.area.name if room.building.area else ""
    return Row(
        url=url,
        name=room.label,
        cells=[
            Cell(text=room.label, url=url) if url else room.label,
            area,
            _(room.get_use_display()),
            _("在住") if household else _("空置"),
            household.reminder if household else "",
        ],
    )


def _match_row(match: Match) -> Row:
    url = reverse("ui:household", args=[match.household.pk]) if match.household else ""
    label = match.room.label if match.room else "—"
    return Row(
        url=url,
        name=label,
        cells=[
            Cell(text=label, url=url) if url else label,
            "",
            str(_(match.why)),
            match.person.name if match.person else "",
            match.household.reminder if match.household else "",
        ],
    )


def _household(request: DeskRequest, pk: int) -> Household:
    household = (
        Household.objects.filter(site=request.actor.site, pk=pk)
        .select_related("room__building", "site")
        .first()
    )
    if household is None:
        raise Http404
    return household


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_ESTATE)
def household(request: DeskRequest, pk: int) -> HttpResponse:
    """A household's card, its matters, and the reveal of full numbers with a reason."""
    found = _household(request, pk)
    revealed: dict[str, object] = {}
    refusal = ""
    person: Person | None = None
    if request.method == "POST":
        person = Person.objects.filter(
            site=request.actor.site, memberships__household=found, pk=_number(request.POST.get("person", ""))
        ).first()
        if person is None:
            raise Http404
        try:
            revealed = dict(
                reveal_personal(
                    actor=request.actor,
                    person=person,
                    fields=["phones", "id_number"],
                    reason=request.POST.get("reason", "")[:200],
                    at=request.now,
                )
            )
        except Refused as error:
            refusal = words_of(error)
    cases = with_people(rows=visible_cases(actor=request.actor).filter(household=found)).order_by(
        "-received_at"
    )[:30]
    context = {
        "household": found,
        "card": household_card(household=found),
        "cases": [(case, *state_badge(case=case)) for case in cases],
        "revealed": revealed,
        "revealed_person": person,
        "refusal": refusal,
        "may_reveal": request.actor.may(Allow.REVEAL_PERSONAL),
        "empty": Empty(text=_("还没有事项。")),
    }
    return render(request, "ui/pages/household.html", context, status=422 if refusal else 200)


def _number(text: str) -> int:
    if not text.isdigit():
        raise Refused(N("请选择要查看的人"))
    return int(text)
