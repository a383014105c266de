"""The bell, and looking for something everywhere."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, search_cases, visible_cases
from yingsheng.kernel.estate.queries import find_callers
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.queries import list_notices
from yingsheng.kernel.notify.services import mark_read
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import message_words, state_badge
from yingsheng.ui.parts import Empty

PAGE = 50
PERIOD = "timers.period"


@require_http_methods(["GET", "POST"])
@desk()
def inbox(request: DeskRequest) -> HttpResponse:
    """Notices, newest first; opening one leads to its case, "all read" empties the bell."""
    staff = request.actor.staff
    if request.method == "POST":
        chosen = [
            number
            for value in request.POST.getlist("notice")
            if (number := whole_number(text=value)) is not None
        ]
        mark_read(staff=staff, notice_ids=chosen, at=request.now)
        return HttpResponseRedirect(reverse("ui:inbox"), status=303)
    page = Paginator(list_notices(staff=staff), PAGE).get_page(request.GET.get("page"))
    messages = [notice.message for notice in page]
    about = _cases_about(request, messages)
    work = _work_about(request, messages)
    lines = [
        {
            "notice": notice,
            "words": message_words(message=notice.message),
            "case": about.get(notice.message_id),
            "url": work.get(notice.message_id, ""),
            "tone": notice.message.tone,
        }
        for notice in page
    ]
    context = {
        "lines": lines,
        "paging": page,
        "unread_ids": [notice.pk for notice in page if notice.read_at is None],
        "empty": Empty(text=_("没有提醒。"), sign="bell"),
    }
    return render(request, "ui/pages/inbox.html", context)


def _cases_about(request: DeskRequest, messages: list[Message]) -> dict[int, Case]:
    """The visible case behind each message, directly or through its obligation; two statements."""
    direct = {m.pk: m.subject_id for m in messages if m.subject_type == SUBJECT}
    through = {m.pk: m.subject_id for m in messages if m.subject_type == "timers.obligation"}
    rows = Obligation.objects.filter(pk__in=through.values(), subject_type=SUBJECT).values_list(
        "pk", "subject_id"
    )
    of_obligation = dict(rows)
    wanted = {
        **direct,
        **{
            pk: of_obligation[obligation] for pk, obligation in through.items() if obligation in of_obligation
        },
    }
    cases = {case.pk: case for case in visible_cases(actor=request.actor).filter(pk__in=set(wanted.values()))}
    return {pk: cases[case_id] for pk, case_id in wanted.items() if case_id in cases}


def _work_about(request: DeskRequest, messages: list[Message]) -> dict[int, str]:
    """Where the recurring work behind a reminder is done, for who may do it; one statement."""
    through = {m.pk: m.subject_id for m in messages if m.subject_type == "timers.obligation"}
    codes = dict(
        Obligation.objects.filter(pk__in=through.values(), subject_type=PERIOD)
        .annotate(code=Subquery(Period.objects.filter(pk=OuterRef("subject_id")).values("code")[:1]))
        .values_list("pk", "code")
    )
    found: dict[int, str] = {}
    for pk, obligation in through.items():
        if obligation in codes:
            periodic = processes.periodic(codes[obligation])
            if request.actor.may(periodic.permission):
                found[pk] = reverse(periodic.url_name)
    return found


@require_GET
@desk()
def search(request: DeskRequest) -> HttpResponse:
    """One box for everything: cases by words and numbers, households by any way of naming them."""
    actor = request.actor
    text = request.GET.get("q", "").strip()[:100]
    cases = search_cases(actor=actor, query=text) if text else []
    callers = find_callers(site=actor.site, text=text) if text and actor.may(Allow.SEE_ESTATE) else []
    if len(cases) == 1 and not callers and cases[0].number.lower() == text.lower():
        return HttpResponseRedirect(reverse("ui:case", args=[cases[0].key]))
    context = {
        "search_text": text,
        "cases": [(case, *state_badge(case=case)) for case in cases],
        "callers": callers,
        "empty": Empty(
            text=_("没有找到。"),
            hint=_("换个说法试试：房号、姓名、拼音首字母、电话后四位、车牌、单号。"),
            sign="search",
        ),
    }
    return render(request, "ui/pages/search.html", context)
