"""住户档案: the register of rooms and a household's card; full numbers only with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Length
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases, with_people
from yingsheng.kernel.estate.history import list_history, list_informed, readable
from yingsheng.kernel.estate.models import Household, Person, Room
from yingsheng.kernel.estate.queries import Card, Match, find_callers, household_card
from yingsheng.kernel.estate.reminders import reminder_words
from yingsheng.kernel.estate.services import reveal_personal
from yingsheng.kernel.events.kinds import get_kind
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.queries import list_told_household
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import fill, message_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Entry, Fact, Result, Row

PAGE = 50
HISTORY = 100


@require_GET
@desk(Allow.SEE_ESTATE)
def households(request: DeskRequest) -> HttpResponse:
    """All rooms in order, or those a text may mean."""
    text = request.GET.get("q", "").strip()[:60]
    site = request.actor.site
    may_edit = request.actor.may(Allow.EDIT_ESTATE)
    page = None
    if text:
        rows = [_match_row(match, may_edit) for match in find_callers(site=site, text=text, limit=PAGE)]
    else:
        rooms = (
            Room.objects.filter(site=site)
            .select_related("building__area")
            # the lower floors first: 101 before 1001
            .order_by("building__code", "unit", Length("number"), "number")
        )
        page = Paginator(rooms, PAGE).get_page(request.GET.get("page"))
        living = {
            household.room_id: household
            for household in Household.objects.filter(
                room__in=[room.pk for room in page], active_to__isnull=True
            )
        }
        rows = [_room_row(room, living.get(room.pk), may_edit) for room in page]
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
        "may_edit": may_edit,
        "empty": Empty(
            text=_("没有找到。"),
            hint=_("房号、姓名、拼音首字母、电话后四位、车牌都可以。"),
            sign="search",
            url=f"{reverse('ui:household_new')}?{urlencode({'q': text})}" if may_edit else "",
            label=_("登记新住户、新来人来电"),
        ),
    }
    return render(request, "ui/pages/households.html", context)


def _reminders(household: Household | None) -> str:
    """The reminders of a household in one line."""
    if household is None:
        return ""
    words = reminder_words(codes=household.reminder_codes, text=household.reminder)
    return _("、").join(str(_(word)) for word in words)


def _room_row(room: Room, household: Household | None, may_edit: bool) -> Row:
    url = reverse("ui:household", args=[household.pk]) if household else ""
    if not url and may_edit:
        url = reverse("ui:archive_verb", args=["room", room.pk, "resident"])
    area = room.building.area.name if room.building.area else ""
    return Row(
        url=url,
        name=room.label,
        cells=[
            Cell(text=room.label, url=url) if url else room.label,
            area,
            _(room.get_use_display()),
            _("在住") if household else _("空置"),
            _reminders(household),
        ],
    )


def _match_row(match: Match, may_edit: bool) -> Row:
    url = reverse("ui:household", args=[match.household.pk]) if match.household else ""
    if not url and match.person is not None:
        url = reverse("ui:person", args=[match.person.pk])
    elif not url and match.room is not None and may_edit:
        url = reverse("ui:archive_verb", args=["room", match.room.pk, "resident"])
    label = match.room.label if match.room else "—"
    return Row(
        url=url,
        name=label,
        cells=[
            Cell(text=label, url=url) if url else label,
            "",
            str(_(match.why)),
            match.person.name if match.person else "",
            _reminders(match.household),
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


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """What was opened of whom, or why it was not."""

    person: Person | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    refusal: str = ""


def try_reveal(request: DeskRequest, *, person: Person) -> Reveal:
    """Open full numbers for the reason typed; recorded by the service."""
    try:
        values = reveal_personal(
            actor=request.actor,
            person=person,
            fields=["phones", "id_number"],
            reason=request.POST.get("reason", "")[:200],
            at=request.now,
        )
    except Refused as error:
        return Reveal(person=person, refusal=words_of(error))
    return Reveal(person=person, values={name: value for name, value in values.items() if value})


def archive_entries(*, events: Iterable[Event]) -> list[Entry]:
    """Events of the archive as lines of a story."""
    return [
        Entry(
            actor=event.by.name if event.by else "",
            at=event.at,
            text=fill(text=get_kind(code=event.kind).text, values=readable(data=event.data)).rstrip("：:（ "),
            tone=get_kind(code=event.kind).tone,  # type: ignore[arg-type]
            sign=get_kind(code=event.kind).icon,
            rule=event.rule,
            rule_url=reverse("ui:rule", args=[event.rule]) if event.rule else "",
        )
        for event in events
    ]


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_ESTATE)
def household(request: DeskRequest, pk: int) -> HttpResponse:
    """A household's card with what may be corrected, its matters and its history; full numbers with a reason."""
    found = _household(request, pk)
    reveal = Reveal()
    if request.method == "POST":
        person = Person.objects.filter(
            site=request.actor.site, memberships__household=found, pk=_number(request.POST.get("person", ""))
        ).first()
        if person is None:
            raise Http404
        reveal = try_reveal(request, person=person)
    cases = with_people(rows=visible_cases(actor=request.actor).filter(household=found)).order_by(
        "-received_at"
    )[:30]
    card = household_card(household=found)
    context = {
        "household": found,
        "card": card,
        "cases": [(case, *state_badge(case=case)) for case in cases],
        "may_receive": request.actor.may("enquiries.register"),
        "links": [
            line
            for one in processes
            if one.of_home is not None and found.active_to is None
            for line in one.of_home(found)
            if not line.permission or request.actor.may(line.permission)
        ],
        "told": _told(request, found),
        "informed": _informed(found, card),
        "room_facts": _room_facts(found),
        "others": Household.objects.filter(room=found.room).exclude(pk=found.pk).order_by("-pk")[:10],
        "entries": archive_entries(events=list_history(household=found)[:HISTORY]),
        "reveal": reveal,
        "may_reveal": request.actor.may(Allow.REVEAL_PERSONAL),
        "may_edit": request.actor.may(Allow.EDIT_ESTATE) and found.active_to is None,
        "may_correct_room": request.actor.may(Allow.EDIT_ESTATE),
        "result": Result(text=_("已记下")) if request.GET.get("did") else None,
        "empty": Empty(text=_("还没有事项。")),
        "no_history": Empty(
            text=_("还没有记录。"), hint=_("更正、告知、迁入迁出都会记在这里。"), sign="history"
        ),
    }
    return render(request, "ui/pages/household.html", context, status=422 if reveal.refusal else 200)


def _told(request: DeskRequest, found: Household) -> list[tuple[Message, str]]:
    """What the household was told of the matters one may know of, and whether the paper was handed over."""
    known = Q(subject_id__in=visible_cases(actor=request.actor).values("pk"))
    rows = list_told_household(household=found).filter(~Q(subject_type=SUBJECT) | known)
    return [(message, message_words(message=message)) for message in rows[:20]]


def _informed(found: Household, card: Card) -> dict[str, object]:
    """Who was told what, and whether the one who decides still has to be told of the last (C-81)."""
    lines = list_informed(household=found)
    entries = archive_entries(events=lines)
    decider = card.decision_maker
    last = lines[0].data if lines else {}
    missing = (
        decider is not None
        and bool(last)
        and last.get("person") != decider.person.pk
        and not any(
            line.data.get("person") == decider.person.pk and line.data.get("about") == last.get("about")
            for line in lines
        )
    )
    return {"entries": entries, "missing": decider if missing else None, "about": last.get("about", "")}


def _room_facts(found: Household) -> list[Fact]:
    room = found.room
    facts = [
        Fact(label=_("房号"), value=room.label),
        Fact(label=_("用途"), value=_(room.get_use_display())),
        Fact(label=_("楼层"), value=room.floor, number=True),
        Fact(label=_("建筑面积"), value=f"{room.area_m2:f} m²" if room.area_m2 else "", number=True),
        Fact(label=_("曾用号"), value=room.former_key, number=True),
        Fact(label=_("入住日期"), value=found.moved_in_date, number=True),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _number(text: str) -> int:
    number = whole_number(text=text)
    if number is None:
        raise Refused(N("请选择要查看的人"))
    return number
