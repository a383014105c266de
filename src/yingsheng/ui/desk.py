"""What every request of a member of staff carries: the moment, the site, the person and his powers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.org.access import Actor, Forbidden, list_actors
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ui.errors import bad_request, error_page

SEEN, BEGAN, SITE = "seen", "began", "site"
TOUCH_SECONDS = 60
LIVE = "X-Live"  # sent by the parts of a page that refresh themselves

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request after DeskMiddleware: `now` is read once, `actor` is set for logged-in staff with a site."""

    now: datetime
    actor: Actor
    sites: list[Site]


class DeskMiddleware:
    """Reads the clock once, ends stale sessions, finds site and powers, speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Seat the person, answer, and keep desk pages out of caches."""
        desk = cast(DeskRequest, request)
        if _has_nul(request):
            return bad_request(request)  # no text of a person holds it, and PostgreSQL refuses it
        desk.now = timezone.now()
        desk.actor = cast(Actor, None)
        desk.sites = []
        if request.user.is_authenticated:
            if self._stale(desk):
                logout(request)
            else:
                self._seat(desk)
        response = self.get_response(request)
        if getattr(desk, "actor", None) is not None:
            response.setdefault("Cache-Control", "no-store")
        return response

    def _stale(self, request: DeskRequest) -> bool:
        now = int(request.now.timestamp())
        seen = request.session.get(SEEN, now)
        began = request.session.setdefault(BEGAN, now)
        if now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - began > settings.SESSION_HOURS * 3600:
            return True
        if LIVE in request.headers:
            return False  # a page that refreshes itself is nobody at the desk
        if now - seen >= TOUCH_SECONDS or SEEN not in request.session:
            request.session[SEEN] = now  # at most one write a minute
        return False

    def _seat(self, request: DeskRequest) -> None:
        staff = cast(Staff, request.user)
        actors = list_actors(staff=staff, at=request.now)
        if not actors:
            return
        request.sites = [actor.site for actor in actors]
        wanted = request.session.get(SITE)
        request.actor = next((actor for actor in actors if actor.site.pk == wanted), actors[0])
        translation.activate(staff.language)
        request.LANGUAGE_CODE = staff.language


def _has_nul(request: HttpRequest) -> bool:
    """Whether anything asked or sent holds a NUL; the API looks at its own bodies."""
    if request.path.startswith("/api/"):
        return False
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    return any("\0" in value for fields in sent for _name, values in fields.lists() for value in values)


def desk(
    permission: str = "", *, own_door: bool = False
) -> Callable[
    [Callable[Concatenate[DeskRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A page for staff: log-in first, then the permission, and every refusal in plain words.

    Whoever was given his password by somebody else sees nothing but pages with `own_door` until he has chosen one.
    """

    def wrap(
        view: Callable[Concatenate[DeskRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            desk_request = cast(DeskRequest, request)
            if not request.user.is_authenticated:
                there = redirect_to_login(request.get_full_path())
                if (
                    LIVE in request.headers
                ):  # a fragment cannot hold the log-in page: the whole page goes there
                    return HttpResponse(status=204, headers={"HX-Redirect": there.url})
                return there
            if getattr(desk_request, "actor", None) is None or (
                permission and not desk_request.actor.may(permission)
            ):
                return error_page(request, status=403)
            if desk_request.actor.staff.must_change_password and not own_door:
                return redirect("ui:account")
            try:
                return view(desk_request, *args, **kwargs)
            except Forbidden:
                return error_page(request, status=403)
            except Conflict as refusal:
                return error_page(request, status=409, refusal=refusal)
            except Refused as refusal:
                return error_page(request, status=422, refusal=refusal)

        inner.permission = permission  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], inner)

    return wrap


def moment(value: Any) -> str:
    """An aware moment as local minutes, for the values of form fields."""
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if value else ""
