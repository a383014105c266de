"""Stories of the gate: passes, visitors, deposits and reconciled weeks up to this morning."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.visitors.models import Pass
from yingsheng.processes.visitors.queries.weeks import monday_of, week_of
from yingsheng.processes.visitors.services import deposits, gate, keeping, passes, visits, weeks

WEEKS = 5
PASSES_A_DAY, VISITORS_A_DAY = 2, 5
USED_SHARE, ODD_SHARE, ASK_SHARE, AWAY_SHARE = 0.8, 0.1, 0.12, 0.15


@dataclass
class Gate:
    """The gate of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast
    words: dict[str, Any] = field(default_factory=lambda: texts("visitors"))
    homes: list[Household] = field(default_factory=list)

    def start(self) -> None:
        """Let every day since have its passes and visitors, every night its tidying, every week its end."""
        self.homes = list(
            Household.objects.filter(site=self.site, active_to__isnull=True)
            .select_related("room")
            .order_by("pk")
        )
        today = self.line.now.astimezone(ZONE).date()
        first = monday_of(today - timedelta(weeks=WEEKS))
        day = first
        while day <= today:
            for number in range(PASSES_A_DAY):
                self.line.start(story=self.release(at=self._hour(day, 9 + number * 4)))
            for number in range(VISITORS_A_DAY):
                self.line.start(story=self.visit(at=self._hour(day, 9 + number * 2)))
            if day.weekday() in (1, 4):
                self.line.start(story=self.deposit(at=self._hour(day, 10)))
            self.line.start(story=self.night(at=self._moment(day, 23, 30)))
            if day.weekday() == 0 and day > first:
                self.line.start(story=self.week(at=self._moment(day, 10, 20), first=day - timedelta(days=7)))
            day += timedelta(days=1)
        soon = self.line.now - timedelta(minutes=35)
        self.line.start(story=self.waiting(at=soon))

    def release(self, *, at: datetime) -> Story:
        """A pass asked for, its owner rung if need be, its goods at the gate (V-02, V-03)."""
        yield at
        told = self.line.rng.choice(self.words["list"])
        is_owner, is_asked = told["relation"] == "owner", self.line.chance(ASK_SHARE)
        way = "" if is_owner else "ask" if is_asked else "phone"
        row = passes.issue_pass(
            actor=self._actor("front", at), at=at, room=self._home().room.key, relation=told["relation"],
            applicant=self.line.rng.choice(self.words["applicants"]), items=told["items"], consent_way=way,
            consent_name="业主" if way == "phone" else "",
        )  # fmt: skip
        if way == "ask":
            at = self.line.later(at=at, low=5, high=50)
            yield at
            row = passes.note_consent(
                actor=self._actor("front", at), record=row, at=at, consent_way="phone", consent_name="业主"
            )
        at = self.line.later(at=at, low=15, high=180)
        yield at
        if self.line.chance(ODD_SHARE):
            yield from self._odd(row=row, at=at)
        elif self.line.chance(USED_SHARE):
            gate.release_pass(actor=self._actor("gate", at), record=row, at=at, matches="yes")

    def _odd(self, *, row: Pass, at: datetime) -> Story:
        """Something that the list does not name: kept back, and another pass (V-02)."""
        gate.keep_back(
            actor=self._actor("gate", at), record=row, at=at, reason="mismatch", remark="多一台电风扇"
        )
        at = self.line.later(at=at, low=5, high=20)
        yield at
        items = "\n".join(f"{one.name} {one.count}" for one in row.items.order_by("serial"))
        passes.replace_pass(actor=self._actor("front", at), record=row, at=at, items=f"{items}\n电风扇 1")
        at = self.line.later(at=at, low=3, high=12)
        yield at
        fresh = Pass.objects.get(replaces=row)
        gate.release_pass(actor=self._actor("gate", at), record=fresh, at=at, matches="yes")

    def visit(self, *, at: datetime) -> Story:
        """Somebody comes: the host agrees, is away, or does not want to (V-01, V-05 … V-08)."""
        yield at
        rng, is_office = self.line.rng, self.line.chance(0.2)
        row = visits.register_visitor(
            actor=self._actor("lobby", at), at=at, name=rng.choice(self.words["visitors"]),
            purpose=rng.choice(self.words["purposes"]), people=rng.choice((1, 1, 1, 2, 3)),
            host_kind="office" if is_office else "home", room="" if is_office else self._home().room.key,
            host_unit=rng.choice(self.words["offices"]) if is_office else "",
        )  # fmt: skip
        at = self.line.later(at=at, low=1, high=9)
        yield at
        if self.line.chance(AWAY_SHARE):
            visits.take_message(
                actor=self._actor("lobby", at), record=row, at=at, message=rng.choice(self.words["messages"])
            )
            return
        guard = self._actor("gate", at)
        if self.line.chance(0.06):
            visits.turn_away(actor=guard, record=row, at=at, reason=rng.choice(self.words["refusals"]))
            return
        visits.let_in(
            actor=guard, record=row, at=at, host_answer="yes", id_state="shown", led_by="康大堂" if is_office else ""
        )  # fmt: skip
        at = self.line.later(at=at, low=20, high=150)
        yield at
        visits.see_off(actor=self._actor("lobby", at), record=row, at=at)

    def deposit(self, *, at: datetime) -> Story:
        """Something is left or found, and mostly collected (V-04)."""
        yield at
        told = self.line.rng.choice(self.words["deposit"])
        room = self._home().room.key if told["kind"] == "deposit" else ""
        item = deposits.take_deposit(actor=self._actor("lobby", at), at=at, room=room, **told)
        at = self.line.in_hours(at=at + timedelta(hours=self.line.rng.randrange(3, 60)))
        yield at
        if self.line.chance(0.75):
            deposits.collect_deposit(
                actor=self._actor("lobby", at), record=item, at=at, collector=told["giver"] if room else "失主",
                signature="本人", id_kind="known",
            )  # fmt: skip

    def night(self, *, at: datetime) -> Story:
        """What the worker does of itself (V-02, V-09)."""
        yield at
        keeping.run_out(site=self.site, now=at)
        keeping.forget_visitors(site=self.site, now=at)

    def week(self, *, at: datetime, first: date) -> Story:
        """The week before, reconciled on Monday (V-02)."""
        yield at
        actor = self._actor("supervisor", at)
        found = week_of(actor=actor, first=first)
        words = {pk: self.line.rng.choice(self.words["differences"]) for pk in found.to_explain}
        slips = found.count.released + found.count.not_released
        weeks.reconcile_week(actor=actor, at=at, first=first, slips=slips, words=words)

    def waiting(self, *, at: datetime) -> Story:
        """What is under way now: an owner to ask, a guest who waits, one who is announced."""
        yield at
        passes.issue_pass(
            actor=self._actor("front", at), at=at, room=self.homes[17].room.key, relation="tenant", applicant="租客",
            items="书柜 1 大件\n纸箱 6", consent_way="ask",
        )  # fmt: skip
        passes.issue_pass(
            actor=self._actor("front", at), at=at, room=self.homes[42].room.key, relation="owner", applicant="业主",
            items="跑步机 1 大件",
        )  # fmt: skip
        at = at + timedelta(minutes=30)
        yield at
        visits.register_visitor(
            actor=self._actor("lobby", at), at=at, name="来客丁", purpose="看望老人", host_kind="home",
            room=self.homes[17].room.key,
        )  # fmt: skip
        visits.register_visitor(
            actor=self._actor("front", at), at=at, name="街道参观", purpose="参观", host_kind="office",
            host_unit="管理处", people=6, is_vip=True, expected_at=at + timedelta(hours=20),
            met_by=self.cast["lobby"],
        )  # fmt: skip

    def _home(self) -> Household:
        return self.line.rng.choice(self.homes)

    def _hour(self, day: date, hour: int) -> datetime:
        return self._moment(day, hour, self.line.rng.randrange(60))

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=ZONE)

    def _actor(self, name: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[name], site=self.site, at=at)
