"""来电来访登记: the register on the screen, and a day or some days of it on paper (FM-05)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.phones import mask_phone
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.words import state_words
from yingsheng.processes.enquiries.models import Contact
from yingsheng.processes.enquiries.queries import count_register_prints, list_contacts, veiled
from yingsheng.processes.enquiries.services import record_register_print
from yingsheng.ui.days import day_from
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Cell, Column, Empty, Row, Sheet

PAGE = 50
MOST_DAYS = 31


def chosen_days(request: DeskRequest) -> tuple[date | None, date | None]:
    """The days asked for, in order; the same day twice if only one is given, None for none that is a day."""
    days = [day_from(request.POST.get(name) or request.GET.get(name, "")) for name in ("first", "last")]
    first, last = days[0] or days[1], days[1] or days[0]
    if first is not None and last is not None and last < first:
        return last, first
    return first, last


def between(*, rows: QuerySet[Contact], first: date, last: date) -> QuerySet[Contact]:
    """The contacts of these days, both included."""
    zone = get_current_timezone()
    start = datetime.combine(first, time.min, tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    return rows.filter(at__gte=start, at__lt=end)


def _stage(contact: Contact) -> str:
    """How far the case stands that a contact led to: the result of FM-05 once it is settled (C-10)."""
    return state_words(case=contact.case)[0] if contact.case is not None else ""


def map_veiled(rows: Iterable[Contact]) -> list[Contact]:
    """The contacts as the reader may know of them."""
    return [veiled(contact=row) for row in rows]


@require_GET
@desk("enquiries.see")
def contacts(request: DeskRequest) -> HttpResponse:
    """来电来访登记: every contact, or those of some days, newest first."""
    first, last = chosen_days(request)
    found = list_contacts(actor=request.actor)
    if first is not None and last is not None:
        found = between(rows=found, first=first, last=last)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
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
                mask_phone(number=row.caller_phone),
                row.reason,
                row.departments or (row.case.department.name if row.case and row.case.department else ""),
                Cell(text=_(labels[row.outcome]), tone=tones[row.outcome]),  # type: ignore[arg-type]
                Cell(text=row.case.number, url=reverse("ui:case", args=[row.case.key])) if row.case else "",
                row.by.name,
            ],
        )
        for row in map_veiled(page)
    ]
    may_receive = request.actor.may("enquiries.register")
    context = {
        "may_receive": may_receive,
        "columns": [
            Column(label=_("时间"), kind="moment"),
            Column(label=_("来源")),
            Column(label=_("房号")),
            Column(label=_("来人来电")),
            Column(label=_("电话")),  # B-04
            Column(label=_("事由"), kind="long"),
            Column(label=_("涉及部门")),  # C-10
            Column(label=_("结果")),
            Column(label=_("事项"), kind="code"),
            Column(label=_("登记人")),
        ],
        "rows": rows,
        "paging": page,
        "caption": _("来电来访登记"),
        "first": first,
        "last": last,
        "today": localtime(request.now).date(),
        "query": urlencode({"first": first.isoformat(), "last": last.isoformat()}) if first and last else "",
        "empty": Empty(
            text=_("还没有登记。"),
            url=reverse("enquiries:reception") if may_receive else "",
            label=_("去接待台"),
            key="r",
        ),
    }
    return render(request, "enquiries/contacts.html", context)


@require_http_methods(["GET", "POST"])
@desk("enquiries.see")
def register_sheet(request: DeskRequest) -> HttpResponse:
    """客服来电来访登记表 FM-05 of the days asked for (today if none), oldest first; a POST prints it and is counted."""
    asked_first, asked_last = chosen_days(request)
    first = asked_first or localtime(request.now).date()
    last = asked_last or first
    if (last - first).days >= MOST_DAYS:
        raise Refused(N("一次最多打印%(most)s天的登记"), most=MOST_DAYS)
    site = request.actor.site
    found = between(rows=list_contacts(actor=request.actor), first=first, last=last)
    rows = map_veiled(found.select_related("case__department").order_by("at", "pk"))
    count = None
    if request.method == "POST":
        count = record_register_print(
            site=site, first=first, last=last, rows=len(rows), by=request.actor.staff, at=request.now
        )
    outcomes = dict(Contact.Outcome.choices)
    channels = {code: _(label) for code, label in Case.Channel.choices}
    context = {
        "sheet": Sheet(
            site_name=site.name,
            form_name=_("客服来电来访登记表"),
            form_code="FM-05",
            number=f"{first}" if first == last else f"{first} – {last}",
            layout="dense",
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "lines": [
            (row, channels.get(row.channel, row.channel), _(outcomes[row.outcome]), _stage(row))
            for row in rows
        ],
        "print_url": reverse("enquiries:register_sheet"),
        "print_fields": [("first", first.isoformat()), ("last", last.isoformat())],
        "pdf_url": f"{reverse('enquiries:register_sheet')}?as=pdf",
        "preview": count is None,
        "printed": count_register_prints(site=site, first=first, last=last),
    }
    template = "enquiries/sheets/register.html"
    if request.GET.get("as") != "pdf":
        return render(request, template, context)
    html = render_to_string(template, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=f"FM-05-{first}-{last}")
