"""岗位与人员: who holds which post, and what is done when people come, leave or forget their password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from yingsheng.base.formspec import FormSpec
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.models import Appointment, Post, Role, Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import (
    list_delegations,
    list_departments,
    list_people,
    locked_usernames,
)
from yingsheng.kernel.org.services import appoint, end_sessions, hire
from yingsheng.kernel.org.staffing import (
    deactivate,
    drop_second_factor,
    end_appointment,
    give_password,
    reactivate,
    unlock,
    works_elsewhere,
)
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import draw, titles
from yingsheng.ui.pages.words import event_words
from yingsheng.ui.parts import Entry, Fact
from yingsheng.ui.submit import take_form

HERE = "ui:staff"
DONE = {
    "hired": N("已新增，请接着任命岗位"),
    "appoint": N("已任命"),
    "end": N("已结束任职"),
    "password": N("已发给临时密码"),
    "deactivate": N("账户已停用"),
    "reactivate": N("账户已恢复"),
    "unlock": N("已解除锁定"),
    "factor": N("已解除第二重验证，请本人尽快重新启用"),
    "sessions": N("已结束此人的全部登录"),
    "delegated": N("已安排代理"),
    "delegation_ended": N("代理已结束"),
}


def done_words(request: DeskRequest) -> str:
    """What the last step did, from the address."""
    words = DONE.get(request.GET.get("did", ""), "")
    return str(_(words)) if words else ""


def post_label(post: Post, names: dict[str, str]) -> str:
    """A post as this site says it: its own name where it has one, else its role's, with the department."""
    own = post.name if post.name != post.role.name_zh else names.get(post.role.code, post.name)
    if post.department is None:
        return own
    return _("%(post)s（%(department)s）") % {"post": own, "department": _(post.department.name)}


@require_GET
@desk(Allow.MANAGE_ORG)
def staff(request: DeskRequest) -> HttpResponse:
    """Posts with their holders, who stands in for whom, and everybody with an account."""
    site, now = request.actor.site, request.now
    names = titles(request)
    posts = (
        Post.objects.filter(site=site, active=True)
        .select_related("role", "department")
        .prefetch_related("appointments__staff")
        .order_by("role__rank", "id")
    )
    delegations = list(list_delegations(site_id=site.pk, at=now))
    rows = []
    held: dict[int, list[str]] = {}
    for post in posts:
        holders = [one for one in post.appointments.all() if _runs(one, request)]
        label = post_label(post, names)
        for one in holders:
            held.setdefault(one.staff_id, []).append(label)
        rows.append(
            {
                "label": label,
                "role": names[post.role.code],
                "holders": holders,
                "stand_ins": [one for one in delegations if one.post_id == post.pk],
            }
        )
    locked = locked_usernames()
    people = [
        {"staff": one, "posts": _("、").join(held.get(one.pk, [])), "locked": one.username in locked}
        for one in list_people(site_id=site.pk)
    ]
    context = {
        "posts": rows,
        "delegations": [(one, post_label(one.post, names)) for one in delegations],
        "people": people,
        "back": reverse("ui:staff"),
    }
    return draw(
        request, here=HERE, template="ui/settings/staff.html", context=context, done=done_words(request)
    )


def _runs(held: Appointment, request: DeskRequest) -> bool:
    return held.active_from <= request.now and (held.active_to is None or held.active_to > request.now)


@require_http_methods(["GET", "POST"])
@desk(Allow.MANAGE_ORG)
def staff_new(request: DeskRequest) -> HttpResponse:
    """Add somebody; his post comes on the next page."""
    made = build_form(spec=forms.hire_form(), actor=request.actor)
    form = made(request.POST if request.method == "POST" else None)

    def run() -> str:
        given = form.cleaned_data
        added = hire(
            site=request.actor.site,
            username=given["username"],
            name=given["name"],
            phone=given["phone"],
            password=given["password"] or None,
            must_change=bool(given["password"]),
            by=request.actor.staff,
            at=request.now,
        )
        return f"{reverse('ui:staff_member', args=[added.pk])}?did=hired"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {"verb": _(form.spec.verb), "title": _(form.spec.title), "cancel_url": reverse("ui:staff")}
    return draw(request, here=HERE, template="ui/settings/form.html", context=context, form=form)


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something the administrator does to an account: the form it asks, and the service behind it."""

    code: str
    spec: FormSpec
    run: Callable[[DeskRequest, Staff, dict[str, Any]], object]


def _verbs(request: DeskRequest, person: Staff) -> list[Verb]:
    """What may be done to this person now."""
    site, by, at = request.actor.site, request.actor.staff, request.now
    common: dict[str, Any] = {"site": site, "by": by, "at": at}
    names = titles(request)
    held = {
        str(one.pk): one
        for one in Appointment.objects.filter(staff=person, post__site=site)
        .select_related("post__role", "post__department")
        .order_by("pk")
        if one.active_to is None or one.active_to > request.now  # one that has not begun can be withdrawn
    }
    roles = tuple((role.code, names[role.code]) for role in Role.objects.order_by("rank", "pk"))
    units = tuple((unit.code, unit.name) for unit in list_departments(site_id=site.pk))
    found = []
    if person.is_active:
        found.append(
            Verb(
                code="appoint",
                spec=forms.appoint_form(roles=roles, departments=units),
                run=lambda _request, who, given: appoint(
                    staff=who,
                    role=given["role"],
                    department=given["department"] or None,
                    name=given["post_name"],
                    **common,
                ),
            )
        )
    if held:
        posts = tuple((key, post_label(one.post, names)) for key, one in held.items())
        found.append(
            Verb(
                code="end",
                spec=forms.end_form(posts=posts),
                run=lambda _request, _who, given: end_appointment(
                    appointment=held[given["appointment"]], by=by, at=at, reason=given["reason"]
                ),
            )
        )
    return found + _account_verbs(person=person, common=common)


def _account_verbs(*, person: Staff, common: dict[str, Any]) -> list[Verb]:
    if not person.is_active:
        return [
            Verb(
                code="reactivate",
                spec=forms.REACTIVATE,
                run=lambda _request, who, _given: reactivate(staff=who, **common),
            )
        ]
    found = []
    if person.username in locked_usernames():
        found.append(
            Verb(
                code="unlock",
                spec=forms.UNLOCK,
                run=lambda _request, who, _given: unlock(staff=who, **common),
            )
        )
    if person.pk != common["by"].pk:
        if TOTPDevice.objects.filter(user=person).exists():
            found.append(
                Verb(
                    code="factor",
                    spec=forms.DROP_FACTOR,
                    run=lambda _request, who, given: drop_second_factor(
                        staff=who, reason=given["reason"], **common
                    ),
                )
            )
        found += [
            Verb(
                code="password",
                spec=forms.GIVE_PASSWORD,
                run=lambda _request, who, given: give_password(
                    staff=who, password=given["password"], **common
                ),
            ),
            Verb(
                code="sessions",
                spec=forms.END_SESSIONS,
                run=lambda _request, who, _given: end_sessions(staff=who, **common),
            ),
            Verb(
                code="deactivate",
                spec=forms.DEACTIVATE,
                run=lambda _request, who, given: deactivate(staff=who, reason=given["reason"], **common),
            ),
        ]
    return found


@require_http_methods(["GET", "POST"])
@desk(Allow.MANAGE_ORG)
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One account: posts, what may be done, and its history at this site."""
    who = list_people(site_id=request.actor.site.pk).filter(pk=pk).first()
    if who is None:
        raise Http404
    verbs = _verbs(request, who)
    tried: tuple[str, SpecForm] | None = None
    if request.method == "POST":
        verb = next((one for one in verbs if one.code == request.POST.get("verb")), None)
        if verb is None:
            raise Refused(N("现在不能这样做，请看过最新情况再继续"))
        form = build_form(spec=verb.spec, actor=request.actor)(request.POST, prefix=verb.code)

        def run() -> str:
            verb.run(request, who, form.cleaned_data)
            return f"{reverse('ui:staff_member', args=[who.pk])}?did={verb.code}"

        if done := take_form(request=request, form=form, run=run):
            return done
        tried = (verb.code, form)
    return _show_person(request, who=who, verbs=verbs, tried=tried)


def _show_person(
    request: DeskRequest, *, who: Staff, verbs: list[Verb], tried: tuple[str, SpecForm] | None
) -> HttpResponse:
    site = request.actor.site
    names = titles(request)
    held = (
        Appointment.objects.filter(staff=who, post__site=site)
        .select_related("post__role", "post__department")
        .order_by("-active_from", "-pk")
    )
    panels = [
        {
            "code": verb.code,
            "label": _(verb.spec.title),
            "verb": _(verb.spec.verb),
            "form": tried[1]
            if tried and tried[0] == verb.code
            else build_form(spec=verb.spec, actor=request.actor)(prefix=verb.code),
            "open": tried is not None and tried[0] == verb.code,
            "hidden": (("verb", verb.code),),
            "tone": "danger" if verb.code in ("deactivate", "end") else "",
        }
        for verb in verbs
    ]
    context = {
        "who": who,
        "facts": [
            Fact(label=_("登录名"), value=who.username),
            Fact(label=_("电话"), value=who.phone or "—"),
            Fact(label=_("账户"), value=_("在用") if who.is_active else _("已停用")),
            Fact(label=_("密码"), value=_password_words(who)),
            Fact(
                label=_("别的项目"),
                value=_("也在别的项目任职，账户由公司处理")
                if works_elsewhere(staff=who, site=site, at=request.now)
                else "—",
            ),
        ],
        "held": [(one, post_label(one.post, names), _runs(one, request)) for one in held],
        "stand_ins": [
            (one, post_label(one.post, names))
            for one in list_delegations(site_id=site.pk, at=request.now).filter(to_staff=who)
        ],
        "panels": panels,
        "entries": [
            Entry(actor=event.by.name if event.by else "", at=event.at, text=event_words(event=event))
            for event in list_events(subject=who).filter(site=site)[:100]
        ],
    }
    return draw(
        request,
        here=HERE,
        template="ui/settings/person.html",
        context=context,
        form=tried[1] if tried else None,
        done=done_words(request),
    )


def _password_words(who: Staff) -> str:
    if not who.has_usable_password():
        return _("没有，不能登录")
    return _("临时密码，待本人更换") if who.must_change_password else _("本人设置")
