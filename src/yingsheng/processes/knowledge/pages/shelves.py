"""What the library lacks, our own content for it, and its chapters as a printed handbook."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.shown import OnTheLine
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.process import APPROVE, WRITE
from yingsheng.processes.knowledge.process.forms import KINDS, PARTS, SITUATIONS
from yingsheng.processes.knowledge.process.missing import shelves
from yingsheng.processes.knowledge.process.saying import headed, spoken, values_for
from yingsheng.processes.knowledge.queries import chapter
from yingsheng.processes.knowledge.services.sharing import count_prints, record_print
from yingsheng.processes.knowledge.services.stocking import restock
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Link, Result, Sheet

TEMPLATE = "knowledge/sheets/handbook.html"


@require_GET
@desk("knowledge.see")
def coverage(request: DeskRequest) -> HttpResponse:
    """Every set of parts that a rule counts, and documents known by title only: what is there, what is missing."""
    brought = request.GET.get("brought", "")
    context = {
        "shelves": shelves(site=request.actor.site, at=request.now),
        "may_write": request.actor.may(WRITE),
        "may_stock": request.actor.may(APPROVE),
        "result": Result(text=_("带来了%(rows)s条") % {"rows": int(brought)})
        if brought.isdecimal()
        else None,
    }
    return render(request, "knowledge/missing.html", context)


@require_POST
@desk("knowledge.approve")
def stock(request: DeskRequest) -> HttpResponse:
    """Bring in our own content, as far as the site does not have it."""
    count = restock(actor=request.actor, at=request.now)
    return HttpResponseRedirect(f"{reverse('knowledge:coverage')}?brought={count}", status=303)


@require_http_methods(["GET", "POST"])
@desk("knowledge.see")
def handbook(request: DeskRequest, code: str) -> HttpResponse:
    """A chapter of the handbook as it stands now; a POST prints it and is counted."""
    titles = dict(KINDS)
    if code not in titles:
        raise Http404
    rows = chapter(site=request.actor.site, code=code)
    count = None
    if request.method == "POST":
        count = record_print(actor=request.actor, chapter=code, rows=len(rows), at=request.now)
    here = reverse("knowledge:handbook", args=[code])
    context = {
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_("服务手册：%(chapter)s") % {"chapter": _(titles[code])},
            form_code="",
            number=f"{localtime(request.now):%Y-%m-%d}",
            layout="",
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "lines": _lines(request, rows),
        "chapters": [
            Link(label=_(words), url=reverse("knowledge:handbook", args=[one])) for one, words in KINDS
        ],
        "print_url": here,
        "pdf_url": f"{here}?as=pdf",
        "preview": count is None,
        "printed": count_prints(actor=request.actor, chapter=code),
    }
    if request.GET.get("as") != "pdf":
        return render(request, TEMPLATE, context)
    html = render_to_string(TEMPLATE, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=f"handbook-{code}")


def _lines(request: DeskRequest, rows: list[Article]) -> list[tuple[str, str, str, Article]]:
    """(group, title, text, article) of each line; the group is named once, before its first line."""
    words = {**dict(PARTS), **dict(SITUATIONS)}
    values = values_for(actor=request.actor, who=OnTheLine(), at=request.now)
    lines, last = [], ""
    for row in rows:
        group = row.part or row.situation
        lines.append(
            (
                _(words[group]) if group and group != last else "",
                headed(row=row, values=values),
                spoken(row=row, values=values),
                row,
            )
        )
        last = group
    return lines
