"""Reading notices: the register, what runs now, what a home is affected by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.notices.models import Notice
from yingsheng.processes.notices.rules import concerns, touches


def list_notices(*, actor: Actor, text: str = "") -> QuerySet[Notice]:
    """The notices of the actor's site, the latest reported first."""
    rows = (
        Notice.objects.filter(site=actor.site)
        .select_related("department", "reported_by")
        .prefetch_related("buildings", "reads__staff")
        .order_by("-reported_at", "-pk")
    )
    return rows.filter(Q(title__icontains=text) | Q(text__icontains=text)) if text else rows


def find_notice(*, actor: Actor, pk: int) -> Notice | None:
    """A notice of the actor's site."""
    return list_notices(actor=actor).filter(pk=pk).first()


def running_notices(*, site: Site, now: datetime) -> list[Notice]:
    """What is published and runs now or begins within the time that the desk looks ahead (Z-04), earliest first."""
    ahead = int(figure(path="Z-04.hint_ahead", site=site, at=now) or 0)
    rows = Notice.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), site=site, state=Notice.State.PUBLISHED
    )
    return [
        row
        for row in rows.prefetch_related("buildings").order_by("starts_at", "pk")
        if touches(starts_at=row.starts_at, ends_at=row.ends_at, now=now, ahead_hours=ahead)
    ]


def notices_for(*, household: Household, now: datetime) -> list[Notice]:
    """The running notices that a home is affected by."""
    here = household.room.building_id
    return [
        row
        for row in running_notices(site=household.site, now=now)
        if concerns(
            whole_site=row.whole_site, buildings=[one.pk for one in row.buildings.all()], building=here
        )
    ]


def affected_households(*, notice: Notice) -> QuerySet[Household]:
    """The living homes that a notice concerns."""
    rows = Household.objects.filter(site_id=notice.site_id, active_to__isnull=True)
    if not notice.whole_site:
        rows = rows.filter(room__building__in=notice.buildings.all())
    return rows.order_by("pk")


def count_poster_prints(*, notice: Notice) -> int:
    """How often the poster of a notice was printed."""
    return Event.objects.filter(
        site_id=notice.site_id, kind="notices.poster_printed", subject_type="notices.notice", subject_id=notice.pk
    ).count()  # fmt: skip


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    path = resources.files("yingsheng.content").joinpath("notices.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def text_for(*, kind: str) -> dict[str, str]:
    """The words that a notice of this kind begins with, in the reader's language; {} for a kind without any."""
    found = _texts().get(kind)
    if found is None:
        return {}
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return {"kind": kind, "title": found["title"][language], "text": found["text"][language]}
