"""What a person sees when something cannot be done: the reason, the rule, and the way on."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingsheng.base.refusal import Refused
from yingsheng.kernel.forms.build import words_of

log = logging.getLogger(__name__)


def error_page(
    request: HttpRequest, *, status: int, refusal: Refused | None = None, reference: str = ""
) -> HttpResponse:
    """The error page for a status, with the words of a refusal if there is one."""
    context = {
        "status": status,
        "reason": words_of(refusal) if refusal else "",
        "rule": refusal.rule if refusal else "",
        "reference": reference,
        "back_url": request.META.get("HTTP_REFERER", ""),
    }
    return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself makes no sense."""
    return error_page(request, status=422)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what belongs to another site."""
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a number to tell the administrator; the log has the same number."""
    reference = secrets.token_hex(4)
    log.error("error page %s for %s", reference, request.path)
    return error_page(request, status=500, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that was open too long or from elsewhere."""
    return error_page(request, status=403)
