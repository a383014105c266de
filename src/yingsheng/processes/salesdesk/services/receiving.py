"""A customer comes in: to whose turn it is, or out of turn with the case of article 2; the reception ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.salesdesk.models import Project, Visit
from yingsheng.processes.salesdesk.queries.allow import RUN, TAKE
from yingsheng.processes.salesdesk.queries.queue import cause_of
from yingsheng.processes.salesdesk.rules.decision import ARTICLES
from yingsheng.processes.salesdesk.rules.facts import PublicKind
from yingsheng.processes.salesdesk.rules.queue import Happening, Kind, find_next, list_free
from yingsheng.processes.salesdesk.services.queue import hold_project, post, stand

VISIT = "JD"
REGISTER = "register_visit"  # the promise to enter whoever was received into the book
CASES = {Visit.How.OWN: 1, Visit.How.COLLEAGUE: 2, Visit.How.HELP: 3}  # of article 2


@transaction.atomic
def receive_next(
    *,
    actor: Actor,
    project: Project,
    at: datetime,
    called_as: str = "",
    is_group: bool = False,
    seen: int | None = None,
) -> Visit:
    """Give a new customer to whose turn it is: the oldest make-up whose agent is free, else the first in order (J-01).

    A group purchase is received in the same order (J-26). Raises Forbidden, Conflict where the board has moved on,
    Refused while nobody is free.
    """
    demand(actor=actor, permission=TAKE)
    held = _selling(hold_project(project=project, seen=seen))
    _day, rotation = stand(project=held, at=at)
    chosen = find_next(rotation=rotation)
    if chosen is None:
        raise Refused(gettext_noop("现在没有人空着，请先签到或接待完"), code="nobody", rule="J-01")
    visit = _open(
        actor=actor, project=held, at=at, receiver=Staff.objects.get(pk=int(chosen.agent)), how=Visit.How.TURN,
        called_as=called_as, is_group=is_group,
    )  # fmt: skip
    credit = chosen.credit
    article = credit.article if credit else ARTICLES["J-26" if is_group else "J-01"]
    post(
        project=held, by=actor.staff, at=at,
        happenings=(
            Happening(kind=Kind.NEW, agents=(chosen.agent,), cause=cause_of(visit=visit), article=article),
        ),
    )  # fmt: skip
    tell(
        record=visit, kind="salesdesk.received", actor=actor, at=at,
        rule="J-26" if is_group else "J-02" if credit else "J-01", number=visit.number, agent=visit.receiver.name,
        how=visit.how, article=article,
    )  # fmt: skip
    return visit


@transaction.atomic
def receive_out_of_turn(
    *,
    actor: Actor,
    project: Project,
    at: datetime,
    agent: Staff,
    how: str,
    colleague: Staff | None = None,
    called_as: str = "",
    seen: int | None = None,
) -> Visit:
    """An agent receives his own old or phone-in customer, a colleague's, or helps: his turn stays his (J-02).

    Whoever does not run the rotation may do this for himself alone. Raises Forbidden, Conflict, Refused for somebody
    who is not there or is busy, and for a colleague's customer without a colleague of the list.
    """
    demand(actor=actor, permission=TAKE if agent.pk == actor.staff.pk else RUN)
    if how not in CASES:
        raise Refused(gettext_noop("请选接待的是谁的客户"), field="how", rule="J-02")
    if how != Visit.How.OWN and (colleague is None or colleague.pk == agent.pk):
        raise Refused(gettext_noop("请选是哪位同事的客户"), field="colleague", rule="J-02")
    held = _selling(hold_project(project=project, seen=seen))
    _day, rotation = stand(project=held, at=at)
    if str(agent.pk) not in list_free(rotation=rotation):
        raise Refused(gettext_noop("%(name)s不在或正忙着"), code="not_free", rule="J-02", name=agent.name)
    if colleague is not None and how != Visit.How.OWN and str(colleague.pk) not in rotation.order:
        raise Refused(
            gettext_noop("%(name)s不在轮排表上"), field="colleague", rule="J-02", name=colleague.name
        )
    visit = _open(
        actor=actor, project=held, at=at, receiver=agent, how=how, called_as=called_as,
        help_of=colleague if how == Visit.How.HELP else None,
    )  # fmt: skip
    article = f"{ARTICLES['J-02']}({CASES[Visit.How(how)]})"
    post(
        project=held, by=actor.staff, at=at,
        happenings=(
            Happening(
                kind=Kind.RECEIVE, agents=(str(agent.pk),), cause=cause_of(visit=visit),
                case=CASES[Visit.How(how)], article=article,
            ),
        ),
        note=colleague.name if colleague else "",
    )  # fmt: skip
    tell(
        record=visit, kind="salesdesk.received", actor=actor, at=at, rule="J-02", number=visit.number,
        agent=agent.name, how=how, article=article,
    )  # fmt: skip
    return visit


@transaction.atomic
def receive_public(
    *,
    actor: Actor,
    project: Project,
    at: datetime,
    kind: str,
    agents_count: int = 1,
    said_himself: bool = False,
    colleagues_know: bool = False,
    card_given: bool = False,
    called_as: str = "",
    seen: int | None = None,
) -> Visit:
    """The first free agents in order receive a public customer; nobody's turn is used (J-09, J-10).

    Raises Forbidden, Conflict, Refused for a kind that is none and where fewer are free than are needed.
    """
    demand(actor=actor, permission=TAKE)
    if kind not in set(PublicKind):
        raise Refused(gettext_noop("请选是哪一种公共客户"), field="kind", rule="J-09")
    held = _selling(hold_project(project=project, seen=seen))
    _day, rotation = stand(project=held, at=at)
    free = list_free(rotation=rotation)
    if agents_count < 1 or len(free) < agents_count:
        raise Refused(
            gettext_noop("现在空着的有%(free)s人"), field="agents_count", rule="J-10", free=str(len(free))
        )
    chosen = free[:agents_count]
    people = {str(one.pk): one for one in Staff.objects.filter(pk__in=[int(key) for key in chosen])}
    visit = _open(
        actor=actor, project=held, at=at, receiver=people[chosen[0]], how=Visit.How.PUBLIC, called_as=called_as,
        public_kind=kind, said_himself=said_himself, colleagues_know=colleagues_know, card_given=card_given,
        others=[int(key) for key in chosen[1:]],
    )  # fmt: skip
    post(
        project=held, by=actor.staff, at=at,
        happenings=(Happening(kind=Kind.PUBLIC, agents=chosen, cause=cause_of(visit=visit), article=ARTICLES["J-10"]),),
    )  # fmt: skip
    tell(
        record=visit, kind="salesdesk.received", actor=actor, at=at, rule="J-10", number=visit.number,
        agent="、".join(people[key].name for key in chosen), how=Visit.How.PUBLIC.value, article=ARTICLES["J-10"],
    )  # fmt: skip
    return visit


def set_free(*, actor: Actor, visit: Visit, at: datetime) -> None:
    """Whoever received is back in the rotation; inside the transaction of what ended the reception."""
    held = hold_project(project=visit.project)
    _day, rotation = stand(project=held, at=at)
    cause = cause_of(visit=visit)
    busy = [
        str(pk)
        for pk in (visit.receiver_id, *visit.others)
        if (found := rotation.busy.get(str(pk))) is not None and found.cause == cause
    ]
    if busy:
        post(
            project=held, by=actor.staff, at=at,
            happenings=tuple(Happening(kind=Kind.FREE, agents=(one,), cause=cause) for one in busy),
        )  # fmt: skip


def _selling(project: Project) -> Project:
    if project.state != Project.State.SELLING:
        raise Refused(gettext_noop("这个项目已经停售"), code="closed", rule="J-01")
    return project


def _open(
    *, actor: Actor, project: Project, at: datetime, receiver: Staff, how: str, called_as: str, **more: object
) -> Visit:
    """The visit with its promise to be registered (J-04)."""
    if Visit.objects.filter(project=project, receiver=receiver, state="receiving").exists():
        raise Refused(
            gettext_noop("%(name)s还有一位客户没有登记完"), code="unfinished", rule="J-04", name=receiver.name
        )
    visit = Visit.objects.create(
        site=actor.site, project=project, number=take_number(site=actor.site, prefix=VISIT, at=at), receiver=receiver,
        how=how, called_as=called_as.strip()[:60], arrived_at=at, **more,
    )  # fmt: skip
    owe(
        site=actor.site, subject=visit, milestone=REGISTER, path="J-04.register_within",
        role=owed_role(path="J-04.registered_by", site=actor.site, at=at), at=at, staff=receiver, climbs=True,
    )  # fmt: skip
    return visit
