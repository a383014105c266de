"""Printed sheets as a page and as PDF: looking is free, printing is counted and told in the story of the case."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base import process as base
from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.printing import print_counts, record_print
from yingsheng.kernel.cases.queries import find_case
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Sheet

PAGE, PDF = "page", "pdf"
LAYOUTS: dict[int, Literal["halves", "thirds"]] = {2: "halves", 3: "thirds"}  # copies on one A4, to be cut


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One sheet about to be shown or printed: what is declared of it, what fills it, where it is printed from.

    `mark` is what its prints are counted by; `case` is whose story tells of them. `number`, `address` (behind the QR
    code) and `copies` (labels ready to be read) stand in place of those of the case and the declaration.
    """

    declared: base.Sheet
    case: Case
    subject: Any
    mark: str
    page_url: str
    pdf_url: str
    number: str = ""
    address: str = ""
    copies: tuple[str, ...] | None = None


def case_paper(request: DeskRequest, *, key: str, code: str) -> Paper:
    """One sheet of a visible case; 404 for anything else."""
    case = find_case(actor=request.actor, key=key)
    declared = None
    if case is not None and case.process in processes:
        declared = next((one for one in processes.get(case.process).sheets if one.code == code), None)
    if case is None or declared is None:
        raise Http404
    return Paper(
        declared=declared,
        case=case,
        subject=case,
        mark=code,
        page_url=reverse("ui:sheet", args=[key, code]),
        pdf_url=reverse("ui:sheet_pdf", args=[key, code]),
    )


def show_paper(request: DeskRequest, *, paper: Paper, medium: str = PAGE) -> HttpResponse:
    """The sheet as a page or PDF. Looked at, it carries the mark of a preview; a POST prints it and is counted.

    The mark keeps what nobody counted from passing for the form; the second print says 补打 1.
    """
    count = None
    if request.method == "POST":
        count = record_print(
            case=paper.case,
            mark=paper.mark,
            form_number=paper.declared.form_number,
            medium=medium,
            by=request.actor.staff,
            at=request.now,
        )
    context = _context(request, paper=paper, count=count)
    if medium == PAGE:
        return render(request, paper.declared.template, context)
    html = render_to_string(paper.declared.template, {**context, "for_pdf": True}, request=request)
    name = f"{paper.number or paper.case.number}-{paper.declared.code}"
    return pdf_response(request, html=html, name=name)


def pdf_response(request: DeskRequest, *, html: str, name: str) -> HttpResponse:
    """A page as PDF, shown in the browser."""
    response = HttpResponse(
        write_pdf(html=html, base_url=request.build_absolute_uri("/")), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _context(request: DeskRequest, *, paper: Paper, count: int | None) -> dict[str, Any]:
    case = paper.case
    process = processes.get(case.process)
    copies = paper.copies
    if copies is None:
        copies = tuple(str(_(copy)) for copy in paper.declared.copies)
    sheet = Sheet(
        site_name=case.site.name,
        form_name=_(paper.declared.title),
        form_code=paper.declared.form_number,
        number=paper.number or case.number,
        address=request.build_absolute_uri(paper.address or reverse("ui:case", args=[case.key])),
        copies=copies,
        layout=LAYOUTS.get(len(copies), ""),
        reprint_count=count - 1 if count else 0,
        printed_at=request.now,
        printed_by=request.actor.staff.name,
    )
    signatures = list_attachments(subject=case).filter(purpose=Attachment.Purpose.SIGNATURE)
    return {
        "sheet": sheet,
        "process": process,
        "print_url": paper.page_url,
        "pdf_url": paper.pdf_url,
        "preview": count is None,
        "printed": print_counts(case=case)[paper.mark],
        "signature_count": signatures.count(),
        "facts": process.describe(case) if process.describe else [],
        **paper.declared.build(paper.subject),
    }


@require_http_methods(["GET", "POST"])
@desk()
def sheet(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The sheet as a page that prints."""
    return show_paper(request, paper=case_paper(request, key=key, code=code))


@require_http_methods(["GET", "POST"])
@desk()
def sheet_pdf(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The same sheet as PDF; where the machine lacks the libraries, words say so and printing still works."""
    return show_paper(request, paper=case_paper(request, key=key, code=code), medium=PDF)


def write_pdf(*, html: str, base_url: str) -> bytes:
    """PDF bytes of a page; Refused with what to install when the machine cannot write PDF."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise Refused(
            N(
                "这台机器还不能生成PDF，请直接用浏览器打印；要启用PDF请安装 libpango-1.0-0 和 libharfbuzz-subset0"
            )
        ) from error
    prefix = f"{base_url.rstrip('/')}{settings.STATIC_URL}"

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            # only our own static files; a sheet never reaches outside
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = _static_path(url.removeprefix(prefix)) if url.startswith(prefix) else None
            if path is None:
                raise ValueError(f"a sheet may not load {url}")
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})

    return bytes(HTML(string=html, base_url=base_url, url_fetcher=OwnFiles()).write_pdf())


def _static_path(name: str) -> str | None:
    """Where a static file lies: collected, or in its app while nothing was collected."""
    if staticfiles_storage.exists(name):
        return str(staticfiles_storage.path(name))
    found = finders.find(name)
    return found if isinstance(found, str) else None
