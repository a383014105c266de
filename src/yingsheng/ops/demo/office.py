"""What the office does beside the matters: papers handed in, measures, ordered calls, slips, cover during leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.views import keep_view
from yingsheng.kernel.estate import residents
from yingsheng.kernel.estate.models import Household, Member
from yingsheng.kernel.notify.channels import COUNTER
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.slips import hand_over, print_slips
from yingsheng.kernel.org.access import Actor, actor_for
from yingsheng.kernel.org.models import Post, Site
from yingsheng.kernel.org.services import issue_token
from yingsheng.kernel.org.staffing import delegate_post
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.ops.imports.jobs import confirm_job, send_file
from yingsheng.ops.imports.work import do_next_job
from yingsheng.ops.models import ImportJob
from yingsheng.processes.complaints.queries.month import REPORT, STATISTICS, window_of
from yingsheng.processes.complaints.services import filing, improving
from yingsheng.processes.enquiries.services import passing, reporting, tidying
from yingsheng.processes.followups.services import analysis, orders

SIGNED_DAYS = 21  # so long ago the first list of unanswered complaints was signed and the first day reported
SLIPS_AT_ONCE = 30
WAITING_SLIP_DAYS = 2  # younger slips still lie at the counter
SUNDAY = 6
WANTING_SHARE = 0.15  # so often something is not in order in the morning
SHORT_MONTH_DAYS = 10  # a month with fewer days of history is not handed in


class Office:
    """The desk's papers and arrangements of one demonstration, each a story of its own."""

    def __init__(self, *, line: Timeline, site: Site, cast: Cast) -> None:
        self.line = line
        self.site = site
        self.cast = cast
        self.words = texts("office")

    def start(self, *, since: datetime) -> None:
        """Let the office work from the first day of the history on."""
        first = since.astimezone(ZONE).date()
        stories = [
            self.officer(at=_moment(day=first + timedelta(days=2), hour=9, minute=5)),
            self.residents(at=_moment(day=first + timedelta(days=4), hour=10, minute=5)),
            self.kept_views(at=_moment(day=first + timedelta(days=12), hour=9, minute=5)),
            self.imported(at=_moment(day=first + timedelta(days=15), hour=14, minute=5)),
            self.token(at=_moment(day=first + timedelta(days=20), hour=11, minute=5)),
            self.leave(at=self.line.now - timedelta(days=2)),
            *self.papers(since=since),
            *(self.measure(words=words, since=since) for words in self.words["improvement"]),
            *(self.order(words=words) for words in self.words["call"]),
        ]
        for story in stories:
            self.line.start(story=story)

    def papers(self, *, since: datetime) -> Iterator[Story]:
        """The papers of every month that is over, and those of every day."""
        first, last = since.astimezone(ZONE).date(), self.line.now.astimezone(ZONE).date()
        month = first.replace(day=1)
        while month <= last:
            if month >= first - timedelta(days=SHORT_MONTH_DAYS):
                yield self.month(kind=STATISTICS, month=month)
                yield self.month(kind=REPORT, month=month)
                yield self.analysis(month=month)
            month += relativedelta(months=1)
        for ago in range(SIGNED_DAYS, -1, -1):
            yield self.morning(day=last - timedelta(days=ago))
            yield self.evening(day=last - timedelta(days=ago))
        day = first
        while day <= last:
            yield self.slips(day=day)
            day += timedelta(days=1)

    def month(self, *, kind: str, month: date) -> Story:
        """Statistics by the desk on their day, the report by the site head on his (C-73 … C-75)."""
        window = window_of(kind=kind, year=month.year, month=month.month, site=self.site, at=self.line.now)
        # the statistics are owed by the last day of their window
        statistics = kind == STATISTICS
        at = _moment(day=window.last if statistics else window.due, hour=18 if statistics else 11, minute=20)
        yield at
        filing.file_month(
            actor=self._actor(username="supervisor" if statistics else "head", at=at),
            kind=kind,
            year=month.year,
            month=month.month,
            at=at,
            note=self.words["papers"][kind],
        )

    def analysis(self, *, month: date) -> Story:
        """What the visits of a month teach, signed in the first days of the next (F-22)."""
        at = _moment(day=month + relativedelta(months=1, day=3), hour=15, minute=10)
        yield at
        analysis.file_analysis(
            actor=self._actor(username="supervisor", at=at),
            month=month,
            conclusion=self.words["papers"]["analysis"],
            at=at,
        )

    def morning(self, *, day: date) -> Story:
        """The desk and the place for visitors are looked over before the first callers come (B-12)."""
        for part, who, minute in ((tidying.DESK_TIDY, "front", 10), (tidying.PLACE_TIDY, "assistant", 25)):
            at = _moment(day=day, hour=9, minute=minute)
            yield at
            items = tidying.items_of(site=self.site, part=part, at=at)
            wanting = self.line.rng.random() < WANTING_SHARE
            tidying.check_tidiness(
                actor=self._actor(username=who, at=at), at=at, part=part, ticked=items[1:] if wanting else items,
                findings=self.words["papers"]["tidy"] if wanting else "",
            )  # fmt: skip

    def evening(self, *, day: date) -> Story:
        """The list of unanswered complaints is signed and the day told to the superiors (C-69, B-13)."""
        at = _moment(day=day, hour=17, minute=35)
        yield at
        signer = "supervisor" if day.weekday() != SUNDAY else "head"
        filing.sign_unanswered(
            actor=self._actor(username=signer, at=at), at=at, note=self.words["papers"]["unanswered"]
        )
        at = _moment(day=day, hour=20, minute=45)
        yield at
        reporting.report_day(actor=self._actor(username="front", at=at), at=at)

    def slips(self, *, day: date) -> Story:
        """What lay at the counter is printed in the evening and given to the households in the days after (C-81)."""
        at = _moment(day=day, hour=18, minute=50)
        yield at
        actor = self._actor(username="front2", at=at)
        waiting = list(
            Message.objects.filter(
                site=self.site,
                channel=COUNTER,
                handed_over_at__isnull=True,
                queued_at__lt=at - timedelta(days=WAITING_SLIP_DAYS),
            )
            .select_related("to_household")
            .order_by("queued_at", "pk")[:SLIPS_AT_ONCE]
        )
        if waiting:
            print_slips(actor=actor, messages=waiting, at=at)
        for slip in waiting:
            hand_over(actor=actor, message=slip, to=self._someone_of(slip.to_household), at=at)

    def officer(self, *, at: datetime) -> Story:
        """Who receives is named by the supervisor (B-05)."""
        yield at
        passing.appoint_officer(
            actor=self._actor(username="supervisor", at=at), staff=self.cast["front"], at=at
        )

    def measure(self, *, words: dict[str, str], since: datetime) -> Story:
        """A measure against what keeps coming back: still running, found effective, or adjusted (C-79, F-22)."""
        at = self.line.in_hours(
            at=since + (self.line.now - since) * float(words["share"]) + timedelta(hours=9)
        )
        yield at
        day = at.astimezone(ZONE).date()
        responsible, by = self.cast[words["responsible"]], self.cast["supervisor"]
        row = improving.start_improvement(
            site=self.site, source=words["source"], category=words["category"], pattern=words["pattern"],
            measure=words["measure"], responsible=responsible, done_by=day + timedelta(days=14),
            evaluate_on=day + timedelta(days=21), by=by, at=at,
        )  # fmt: skip
        if not words["evaluation"]:
            return
        at = self.line.in_hours(at=at + timedelta(days=20))
        yield at
        improving.evaluate_improvement(
            improvement=row, effective=not words["adjusted"], evaluation=words["evaluation"], by=by, at=at
        )
        if not words["adjusted"]:
            return
        at = self.line.work_later(at=at, low=60, high=400)
        yield at
        day = at.astimezone(ZONE).date()
        improving.adjust_improvement(
            improvement=row, measure=words["adjusted"], responsible=responsible, by=by, at=at,
            done_by=day + timedelta(days=20), evaluate_on=day + timedelta(days=40),
        )  # fmt: skip

    def order(self, *, words: dict[str, str]) -> Story:
        """A call that the head orders: done, tried in vain, or still to be made (F-15)."""
        at = self.line.in_hours(at=self.line.now - timedelta(days=int(words["days_ago"])))
        yield at
        case = None
        if words["kind"] != "notice":
            case = (
                Case.objects.filter(site=self.site, process="complaints", household__isnull=False)
                .filter(received_at__lt=at - timedelta(days=2), confidentiality=Case.Confidentiality.NORMAL)
                .order_by("-received_at", "pk")
                .first()
            )
        home = (
            None if case else Household.objects.filter(site=self.site, active_to__isnull=True).earliest("pk")
        )
        order = orders.order_call(
            actor=self._actor(username="head", at=at), at=at, kind=words["kind"], text=words["text"], case=case,
            household=home, plan=words["plan"], assigned=self.cast["front"],
        )  # fmt: skip
        if not words["result"]:
            return
        at = self.line.work_later(at=at, low=40, high=200)
        yield at
        orders.record_call(
            order=order, actor=self._actor(username="front", at=at), at=at, result=words["result"],
            outcome=words["outcome"],
        )  # fmt: skip

    def residents(self, *, at: datetime) -> Story:
        """A few homes tell what whoever answers must know, and one takes in a relative (B-01, C-81)."""
        homes = Household.objects.filter(site=self.site, active_to__isnull=True).select_related("room")
        for home, codes in zip(
            homes.order_by("pk")[5:200:37], self.words["papers"]["reminders"], strict=False
        ):
            yield at
            residents.change_household(
                household=home, by=self.cast["front"], at=at, reminder_codes=codes, reminder=home.reminder,
                moved_in_date=home.moved_in_date,
            )  # fmt: skip
            at += timedelta(minutes=6)
        yield at
        residents.register_resident(
            room=home.room, name="季长明", relation=Member.Relation.FAMILY, phones=["16110007788"],
            is_emergency_contact=True, by=self.cast["front"], at=at,
        )  # fmt: skip

    def kept_views(self, *, at: datetime) -> Story:
        """What the desk looks for again and again, under a name."""
        for username, name, query in (
            ("supervisor", "超时的维修投诉", "view=overdue&category=repair"),
            ("front", "在办的安全类", "view=open&category=security"),
        ):
            yield at
            actor = self._actor(username=username, at=at)
            keep_view(actor=actor, process="complaints", name=name, query=query, at=at)
            at += timedelta(minutes=20)

    def token(self, *, at: datetime) -> Story:
        """The telephone system may register what it hears, for a year."""
        yield at
        issue_token(
            site=self.site, name="话务台", acts_as=self.cast["front"],
            scopes=["enquiries.see", "enquiries.register"], by=None, at=at,
            expires_at=at + timedelta(days=365),
        )  # fmt: skip

    def leave(self, *, at: datetime) -> Story:
        """The engineering foreman is on leave for a week, a fitter stands in."""
        at = self.line.in_hours(at=at)
        yield at
        post = Post.objects.get(site=self.site, appointments__staff=self.cast["engineering"])
        delegate_post(
            actor=self._actor(username="engineering", at=at), post=post, to_staff=self.cast["engineer1"],
            active_from=at, active_to=at + timedelta(days=7), reason=self.words["papers"]["leave"], at=at,
        )  # fmt: skip

    def imported(self, *, at: datetime) -> Story:
        """The annexe's shops come in as a file: sent, checked, confirmed, written."""
        yield at
        if ImportJob.objects.filter(state__in=("sent", "confirmed")).exists():
            return  # the next job would be somebody else's
        actor = self._actor(username="admin", at=at)
        body = self.words["papers"]["shops"].encode()
        job = send_file(actor=actor, kind="rooms", name="商铺.csv", body=body, at=at)
        at += timedelta(minutes=1)
        yield at
        do_next_job(now=at)
        at += timedelta(minutes=4)
        yield at
        job.refresh_from_db()
        confirm_job(actor=actor, job=job, at=at)
        at += timedelta(minutes=1)
        yield at
        do_next_job(now=at)

    def _actor(self, *, username: str, at: datetime) -> Actor:
        return actor_for(staff=self.cast[username], site=self.site, at=at)

    def _someone_of(self, household: Household | None) -> str:
        if household is None:
            return "本人"
        member = (
            household.members.filter(active_to__isnull=True).select_related("person").order_by("pk").first()
        )
        return member.person.name if member else "本人"


def _moment(*, day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)
