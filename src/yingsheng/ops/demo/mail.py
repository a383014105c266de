"""Stories of mail: parcels and letters of some weeks, told of, collected, overdue, sent back; letters by the batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.estate.models import Household, Member
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.homes import AREAS
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.mail.process.books import STOCKTAKES
from yingsheng.processes.mail.services import batches, handing, intake, keeping, telling

WEEKS = 4
A_DAY = 3
KINDS = ("parcel", "express", "express", "registered", "parcel", "receipted")
CLERKS = ("clerk1", "clerk2")
ID_NUMBER = "110101199003070011"  # a number of nobody
DAMAGED_SHARE, FAMILY_SHARE, LEFT_SHARE, MISSED_SHARE = 0.06, 0.2, 0.07, 0.25


@dataclass
class Mail:
    """The mail of the demonstration site; a chance of its own, so that other stories stay as they are."""

    line: Timeline
    site: Site
    cast: Cast
    rng: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - a story, not a secret
    words: dict[str, Any] = field(default_factory=lambda: texts("mail"))
    homes: list[Household] = field(default_factory=list)

    def start(self) -> None:
        """Some parcels and two batches every day, and one of each that goes another way."""
        rows = Household.objects.filter(site=self.site, active_to__isnull=True, members__decides=True)
        self.homes = list(rows.select_related("room").order_by("pk").distinct())
        today = self.line.now.astimezone(ZONE).date()
        first = today - timedelta(weeks=WEEKS)
        for number in range(WEEKS * 7 + 1):
            day = first + timedelta(days=number)
            for place, area in enumerate(AREAS):
                self.line.start(
                    story=self.batch(area=area, clerk=CLERKS[place], at=self._moment(day, 9, place))
                )
            for _place in range(A_DAY):
                at = self._moment(day, self.rng.randrange(9, 17), self.rng.randrange(60))
                left = day > first + timedelta(days=14) and self.rng.random() < LEFT_SHARE
                self.line.start(story=self.item(at=at, left=left))
        self.line.start(story=self.kept(at=self._moment(first + timedelta(days=2), 10, 20)))
        self.line.start(story=self.strange(at=self._moment(first + timedelta(days=9), 11, 5), returned=True))
        self.line.start(story=self.strange(at=self._moment(today - timedelta(days=3), 11, 5), returned=False))
        self.line.start(story=self.counted(at=self._moment(today - timedelta(days=5), 16, 30)))

    def batch(self, *, area: str, clerk: str, at: datetime) -> Story:
        """Letters and papers of an area: sorted in the morning, told of, fetched in the afternoon (M-01, M-03)."""
        yield at
        row = batches.take_in_batch(
            actor=self._actor("front", at), at=at, area=area, letters=self.rng.randrange(3, 20),
            papers=self.rng.randrange(10, 40), magazines=self.rng.randrange(5), brought_by=self.words["carriers"][0],
        )  # fmt: skip
        at = self._moment(at.astimezone(ZONE).date(), 15, self.rng.randrange(10, 50))
        yield at
        officer = self.cast[clerk]
        row = batches.tell_of_batch(actor=self._actor("front2", at), record=row, at=at, officer=officer)
        at += timedelta(minutes=self.rng.randrange(20, 70))
        yield at
        batches.fetch_batch(
            actor=self._actor("front2", at), record=row, at=at, officer=officer, signature=officer.name
        )

    def item(self, *, at: datetime, left: bool) -> Story:
        """A parcel is taken in, its household told, and somebody comes for it (M-10, M-11, M-12)."""
        yield at
        home = self.rng.choice(self.homes)
        item = self._take_in(home=home, at=at)
        at = self._soon(at, 20, 150)
        yield at
        if self.rng.random() < MISSED_SHARE:
            telling.notify_household(
                actor=self._actor("assistant", at),
                record=item,
                at=at,
                way="phone",
                note=self._one("not_reached"),
            )
            at = self._soon(at, 30, 60)
            yield at
        telling.notify_household(
            actor=self._actor("assistant", at),
            record=item,
            at=at,
            way="phone",
            reached=True,
            note=self._one("told"),
        )
        if left:
            return
        at = self._soon(at, 60, 3 * 1440)
        yield at
        self._hand_out(item=item, home=home, at=at)

    def kept(self, *, at: datetime) -> Story:
        """Overdue, tried together with the area clerk, and kept for somebody who lives here (M-07, M-08)."""
        yield at
        item = self._take_in(home=self.homes[4], at=at)
        at += timedelta(days=7, hours=3)
        yield at
        told = self.words["overdue"]
        keeping.contact_overdue(
            actor=self._actor("assistant", at), record=item, at=at, way="phone", officer=self.cast["clerk1"],
            note=told["note"],
        )  # fmt: skip
        at += timedelta(minutes=40)
        yield at
        keeping.keep_item(actor=self._actor("assistant", at), record=item, at=at, because=told["because"])

    def strange(self, *, at: datetime, returned: bool) -> Story:
        """Somebody who lives here no longer: verified, and back to the post within the days of the rule (M-13)."""
        yield at
        told = self.words["strange"]
        item = intake.take_in_item(
            actor=self._actor("front", at), at=at, kind="registered", addressee=told["addressee"],
            destination=told["destination"], carrier=self.words["carriers"][0], place=self.words["shelves"][0],
        )  # fmt: skip
        at += timedelta(days=2, hours=2)
        yield at
        keeping.mark_undeliverable(
            actor=self._actor("assistant", at),
            record=item,
            at=at,
            cause="moved",
            verified_as=told["verified_as"],
        )
        if not returned:
            return
        at += timedelta(days=1)
        yield at
        handing.return_to_post(
            actor=self._actor("assistant", at), record=item, at=at, clerk=told["postman"],
            organisation=self.words["carriers"][0], signature=told["postman"],
        )  # fmt: skip

    def counted(self, *, at: datetime) -> Story:
        """The shelf is counted; everything is where the book says (M-06)."""
        yield at
        who = self._actor("assistant", at)
        row = STOCKTAKES.make(actor=who, at=at)  # type: ignore[misc]
        scan, close = STOCKTAKES.verb("scan"), STOCKTAKES.verb("close")
        assert scan is not None and close is not None
        for number in list(row.lines.values_list("item__number", flat=True)):
            at += timedelta(seconds=20)
            yield at
            if Item.objects.filter(number=number, site=self.site, state=Item.State.HELD).exists():
                scan.run(actor=who, record=row, at=at, code=number)
        at += timedelta(minutes=1)
        yield at
        close.run(actor=who, record=row, at=at)

    def _take_in(self, *, home: Household, at: datetime) -> Item:
        damage = self._one("damages") if self.rng.random() < DAMAGED_SHARE else ""
        return intake.take_in_item(
            actor=self._actor("front", at), at=at, kind=self.rng.choice(KINDS), room=home.room.key,
            tracking_number=f"YX{self.rng.randrange(10**9):09d}", carrier=self._one("carriers"),
            sender=self._one("senders"), place=self._one("shelves"), condition="worn" if damage else "sound",
            damage=damage,
        )  # fmt: skip

    def _hand_out(self, *, item: Item, home: Household, at: datetime) -> None:
        if self.rng.random() < FAMILY_SHARE:
            name = self._one("family_names")
            handing.collect_by_family(
                actor=self._actor("assistant", at), record=item, at=at, name=name, relation=self._one("relations"),
                id_kind="id_card", id_number=ID_NUMBER, signature=name,
            )  # fmt: skip
            return
        owner = Member.objects.filter(household=home, active_to__isnull=True, decides=True).get().person.name
        handing.collect(
            actor=self._actor("assistant", at),
            record=item,
            at=at,
            name=owner,
            identity="id_card",
            signature=owner,
        )

    def _one(self, name: str) -> str:
        return str(self.rng.choice(self.words[name]))

    def _soon(self, at: datetime, low: int, high: int) -> datetime:
        return self.line.in_hours(at=at + timedelta(minutes=self.rng.randrange(low, high)))

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=ZONE)

    def _actor(self, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)
