"""The books on the screen: registers of receptions, calls and referrals, with what was found of each customer."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Call, Entry, Referral, Visit
from yingsheng.processes.salesdesk.pages import (
    customer_files,
    customer_mine,
    customer_papers,
    customer_search,
)
from yingsheng.processes.salesdesk.pages.customer_search import (
    conflict_line,
    entry_line,
)
from yingsheng.processes.salesdesk.process.customer_books import CALLS, REFERRALS, VISITS
from yingsheng.processes.salesdesk.process.customer_forms import FIELDS, NOTICED, RELATIONS
from yingsheng.processes.salesdesk.process.customer_words import key_words, masked, missing_words
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.customers import entries_sharing, is_told
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

SPACE = "salesdesk"


def decided(visit: Visit) -> dict[str, Any] | None:
    """Whose customer it is and by which article, in the reader's language; None before anything was decided."""
    if not visit.rule:
        return None
    rule = load_book().rules[visit.rule]
    language = "en" if (translation.get_language() or "").startswith("en") else "zh"
    return {
        "owner": visit.owner.name if visit.owner else "", "rule": visit.rule, "needs_ruling": visit.needs_ruling,
        "article": visit.decision.get("article", ""), "rule_text": rule.text[language],
        "provisional": visit.state == Visit.State.RECEIVING, "url": reverse("salesdesk:attribution", args=[visit.pk]),
    }  # fmt: skip


def corrections(entry: Entry | None, *, is_own: bool) -> list[dict[str, Any]]:
    """The lines added to an entry, each with what stood there before."""
    if entry is None:
        return []
    now = {name: str(getattr(entry, name)) for name in FIELDS}
    told = []
    for one in entry.corrections.select_related("by").order_by("pk"):
        before, after = now[one.field], one.text
        now[one.field] = after
        if not is_own:
            before, after = masked(field=one.field, text=before), masked(field=one.field, text=after)
        told.append(
            {
                "label": _(FIELDS[one.field]), "before": before, "after": after, "reason": one.reason,
                "by": one.by.name, "at": one.at,
            }
        )  # fmt: skip
    return told


def _incomplete(request: DeskRequest, entry: Entry | None) -> dict[str, Any]:
    """Which fields an entry still lacks, and of how many (J-04)."""
    asked = figure(path="J-04.fields", site=request.actor.site, at=request.now)
    return {"missing": missing_words(entry), "asked_fields": asked}


def _findings(request: DeskRequest, visit: Visit) -> list[dict[str, Any]]:
    words = dict(NOTICED)
    rows = visit.findings.select_related("entry__agent", "entry__visit__owner", "by").order_by("pk")
    return [
        {
            **entry_line(request, one.entry), "relation": _(RELATIONS[Relation(one.relation)]),
            "keys": key_words(one.keys), "noticed": _(words[one.noticed]), "found_on": one.day,
            "by": one.by.name if one.by else "", "note": one.note,
        }
        for one in rows
    ]  # fmt: skip


def _sightings(request: DeskRequest, visit: Visit) -> list[dict[str, Any]]:
    rows = visit.sightings.select_related("entry__agent", "entry__visit__owner", "by").order_by("pk")
    return [
        {
            **entry_line(request, one.entry),
            "keys": key_words(one.keys),
            "by": one.by.name,
            "at": one.at,
        }
        for one in rows
    ]


def _links(request: DeskRequest, row: Visit | Call | Referral) -> list[Link]:
    entry = row.entry
    if entry is None:
        return []
    links = [Link(label=_("客户登记表"), url=reverse("salesdesk:register_form", args=[entry.pk]))]
    is_own = row.is_own  # type: ignore[union-attr]  # of the query
    if not is_own and request.actor.may(SEE_ALL):
        links.append(Link(label=_("查看完整资料"), url=reverse("salesdesk:open_entry", args=[entry.pk])))
    return links


def _visit(request: DeskRequest, row: Visit) -> dict[str, Any]:
    links = _links(request, row)
    is_own = bool(row.is_own)  # type: ignore[attr-defined]  # of the query
    if row.entry is not None and request.actor.may(TAKE):
        url = reverse("salesdesk:sales_referrals_new", args=[row.entry.number])
        links.append(Link(label=_("登记他介绍的人"), url=f"{url}#new"))
    receives = row.receiver_id == request.actor.staff.pk or request.actor.may(SEE_ALL)
    lasts = row.state == Visit.State.RECEIVING and receives and request.actor.may(TAKE)
    return {
        "links": links, "decided": decided(row), **_incomplete(request, row.entry),
        "findings": _findings(request, row), "sightings": _sightings(request, row),
        "consents": list(row.consents.select_related("agent").order_by("pk")),
        "corrections": corrections(row.entry, is_own=is_own),
        "look_url": reverse("salesdesk:while_received", args=[row.pk]) if lasts else "",
        "look_form": "register-form",
    }  # fmt: skip


def _other_entries(request: DeskRequest, entry: Entry) -> list[dict[str, Any]]:
    """Who else has the customer of a call or a referral, as far as the reader is told (J-06, J-15)."""
    found = entries_sharing(
        site=request.actor.site, proofs=entry.proofs.values_list("key", flat=True), besides=[entry.pk]
    )
    words = _(RELATIONS[Relation.SELF])
    return [
        {**conflict_line(request, one), "relation": words}
        for one in found
        if is_told(actor=request.actor, conflict=one, at=request.now)
    ]


def _kept(request: DeskRequest, row: Call | Referral) -> dict[str, Any]:
    is_own = bool(row.is_own)  # type: ignore[union-attr]  # of the query
    return {
        "links": _links(request, row), "findings": _other_entries(request, row.entry),
        "corrections": corrections(row.entry, is_own=is_own),
        **(_incomplete(request, row.entry) if isinstance(row, Referral) else {}),
    }  # fmt: skip


def _visit_list(request: DeskRequest) -> dict[str, Any]:
    links = [Link(label=_("我的客户"), url=reverse("salesdesk:mine"))]
    if request.actor.may(SEE_ALL):
        links += [
            Link(label=_("打印登记本"), url=reverse("salesdesk:customer_book")),
            Link(label=_("导入客户登记"), url=reverse("salesdesk:book_import")),
            Link(label=_("导出客户登记"), url=reverse("salesdesk:book_export")),
        ]
    return {"exports": links}


def _list_of(sheet: str) -> Any:
    """What stands beside a register whose form looks up the books while it is typed."""

    def more(request: DeskRequest) -> dict[str, Any]:
        links = [Link(label=_("打印登记本"), url=reverse(sheet))] if request.actor.may(SEE_ALL) else []
        return {"exports": links, "look_url": reverse("salesdesk:conflicts"), "look_form": "form"}

    return more


LIST = "salesdesk/customers/list.html"
RECORD = "salesdesk/customers/record.html"
URLS: list[URLPattern] = [
    path("sales/mine/", customer_mine.mine, name="mine"),
    path("sales/conflicts/", customer_search.anywhere, name="conflicts"),
    path("sales-visits/<int:pk>/conflicts/", customer_search.while_received, name="while_received"),
    path("sales-visits/book/", customer_papers.customer_book, name="customer_book"),
    path("sales-visits/export/", customer_files.export, name="book_export"),
    path("sales-visits/import/", customer_files.bring_in_book, name="book_import"),
    path("sales-visits/import/confirm/", customer_files.confirm, name="book_import_confirm"),
    path("sales-visits/import/template/", customer_files.empty_table, name="book_import_template"),
    path("sales-calls/book/", customer_papers.phone_book, name="phone_book"),
    path("sales-referrals/book/", customer_papers.visitor_book, name="visitor_book"),
    path("sales-entries/<int:pk>/sheet/", customer_papers.register_form, name="register_form"),
    path("sales-entries/<int:pk>/open/", customer_files.open_masked, name="open_entry"),
    *RecordPages(
        book=VISITS, namespace=SPACE, template="salesdesk/customers/visit.html", more=_visit, list_more=_visit_list
    ).urls(),
    *RecordPages(
        book=CALLS, namespace=SPACE, template=RECORD, more=_kept, list_more=_list_of("salesdesk:phone_book"),
        list_template=LIST,
    ).urls(),
    *RecordPages(
        book=REFERRALS, namespace=SPACE, template=RECORD, more=_kept, list_more=_list_of("salesdesk:visitor_book"),
        list_template=LIST,
    ).urls(),
]  # fmt: skip
