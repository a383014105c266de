"""告知单: what households still have to be told on paper; printed two on a page, ticked off when handed over."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_slips
from yingsheng.kernel.estate.models import Member
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.slips import hand_over, print_slips
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import message_words
from yingsheng.ui.parts import Empty, Result, ResultRow, Sheet

PAGE = 50


@require_http_methods(["GET", "POST"])
@desk(Allow.HAND_OVER)
def slip_list(request: DeskRequest) -> HttpResponse:
    """What lies on the counter, newest first; a POST ticks off the chosen ones, each with the name of who got it."""
    result = _hand_over_chosen(request) if request.method == "POST" else None
    text = request.GET.get("q", "").strip()[:60]
    rows = visible_slips(actor=request.actor)
    if text:
        rows = rows.filter(
            Q(to_household__room__label__icontains=text)
            | Q(to_household__room__key__icontains=text)
            | Q(to_name__icontains=text)
        )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": _lines(request, list(page)),
        "paging": page,
        "query": text,
        "result": result,
        "empty": Empty(
            text=_("没有等着交给住户的告知单。"),
            hint=_("登记、答复时告知住户的内容会排在这里，打印后交给住户。"),
            sign="circle-check",
        ),
    }
    refused = result is not None and result.tone == "late"
    return render(request, "ui/pages/slips.html", context, status=422 if refused else 200)


def _lines(request: DeskRequest, messages: Sequence[Message]) -> list[dict[str, object]]:
    """A message with its words, the case it is about, and who decides where it goes (C-81); two statements."""
    homes = [message.to_household_id for message in messages if message.to_household_id]
    deciders = {
        member.household_id: member.person.name
        for member in Member.objects.filter(
            household_id__in=homes, decides=True, active_to__isnull=True
        ).select_related("person")
    }
    about = Case.objects.in_bulk([m.subject_id for m in messages if m.subject_type == SUBJECT])
    return [
        {
            "message": message,
            "words": message_words(message=message),
            "case": about.get(message.subject_id) if message.subject_type == SUBJECT else None,
            "whom": message.to_household.room.label if message.to_household else message.to_name,
            "decider": deciders.get(message.to_household_id or 0, ""),
            "to": request.POST.get(f"to_{message.pk}", ""),
        }
        for message in messages
    ]


def _chosen(request: DeskRequest) -> list[Message]:
    """The messages ticked, in the order of the list; those of another site or unseen ones are not among them."""
    wanted = [
        number
        for value in request.POST.getlist("chosen")[:PAGE]
        if (number := whole_number(text=value)) is not None
    ]
    return list(visible_slips(actor=request.actor).filter(pk__in=wanted))


def _hand_over_chosen(request: DeskRequest) -> Result:
    """Hand over each chosen slip by itself; one without a name does not stop the others."""
    rows = []
    chosen = _chosen(request)
    for message in chosen:
        label = message.to_household.room.label if message.to_household else message.to_name
        try:
            done = hand_over(
                actor=request.actor,
                message=message,
                to=request.POST.get(f"to_{message.pk}", ""),
                at=request.now,
            )
        except Refused as refusal:
            rows.append(ResultRow(text=f"{label}：{words_of(refusal)}", word=_("没有记下"), tone="late"))
        else:
            rows.append(ResultRow(text=f"{label} → {done.handed_over_to}", word=_("已交付"), tone="met"))
    if not chosen:
        return Result(text=_("请先勾选告知单，写上交给了谁"), tone="late")
    late = any(row.tone == "late" for row in rows)
    return Result(text=_("交付告知单"), tone="late" if late else "met", rows=rows)


@require_http_methods(["POST"])
@desk(Allow.HAND_OVER)
def slip_sheet(request: DeskRequest) -> HttpResponse:
    """The chosen slips as a page that prints, two on each A4; each print is counted on each slip."""
    chosen = _chosen(request)
    if not chosen:
        if request.POST:
            raise Refused(N("请先勾选要打印的告知单"))
        return HttpResponseRedirect(reverse("ui:slips"), status=303)
    printed = print_slips(actor=request.actor, messages=chosen, at=request.now)
    context = {
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_("告知单"),
            number="",
            layout="halves",
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "lines": _lines(request, printed),
        "back_url": reverse("ui:slips"),
    }
    return render(request, "ui/pages/slip_sheet.html", context)
