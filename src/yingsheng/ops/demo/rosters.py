"""Stories of the duty roster: three months' plans, leave, swaps, wishes, and nights when somebody was rung up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.base.months import next_month, previous_month
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.services import Wanted, fill
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.turns.rules.limits import fill_greedily
from yingsheng.processes.turns.services import leaves, swaps, wishes
from yingsheng.processes.turns.services.months import publish_month
from yingsheng.processes.turns.services.planning import describe_month

PLANNED_DAYS_BEFORE = 4
ASK_DAYS_BEFORE = 3
LATE_IN_MONTH = 27


@dataclass(frozen=True, kw_only=True)
class Rosters:
    """The duty roster of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast

    def start(self) -> None:
        """Plans of last month, this month and next month, and what people asked for in between."""
        words = texts("rosters")
        today = self.line.now.astimezone(ZONE).date()
        this = today.replace(day=1)
        last = date(*previous_month(year=this.year, month=this.month), 1)
        following = date(*next_month(year=this.year, month=this.month), 1)
        for month in (last, this):
            made = datetime.combine(month - timedelta(days=PLANNED_DAYS_BEFORE), time(10), tzinfo=ZONE)
            self.line.start(story=self.plan(month=month, at=made, published=True))
        # at the end of a month next month's plan is out already
        is_late = today.day >= LATE_IN_MONTH
        made = self.line.now - timedelta(hours=60)
        self.line.start(story=self.plan(month=following, at=made, published=is_late))
        for entry in words["leave"]:
            self.line.start(story=self.leave(words=entry))
        for entry in words["swap"]:
            self.line.start(story=self.swap(words=entry))
        for number, entry in enumerate(words["wish"]):
            self.line.start(story=self.wish(words=entry, day=following + timedelta(days=4 + 6 * number)))
        for entry in words["call"]:
            self.line.start(story=self.call(words=entry))

    def plan(self, *, month: date, at: datetime, published: bool) -> Story:
        """The supervisor plans a month with a pencil, and publishes it (D-01)."""
        yield at
        actor = self._actor("supervisor", at)
        diary = fill_greedily(month=describe_month(actor=actor, month=month, at=at))
        shifts = {one.pk: one for one in Shift.objects.filter(post__site=self.site).select_related("post")}
        staff = {one.pk: one for one in self.cast.staff.values()}
        wanted = [
            Wanted(
                shift=shifts[int(slot.split("@")[0])], day=date.fromordinal(int(slot.split("@")[1])),
                staff=staff[person],
            )
            for slot, person in diary.pairs
        ]  # fmt: skip
        fill(site=self.site, month=month, wanted=wanted, by=actor.staff, at=at, source="hand")
        if not published:
            return
        at = self.line.in_hours(at=at + timedelta(hours=4))
        yield at
        publish_month(actor=self._actor("supervisor", at), at=at, month=month)

    def leave(self, *, words: dict[str, Any]) -> Story:
        """Somebody asks for leave on a day of his own, and is answered (D-11, D-28)."""
        at = self._days_ago(words["days_ago"])
        yield at
        turn = self._turn(self.cast[words["who"]], after=at + timedelta(days=1))
        starts, ends = (turn.starts_at, turn.ends_at) if turn is not None else (at, at + timedelta(hours=8))
        if words["kind"] == "cover":
            ends = starts + timedelta(hours=3)
        row = leaves.ask_leave(
            actor=self._actor(words["who"], at), at=at, kind=words["kind"], starts_at=starts, ends_at=ends,
            reason=words["reason"],
        )  # fmt: skip
        if words["outcome"] == "asked":
            return
        at = self.line.work_later(at=at, low=30, high=300)
        yield at
        if words["outcome"] == "refused":
            leaves.refuse_leave(
                actor=self._actor("supervisor", at), record=row, at=at, decision="月底人手紧，请改到下月"
            )
            return
        leaves.approve_leave(
            actor=self._actor("supervisor", at), record=row, at=at, substitute=self.cast[words["substitute"]]
        )

    def swap(self, *, words: dict[str, Any]) -> Story:
        """Two people change turns, with the supervisor's word (D-11)."""
        at = self._days_ago(words["days_ago"])
        yield at
        turn = self._turn(self.cast[words["who"]], after=at + timedelta(hours=12))
        if turn is None:
            return
        row = swaps.ask_swap(
            actor=self._actor(words["who"], at), at=at, day=turn.day, shift=turn.shift.code,
            colleague=self.cast[words["colleague"]], reason=words["reason"],
        )  # fmt: skip
        at = self.line.later(at=at, low=10, high=60)
        yield at
        row = swaps.agree_swap(actor=self._actor(words["colleague"], at), record=row, at=at)
        if words["outcome"] != "approved":
            return
        at = self.line.work_later(at=at, low=30, high=200)
        yield at
        swaps.approve_swap(actor=self._actor("supervisor", at), record=row, at=at)

    def wish(self, *, words: dict[str, Any], day: date) -> Story:
        """Somebody would like a day free next month (D-01)."""
        at = self._days_ago(ASK_DAYS_BEFORE)
        yield at
        wishes.make_wish(actor=self._actor(words["who"], at), at=at, day=day, note_text=words["note"])

    def call(self, *, words: dict[str, Any]) -> Story:
        """Somebody on call is rung up at night (D-13)."""
        at = self.line.now - timedelta(hours=words["hours_ago"])
        yield at
        row = wishes.record_call(
            actor=self._actor("duty", at), at=at, staff=self.cast[words["who"]], outcome=words["outcome"],
            reason=words["reason"], note_text=words["note"],
        )  # fmt: skip
        if words["outcome"] != "coming":
            return
        at = at + timedelta(minutes=38)
        yield at
        wishes.record_arrival(actor=self._actor("duty", at), record=row, at=at)

    def _days_ago(self, days: int) -> datetime:
        back = self.line.now - timedelta(days=days, hours=3)
        return self.line.in_hours(at=back) if days else back

    def _turn(self, staff: Staff, *, after: datetime) -> Assignment | None:
        rows = Assignment.objects.filter(
            site=self.site,
            staff=staff,
            active=True,
            roster__state=Roster.State.PUBLISHED,
            starts_at__gt=after,
        )
        return rows.select_related("shift").order_by("starts_at").first()

    def _actor(self, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)
