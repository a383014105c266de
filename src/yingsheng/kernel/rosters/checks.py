"""Whether somebody may be put down for a turn: his role, his other turns, his rest, his days in a row (D-01, D-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Appointment, Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters.models import Assignment, Shift
from yingsheng.kernel.rosters.rules import Span, overlap, too_close, too_many_in_a_row

AROUND = timedelta(days=40)  # more than anybody works on end
NOT_HERE = gettext_noop("%(who)s那天在这里没有岗位")
NO_ROLE = gettext_noop("%(who)s不担任“%(post)s”需要的岗位")
NOT_THAT_DAY = gettext_noop("%(day)s没有“%(shift)s”这个班")
DOUBLE = gettext_noop("%(who)s在%(day)s已经排了“%(shift)s”，时间重叠")
NO_REST = gettext_noop("%(who)s和%(day)s“%(shift)s”之间休息不足%(hours)s小时")
IN_A_ROW = gettext_noop("%(who)s会连续上班超过%(days)s天")


@dataclass(frozen=True, kw_only=True)
class Objection:
    """What speaks against a turn, in words; `code` is stable."""

    code: str
    text: str
    rule: str
    params: Mapping[str, object]

    def refuse(self, *, field: str = "staff") -> Refused:
        """The same as a refusal."""
        return Refused(self.text, code=self.code, rule=self.rule, field=field, **self.params)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The figures that hold at a site."""

    rest: timedelta
    in_a_row: int


def limits_of(*, site: Site, at: datetime) -> Limits:
    """Rest between two turns and days in a row; a silent regulation sets no limit (D-01)."""
    rest = figure(path="D-01.rest_hours", site=site, at=at)
    row = figure(path="D-01.days_in_a_row", site=site, at=at)
    return Limits(rest=timedelta(hours=int(rest or 0)), in_a_row=int(row or AROUND.days))


class TurnBook:
    """What some people have on their hands around a month; knows at once what speaks against one more turn."""

    def __init__(
        self, *, site: Site, staff: Iterable[Staff], first: date, last: date, limits: Limits
    ) -> None:
        self.site = site
        self.limits = limits
        self.staff = {one.pk: one for one in staff}
        self.turns: dict[int, list[Assignment]] = defaultdict(list)
        # at whatever site: nobody is in two places at once
        rows = Assignment.objects.filter(
            staff__in=list(self.staff), active=True, day__gte=first - AROUND, day__lte=last + AROUND
        )
        for one in rows.select_related("shift").order_by("starts_at", "pk"):
            self.turns[one.staff_id].append(one)

    @cached_property
    def posts_held(self) -> dict[int, list[tuple[str, datetime, datetime | None]]]:
        """The roles of these people at the site, each with its time."""
        held: dict[int, list[tuple[str, datetime, datetime | None]]] = defaultdict(list)
        rows = Appointment.objects.filter(staff__in=list(self.staff), post__site=self.site, post__active=True)
        for staff, role, begins, ends in rows.values_list(
            "staff_id", "post__role__code", "active_from", "active_to"
        ):
            held[staff].append((role, begins, ends))
        return held

    def roles_of(self, *, staff: Staff, at: datetime) -> frozenset[str]:
        """The roles somebody holds at a moment."""
        return frozenset(
            role
            for role, begins, ends in self.posts_held.get(staff.pk, [])
            if begins <= at and (ends is None or at < ends)
        )

    def add(self, turn: Assignment) -> None:
        """Count a turn that was put down just now."""
        self.turns[turn.staff_id].append(turn)

    def drop(self, turn: Assignment) -> None:
        """No longer count a turn that was taken back."""
        self.turns[turn.staff_id] = [one for one in self.turns[turn.staff_id] if one.pk != turn.pk]

    def objection(
        self, *, staff: Staff, shift: Shift, day: date, span: Span | None = None, strict: bool = True
    ) -> Objection | None:
        """The first thing that speaks against a turn (D-01, D-04), None if nothing does.

        Without `strict` only what cannot be: a substitute at short notice may come early or one day more.
        """
        if day.weekday() not in shift.weekdays or not shift.active:
            return Objection(
                code="no_shift", text=NOT_THAT_DAY, rule="D-01", params={"day": str(day), "shift": shift.name}
            )
        window = span or shift.span(day=day)
        roles = self.roles_of(staff=staff, at=window[0])
        who = {"who": staff.name}
        if not roles or not staff.is_active:
            return Objection(code="not_here", text=NOT_HERE, rule="D-01", params=who)
        if shift.post.roles and not roles & set(shift.post.roles):
            return Objection(code="role", text=NO_ROLE, rule="D-01", params={**who, "post": shift.post.name})
        return self._clash(staff=staff, window=window) or (
            self._tired(staff, day, window) if strict else None
        )

    def _clash(self, *, staff: Staff, window: Span) -> Objection | None:
        for one in self.turns[staff.pk]:
            if overlap(one=(one.starts_at, one.ends_at), other=window):
                return Objection(
                    code="double", text=DOUBLE, rule="D-04",
                    params={"who": staff.name, "day": str(one.day), "shift": one.shift.name},
                )  # fmt: skip
        return None

    def _tired(self, staff: Staff, day: date, window: Span) -> Objection | None:
        hours = int(self.limits.rest / timedelta(hours=1))
        for one in self.turns[staff.pk]:
            if too_close(one=(one.starts_at, one.ends_at), other=window, rest=self.limits.rest):
                return Objection(
                    code="rest", text=NO_REST, rule="D-01",
                    params={"who": staff.name, "day": str(one.day), "shift": one.shift.name, "hours": hours},
                )  # fmt: skip
        days = {one.day.toordinal() for one in self.turns[staff.pk]}
        if too_many_in_a_row(days=days, day=day.toordinal(), most=self.limits.in_a_row):
            return Objection(
                code="row", text=IN_A_ROW, rule="D-01",
                params={"who": staff.name, "days": self.limits.in_a_row},
            )  # fmt: skip
        return None
