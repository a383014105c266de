"""Stories of what stands beside the cases: notices, key customers, typical cases, plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from yingsheng.kernel.estate.models import Building, Household
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.papers import document
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story, Timeline
from yingsheng.processes.notices import services as notices
from yingsheng.processes.registers.services import customers, plans, typical

NOTICE_EVERY_DAYS = 6


@dataclass(frozen=True, kw_only=True)
class Registers:
    """The registers of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast

    def start(self, *, since: datetime) -> None:
        """Let every register have its past."""
        words = texts("registers")
        for number, entry in enumerate(words["typical"]):
            self.line.start(
                story=self.example(words=entry, at=since + timedelta(days=20 + 25 * number, hours=9))
            )
        for number, entry in enumerate(words["plan"]):
            self.line.start(story=self.plan(words=entry, at=since + timedelta(days=50, hours=9 + number)))
        homes = list(Household.objects.filter(site=self.site).select_related("room").order_by("pk"))
        for number, entry in enumerate(words["customer"]):
            home = homes[(number * 37 + 5) % len(homes)]
            # who was never contacted came on the list the other day
            at = (
                since + timedelta(days=3 + number, hours=9)
                if entry["contacts"]
                else self.line.now - timedelta(days=9)
            )
            self.line.start(story=self.customer(words=entry, home=home, at=at))
        self.start_notices(words=words["notice"], since=since)

    def start_notices(self, *, words: list[dict[str, Any]], since: datetime) -> None:
        """A notice every few days, one that runs now and one for tomorrow."""
        at, number = since + timedelta(days=2, hours=9), 0
        while at < self.line.now - timedelta(days=2):
            self.line.start(story=self.notice(words=words[number % len(words)], at=at))
            at, number = at + timedelta(days=NOTICE_EVERY_DAYS), number + 1
        running = self.line.now - timedelta(hours=1)
        self.line.start(story=self.notice(words=words[3], at=running, lead=timedelta(minutes=5)))
        self.line.start(story=self.notice(words=words[0], at=running, lead=timedelta(hours=18)))

    def notice(self, *, words: dict[str, Any], at: datetime, lead: timedelta = timedelta(days=1)) -> Story:
        """A department reports, the desk passes it on, colleagues read it, and its end is confirmed (Z-04, X-09)."""
        yield at
        buildings = list(Building.objects.filter(site=self.site).order_by("pk"))[: words["buildings"]]
        starts = at + (timedelta(minutes=5) if words["sudden"] else lead)
        ends = starts + timedelta(hours=words["hours"])
        one = notices.report_notice(
            actor=self._actor("front", at), at=at, kind=words["kind"], title=words["title"], text=words["text"],
            starts_at=starts, ends_at=ends, sudden=words["sudden"], buildings=buildings,
            department=self.cast.departments["engineering"],
        )  # fmt: skip
        at = self.line.later(at=at, low=3, high=25)
        yield at
        one = notices.publish_notice(actor=self._actor("front", at), record=one, at=at)
        for reader in ("supervisor", "assistant"):
            at = self.line.later(at=at, low=5, high=90)
            yield at
            notices.mark_seen(actor=self._actor(reader, at), record=one, at=at)
        at = max(at, ends) + timedelta(minutes=self.line.rng.randrange(5, 50))
        yield at
        notices.end_notice(actor=self._actor("front2", at), record=one, at=at, note="现场已看过，恢复正常")

    def example(self, *, words: dict[str, Any], at: datetime) -> Story:
        """A case worth telling is written, published, read, and may become a requirement (Z-06, B-10)."""
        yield at
        row = typical.write_typical(
            actor=self._actor("shift", at), at=at, title=words["title"], category=words["category"],
            summary=words["summary"], learned=words["learned"],
        )  # fmt: skip
        at = self.line.work_later(at=at, low=300, high=2000)
        yield at
        row = typical.publish_typical(actor=self._actor("supervisor", at), record=row, at=at)
        for reader in ("front", "front2", "assistant", "clerk1"):
            at = self.line.work_later(at=at, low=60, high=900)
            yield at
            typical.read_typical(actor=self._actor(reader, at), record=row, at=at)
        if words["requirement"]:
            at = self.line.work_later(at=at, low=1440, high=3 * 1440)
            yield at
            typical.adopt_typical(
                actor=self._actor("head", at), record=row, at=at, requirement_number=f"XM-{at:%Y}-01",
                requirement_date=at.date(), requirement_text=words["requirement"],
            )  # fmt: skip

    def customer(self, *, words: dict[str, Any], home: Household, at: datetime) -> Story:
        """A home is proposed, approved, and contacted as planned (Z-05)."""
        yield at
        row = customers.propose_customer(
            actor=self._actor("clerk1", at), at=at, room=home.room.key, reason=words["reason"], why=words["why"],
            care_by=self.cast["assistant"], every_days=words["every_days"],
        )  # fmt: skip
        at = self.line.work_later(at=at, low=60, high=1200)
        yield at
        row = customers.approve_customer(actor=self._actor("supervisor", at), record=row, at=at)
        said = words["contacts"]
        for number in range(20 if said else 0):
            at = self.line.in_hours(
                at=at + timedelta(days=words["every_days"], hours=-self.line.rng.randrange(2, 9))
            )
            yield at
            row = customers.contact_customer(
                actor=self._actor("assistant", at),
                record=row,
                at=at,
                way="phone",
                summary=said[number % len(said)],
            )

    def plan(self, *, words: dict[str, Any], at: datetime) -> Story:
        """A plan for next year: drafted, handed in, approved (Z-01, X-10)."""
        yield at
        row = plans.open_plan(
            actor=self._actor("head", at), at=at, kind=words["kind"], year=at.year + 1,
            drafter=self.cast["supervisor"], due_date=(self.line.now + timedelta(days=14)).date(),
        )  # fmt: skip
        if words["stage"] == "due":
            return
        at = self.line.work_later(at=at, low=10 * 1440, high=18 * 1440)
        yield at
        row = plans.hand_in_plan(
            actor=self._actor("supervisor", at), record=row, at=at, contribution=words["contribution"],
            files=[ContentFile(document(), name="plan.pdf")],
        )  # fmt: skip
        if words["stage"] == "approved":
            at = self.line.work_later(at=at, low=1440, high=4 * 1440)
            yield at
            plans.approve_plan(actor=self._actor("head", at), record=row, at=at)

    def _actor(self, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)
