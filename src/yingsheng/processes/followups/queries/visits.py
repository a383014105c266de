"""Reading visits and ordered calls: the worklist and its views, one visit, what is filed with a case."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case as Case_
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.estate.models import Household, Room
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.queries import list_staff
from yingsheng.processes.followups.models import CallOrder, FollowUp

FILED = "_filed_with"  # where a case keeps what is filed with it, once asked
OWED = (FollowUp.State.DUE, FollowUp.State.SCHEDULED)
VISITED = (FollowUp.State.SATISFIED, FollowUp.State.UNSATISFIED)


def visible_follow_ups(*, actor: Actor) -> QuerySet[FollowUp]:
    """The visits this person may know of: those of the cases he may know of."""
    return FollowUp.objects.filter(site=actor.site, case__in=visible_cases(actor=actor))


def list_owed(*, actor: Actor) -> QuerySet[FollowUp]:
    """The worklist: visits owed, the earliest first."""
    return with_home(rows=visible_follow_ups(actor=actor).filter(state__in=OWED)).order_by("due_at", "pk")


def with_home(*, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Join what one line of a list of visits shows."""
    return rows.select_related("case__room", "case__household", "household__room", "assigned")


VIEWS = ("owed", "today", "overdue", "week", "waiting", "yesterday", "unhappy")


def view_of(*, name: str, now: datetime) -> Q:
    """What a view of the worklist holds: by due or planned day, without an appointment, handled yesterday, unhappy."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
    end, monday = start + timedelta(days=1), start + timedelta(days=7 - start.weekday())
    owed, limited = Q(state__in=OWED), Q(limited=True)
    on_today = Q(due_at__lt=end, limited=True) | Q(appointment_at__gte=start, appointment_at__lt=end)
    views = {
        "owed": owed,
        "today": owed & (on_today | Q(planned_day__lte=start.date())),
        "overdue": owed & limited & Q(due_at__lt=now),
        "week": owed & ((limited & Q(due_at__lt=monday)) | Q(planned_day__lt=monday.date())),
        "waiting": owed & Q(appointment_at__isnull=True),
        "yesterday": owed & Q(handled_at__gte=start - timedelta(days=1), handled_at__lt=start),
        "unhappy": Q(~Exists(_later_round()), state=FollowUp.State.UNSATISFIED, by_check=False),
    }
    return views[name]


def count_views(*, actor: Actor, now: datetime) -> dict[str, int]:
    """How many visits each view of the worklist holds, in one statement."""
    counts = {name: Count("pk", filter=view_of(name=name, now=now)) for name in VIEWS}
    return visible_follow_ups(actor=actor).aggregate(**counts)


def _later_round() -> QuerySet[FollowUp]:
    same = FollowUp.objects.filter(case=OuterRef("case"), part=OuterRef("part"), by_check=False)
    return same.filter(round__gt=OuterRef("round")).exclude(state=FollowUp.State.VOID)


def unhappy_parts(*, case: Case) -> QuerySet[FollowUp]:
    """The last visits of a matter that left somebody unhappy, and that no other has followed."""
    unhappy = FollowUp.objects.filter(case=case, state=FollowUp.State.UNSATISFIED, by_check=False)
    return unhappy.filter(~Exists(_later_round())).select_related("household").order_by("pk")


def is_overdue(*, row: FollowUp, now: datetime) -> bool:
    """Whether a visit owed should have been made by now; never where no time was set (CF-10)."""
    return row.state in OWED and row.limited and row.due_at < now


def raised_by_colleague(*, case: Case, at: datetime) -> bool:
    """Whether the caller's number is that of somebody who works at the site (F-16)."""
    return (
        bool(case.caller_phone)
        and list_staff(site_id=case.site_id, at=at).filter(phone=case.caller_phone).exists()
    )


def find_follow_up(*, actor: Actor, pk: int) -> FollowUp | None:
    """One visit, if the actor may know of it."""
    return (
        visible_follow_ups(actor=actor)
        .select_related(
            "case__room", "case__household", "case__site", "case__visit_matter", "household__room", "assigned"
        )
        .filter(pk=pk)
        .first()
    )


def filed_with(*, case: Case) -> list[dict[str, Any]]:
    """The visits, then the ordered calls about a case, in one statement for its page (F-21).

    Rows of what (visit, call), pk, detail, words (the room of one home of several, else the round), stage, moment. They
    stay with this `case` object: its story and its print menu ask one behind the other.
    """
    if (kept := case.__dict__.get(FILED)) is not None:
        return cast(list[dict[str, Any]], kept)
    columns = ("what", "pk", "detail", "words", "stage", "moment")
    visits = FollowUp.objects.filter(case=case).annotate(
        what=Value("visit", output_field=TextField()),
        detail=Case_(
            When(by_check=True, then=Value("check")),
            When(matter="survey", then=Value("survey")),
            default=Value("owed"),
            output_field=TextField(),
        ),
        words=Case_(
            When(household__isnull=False, then=F("household__room__label")),
            default=Cast("round", TextField()),
            output_field=TextField(),
        ),
        stage=Cast("state", TextField()),
        moment=F("due_at"),
    )
    calls = CallOrder.objects.filter(case=case).annotate(
        what=Value("call", output_field=TextField()),
        detail=Cast("kind", TextField()),
        words=F("text"),
        stage=Cast("state", TextField()),
        moment=F("ordered_at"),
    )
    both = visits.order_by().values(*columns).union(calls.order_by().values(*columns), all=True)
    found = sorted(both, key=lambda row: (row["what"] == "call", row["pk"]))
    case.__dict__[FILED] = found
    return found


def list_orders(*, actor: Actor) -> QuerySet[CallOrder]:
    """The calls ordered at the site, open ones first; about a case only as far as the actor may know of it."""
    visible = Q(case__isnull=True) | Q(case__in=visible_cases(actor=actor))
    return (
        CallOrder.objects.filter(visible, site=actor.site)
        .select_related("case", "household__room", "assigned", "ordered_by", "called_by")
        .order_by(Case_(When(state=CallOrder.State.OPEN, then=0), default=1), "-ordered_at", "-pk")
    )


def find_order(*, actor: Actor, pk: int) -> CallOrder | None:
    """One ordered call, if the actor may know of it."""
    return list_orders(actor=actor).filter(pk=pk).first()


def case_named(*, actor: Actor, number: str) -> Case | None:
    """The case of a number somebody typed; Refused for one that is not there."""
    if not number:
        return None
    found = (
        visible_cases(actor=actor).filter(number__iexact=number.strip()).select_related("household").first()
    )
    if found is None:
        raise Refused(gettext_noop("没有这个事项编号"), field="number", rule="F-15")
    return found


def household_of(*, actor: Actor, room: str | Room | None) -> Household | None:
    """The household of a room, typed or known; Refused for a room that is not there or where nobody lives."""
    if not room:
        return None
    if isinstance(room, str):
        words = parse_room(text=room)
        key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
        found = find_room(site=actor.site, key=key) if key else None
    else:
        found = room
    home = find_household(room=found) if found is not None else None
    if home is None:
        raise Refused(gettext_noop("没有这个房号，或没有住户"), field="room", rule="F-15")
    return home


def homes_of(*, site: Site, rooms: list[str]) -> list[Household]:
    """The households of a list of rooms, each once, as listed; Refused for one that is not there or stands empty."""
    keys = []
    for text in rooms:
        words = parse_room(text=text)
        key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
        keys.append(key or text.upper())
    found = {
        home.room.key: home
        for home in Household.objects.filter(
            site=site, room__key__in=keys, active_to__isnull=True
        ).select_related("room")
    }
    unknown = [text for text, key in zip(rooms, keys, strict=True) if key not in found]
    if unknown:
        raise Refused(
            gettext_noop("没有这些房号，或没有住户：%(rooms)s"),
            field="rooms",
            rule="F-05",
            rooms="、".join(unknown[:10]),
        )
    return list(dict.fromkeys(found[key] for key in keys))


def find_signature(*, follow_up: FollowUp) -> bytes | None:
    """The signature drawn when this visit was recorded, as PNG; None for a typed name or no visit."""
    if follow_up.visited_at is None:
        return None
    drawn = list_attachments(subject=follow_up.case).filter(
        purpose=Attachment.Purpose.SIGNATURE, added_at=follow_up.visited_at
    )
    found = drawn.first()
    return read_attachment(attachment=found) if found is not None else None


def done_words(*, follow_up: FollowUp) -> str:
    """What was done about the matter, in the words of its process or of its last order; the visitor has to know."""
    case = follow_up.case
    matter = getattr(case, "visit_matter", None)
    if matter is not None:
        return str(matter.rectified if follow_up.round > 1 and matter.rectified else matter.outcome)
    said = getattr(getattr(case, "complaint", None), "result", "") or getattr(
        getattr(case, "enquiry", None), "answer", ""
    )
    if said or case.process not in ("repairs", "services"):
        return str(said)
    done = WorkOrder.objects.filter(case=case).exclude(result="").order_by("-pk")
    return str(done.values_list("result", flat=True).first() or "")
