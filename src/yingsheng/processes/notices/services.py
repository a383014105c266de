"""Reporting, publishing, changing and ending notices; each step is one event (Z-04, Z-16, X-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.estate.models import Building
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Department
from yingsheng.kernel.org.queries import list_departments
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.notices.models import Notice, NoticeRead
from yingsheng.processes.notices.queries import affected_households, count_poster_prints
from yingsheng.processes.notices.rules import pass_on_path, times_fit

PASS_ON, CONFIRM_END = "pass_on_notice", "confirm_end"
TOLD = gettext_noop("通知：%(title)s，%(starts)s起（%(rule)s）")
CHANGED = gettext_noop("通知有变：%(title)s，%(reason)s（%(rule)s）")
FOR_HOMES = gettext_noop("%(title)s，%(starts)s起。%(text)s")


@transaction.atomic
def report_notice(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    title: str,
    text: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    sudden: bool = False,
    buildings: Sequence[Building] = (),
    department: Department | None = None,
    contact: str = "",
    publish: bool = False,
    slips: bool = False,
) -> Notice:
    """Take in what a department reports; from this moment it is owed to those concerned (Z-04, X-09, Z-16).

    No building means the whole site. With `publish` it is passed on at once, with `slips` on paper to every home.
    """
    demand(actor=actor, permission="notices.publish")
    _fit(starts_at=starts_at, ends_at=ends_at)
    notice = Notice.objects.create(
        site=actor.site, kind=kind, title=title.strip(), text=text.strip(), contact=contact.strip(), sudden=sudden,
        whole_site=not buildings, starts_at=starts_at, ends_at=ends_at, reported_at=at, reported_by=actor.staff,
        department=department,
    )  # fmt: skip
    notice.buildings.set(buildings)
    path = pass_on_path(kind=kind, sudden=sudden)
    owe(
        site=actor.site, subject=notice, milestone=PASS_ON, path=path, role="FRONT_DESK", staff=actor.staff, at=at
    )  # fmt: skip
    told = _pass_on(actor=actor, notice=notice, at=at, slips=slips) if publish else {}
    events.record(
        site_id=actor.site.pk, kind="notices.reported", subject=notice, by=actor.staff, at=at,
        rule=path.partition(".")[0],
        data={"title": notice.title, "kind": kind, "starts": starts_at.isoformat(), "published": publish, **told},
    )  # fmt: skip
    return notice


@transaction.atomic
def publish_notice(
    *, actor: Actor, record: Notice, at: datetime, seen: int | None = None, slips: bool = False
) -> Notice:
    """Pass a reported notice on to the departments, and to homes on paper where that is wanted (Z-04, X-09)."""
    notice = _take(actor=actor, record=record, seen=seen, states=(Notice.State.REPORTED,))
    told = _pass_on(actor=actor, notice=notice, at=at, slips=slips)
    _tell(notice=notice, kind="notices.published", actor=actor, at=at, data=told)
    return notice


@transaction.atomic
def change_notice(
    *,
    actor: Actor,
    record: Notice,
    at: datetime,
    title: str,
    text: str,
    starts_at: datetime,
    reason: str,
    ends_at: datetime | None = None,
    contact: str = "",
    buildings: Sequence[Building] = (),
    seen: int | None = None,
) -> Notice:
    """Correct a notice or let it last longer, with the reason; who was told is told again (Z-04)."""
    notice = _take(
        actor=actor, record=record, seen=seen, states=(Notice.State.REPORTED, Notice.State.PUBLISHED)
    )
    _fit(starts_at=starts_at, ends_at=ends_at)
    before = {
        "starts": notice.starts_at.isoformat(),
        "ends": notice.ends_at.isoformat() if notice.ends_at else "",
    }
    notice.title, notice.text, notice.contact = title.strip(), text.strip(), contact.strip()
    notice.starts_at, notice.ends_at, notice.whole_site = starts_at, ends_at, not buildings
    notice.buildings.set(buildings)
    _write(
        notice=notice, reason=reason,
        fields=["title", "text", "contact", "starts_at", "ends_at", "whole_site"],
    )  # fmt: skip
    if notice.state == Notice.State.PUBLISHED:
        timers.void(
            subject=notice, milestones=[CONFIRM_END], by=actor.staff, at=at, reason=gettext_noop("通知已更改")
        )
        _owe_end(actor=actor, notice=notice, at=at)
        _tell_leaders(actor=actor, notice=notice, at=at, text=CHANGED, reason=reason)
    _tell(notice=notice, kind="notices.changed", actor=actor, at=at, data={"reason": reason, **before})
    return notice


@transaction.atomic
def keep_open(
    *, actor: Actor, record: Notice, at: datetime, ends_at: datetime, reason: str, seen: int | None = None
) -> Notice:
    """It is not over yet: say until when it lasts; its end is looked at again then (Z-04)."""
    notice = _take(actor=actor, record=record, seen=seen, states=(Notice.State.PUBLISHED,))
    if ends_at <= at or (notice.ends_at is not None and ends_at <= notice.ends_at):
        raise Refused(gettext_noop("新的结束时间要晚于现在和原定时间"), field="ends_at", rule="Z-04")
    notice.ends_at = ends_at
    _write(notice=notice, reason=reason, fields=["ends_at"])
    timers.meet(subject=notice, milestones=[CONFIRM_END], by=actor.staff, at=at)
    _owe_end(actor=actor, notice=notice, at=at)
    _tell_leaders(actor=actor, notice=notice, at=at, text=CHANGED, reason=reason)
    _tell(
        notice=notice, kind="notices.extended", actor=actor, at=at,
        data={"reason": reason, "ends": ends_at.isoformat()},
    )  # fmt: skip
    return notice


@transaction.atomic
def end_notice(
    *, actor: Actor, record: Notice, at: datetime, note: str = "", seen: int | None = None
) -> Notice:
    """It is over, on time or early: confirmed by somebody (Z-04)."""
    notice = _take(actor=actor, record=record, seen=seen, states=(Notice.State.PUBLISHED,))
    early = notice.ends_at is None or at < notice.ends_at
    notice.state, notice.ended_at = Notice.State.ENDED, at
    _write(notice=notice, reason=note, fields=["state", "ended_at"])
    timers.meet(subject=notice, milestones=[CONFIRM_END], by=actor.staff, at=at)
    _tell(notice=notice, kind="notices.ended", actor=actor, at=at, data={"note": note, "early": early})
    return notice


@transaction.atomic
def cancel_notice(
    *, actor: Actor, record: Notice, at: datetime, reason: str, seen: int | None = None
) -> Notice:
    """It will not happen, or was reported by mistake; whoever was told is told so."""
    notice = _take(
        actor=actor, record=record, seen=seen, states=(Notice.State.REPORTED, Notice.State.PUBLISHED)
    )
    was_out = notice.state == Notice.State.PUBLISHED
    notice.state, notice.ended_at = Notice.State.CANCELLED, at
    _write(notice=notice, reason=reason, fields=["state", "ended_at"])
    timers.void(subject=notice, by=actor.staff, at=at, reason=gettext_noop("通知已取消"))
    if was_out:
        _tell_leaders(actor=actor, notice=notice, at=at, text=CHANGED, reason=reason)
    _tell(notice=notice, kind="notices.cancelled", actor=actor, at=at, data={"reason": reason})
    return notice


@transaction.atomic
def mark_seen(*, actor: Actor, record: Notice, at: datetime, seen: int | None = None) -> Notice:
    """Somebody of the staff has read it; once, and not for a text he has not seen."""
    demand(actor=actor, permission="notices.see")
    notice = Notice.objects.select_for_update(no_key=True).get(pk=record.pk)
    _check(notice=notice, seen=seen)
    made = NoticeRead.objects.filter(notice=notice, staff=actor.staff)
    if made.exists():
        raise Refused(gettext_noop("您已经看过这份通知"), code="seen")
    NoticeRead.objects.create(notice=notice, staff=actor.staff, at=at)
    _tell(notice=notice, kind="notices.seen", actor=actor, at=at, data={})
    return notice


@transaction.atomic
def record_poster_print(*, actor: Actor, notice: Notice, at: datetime) -> int:
    """Count a print of the poster; 1 is no reprint."""
    demand(actor=actor, permission="notices.see")
    count = count_poster_prints(notice=notice) + 1
    _tell(notice=notice, kind="notices.poster_printed", actor=actor, at=at, data={"count": count})
    return count


def _fit(*, starts_at: datetime, ends_at: datetime | None) -> None:
    if not times_fit(starts_at=starts_at, ends_at=ends_at):
        raise Refused(gettext_noop("结束时间要晚于开始时间"), field="ends_at", rule="Z-04")


def _check(*, notice: Notice, seen: int | None) -> None:
    if seen is not None and seen != notice.version:
        raise Conflict(gettext_noop("这份通知刚被别人更新过，请看过最新情况再继续"), code="stale")


def _take(*, actor: Actor, record: Notice, seen: int | None, states: Sequence[str]) -> Notice:
    demand(actor=actor, permission="notices.publish")
    notice = Notice.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    _check(notice=notice, seen=seen)
    if notice.state not in states:
        raise Refused(gettext_noop("这份通知现在不能这样做"), code="illegal_step")
    return notice


def _write(*, notice: Notice, fields: list[str], reason: str = "") -> None:
    notice.version += 1
    notice.reason = reason.strip()[:200]
    notice.save(update_fields=[*fields, "reason", "version"])


def _tell(*, notice: Notice, kind: str, actor: Actor, at: datetime, data: dict[str, object]) -> None:
    events.record(
        site_id=notice.site_id, kind=kind, subject=notice, by=actor.staff, at=at,
        rule=pass_on_path(kind=notice.kind, sudden=notice.sudden).partition(".")[0],
        data={"title": notice.title, **data},
    )  # fmt: skip


def _pass_on(*, actor: Actor, notice: Notice, at: datetime, slips: bool) -> dict[str, object]:
    """Tell the heads of the departments and, on paper, the homes; the promise to pass it on is kept by this."""
    notice.state, notice.published_at = Notice.State.PUBLISHED, at
    _write(notice=notice, fields=["state", "published_at"])
    told = _tell_leaders(actor=actor, notice=notice, at=at, text=TOLD)
    homes = list(affected_households(notice=notice)) if slips else []
    queue(
        site_id=notice.site_id, subject=notice, at=at,
        drafts=[
            Draft(
                text=FOR_HOMES, params={**_params(notice), "text": notice.text}, to_household=home,
                rule=_params(notice)["rule"], dedup_key=f"notice:{notice.pk}:home:{home.pk}",
            )
            for home in homes
        ],
    )  # fmt: skip
    timers.meet(subject=notice, milestones=[PASS_ON], by=actor.staff, at=at)
    _owe_end(actor=actor, notice=notice, at=at)
    return {"told": told, "homes": len(homes)}


def _params(notice: Notice) -> dict[str, str]:
    path = pass_on_path(kind=notice.kind, sudden=notice.sudden)
    return {
        "title": notice.title, "starts": notice.starts_at.isoformat(), "rule": path.partition(".")[0],
    }  # fmt: skip


def _tell_leaders(*, actor: Actor, notice: Notice, at: datetime, text: str, reason: str = "") -> list[int]:
    people = {
        one.pk: one
        for department in list_departments(site_id=actor.site.pk)
        for one in leaders_of(department=department, at=at)
    }
    params = {**_params(notice), "reason": reason}
    queue(
        site_id=notice.site_id, subject=notice, at=at,
        drafts=[
            Draft(
                text=text, params=params, to_staff=one, rule=params["rule"],
                dedup_key=f"notice:{notice.pk}:{notice.version}:{one.pk}",
            )
            for one in people.values()
        ],
    )  # fmt: skip
    return sorted(people)


def _owe_end(*, actor: Actor, notice: Notice, at: datetime) -> None:
    """Somebody looks whether it is over: a while after its end, or after so long where no end is known."""
    path = "Z-04.confirm_end_within" if notice.ends_at else "Z-04.recheck_every"
    owe(
        site=actor.site, subject=notice, milestone=CONFIRM_END, path=path, role="FRONT_DESK", at=at,
        starts_at=max(at, notice.ends_at) if notice.ends_at else max(at, notice.starts_at),
    )  # fmt: skip
