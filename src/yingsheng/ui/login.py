"""Logging in and out, with the second factor, and how somebody likes his pages."""

from __future__ import annotations

from typing import cast

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp import devices_for_user
from django_otp import login as otp_login

from yingsheng.kernel.org.access import list_actors
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.services import set_preferences
from yingsheng.ui.desk import BEGAN, SEEN, SITE, DeskRequest, desk
from yingsheng.ui.landing import landing_url

PENDING = "pending_staff"


class LoginForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TokenForm(forms.Form):
    """The six digits of an authenticator."""

    token = forms.CharField(
        label=gettext_lazy("动态码"),
        max_length=8,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)


def _enter(request: HttpRequest, staff: Staff) -> None:
    login(request, staff, backend="yingsheng.kernel.org.login.StaffBackend")
    now = int(cast(DeskRequest, request).now.timestamp())
    request.session[SEEN] = request.session[BEGAN] = now


def _landing(request: HttpRequest, staff: Staff) -> str:
    actors = list_actors(staff=staff, at=cast(DeskRequest, request).now)
    return landing_url(actors=actors, wanted=_next(request))


@never_cache
def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page; after the password comes the second factor if the person has one."""
    form = LoginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        staff = authenticate(
            request, username=form.cleaned_data["username"], password=form.cleaned_data["password"]
        )
        if staff is not None:
            found = staff
            if any(devices_for_user(found)):
                request.session.cycle_key()
                request.session[PENDING] = found.pk
                return redirect(f"{reverse('ui:token')}?next={_next(request)}")
            _enter(request, found)
            return HttpResponseRedirect(_landing(request, found), status=303)
        if getattr(request, "axes_locked_out", False):
            return locked_out(request, None)
        form.add_error(None, _("登录名或密码不对"))
    status = 422 if form.errors else 200
    return render(request, "ui/login.html", {"form": form, "next": _next(request)}, status=status)


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: object = None
) -> HttpResponse:
    """Too many failures: the same words whether the password was right or not."""
    form = LoginForm(request.POST if request.method == "POST" else None)
    form.is_valid()
    form.add_error(None, _("失败次数过多，请15分钟后再试，或请系统管理员解锁"))
    return render(request, "ui/login.html", {"form": form, "next": _next(request)}, status=429)


@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """The second factor."""
    staff = Staff.objects.filter(pk=int(request.session.get(PENDING, 0)), is_active=True).first()
    if staff is None:
        return redirect("ui:login")
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if AxesProxyHandler.is_locked(request, {"username": staff.username}):
            return locked_out(request, None)
        for device in devices_for_user(staff):
            if device.verify_token(form.cleaned_data["token"].strip()):
                request.session.pop(PENDING, None)
                _enter(request, staff)
                otp_login(request, device)
                return HttpResponseRedirect(_landing(request, staff), status=303)
        form.add_error("token", _("动态码不对或已过期"))
    status = 422 if form.errors else 200
    return render(request, "ui/token.html", {"form": form, "next": _next(request)}, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("ui:login")


@require_POST
@desk(own_door=True)
def preferences(request: DeskRequest) -> HttpResponse:
    """Change language, density or site, and return to the page."""
    staff = request.actor.staff
    site = request.POST.get("site", "")
    if any(site == str(one.pk) for one in request.sites):
        request.session[SITE] = int(site)
    language = request.POST.get("language", staff.language)
    density = request.POST.get("density", staff.density)
    if request.POST.get("elder") in ("on", "off"):
        request.session["elder"] = request.POST["elder"] == "on"
    if language in dict(settings.LANGUAGES) and density in Staff.Density.values:
        keys = request.POST.get("single_keys", "on" if staff.single_keys else "off") == "on"
        if (language, density, keys) != (staff.language, staff.density, staff.single_keys):
            set_preferences(
                staff=staff,
                site=request.actor.site,
                language=language,
                density=density,
                single_keys=keys,
                at=request.now,
            )
    return HttpResponseRedirect(_next(request), status=303)
