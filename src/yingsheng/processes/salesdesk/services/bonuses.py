"""团购奖金: what a group purchase brought, shared out by weight, that of who received raised (J-26)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Bonus, CommissionLine
from yingsheng.processes.salesdesk.queries.allow import SET
from yingsheng.processes.salesdesk.queries.deals import find_project_named, staff_named
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.decision import ARTICLES
from yingsheng.processes.salesdesk.rules.money import (
    Amount,
    Buyer,
    bonus_lines,
    line_day,
    read_parts,
    split_bonus,
)

NUMBER = "TG"
MOST_PARTS = 60
MOST_RAISED = 1000  # per cent: more is a slip of the finger


@transaction.atomic
def share_bonus(
    *,
    actor: Actor,
    at: datetime,
    project: str,
    name: str,
    fen: int,
    day: date,
    parts: str,
    reason: str,
    raised_percent: int | None = None,
) -> Bonus:
    """Share the bonus of a group purchase out to the last fen, in one go (J-26).

    `parts` has a line each: name or user name, weight, 接待 for who received the customers in turn. How much his part
    is raised is what the site has set, unless the manager says otherwise. Raises Forbidden; Refused for a line that
    cannot be read, somebody unknown or named twice, no weight at all, a day still to come.
    """
    demand(actor=actor, permission=SET)
    found = find_project_named(site=actor.site, name=project)
    if found is None:
        raise Refused(gettext_noop("没有这个项目"), field="project", rule="J-26")
    if fen <= 0:
        raise Refused(gettext_noop("奖金要大于零"), field="fen", rule="J-26")
    if day > local_day(at=at):
        raise Refused(gettext_noop("日期还没有到"), field="day", rule="J-26")
    if not name.strip():
        raise Refused(gettext_noop("请写是哪批团购"), field="name", rule="J-26")
    if not reason.strip():
        raise Refused(gettext_noop("请写明分配的理由"), field="reason", rule="J-26")
    raised = raised_percent
    if raised is None:
        raised = int(figure(path="J-26.raised_share", site=actor.site, at=at) or 0)
    if not 0 <= raised <= MOST_RAISED:
        raise Refused(gettext_noop("提高的份额填0到1000之间的百分数"), field="raised_percent", rule="J-26")
    buyers = _buyers(actor=actor, text=parts)
    amounts = split_bonus(fen=fen, buyers=buyers, raised_percent=raised)
    bonus = Bonus.objects.create(
        site=actor.site, project=found, number=take_number(site=actor.site, prefix=NUMBER, at=at),
        name=name.strip()[:60], fen=fen, raised_percent=raised, reason=reason.strip()[:200], day=day, shared_at=at,
        shared_by=actor.staff,
        parts=[
            {"agent": int(one.agent), "weight": one.weight, "received": one.received, "fen": amount.fen}
            for one, amount in zip(buyers, amounts, strict=True)
        ],
    )  # fmt: skip
    _write(bonus=bonus, amounts=amounts, by=actor.staff, at=at)
    tell(
        record=bonus, kind="salesdesk.bonus_shared", actor=actor, at=at, rule="J-26", number=bonus.number,
        amount=format_fen(fen=fen), raised=raised, reason=bonus.reason,
    )  # fmt: skip
    return bonus


def _buyers(*, actor: Actor, text: str) -> list[Buyer]:
    try:
        parts = read_parts(text=text)
    except ValueError as error:
        raise Refused(
            gettext_noop("看不懂这一行：%(line)s。每行写姓名、权重，接待过的再写“接待”"), field="parts", rule="J-26",
            line=str(error)[:40],
        ) from error  # fmt: skip
    if not parts or len(parts) > MOST_PARTS or not any(weight for _name, weight, _received in parts):
        raise Refused(gettext_noop("请写分给谁，权重合计要大于零"), field="parts", rule="J-26")
    buyers: dict[str, Buyer] = {}
    for name, weight, received in parts:
        people = staff_named(site=actor.site, name=name)
        if len(people) != 1:
            text_ = (
                gettext_noop("“%(name)s”不止一人，请写登录名")
                if people
                else gettext_noop("没有“%(name)s”这个人")
            )
            raise Refused(text_, field="parts", rule="J-26", name=name)
        key = str(people[0].pk)
        if key in buyers:
            raise Refused(gettext_noop("“%(name)s”写了两次"), field="parts", rule="J-26", name=name)
        buyers[key] = Buyer(agent=key, weight=weight, received=received)
    return list(buyers.values())


def _write(*, bonus: Bonus, amounts: tuple[Amount, ...], by: Staff, at: datetime) -> None:
    day = line_day(closed=bonus.day, today=local_day(at=at))
    for line in bonus_lines(amounts=[one for one in amounts if one.fen], day=day, matter=bonus.number):
        CommissionLine.objects.create(
            site_id=bonus.site_id, bonus=bonus, agent_id=int(line.agent), day=line.day, sort=line.sort.value,
            fen=line.fen, rule=line.rule, article=ARTICLES[line.rule], at=at, by=by,
        )  # fmt: skip
