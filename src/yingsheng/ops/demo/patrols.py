"""Stories of patrols, household visits and the daily inspection: some weeks of them up to this morning."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.homes import AREAS
from yingsheng.ops.demo.repairs import Workshop
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.patrols.models import Finding, Patrol, Report, Route, Visit
from yingsheng.processes.patrols.process.books import REPORTS
from yingsheng.processes.patrols.services import inspecting, reports, routes, visiting, walking

WEEKS = 4
WALKERS = ("clerk1", "clerk2")
INSPECTED = ("front", "front2", "assistant", "clerk1", "clerk2", "shift", "lobby")
FOUND_SHARE, FAULT_SHARE, ABSENT_SHARE = 0.14, 0.3, 0.15


@dataclass
class Patrols:
    """The patrols of the demonstration site."""

    line: Timeline
    site: Site
    cast: Cast
    shop: Workshop
    words: dict[str, Any] = field(default_factory=lambda: texts("patrols"))
    routes: list[Route] = field(default_factory=list)

    def start(self) -> None:
        """Lay the routes out, then let every day since have its walks, visits, reports and inspections."""
        first = (self.line.now - timedelta(weeks=WEEKS)).astimezone(ZONE).date()
        self.line.start(story=self.lay_out(at=self._moment(first, 8, 10)))
        day = first + timedelta(days=1)
        while day <= self.line.now.astimezone(ZONE).date():
            for place, walker in enumerate(WALKERS):
                self.line.start(story=self.day_of(walker=walker, place=place, day=day))
            self.line.start(story=self.supervise(day=day))
            day += timedelta(days=1)

    def lay_out(self, *, at: datetime) -> Story:
        """Two routes with their points (G-01)."""
        yield at
        actor = self._actor("supervisor", at)
        for area, told in zip(AREAS, self.words["route"], strict=True):
            route = routes.make_route(actor=actor, at=at, name=told["name"], focus=told["focus"], area=area)
            for point in told["points"]:
                routes.add_point(actor=actor, record=route, at=at, **point)
            self.routes.append(route)

    def day_of(self, *, walker: str, place: int, day: date) -> Story:
        """A walk point by point, visits, the report handed up and returned next morning (G-01 … G-04)."""
        at = self._moment(day, 9, 5 + self.line.rng.randrange(20))
        yield at
        walk = walking.start_patrol(
            actor=self._actor(walker, at), at=at, route=self.routes[place % len(self.routes)]
        )
        for point in walk.route.points.order_by("number"):
            at += timedelta(minutes=self.line.rng.randrange(3, 9))
            yield at
            walk = self._tick(walker=walker, walk=walk, number=point.number, at=at)
        at += timedelta(minutes=4)
        yield at
        walking.end_patrol(actor=self._actor(walker, at), record=walk, at=at)
        self._raise_open(walker=walker, walk=walk, at=at)
        at = self._moment(day, 10, 30)
        for row in self._listed(walker=walker, day=day):
            at += timedelta(minutes=self.line.rng.randrange(15, 50))
            yield at
            self._visit(walker=walker, row=row, at=at)
        at = self._moment(day, 17, self.line.rng.randrange(5, 40))
        yield at
        report = Report.objects.get(site=self.site, staff=self.cast[walker], day=day)
        verb = REPORTS.verb("hand_up")
        assert verb is not None and verb.fill is not None
        report = reports.hand_up_report(
            actor=self._actor(walker, at), record=report, at=at, **verb.fill(report)
        )
        at = self._moment(day + timedelta(days=1), 8, self.line.rng.randrange(30, 58))
        yield at
        remark = "收到，未完事项今天跟进" if report.open_items != "无" else "收到，继续按重点巡视"
        reports.return_report(actor=self._actor("supervisor", at), record=report, at=at, remark=remark)

    def supervise(self, *, day: date) -> Story:
        """Visits arranged in the morning; some of the staff looked at; the diary written (G-04, G-06, G-07)."""
        at = self._moment(day, 8, 31)
        yield at
        for walker, area in zip(WALKERS, AREAS, strict=True):
            visiting.arrange_visits(
                actor=self._actor("supervisor", at),
                at=at,
                staff=self.cast[walker],
                day=day,
                area=area,
                count=self.line.rng.choice((4, 5)),
            )
        at = self._moment(day, 8, 45)
        yield at
        for name in self.line.rng.sample(INSPECTED, 3):
            fault = self.line.rng.choice(self.words["inspection"]) if self.line.chance(FAULT_SHARE) else None
            inspecting.inspect_staff(
                actor=self._actor("supervisor", at), at=at, staff=self.cast[name],
                note=fault["note"] if fault else "", **(fault["faults"] if fault else {}),
            )  # fmt: skip
        at = self._moment(day, 16, self.line.rng.randrange(5, 55))
        yield at
        told = self.words["diary"][day.toordinal() % 3]
        inspecting.write_entry(actor=self._actor("supervisor", at), at=at, **told)
        if day.weekday() == 2:
            told = self.words["diary"][3]
            inspecting.write_entry(actor=self._actor("supervisor", at), at=at, **told)

    def _tick(self, *, walker: str, walk: Patrol, number: int, at: datetime) -> Patrol:
        told: dict[str, Any] = {"result": "fine"}
        if self.line.now - at < timedelta(hours=30) and number == 1:
            told = {"result": "found", **self.words["finding"][0]}  # something to pass on today
        elif self.line.chance(FOUND_SHARE):
            told = {"result": "found", **self.line.rng.choice(self.words["finding"])}
        return walking.tick_point(
            actor=self._actor(walker, at), record=walk, at=at, number=number, device_at=at, **told
        )

    def _raise_open(self, *, walker: str, walk: Patrol, at: datetime) -> None:
        """What could not be handled is raised as a repair; the last ones stay open for a while (G-02)."""
        for finding in Finding.objects.filter(patrol=walk, state=Finding.State.OPEN):
            if self.line.now - at < timedelta(days=2):
                continue
            at += timedelta(minutes=3)

            def told(case: Case, at: datetime, finding: Finding = finding) -> None:
                actor = self._actor(walker, at)
                walking.pass_on_finding(actor=actor, record=finding, at=at, number=case.number)

            caller = Caller(name=self.cast[walker].name, phone=self.site.duty_phone)
            words = {
                "title": f"{finding.place} {finding.text}", "task": finding.text, "result": "已修好，现场复看正常",
                "kind": "minor", "part": "public", "trade": "electric" if "灯" in finding.text else "masonry",
            }  # fmt: skip
            self.line.start(story=self.shop.repair(words=words, caller=caller, at=at, told=told))

    def _listed(self, *, walker: str, day: date) -> list[Visit]:
        rows = Visit.objects.filter(site=self.site, staff=self.cast[walker], day=day)
        return list(rows.select_related("household").order_by("pk"))

    def _visit(self, *, walker: str, row: Visit, at: datetime) -> None:
        actor = self._actor(walker, at)
        if self.line.chance(ABSENT_SHARE):
            visiting.visit_home(
                actor=actor, at=at, household=row.household, result="absent", next_step="傍晚再去"
            )
            return
        told = dict(self.line.rng.choice(self.words["visit"]))
        visiting.visit_home(
            actor=actor, at=at, household=row.household, result="met", person_met=told.pop("person"), **told
        )

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=ZONE)

    def _actor(self, username: str, at: datetime) -> Actor:
        staff: Staff = self.cast[username]
        return actor_for(staff=staff, site=self.site, at=at)
