"""角色: what each may do, and what this site calls it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.models import Role, RoleAlias
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.services import rename_role
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import draw, permission_labels
from yingsheng.ui.submit import take_form

HERE = "ui:roles"


@require_GET
@desk(Allow.MANAGE_ORG)
def roles(request: DeskRequest) -> HttpResponse:
    """Every role with the name of the regulations, the site's own, and its permissions in words."""
    labels = permission_labels()
    aliases = {
        alias.role_id: alias for alias in RoleAlias.objects.filter(site=request.actor.site).order_by("pk")
    }
    rows = [
        {
            "role": role,
            "name": role.name_en if language_code() == "en" else role.name_zh,
            "alias": aliases.get(role.pk),
            "permissions": [labels.get(code, code) for code in role.permissions],
        }
        for role in Role.objects.order_by("rank", "pk")
    ]
    done = _("名称已改，各处都用它") if request.GET.get("did") else ""
    return draw(request, here=HERE, template="ui/settings/roles.html", context={"roles": rows}, done=done)


@require_http_methods(["GET", "POST"])
@desk(Allow.MANAGE_ORG)
def role(request: DeskRequest, code: str) -> HttpResponse:
    """Give a role the name this site uses."""
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise Http404
    site = request.actor.site
    alias = RoleAlias.objects.filter(site=site, role=found).first()
    made = build_form(spec=forms.RENAME_ROLE, actor=request.actor)
    initial = {"name": alias.name, "name_en": alias.name_en} if alias else {}
    form = made(request.POST if request.method == "POST" else None, initial=initial)

    def run() -> str:
        given = form.cleaned_data
        rename_role(
            site=site,
            role=found,
            name=given["name"],
            name_en=given["name_en"],
            by=request.actor.staff,
            at=request.now,
        )
        return f"{reverse('ui:roles')}?did=renamed"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {
        "title": f"{found.name_zh} · {found.name_en}",
        "verb": _(form.spec.verb),
        "intro": _("规程用 %(code)s 指这个角色；改的只是本项目的叫法，权限不变。") % {"code": found.code},
        "cancel_url": reverse("ui:roles"),
    }
    return draw(request, here=HERE, template="ui/settings/form.html", context=context, form=form)
