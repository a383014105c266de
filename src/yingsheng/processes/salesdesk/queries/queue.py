"""The rotation as it stands: the opening of the day, and everything that happened since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.rules.queue import Happening, Kind, Rotation, replay
from yingsheng.processes.salesdesk.rules.snapshots import from_data, next_morning

ZONE = ZoneInfo(settings.TIME_ZONE)


def local_day(*, at: datetime) -> date:
    """The calendar day of a moment at the sales office (J-31)."""
    return at.astimezone(ZONE).date()


def day_start(*, at: datetime) -> datetime:
    """The first moment of the calendar day of a moment at the sales office."""
    return datetime.combine(local_day(at=at), time.min, tzinfo=ZONE)


def cause_of(*, visit: Visit) -> str:
    """What a happening of the rotation that belongs to a visit names as its cause."""
    return f"visit:{visit.pk}"


def happening_of(*, event: QueueEvent) -> Happening:
    """A row as the rules take it."""
    return Happening(
        kind=Kind(event.kind), agents=tuple(str(pk) for pk in event.agents), cause=event.cause, case=event.case,
        article=event.article,
    )  # fmt: skip


def credit_order(*, project: Project, at: datetime) -> str:
    """How make-ups are chosen (J-35)."""
    return str(figure(path="J-35.order", site=project.site, at=at))


def find_day(*, project: Project, at: datetime) -> Day | None:
    """The day's list, None while nothing happened on it."""
    return Day.objects.filter(project=project, date=local_day(at=at)).first()


def rotation_of_day(*, day: Day, at: datetime, until: int | None = None) -> Rotation:
    """The rotation of a day, as its events make it; up to and with event number `until` if given (J-01)."""
    rows = QueueEvent.objects.filter(day=day).order_by("number")
    if until is not None:
        rows = rows.filter(number__lte=until)
    opening = from_data(data=day.opening, credit_order=credit_order(project=day.project, at=at))
    return replay(events=(happening_of(event=row) for row in rows), rotation=opening)


def rotation_now(*, project: Project, at: datetime) -> Rotation:
    """The rotation at this moment; on a day on which nothing happened yet, as it will open (J-01)."""
    day = find_day(project=project, at=at)
    return rotation_of_day(day=day, at=at) if day is not None else morning_of(project=project, at=at)


def morning_of(*, project: Project, at: datetime) -> Rotation:
    """How the rotation opens on this day: as the last day left it, empty for a project without one."""
    last = Day.objects.filter(project=project, date__lt=local_day(at=at)).order_by("-date").first()
    if last is None:
        return Rotation(credit_order=credit_order(project=project, at=at))
    before = rotation_of_day(day=last, at=at)
    causes = {cause for _agent, cause in (*before.credited, *before.charged)}
    return next_morning(
        rotation=before,
        remembered=_remembered(causes=causes, site_id=project.site_id, at=at, project=project),
    )


def _remembered(*, causes: Iterable[str], site_id: int, at: datetime, project: Project) -> set[str]:
    """Those causes whose visit is young enough for its turn still to be settled (J-02.settle_within)."""
    since = at - timedelta(days=settle_days(project=project, at=at))
    visits = {int(cause.partition(":")[2]): cause for cause in causes if cause.startswith("visit:")}
    young = Visit.objects.filter(site_id=site_id, pk__in=visits, arrived_at__gte=since).values_list(
        "pk", flat=True
    )
    return {visits[pk] for pk in young}


def settle_days(*, project: Project, at: datetime) -> int:
    """For how many days after a visit its turn may still be settled; nothing where the regulation is silent (J-02)."""
    return int(figure(path="J-02.settle_within", site=project.site, at=at) or 0)


def make_up_cases(*, project: Project, at: datetime) -> int:
    """How many of the cases of article 2 are made up for, counted from the first (J-02)."""
    return int(figure(path="J-02.cases", site=project.site, at=at) or 0)


def list_queue_events(*, day: Day) -> QuerySet[QueueEvent]:
    """What happened on a day, in its order."""
    return QueueEvent.objects.filter(day=day).select_related("by").order_by("number")


def agents_by_key(*, keys: Iterable[str]) -> dict[str, Staff]:
    """The people of a rotation by the text that names them in it."""
    return {str(one.pk): one for one in Staff.objects.filter(pk__in=[int(key) for key in keys])}


def list_projects(*, actor: Actor, text: str = "") -> QuerySet[Project]:
    """The projects of the actor's site, the latest first."""
    rows: Any = Project.objects.filter(site=actor.site).select_related("site", "opened_by")
    rows = rows.order_by("-opened_at", "-pk")
    return rows.filter(name__icontains=text) if text else rows  # type: ignore[no-any-return]


def find_project(*, actor: Actor, pk: int) -> Project | None:
    """A project of the actor's site."""
    return list_projects(actor=actor).filter(pk=pk).first()


def find_staff(*, actor: Actor, pk: int) -> Staff | None:
    """Somebody who works or worked at the actor's site; whether he is on a list is the service's question."""
    return Staff.objects.filter(pk=pk, appointments__post__site=actor.site).distinct().first()
