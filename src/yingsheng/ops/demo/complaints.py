"""Stories of complaints, told only through the verbs of the complaint desk, at moments of the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ops.demo.cast import DEPARTMENT_OF, Cast
from yingsheng.ops.demo.papers import (
    ask_another,
    confirm_on_paper,
    print_register,
    room_above,
    show_photo,
    take_over,
    talk_upstairs,
)
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline, arrivals
from yingsheng.ops.demo.visits import answer_and_visit
from yingsheng.processes.complaints.rules.clocks import SOLVE
from yingsheng.processes.complaints.services import escalating, grouping, handling, harm, intake, limits
from yingsheng.processes.enquiries import services as enquiries

CHANNELS = ("phone", "visit", "hotline", "company_mail", "relay", "letter", "email", "forum", "box", "oral")
SHARES = (54, 22, 4, 1, 5, 2, 4, 4, 2, 2)
ELSEWHERE = ("developer", "environment", "outside_area")
SLOW_SHARE = 0.12
PRINTED_SHARE = 0.2
DEMANDS = ("paid_repair", "consultation", "suggestion")


class Desk:
    """The complaint desk of one demonstration: who works there, who calls, and how a matter goes on."""

    def __init__(self, *, line: Timeline, site: Site, cast: Cast, callers: Sequence[Caller]) -> None:
        self.line = line
        self.site = site
        self.cast = cast
        self.callers = callers
        self.rng = line.rng

    def start_complaints(
        self, *, since: datetime, until: datetime, number: int, slow_share: float = SLOW_SHARE
    ) -> None:
        """Let so many complaints come in between two moments; `slow_share` of them are worked too slowly."""
        for at in arrivals(start=since, end=until, number=number, rng=self.rng):
            words = self.rng.choice(texts("complaints")["complaint"])
            slow = self.line.chance(slow_share)
            caller = self.rng.choice(self.callers)
            self.line.start(story=self.complaint(words=words, caller=caller, at=at, slow=slow))

    def start_groups(self, *, since: datetime) -> None:
        """Let the households of a building come with one and the same matter, twice."""
        for place, words in enumerate(texts("complaints")["group"]):
            at = self.line.in_hours(at=since + (self.line.now - since) * (0.35 + 0.4 * place))
            self.line.start(story=self.group(words=words, at=at))

    def start_last_night(self) -> None:
        """Two calls of the last night; the second is not opened before the desk comes to it."""
        today = self.line.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        opened = today + timedelta(hours=9)
        calm = [row for row in texts("complaints")["complaint"] if "漏" not in row["title"]]
        for hours, wakes in ((-1.5, self.line.now < opened), (-0.6, True)):
            at = today + timedelta(hours=hours)
            self.line.start(story=self._by_night(words=self.rng.choice(calm), at=at, waits=wakes))

    def _by_night(self, *, words: dict[str, Any], at: datetime, waits: bool) -> Story:
        yield at
        case = self._register(words=words, caller=self.rng.choice(self.callers), channel="night_log", at=at)
        if not waits:
            at = self.line.work_later(at=at, low=5, high=30)
            yield at
            take_over(cast=self.cast, case=case, department=DEPARTMENT_OF[case.category], at=at)

    def complaint(self, *, words: dict[str, Any], caller: Caller, at: datetime, slow: bool) -> Story:
        """One complaint from the first word on."""
        yield at
        night = not 7 <= at.hour < 20
        channel = "night_log" if night else self.rng.choices(CHANNELS, weights=SHARES)[0]
        case = self._register(words=words, caller=caller, channel=channel, at=at)
        if (
            words["cause"] == "own_service"
            and words["category"] != "staff_attitude"
            and self.line.chance(0.14)
        ):
            at = self.line.later(at=at, low=10, high=50)
            yield at
            intake.solve_on_spot(
                case=case, by=self.cast["front"], at=at, result="当场联系处理，住户看过没有意见。"
            )
            yield from answer_and_visit(
                line=self.line, cast=self.cast, case=case, handled_at=at, by_visit=False, again=None
            )
            return
        if channel == "visit":
            self.line.start(story=confirm_on_paper(line=self.line, cast=self.cast, case=case, at=at))
        if self.line.chance(PRINTED_SHARE):
            self.line.start(story=print_register(line=self.line, cast=self.cast, case=case, at=at))
        if "漏水" in words["title"]:
            at = self.line.later(at=at, low=6, high=28)
            yield at
            harm.stop_harm(
                case=case, by=self.cast["night" if night else "front"], at=at,
                measure="请上层关了总阀，带接水盘到户接水，水不再往下滴。",
            )  # fmt: skip
        at = self.line.work_later(at=at, low=5, high=45 if not slow else 400)
        yield at
        if take_over(cast=self.cast, case=case, department=DEPARTMENT_OF[case.category], at=at):
            at = self.line.work_later(at=at, low=5, high=30)
            yield at
        self._classify(case=case, cause=words["cause"], at=at)
        yield from self.work(case=case, cause=words["cause"], at=at, slow=slow)

    def work(self, *, case: Case, cause: str, at: datetime, slow: bool) -> Story:
        """From classification to the end, by what lies behind the matter."""
        if cause in DEMANDS:
            return
        if cause in ELSEWHERE:
            yield from self._get_help(case=case, cause=cause, at=at, slow=slow)
        elif cause == "own_service":
            yield from self._put_right(case=case, at=at, slow=slow, again=True)
        else:
            yield from self._decline(case=case, at=at, slow=slow)

    def group(self, *, words: dict[str, Any], at: datetime) -> Story:
        """Several households of one building with the same matter, merged, solved, and each visited."""
        yield at
        homes: dict[int, Caller] = {}
        building = self.rng.choice([caller.room.building_id for caller in self.callers if caller.room])
        for caller in self.callers:
            if caller.room and caller.household and caller.room.building_id == building:
                homes.setdefault(caller.household.pk, caller)
        cases = []
        for caller, said in zip(
            self.rng.sample(list(homes.values()), len(words["said"])), words["said"], strict=True
        ):
            about = {"category": words["category"], "title": words["title"], "body": said}
            cases.append(self._register(words=about, caller=caller, channel="phone", at=at))
            at = self.line.later(at=at, low=4, high=40)
            yield at
        parent = grouping.merge_group(cases=cases, title=words["title"], by=self.cast["supervisor"], at=at)
        at = self.line.work_later(at=at, low=10, high=30)
        yield at
        self._classify(case=parent, cause="own_service", at=at)
        yield from self._common_work(parent=parent, words=words, at=at)
        parent.refresh_from_db()
        handled_at = parent.handled_at or at
        for case in cases:
            self.line.start(
                story=answer_and_visit(
                    line=self.line,
                    cast=self.cast,
                    case=case,
                    handled_at=handled_at,
                    by_visit=True,
                    again=None,
                )
            )

    def _register(self, *, words: dict[str, Any], caller: Caller, channel: str, at: datetime) -> Case:
        front = self.cast["night" if channel == "night_log" else self.rng.choice(("front", "front2"))]
        case = intake.register_complaint(
            site=self.site,
            caller=caller,
            title=words["title"],
            body=words["body"],
            channel=channel,
            category=words["category"],
            situation=words.get("situation", ""),
            demand=words.get("demand", ""),
            place=caller.room.label if caller.room and self.line.chance(0.3) else "",
            happened_at=at - timedelta(minutes=self.rng.randrange(20, 900))
            if self.line.chance(0.5)
            else None,
            written=channel in ("letter", "email", "company_mail"),
            ongoing_harm="漏水" in words["title"],
            household_limit_at=at + timedelta(days=5) if self.line.chance(0.05) else None,
            by=front,
            at=at,
        )
        if channel in ("phone", "visit", "hotline"):
            enquiries.note_contact(
                site=self.site,
                caller=caller,
                channel=channel,
                case=case,
                by=front,
                at=at,
                rings=None
                if channel == "visit"
                else self.rng.choices((1, 2, 3, 4, 6), weights=(30, 45, 18, 5, 2))[0],
            )
        return case

    def _classify(self, *, case: Case, cause: str, at: datetime) -> None:
        leak = "漏水" in case.title
        above = room_above(room=case.room) if leak else None
        grave = cause == "own_service" and self.line.chance(0.06)
        costly = cause == "own_service" and self.line.chance(0.03)
        intake.classify_complaint(
            case=case,
            by=self.cast["supervisor"],
            at=at,
            cause=cause,
            severity=case.severity,
            wants_help=True,
            our_fault=cause == "own_service" and self.line.chance(0.55),
            promise_broken=grave,
            times_raised=3 if grave else 1,
            loss_fen=self.rng.choice((600_000, 850_000)) if costly else 0,
            complex=self.line.chance(0.08),
            situation=self.rng.choice(("facilities", "service_quality")) if self.line.chance(0.5) else "",
            liable="upstairs" if above else "unknown" if leak else "",
            other_room=above,
        )

    def _dispatch(self, *, case: Case, at: datetime) -> Staff:
        department = DEPARTMENT_OF[case.category]
        handler = self.rng.choice(self.cast.handlers[department])
        handling.dispatch_complaint(
            case=case,
            by=self.cast["supervisor"],
            at=at,
            department=self.cast.departments[department],
            handler=handler,
            tracker=self.cast[self.rng.choice(("clerk1", "clerk2", "assistant"))],
            instruction="请按时限处理并回报。",
        )
        return handler

    def _contact(self, *, case: Case, at: datetime, agreed_days: float) -> None:
        handling.contact_household(
            case=case,
            by=self.cast[self.rng.choice(("front", "supervisor"))],
            at=at,
            person=case.caller_name or "住户",
            agreed_reply_at=self.line.in_hours(at=at + timedelta(days=agreed_days)),
            said="已听取情况并约定答复时间",
        )

    def _put_right(self, *, case: Case, at: datetime, slow: bool, again: bool) -> Story:
        work = self.rng.choice(
            [row for row in texts("complaints")["work"] if row["category"] == case.category]
        )
        at = self.line.work_later(at=at, low=2, high=15)
        yield at
        handler = self._dispatch(case=case, at=at)
        at = self.line.work_later(at=at, low=2, high=20 if not slow else 300)
        yield at
        self._contact(case=case, at=at, agreed_days=self.rng.choice((1, 2, 2.5)))
        at = self.line.work_later(at=at, low=3, high=20 if not slow else 300)
        yield at
        handling.accept_complaint(case=case, by=handler, at=at)
        at = self.line.work_later(at=at, low=5, high=30)
        yield at
        handling.verify_facts(case=case, by=handler, at=at, finding=work["finding"])
        show_photo(line=self.line, case=case, by=handler, at=at)
        talk_upstairs(case=case, by=handler, at=at)
        self.line.start(story=ask_another(line=self.line, cast=self.cast, case=case, by=handler, at=at))
        at = self.line.work_later(at=at, low=15, high=240 if not slow else 2600)
        yield at
        handling.give_plan(case=case, by=handler, at=at, plan=work["plan"], consent=True)
        if slow and self.line.chance(0.5):
            at = self.line.work_later(at=at, low=300, high=1200)
            yield at
            self._extend(case=case, at=at)
        at = self.line.work_later(at=at, low=60, high=700 if not slow else 7000)
        yield at
        handling.finish_handling(
            case=case,
            by=handler,
            at=at,
            method=work["method"],
            result=work["result"],
            prevention=work["prevention"],
        )
        yield from answer_and_visit(
            line=self.line,
            cast=self.cast,
            case=case,
            handled_at=at,
            by_visit=self.line.chance(0.7),
            again=self._once_more if again else None,
        )

    def _once_more(self, case: Case, at: datetime) -> Story:
        """The household was not satisfied: a new complaint is classified first, an old one is worked on."""
        case.refresh_from_db()
        if case.state == "registered":
            at = self.line.work_later(at=at, low=5, high=40)
            yield at
            self._classify(case=case, cause="own_service", at=at)
        yield from self._put_right(case=case, at=at, slow=False, again=False)

    def _extend(self, *, case: Case, at: datetime) -> None:
        """Ask the company manager for two more days, if the promise still runs."""
        case.refresh_from_db()
        running = Obligation.objects.filter(
            subject_type="cases.case", subject_id=case.pk, milestone=SOLVE, state="armed", due_at__gt=at
        ).first()
        if running is not None and case.severity != "major":
            approver = "company" if case.severity == "serious" else "head"
            limits.extend_limit(
                case=case,
                actor=actor_for(staff=self.cast[approver], site=self.site, at=at),
                at=at,
                due_at=running.due_at + timedelta(days=2),
                reason="配件要从外地调，到货后当天安装",
            )

    def _get_help(self, *, case: Case, cause: str, at: datetime, slow: bool) -> Story:
        ask = next(row for row in texts("complaints")["help"] if row["cause"] == cause)
        at = self.line.work_later(at=at, low=5, high=60)
        yield at
        handler = self._dispatch(case=case, at=at)
        at = self.line.work_later(at=at, low=10, high=60)
        yield at
        self._contact(case=case, at=at, agreed_days=3)
        at = self.line.work_later(at=at, low=30, high=900 if not slow else 3500)
        yield at
        handling.verify_facts(case=case, by=handler, at=at, finding=f"到场核实，责任在{ask['body']}。")
        escalating.forward_outside(case=case, by=handler, at=at, body=ask["body"], letter=ask["letter"])
        for _ in range(self.rng.randrange(1, 3)):
            at = self.line.work_later(at=at, low=1000, high=3000)
            yield at
            handling.note_progress(
                case=case, by=handler, at=at, text=f"{ask['body']}答复已安排，我们继续跟进。"
            )
        at = self.line.work_later(at=at, low=1000, high=6000)
        yield at
        handling.finish_handling(
            case=case,
            by=handler,
            at=at,
            method="书面转请并跟踪",
            result=ask["result"],
            prevention="每月同对方核对一次未结事项。",
        )
        yield from answer_and_visit(
            line=self.line,
            cast=self.cast,
            case=case,
            handled_at=at,
            by_visit=self.line.chance(0.4),
            again=None,
        )

    def _decline(self, *, case: Case, at: datetime, slow: bool) -> Story:
        words = self.rng.choice(texts("complaints")["decline"])
        at = self.line.work_later(at=at, low=15, high=80 if not slow else 900)
        yield at
        handling.refuse_complaint(
            case=case,
            by=self.cast["supervisor"],
            at=at,
            reason=words["reason"],
            alternative=words["alternative"],
        )
        yield from answer_and_visit(
            line=self.line, cast=self.cast, case=case, handled_at=at, by_visit=False, again=None
        )

    def _common_work(self, *, parent: Case, words: dict[str, Any], at: datetime) -> Story:
        at = self.line.work_later(at=at, low=5, high=20)
        yield at
        handler = self._dispatch(case=parent, at=at)
        at = self.line.work_later(at=at, low=10, high=40)
        yield at
        handling.accept_complaint(case=parent, by=handler, at=at)
        at = self.line.work_later(at=at, low=10, high=60)
        yield at
        self._contact(case=parent, at=at, agreed_days=1)
        at = self.line.work_later(at=at, low=20, high=120)
        yield at
        handling.verify_facts(case=parent, by=handler, at=at, finding="到场核实，情况属实。")
        handling.give_plan(case=parent, by=handler, at=at, plan=words["plan"], consent=True)
        at = self.line.work_later(at=at, low=1000, high=2600)
        yield at
        handling.finish_handling(
            case=parent,
            by=handler,
            at=at,
            method=words["method"],
            result=words["result"],
            prevention=words["prevention"],
        )
