"""What the pages of the settings have in common: their tabs, their forms, where each begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.process import processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm
from yingsheng.kernel.org.access import Actor, Forbidden
from yingsheng.kernel.org.permissions import PERMISSIONS, Allow
from yingsheng.kernel.org.queries import role_titles
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.parts import Result, Tab
from yingsheng.ui.submit import status_of


@dataclass(frozen=True, kw_only=True)
class Part:
    """A page of the settings: its name, where it is, and the permission that opens it."""

    label: str
    url_name: str
    permission: str


PARTS = (
    Part(label=N("岗位与人员"), url_name="ui:staff", permission=Allow.MANAGE_ORG),
    Part(label=N("角色"), url_name="ui:roles", permission=Allow.MANAGE_ORG),
    Part(label=N("工作日历"), url_name="ui:calendar", permission=Allow.EDIT_CALENDAR),
    Part(label=N("对外联系方式"), url_name="ui:contacts", permission=Allow.MANAGE_ORG),
    Part(label=N("接口令牌"), url_name="ui:tokens", permission=Allow.MANAGE_ORG),
    Part(label=N("价目表"), url_name="ui:prices", permission=Allow.EDIT_PRICES),
    Part(label=N("工种与班次"), url_name="ui:workers", permission=Allow.KEEP_CREW),
    Part(label=N("导入"), url_name="imports:list", permission=Allow.IMPORT),
    Part(label=N("记录校验"), url_name="ui:records", permission=Allow.AUDIT),
)


def open_parts(*, actor: Actor) -> list[Part]:
    """The pages of the settings this person may open."""
    return [part for part in PARTS if actor.may(part.permission)]


@require_GET
@desk()
def settings(request: DeskRequest) -> HttpResponse:
    """The first page of the settings that the person may open."""
    parts = open_parts(actor=request.actor)
    if not parts:
        raise Forbidden(permission=Allow.MANAGE_ORG)
    return HttpResponseRedirect(reverse(parts[0].url_name), status=303)


def draw(
    request: DeskRequest,
    *,
    here: str,
    template: str,
    context: Mapping[str, Any],
    form: SpecForm | None = None,
    done: str = "",
) -> HttpResponse:
    """A page of the settings under its tab; `form` decides the status, `done` is what the last step did."""
    tabs = [
        Tab(label=_(part.label), url=reverse(part.url_name), active=part.url_name == here)
        for part in open_parts(actor=request.actor)
    ]
    return render(
        request,
        template,
        {
            "tabs": tabs,
            "tabs_label": _("设置"),
            "result": Result(text=done) if done else None,
            "now": request.now,
            "form": form,
            **context,
        },
        status=status_of(form=form),
    )


def titles(request: DeskRequest) -> dict[str, str]:
    """What this site calls each role, in the reader's language."""
    return role_titles(site_id=request.actor.site.pk, english=language_code() == "en")


def permission_labels() -> dict[str, str]:
    """Every permission of the program in words, by code, family by family."""
    declared = [*PERMISSIONS, *(one for process in processes for one in process.permissions)]
    return {str(one.code): str(_(one.label)) for one in declared}
