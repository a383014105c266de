"""Who stands on the list of a project, and who is there: opening it, joining, signing in and off, other work."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org import prints
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.processes.salesdesk.models import Project, Visit
from yingsheng.processes.salesdesk.queries.allow import BOARD, RUN, SET, TAKE
from yingsheng.processes.salesdesk.queries.queue import make_up_cases
from yingsheng.processes.salesdesk.rules.decision import ARTICLES
from yingsheng.processes.salesdesk.rules.queue import OTHER_WORK_CASE, Happening, Kind, Rotation
from yingsheng.processes.salesdesk.services.queue import hold_project, post, stand

PROJECT = "LP"
OWN_MOVES = (Kind.SIGN_IN, Kind.SIGN_OFF, Kind.FREE)  # what an agent does for himself
MOVES = (*OWN_MOVES, Kind.JOIN, Kind.DEPART, Kind.LEAVE, Kind.ORDERED)
WITH_REASON = (Kind.DEPART, Kind.LEAVE, Kind.ORDERED)


@transaction.atomic
def open_project(*, actor: Actor, at: datetime, name: str) -> Project:
    """A project that is sold from now on, its list still empty (J-01). Refused for a name that exists."""
    demand(actor=actor, permission=SET)
    if not name.strip():
        raise Refused(gettext_noop("请写项目名称"), field="name", rule="J-01")
    try:
        with transaction.atomic():
            project = Project.objects.create(
                site=actor.site, number=take_number(site=actor.site, prefix=PROJECT, at=at), name=name.strip()[:60],
                opened_at=at, opened_by=actor.staff,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(gettext_noop("已经有这个项目了"), field="name", rule="J-01") from error
    tell(record=project, kind="salesdesk.project_opened", actor=actor, at=at, rule="J-01", name=project.name)
    return project


@transaction.atomic
def close_project(
    *, actor: Actor, record: Project, at: datetime, reason: str, seen: int | None = None
) -> Project:
    """The project is sold no longer; its list and books stay. Refused while somebody is being received."""
    row = hold(actor=actor, record=record, permission=SET, seen=seen, states=("selling",))
    if Visit.objects.filter(project=row, state="receiving").exists():
        raise Refused(gettext_noop("还有客户在接待，先登记完"), code="unfinished", rule="J-04")
    if not reason.strip():
        raise Refused(gettext_noop("请写明原因"), field="reason", rule="J-01")
    change(record=row, state=Project.State.CLOSED, reason=reason.strip()[:200])
    tell(record=row, kind="salesdesk.project_closed", actor=actor, at=at, rule="J-01", reason=reason.strip())
    return row


@transaction.atomic
def move(
    *,
    actor: Actor,
    project: Project,
    at: datetime,
    agent: Staff,
    kind: str,
    reason: str = "",
    seen: int | None = None,
) -> Project:
    """Something happens to an agent that is no reception: he joins, signs in or off, is sent elsewhere (J-02, J-03).

    Signing in and off and coming back everybody does for himself; the rest, and moving others, is for whoever runs the
    list. Days off and leave make up for nothing, work that the project team ordered does. Raises Forbidden, Conflict
    where the board has moved on, Refused for what cannot be, and without a reason where one is due.
    """
    try:
        happened = Kind(kind)
    except ValueError as error:
        raise Refused(gettext_noop("请选要做的事"), field="kind", rule="J-01") from error
    if happened not in MOVES:
        raise Refused(gettext_noop("请选要做的事"), field="kind", rule="J-01")
    own = agent.pk == actor.staff.pk and happened in OWN_MOVES
    demand(actor=actor, permission=TAKE if own else RUN)
    if happened in WITH_REASON and not reason.strip():
        raise Refused(gettext_noop("请写明原因"), field="reason", rule="J-03")
    if happened is Kind.JOIN and not actor_for(staff=agent, site=actor.site, at=at).may(TAKE):
        raise Refused(gettext_noop("%(name)s不是本项目的售楼员"), field="agent", rule="J-01", name=agent.name)
    held = hold_project(project=project, seen=seen)
    if held.state != Project.State.SELLING:
        raise Refused(gettext_noop("这个项目已经停售"), code="closed", rule="J-01")
    _day, rotation = stand(project=held, at=at)
    key = str(agent.pk)
    busy = rotation.busy.get(key)
    if busy is not None and busy.cause.startswith("visit:"):
        raise Refused(
            gettext_noop("%(name)s正在接待，先登记完"), code="receiving", rule="J-04", name=agent.name
        )
    ordered = happened is Kind.ORDERED
    _check_change(project=held, rotation=rotation, agent=agent, kind=happened)
    if ordered and make_up_cases(project=held, at=at) < OTHER_WORK_CASE:
        raise Refused(gettext_noop("规程没有把安排其他工作列入补接，请按签退处理"), field="kind", rule="J-02")
    happening = Happening(
        kind=happened, agents=(key,), cause=f"order:{held.last_number + 1}" if ordered else "",
        case=OTHER_WORK_CASE if ordered else 0,
        article=f"{ARTICLES['J-02']}({OTHER_WORK_CASE})" if ordered else "",
    )  # fmt: skip
    post(project=held, by=actor.staff, at=at, happenings=(happening,), note=reason.strip())
    tell(
        record=held, kind="salesdesk.queue_moved", actor=actor, at=at,
        rule="J-02" if ordered else "J-03" if happened is Kind.LEAVE else "J-01", name=agent.name,
        move=happened.value, reason=reason.strip(),
    )  # fmt: skip
    return held


def _check_change(*, project: Project, rotation: Rotation, agent: Staff, kind: Kind) -> None:
    """Refuse what would change nothing, work elsewhere for who is not there, and a day begun before the last one's end.

    Who left a customer unregistered overnight signs in when that is done: until then he cannot receive, and would hold
    up all who come after him (J-04).
    """
    key = str(agent.pk)
    here, busy = key in rotation.here, key in rotation.busy
    if kind is Kind.ORDERED and not here:
        raise Refused(gettext_noop("%(name)s不在，不用安排"), code="not_here", rule="J-02", name=agent.name)
    if kind is Kind.SIGN_IN and here:
        raise Refused(gettext_noop("%(name)s已经签到"), code="no_change", rule="J-01", name=agent.name)
    if kind is Kind.SIGN_OFF and not here:
        raise Refused(gettext_noop("%(name)s没有签到"), code="no_change", rule="J-01", name=agent.name)
    if kind is Kind.FREE and not busy:
        raise Refused(gettext_noop("%(name)s没有外出"), code="no_change", rule="J-01", name=agent.name)
    if (
        kind is Kind.SIGN_IN
        and Visit.objects.filter(project=project, receiver=agent, state="receiving").exists()
    ):
        raise Refused(
            gettext_noop("%(name)s还有一位客户没有登记完"), code="unfinished", rule="J-04", name=agent.name
        )


@transaction.atomic
def record_print(*, actor: Actor, project: Project, sheet: str, at: datetime) -> int:
    """Count a print of the rotation's list; 1 is no reprint (FM-63)."""
    demand(actor=actor, permission=BOARD)
    held = hold_project(project=project)  # two prints at once get two numbers
    return prints.record_print(
        actor=actor, process="salesdesk", subject=held, sheet=sheet, at=at, rule="J-01"
    )
