"""Stories of repairs: on the phone, by day and by night, small and large, paid and free, on time and late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story, Timeline, arrivals
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.services import closing, giving, intake, money, telling

CREW = {
    "engineer1": ("water", "electric", "appliance"),
    "engineer2": ("water", "masonry", "carpentry", "lock"),
    "plumber": ("water", "public"),
    "electrician": ("electric", "lift", "public", "lock"),
}
CHANNELS = ("phone", "visit", "relay", "email")
SHARES = (70, 22, 6, 2)
# what is in hand when the story ends: who, trade, how many steps of signing for and beginning are done
IN_HAND = (
    ("plumber", "water", 2), ("plumber", "water", 1), ("plumber", "water", 0), ("electrician", "electric", 2),
    ("electrician", "electric", 0), ("engineer1", "appliance", 1), ("", "water", 0), ("", "electric", 0),
    ("", "lock", 0),
)  # fmt: skip
LATE_SHARE = 0.12
REWORK_SHARE = 0.05


class Workshop:
    """The repair desk of one demonstration: its price list, its crew, and how a request goes on."""

    def __init__(self, *, line: Timeline, site: Site, cast: Cast, callers: Sequence[Caller]) -> None:
        self.line, self.site, self.cast, self.callers = line, site, cast, callers

    def open(self, *, at: datetime) -> None:
        """Put the price list up and say who can do what."""
        head = self._actor("supervisor", at)
        for row in texts("repairs")["price"]:
            set_price(actor=head, at=at, note="", **row)
        for name, trades in CREW.items():
            orders.set_profile(
                actor=head, staff=self.cast[name], trades=list(trades), shift_from=time(8), shift_to=time(20),
                weekdays=list(range(7)), away_until=None, active=True, at=at,
            )  # fmt: skip

    def start(self, *, since: datetime, number: int) -> None:
        """Let so many requests come in between `since` and now."""
        for at in arrivals(start=since, end=self.line.now, number=number, rng=self.line.rng, night=0.06):
            words = self.line.rng.choice(texts("repairs")["repair"])
            caller = self.line.rng.choice([one for one in self.callers if one.room is not None])
            self.line.start(story=self.repair(words=words, caller=caller, at=at))

    def give_the_evening(self) -> None:
        """The last hour: work that lies open on the phones of the crew, and some that nobody has yet."""
        homes = [one for one in self.callers if one.room is not None]
        for number, (name, trade, steps) in enumerate(IN_HAND):
            fit = [
                row for row in texts("repairs")["repair"] if row["trade"] == trade and not row.get("quote")
            ]
            at = self.line.now - timedelta(minutes=64 - 5 * number)
            story = self._open_one(
                words=fit[number % len(fit)],
                caller=homes[number * 7 % len(homes)],
                name=name,
                steps=steps,
                at=at,
            )
            self.line.start(story=story)

    def _open_one(
        self, *, words: dict[str, Any], caller: Caller, name: str, steps: int, at: datetime
    ) -> Story:
        """A request on its way: given to somebody or to the pool, signed for, begun, no more."""
        yield at
        case = intake.register_repair(
            site=self.site, caller=caller, title=words["title"], body=words.get("body", ""), kind=words["kind"],
            trade=words["trade"], part=words.get("part", "private"), channel="phone", by=self.cast["front"], at=at,
        )  # fmt: skip
        giving.give_order(
            case=case, by=self.cast["front"], at=at, trade=words["trade"], task=words["task"],
            department=self.cast.departments["engineering"], worker=self.cast[name] if name else None,
        )  # fmt: skip
        order = WorkOrder.objects.get(case=case)
        for minutes, verb in ((6, orders.accept_order), (11, orders.start_order))[:steps]:
            at += timedelta(minutes=minutes)
            yield at
            order = verb(order=order, actor=self._actor(name, at), at=at)

    def repair(
        self,
        *,
        words: dict[str, Any],
        caller: Caller,
        at: datetime,
        told: Callable[[Case, datetime], None] | None = None,
    ) -> Story:
        """One request from the first word to the archive, as far as the time since then allows.

        `told` hears of the case once it is registered.
        """
        yield at
        case = self._register(words=words, caller=caller, at=at)
        if told is not None:
            told(case, at)
        if case.repair.waits_for_morning:
            at = self.line.in_hours(at=at + timedelta(hours=8))
            yield at
        order = self._order(case=case, words=words, at=at)
        if order is None:
            return
        if words.get("quote"):
            at = self.line.later(at=at, low=10, high=60)
            yield at
            money.quote_repair(case=case, by=self.cast["front"], at=at, lines=words["quote"])
            at = self.line.later(at=at, low=10, high=90)
            yield at
            money.answer_quote(
                case=case, by=self.cast["front"], at=at, decision="accepted", who=caller.name or "住户"
            )
        yield from self._work(case=case, order=order, words=words, at=at)
        yield from self._settle(case=case, words=words, caller=caller)

    def _register(self, *, words: dict[str, Any], caller: Caller, at: datetime) -> Case:
        night = not 8 <= at.hour < 20
        channel = "night_log" if night else self.line.rng.choices(CHANNELS, weights=SHARES)[0]
        return intake.register_repair(
            site=self.site, caller=caller, title=words["title"], body=words.get("body", ""), kind=words["kind"],
            trade=words["trade"], part=words.get("part", "private"), place=words.get("place", ""), channel=channel,
            is_paid_work=bool(words.get("quote")), by=self.cast["night" if night else "front"], at=at,
            at_once=words["kind"] == "urgent",
        )  # fmt: skip

    def _order(self, *, case: Case, words: dict[str, Any], at: datetime) -> WorkOrder | None:
        """The order, mostly by turn; some lie in the pool for a while."""
        fit = [name for name, trades in CREW.items() if words["trade"] in trades]
        worker: Staff | None = self.cast[self.line.rng.choice(fit)] if fit else self.cast["engineer1"]
        fresh = self.line.now - at < timedelta(hours=26)
        if fresh and self.line.chance(0.4):
            worker = None
        giving.give_order(
            case=case, by=self.cast["front"], at=at, trade=words["trade"], task=words["task"],
            department=self.cast.departments["engineering"], worker=worker, outdoor=words.get("part") == "public",
        )  # fmt: skip
        order = WorkOrder.objects.get(case=case)
        return order if order.worker_id is not None else None

    def _work(self, *, case: Case, order: WorkOrder, words: dict[str, Any], at: datetime) -> Story:
        """Signed for, begun, finished; sometimes paused for material, sometimes too late."""
        assert order.worker is not None
        worker = order.worker
        hurry = words["kind"] == "urgent"
        at = self.line.later(at=at, low=3, high=8 if hurry else 40)
        yield at
        order = orders.accept_order(order=order, actor=self._who(worker, at), at=at)
        at = self.line.later(at=at, low=6, high=25 if hurry else 240)
        at = at if hurry else self.line.in_hours(at=at)
        yield at
        order = orders.start_order(order=order, actor=self._who(worker, at), at=at)
        if self.line.chance(LATE_SHARE):
            at = self.line.later(at=at, low=10, high=30)
            yield at
            order = orders.pause_order(order=order, actor=self._who(worker, at), at=at, reason="等配件到货")
            at = self.line.work_later(at=at, low=1200, high=3 * 1440)
            yield at
            order = orders.start_order(order=order, actor=self._who(worker, at), at=at)
            repair = Repair.objects.get(case=case)
            if repair.in_limit is False and repair.apologised_at is None:
                telling.apologise(
                    case=case,
                    by=self.cast["front"],
                    at=at,
                    reason="配件晚到",
                    told_to=case.caller_name or "住户",
                )
        at = self.line.later(at=at, low=15, high=70 if hurry else 150)
        yield at
        orders.finish_order(
            order=order, actor=self._who(worker, at), at=at, result=words["result"],
            checklist=["restored", "quiet", "way", "floor", "gifts"],
        )  # fmt: skip

    def _settle(self, *, case: Case, words: dict[str, Any], caller: Caller) -> Story:
        """The household told and asked, paid and signed where it costs, the form back, the case filed when visited."""
        done = Case.objects.get(pk=case.pk).handled_at
        assert done is not None
        who = caller.name or "住户"
        at = self.line.later(at=done, low=5, high=100)
        yield at
        if self.line.chance(REWORK_SHARE):
            telling.tell_result(
                case=case,
                by=self.cast["front"],
                at=at,
                told_to=who,
                satisfaction="no",
                opinion="没修好，又犯了",
            )
            giving.redo(case=case, by=self.cast["front"], at=at, reason="同一处又坏，返工")
            again = WorkOrder.objects.filter(case=case).latest("pk")
            yield from self._work(case=case, order=again, words=words, at=at)
            at = self.line.later(at=Case.objects.get(pk=case.pk).handled_at or at, low=5, high=60)
            yield at
        telling.tell_result(case=case, by=self.cast["front"], at=at, told_to=who, satisfaction="yes")
        if words.get("quote"):
            at = self.line.later(at=at, low=3, high=30)
            yield at
            money.take_pay(
                case=case, by=self.cast["front"], at=at, amount_fen=words["quote_fen"],
                method=self.line.rng.choice(("wechat", "cash", "alipay")), payer=who,
            )  # fmt: skip
            money.sign_off(case=case, by=self.cast["front"], at=at, signed_by=who)
        at = self.line.work_later(at=at, low=300, high=1400)
        yield at
        giving.recover_forms(case=case, by=self.cast["assistant"], at=at)
        at = self.line.work_later(at=at, low=3 * 1440, high=6 * 1440)
        yield at
        if not Repair.objects.get(case=case).visit_owed:
            closing.file_repair(case=case, by=self.cast["assistant"], at=at)

    def _who(self, staff: Staff, at: datetime) -> Actor:
        return actor_for(staff=staff, site=self.site, at=at)

    def _actor(self, name: str, at: datetime) -> Actor:
        return self._who(self.cast[name], at)
