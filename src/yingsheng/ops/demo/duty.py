"""Stories of duty: shift follows shift with pages, lines, two signatures, a refusal, spot checks, and the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from yingsheng.kernel.calls.models import Exchange
from yingsheng.kernel.calls.rules import ANSWER, HANGUP, RING, Signal
from yingsheng.kernel.calls.services import call_back, give_extension, set_up_exchange, take_in
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.rosters.models import DutyPost
from yingsheng.kernel.rosters.queries import Slot, slots_of
from yingsheng.ops.demo.cash import count_before_leaving
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.duty.models import OpenItem, Page
from yingsheng.processes.duty.queries.carrying import carried_over, stoppers
from yingsheng.processes.duty.services import checks, entries, handing, preparing
from yingsheng.processes.duty.services.scheduling import schedule_day

DAYS = 10  # how far back the log goes
REFUSED_SHIFT = 7  # one of them was not taken over at the first attempt
RING_SECONDS = 5


@dataclass
class Duty:
    """The duty log and the telephone of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast

    def start(self) -> None:
        """Tell the last days of every post, the supervisor's mornings and checks, and the calls."""
        self.words = texts("duty")
        self.rooms = list(Room.objects.filter(site=self.site).order_by("pk")[:120])
        self.shift_number = 0
        today = self.line.now.astimezone(ZONE).date()
        first = today - timedelta(days=DAYS)
        for number in range(DAYS + 1):
            day = first + timedelta(days=number)
            self.line.start(story=self.day(at=datetime.combine(day, time(0, 5), tzinfo=ZONE)))
            self.line.start(story=self.morning(at=datetime.combine(day, time(8, 40), tzinfo=ZONE)))
        self.line.start(story=self.posts(at=datetime.combine(first, time(0, 10), tzinfo=ZONE)))
        for entry in self.words["spot"]:
            self.line.start(story=self.spot(words=entry))
        self.line.start(story=self.telephone(at=self.line.now - timedelta(days=DAYS)))

    def posts(self, *, at: datetime) -> Story:
        """Once the roster is out, each post goes its way."""
        yield at
        today = self.line.now.astimezone(ZONE).date()
        first = at.astimezone(ZONE).date()
        slots = slots_of(site=self.site, first=first, last=today + timedelta(days=1))
        for post in DutyPost.objects.filter(site=self.site, active=True):
            own = sorted(
                (one for one in slots if one.post == post and one.people), key=lambda one: one.starts_at
            )
            self.line.start(story=self.post([one for one in own if one.starts_at > at]))

    def day(self, *, at: datetime) -> Story:
        """The shifts of a day are laid out (D-05)."""
        yield at
        schedule_day(site=self.site, day=at.astimezone(ZONE).date(), at=at)

    def post(self, slots: list[Slot]) -> Story:
        """Shift follows shift; where none follows at once, whoever is there leaves alone (D-02)."""
        page: Page | None = None
        for slot, after in zip(slots, [*slots[1:], None], strict=True):
            if page is None:
                at = slot.starts_at - timedelta(minutes=6, seconds=self.line.rng.randrange(60))
                yield at
                page = handing.begin_post(
                    actor=self._actor(slot.people[0], at),
                    at=at,
                    arrived_at=at,
                    has_read=True,
                    post=slot.post.name,
                )
            yield from self._work(page, slot)
            follows = after is not None and after.starts_at == slot.ends_at
            if follows and after is not None:
                page = yield from self._hand(page, slot, after)
            else:
                at = slot.ends_at + timedelta(minutes=1)
                yield at
                self._let_go(page, at)
                handing.end_post(actor=self._actor(slot.people[0], at), record=page, at=at)
                page = None

    def _work(self, page: Page, slot: Slot) -> Story:
        """A few lines, and the preparations a quarter of an hour before the end (D-14, D-18, D-19)."""
        rng, who = self.line.rng, slot.people[0]
        length = (slot.ends_at - slot.starts_at).total_seconds() / 60 - 40
        moments = sorted(
            slot.starts_at + timedelta(minutes=8 + rng.random() * length) for _ in range(rng.randrange(1, 4))
        )
        if slot.shift.is_night and slot.post.order <= 10:
            moments = moments[:1]
        for at in moments:
            yield at
            self._write(page, slot, at)
        at = slot.ends_at - timedelta(minutes=15 + rng.randrange(1, 6))
        yield at
        preparing.prepare_handover(
            actor=self._actor(who, at), record=page, at=at, tidied=True, evidence=True, told="未完的事照清单逐件交代",
            property=["phones", "keys", "books", "computers", "desk"],
        )  # fmt: skip

    def _write(self, page: Page, slot: Slot, at: datetime) -> None:
        night = slot.shift.is_night
        words: dict[str, Any] = dict(self.line.rng.choice(self.words["night" if night else "line"]))
        settled = words.pop("settled", "")
        index = words.pop("room_index", None)
        code = words.pop("department", "")
        line = entries.write_line(
            actor=self._actor(slot.people[0], at), record=page, at=at, is_open=night,
            room=self.rooms[index % len(self.rooms)].label if index is not None else "",
            department=Department.objects.get(site=self.site, code=code) if code else None, **words,
        )  # fmt: skip
        if night and settled:
            self.line.start(story=self.settle(item=line.item, note=settled, after=slot.ends_at))

    def settle(self, *, item: OpenItem, note: str, after: datetime) -> Story:
        """By day something comes of what the night wrote down; of the last night's it is still to come (D-25)."""
        at = after + timedelta(hours=3, minutes=self.line.rng.randrange(60))
        yield at
        if self.line.now - at > timedelta(hours=20):
            entries.settle_item(actor=self._actor(self.cast["assistant"], at), record=item, at=at, note=note)

    def _hand(self, page: Page, slot: Slot, after: Slot) -> Any:
        """Both sign; once somebody refused at first (D-15, D-16, D-17, D-20)."""
        rng, out, into = self.line.rng, slot.people[0], after.people[0]
        self.shift_number += 1
        late = self.shift_number % 9 == 0
        arrived = slot.ends_at - timedelta(minutes=2 if late else rng.randrange(5, 10))
        if self.shift_number == REFUSED_SHIFT:
            at = arrived + timedelta(minutes=1)
            yield at
            preparing.refuse_handover(
                actor=self._actor(into, at),
                record=page,
                at=at,
                incoming=into,
                reason=self.words["refusal"]["reason"],
            )
            at += timedelta(minutes=6)
            yield at
            preparing.prepare_handover(
                actor=self._actor(out, at), record=page, at=at, tidied=True, evidence=True,
                told="钥匙已补登，其余照清单", property=["phones", "keys", "books", "computers", "desk"],
            )  # fmt: skip
        at = slot.ends_at + timedelta(minutes=rng.randrange(1, 4), seconds=20)
        yield at
        self._let_go(page, at)
        return handing.sign_over(
            actor=self._actor(out, at), record=page, at=at, outgoing=out, incoming=into, arrived_at=arrived,
            has_read=True, area="normal", to_follow="先看未完清单",
        )  # fmt: skip

    def _let_go(self, page: Page, at: datetime) -> None:
        """The box is counted (O-06); what important work is open, the supervisor lets go over (D-20)."""
        if page.opened_by is not None:
            count_before_leaving(actor=self._actor(page.opened_by, at), page_opened_at=page.opened_at, at=at)
        items = carried_over(page=page, at=at)
        if stoppers(page=page, items=items, at=at):
            preparing.accept_open(
                actor=self._actor(self.cast["supervisor"], at), record=page, at=at,
                reason=self.words["accept"]["reason"],
            )  # fmt: skip

    def morning(self, *, at: datetime) -> Story:
        """The supervisor reads and signs (D-21)."""
        yield at
        checks.check_log(actor=self._actor(self.cast["supervisor"], at), at=at)

    def spot(self, *, words: dict[str, Any]) -> Story:
        """The supervisor looks in (D-22)."""
        at = self.line.in_hours(at=self.line.now - timedelta(days=words["days_ago"], hours=2))
        yield at
        actor = self._actor(self.cast["supervisor"], at)
        check = checks.spot_check(
            actor=actor,
            at=at,
            result=words["result"],
            found=words["found"],
            demanded=words.get("demanded", ""),
        )
        if words.get("mended"):
            at += timedelta(hours=1)
            yield at
            checks.mend(
                actor=self._actor(self.cast["front"], at), record=check, at=at, mended=words["mended"]
            )

    def telephone(self, *, at: datetime) -> Story:
        """A telephone system is set up; then people ring, and whoever was missed is called back (B-06, D-10)."""
        yield at
        exchange, _key = set_up_exchange(
            site=self.site, name="前台总机", hotline="0755-20000001", by=self.cast["admin"], at=at
        )
        for phone, who in (("801", "front"), ("802", "front2")):
            give_extension(
                exchange=exchange, number=phone, staff=self.cast[who], by=self.cast["admin"], at=at
            )
        rows = self.words["call"] * DAYS
        step = (self.line.now - at) / (len(rows) + 1)
        for number, words in enumerate(rows):
            begins = self.line.in_hours(at=at + step * (number + 1))
            if begins < self.line.now - timedelta(minutes=5):
                self.line.start(
                    story=self.call(exchange=exchange, words=words, ref=f"demo-{number}", at=begins)
                )

    def call(self, *, exchange: Exchange, words: dict[str, Any], ref: str, at: datetime) -> Story:
        """One call."""
        who = self.line.rng.choice(("801", "802"))

        def tell(kind: str, when: datetime) -> Any:
            signal = Signal(
                ref=ref, kind=kind, at=when, number=words["number"], extension=who, line="20000001"
            )
            return take_in(exchange=exchange, signal=signal, now=when)

        yield at
        tell(RING, at)
        if words["rings"]:
            at += timedelta(seconds=RING_SECONDS * words["rings"] - 2)
            yield at
            tell(ANSWER, at)
        at += timedelta(seconds=35 + self.line.rng.randrange(120))
        yield at
        call = tell(HANGUP, at)
        if not words["rings"] and self.line.now - at > timedelta(hours=9):
            at = self.line.later(at=at, low=4, high=28)
            yield at
            call.refresh_from_db()
            if call.state == call.State.MISSED:
                staff = self.cast["front" if who == "801" else "front2"]
                call_back(
                    actor=self._actor(staff, at), record=call, at=at, outcome="reached", note=words["back"]
                )

    def _actor(self, staff: Staff, at: datetime) -> Actor:
        return actor_for(staff=staff, site=self.site, at=at)
