"""The rotation on the first page: whose turn it is, and for whoever runs the list who is owed what (J-01, J-02)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.shown import GOES_ON, TodayLine, TodayList
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.salesdesk.models import Project
from yingsheng.processes.salesdesk.process.queue_words import CASES, article_words
from yingsheng.processes.salesdesk.queries.allow import RUN, TAKE
from yingsheng.processes.salesdesk.queries.board import ahead_of, rotations_of_site
from yingsheng.processes.salesdesk.queries.queue import agents_by_key
from yingsheng.processes.salesdesk.rules.queue import Rotation

LINES = 6
Standing = list[tuple[Project, Rotation]]


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Whose turn it is at the moment, and the make-ups that are owed."""
    if not (actor.may(TAKE) or actor.may(RUN)):
        return []
    found = rotations_of_site(site=actor.site, at=now)
    lists = [_turn(actor=actor, found=found), _owed(found=found) if actor.may(RUN) else None]
    return [one for one in lists if one is not None]


def _turn(*, actor: Actor, found: Standing) -> TodayList | None:
    key = str(actor.staff.pk)
    lines = tuple(
        TodayLine(
            text=project.name, note=_place(rotation=rotation, key=key), url_name="salesdesk:board_one",
            url_args=(project.pk,),
        )
        for project, rotation in found
        if key in rotation.order
    )  # fmt: skip
    if not lines:
        return None
    return TodayList(
        title=_("轮排"), icon="refresh", rule="J-01", count=len(lines), lines=lines[:LINES], rank=GOES_ON,
        more_url=reverse("salesdesk:board"),
    )  # fmt: skip


def _place(*, rotation: Rotation, key: str) -> str:
    """Where somebody stands, in words."""
    if key in rotation.busy:
        return _("接待中") if rotation.busy[key].cause.startswith("visit:") else _("外出办事")
    if key not in rotation.here:
        return _("还没有签到")
    ahead = ahead_of(rotation=rotation, key=key)
    return _("前面还有%(count)s位") % {"count": ahead} if ahead else _("轮到你")


def _owed(*, found: Standing) -> TodayList | None:
    owed = [(project, credit) for project, rotation in found for credit in rotation.credits]
    if not owed:
        return None
    people = agents_by_key(keys={credit.agent for _project, credit in owed[:LINES]})
    lines = tuple(
        TodayLine(
            text=f"{people[credit.agent].name} · {project.name}",
            note=f"{_(CASES.get(credit.case, CASES[0]))} {article_words(credit.article)}",
            url_name="salesdesk:board_one", url_args=(project.pk,),
        )
        for project, credit in owed[:LINES]
    )  # fmt: skip
    return TodayList(
        title=_("欠着的补接"), icon="refresh", rule="J-02", count=len(owed), lines=lines,
        more_url=reverse("salesdesk:board"),
    )  # fmt: skip
