"""Saved views: what somebody looks for in a worklist again and again, under a name of his own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import SavedView
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor

MOST = 12


def list_views(*, actor: Actor, process: str) -> QuerySet[SavedView]:
    """Somebody's saved views of a worklist at his site, oldest first."""
    return SavedView.objects.filter(site=actor.site, staff=actor.staff, process=process).order_by("pk")


@transaction.atomic
def keep_view(*, actor: Actor, process: str, name: str, query: str, at: datetime) -> SavedView:
    """Save a query under a name; the same name is given the new query. `query` is the part after the "?".

    Raises Refused for an empty name and above twelve views.
    """
    name = name.strip()[:40]
    if not name:
        raise Refused(gettext_noop("请给这个视图起个名字"), field="name")
    views = list_views(actor=actor, process=process)
    if views.exclude(name=name).count() >= MOST:
        raise Refused(gettext_noop("最多保存12个视图，请先删掉不用的"), field="name")
    view, _ = SavedView.objects.update_or_create(
        site=actor.site, staff=actor.staff, process=process, name=name, defaults={"query": query[:500]}
    )
    _note(actor=actor, view=view, kind="cases.view_kept", at=at)
    return view


@transaction.atomic
def drop_view(*, actor: Actor, process: str, name: str, at: datetime) -> None:
    """Forget a saved view; one that is not there is no fault."""
    view = list_views(actor=actor, process=process).filter(name=name).first()
    if view is not None:
        _note(actor=actor, view=view, kind="cases.view_dropped", at=at)
        view.delete()


def _note(*, actor: Actor, view: SavedView, kind: str, at: datetime) -> None:
    data = {"process": view.process, "name": view.name, "query": view.query}
    events.record(site_id=actor.site.pk, kind=kind, subject=view, by=actor.staff, at=at, data=data)
