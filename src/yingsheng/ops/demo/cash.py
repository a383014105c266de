"""Stories of cash in our hands: weekly purchases, errands, the cashier every morning, the box at every handover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.kernel.cash.queries import balance
from yingsheng.kernel.cash.rules import fewest_pieces
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.fees.models import Handover
from yingsheng.processes.fees.process.asides import must_settle
from yingsheng.processes.fees.services.cashbox import count_box
from yingsheng.processes.fees.services.handing import count_takings, receive_takings
from yingsheng.processes.prepaid.models import Batch, Order
from yingsheng.processes.prepaid.services import batches, filing, orders, requests

WEEKS = 9
UNBOUGHT_SHARE, CHANGE_SHARE, LATE_SHARE = 0.06, 0.5, 0.06
AMOUNTS = (10_000, 20_000, 20_000, 30_000, 50_000)


def notes_for(*, fen: int) -> dict[str, Any]:
    """An amount as somebody counts it; what is smaller than a coin is explained."""
    notes: dict[str, Any] = {f"n_{one}": number for one, number in fewest_pieces(fen=fen).items()}
    return {**notes, "explanation": "不足一角的尾数"} if fen % 10 else notes


def count_before_leaving(*, actor: Actor, page_opened_at: datetime | None, at: datetime) -> None:
    """Whoever hands a shift over counts the box first, where it has to be (O-06)."""
    if page_opened_at is not None and must_settle(site=actor.site, since=page_opened_at, now=at):
        count_box(actor=actor, at=at, purpose="shift", **notes_for(fen=balance(site=actor.site)))


@dataclass
class Purse:
    """The cash of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast
    words: dict[str, Any] = field(default_factory=lambda: texts("cash"))

    def start(self, *, since: datetime) -> None:
        """Some weeks of purchases, the cashier every working morning, errands, the months."""
        today = self.line.now.astimezone(ZONE).date()
        monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
        homes = list(Household.objects.filter(site=self.site).select_related("room").order_by("pk"))
        for week in range(WEEKS + 1):
            self.line.start(story=self.week(monday=monday + timedelta(weeks=week), homes=homes, week=week))
        for number, told in enumerate(self.words["request"]):
            self.line.start(
                story=self.errand(told=told, home=homes[number * 31 + 7], day=monday, number=number)
            )
        day = since.astimezone(ZONE).date()
        while day <= today:
            self.line.start(story=self.morning(day=day))
            if day.day == 28 and day > monday:
                self.line.start(story=self.month(day=day))
            day += timedelta(days=1)

    def week(self, *, monday: date, homes: list[Household], week: int) -> Story:
        """Orders on Monday and Tuesday, the purchase on Wednesday, collected until the weekend (P-02 … P-05)."""
        moments = sorted(
            self._moment(monday + timedelta(days=number % 2), 9 + number, self.line.rng.randrange(5, 50))
            for number in range(4 + week % 3)
        )
        for number, at in enumerate(moments):
            yield at
            home = homes[(week * 17 + number * 29 + 3) % len(homes)]
            gas = number % 3 == 2
            orders.take_order(
                actor=self._actor("front", at), at=at, room=home.room.label, kind="gas" if gas else "electricity",
                cash_fen=self.line.rng.choice(AMOUNTS), payer="住户", device=f"{'QK' if gas else 'YKB'}-{home.pk:04d}",
            )  # fmt: skip
        at = self._moment(monday + timedelta(days=2), 13, 40)
        yield at
        front = self._actor("front", at)
        batch = batches.prepare_batch(
            actor=front, at=at, purchaser=self.cast["assistant"], remark=self.words["remark"]
        )
        batches.hand_batch_over(
            actor=front, record=batch, at=at, given_signature="王前台", taken_signature="何助理"
        )
        at += timedelta(minutes=self.line.rng.randrange(80, 130))
        yield at
        self._buy(batch=batch, at=at)
        at += timedelta(minutes=self.line.rng.randrange(20, 40))
        yield at
        change = sum(line.change_fen for line in batch.lines.all())
        batches.take_batch_back(
            actor=self._actor("front", at), record=Batch.objects.get(pk=batch.pk), at=at, change_fen=change,
            devices_back=batch.lines.filter(device_out=True).count(), back_signature="何助理", kept_signature="王前台",
        )  # fmt: skip
        for line in batch.lines.select_related("order").order_by("pk"):
            self.line.start(story=self.collect(order=line.order, at=at))

    def collect(self, *, order: Order, at: datetime) -> Story:
        """The home is told within the hour and comes during the next days, or waits for the next purchase (P-05)."""
        at += timedelta(minutes=self.line.rng.randrange(5, 60))
        yield at
        order = Order.objects.get(pk=order.pk)
        way = self.line.rng.choice(("slip", "phone"))
        order = orders.tell_home(actor=self._actor("front", at), record=order, at=at, way=way)
        if order.state == Order.State.NOT_BOUGHT or self.line.chance(0.08):
            return
        day = at.astimezone(ZONE).date() + timedelta(days=self.line.rng.randrange(1, 4))
        at = self._moment(day, self.line.rng.randrange(10, 18), self.line.rng.randrange(60))
        yield at
        orders.collect_order(
            actor=self._actor("front", at),
            record=order,
            at=at,
            collector="住户",
            signature="住户",
            counted=True,
        )

    def errand(self, *, told: dict[str, Any], home: Household, day: date, number: int) -> Story:
        """A payment or an opening on behalf of a home (P-01)."""
        at = self._moment(day + timedelta(days=8 + 11 * number), 10, 20)
        yield at
        row = requests.take_request(
            actor=self._actor("front", at), at=at, room=home.room.label, kind=told["kind"], utility=told["utility"],
            text=told["text"], papers=told["papers"], requested_by_name="住户", cash_fen=told.get("cash_fen"),
        )  # fmt: skip
        at += timedelta(hours=4)
        yield at
        row = requests.submit_request(
            actor=self._actor("front", at),
            record=row,
            at=at,
            runner=self.cast["assistant"],
            signature="何助理",
        )
        at += timedelta(hours=22)
        yield at
        assistant = self._actor("assistant", at)
        if "refused" in told:
            row = requests.refuse_request(actor=assistant, record=row, at=at, result=told["refused"])
        else:
            row = requests.finish_request(
                actor=assistant, record=row, at=at, result=told["result"], paid_fen=told.get("paid_fen"),
                receipt=f"R-{number + 1:04d}" if told.get("paid_fen") else "",
            )  # fmt: skip
        at += timedelta(hours=2)
        yield at
        requests.close_request(
            actor=self._actor("front", at), record=row, at=at, collector="住户", signature="住户"
        )

    def morning(self, *, day: date) -> Story:
        """What is due goes to the cashier before nine; now and then a little late (O-03)."""
        at = self._moment(day, 8, self.line.rng.randrange(32, 44))
        yield at
        bag = Handover.objects.filter(site=self.site, state=Handover.State.COLLECTING).first()
        if bag is None or bag.due_at is None or bag.due_at > at + timedelta(hours=1):
            return
        bag = count_takings(
            actor=self._actor("front", at), record=bag, at=at, signature="王前台", **notes_for(fen=bag.fen)
        )
        late = self.line.chance(LATE_SHARE)
        at = self._moment(day, 9, 18) if late else at + timedelta(minutes=9)
        yield at
        receive_takings(
            actor=self._actor("cashier", at), record=bag, at=at, signature="郝收银",
            remark=self.words["late"] if late else "",
        )  # fmt: skip

    def month(self, *, day: date) -> Story:
        """The statistics on the day that the rule names (P-06)."""
        at = self._moment(day, 17, 10)
        yield at
        filing.file_month(
            actor=self._actor("front", at), year=day.year, month=day.month, at=at, note=self.words["month"]
        )

    def _buy(self, *, batch: Batch, at: datetime) -> None:
        actor = self._actor("assistant", at)
        for number, line in enumerate(batch.lines.select_related("order").order_by("pk")):
            if self.line.chance(UNBOUGHT_SHARE):
                orders.record_not_bought(
                    actor=actor, record=line.order, at=at, reason=self.words["not_bought"]
                )
                continue
            left = self.line.rng.randrange(1, 40) * 50 if self.line.chance(CHANGE_SHARE) else 0
            orders.record_bought(
                actor=actor, record=line.order, at=at, bought_fen=line.prepaid_fen - left,
                quantity=(line.prepaid_fen - left) // 68, receipt=f"{at:%m%d}{batch.pk:03d}{number + 1:02d}",
            )  # fmt: skip

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=ZONE)

    def _actor(self, name: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[name], site=self.site, at=at)
