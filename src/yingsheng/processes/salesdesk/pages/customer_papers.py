"""The printed books FM-60, FM-61, FM-65 of a period, and FM-62 for one entry; looking is free, printing is counted.

Whoever looks sees the data of other agents' customers masked; the print, which is counted, has them whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base import process as base
from yingsheng.base.months import clamp
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.process import customer_books as declared
from yingsheng.processes.salesdesk.process.customer_forms import BOOKS, FIELDS, NOTICED, RELATIONS
from yingsheng.processes.salesdesk.process.customer_words import key_words, known, masked, missing_words
from yingsheng.processes.salesdesk.queries.allow import SEE, SEE_ALL
from yingsheng.processes.salesdesk.queries.customers import find_entry, list_entries
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.services.customer_papers import record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.papers import paper
from yingsheng.ui.parts import SignatureLine

MOST_LINES = 1000
# under which name the register goes: one register, or as one of the two articles calls it (J-04, CF-54)
NAMES = {"one_register": N("客户登记本"), "book": N("客户登记本"), "form": N("客户登记表")}


def _register_name(request: DeskRequest) -> str:
    return str(figure(path="J-04.register_name", site=request.actor.site, at=request.now) or "one_register")


def _counted(request: DeskRequest, subject: Entry | Site) -> Callable[[str], int]:
    """Counts a print, if this person may print it (J-29)."""
    return lambda mark: record_print(actor=request.actor, subject=subject, sheet=mark, at=request.now)


def _book(
    request: DeskRequest, *, sheet: base.Sheet, books: tuple[str, ...], url: str, form_name: str = ""
) -> HttpResponse:
    """A month of a book; who keeps it prints it (J-29)."""
    year, number = chosen_month(request)
    first, last = clamp(year=year, month=number, day=1), clamp(year=year, month=number, day=31)
    rows = list(
        list_entries(actor=request.actor).filter(book__in=books, day__gte=first, day__lte=last)[:MOST_LINES]
    )

    def build(is_print: bool) -> dict[str, Any]:
        return {
            "lines": [_line(one, is_print=is_print) for one in rows], "first": first, "last": last,
            "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
            "several": len(books) > 1, "cut": len(rows) == MOST_LINES,
        }  # fmt: skip

    return paper(
        request, process="salesdesk", declared=sheet, subject=request.actor.site,
        record=_counted(request, request.actor.site),
        number=f"{year}-{number:02d}", context=build,
        here=f"{reverse(url)}{month_query(year=year, month=number)}", form_name=form_name, layout="wide",
        signatures=(SignatureLine(label=_("保管人")),),
    )  # fmt: skip


def _line(entry: Entry, *, is_print: bool) -> dict[str, Any]:
    is_own = bool(entry.is_own)  # type: ignore[attr-defined]  # of the query
    visit, call, referral = (getattr(entry, name, None) for name in ("visit", "call", "referral"))
    owner = visit.owner if visit is not None else entry.agent
    return {
        **known(entry=entry, is_own=is_own or is_print),
        "number": entry.number, "day": entry.day, "agent": entry.agent.name, "owner": owner.name if owner else "",
        "article": visit.decision.get("article", "") if visit is not None and visit.decision else "",
        "corrected": len(entry.corrections.all()), "book": _(BOOKS[entry.book]), "call": call, "referral": referral,
        "relation": _(RELATIONS[Relation(referral.relation)]) if referral is not None else "",
        "missing": missing_words(entry),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def customer_book(request: DeskRequest) -> HttpResponse:
    """客户登记本 FM-60 of a month; where there is one register, with those who have not come yet (J-04, CF-54)."""
    name = _register_name(request)
    books = (
        (Entry.Book.VISIT.value, Entry.Book.REFERRAL.value)
        if name == "one_register"
        else (Entry.Book.VISIT.value,)
    )
    return _book(
        request, sheet=declared.CUSTOMER_BOOK, books=books, url="salesdesk:customer_book",
        form_name=_(NAMES.get(name, NAMES["one_register"])),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def phone_book(request: DeskRequest) -> HttpResponse:
    """电话咨询登记本 FM-61 of a month (J-06)."""
    return _book(
        request,
        sheet=declared.PHONE_BOOK,
        books=(Entry.Book.PHONE_IN.value,),
        url="salesdesk:phone_book",
    )


@require_http_methods(["GET", "POST"])
@desk(SEE_ALL)
def visitor_book(request: DeskRequest) -> HttpResponse:
    """来访登记本 FM-65 of a month: those who were introduced and had not come (J-14)."""
    return _book(
        request,
        sheet=declared.VISITOR_BOOK,
        books=(Entry.Book.REFERRAL.value,),
        url="salesdesk:visitor_book",
    )


@require_http_methods(["GET", "POST"])
@desk(SEE)
def register_form(request: DeskRequest, pk: int) -> HttpResponse:
    """客户登记表 FM-62: one entry as written, what was added, what was found, what was decided (J-29)."""
    entry = find_entry(actor=request.actor, pk=pk)
    if entry is None:
        raise Http404
    name = _register_name(request)
    return paper(
        request, process="salesdesk", declared=declared.REGISTER_FORM, subject=entry, record=_counted(request, entry),
        number=entry.number,
        context=lambda is_print: _evidence(entry, is_print=is_print),
        here=reverse("salesdesk:register_form", args=[pk]),
        form_name=_(NAMES["book"]) if name == "book" else _(declared.REGISTER_FORM.title),
        signatures=(SignatureLine(label=_("业务员"), name=entry.agent.name), SignatureLine(label=_("销售经理"))),
    )  # fmt: skip


def _evidence(entry: Entry, *, is_print: bool) -> dict[str, Any]:
    """The entry as it was written, masked where it is neither one's own nor being printed."""
    plain = is_print or bool(entry.is_own)  # type: ignore[attr-defined]  # of the query

    def shown(field: str, text: str) -> str:
        return text if plain else masked(field=field, text=text)

    visit = getattr(entry, "visit", None)
    words = dict(NOTICED)
    findings = visit.findings.select_related("entry__agent", "by").order_by("pk") if visit is not None else ()
    return {
        "entry": entry, "book": _(BOOKS[entry.book]), "visit": visit,
        "written": [(_(label), shown(name, str(getattr(entry, name)))) for name, label in FIELDS.items()],
        "corrections": [
            (_(FIELDS[one.field]), shown(one.field, one.text), one.reason, one.by.name, one.at)
            for one in entry.corrections.all()
        ],
        "findings": [
            (
                one.entry.number, one.entry.agent.name, one.entry.day, _(RELATIONS[Relation(one.relation)]),
                key_words(one.keys), _(words[one.noticed]), one.day,
            )
            for one in findings
        ],
        "owner": visit.owner.name if visit is not None and visit.owner else "",
        "article": visit.decision.get("article", "") if visit is not None and visit.decision else "",
        "missing": missing_words(entry),
    }  # fmt: skip
