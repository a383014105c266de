"""接待台 Reception: who is it, what is known, what shall be started."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, processes
from yingsheng.base.shown import DeskHint, Known
from yingsheng.kernel.calls.models import Call
from yingsheng.kernel.calls.queries import find_call, has_exchange
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases, with_people
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.estate.queries import Card, Match, find_callers, household_card
from yingsheng.kernel.forms.build import SpecForm
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.processes.enquiries.models import Contact
from yingsheng.processes.enquiries.pages.caller import (
    CALLER,
    GOING_ALONG,
    ask_caller,
    caller_of,
    chosen_household,
    is_stranger,
    known_face,
    posted,
    typed_for_stranger,
)
from yingsheng.processes.enquiries.pages.desk import desk_words, starts
from yingsheng.processes.enquiries.pages.raised import fitting, raised_of
from yingsheng.processes.enquiries.pages.ready import intake_form, look_up, ready_words
from yingsheng.processes.enquiries.queries import last_contacts, list_contacts, veiled
from yingsheng.processes.enquiries.services import note_contact, tie_call
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words, state_badge
from yingsheng.ui.parts import Empty, Link, Result
from yingsheng.ui.submit import status_of, take_form
from yingsheng.ui.tips import tips_for

JUST_NOW = 8  # contacts shown while nobody stands at the desk


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
    if "look_up" in request.POST or "use_answer" in request.POST:
        return _show(request, tried=(process, look_up(request, process)))
    form = intake_form(request, process, request.POST, request.FILES)
    if is_stranger(request):
        ask_caller(form, typed={})
    open_case = process.open

    raised = raised_of(request)

    def run() -> str:
        caller = caller_of(request)
        answers = {name: value for name, value in form.cleaned_data.items() if name not in CALLER}
        made = open_case(actor=request.actor, at=request.now, caller=caller, **answers)
        call = _call(request)
        if isinstance(made, Case):
            if process.code != "enquiries":
                contact = note_contact(
                    site=request.actor.site,
                    caller=caller,
                    channel=made.channel,
                    case=made,
                    by=request.actor.staff,
                    at=request.now,
                )
            else:
                contact = made.contacts.latest("pk")
            if call is not None:
                tie_call(contact=contact, call=call, by=request.actor.staff, at=request.now)
            if raised is not None:
                raised.link(actor=request.actor, case=made, at=request.now)
            return f"{reverse('enquiries:reception')}?done={made.key}"
        if call is not None:
            tie_call(contact=made, call=call, by=request.actor.staff, at=request.now)
        again = f"&again={caller.household.pk}" if caller.household is not None else ""
        return f"{reverse('enquiries:reception')}?answered=1{again}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, tried=(process, form))


def _call(request: DeskRequest) -> Call | None:
    """The call that the desk answers with this form; None without a telephone system."""
    pk = whole_number(text=posted(request, "call"))
    return find_call(actor=request.actor, pk=pk) if pk is not None else None


def _startable(request: DeskRequest, code: str) -> Process:
    if code not in processes:
        raise Http404
    process = processes.get(code)
    if process.intake is None or process.open is None:
        raise Http404
    demand(actor=request.actor, permission=process.intake_permission)
    return process


def _show(request: DeskRequest, tried: tuple[Process, SpecForm] | None = None) -> HttpResponse:
    actor = request.actor
    text = request.GET.get("q", "").strip()[:60]
    household = chosen_household(request)
    matches = find_callers(site=actor.site, text=text) if text and household is None else []
    if tried is None and (straight := _only_url(request, matches)):
        return HttpResponseRedirect(straight)
    stranger = _is_open_to_all(request, text=text, tried=tried is not None) and household is None
    card = household_card(household=household) if household is not None else None
    hints = _hints(request, household)
    known, lines = _known(request, household, hints), known_lines(request, household)
    process, form = _form(request, tried, ready=household is not None or stranger)
    context: dict[str, Any] = {
        "query": text,
        "matches": [(match, _match_url(match, request)) for match in matches],
        "card": card,
        "chosen_person": _chosen(request, card),
        "known": known,
        "hints": hints,
        "known_lines": lines,
        "known_count": len(known) + len(lines),
        **ready_words(request, process if form is not None else None),
        "contacts": last_contacts(household=household, actor=request.actor) if household is not None else (),
        "stranger": stranger,
        "known_face": known_face(request) if stranger else None,
        "new_url": _new_url(request, text),
        "recent": _just_now(request) if not (text or household or stranger) else (),
        "starts": starts(request, asked=posted),
        **desk_words(request),
        "process": process,
        "form": form,
        "verb": _(process.intake.verb) if process and process.intake else "",
        "form_title": _(process.intake.title) if process and process.intake else "",
        "promise": _promise(request, process),
        "tips": tips_for(process=process.code if process else ""),
        "hidden": _hidden(request),
        "result": _result(request),
        "going_along": _going_along(request),
        "live": [
            reverse(one.desk_live)
            for one in processes
            if one.desk_live and request.actor.may(one.desk_live_permission) and has_exchange(site=actor.site)
        ],
        "empty": Empty(
            text=_("没有找到“%(text)s”。") % {"text": text},
            hint=_("不是本处住户也可以登记：留下姓名和电话。"),
            sign="search",
            url=f"{reverse('enquiries:reception')}?{urlencode({'stranger': '1', **typed_for_stranger(text, request)})}",
            label=_("登记其他人士"),
        ),
        "now": request.now,
    }
    return render(
        request, "enquiries/reception.html", context, status=status_of(form=tried[1] if tried else None)
    )


def _is_open_to_all(request: DeskRequest, *, text: str, tried: bool) -> bool:
    """Whether the form stands open without a home: asked for, sent in, or so urgent that nobody is looked up first."""
    code = request.GET.get("start", "")
    urgent = code in processes and processes.get(code).urgent and not text
    return tried or urgent or request.GET.get("stranger") == "1"


def _hints(request: DeskRequest, household: Household | None) -> list[DeskHint]:
    """What goes on where the caller lives, as the processes tell it."""
    if household is None:
        return []
    asked = (process.desk_hints for process in processes if process.desk_hints is not None)
    return [hint for ask in asked for hint in ask(actor=request.actor, household=household, now=request.now)]


def _new_url(request: DeskRequest, text: str) -> str:
    """Where somebody nobody knows yet is entered, with what was typed already filled in; "" for who may not."""
    if not request.actor.may(Allow.EDIT_ESTATE):
        return ""
    return f"{reverse('ui:household_new')}?{urlencode({'q': text, 'next': 'reception'})}"


def _match_url(match: Match, request: DeskRequest) -> str:
    """Where the desk goes on with a match: the household's card, or the form for somebody without one here."""
    asked: dict[str, str | int] = {}
    if match.household is not None:
        asked["household"] = match.household.pk
    else:
        asked["stranger"] = 1
    if match.person is not None:
        asked["person"] = match.person.pk
    elif match.household is None and match.room is not None:
        asked["caller_room"] = match.room.label
    asked |= {name: request.GET[name] for name in ("start", *GOING_ALONG) if request.GET.get(name)}
    return f"{reverse('enquiries:reception')}?{urlencode(asked)}"


def _only_url(request: DeskRequest, matches: list[Match]) -> str:
    """Where to go at once because there is nothing to choose: one match, or several people of one home; else ""."""
    homes = {match.household.pk for match in matches if match.household is not None}
    if len(matches) == 1:
        return _match_url(matches[0], request)
    if len(homes) == 1 and all(match.household is not None for match in matches):
        return _match_url(replace(matches[0], person=None), request)
    return ""


def _just_now(request: DeskRequest) -> list[Contact]:
    """The last contacts of the desk: whoever calls again is one click away."""
    return [veiled(contact=row) for row in list_contacts(actor=request.actor)[:JUST_NOW]]


def _chosen(request: DeskRequest, card: Card | None) -> int | None:
    """Who speaks: the person found by the search, else the one who decides."""
    asked = whole_number(text=posted(request, "person"))
    if asked is not None:
        return asked
    return card.members[0].person.pk if card and card.members else None


def _known(request: DeskRequest, household: Household | None, hints: list[DeskHint]) -> list[dict[str, Any]]:
    """Open matters of the household first, then of the same building, but for what the hints tell of already."""
    if household is None:
        return []
    rows = visible_cases(actor=request.actor).filter(closed_at__isnull=True)
    if hints:
        rows = rows.exclude(number__in=[hint.number for hint in hints])
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


def known_lines(request: DeskRequest, household: Household | None) -> list[Known]:
    """What the other processes know of the home on the screen: notices that touch it, particular care."""
    if household is None:
        return []
    return [
        line
        for one in processes
        if one.known is not None
        for line in one.known(actor=request.actor, household=household, now=request.now)
    ]


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
    initial = {"channel": "phone", "kind": "enquiry", "scope": "inside"}
    raised = raised_of(request)
    if raised is not None:
        initial |= fitting(process, {**raised.start, **raised.start.get(code, {})})
    first = process.intake.fields[0].name
    form = intake_form(request, process, initial=initial)
    if is_stranger(request):
        typed = {name: posted(request, name) for name in CALLER}
        ask_caller(form, typed=typed)
        if not any(typed.values()) and not process.urgent:
            first = CALLER[0]
    form.fields[first].widget.attrs["autofocus"] = True  # the cursor waits where the story begins
    return process, form


def _going_along(request: DeskRequest) -> list[tuple[str, str]]:
    """What the search keeps while the caller is looked up; not what was raised and is settled meanwhile."""
    kept = [(name, request.GET[name]) for name in GOING_ALONG if request.GET.get(name)]
    return [(name, value) for name, value in kept if name != "raised" or raised_of(request) is not None]


def _hidden(request: DeskRequest) -> list[tuple[str, str]]:
    call = [("call", posted(request, "call"))] if posted(request, "call") else []
    raised = [("raised", posted(request, "raised"))] if raised_of(request) is not None else []
    if known_face(request) is not None:
        return [("person", posted(request, "person")), *call, *raised]
    return [(name, posted(request, name)) for name in ("household",) if posted(request, name)] + call + raised


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
    """What was just registered, and what the desk does next: print, the same home again, the next caller."""
    here = reverse("enquiries:reception")
    onward = Link(label=_("下一位"), url=here, key="s")
    if request.GET.get("answered"):
        again = whole_number(text=request.GET.get("again", ""))
        return Result(
            text=_("已记入来电来访登记，一次办结"), links=[*([_same_home(again)] if again else []), onward]
        )
    key = request.GET.get("done", "")
    case = visible_cases(actor=request.actor).filter(key=key).first() if key else None
    if case is None:
        return None
    first = next(iter(list_running_for(subject_type=SUBJECT, subject_ids=[case.pk]).get(case.pk, [])), None)
    due = timezone.localtime(first.due_at).strftime("%m-%d %H:%M") if first else ""
    told = (
        _("已登记并报警，%(due)s前要有人接警")
        if processes.get(case.process).urgent
        else _("已登记，%(due)s前联系住户")
    )
    text = told % {"due": due} if due else _("已登记")
    links = [Link(label=_("打开"), url=reverse("ui:case", args=[case.key]), key="o")]
    sheets = processes.get(case.process).sheets
    if sheets:
        links.append(Link(label=_("打印"), url=reverse("ui:sheet", args=[case.key, sheets[0].code]), key="p"))
    if case.household_id is not None:
        links.append(_same_home(case.household_id))
    return Result(
        text=text, number=case.number, url=reverse("ui:case", args=[case.key]), links=[*links, onward]
    )


def _same_home(pk: int) -> Link:
    return Link(label=_("同一户再登一件"), url=f"{reverse('enquiries:reception')}?household={pk}", key="a")
