"""Stories of the key cabinet: what hangs there, who borrows it, what is lost, and the count of each month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.custody.rules import HELD
from yingsheng.kernel.estate.models import Household, Room
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.keys.process.books import STOCKTAKES
from yingsheng.processes.keys.queries import list_keys
from yingsheng.processes.keys.services import cabinet, lending, losing
from yingsheng.processes.keys.services.month import file_month

CABINETS = ("1号柜", "2号柜")
ENTRUSTED, VACANT = 9, 8
LOANS_A_WEEK = 5
OUTSIDE_EVERY = 6
# invented, with a right check digit and of a district that is none
PAPERS = ("990101199001010019", "990101198505050023")


@dataclass
class Keys:
    """The key cabinet of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast
    words: dict[str, Any] = field(default_factory=lambda: texts("keys"))

    def start(self, *, since: datetime) -> None:
        """Hang the keys, then let every week have its loans and every month its count."""
        opened = since + timedelta(days=1)
        self.line.start(story=self.hang(at=self._moment(opened, 9, 0)))
        day, number = opened + timedelta(days=1), 0
        while day < self.line.now - timedelta(days=1):
            for _ in range(LOANS_A_WEEK):
                at = day + timedelta(days=self.line.rng.randrange(6))
                moment = self._moment(at, self.line.rng.randrange(8, 17), self.line.rng.randrange(60))
                self.line.start(story=self.loan(number=number, at=moment))
                number += 1
            day += timedelta(days=7)
        self.line.start(story=self.lose(at=self._moment(self.line.now - timedelta(days=19), 10, 20)))
        self.line.start(story=self.out_now(number=1, at=self.line.now - timedelta(hours=3), hours=6))
        self.line.start(story=self.out_now(number=3, at=self.line.now - timedelta(hours=27), hours=24))
        month = since.astimezone(ZONE).date().replace(day=1)
        while month <= self.line.now.astimezone(ZONE).date():
            self.line.start(story=self.count(month=month))
            month = (month + timedelta(days=32)).replace(day=1)

    def hang(self, *, at: datetime) -> Story:
        """Spare keys of equipment rooms, homes without a tenant, and what owners entrusted (K-01, K-02, K-10)."""
        yield at
        actor, hook = self._actor("front", at), 0
        for told in self.words["spare"]:
            hook += 1
            cabinet.register_key(actor=actor, at=at, cabinet=CABINETS[0], hook=f"A-{hook:02d}", **told)
        homes = list(Household.objects.filter(site=self.site, active_to__isnull=True).select_related("room"))
        lived_in = {home.room_id for home in homes}
        empty = list(Room.objects.filter(site=self.site).exclude(pk__in=lived_in).order_by("pk")[:VACANT])
        for room in empty or [home.room for home in homes[-VACANT:]]:
            hook += 1
            cabinet.register_key(
                actor=actor, at=at, kind="vacant", name="入户门", room=room.key, cabinet=CABINETS[0], pieces=3,
                hook=f"A-{hook:02d}", is_security_door=True, handed_by="开发单位交付组",
            )  # fmt: skip
        for number, home in enumerate(homes[7 :: len(homes) // ENTRUSTED][:ENTRUSTED]):
            at += timedelta(days=self.line.rng.randrange(1, 5), minutes=self.line.rng.randrange(200))
            yield at
            owner = home.members.select_related("person").order_by("-decides", "pk").first()
            cabinet.register_key(
                actor=self._actor("front2", at), at=at, kind="entrusted", name="入户门", room=home.room.key,
                cabinet=CABINETS[1], hook=f"B-{number + 1:02d}", is_security_door=True,
                pledged_by=owner.person.name if owner is not None else "业主", signature="业主本人",
            )  # fmt: skip

    def loan(self, *, number: int, at: datetime) -> Story:
        """Out in the morning, back in the afternoon; now and then late (K-04 … K-06)."""
        yield at
        key = self._free(at=at, number=number)
        if key is None:
            return
        actor = self._actor(self.line.rng.choice(("front", "front2")), at)
        outside = number % OUTSIDE_EVERY == OUTSIDE_EVERY - 1
        consent: dict[str, Any] = (
            {"consent_by": "业主本人", "consent_way": "phone"} if key.kind == "entrusted" else {}
        )
        due = at + timedelta(hours=self.line.rng.choice((4, 6, 24)))
        if outside:
            told = self.line.rng.choice(self.words["outside"])
            key = lending.lend_outside(
                actor=actor, record=key, at=at, due_at=due, id_kind="id_card", id_number=self.line.rng.choice(PAPERS),
                deposit_fen=20000, signature=told["name"], **told, **consent,
            )  # fmt: skip
        else:
            told = self.line.rng.choice(self.words["inside"])
            staff = self.cast[told["who"]]
            key = lending.lend_inside(
                actor=actor, record=key, at=at, staff=staff, purpose=told["purpose"], due_at=due,
                signature=staff.name, **consent,
            )  # fmt: skip
        late = self.line.chance(0.08)
        at = due + timedelta(hours=3) if late else at + (due - at) * self.line.rng.uniform(0.3, 0.95)
        yield at
        if late:
            lending.chase_key(
                actor=self._actor("front", at), record=key, at=at, way="phone", result="活还没干完，马上送回"
            )
            at += timedelta(minutes=50)
            yield at
        lending.take_back(
            actor=self._actor("front", at), record=Item.objects.get(pk=key.pk), at=at, remark="完好",
            signature=key.holder_name if outside else "",
        )  # fmt: skip

    def out_now(self, *, number: int, at: datetime, hours: int) -> Story:
        """A key that is out at this moment, in time or overdue."""
        yield at
        key = list_keys(actor=self._actor("front", at)).filter(state=HELD, kind="equipment_spare")[number]
        lending.lend_inside(
            actor=self._actor("front", at), record=key, at=at, staff=self.cast["plumber"], purpose="查漏水",
            due_at=at + timedelta(hours=hours), signature=self.cast["plumber"].name,
        )  # fmt: skip

    def lose(self, *, at: datetime) -> Story:
        """One is lost, the household told, and a new one cut (K-04)."""
        yield at
        key = list_keys(actor=self._actor("front", at)).filter(state=HELD, kind="other").last()
        if key is None:
            return
        losing.report_loss(
            actor=self._actor("front", at),
            record=key,
            at=at,
            circumstances="活动后清点少一把，找过会所和保洁间",
        )
        at += timedelta(hours=5)
        yield at
        losing.decide_loss(
            actor=self._actor("supervisor", at), record=Item.objects.get(pk=key.pk), at=at, outcome="recut",
            decision="另配一把，费用由借用部门承担",
        )  # fmt: skip

    def count(self, *, month: date) -> Story:
        """The count of a month, scanned in one go, and its report (K-08)."""
        at = datetime.combine(month.replace(day=26), time(14, 5), tzinfo=ZONE)
        yield at
        actor = self._actor("front", at)
        keys = list(list_keys(actor=actor).filter(state=HELD).order_by("place"))
        if not keys:
            return
        count: Stocktake = STOCKTAKES.make(actor=actor, at=at)  # type: ignore[misc]
        scan, close = STOCKTAKES.verb("scan"), STOCKTAKES.verb("close")
        assert scan is not None and close is not None
        for key in keys:
            scan.run(actor=actor, record=count, at=at, code=key.number)
        at += timedelta(minutes=35)
        yield at
        for line in count.lines.filter(seen_at__isnull=True, item__state=HELD).select_related("item"):
            scan.run(actor=self._actor("front", at), record=count, at=at, code=line.item.number)
        close.run(actor=self._actor("front", at), record=count, at=at, note="逐柜扫码，账实相符")
        at = datetime.combine(month.replace(day=28), time(10, 10), tzinfo=ZONE)
        yield at
        file_month(
            actor=self._actor("front", at), year=month.year, month=month.month, at=at,
            conclusion="钥匙账实相符，借出的都在期限内或已催还。",
        )  # fmt: skip

    def _free(self, *, at: datetime, number: int) -> Item | None:
        rows = list(list_keys(actor=self._actor("front", at)).filter(state=HELD).order_by("pk"))
        return rows[(number * 5) % len(rows)] if rows else None

    def _moment(self, day: datetime, hour: int, minute: int) -> datetime:
        return datetime.combine(day.astimezone(ZONE).date(), time(hour, minute), tzinfo=ZONE)

    def _actor(self, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)
