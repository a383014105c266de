"""Special services: priced, asked for, paid, given out, followed, visited and counted."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from yingsheng.base.months import clamp, next_month
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline, arrivals
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.services import record_visit
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.services import filing, intake, money, running

LONG = ("TY02", "TY06")  # last a month; the others a day
FREE = "TY05"
REPORT_DAY = 29


class Services:
    """The special services of one demonstration, each a story; with chances of their own."""

    def __init__(self, *, line: Timeline, site: Site, cast: Cast, callers: list[Caller]) -> None:
        self.line = line
        self.site = site
        self.cast = cast
        self.callers = [caller for caller in callers if caller.room is not None]
        self.rng = Random(47)  # noqa: S311 - a story, not a secret
        self.words = texts("services")

    def start(self, *, since: datetime, number: int) -> None:
        """Price the services, then let households ask for them until now."""
        opened = actor_for(staff=self.cast["head"], site=self.site, at=since)
        for code, name, unit, price in self.words["prices"]:
            set_price(
                actor=opened, at=since, kind="service", code=code, name=name, unit=unit, price_fen=price
            )
        for at in arrivals(start=since, end=self.line.now, number=number, rng=self.rng):
            self.line.start(story=self.service(at=at))
        for words in self.words["beyond"]:
            self.line.start(
                story=self.beyond(at=self.line.now - timedelta(days=self.rng.randrange(3, 60)), words=words)
            )
        year, number = since.astimezone(ZONE).year, since.astimezone(ZONE).month
        while (day := clamp(year=year, month=number, day=REPORT_DAY)) <= self.line.now.astimezone(
            ZONE
        ).date():
            self.line.start(story=self.month(at=datetime.combine(day, time(16, 20), tzinfo=ZONE)))
            year, number = next_month(year=year, month=number)

    def service(self, *, at: datetime) -> Story:
        """Asked for and paid at the desk, given out, followed, finished, visited."""
        yield at
        code, name, _unit, price = self.rng.choice(self.words["prices"])
        first = at.astimezone(ZONE).date() + timedelta(days=self.rng.randrange(1, 5))
        case = intake.register_service(
            site=self.site, caller=self.rng.choice(self.callers), by=self.cast["front"], at=at, item=name,
            channel="phone" if self.rng.random() < 0.6 else "visit", first_date=first,
            last_date=first + timedelta(days=29 if code in LONG else 0), body=self.rng.choice(self.words["wishes"]),
        )  # fmt: skip
        if self.rng.random() < 0.06:  # still thinking about it
            return
        at = self._soon(at, 3, 30)
        yield at
        if price:
            payer = case.caller_name or "住户"
            money.charge(
                case=case, by=self.cast["front"], at=at, method=self.rng.choice(("wechat", "cash", "card")),
                payer=payer, signed_by=payer,
            )  # fmt: skip
        at = self._soon(at, 5, 40)
        yield at
        running.dispatch(
            case=Case.objects.get(pk=case.pk), by=self.cast["front"], at=at, trade="cleaning",
            outside=self.rng.choice(self.words["firms"]),
        )  # fmt: skip
        at = datetime.combine(first, time(self.rng.randrange(9, 16), 10), tzinfo=ZONE)
        yield at
        running.begin(case=Case.objects.get(pk=case.pk), by=self.cast["front"], at=at)
        yield from self.run(case=case, at=at)

    def run(self, *, case: Case, at: datetime) -> Story:
        """While it runs and after."""
        service = Service.objects.get(case=case)
        text, good = self.rng.choice(self.words["remarks"])
        at = self._soon(at, 60, 120)
        yield at
        running.track(case=Case.objects.get(pk=case.pk), by=self.cast["clerk1"], at=at, text=text, good=good)
        if service.mid_date is not None:
            at = datetime.combine(service.mid_date, time(15, 30), tzinfo=ZONE)
            yield at
            self._visit(case=case, part="mid", at=at, happy=True)
        at = max(self._soon(at, 60, 200), datetime.combine(service.last_date, time(17), tzinfo=ZONE))
        yield at
        running.finish(
            case=Case.objects.get(pk=case.pk), actor=actor_for(staff=self.cast["front"], site=self.site, at=at), at=at,
            result="按约做完，现场已清理",
        )  # fmt: skip
        at = self._soon(at, 900, 3600)
        yield at
        happy = self.rng.random() < 0.9
        self._visit(case=case, part="end", at=at, happy=happy)
        if not happy:
            at = self._soon(at, 600, 1500)
            yield at
            running.rectify(
                case=Case.objects.get(pk=case.pk), by=self.cast["front"], at=at, text="供应方次日补做"
            )
            at = self._soon(at, 900, 2500)
            yield at
            self._visit(case=case, part="end", at=at, happy=True)

    def beyond(self, *, at: datetime, words: list[Any]) -> Story:
        """What is no service of ours: helped with, or plainly declined (S-11)."""
        at = self.line.in_hours(at=at)
        yield at
        item, verb, answer = words
        case = intake.register_service(
            site=self.site, caller=self.rng.choice(self.callers), by=self.cast["front"], at=at, item=item,
            channel="visit", first_date=at.astimezone(ZONE).date(), scope="beyond",
        )  # fmt: skip
        at = self._soon(at, 5, 20)
        yield at
        act = intake.help_out if verb == "help" else intake.decline
        act(case=case, by=self.cast["front"], at=at, answer=answer)

    def month(self, *, at: datetime) -> Story:
        """Analysed with the area officer on the 29th and handed in (S-06, S-07)."""
        yield at
        filing.file_month(
            actor=actor_for(staff=self.cast["front"], site=self.site, at=at), year=at.astimezone(ZONE).year,
            month=at.astimezone(ZONE).month, at=at, conclusion=self.words["conclusion"],
            analysed_with=self.cast["clerk1"],
        )  # fmt: skip

    def _soon(self, at: datetime, low: int, high: int) -> datetime:
        return self.line.in_hours(at=at + timedelta(minutes=self.rng.randrange(low, high)))

    def _visit(self, *, case: Case, part: str, at: datetime, happy: bool) -> None:
        row = FollowUp.objects.filter(case=case, part=part, state__in=("due", "scheduled")).first()
        if row is None:
            return
        grade = self.rng.choice((3, 4)) if happy else 2
        record_visit(
            follow_up=row, by=self.cast["clerk1"], at=at, visitors=[self.cast["clerk1"]], mode="visit", quality=grade,
            effect=grade, satisfaction=grade, satisfied=happy, shortcomings="" if happy else self.words["shortfalls"],
            summary="到户看过。", signed_by=case.caller_name or "住户",
        )  # fmt: skip
