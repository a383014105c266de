"""The duty posts of a site and their shifts: adopted from the regulation, changed by hand (D-02, D-03, CF-14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.kernel.rosters.rules import parts_of

DESK, NIGHT_REPAIR = "desk", "night_repair"
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
# what the shifts are called where a day has so many of them: code in the grid, name, English name
NAMES = {
    1: (("D", "值班", "Duty"),),
    2: (("A", "早班", "Early"), ("P", "晚班", "Late")),
    3: (("A", "早班", "Early"), ("P", "中班", "Late"), ("N", "夜班", "Night")),
}


@transaction.atomic
def create_default_posts(*, site: Site, at: datetime, by: Staff | None = None) -> list[DutyPost]:
    """Front desk and night repair duty as the adopted regulation wants them; nothing where posts exist (CF-14).

    Around the clock the desk has three shifts (D-03), otherwise the hours of D-02 in two; at night somebody can be
    sent to a repair (D-04).
    """
    if DutyPost.objects.filter(site=site).exists():
        return []
    desk = DutyPost.objects.create(
        site=site,
        code=DESK,
        name="前台",
        name_en="Front desk",
        order=10,
        roles=list(figure(path="D-04.desk_roles", site=site, at=at) or []),
    )
    for (starts, ends), (code, name, name_en) in zip(*_desk_hours(site=site, at=at), strict=True):
        _add_shift(post=desk, code=code, name=name, name_en=name_en, starts=starts, ends=ends)
    night = DutyPost.objects.create(
        site=site, code=NIGHT_REPAIR, name="夜间维修", name_en="Night repairs", order=20,
        roles=list(figure(path="D-04.night_repair_roles", site=site, at=at) or []),
    )  # fmt: skip
    starts, ends = (
        _clock(figure(path=path, site=site, at=at)) for path in ("D-04.night_from", "D-04.night_until")
    )
    _add_shift(post=night, code="R", name="夜修", name_en="Repairs", starts=starts, ends=ends)
    _record(site=site, subject=desk, kind="hours_adopted", by=by, at=at, rule="D-02", data={"posts": 2})
    return [desk, night]


def _desk_hours(
    *, site: Site, at: datetime
) -> tuple[Sequence[tuple[time, time]], Sequence[tuple[str, str, str]]]:
    if figure(path="D-03.round_the_clock", site=site, at=at):
        count = int(figure(path="D-03.shifts_a_day", site=site, at=at) or 3)
        starts = ends = _clock(figure(path="D-03.first_shift_at", site=site, at=at))
    else:
        count = int(figure(path="D-02.shifts_a_day", site=site, at=at) or 2)
        starts = _clock(figure(path="D-02.duty_from", site=site, at=at))
        ends = _clock(figure(path="D-02.duty_until", site=site, at=at))
    names = NAMES.get(count) or tuple((f"{n}", f"第{n}班", f"Shift {n}") for n in range(1, count + 1))
    return parts_of(starts=starts, ends=ends, count=count), names


def _clock(text: Any) -> time:
    return time.fromisoformat(str(text or "00:00"))


@transaction.atomic
def add_post(
    *,
    site: Site,
    code: str,
    name: str,
    name_en: str,
    roles: Iterable[str],
    is_key: bool,
    by: Staff,
    at: datetime,
) -> DutyPost:
    """A new duty post; whoever holds one of the roles may stand there."""
    if DutyPost.objects.filter(site=site, code=code.strip()).exists():
        raise Refused(gettext_noop("已经有这个代码"), field="code", rule="D-02")
    post = DutyPost.objects.create(
        site=site, code=code.strip(), name=name.strip(), name_en=name_en.strip(), roles=list(roles), is_key=is_key,
        order=10 * (DutyPost.objects.filter(site=site).count() + 1),
    )  # fmt: skip
    _record(site=site, subject=post, kind="post_added", by=by, at=at, rule="D-02", data={"post": post.name})
    return post


@transaction.atomic
def change_post(
    *,
    post: DutyPost,
    name: str,
    name_en: str,
    roles: Iterable[str],
    is_key: bool,
    active: bool,
    by: Staff,
    at: datetime,
) -> DutyPost:
    """Change a duty post or close it; who is rostered already stays rostered."""
    row = DutyPost.objects.select_for_update(no_key=True).get(pk=post.pk)
    before = [row.name, row.name_en, list(row.roles), row.is_key, row.active]
    row.name, row.name_en, row.roles = name.strip(), name_en.strip(), list(roles)
    row.is_key, row.active = is_key, active
    if before == [row.name, row.name_en, row.roles, row.is_key, row.active]:
        raise Refused(gettext_noop("没有改动"))
    row.save(update_fields=["name", "name_en", "roles", "is_key", "active"])
    _record(
        site=row.site, subject=row, kind="post_changed", by=by, at=at, rule="D-02", data={"post": row.name}
    )
    return row


@transaction.atomic
def add_shift(
    *,
    post: DutyPost,
    code: str,
    name: str,
    name_en: str,
    starts: time,
    ends: time,
    needs: int,
    weekdays: Iterable[int],
    by: Staff,
    at: datetime,
) -> Shift:
    """A new shift of a post. Its code stands in the grid of the month, so it is one of its own at the site."""
    DutyPost.objects.select_for_update(no_key=True).get(pk=post.pk)
    if Shift.objects.filter(post__site=post.site_id, code=code.strip()).exists():
        raise Refused(gettext_noop("已经有这个代码"), field="code", rule="D-02")
    row = _add_shift(
        post=post, code=code.strip(), name=name.strip(), name_en=name_en.strip(), starts=starts, ends=ends,
        needs=needs, weekdays=sorted(weekdays),
    )  # fmt: skip
    _record(site=post.site, subject=row, kind="shift_added", by=by, at=at, rule="D-02", data=_hours(row))
    return row


@transaction.atomic
def change_shift(
    *,
    shift: Shift,
    name: str,
    name_en: str,
    starts: time,
    ends: time,
    needs: int,
    weekdays: Iterable[int],
    active: bool,
    by: Staff,
    at: datetime,
) -> Shift:
    """Change a shift's hours or need, or end it; turns that stand in a plan keep the hours they were given.

    Refused while somebody is rostered in it from today on and its hours change: those turns are taken back first.
    """
    row = Shift.objects.select_for_update(no_key=True).select_related("post__site").get(pk=shift.pk)
    moved = (row.starts, row.ends) != (starts, ends) or not active
    if moved and Assignment.objects.filter(shift=row, active=True, ends_at__gt=at).exists():
        raise Refused(gettext_noop("这个班以后还有人在排，先撤下再改时间或停用"), field="starts", rule="D-02")
    fields = ["name", "name_en", "starts", "ends", "needs", "weekdays", "active"]
    before = [getattr(row, name) for name in fields]
    row.name, row.name_en, row.starts, row.ends = name.strip(), name_en.strip(), starts, ends
    row.needs, row.weekdays, row.active = needs, sorted(weekdays), active
    if before == [getattr(row, name) for name in fields]:
        raise Refused(gettext_noop("没有改动"))
    row.save(update_fields=fields)
    _record(
        site=row.post.site, subject=row, kind="shift_changed", by=by, at=at, rule="D-02", data=_hours(row)
    )
    return row


def _add_shift(*, post: DutyPost, weekdays: Sequence[int] = EVERY_DAY, **fields: Any) -> Shift:
    return Shift.objects.create(post=post, weekdays=list(weekdays), **fields)


def _hours(shift: Shift) -> dict[str, Any]:
    return {"shift": shift.name, "hours": f"{shift.starts:%H:%M}–{shift.ends:%H:%M}", "needs": shift.needs}


def _record(
    *, site: Site, subject: DutyPost | Shift | Roster, kind: str, by: Staff | None, at: datetime, rule: str,
    data: dict[str, Any],
) -> None:  # fmt: skip
    events.record(
        site_id=site.pk, kind=f"rosters.{kind}", subject=subject, by=by, at=at, rule=rule, data=data
    )
