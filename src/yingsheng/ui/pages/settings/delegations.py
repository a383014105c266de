"""代理: somebody stands in for a post during leave; arranged by the administrator or by the holder himself."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.models import Delegation, Post
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import list_own_posts
from yingsheng.kernel.org.staffing import delegate_post, end_delegation
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import titles
from yingsheng.ui.pages.settings.people import post_label
from yingsheng.ui.submit import status_of, take_form


def _posts(request: DeskRequest) -> dict[str, Post]:
    """The posts this person may pass on: all of the site for its administrator, else those he was appointed to."""
    site = request.actor.site
    if request.actor.may(Allow.MANAGE_ORG):
        rows = Post.objects.filter(site=site, active=True).select_related("role", "department")
        return {str(post.pk): post for post in rows.order_by("role__rank", "pk")}
    return {
        str(post.pk): post
        for post in list_own_posts(staff=request.actor.staff, site_id=site.pk, at=request.now)
    }


def home(request: DeskRequest) -> str:
    """Where somebody came from: the settings for the administrator, his account for everybody else."""
    return reverse("ui:staff" if request.actor.may(Allow.MANAGE_ORG) else "ui:account")


@require_http_methods(["GET", "POST"])
@desk()
def delegate(request: DeskRequest) -> HttpResponse:
    """Arrange that somebody stands in for a post, from a moment to a moment, with the reason."""
    posts = _posts(request)
    if not posts:
        raise Forbidden(permission=Allow.MANAGE_ORG)
    names = titles(request)
    choices = tuple((key, post_label(post, names)) for key, post in posts.items())
    made = build_form(spec=forms.delegate_form(posts=choices), actor=request.actor)
    wanted = request.GET.get("post", "")
    form = made(request.POST if request.method == "POST" else None, initial={"post": wanted})

    def run() -> str:
        given = form.cleaned_data
        delegate_post(
            actor=request.actor,
            post=posts[given["post"]],
            to_staff=given["to_staff"],
            active_from=given["active_from"],
            active_to=given["active_to"],
            reason=given["reason"],
            at=request.now,
        )
        return f"{home(request)}?did=delegated"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {
        "form": form,
        "verb": _(form.spec.verb),
        "title": _(form.spec.title),
        "cancel_url": home(request),
    }
    return render(request, "ui/settings/lone_form.html", context, status=status_of(form=form))


@require_POST
@desk()
def delegation_end(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a post back before the agreed end."""
    found = Delegation.objects.filter(pk=pk, post__site=request.actor.site).first()
    if found is None:
        raise Http404
    end_delegation(actor=request.actor, delegation=found, at=request.now)
    return HttpResponseRedirect(f"{home(request)}?did=delegation_ended", status=303)
