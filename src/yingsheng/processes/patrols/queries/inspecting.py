"""Reading the daily inspection, the work diary, and the standards with the figures of a site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import role_titles
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.patrols.models import DiaryEntry, Inspection
from yingsheng.processes.patrols.rules.standards import FIGURES, POSTS


def figures_of(*, site: Site, at: datetime, language: str) -> Mapping[str, Any]:
    """Every figure that a standard names, as it applies to a site; posts by their titles."""
    titles = role_titles(site_id=site.pk, english=language.startswith("en"))
    found: dict[str, Any] = {}
    for name, path in FIGURES.items():
        if name in POSTS:
            role = owed_role(path=path, site=site, at=at)
            found[name] = titles.get(role, role)
        else:
            found[name] = figure(path=path, site=site, at=at)
    return found


def list_inspections(*, actor: Actor, text: str = "") -> QuerySet[Inspection]:
    """The inspections of the actor's site, the newest first (G-06)."""
    rows = (
        Inspection.objects.filter(site=actor.site)
        .select_related("staff", "by", "site")
        .prefetch_related("marks")
        .order_by("-at", "-pk")
    )
    return rows.filter(Q(staff__name__icontains=text) | Q(note__icontains=text)) if text else rows


def find_inspection(*, actor: Actor, pk: int) -> Inspection | None:
    """An inspection of the actor's site."""
    return list_inspections(actor=actor).filter(pk=pk).first()


def list_diary(*, actor: Actor, text: str = "") -> QuerySet[DiaryEntry]:
    """The lines of the work diaries, the newest first."""
    rows = (
        DiaryEntry.objects.filter(site=actor.site)
        .select_related("by", "inspection__staff")
        .order_by("-at", "-pk")
    )
    return rows.filter(Q(text__icontains=text) | Q(by__name__icontains=text)) if text else rows


def find_entry(*, actor: Actor, pk: int) -> DiaryEntry | None:
    """A line of a diary of the actor's site."""
    return list_diary(actor=actor).filter(pk=pk).first()


def diary_of_day(*, site: Site, staff: Staff, day: date) -> list[DiaryEntry]:
    """What somebody wrote on a day, in order."""
    rows = DiaryEntry.objects.filter(site=site, by=staff, day=day)
    return list(rows.select_related("by", "inspection__staff").order_by("at", "pk"))


def not_inspected(*, actor: Actor, day: date) -> list[Staff]:
    """Who of the service department was not looked at on a day."""
    seen = Inspection.objects.filter(site=actor.site, day=day).values_list("staff", flat=True)
    rows = Staff.objects.filter(
        appointments__post__site=actor.site, appointments__post__department__code="service", is_active=True
    )
    return list(rows.exclude(pk__in=seen).exclude(pk=actor.staff.pk).distinct().order_by("name", "pk"))
