"""Printed sheets as a page and as PDF, and the files kept with a case."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import SUBJECT, find_case, visible_cases
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Sheet


def sheet_context(request: DeskRequest, *, key: str, code: str) -> tuple[str, dict[str, Any]]:
    """(template, context) of one sheet of a visible case; 404 for anything else."""
    case = find_case(actor=request.actor, key=key)
    declared = None
    if case is not None:
        declared = next((sheet for sheet in processes.get(case.process).sheets if sheet.code == code), None)
    if case is None or declared is None:
        raise Http404
    process = processes.get(case.process)
    sheet = Sheet(
        site_name=case.site.name,
        form_name=_(declared.title),
        form_code=declared.form_number,
        number=case.number,
        address=request.build_absolute_uri(reverse("ui:case", args=[case.key])),
        copies=[str(_(copy)) for copy in declared.copies],
        printed_at=request.now,
        printed_by=request.actor.staff.name,
    )
    signatures = list_attachments(subject=case).filter(purpose=Attachment.Purpose.SIGNATURE)
    context = {
        "sheet": sheet,
        "process": process,
        "pdf_url": reverse("ui:sheet_pdf", args=[key, code]),
        "signature_count": signatures.count(),
        "facts": process.describe(case) if process.describe else [],
        **declared.build(case),
    }
    return declared.template, context


@require_GET
@desk()
def sheet(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The sheet as a page that prints."""
    template, context = sheet_context(request, key=key, code=code)
    return render(request, template, context)


@require_GET
@desk()
def sheet_pdf(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The same sheet as PDF; where the machine lacks the libraries, words say so and printing still works."""
    template, context = sheet_context(request, key=key, code=code)
    html = render_to_string(template, {**context, "for_pdf": True}, request=request)
    response = HttpResponse(
        write_pdf(html=html, base_url=request.build_absolute_uri("/")), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{context["sheet"].number}-{code}.pdf"'
    return response


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


@require_GET
@desk()
def file(request: DeskRequest, key: str) -> HttpResponse:
    """A kept file, only with the right to see the case it belongs to; never run, never sniffed."""
    found = Attachment.objects.filter(key=key, site=request.actor.site).first()
    if found is None or not _may_see(request, found):
        raise Http404
    response = HttpResponse(read_attachment(attachment=found), content_type=found.kind)
    disposition = "inline" if found.kind.startswith("image/") else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{found.key}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _may_see(request: DeskRequest, found: Attachment) -> bool:
    return (
        found.subject_type == SUBJECT
        and visible_cases(actor=request.actor).filter(pk=found.subject_id).exists()
    )
