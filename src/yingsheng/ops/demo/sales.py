"""Stories of the sales office: a rotation of a fortnight, customers of every kind, deals, a snatching, a bonus."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.salesdesk.models import Deal, Entry, Project, Visit
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.rules.queue import find_next, list_free
from yingsheng.processes.salesdesk.services import (
    applying,
    bonuses,
    calls,
    deals,
    finding,
    rates,
    receiving,
    registering,
)
from yingsheng.processes.salesdesk.services.listing import move, open_project

AGENTS = ("sales1", "sales2", "sales3", "sales4")
DAYS = 12
CLOSING_EVERY = 4


@dataclass
class Sales:
    """The sales office of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast
    words: dict[str, Any] = field(default_factory=lambda: texts("sales"))
    project: Project | None = None
    entries: dict[str, Entry] = field(default_factory=dict)  # by the name of the customer
    sold: int = 0

    def start(self) -> None:
        """Open the project, then let its days go by; today the office is open."""
        now = self.line.now
        first = now.astimezone(ZONE).date() - timedelta(days=DAYS)
        self.line.start(story=self.open(at=self._moment(first, 8, 30)))
        people = list(self.words["customer"])
        for number in range(DAYS):
            day = first + timedelta(days=number)
            self.line.start(story=self.day(at=self._moment(day, 8, 50), number=number))
            for place, hour in enumerate((9, 14)):
                who = people[(number * 2 + place) % len(people)]
                at = self._moment(day, hour, 15 + self.line.rng.randrange(30))
                self.line.start(story=self.visitor(at=at, who=who, number=number * 2 + place))
        for number, told in enumerate(self.words["call"]):
            at = self._moment(first + timedelta(days=2 + 3 * number), 11, 20)
            self.line.start(story=self.call(at=at, told=told, agent=AGENTS[number]))
        self.line.start(story=self.leaders(at=self._moment(first + timedelta(days=5), 16, 0)))
        self.line.start(story=self.ask(at=self._moment(first + timedelta(days=7), 17, 10)))
        self.line.start(story=self.bonus(at=self._moment(first + timedelta(days=9), 17, 30)))
        self.line.start(story=self.dispute(at=self._moment(first + timedelta(days=DAYS - 1), 16, 20)))
        self.line.start(story=self.today())

    def open(self, *, at: datetime) -> Story:
        """The project with its list and what a deal earns."""
        yield at
        manager = self._actor("sales", at)
        self.project = open_project(actor=manager, at=at, name=self.words["project"])
        for name in AGENTS:
            move(actor=manager, project=self.project, at=at, agent=self.cast[name], kind="join")
        rates.set_rate(
            actor=manager, at=at, project=self.project.name, kind="part", percent="0.8", reason="项目开盘",
            valid_from=at.astimezone(ZONE).date(),
        )  # fmt: skip

    def day(self, *, at: datetime, number: int) -> Story:
        """Everybody signs in but who is off; in the evening whoever is there signs off."""
        yield at
        project, off = self._project(), AGENTS[number % len(AGENTS)]
        manager = self._actor("sales", at)
        for name in AGENTS:
            if name == off:
                move(
                    actor=manager, project=project, at=at, agent=self.cast[name], kind="leave", reason="轮休"
                )
            else:
                move(
                    actor=self._actor(name, at), project=project, at=at, agent=self.cast[name], kind="sign_in"
                )
        at += timedelta(hours=10)
        yield at
        rotation = rotation_now(project=project, at=at)
        for name in AGENTS:
            key = str(self.cast[name].pk)
            if key in rotation.here and key not in rotation.busy:
                move(
                    actor=self._actor(name, at),
                    project=project,
                    at=at,
                    agent=self.cast[name],
                    kind="sign_off",
                )

    def visitor(self, *, at: datetime, who: dict[str, Any], number: int) -> Story:
        """Received by whose turn it is, registered; who came before has an entry that speaks for somebody (J-22)."""
        yield at
        project = self._project()
        if find_next(rotation=rotation_now(project=project, at=at)) is None:
            return
        visit = receiving.receive_next(
            actor=self._actor("sales1", at),
            project=project,
            at=at,
            called_as=f"{who['name'][0]}先生、女士一位",
        )
        at += timedelta(minutes=30 + self.line.rng.randrange(40))
        yield at
        entry = self._register(visit=visit, who=who, at=at)
        if who["name"] in self.entries:
            return
        self.entries[who["name"]] = entry
        if number % CLOSING_EVERY == 1:
            self.line.start(story=self.close(at=at + timedelta(minutes=50), visit=visit, who=who))

    def close(self, *, at: datetime, visit: Visit, who: dict[str, Any]) -> Story:
        """Deposit and signature, by whoever received (J-24)."""
        yield at
        self.sold += 1
        visit.refresh_from_db()
        agent = next(name for name in AGENTS if self.cast[name].pk == visit.receiver_id)
        actor, day = self._actor(agent, at), at.astimezone(ZONE).date()
        deal = deals.open_deal(
            actor=actor, at=at, visit=visit.number, unit=f"{self.sold}栋1单元{700 + self.sold}",
            price_fen=98_000_000 + 1_234_500 * self.sold,
        )  # fmt: skip
        deal = deals.take_deposit(
            actor=actor, record=deal, at=at, deposit_fen=2_000_000, receipt=f"DJ{self.sold:04d}", day=day
        )
        at += timedelta(minutes=25)
        yield at
        deals.sign_subscription(
            actor=self._actor(agent, at), record=Deal.objects.get(pk=deal.pk), at=at, purchaser=who["name"], day=day,
            signature=who["name"],
        )  # fmt: skip

    def dispute(self, *, at: datetime) -> Story:
        """Somebody is shown whose customer it is, goes on all the same and closes: the manager has to rule (J-20)."""
        yield at
        project = self._project()
        rotation = rotation_now(project=project, at=at)
        chosen = find_next(rotation=rotation)
        if chosen is None:
            return
        agent = next(name for name in AGENTS if str(self.cast[name].pk) == chosen.agent)
        others = [
            entry for entry in self.entries.values()
            if str(entry.agent_id) in rotation.here and entry.agent_id != self.cast[agent].pk
        ]  # fmt: skip
        if not others:
            return
        who = next(one for one in self.words["customer"] if one["name"] == others[0].name)
        visit = receiving.receive_next(
            actor=self._actor(agent, at), project=project, at=at, called_as="一家三口"
        )
        at += timedelta(minutes=12)
        yield at
        finding.look(
            actor=self._actor(agent, at), record=visit, at=at, name=who["name"], contact=who["contact"], surname="",
            car_brand="", plate="",
        )  # fmt: skip
        at += timedelta(minutes=30)
        yield at
        self._register(visit=Visit.objects.get(pk=visit.pk), who=who, at=at)
        visit = registering.tell_facts(
            actor=self._actor(agent, at), record=Visit.objects.get(pk=visit.pk), at=at, went_on=True
        )
        self.line.start(story=self.close(at=at + timedelta(minutes=40), visit=visit, who=who))

    def call(self, *, at: datetime, told: dict[str, Any], agent: str) -> Story:
        """Somebody enquires by telephone (J-06)."""
        yield at
        calls.register_call(actor=self._actor(agent, at), at=at, project=self._project().name, **told)

    def leaders(self, *, at: datetime) -> Story:
        """Two agents show the marketing people's guests round; nobody's turn is used (J-10)."""
        yield at
        project = self._project()
        if len(list_free(rotation=rotation_now(project=project, at=at))) < 2:
            return
        visit = receiving.receive_public(
            actor=self._actor("sales", at), project=project, at=at, kind="marketing", agents_count=2,
            called_as="考察团十二人",
        )  # fmt: skip
        at += timedelta(minutes=45)
        yield at
        registering.leave(actor=self._actor("sales", at), record=visit, at=at, reason="参观，没有购房意向")

    def ask(self, *, at: datetime) -> Story:
        """A discount is asked of the manager, who refuses (J-27)."""
        yield at
        asked = applying.apply_for(
            actor=self._actor("sales2", at), at=at, kind="discount", text="客户一次付清，希望再让一个点"
        )
        at += timedelta(hours=16)
        yield at
        applying.refuse(
            actor=self._actor("sales", at), record=asked, at=at, answer="本月没有折扣额度，可送一年物业费"
        )

    def bonus(self, *, at: datetime) -> Story:
        """A group purchase brought something for those who helped (J-26)."""
        yield at
        first, second = self.cast["sales1"], self.cast["sales3"]
        bonuses.share_bonus(
            actor=self._actor("sales", at), at=at, project=self._project().name, name="远航物流团购", fen=1_200_000,
            day=at.astimezone(ZONE).date(), parts=f"{first.name} 1 接待\n{second.name} 1", reason="按出力分",
            raised_percent=20,
        )  # fmt: skip

    def today(self) -> Story:
        """The office as it is found: one receives by turn, one his own customer, one is out by order, one is free."""
        begin = datetime.combine(self.line.now.astimezone(ZONE).date(), time(0, 1), tzinfo=ZONE)
        at = max(begin, self.line.now - timedelta(hours=2))
        yield at
        project, manager = self._project(), self._actor("sales", at)
        for name in AGENTS:
            move(actor=manager, project=project, at=at, agent=self.cast[name], kind="sign_in")
        at += (self.line.now - at) / 2
        yield at
        receiving.receive_next(
            actor=self._actor("sales2", at), project=project, at=at, called_as="一对夫妇，开白色车"
        )
        busy = rotation_now(project=project, at=at).busy
        left = [name for name in AGENTS if str(self.cast[name].pk) not in busy]
        receiving.receive_out_of_turn(
            actor=self._actor(left[0], at), project=project, at=at, agent=self.cast[left[0]], how="own",
            called_as="上周来过的温阿姨",
        )  # fmt: skip
        move(
            actor=manager, project=project, at=at, agent=self.cast[left[1]], kind="ordered",
            reason="陪项目组看样板房",
        )  # fmt: skip

    def _register(self, *, visit: Visit, who: dict[str, Any], at: datetime) -> Entry:
        agent = next(name for name in AGENTS if self.cast[name].pk == visit.receiver_id)
        done = registering.register(actor=self._actor(agent, at), record=visit, at=at, **who)
        assert done.entry is not None
        return done.entry

    def _project(self) -> Project:
        assert self.project is not None
        return self.project

    def _actor(self, name: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[name], site=self.site, at=at)

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=ZONE)
