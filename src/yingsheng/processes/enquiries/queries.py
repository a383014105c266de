"""Reading the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext as _

from yingsheng.kernel.calls.queries import ring_figures
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.enquiries.models import Contact, Enquiry, ReceptionOfficer
from yingsheng.processes.enquiries.rules import EMAIL

# the promises whose end is the first word that whoever wrote hears from us
ANSWERS = ("reply", "contact")


def list_contacts(*, actor: Actor) -> QuerySet[Contact]:
    """The register of the actor's site, newest first."""
    return (
        _with_sight(actor=actor)
        .select_related("household__room", "by", "case__department")
        .order_by("-at", "-pk")
    )


def last_contacts(*, household: Household, actor: Actor, limit: int = 5) -> list[Contact]:
    """The last contacts of one household, as far as the actor may know of them."""
    rows = _with_sight(actor=actor).filter(household=household).select_related("case").order_by("-at", "-pk")
    return [veiled(contact=row) for row in rows[:limit]]


def _with_sight(*, actor: Actor) -> QuerySet[Contact]:
    known = visible_cases(actor=actor).filter(pk=OuterRef("case"))
    return Contact.objects.filter(site=actor.site).annotate(case_seen=Exists(known))


def veiled(*, contact: Contact) -> Contact:
    """The contact itself, or, if it became a case that the reader may not know of, only that somebody called.

    `contact` comes from the lists above; one that somebody just wrote himself he knows.
    """
    if contact.case_id is not None and not getattr(contact, "case_seen", True):
        contact.reason, contact.answer, contact.departments, contact.case = _("涉密事项"), "", "", None
    return contact


@dataclass(frozen=True, kw_only=True)
class ContactFigures:
    """Counts of a period: all contacts, solved at first contact (KPI-09), counted rings and those in time (KPI-11)."""

    contacts: int
    first_contact: int
    rings_counted: int
    rings_kept: int


def contact_figures(*, site: Site, start: datetime, end: datetime, ring_limit: int) -> ContactFigures:
    """Figures of the register from `start` up to before `end`."""
    found = Contact.objects.filter(site=site, at__gte=start, at__lt=end).aggregate(
        contacts=Count("pk"),
        first_contact=Count("pk", filter=Q(outcome=Contact.Outcome.ANSWERED)),
        rings_counted=Count("pk", filter=Q(rings__isnull=False)),
        rings_kept=Count("pk", filter=Q(rings__lte=ring_limit)),
    )
    return ContactFigures(**found)


@dataclass(frozen=True, kw_only=True)
class AnswerFigures:
    """How soon the desk answers: calls within the rings (KPI-11), e-mails within the hour (KPI-12).

    Calls are those that the telephone system counted and those whose rings a clerk wrote down.
    """

    calls: int
    calls_kept: int
    missed: int
    called_back: int
    hotline_out: int
    mails: int
    mails_kept: int


def answer_figures(
    *, site: Site, start: datetime, end: datetime, ring_limit: int, mail_hours: int
) -> AnswerFigures:
    """Figures from `start` up to before `end`; three statements. An e-mail answered on the spot is in time."""
    by_hand = contact_figures(site=site, start=start, end=end, ring_limit=ring_limit)
    told = ring_figures(site=site, start=start, end=end, ring_limit=ring_limit)
    first_answer = (
        Obligation.objects.filter(
            subject_type=SUBJECT, subject_id=OuterRef("case"), milestone__in=ANSWERS, ended_at__isnull=False,
            state__in=(Obligation.State.MET, Obligation.State.LATE),
        )
        .order_by("ended_at")
        .values("ended_at")[:1]
    )  # fmt: skip
    latest = ExpressionWrapper(F("at") + timedelta(hours=mail_hours), output_field=DateTimeField())
    mails = (
        Contact.objects.filter(site=site, channel=EMAIL, at__gte=start, at__lt=end)
        .annotate(first_answer=Subquery(first_answer), latest=latest)
        .aggregate(
            count=Count("pk"),
            kept=Count("pk", filter=Q(outcome=Contact.Outcome.ANSWERED) | Q(first_answer__lte=F("latest"))),
        )
    )
    return AnswerFigures(
        calls=by_hand.rings_counted + told.answered, calls_kept=by_hand.rings_kept + told.kept, missed=told.missed,
        called_back=told.called_back, hotline_out=told.hotline_out, mails=mails["count"], mails_kept=mails["kept"],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeskDay:
    """A day at the desk: contacts, those settled at once, matters opened by process, the major ones by number."""

    contacts: int
    first_contact: int
    complaints: int
    enquiries: int
    major: list[str]
    unanswered: int

    def content(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "contacts": self.contacts,
            "first_contact": self.first_contact,
            "complaints": self.complaints,
            "enquiries": self.enquiries,
            "major": self.major,
            "unanswered": self.unanswered,
        }


def desk_day(*, site: Site, day: date) -> DeskDay:
    """What a day brought to the desk, in four statements (B-13)."""
    start = datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
    end = start + timedelta(days=1)
    contacts = contact_figures(site=site, start=start, end=end, ring_limit=0)
    opened = Case.objects.filter(site=site, received_at__gte=start, received_at__lt=end)
    counts = opened.aggregate(
        complaints=Count("pk", filter=Q(process="complaints")),
        enquiries=Count("pk", filter=Q(process="enquiries")),
    )
    waiting = Case.objects.filter(site=site, process="enquiries", closed_at__isnull=True).count()
    major = opened.filter(severity="major").order_by("number").values_list("number", flat=True)
    return DeskDay(
        contacts=contacts.contacts,
        first_contact=contacts.first_contact,
        complaints=counts["complaints"],
        enquiries=counts["enquiries"],
        major=list(major),
        unanswered=waiting,
    )


def reception_officer(*, site: Site) -> ReceptionOfficer | None:
    """Who receives at the site now; None as long as nobody was named (B-05)."""
    return (
        ReceptionOfficer.objects.filter(site=site).select_related("staff").order_by("-since", "-pk").first()
    )


def count_register_prints(*, site: Site, first: date, last: date) -> int:
    """How often the register of these days was printed."""
    rows = Event.objects.filter(site=site, kind="enquiries.register_printed")
    span = (first.isoformat(), last.isoformat())
    return sum((data["first"], data["last"]) == span for data in rows.values_list("data", flat=True))


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    """A kind in a month: settled on the spot, opened as matters, closed of those, their replies in time and late."""

    kind: str
    first: date
    last: date
    settled_at_once: int
    opened: int
    closed: int
    in_time: int
    late: int


def kind_figures(*, actor: Actor, year: int, month: int) -> list[KindFigures]:
    """Every kind of a month, in the order of the form; three statements."""
    first = date(year, month, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(first, time.min, tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    spot = Contact.objects.filter(
        site=actor.site, at__gte=start, at__lt=end, outcome=Contact.Outcome.ANSWERED
    )
    at_once = dict(spot.values_list("kind").annotate(count=Count("pk")))
    mine = visible_cases(actor=actor).filter(process="enquiries", received_at__gte=start, received_at__lt=end)
    counted: dict[str, Any] = {
        row["category"]: row
        for row in mine.order_by()
        .values("category")
        .annotate(opened=Count("pk"), closed=Count("pk", filter=Q(closed_at__isnull=False)))
    }
    replies = Obligation.objects.filter(
        site=actor.site, subject_type="cases.case", milestone="reply", subject_id__in=mine.order_by().values("pk")
    )  # fmt: skip
    kinds_of = Case.objects.filter(pk=OuterRef("subject_id")).values("category")[:1]
    kept: dict[str, Any] = {
        row["category"]: row
        for row in replies.annotate(category=Subquery(kinds_of)).order_by().values("category").annotate(
            in_time=Count("pk", filter=Q(state=Obligation.State.MET)),
            late=Count("pk", filter=Q(state=Obligation.State.LATE)),
        )
    }  # fmt: skip
    return [
        KindFigures(
            kind=code, first=first, last=last, settled_at_once=at_once.get(code, 0),
            opened=counted.get(code, {}).get("opened", 0), closed=counted.get(code, {}).get("closed", 0),
            in_time=kept.get(code, {}).get("in_time", 0), late=kept.get(code, {}).get("late", 0),
        )
        for code in Enquiry.Kind.values
    ]  # fmt: skip


def count_praises(*, site: Site, staff_id: int, start: datetime, end: datetime) -> int:
    """How often somebody was praised in a time, as his appraisal counts it (B-07)."""
    return Enquiry.objects.filter(
        case__site=site, praised=staff_id, praise_told_at__gte=start, praise_told_at__lt=end
    ).count()  # fmt: skip
