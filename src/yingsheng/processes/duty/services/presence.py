"""Leaving the post for a while, and coming back (D-04, D-08)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.duty.models import Absence, Page
from yingsheng.processes.duty.queries.pages import OPEN
from yingsheng.processes.duty.rules import may_leave
from yingsheng.processes.duty.services.holding import take


@transaction.atomic
def step_out(
    *,
    actor: Actor,
    record: Page,
    at: datetime,
    reason: str,
    cover: Staff | None = None,
    seen: int | None = None,
) -> Page:
    """Leave the post for something urgent; the post stays manned by those who stay or by whoever covers."""
    demand(actor=actor, permission="duty.log")
    page = take(actor=actor, record=record, seen=seen, states=OPEN)
    here = _present(page=page)
    if actor.staff.pk not in here:
        raise Refused(gettext_noop("您现在不在这个岗上"), rule="D-08")
    if cover is not None and cover == actor.staff:
        raise Refused(gettext_noop("不能由自己顶替自己"), field="cover", rule="D-04")
    least = int(figure(path="D-04.minimum_present", site=page.site, at=at) or 1)
    if not may_leave(present=len(here), needed=least, has_cover=cover is not None):
        raise Refused(gettext_noop("岗上不能没有人，先请人顶替"), field="cover", rule="D-04")
    Absence.objects.create(page=page, staff=actor.staff, cover=cover, reason=reason.strip(), left_at=at)
    if cover is not None:
        page.people.add(cover)
    _write(
        page=page, kind="duty.stepped_out", actor=actor, at=at,
        data={"reason": reason.strip(), "cover": cover.name if cover else ""},
    )  # fmt: skip
    return page


@transaction.atomic
def step_back(*, actor: Actor, record: Page, at: datetime, seen: int | None = None) -> Page:
    """Back at the post."""
    demand(actor=actor, permission="duty.log")
    page = take(actor=actor, record=record, seen=seen, states=OPEN)
    away = page.absences.filter(staff=actor.staff, back_at__isnull=True).first()
    if away is None:
        raise Refused(gettext_noop("没有您离岗的记录"), rule="D-08")
    away.back_at = at
    away.save(update_fields=["back_at"])
    minutes = int((at - away.left_at).total_seconds() // 60)
    _write(page=page, kind="duty.stepped_back", actor=actor, at=at, data={"minutes": minutes})
    return page


def _present(*, page: Page) -> set[int]:
    away = set(page.absences.filter(back_at__isnull=True).values_list("staff_id", flat=True))
    return set(page.people.values_list("pk", flat=True)) - away


def _write(*, page: Page, kind: str, actor: Actor, at: datetime, data: dict[str, object]) -> None:
    page.version += 1
    page.save(update_fields=["version"])
    events.record(
        site_id=page.site_id, kind=kind, subject=page, by=actor.staff, at=at, rule="D-04", data=data
    )
