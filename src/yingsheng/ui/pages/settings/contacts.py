"""对外联系方式: what is published to the households, and the notice that is put up with it (C-02, B-11)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.contacts import CONTACTS, missing_contacts, publish_contacts
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.pages.sheets import write_pdf
from yingsheng.ui.parts import Sheet
from yingsheng.ui.submit import take_form

HERE = "ui:contacts"


@require_http_methods(["GET", "POST"])
@desk(Allow.MANAGE_ORG)
def contacts(request: DeskRequest) -> HttpResponse:
    """Edit what is published, see what C-02 still lacks, and what it was before."""
    site = request.actor.site
    made = build_form(spec=forms.CONTACT_FORM, actor=request.actor)
    form = made(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(site, name) for name in CONTACTS},
    )

    def run() -> str:
        publish_contacts(site=site, contacts=form.cleaned_data, by=request.actor.staff, at=request.now)
        return f"{reverse('ui:contacts')}?did=published"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    history = (
        Event.objects.filter(site=site, kind="org.contacts_published").select_related("by").order_by("-seq")
    )
    context = {
        "verb": _(form.spec.verb),
        "missing": [_(CONTACTS[name]) for name in missing_contacts(site=site)],
        "history": [
            (event, [(_(CONTACTS[name]), *values) for name, values in event.data["changed"].items()])
            for event in history[:20]
        ],
    }
    words = _("已公布；张贴的告示请换成新的一张") if request.GET.get("did") else ""
    return draw(
        request, here=HERE, template="ui/settings/contacts.html", context=context, form=form, done=words
    )


def _notice(request: DeskRequest) -> dict[str, Any]:
    site = request.actor.site
    return {
        "sheet": Sheet(
            site_name=site.name,
            form_name=_("服务与投诉联系方式"),
            number=f"C-02-{site.code}",
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "lines": [(_(label), getattr(site, name)) for name, label in CONTACTS.items() if getattr(site, name)],
        "missing": [_(CONTACTS[name]) for name in missing_contacts(site=site)],
        "pdf_url": reverse("ui:contacts_pdf"),
    }


@require_GET
@desk()
def contacts_sheet(request: DeskRequest) -> HttpResponse:
    """The notice for the board, to print; everybody on the staff may put it up."""
    return render(request, "ui/settings/contacts_sheet.html", _notice(request))


@require_GET
@desk()
def contacts_pdf(request: DeskRequest) -> HttpResponse:
    """The same notice as PDF."""
    html = render_to_string("ui/settings/contacts_sheet.html", _notice(request), request=request)
    response = HttpResponse(
        write_pdf(html=html, base_url=request.build_absolute_uri("/")), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="contacts-{request.actor.site.code}.pdf"'
    return response
