"""A deal: opened from a reception, closed by deposit and signed subscription, transferred, cancelled (J-24, J-25)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign as keep_signature
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.salesdesk.models import Deal, Visit
from yingsheng.processes.salesdesk.queries.allow import DEAL, RULE, TAKE
from yingsheng.processes.salesdesk.queries.deals import (
    find_rate,
    find_visit_numbered,
    sold_deal,
    unit_words,
)
from yingsheng.processes.salesdesk.queries.queue import local_day, rotation_now
from yingsheng.processes.salesdesk.rules.answers import from_data
from yingsheng.processes.salesdesk.rules.days import closing_day
from yingsheng.processes.salesdesk.rules.money import commission_of
from yingsheng.processes.salesdesk.services.commission import FORMALITIES, write_lines
from yingsheng.processes.salesdesk.services.deciding import RULING, settle_deal
from yingsheng.processes.salesdesk.services.queue import hold_project

NUMBER = "CJ"
OPEN, CLOSED = Deal.State.OPEN, Deal.State.CLOSED
NO_RATE = "no_rate"
SOLD = gettext_noop("%(unit)s已经成交（%(deal)s），不能再卖一次")


@transaction.atomic
def open_deal(
    *, actor: Actor, at: datetime, visit: str, unit: str, price_fen: int, closer: Staff | None = None
) -> Deal:
    """A purchase in the making, from a registered reception; who closes it is the actor unless another is named (J-24).

    Where the manager enters it, who received is taken to close it. Raises Forbidden; Refused for a reception that is
    not registered or not his to see, a unit already sold, a price of nothing.
    """
    demand(actor=actor, permission=DEAL)
    found = find_visit_numbered(actor=actor, number=visit)
    if found is None:
        raise Refused(gettext_noop("没有这次接待，或者不是您接待的客户"), field="visit", rule="J-24")
    came = Visit.objects.select_for_update(no_key=True).get(pk=found.pk)
    if came.state != Visit.State.REGISTERED:
        raise Refused(gettext_noop("先把客户登记完，再登记成交"), field="visit", rule="J-04")
    named = unit_words(text=unit)
    if not named:
        raise Refused(gettext_noop("请写明买的是哪一套"), field="unit", rule="J-24")
    if price_fen <= 0:
        raise Refused(gettext_noop("成交价要大于零"), field="price_fen", rule="J-24")
    _demand_unsold(deal=None, visit=came, unit=named)
    who = closer or (came.receiver if actor.may(RULE) else actor.staff)
    _demand_agent(actor=actor, agent=who, at=at)
    deal = Deal.objects.create(
        site=actor.site, project=came.project, number=take_number(site=actor.site, prefix=NUMBER, at=at), visit=came,
        unit=named, price_fen=price_fen, closer=who, opened_at=at, opened_by=actor.staff,
    )  # fmt: skip
    settle_deal(deal=deal, by=actor.staff, at=at)
    tell(
        record=deal, kind="salesdesk.deal_opened", actor=actor, at=at, rule="J-24", number=deal.number, unit=named,
        visit=came.number,
    )  # fmt: skip
    return deal


@transaction.atomic
def take_deposit(
    *,
    actor: Actor,
    record: Deal,
    at: datetime,
    deposit_fen: int,
    receipt: str,
    day: date,
    purchaser: str = "",
    closer: Staff | None = None,
    seen: int | None = None,
) -> Deal:
    """The deposit is paid, with its receipt; with the signature the deal is closed (J-24).

    Where a site counts the deposit alone as closing, it needs the purchaser too. Raises Forbidden, Conflict, Refused.
    """
    deal = hold_deal(actor=actor, record=record, seen=seen, states=(OPEN, CLOSED))
    if deal.deposit_day is not None:
        raise Refused(gettext_noop("定金已经收了"), code="done", rule="J-24")
    if not 0 < deposit_fen <= deal.price_fen:
        raise Refused(gettext_noop("定金要大于零，不超过成交价"), field="deposit_fen", rule="J-24")
    if not receipt.strip():
        raise Refused(gettext_noop("请写定金收据号"), field="receipt", rule="J-24")
    _check_day(deal=deal, day=day, at=at)
    _name_closer(deal=deal, actor=actor, closer=closer, at=at)
    values = {"purchaser": purchaser.strip()[:60]} if purchaser.strip() and deal.signed_day is None else {}
    change(
        record=deal, deposit_fen=deposit_fen, deposit_receipt=receipt.strip()[:40], deposit_day=day, **values
    )
    if not _closes(deal=deal, actor=actor, at=at):
        tell(
            record=deal, kind="salesdesk.deposited", actor=actor, at=at, rule="J-24", number=deal.number,
            amount=format_fen(fen=deposit_fen), receipt=deal.deposit_receipt,
        )  # fmt: skip
    return deal


@transaction.atomic
def sign_subscription(
    *,
    actor: Actor,
    record: Deal,
    at: datetime,
    purchaser: str,
    day: date,
    signature: str,
    closer: Staff | None = None,
    seen: int | None = None,
) -> Deal:
    """The customer signs 认购书 FM-64; who stands on it is the purchaser (J-24, J-25).

    It is signed once: another name later is an application to the sales manager (J-27). Raises Forbidden, Conflict,
    Refused.
    """
    deal = hold_deal(actor=actor, record=record, seen=seen, states=(OPEN, CLOSED))
    if deal.signed_day is not None:
        raise Refused(gettext_noop("认购书已经签了，换名要向销售经理申请"), code="must_apply", rule="J-27")
    if not purchaser.strip():
        raise Refused(gettext_noop("请按认购书写买方姓名"), field="purchaser", rule="J-25")
    if not signature.strip():
        raise Refused(gettext_noop("请买方签名"), field="signature", rule="J-24")
    _check_day(deal=deal, day=day, at=at)
    _name_closer(deal=deal, actor=actor, closer=closer, at=at)
    signer = signer_of(value=signature) or purchaser.strip()
    keep_signature(site_id=actor.site.pk, subject=deal, value=signature, signer=signer, by=actor.staff, at=at)
    change(record=deal, purchaser=purchaser.strip()[:60], signed_day=day, signed_by=signer[:60])
    if not _closes(deal=deal, actor=actor, at=at):
        tell(
            record=deal, kind="salesdesk.signed", actor=actor, at=at, rule="J-24", number=deal.number,
            purchaser=deal.purchaser,
        )  # fmt: skip
    return deal


@transaction.atomic
def transfer_privately(
    *, actor: Actor, record: Deal, at: datetime, name: str, seen: int | None = None
) -> Deal:
    """The purchaser passed it on privately: noted, and purchaser, owner and commission stand (J-25)."""
    deal = hold_deal(actor=actor, record=record, seen=seen, states=(CLOSED,))
    if not name.strip() or name.strip() == deal.purchaser:
        raise Refused(gettext_noop("请写转给了谁"), field="name", rule="J-25")
    change(record=deal, transferred_to=name.strip()[:60])
    settle_deal(deal=deal, by=actor.staff, at=at)
    tell(
        record=deal, kind="salesdesk.transferred", actor=actor, at=at, rule="J-25", number=deal.number,
        name=deal.transferred_to,
    )  # fmt: skip
    return deal


@transaction.atomic
def cancel_deal(*, actor: Actor, record: Deal, at: datetime, reason: str, seen: int | None = None) -> Deal:
    """The purchase does not come about; lines that stand are taken back, the unit may be sold again (J-24).

    [I] Once it is closed only whoever rules on cases may, for it takes money back. Raises Forbidden, Conflict, Refused.
    """
    deal = hold_deal(actor=actor, record=record, seen=seen, states=(OPEN, CLOSED))
    if deal.state == CLOSED and not actor.may(RULE):
        raise Refused(gettext_noop("已成交的由销售经理取消"), code="not_manager", rule="J-28")
    if not reason.strip():
        raise Refused(gettext_noop("取消要写明原因"), field="reason", rule="J-24")
    change(record=deal, state=Deal.State.CANCELLED, reason=reason.strip()[:200], needs_ruling=False)
    timers.void(
        subject=deal, milestones=[RULING, FORMALITIES], by=actor.staff, at=at, reason=gettext_noop("成交已取消")
    )  # fmt: skip
    write_lines(deal=deal, decision=from_data(data=deal.decision), ruling=None, by=actor.staff, at=at)
    tell(
        record=deal, kind="salesdesk.deal_cancelled", actor=actor, at=at, rule="J-24", number=deal.number,
        reason=deal.reason,
    )  # fmt: skip
    return deal


@transaction.atomic
def finish_formalities(*, actor: Actor, record: Deal, at: datetime, seen: int | None = None) -> Deal:
    """The formalities are done by the agent whose customer it is, or by the manager for him (J-11, J-12, J-18)."""
    deal = hold_deal(actor=actor, record=record, seen=seen, states=(CLOSED,))
    if deal.formalities_done_at is not None:
        raise Refused(gettext_noop("手续已经办完"), code="done", rule="J-18")
    if deal.needs_ruling:
        raise Refused(gettext_noop("归属还没有裁定，手续等裁定以后办"), code="not_ruled", rule="J-28")
    if not may_finish(actor=actor, record=deal):
        raise Refused(gettext_noop("手续由客户归属的业务员或销售经理办"), code="not_his", rule="J-18")
    change(record=deal, formalities_done_at=at)
    timers.meet(subject=deal, milestones=[FORMALITIES], by=actor.staff, at=at)
    tell(
        record=deal, kind="salesdesk.formalities_done", actor=actor, at=at, rule=_formalities_rule(deal=deal),
        number=deal.number, agent=actor.staff.name,
    )  # fmt: skip
    return deal


def may_finish(*, actor: Actor, record: Deal) -> bool:
    """Whether the formalities are this person's: whose customer it is, or the manager's; nobody's before a ruling."""
    return not record.needs_ruling and (record.formalities_id == actor.staff.pk or actor.may(RULE))


def hold_deal(*, actor: Actor, record: Deal, seen: int | None, states: Collection[str]) -> Deal:
    """The deal with its reception and project, held in the order in which everybody holds them."""
    demand(actor=actor, permission=DEAL)
    Visit.objects.select_for_update(no_key=True).get(pk=record.visit_id)
    hold_project(project=record.project)
    return hold(actor=actor, record=record, permission=DEAL, seen=seen, states=states)


def earn(*, deal: Deal) -> None:
    """The commission of a closed deal by the rate of its closing day, none without a rate; not saved."""
    assert deal.closed_day is not None
    deal.rate = rate = find_rate(project=deal.project, day=deal.closed_day)
    deal.commission_fen = (
        commission_of(price_fen=deal.price_fen, per_100k=rate.per_100k, fixed_fen=rate.fixed_fen)
        if rate is not None
        else None
    )


def _closes(*, deal: Deal, actor: Actor, at: datetime) -> bool:
    """Close the deal if both halves are there, decide it, and tell so; whether it closed now (J-24).

    A site that counts one half alone may learn of an earlier other half: the closing day moves, the deal was closed.
    """
    both = bool(figure(path="J-24.deposit_and_signature", site=deal.site, at=deal.visit.arrived_at))
    day = closing_day(deposit=deal.deposit_day, signed=deal.signed_day, both=both)
    was_open = deal.state == OPEN
    if day is not None and (was_open or day != deal.closed_day):
        _close(deal=deal, day=day, at=at)
    settle_deal(deal=deal, by=actor.staff, at=at)
    if day is None or not was_open:
        return False
    tell(
        record=deal, kind="salesdesk.deal_closed", actor=actor, at=at, rule="J-24", number=deal.number, unit=deal.unit,
        commission=NO_RATE if deal.commission_fen is None else format_fen(fen=deal.commission_fen),
    )  # fmt: skip
    return True


def _close(*, deal: Deal, day: date, at: datetime) -> None:
    if not deal.purchaser:
        raise Refused(gettext_noop("收了定金就算成交，请写买方姓名"), field="purchaser", rule="J-25")
    _demand_unsold(deal=deal, visit=deal.visit, unit=deal.unit)
    rotation = rotation_now(project=deal.project, at=at)
    deal.closed_day = day
    earn(deal=deal)
    try:
        with transaction.atomic():
            change(
                record=deal, state=CLOSED, closed_day=day, present=sorted(int(one) for one in rotation.here),
                rate=deal.rate, commission_fen=deal.commission_fen,
            )  # fmt: skip
    except IntegrityError as error:  # two desks sold it at once: the database lets one of them
        raise Refused(SOLD, field="unit", rule="J-24", unit=deal.unit, deal="") from error


def _demand_unsold(*, deal: Deal | None, visit: Visit, unit: str) -> None:
    sold = sold_deal(project=visit.project, unit=unit)
    if sold is not None and (deal is None or sold.pk != deal.pk):
        raise Refused(SOLD, field="unit", rule="J-24", unit=unit, deal=sold.number)


def _demand_agent(*, actor: Actor, agent: Staff, at: datetime) -> None:
    if not actor_for(staff=agent, site=actor.site, at=at).may(TAKE):
        raise Refused(
            gettext_noop("%(name)s不是本项目的售楼员"), field="closer", rule="J-24", name=agent.name
        )


def _name_closer(*, deal: Deal, actor: Actor, closer: Staff | None, at: datetime) -> None:
    """Whoever really closed it, until it is closed."""
    if closer is None or closer.pk == deal.closer_id:
        return
    if deal.state == CLOSED:
        raise Refused(gettext_noop("已成交的不能改成交人"), field="closer", rule="J-29")
    _demand_agent(actor=actor, agent=closer, at=at)
    change(record=deal, closer=closer)


def _check_day(*, deal: Deal, day: date, at: datetime) -> None:
    if day > local_day(at=at):
        raise Refused(gettext_noop("日期还没有到"), field="day", rule="J-24")
    if day < local_day(at=deal.visit.arrived_at):
        raise Refused(gettext_noop("不能早于客户来访的那天"), field="day", rule="J-24")


def _formalities_rule(*, deal: Deal) -> str:
    """The rule that gives the formalities to whose customer it is, where one of them decided."""
    return deal.rule if deal.rule in ("J-11", "J-12") else "J-18"
