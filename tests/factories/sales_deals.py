"""Registered receptions and what comes of them in money: rates, deals, bonuses, applications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project

from yingsheng.kernel.cases.services import take_number
from yingsheng.processes.salesdesk.models import (
    Application,
    Bonus,
    Deal,
    Entry,
    Finding,
    Project,
    Proof,
    Rate,
    Visit,
)
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.matching import Entry as Written
from yingsheng.processes.salesdesk.rules.matching import keys_of
from yingsheng.processes.salesdesk.services.applying import apply_for
from yingsheng.processes.salesdesk.services.bonuses import share_bonus
from yingsheng.processes.salesdesk.services.deals import (
    open_deal,
    sign_subscription,
    take_deposit,
)
from yingsheng.processes.salesdesk.services.deciding import settle
from yingsheng.processes.salesdesk.services.rates import set_rate

NAME, PHONE = "周晓岚", "13900001111"
LONG_AGO = date(2024, 6, 1)


def registered_visit(
    cast: Cast,
    project: Project,
    *,
    at: datetime = MONDAY_NINE,
    receiver: str = "agent_b",
    name: str = NAME,
    phone: str = PHONE,
    present: Iterable[str] = (),
    original: str = "",
    days_before: int = 10,
    noticed: str = "during",
    found_on: date | None = None,
    **fields: Any,
) -> Visit:
    """A reception in the book; with `original` an earlier one of the same customer by that agent, found when said."""
    earlier = None
    if original:
        before = at - timedelta(days=days_before)
        earlier = registered_visit(cast, project, at=before, receiver=original, name=name, phone=phone)
    agent = cast.staff[receiver]
    entry = Entry.objects.create(
        site=cast.site, project=project, book=Entry.Book.VISIT,
        number=take_number(site=cast.site, prefix="KH", at=at), day=local_day(at=at), agent=agent, name=name,
        employer_or_address="云溪路1号", contact=phone, intention="三房", source="路过", at=at, by=agent,
    )  # fmt: skip
    written = Written(number=entry.pk, agent=str(agent.pk), name=name, phones=phone)
    for key in sorted(keys_of(entry=written)):
        Proof.objects.create(entry=entry, site=cast.site, key=key, since=entry.day)
    visit = Visit.objects.create(
        site=cast.site, project=project, number=take_number(site=cast.site, prefix="JD", at=at),
        state=Visit.State.REGISTERED, receiver=agent, how=Visit.How.TURN, arrived_at=at, finished_at=at, entry=entry,
        present=sorted(cast.staff[one].pk for one in (receiver, *present)), **fields,
    )  # fmt: skip
    if earlier is not None:
        Finding.objects.create(
            visit=visit, entry=earlier.entry, relation="self", keys=["full_name", "phone"], noticed=noticed,
            day=found_on or local_day(at=at), by=agent, at=at,
        )  # fmt: skip
    settle(visit=visit, by=agent, at=at)
    return Visit.objects.get(pk=visit.pk)


def make_rate(
    cast: Cast, project: Project, *, at: datetime = MONDAY_NINE, valid_from: date = LONG_AGO, **fields: Any
) -> Rate:
    """1.2 per cent of the price unless another is said."""
    values: dict[str, Any] = {"kind": "part", "percent": "1.2", "reason": "2025年佣金方案"}
    manager = cast.actor("sales_manager", at)
    return set_rate(actor=manager, at=at, project=project.name, valid_from=valid_from, **{**values, **fields})


def make_deal(
    cast: Cast, visit: Visit, *, at: datetime = MONDAY_NINE, by: str = "", closed: bool = True, **fields: Any
) -> Deal:
    """A deal of a reception, closed by deposit and signature on the day of `at` unless it stays open."""
    who = next((name for name, one in cast.staff.items() if one == visit.receiver), "agent_b")
    actor = cast.actor(by or who, at)
    values: dict[str, Any] = {"unit": "3-2-1802", "price_fen": 100_000_000}
    deal = open_deal(actor=actor, at=at, visit=visit.number, **{**values, **fields})
    return close_deal(cast, deal, at=at, by=by or who) if closed else deal


def close_deal(cast: Cast, deal: Deal, *, at: datetime = MONDAY_NINE, by: str = "sales_manager") -> Deal:
    """Deposit paid and 认购书 signed on the day of `at`."""
    pay(cast, deal, at=at, by=by)
    return sign(cast, deal, at=at, by=by)


def pay(
    cast: Cast, deal: Deal, *, at: datetime = MONDAY_NINE, by: str = "sales_manager", **more: Any
) -> Deal:
    """The deposit."""
    values: dict[str, Any] = {
        "deposit_fen": min(2_000_000, deal.price_fen),
        "receipt": "DJ-1",
        "day": local_day(at=at),
    }
    return take_deposit(actor=cast.actor(by, at), record=deal, at=at, **{**values, **more})


def sign(
    cast: Cast, deal: Deal, *, at: datetime = MONDAY_NINE, by: str = "sales_manager", **more: Any
) -> Deal:
    """The signature."""
    values: dict[str, Any] = {"purchaser": NAME, "day": local_day(at=at), "signature": NAME}
    return sign_subscription(actor=cast.actor(by, at), record=deal, at=at, **{**values, **more})


def make_bonus(cast: Cast, project: Project, *, at: datetime = MONDAY_NINE, **fields: Any) -> Bonus:
    """A group bonus of 1,000 yuan for two agents, one of whom received."""
    values: dict[str, Any] = {
        "name": "云溪小学团购", "fen": 100_000, "day": local_day(at=at), "parts": "严一 1\n华二 1 接待",
        "reason": "销售部会议", "raised_percent": 50,
    }  # fmt: skip
    manager = cast.actor("sales_manager", at)
    return share_bonus(actor=manager, at=at, project=project.name, **{**values, **fields})


def make_application(
    cast: Cast, *, at: datetime = MONDAY_NINE, by: str = "agent_b", **fields: Any
) -> Application:
    """An agent asks for a discount."""
    values: dict[str, Any] = {"kind": "discount", "text": "客户一次付清，请求九九折"}
    return apply_for(actor=cast.actor(by, at), at=at, **{**values, **fields})


def make_deal_records(cast: Cast) -> dict[str, Any]:
    """One of each register of what comes of a reception; an open deal, so that every verb may be tried."""
    project = make_project(cast, name="云溪二期")
    rate = make_rate(cast, project)
    make_deal(cast, registered_visit(cast, project, original="agent_a"))
    visit = registered_visit(cast, project, name="沈月", phone="13900002222")
    deal = make_deal(cast, visit, closed=False, unit="3-2-1803")
    return {
        "sales_rates": rate, "sales_deals": deal, "sales_bonuses": make_bonus(cast, project),
        "sales_applications": make_application(cast, deal=deal.number),
    }  # fmt: skip


def make_more_deals(cast: Cast) -> None:
    """Several more of each."""
    project = Project.objects.get(site=cast.site, name="云溪二期")
    for number in range(5):
        visit = registered_visit(
            cast, project, name=f"客户第{number}人", phone=f"1390000{3330 + number}", original="agent_a"
        )
        make_deal(cast, visit, unit=f"5-1-{1001 + number}", price_fen=90_000_001 + number)
        make_rate(cast, project, valid_from=date(2026, 1, 1 + number))
        make_bonus(cast, project, name=f"团购{number}")
        make_application(cast, text=f"第{number}件申请")
