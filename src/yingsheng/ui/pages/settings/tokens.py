"""接口令牌: which programs may call, in whose name, to do what, until when."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.formspec import Choices
from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import ApiClient
from yingsheng.kernel.org.permissions import PERMISSIONS, Allow
from yingsheng.kernel.org.queries import list_tokens
from yingsheng.kernel.org.services import issue_token, revoke_token
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import draw, permission_labels
from yingsheng.ui.submit import take_form

HERE = "ui:tokens"


def scope_families(*, actor: Actor) -> list[tuple[str, str, Choices]]:
    """The permissions this actor may pass to a token, as (family, its title, (code, label) pairs), the kernel's
    first.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    titles = {**forms.FAMILIES, **{process.code: process.title for process in processes}}
    for one in [*PERMISSIONS, *(item for process in processes for item in process.permissions)]:
        if not actor.may(one.code):
            continue
        family = str(one.code).partition(".")[0]
        found.setdefault(family, []).append((str(one.code), one.label))
    return [(family, titles.get(family, family), tuple(codes)) for family, codes in found.items()]


@require_GET
@desk(Allow.MANAGE_ORG)
def tokens(request: DeskRequest) -> HttpResponse:
    """Every token of the site: in use, run out or revoked."""
    labels = permission_labels()
    rows = [
        {
            "client": one,
            "state": _state(one, request.now),
            "scopes": [labels.get(code, code) for code in one.scopes],
        }
        for one in list_tokens(site_id=request.actor.site.pk)
    ]
    did = {"revoked": _("令牌已停用"), "issued": _("令牌已发放；它只显示一次")}.get(
        request.GET.get("did", ""), ""
    )
    return draw(request, here=HERE, template="ui/settings/tokens.html", context={"tokens": rows}, done=did)


def _state(client: ApiClient, now: datetime) -> tuple[str, str]:
    if not client.active:
        return _("已停用"), "waiting"
    if client.expires_at is not None and client.expires_at <= now:
        return _("已过期"), "late"
    return _("在用"), "met"


@require_http_methods(["GET", "POST"])
@desk(Allow.MANAGE_ORG)
def token_new(request: DeskRequest) -> HttpResponse:
    """Issue a token; it stands on the page that answers and nowhere else."""
    families = scope_families(actor=request.actor)
    made = build_form(spec=forms.token_form(families=families), actor=request.actor)
    form = made(request.POST if request.method == "POST" else None)
    shown: list[str] = []

    def run() -> str:
        shown.append(_issue(request, form, families))
        return f"{reverse('ui:tokens')}?did=issued"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        if not shown:
            return done  # sent twice: the first answer had it, and it is kept nowhere
        context = {"token": shown[0], "name": form.cleaned_data["name"]}
        return draw(request, here=HERE, template="ui/settings/token_shown.html", context=context)
    context = {"verb": _(form.spec.verb), "title": _(form.spec.title), "cancel_url": reverse("ui:tokens")}
    return draw(request, here=HERE, template="ui/settings/form.html", context=context, form=form)


def _issue(request: DeskRequest, form: SpecForm, families: list[tuple[str, str, Choices]]) -> str:
    given: dict[str, Any] = form.cleaned_data
    scopes = [code for family, _title, _codes in families for code in given[f"scope_{family}"]]
    if not scopes:
        raise Refused(N("至少要允许一项操作"), field=f"scope_{families[0][0]}")
    end = timezone.make_aware(datetime.combine(given["expires_on"], time.max))
    _client, token = issue_token(
        site=request.actor.site,
        name=given["name"],
        acts_as=given["acts_as"],
        scopes=scopes,
        by=request.actor,
        at=request.now,
        expires_at=end,
    )
    return token


@require_POST
@desk(Allow.MANAGE_ORG)
def token_revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a token useless."""
    found = ApiClient.objects.filter(pk=pk, site=request.actor.site).first()
    if found is None:
        raise Http404
    revoke_token(client=found, by=request.actor.staff, at=request.now)
    return HttpResponseRedirect(f"{reverse('ui:tokens')}?did=revoked", status=303)
