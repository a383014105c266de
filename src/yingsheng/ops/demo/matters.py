"""Events, surveys, key customers and other services: registered, visited home by home, put right, planned."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.followups import services
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import month_ahead

REST_HOURS, MOST_A_DAY = 20, 12  # a repair is visited on the next day or the one after
PLAN_AGO = 2  # days since the proposal of the month was accepted
VISITORS = {"key_customer": "supervisor"}  # F-25; everybody else is visited by the assistant (F-19)
HEARD = ("很好，下次还来", "办得周到", "没有别的意见", "希望多办几次")


class Matters:
    """The matters of one demonstration, each a story; with chances of their own, so that no other story changes."""

    def __init__(self, *, line: Timeline, site: Site, cast: Cast, callers: list[Caller]) -> None:
        self.line = line
        self.site = site
        self.cast = cast
        self.callers = [caller for caller in callers if caller.room is not None]
        self.rng = Random(31)  # noqa: S311 - a story, not a secret

    def start(self, *, since: datetime) -> None:
        """Let every matter begin on its day, and the repairs of the days before be visited every afternoon."""
        day = since.astimezone(ZONE).date()
        while day <= self.line.now.astimezone(ZONE).date():
            self.line.start(story=self.repairs(at=datetime.combine(day, time(16, 40), tzinfo=ZONE)))
            day += timedelta(days=1)
        for words in texts("matters")["matter"]:
            self.line.start(story=self.matter(words=words))
        self.line.start(story=self.plan())

    def matter(self, *, words: dict[str, Any]) -> Story:
        """Registered the morning after, then visited; one unhappy home is put right and visited again."""
        finished = self.line.now.astimezone(ZONE).date() - timedelta(days=words["ago"])
        at = _morning(day=finished + timedelta(days=1))
        yield at
        chosen = self.rng.sample(self.callers, max(1, words["homes"]))
        rooms = [caller.room.label for caller in chosen if caller.room] if words["homes"] else []
        case = services.register_matter(
            site=self.site,
            caller=Caller(name="服务中心") if words["homes"] else chosen[0],
            by=self.cast["supervisor"],
            at=at,
            kind=words["kind"],
            title=words["title"],
            finished_date=finished,
            outcome=words["outcome"],
            rooms="\n".join(dict.fromkeys(rooms)),
            department=self.cast.departments[words["department"]],
        )
        yield from self.visits(case=case, at=at, words=words)

    def visits(self, *, case: Case, at: datetime, words: dict[str, Any]) -> Story:
        """A few a day; the last homes of what is recent are still owed."""
        visitor = self.cast[VISITORS.get(words["kind"], "assistant")]
        unhappy = words["unhappy"]
        while (row := FollowUp.objects.filter(case=case, state="due").order_by("pk").first()) is not None:
            at = self._soon(at=at)
            yield at
            row.refresh_from_db()
            if row.state != "due":
                continue
            self._visit(row=row, visitor=visitor, at=at, unhappy=unhappy)
            unhappy = ""
        case.refresh_from_db()
        if case.state != "rectifying" or not words["rectified"]:
            return
        at = self._soon(at=at + timedelta(days=1))
        yield at
        case = services.note_rectified(
            case=case, by=self.cast["supervisor"], at=at, rectified=words["rectified"]
        )
        yield from self.visits(case=case, at=at, words={**words, "unhappy": ""})

    def repairs(self, *, at: datetime) -> Story:
        """The area officer visits what was repaired since the day before yesterday; now and then one is exempted."""
        yield at
        rows = FollowUp.objects.filter(
            site=self.site, matter="repairs", state="due", handled_at__lt=at - timedelta(hours=REST_HOURS)
        )
        for row in rows.select_related("case__site").order_by("due_at", "pk")[:MOST_A_DAY]:
            if self.rng.random() < 0.03:
                services.exempt_visit(
                    follow_up=row, by=self.cast["supervisor"], at=at, reason="住户已搬走，房屋空置"
                )
            else:
                clerk = self.cast[self.rng.choice(("clerk1", "clerk2"))]
                self._visit(row=row, visitor=clerk, at=at, unhappy="")

    def plan(self) -> Story:
        """The proposal for the rest of the month, accepted by the supervisor (F-12)."""
        at = self.line.in_hours(at=self.line.now - timedelta(days=PLAN_AGO))
        yield at
        actor = actor_for(staff=self.cast["supervisor"], site=self.site, at=at)
        ahead = month_ahead(actor=actor, now=at)
        if ahead.plan.visits:
            services.accept_plan(actor=actor, at=at, seen=ahead.digest)

    def _soon(self, *, at: datetime) -> datetime:
        return self.line.in_hours(at=at + timedelta(minutes=self.rng.randrange(60, 900)))

    def _visit(self, *, row: FollowUp, visitor: Staff, at: datetime, unhappy: str) -> None:
        mode = "visit" if self.rng.random() < 0.4 else "phone"
        grade = 1 if unhappy else self.rng.choice((3, 4))
        services.record_visit(
            follow_up=row,
            by=visitor,
            at=at,
            visitors=[visitor],
            mode=mode,
            no_visit_reason="" if mode == "visit" else "住户白天上班，约好电话回访",
            quality=grade,
            effect=grade,
            satisfaction=grade,
            satisfied=not unhappy,
            shortcomings=unhappy,
            suggestions="" if unhappy else self.rng.choice(HEARD),
            summary="按话术逐项问过。",
            signed_by="住户" if mode == "visit" else "",
        )


def _morning(*, day: date) -> datetime:
    return datetime.combine(day, time(9, 20), tzinfo=ZONE)
