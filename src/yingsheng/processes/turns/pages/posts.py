"""Duty posts and shifts of a site: adopted from the regulation, changed here (D-02, D-03, CF-14)."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.queries import role_titles
from yingsheng.kernel.policies.queries import adopted_preset, figure
from yingsheng.kernel.rosters import setup
from yingsheng.kernel.rosters.models import DutyPost, Shift
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.process.forms import WEEKDAYS, post_form, shift_form
from yingsheng.processes.turns.queries import PLAN
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.parts import Empty, Result
from yingsheng.ui.submit import status_of, take_form

DID = {"post": N("值班岗位已保存。"), "shift": N("班次已保存。"), "adopted": N("已按规程设置。")}


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def post_list(request: DeskRequest) -> HttpResponse:
    """Every post with its shifts; a POST adds one, or adopts those of the regulation where there are none."""
    tried: SpecForm | None = None
    if request.method == "POST" and request.POST.get("adopt"):
        setup.create_default_posts(site=request.actor.site, at=request.now, by=request.actor.staff)
        return _list(request, tried=None, did="adopted")
    if request.method == "POST":
        tried = build_form(spec=post_form(new=True), actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            setup.add_post(
                site=request.actor.site, by=request.actor.staff, at=request.now, **form.cleaned_data
            )
            return f"{reverse('turns:posts')}?did=post"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    return _list(request, tried=tried, did=request.GET.get("did", ""))


def _list(request: DeskRequest, *, tried: SpecForm | None, did: str) -> HttpResponse:
    site = request.actor.site
    titles = role_titles(site_id=site.pk, english=language_code() == "en")
    rows = DutyPost.objects.filter(site=site).prefetch_related("shifts").order_by("-active", "order", "pk")
    is_round = bool(figure(path="D-03.round_the_clock", site=site, at=request.now))
    context = {
        "posts": [_post(one, titles) for one in rows],
        "form": tried or build_form(spec=post_form(new=True), actor=request.actor)(initial={"is_key": True}),
        "verb": _(post_form(new=True).verb),
        "open": tried is not None,
        "preset": adopted_preset(site=site, module="D", at=request.now),
        "hours_rule": "D-03" if is_round else "D-02",
        "hours_words": _("全天24小时值班") if is_round else _("规定时段值班"),
        "result": Result(text=_(DID[did])) if did in DID else None,
        "empty": Empty(
            text=_("还没有值班岗位。"),
            hint=_("可以先按所采用的规程一次设好前台和夜间维修，再修改。"),
            sign="clock",
        ),
    }
    return render(request, "turns/posts.html", context, status=status_of(form=tried))


def _post(post: DutyPost, titles: dict[str, str]) -> dict[str, Any]:
    days = dict(WEEKDAYS)
    return {
        "post": post,
        "name": own_name(post),
        "roles": _("、").join(titles.get(code, code) for code in post.roles) or _("谁都可以"),
        "shifts": [
            {
                "shift": one,
                "name": own_name(one),
                "days": _("每天")
                if len(one.weekdays) == 7
                else _("、").join(_(days[str(day)]) for day in one.weekdays),
            }
            for one in post.shifts.all()
        ],
    }


def _find_post(request: DeskRequest, pk: int) -> DutyPost:
    found = DutyPost.objects.filter(site=request.actor.site, pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def post_one(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a post."""
    post = _find_post(request, pk)
    names = ("name", "name_en", "roles", "is_key", "active")
    initial = {name: getattr(post, name) for name in names}
    form = build_form(spec=post_form(new=False), actor=request.actor)(request.POST or None, initial=initial)

    def run() -> str:
        setup.change_post(post=post, by=request.actor.staff, at=request.now, **form.cleaned_data)
        return f"{reverse('turns:posts')}?did=post"

    return _form_page(request, form, run, title=own_name(post))


def _times(form: SpecForm) -> dict[str, Any]:
    """What the form says of a shift, with its hours and weekdays as values."""
    values = dict(form.cleaned_data)
    for name in ("starts", "ends"):
        hour, minute = values[name].replace("：", ":").strip().split(":")
        values[name] = time(int(hour), int(minute))
    values["weekdays"] = [int(day) for day in values["weekdays"]]
    return values


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def shift_new(request: DeskRequest, pk: int) -> HttpResponse:
    """A new shift of a post."""
    post = _find_post(request, pk)
    initial = {"needs": 1, "weekdays": [code for code, _label in WEEKDAYS]}
    form = build_form(spec=shift_form(new=True), actor=request.actor)(request.POST or None, initial=initial)

    def run() -> str:
        setup.add_shift(post=post, by=request.actor.staff, at=request.now, **_times(form))
        return f"{reverse('turns:posts')}?did=shift"

    return _form_page(request, form, run, title=own_name(post))


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def shift_one(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a shift."""
    shift = Shift.objects.filter(post__site=request.actor.site, pk=pk).select_related("post").first()
    if shift is None:
        raise Http404
    initial = {
        "name": shift.name, "name_en": shift.name_en, "starts": f"{shift.starts:%H:%M}", "ends": f"{shift.ends:%H:%M}",
        "needs": shift.needs, "weekdays": [str(day) for day in shift.weekdays], "active": shift.active,
    }  # fmt: skip
    form = build_form(spec=shift_form(new=False), actor=request.actor)(request.POST or None, initial=initial)

    def run() -> str:
        setup.change_shift(shift=shift, by=request.actor.staff, at=request.now, **_times(form))
        return f"{reverse('turns:posts')}?did=shift"

    return _form_page(request, form, run, title=f"{own_name(shift.post)} {own_name(shift)}")


def _form_page(request: DeskRequest, form: SpecForm, run: Any, *, title: str) -> HttpResponse:
    tried = None
    if request.method == "POST":
        if not request.POST:
            form = type(form)({})  # an empty one is bound as well
        tried = form
        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    context = {
        "form": form,
        "title": title,
        "form_title": _(form.spec.title),
        "verb": _(form.spec.verb),
        "cancel_url": reverse("turns:posts"),
    }
    return render(request, "turns/form.html", context, status=status_of(form=tried))
