"""我的账户: password, second factor, how pages look, sessions, and passing on one's own post during leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from yingsheng.base.refusal import Refused
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_delegations, list_own_posts
from yingsheng.kernel.org.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
)
from yingsheng.kernel.org.services import change_password
from yingsheng.kernel.org.staffing import end_other_sessions
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings.area import titles
from yingsheng.ui.pages.settings.people import done_words, post_label
from yingsheng.ui.parts import Result

MISSING = {"required": gettext_lazy("请填写这一项")}


class PasswordForm(forms.Form):
    """A new password, twice, and the present one."""

    current = forms.CharField(
        label=gettext_lazy("现在的密码"),
        max_length=128,
        error_messages=MISSING,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        help_text=gettext_lazy("至少10个字符，不用常见密码"),
        max_length=128,
        error_messages=MISSING,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次"),
        max_length=128,
        error_messages=MISSING,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class FactorForm(forms.Form):
    """The six digits that show the authenticator works."""

    token = forms.CharField(
        label=gettext_lazy("动态码"),
        max_length=8,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RemoveFactorForm(forms.Form):
    """The password, before the second factor is taken away."""

    current = forms.CharField(
        label=gettext_lazy("现在的密码"),
        max_length=128,
        error_messages=MISSING,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class LooksForm(forms.Form):
    """How somebody wants to see pages."""

    language = forms.ChoiceField(
        label=gettext_lazy("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=gettext_lazy("行距"),
        choices=((Staff.Density.COSY, gettext_lazy("宽松")), (Staff.Density.COMPACT, gettext_lazy("紧凑"))),
        widget=forms.RadioSelect,
    )
    single_keys = forms.ChoiceField(
        label=gettext_lazy("单键快捷键"),
        choices=(("on", gettext_lazy("开")), ("off", gettext_lazy("关"))),
        help_text=gettext_lazy("用语音输入的人请关掉，免得一个字母就触发操作；Ctrl 组合键不受影响"),
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
@desk(own_door=True)
def account(request: DeskRequest) -> HttpResponse:
    """Everything that is one's own; `act` in the sent form says which part it is about."""
    tried: dict[str, forms.Form] = {}
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is not None:
            code, form, did = act(request)
            if did:
                return HttpResponseRedirect(f"{reverse('ui:account')}?did={did}", status=303)
            tried[code] = form
    return _show(request, tried)


def _show(request: DeskRequest, tried: dict[str, forms.Form]) -> HttpResponse:
    staff, site = request.actor.staff, request.actor.site
    device = _device(staff)
    names = titles(request)
    own = list(list_own_posts(staff=staff, site_id=site.pk, at=request.now))
    mine = {post.pk for post in own}
    running = list(list_delegations(site_id=site.pk, at=request.now))
    context = {
        "password_form": tried.get("password") or PasswordForm(),
        "factor_form": tried.get("confirm") or FactorForm(),
        "remove_form": tried.get("remove") or RemoveFactorForm(prefix="remove"),
        "looks_form": LooksForm(
            initial={
                "language": staff.language,
                "density": staff.density,
                "single_keys": "on" if staff.single_keys else "off",
            }
        ),
        "device": device,
        "secret": _spaced(device.config_url) if device is not None and not device.confirmed else "",
        "must_change": staff.must_change_password,
        "own_posts": [(post, post_label(post, names)) for post in own],
        "delegations": [(one, post_label(one.post, names)) for one in running if one.post_id in mine],
        "stands_in": [(one, post_label(one.post, names)) for one in running if one.to_staff_id == staff.pk],
        "now": request.now,
        "result": _result(request),
    }
    failed = any(form.errors for form in tried.values())
    return render(request, "ui/account.html", context, status=422 if failed else 200)


def _device(staff: Staff) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=staff).order_by("-confirmed", "pk").first()
    return found


def _spaced(address: str) -> str:
    """The secret of an authenticator in groups of four, for those who cannot scan."""
    secret = address.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _result(request: DeskRequest) -> Result | None:
    words = {
        "password": _("密码已修改，别处的登录都已结束"),
        "others": _("别处的登录都已结束，只留这里"),
        "looks": _("界面偏好已保存"),
        "begun": _("请用手机验证器扫码，再填动态码"),
        "confirmed": _("第二重验证已启用，下次登录时会要动态码"),
        "removed": _("第二重验证已停用"),
    }.get(request.GET.get("did", "")) or done_words(request)
    return Result(text=words) if words else None


Acted = tuple[
    str, forms.Form, str
]  # part of the page, its form, what was done ("" if it has to be shown again)


def _password(request: DeskRequest) -> Acted:
    staff = request.actor.staff
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return "password", form, ""
    given = form.cleaned_data
    if not staff.check_password(given["current"]):
        form.add_error("current", _("现在的密码不对"))
    elif given["password"] != given["again"]:
        form.add_error("again", _("两次输入的新密码不一样"))
    elif given["password"] == given["current"]:
        form.add_error("password", _("新密码要和现在的不同"))
    else:
        try:
            change_password(
                staff=staff,
                site=request.actor.site,
                password=given["password"],
                by=staff,
                at=request.now,
            )
        except Refused as refusal:
            form.add_error("password", words_of(refusal))
        else:
            update_session_auth_hash(request, staff)  # this window stays, all others end
            return "password", form, "password"
    return "password", form, ""


def _others(request: DeskRequest) -> Acted:
    staff = end_other_sessions(staff=request.actor.staff, site=request.actor.site, at=request.now)
    update_session_auth_hash(request, staff)
    return "others", forms.Form(), "others"


def _begin(request: DeskRequest) -> Acted:
    if _device(request.actor.staff) is None:
        begin_second_factor(**_common(request))
    return "begin", forms.Form(), "begun"


def _confirm(request: DeskRequest) -> Acted:
    form = FactorForm(request.POST)
    device = _device(request.actor.staff)
    if form.is_valid() and device is not None:
        try:
            confirm_second_factor(**_common(request), device=device, token=form.cleaned_data["token"])
        except Refused as refusal:
            form.add_error("token", words_of(refusal))
        else:
            return "confirm", form, "confirmed"
    return "confirm", form, ""


def _remove(request: DeskRequest) -> Acted:
    form = RemoveFactorForm(request.POST, prefix="remove")
    device = _device(request.actor.staff)
    if form.is_valid() and device is not None:
        try:
            remove_second_factor(**_common(request), device=device, password=form.cleaned_data["current"])
        except Refused as refusal:
            form.add_error("current", words_of(refusal))
        else:
            return "remove", form, "removed"
    return "remove", form, ""


def _common(request: DeskRequest) -> dict[str, Any]:
    return {"staff": request.actor.staff, "site": request.actor.site, "at": request.now}


_ACTS = {
    "password": _password,
    "others": _others,
    "begin": _begin,
    "confirm": _confirm,
    "remove": _remove,
}
