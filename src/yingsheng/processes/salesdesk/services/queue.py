"""Writing to the rotation: one row for each thing that happens, as the rules allow; the caller tells the event."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent
from yingsheng.processes.salesdesk.models.queue import KINDS
from yingsheng.processes.salesdesk.queries.queue import (
    agents_by_key,
    local_day,
    morning_of,
    rotation_of_day,
)
from yingsheng.processes.salesdesk.rules.queue import Happening, Kind, OutOfTurn, Rotation, apply
from yingsheng.processes.salesdesk.rules.snapshots import to_data


def hold_project(*, project: Project, seen: int | None = None) -> Project:
    """The project, held until the transaction ends: whoever comes second waits and is told what happened meanwhile.

    `seen` is the number of the last event on the board that was looked at; Conflict, which names what happened last,
    if more has happened since.
    """
    rows = Project.objects.select_for_update(no_key=True, of=("self",)).select_related("site")
    held = rows.get(pk=project.pk)
    if seen is not None and seen != held.last_number:
        raise _moved_on(project=held)
    return held


def _moved_on(*, project: Project) -> Conflict:
    last = QueueEvent.objects.filter(project=project).order_by("-number").first()
    if last is None:  # what was looked at is not of this board
        return Conflict(gettext_noop("轮排刚有变化，请看过最新的次序再点"), code="stale")
    people = agents_by_key(keys=[str(pk) for pk in last.agents])
    return Conflict(
        gettext_noop("轮排刚有变化：%(name)s%(move)s。请看过最新的次序再点"), code="stale",
        name="、".join(one.name for one in people.values()), move=gettext_lazy(KINDS[Kind(last.kind)]),
    )  # fmt: skip


def stand(*, project: Project, at: datetime) -> tuple[Day, Rotation]:
    """The day's list and where the rotation stands; opens the day if nothing happened on it yet. Project held.

    Whoever waited over midnight for another desk, which opened the new day, is told of in the new day's list: the list
    of a day that is over stays as the next morning found it.
    """
    day = Day.objects.filter(project=project, date__gte=local_day(at=at)).order_by("-date").first()
    if day is None:
        opening = morning_of(project=project, at=at)
        day = Day.objects.create(
            project=project, date=local_day(at=at), opening=to_data(rotation=opening),
            after_number=project.last_number,
        )  # fmt: skip
    return day, rotation_of_day(day=day, at=at)


def post(
    *, project: Project, by: Staff, at: datetime, happenings: tuple[Happening, ...], note: str = ""
) -> Rotation:
    """Add what happened, in order; the project must be held (`hold_project`).

    Raises Refused with who is next for a new customer taken out of turn (J-01), and for somebody who is not on the
    list or would stand on it twice.
    """
    day, rotation = stand(project=project, at=at)
    for happening in happenings:
        rotation = _apply(rotation=rotation, happening=happening)
        project.last_number += 1
        QueueEvent.objects.create(
            project=project, day=day, number=project.last_number, kind=happening.kind.value,
            agents=[int(agent) for agent in happening.agents], cause=happening.cause, case=happening.case,
            article=happening.article, note=note[:200], at=at, by=by,
        )  # fmt: skip
    project.save(update_fields=["last_number"])
    return rotation


def _apply(*, rotation: Rotation, happening: Happening) -> Rotation:
    try:
        return apply(rotation=rotation, event=happening)
    except OutOfTurn as error:
        if not error.next_agent:
            raise Refused(
                gettext_noop("现在没有人空着，请先签到或接待完"), code="nobody", rule="J-01"
            ) from error
        name = agents_by_key(keys=[error.next_agent])[error.next_agent].name
        raise Refused(gettext_noop("现在轮到%(name)s"), code="out_of_turn", rule="J-01", name=name) from error
    except ValueError as error:
        raise Refused(
            gettext_noop("不在轮排表上，或者已经在上面了"), code="not_listed", rule="J-01"
        ) from error
