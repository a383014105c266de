"""The sheet of a record as page or PDF: looking is free, printing is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yingsheng.base import process as base
from yingsheng.kernel.org.prints import count_prints, record_print
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Sheet, SignatureLine


def paper(
    request: DeskRequest,
    *,
    process: str,
    declared: base.Sheet,
    subject: Model,
    number: str,
    context: dict[str, Any] | Callable[[bool], dict[str, Any]],
    here: str,
    form_name: str = "",
    layout: Literal["", "dense", "wide"] = "",
    signatures: Sequence[SignatureLine] = (),
    rule: str = "",
    record: Callable[[str], int] | None = None,
) -> HttpResponse:
    """A declared sheet with its context; a POST prints it and is counted with its subject, `?as=pdf` gives the PDF.

    `number` tells the sheets of one subject apart (a period, a record), `here` is the address of the page. A callable
    context is asked whether it is for a print, which may show more than a look. `record` is the process's own service
    that counts a print, where not everybody may; it gets the mark of the sheet.
    """
    mark = f"{declared.code}:{number}"
    count = None
    if request.method == "POST" and record is not None:
        count = record(mark)
    elif request.method == "POST":
        count = record_print(
            actor=request.actor, process=process, subject=subject, sheet=mark, at=request.now, rule=rule
        )
    told = {
        **declared.build(context(count is not None) if callable(context) else context),
        "sheet": Sheet(
            site_name=request.actor.site.name, form_name=form_name or _(declared.title),
            form_code=declared.form_number, number=number, layout=layout, copies=[_(one) for one in declared.copies],
            reprint_count=count - 1 if count else 0, printed_at=request.now, printed_by=request.actor.staff.name,
            signatures=signatures,
        ),
        "now": request.now,
        "print_url": here,
        "pdf_url": f"{here}{'&' if '?' in here else '?'}as=pdf",
        "preview": count is None,
        "paper_words": _("纸张 A4 横向，页边距用默认值，不缩放。") if layout == "wide" else "",
        "printed": count_prints(process=process, site=request.actor.site, subject=subject, sheet=mark),
    }  # fmt: skip
    if request.GET.get("as") != "pdf":
        return render(request, declared.template, told)
    html = render_to_string(declared.template, {**told, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=declared.code)
