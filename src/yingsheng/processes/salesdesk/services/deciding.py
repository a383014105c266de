"""Deciding whose customer a visit or a deal is, each time something new is known; the sales manager's ruling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.salesdesk.models import Deal, Ruling, Visit
from yingsheng.processes.salesdesk.queries.allow import RULE
from yingsheng.processes.salesdesk.queries.facts import facts_of, figures_of
from yingsheng.processes.salesdesk.queries.queue import cause_of, rotation_now, settle_days
from yingsheng.processes.salesdesk.rules.answers import to_data
from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.decision import Decision, overrule
from yingsheng.processes.salesdesk.rules.figures import WHOLE
from yingsheng.processes.salesdesk.rules.money import fine_flaw
from yingsheng.processes.salesdesk.rules.queue import events_of
from yingsheng.processes.salesdesk.services.commission import write_lines
from yingsheng.processes.salesdesk.services.queue import hold_project, post

RULING = "rule_on_case"


def settle(*, visit: Visit, by: Staff, at: datetime) -> Decision:
    """Decide a visit and its deals by what is known now (J-30); inside the transaction that changed what is known.

    The rules are those of the day of the visit. Once the visit is registered its turn is settled: made up for or
    charged, as far as J-02.settle_within allows. A case for the manager becomes his promise. The caller tells the
    event. Refused for facts that contradict one another.
    """
    decision = _decided(visit=visit, deal=None, at=at)
    _keep(record=visit, decision=decision, at=at)
    if visit.state == Visit.State.REGISTERED:
        _settle_turn(visit=visit, decision=decision, by=by, at=at)
    for deal in visit.deals.exclude(state=Deal.State.CANCELLED).order_by("pk"):
        settle_deal(deal=deal, by=by, at=at)
    return decision


def settle_deal(*, deal: Deal, by: Staff, at: datetime) -> Decision:
    """Decide a deal by what is known now and write its lines (J-19 … J-26); inside the caller's transaction."""
    ruling = deal.rulings.order_by("-pk").first()
    decision = _decided(visit=deal.visit, deal=deal, at=at)
    _keep(record=deal, decision=decision, at=at)
    write_lines(deal=deal, decision=decision, ruling=ruling, by=by, at=at)
    return decision


@transaction.atomic
def rule_on(
    *,
    actor: Actor,
    visit: Visit,
    at: datetime,
    shares: list[tuple[Staff, int]],
    owner: Staff | None,
    reason: str,
    deal: Deal | None = None,
    fine_fen: int | None = None,
    heir: Staff | None = None,
) -> Ruling:
    """The sales manager decides, with his reason; what the articles said stays readable above it (J-28, J-30).

    Where the articles found snatching he sets the fine in its bounds and says who gets the cancelled commission, nobody
    being the company (J-20, J-34). Raises Forbidden; Refused for a lower post than J-28.ruled_by, without a reason,
    for shares that are not 100 per cent, a fine out of bounds or none where one is due.
    """
    demand(actor=actor, permission=RULE)
    demand_post(
        actor=actor, path="J-28.ruled_by", at=at, text=gettext_noop("归属由销售经理裁定"), code="not_manager"
    )
    held = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk, site=actor.site)
    found = _articles(visit=held, deal=deal)
    parts = [(str(one.pk), percent) for one, percent in shares]
    if not reason.strip():
        raise Refused(gettext_noop("裁定要写明理由"), field="reason", rule="J-28")
    if sum(percent for _one, percent in parts) != WHOLE or min(percent for _one, percent in parts) < 0:
        raise Refused(gettext_noop("各人比例合计要正好100%"), field="shares", rule="J-28")
    _check_fine(decision=found, fine_fen=fine_fen, heir=heir, is_deal=deal is not None)
    ruling = Ruling.objects.create(
        site=actor.site, visit=held, deal=deal, owner=owner, shares=[[int(key), percent] for key, percent in parts],
        reason=reason.strip()[:300], fine_fen=fine_fen, heir=heir, at=at, by=actor.staff,
    )  # fmt: skip
    subject: Any = deal or held
    timers.meet(subject=subject, milestones=[RULING], by=actor.staff, at=at)
    decision = settle(visit=held, by=actor.staff, at=at)
    tell(
        record=held, kind="salesdesk.ruled", actor=actor, at=at, rule="J-28", number=held.number,
        owner=owner.name if owner else "", reason=reason.strip(), article=decision.article,
        deal=deal.number if deal else "", fine=fine_fen or 0,
    )  # fmt: skip
    return ruling


def _articles(*, visit: Visit, deal: Deal | None) -> Decision:
    """What the articles say, before any ruling."""
    present = None
    if visit.state == Visit.State.RECEIVING:
        rotation = rotation_now(project=visit.project, at=visit.arrived_at)
        present = [int(one) for one in rotation.here]
    figures = figures_of(site=visit.site, at=visit.arrived_at)
    try:
        return decide(facts=facts_of(visit=visit, deal=deal, present=present), figures=figures)
    except ValueError as error:
        raise Refused(
            gettext_noop("日期或归属前后矛盾，请核对登记内容"), code="contradiction", rule="J-30"
        ) from error


def _decided(*, visit: Visit, deal: Deal | None, at: datetime) -> Decision:
    decision = _articles(visit=visit, deal=deal)
    subject: Any = deal or visit
    # what was ruled about a deal says whose customer the visit is too; not the other way round, a deal may cost a fine
    rulings = deal.rulings if deal is not None else visit.rulings
    ruling = rulings.order_by("-pk").first()
    if ruling is not None:
        decision = overrule(
            decision=decision, parts=[(str(pk), percent) for pk, percent in ruling.shares],
            owner=str(ruling.owner_id or ""), reason=ruling.reason,
        )  # fmt: skip
    _promise_ruling(site=visit.site, subject=subject, is_due=decision.needs_ruling, at=at)
    return decision


def _promise_ruling(*, site: Site, subject: Visit | Deal, is_due: bool, at: datetime) -> None:
    """The manager owes a ruling as long as one is due, and no longer (J-28)."""
    is_running = timers.running(subject=subject, milestones=[RULING]).exists()
    if is_due and not is_running:
        owe(
            site=site, subject=subject, milestone=RULING, path="J-28.ruled_within",
            role=owed_role(path="J-28.ruled_by", site=site, at=at), at=at, climbs=True,
        )  # fmt: skip
    elif is_running and not is_due:
        timers.void(
            subject=subject, milestones=[RULING], by=None, at=at, reason=gettext_noop("归属已经清楚，不用裁定")
        )  # fmt: skip


def _keep(*, record: Visit | Deal, decision: Decision, at: datetime) -> None:
    record.decision = to_data(decision=decision)
    record.outcome, record.rule = decision.outcome.value, decision.rule
    record.owner_id = int(decision.owner) if decision.owner else None
    record.needs_ruling, record.decided_at = decision.needs_ruling, at
    record.save(update_fields=["decision", "outcome", "rule", "owner", "needs_ruling", "decided_at"])


def _settle_turn(*, visit: Visit, decision: Decision, by: Staff, at: datetime) -> None:
    """Make up for the turn or charge it, once (CF-40)."""
    if at - visit.arrived_at > timedelta(days=settle_days(project=visit.project, at=at)):
        return
    happenings = events_of(
        decision=decision, receiver=str(visit.receiver_id), by_turn=visit.how == Visit.How.TURN,
        cause=cause_of(visit=visit),
    )  # fmt: skip
    if not happenings:
        return
    held = hold_project(project=visit.project)
    before = rotation_now(project=held, at=at)
    done = before.credited | before.charged
    due = tuple(
        one for one in happenings if (one.agents[0], one.cause) not in done and one.agents[0] in before.order
    )
    if due:
        post(project=held, by=by, at=at, happenings=due, note=visit.number)


def _check_fine(*, decision: Decision, fine_fen: int | None, heir: Staff | None, is_deal: bool) -> None:
    penalty = decision.penalty
    if penalty is None or not is_deal:
        if fine_fen:
            raise Refused(gettext_noop("没有抢客的，不罚款"), field="fine_fen", rule="J-20")
        return
    flaw = "too_small" if fine_fen is None else fine_flaw(
        fen=fine_fen, least_fen=penalty.fine_min_fen, greatest_fen=penalty.fine_max_fen
    )  # fmt: skip
    if flaw:
        raise Refused(
            gettext_noop("罚款要在%(least)s到%(greatest)s元之间"), field="fine_fen", rule="J-20", code=flaw,
            least=str(penalty.fine_min_fen // 100), greatest=str(penalty.fine_max_fen // 100),
        )  # fmt: skip
    if heir is not None and str(heir.pk) == penalty.agent:
        raise Refused(gettext_noop("取消的佣金不能再给抢客的人"), field="heir", rule="J-34")
