"""接待台 Reception: who is it, what is known, what shall be started; and the register of contacts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.process import Process, processes
from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases, with_people
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.estate.models import Household, Person
from yingsheng.kernel.estate.queries import Card, find_callers, find_household, find_room, household_card
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.processes.enquiries.models import Contact
from yingsheng.processes.enquiries.queries import last_contacts, list_contacts
from yingsheng.processes.enquiries.services import note_contact
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words, state_badge
from yingsheng.ui.pages.worklists import process_list
from yingsheng.ui.parts import Cell, Column, Empty, Link, Result, Row
from yingsheng.ui.submit import status_of, take_form
from yingsheng.ui.tips import tips_for

app_name = "enquiries"
PAGE = 50


@require_GET
@desk("enquiries.register")
def reception(request: DeskRequest) -> HttpResponse:
    """One search box; then the household's card and the forms that can be started beside it."""
    return _show(request)


@require_http_methods(["POST"])
@desk("enquiries.register")
def start(request: DeskRequest, code: str) -> HttpResponse:
    """Register a matter of any process for the caller on the screen; the contact is entered with it."""
    process = _startable(request, code)
    assert process.intake is not None and process.open is not None
    form = build_form(spec=process.intake, actor=request.actor)(request.POST, request.FILES)
    open_case = process.open

    def run() -> str:
        caller = _caller(request)
        made = open_case(actor=request.actor, at=request.now, caller=caller, **form.cleaned_data)
        if isinstance(made, Case):
            if process.code != "enquiries":
                note_contact(
                    site=request.actor.site,
                    caller=caller,
                    channel=made.channel,
                    case=made,
                    by=request.actor.staff,
                    at=request.now,
                )
            return f"{reverse('enquiries:reception')}?done={made.key}"
        return f"{reverse('enquiries:reception')}?answered=1"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, tried=(process, form))


def _startable(request: DeskRequest, code: str) -> Process:
    if code not in processes:
        raise Http404
    process = processes.get(code)
    if process.intake is None or process.open is None:
        raise Http404
    demand(actor=request.actor, permission=process.intake_permission)
    return process


def _posted(request: DeskRequest, name: str) -> str:
    return (request.POST.get(name) or request.GET.get(name) or "").strip()


def _household(request: DeskRequest) -> Household | None:
    pk = _posted(request, "household")
    if not pk.isdigit():
        return None
    found = (
        Household.objects.filter(site=request.actor.site, pk=int(pk))
        .select_related("room__building", "site")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _caller(request: DeskRequest) -> Caller:
    """The caller as chosen on the card, or as typed for somebody we do not know."""
    household = _household(request)
    if household is not None:
        pk = _posted(request, "person")
        person = (
            Person.objects.filter(memberships__household=household, pk=int(pk))
            .prefetch_related("phones")
            .first()
            if pk.isdigit()
            else None
        )
        phone = next((one.number for one in person.phones.all()), "") if person else ""
        name = (person.call_as or person.name) if person else household.room.label
        return Caller(name=name, phone=phone, person=person, household=household, room=household.room)
    return _stranger(request)


def _stranger(request: DeskRequest) -> Caller:
    phone_text, room_text = _posted(request, "caller_phone"), _posted(request, "caller_room")
    phone = ""
    if phone_text:
        try:
            phone = normalise_phone(text=phone_text, area_code=request.actor.site.area_code)
        except BadPhone as error:
            raise Refused(N("这不像一个电话号码，请核对"), field="caller_phone") from error
    room = household = None
    if room_text:
        words = parse_room(text=room_text)
        key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
        room = find_room(site=request.actor.site, key=key) if key else None
        if room is None:
            raise Refused(N("没有这个房号，请核对，或只留电话"), field="caller_room")
        household = find_household(room=room)
    return Caller(name=_posted(request, "caller_name")[:60], phone=phone, household=household, room=room)


def _show(request: DeskRequest, tried: tuple[Process, SpecForm] | None = None) -> HttpResponse:
    actor = request.actor
    text = request.GET.get("q", "").strip()[:60]
    household = _household(request)
    matches = find_callers(site=actor.site, text=text) if text and household is None else []
    if tried is None and len(matches) == 1 and matches[0].household is not None:
        person = f"&person={matches[0].person.pk}" if matches[0].person else ""
        start_code = f"&start={request.GET['start']}" if request.GET.get("start") else ""
        return HttpResponseRedirect(
            f"{reverse('enquiries:reception')}?household={matches[0].household.pk}{person}{start_code}"
        )
    stranger = request.GET.get("stranger") == "1" or (tried is not None and household is None)
    card = household_card(household=household) if household is not None else None
    known = _known(request, household)
    process, form = _form(request, tried, ready=household is not None or stranger)
    context: dict[str, Any] = {
        "query": text,
        "matches": [(match, _match_url(match, request)) for match in matches],
        "card": card,
        "chosen_person": _chosen(request, card),
        "known": known,
        "contacts": last_contacts(household=household) if household is not None else (),
        "stranger": stranger,
        "typed": {name: _posted(request, name) for name in ("caller_name", "caller_phone", "caller_room")},
        "starts": _starts(request),
        "process": process,
        "form": form,
        "verb": _(process.intake.verb) if process and process.intake else "",
        "form_title": _(process.intake.title) if process and process.intake else "",
        "promise": _promise(request, process),
        "tips": tips_for(process=process.code if process else ""),
        "hidden": _hidden(request),
        "result": _result(request),
        "empty": Empty(
            text=_("没有找到“%(text)s”。") % {"text": text},
            hint=_("不是本处住户也可以登记：留下姓名和电话。"),
            sign="search",
            url=f"{reverse('enquiries:reception')}?stranger=1",
            label=_("登记其他人士"),
        ),
        "now": request.now,
    }
    return render(
        request, "enquiries/reception.html", context, status=status_of(form=tried[1] if tried else None)
    )


def _match_url(match: Any, request: DeskRequest) -> str:
    if match.household is None:
        return ""
    person = f"&person={match.person.pk}" if match.person else ""
    start_code = f"&start={request.GET['start']}" if request.GET.get("start") else ""
    return f"{reverse('enquiries:reception')}?household={match.household.pk}{person}{start_code}"


def _chosen(request: DeskRequest, card: Card | None) -> int | None:
    """Who speaks: the person found by the search, else the one who decides."""
    asked = _posted(request, "person")
    if asked.isdigit():
        return int(asked)
    return card.members[0].person.pk if card and card.members else None


def _known(request: DeskRequest, household: Household | None) -> list[dict[str, Any]]:
    """Open matters of the household first, then of the same building: "already known?"."""
    if household is None:
        return []
    rows = visible_cases(actor=request.actor).filter(closed_at__isnull=True)
    own = list(with_people(rows=rows.filter(household=household)).order_by("-received_at")[:8])
    near = list(
        with_people(
            rows=rows.filter(building=household.room.building).exclude(pk__in=[case.pk for case in own])
        ).order_by("-received_at")[:5]
    )
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in [*own, *near]])
    lines = []
    for case in [*own, *near]:
        first = next(iter(running.get(case.pk, [])), None)
        word, tone = state_badge(case=case)
        lines.append(
            {
                "case": case,
                "own": case in own,
                "word": word,
                "tone": tone,
                "obligation": first,
                "label": milestone_words(code=first.milestone, process=processes.get(case.process))
                if first
                else "",
            }
        )
    return lines


def _form(
    request: DeskRequest, tried: tuple[Process, SpecForm] | None, *, ready: bool
) -> tuple[Process | None, SpecForm | None]:
    if tried is not None:
        return tried
    code = request.GET.get("start", "")
    if not ready or not code:
        return None, None
    process = _startable(request, code)
    assert process.intake is not None
    initial = {"channel": "phone", "kind": "enquiry"}
    form = build_form(spec=process.intake, actor=request.actor)(initial=initial)
    first = process.intake.fields[0].name
    form.fields[first].widget.attrs["autofocus"] = True  # the cursor waits where the story begins
    return process, form


def _starts(request: DeskRequest) -> list[dict[str, str]]:
    keep = {name: _posted(request, name) for name in ("household", "person") if _posted(request, name)}
    tail = "".join(f"&{name}={value}" for name, value in keep.items()) or "&stranger=1"
    return [
        {
            "label": _(process.title),
            "url": f"?start={process.code}{tail}",
            "key": process.hotkey,
            "code": process.code,
        }
        for process in processes
        if process.intake is not None and request.actor.may(process.intake_permission)
    ]


def _hidden(request: DeskRequest) -> list[tuple[str, str]]:
    return [(name, _posted(request, name)) for name in ("household",) if _posted(request, name)]


def _promise(request: DeskRequest, process: Process | None) -> str:
    if process is None or process.promise is None:
        return ""
    foresight = process.promise(site=request.actor.site, at=request.now)
    if foresight is None:
        return ""
    return _("登记后承诺：%(due)s前%(milestone)s（%(rule)s）") % {
        "due": timezone.localtime(foresight.due_at).strftime("%m-%d %H:%M"),
        "milestone": _(foresight.milestone),
        "rule": foresight.rule,
    }


def _result(request: DeskRequest) -> Result | None:
    if request.GET.get("answered"):
        return Result(text=_("已记入来电来访登记，一次办结"))
    key = request.GET.get("done", "")
    case = visible_cases(actor=request.actor).filter(key=key).first() if key else None
    if case is None:
        return None
    first = next(iter(list_running_for(subject_type=SUBJECT, subject_ids=[case.pk]).get(case.pk, [])), None)
    due = timezone.localtime(first.due_at).strftime("%m-%d %H:%M") if first else ""
    text = _("已登记，%(due)s前联系住户") % {"due": due} if due else _("已登记")
    links = [Link(label=_("打开"), url=reverse("ui:case", args=[case.key]), key="o")]
    sheets = processes.get(case.process).sheets
    if sheets:
        links.append(Link(label=_("打印"), url=reverse("ui:sheet", args=[case.key, sheets[0].code]), key="p"))
    return Result(text=text, number=case.number, url=reverse("ui:case", args=[case.key]), links=links)


@require_GET
@desk("enquiries.see")
def contacts(request: DeskRequest) -> HttpResponse:
    """来电来访登记: every contact, newest first."""
    page = Paginator(list_contacts(actor=request.actor), PAGE).get_page(request.GET.get("page"))
    labels = dict(Contact.Outcome.choices)
    tones = {"answered": "met", "promised": "soon", "case": "plain"}
    channels = {code: _(label) for code, label in Case.Channel.choices}
    rows = [
        Row(
            name=row.reason,
            url=reverse("ui:case", args=[row.case.key]) if row.case else "",
            cells=[
                row.at,
                channels.get(row.channel, row.channel),
                row.household.room.label if row.household else "",
                row.caller_name,
                row.reason,
                Cell(text=_(labels[row.outcome]), tone=tones[row.outcome]),  # type: ignore[arg-type]
                Cell(text=row.case.number, url=reverse("ui:case", args=[row.case.key])) if row.case else "",
                row.by.name,
            ],
        )
        for row in page
    ]
    context = {
        "columns": [
            Column(label=_("时间"), kind="moment"),
            Column(label=_("来源")),
            Column(label=_("房号")),
            Column(label=_("来人来电")),
            Column(label=_("事由"), kind="long"),
            Column(label=_("结果")),
            Column(label=_("事项"), kind="code"),
            Column(label=_("登记人")),
        ],
        "rows": rows,
        "paging": page,
        "caption": _("来电来访登记"),
        "empty": Empty(
            text=_("还没有登记。"), url=reverse("enquiries:reception"), label=_("去接待台"), key="r"
        ),
    }
    return render(request, "enquiries/contacts.html", context)


def enquiry_list(request: HttpRequest) -> HttpResponse:
    """Enquiries and suggestions that wait for an answer, and those answered."""
    return process_list(request, code="enquiries", permission="enquiries.see")


urlpatterns = [
    path("reception/", reception, name="reception"),
    path("reception/<slug:code>/", start, name="start"),
    path("contacts/", contacts, name="contacts"),
    path("enquiries/", enquiry_list, name="list"),
]
