"""设置: who works here and what each may do; calendars; site contacts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.process import processes
from yingsheng.kernel.org.models import Post, Role
from yingsheng.kernel.org.permissions import PERMISSIONS, Allow
from yingsheng.kernel.org.queries import role_names
from yingsheng.kernel.worktime.models import Calendar, CalendarDay
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.parts import Fact


@require_GET
@desk(Allow.MANAGE_ORG)
def settings(request: DeskRequest) -> HttpResponse:
    """Posts with their holders, roles with their permissions, calendars, and the contacts that must be published."""
    site = request.actor.site
    aliases = role_names(site_id=site.pk)
    posts = (
        Post.objects.filter(site=site, active=True)
        .select_related("role", "department")
        .prefetch_related("appointments__staff", "delegations__to_staff")
        .order_by("role__rank", "id")
    )
    labels = {permission.code: _(permission.label) for permission in PERMISSIONS}
    for process in processes:
        labels.update({permission.code: _(permission.label) for permission in process.permissions})
    context = {
        "posts": [(post, aliases.get(post.role.code) or _role_name(post.role)) for post in posts],
        "roles": [
            (role, _role_name(role), [labels.get(code, code) for code in role.permissions])
            for role in Role.objects.order_by("rank", "id")
        ],
        "contacts": [
            Fact(label=_("值班电话"), value=site.duty_phone or "—"),
            Fact(label=_("公司投诉热线"), value=site.company_hotline or "—"),
            Fact(label=_("公司传真"), value=site.company_fax or "—"),
            Fact(label=_("投诉邮箱"), value=site.complaint_email or "—"),
            Fact(label=_("地址"), value=site.address or "—"),
        ],
        "calendars": Calendar.objects.filter(site=site).order_by("id"),
        "days": CalendarDay.objects.filter(
            calendar__site=site, date__gte=request.now.date().replace(day=1)
        ).order_by("date")[:40],
    }
    return render(request, "ui/pages/settings.html", context)


def _role_name(role: Role) -> str:
    return role.name_en if language_code() == "en" else role.name_zh
