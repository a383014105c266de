"""The API put together: the operations of the kernel and the routers of the processes that project passes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from ninja import Router

from yingsheng import __version__
from yingsheng.api.calendars import calendar_router
from yingsheng.api.cases import case_router
from yingsheng.api.delegations import delegation_router
from yingsheng.api.files import file_router
from yingsheng.api.health import health_router
from yingsheng.api.households import household_router
from yingsheng.api.intake import intake_router
from yingsheng.api.notices import notice_router
from yingsheng.api.obligations import obligation_router
from yingsheng.api.office import office_router
from yingsheng.api.openapi import DESCRIPTION, RestApi
from yingsheng.api.orders import order_router
from yingsheng.api.periods import period_router
from yingsheng.api.problems import not_found, problem_response, register_handlers
from yingsheng.api.rules import rule_router
from yingsheng.api.sessions import ApiRequest, Bearer, read_clock
from yingsheng.api.site import site_router
from yingsheng.api.slips import slip_router

Urls = tuple[list[URLPattern | URLResolver], str, str]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]


def build_api(*, routers: Iterable[tuple[str, Router]] = ()) -> RestApi:
    """The API with these routers of processes, each under its prefix; called once, after all apps are ready.

    They come first, so that a fixed address of theirs (`/rules/explain`) is not taken for a rule's id.
    """
    api = RestApi(
        title="Yingsheng",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        auth=Bearer(),
        urls_namespace="api",
    )
    register_handlers(api=api)
    for prefix, router in routers:
        api.add_router(prefix, router)
    for make in (
        case_router, intake_router, order_router, obligation_router, household_router, file_router, slip_router,
        notice_router, period_router, rule_router,
        office_router, delegation_router, site_router, calendar_router, health_router,
    ):  # fmt: skip
        api.add_router("", make())
    api.add_router("", _elsewhere())
    return api


def api_urls(*, api: RestApi) -> Urls:
    """What `path("api/v1/", …)` takes: the addresses, every one behind the gate."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = gate(pattern.callback)
    return patterns, app_name, namespace


def gate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Read the clock once, refuse what no database can keep, and answer wrong methods with a problem too."""

    @wraps(view, assigned=("__doc__", "csrf_exempt"))
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cast(ApiRequest, request).now = read_clock()
        if "\x00" in request.path or any(
            "\x00" in text for one in request.GET.lists() for text in (one[0], *one[1])
        ):
            response = problem_response(status=400, code="nul", detail=_("地址里有无法处理的字符"))
        else:
            response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = problem_response(
                status=405, code="method", detail=_("只支持：%(allowed)s") % {"allowed": allowed}
            )
            response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        return response

    return inner


def _elsewhere() -> Router:
    """Any other address below the API: a problem, not a page."""
    router = Router()

    def elsewhere(request: ApiRequest, rest: str) -> None:
        raise not_found()

    router.api_operation(METHODS, "/{path:rest}", auth=None, include_in_schema=False)(elsewhere)
    return router
