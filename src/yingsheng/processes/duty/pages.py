"""值班日志 on the screen: the pages of the log with their lines, the signature of the morning, sheets, conduct."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.process import processes
from yingsheng.kernel.cases.words import choice_words
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.rosters.words import own_name
from yingsheng.kernel.timers.models import Filing
from yingsheng.processes.duty.models import OpenItem, Page
from yingsheng.processes.duty.process import DUTY, ITEMS, LOG_BOOK, SPOT_CHECKS
from yingsheng.processes.duty.process.books import CHECK, SEE, things_of
from yingsheng.processes.duty.process.forms import SIGN_LOG
from yingsheng.processes.duty.process.views import VIEWS, views_of
from yingsheng.processes.duty.queries.carrying import carried_over, stoppers
from yingsheng.processes.duty.queries.conduct import conduct_of
from yingsheng.processes.duty.queries.lines import Entry, count_lines, lines_of
from yingsheng.processes.duty.queries.pages import OPEN, count_prints, find_page, to_be_signed
from yingsheng.processes.duty.services.checks import record_page_print, sign_log
from yingsheng.processes.duty.services.entries import OPENED_AS
from yingsheng.processes.duty.services.scheduling import LOG_DAY
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.pages.words import event_words
from yingsheng.ui.parts import Cell, Column, Empty, Link, Result, Row, Sheet, SignatureLine
from yingsheng.ui.records import RecordPages
from yingsheng.ui.submit import status_of, take_form

app_name = "duty"
SIGNED_BEFORE = 10


def words_of(*, entry: Entry) -> str:
    """How a line of the log reads."""
    if entry.is_sealed:
        return str(_("（保密事项）"))
    return event_words(event=entry.event, process=entry.process)


def _marks(entry: Entry) -> list[tuple[str, str]]:
    """What is written beside a line: (label, words)."""
    line = entry.line
    if line is None:
        return []
    told = " ".join(
        part
        for part in (
            line.department.name if line.department else "",
            line.told,
            timezone.localtime(line.told_at).strftime("%m-%d %H:%M") if line.told_at else "",
        )
        if part
    )
    found = [
        (_("房号"), line.room.label if line.room else ""),
        (_("来电来访人"), line.caller),
        (_("处理"), line.action),
        (_("通知"), told),
        (_("权力"), choice_words(process=DUTY, field="power", code=line.power) if line.power else ""),
        (_("上报"), choice_words(process=DUTY, field="level", code=line.level) if line.level else ""),
        (_("结果"), line.result),
        (_("更正"), str(line.corrects.seq) if line.corrects else ""),
    ]
    return [(label, words) for label, words in found if words]


def _shown(entries: list[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "number": entry.number,
            "seq": entry.event.seq,
            "at": entry.event.at,
            "by": entry.event.by.name if entry.event.by else "",
            "text": words_of(entry=entry),
            "case": entry.case,
            "marks": _marks(entry),
            "important": entry.line is not None and entry.line.important,
            "item": getattr(entry.line, "item", None) if entry.line else None,
            "is_complaint": entry.event.kind.startswith("complaints."),
        }
        for entry in entries
    ]


def _page_more(request: DeskRequest, page: Page) -> dict[str, Any]:
    """Lines, what goes over to the next shift while it is on duty, and the records that can be printed."""
    going_on = page.state in OPEN
    items = carried_over(page=page, at=request.now) if going_on else []
    links = [
        Link(
            label=f"{view.sheet.form_number} {_(view.sheet.title)}",
            url=reverse("duty:sheet", args=[page.pk, code]),
        )
        for code, view in views_of(page=page)
    ]
    before = Page.objects.filter(post=page.post, number=page.number - 1).first() if page.number else None
    return {
        "lines": _shown(lines_of(actor=request.actor, page=page)),
        "line_count": count_lines(page=page),
        "items": [(item, reverse(item.url_name, args=item.url_args)) for item in items],
        "stopping": set(stoppers(page=page, items=items, at=request.now)) if going_on else set(),
        "going_on": going_on,
        "handed_items": page.handed.carried if not going_on and hasattr(page, "handed") else [],
        "files": [],
        "sheets": links,
        "links": [Link(label=_("上一页"), url=reverse("duty:log_one", args=[before.pk]))] if before else [],
    }


def _item_more(request: DeskRequest, item: OpenItem) -> dict[str, Any]:
    """From a line of the night to the form that it asks for, begun with what was written (D-25)."""
    links = [Link(label=_("值班记录"), url=reverse("duty:log_one", args=[item.line.page_id]))]
    if item.case is not None:
        links.append(Link(label=item.case.number, url=reverse("ui:case", args=[item.case.key])))
    elif item.state == OpenItem.State.OPEN:
        for code in OPENED_AS.get(item.line.kind, ()):
            process = processes.get(code)
            if request.actor.may(process.intake_permission):
                room = item.line.room.label if item.line.room else ""
                asked = {
                    "start": code,
                    "raised": f"duty:{item.pk}",
                    **({"q": room} if room else {"stranger": "1"}),
                }
                links.append(
                    Link(
                        label=_("开%(process)s单") % {"process": _(process.title)},
                        url=f"{reverse('enquiries:reception')}?{urlencode(asked)}",
                    )
                )
    return {"links": links}


def _log_links(request: DeskRequest) -> dict[str, Any]:
    links = [Link(label=_("未完事项"), url=f"{reverse('duty:items')}?state=open")]
    if request.actor.may(CHECK):
        links.append(Link(label=_("签署值班记录"), url=reverse("duty:sign")))
    return {"exports": links}


@require_http_methods(["GET", "POST"])
@desk(CHECK)
def sign(request: DeskRequest) -> HttpResponse:
    """The pages handed over since the last signature, and the supervisor's name under them (D-21)."""
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=SIGN_LOG, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            sign_log(actor=request.actor, at=request.now, **values.cleaned_data)
            return f"{reverse('duty:sign')}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    pages = list(to_be_signed(site=request.actor.site))
    signed = (
        Filing.objects.filter(period__site=request.actor.site, period__code=LOG_DAY)
        .select_related("by", "period")
        .order_by("-at", "-pk")[:SIGNED_BEFORE]
    )
    context = {
        "columns": [
            Column(label=_("值班岗")), Column(label=_("班次")), Column(label=_("值班人")),
            Column(label=_("交班时间"), kind="moment"), Column(label=_("页"), kind="number"),
            Column(label=_("条数"), kind="number"),
        ],
        "rows": [_signing_row(page) for page in pages],
        "caption": _("待签的值班记录"),
        "empty": Empty(text=_("没有待签的值班记录。"), hint=_("各班交班以后，这里就有要签的页。")),
        "form": form or build_form(spec=SIGN_LOG, actor=request.actor)(),
        "verb": _(SIGN_LOG.verb),
        "signed": signed,
        "now": request.now,
        "result": Result(text=_("已检查并签署")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "duty/sign.html", context, status=status_of(form=form))


def _signing_row(page: Page) -> Row:
    url = reverse("duty:log_one", args=[page.pk])
    name = f"{page.day:%Y-%m-%d} {own_name(page.shift)}"
    return Row(
        name=name, url=url,
        cells=[
            own_name(page.post), Cell(text=name, url=url), _("、").join(one.name for one in page.people.all()),
            page.closed_at, page.number, count_lines(page=page),
        ],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def sheet(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """One of the paper records of a page; a POST prints it and is counted."""
    page = find_page(actor=request.actor, pk=pk)
    view = VIEWS.get(code)
    if page is None or view is None or (code, view) not in views_of(page=page):
        raise Http404
    count = count_prints(page=page, view=code)
    preview = request.method != "POST"
    if not preview:
        record_page_print(actor=request.actor, page=page, view=code, at=request.now)
    here = reverse("duty:sheet", args=[page.pk, code])
    entries = [one for one in lines_of(actor=request.actor, page=page) if view.takes(one)]
    context = {
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_(view.sheet.title),
            form_code=view.sheet.form_number,
            number=_("%(post)s 第%(number)s页") % {"post": own_name(page.post), "number": page.number},
            address=request.build_absolute_uri(reverse("duty:log_one", args=[page.pk])),
            reprint_count=0 if preview else count,
            signatures=_signatures(page),
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        **view.sheet.build(
            {
                "page": page, "shift_name": own_name(page.shift), "lines": _shown(entries), "crossing": view.crossing,
                "night": code == "night", "things": things_of(page), "handed": getattr(page, "handed", None),
            }
        ),
        "print_url": here,
        "pdf_url": f"{here}?as=pdf",
        "preview": preview,
        "printed": count,
    }  # fmt: skip
    if request.GET.get("as") != "pdf":
        return render(request, view.sheet.template, context)
    html = render_to_string(view.sheet.template, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=f"{view.sheet.form_number}-{page.pk}")


def _signatures(page: Page) -> list[SignatureLine]:
    def line(label: str, name: str, at: Any) -> SignatureLine:
        return SignatureLine(
            label=label, name=name, date=timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
        )

    handed = getattr(page, "handed", None)
    outgoing = handed.outgoing.name if handed and handed.outgoing else ""
    incoming = handed.incoming.name if handed and handed.incoming else ""
    signed_at = handed.signed_at if handed else None
    return [
        line(_("交班人"), outgoing, signed_at),
        line(_("接班人"), incoming, signed_at if incoming else None),
        line(_("客服主管"), page.checked_by.name if page.checked_by else "", page.checked_at),
    ]


@require_GET
@desk(SEE)
def conduct(request: DeskRequest) -> HttpResponse:
    """How shifts were kept in a month, person by person; without the power to check, one sees only oneself (D-23)."""
    year, number = chosen_month(request)
    first = date(year, number, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    only = None if request.actor.may(CHECK) else request.actor.staff
    rows = conduct_of(site=request.actor.site, first=first, last=last, now=request.now, staff=only)
    numbers = [
        _("班次"), _("在岗小时"), _("到岗迟"), _("整理迟"), _("无人接班"), _("被退回"), _("临时离岗"), _("抽查有问题"),
    ]  # fmt: skip
    context = {
        "columns": [Column(label=_("姓名")), *(Column(label=label, kind="number") for label in numbers)],
        "rows": [
            Row(
                name=one.staff.name,
                cells=[
                    one.staff.name, one.shifts, one.hours, one.late, one.untidy, one.missed, one.refused, one.away,
                    one.wanting,
                ],
            )
            for one in rows
        ],
        "caption": _("值班考核依据"),
        "empty": Empty(text=_("这个月还没有值班记录。")),
        "year": year, "number": number,
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "now": request.now,
    }  # fmt: skip
    return render(request, "duty/conduct.html", context)


urlpatterns = [
    path(
        "duty/",
        include(
            [
                path("sign/", sign, name="sign"),
                path("conduct/", conduct, name="conduct"),
                path("log/<int:pk>/sheet/<slug:code>/", sheet, name="sheet"),
                *RecordPages(
                    book=LOG_BOOK,
                    namespace="duty",
                    template="duty/page.html",
                    more=_page_more,
                    list_more=_log_links,
                ).urls(),
                *RecordPages(book=ITEMS, namespace="duty", more=_item_more).urls(),
                *RecordPages(book=SPOT_CHECKS, namespace="duty").urls(),
            ]
        ),
    ),
]
