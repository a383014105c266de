"""Taking a repair from the phone to any point of its life, the ordinary way."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.repairs.services import giving, intake, money, telling

NINE = MONDAY_NINE


def later(hours: float = 0, **more: float) -> datetime:
    """A moment after Monday nine o'clock."""
    return NINE + timedelta(hours=hours, **more)


def requested(cast: Cast, *, at: datetime = NINE, **fields: Any) -> Case:
    """A request just taken on the phone."""
    if "caller" not in fields:
        fields["caller"] = cast.caller(0)
    return intake.register_repair(
        **{
            "site": cast.site, "title": "厨房水龙头滴水", "kind": "minor", "channel": "phone", "by": cast.front,
            "at": at, **fields,
        }
    )  # fmt: skip


def ordered(
    cast: Cast, *, worker: Staff | None = None, at: datetime | None = None, **fields: Any
) -> WorkOrder:
    """An order made out to the engineer a quarter of an hour later."""
    case = requested(cast, **fields)
    giving.give_order(
        case=case, by=cast.front, at=at or later(0.2), trade="water", task="换水龙头",
        department=cast.department("engineering"), worker=worker or cast.engineer,
    )  # fmt: skip
    return WorkOrder.objects.get(case=case)


def done(cast: Cast, **fields: Any) -> WorkOrder:
    """Signed for, begun and finished by one o'clock."""
    order = ordered(cast, **fields)
    engineer = cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    order = orders.start_order(order=order, actor=engineer, at=later(1))
    return orders.finish_order(order=order, actor=engineer, at=later(4), result="换了阀芯，不滴了")


def quoted(cast: Cast, **fields: Any) -> WorkOrder:
    """Paid work whose price the household accepted, ordered."""
    order = ordered(cast, is_paid_work=True, **fields)
    money.quote_repair(case=order.case, by=cast.front, at=later(0.3), lines="换水龙头 × 1 @ 80")
    money.answer_quote(case=order.case, by=cast.front, at=later(0.4), decision="accepted", who="钱女士")
    return order


def told(cast: Cast, case: Case, *, at: datetime | None = None, satisfaction: str = "yes") -> Case:
    """The household heard the result."""
    return telling.tell_result(
        case=case, by=cast.front, at=at or later(5), told_to="钱女士", satisfaction=satisfaction
    )


def all_day(cast: Cast, name: str, *trades: str) -> None:
    """Make somebody of the cast a worker round the clock."""
    orders.set_profile(
        actor=cast.actor("supervisor"), staff=cast.staff[name], trades=list(trades), shift_from=time(0),
        shift_to=time(0), weekdays=list(range(7)), away_until=None, active=True, at=NINE - timedelta(days=1),
    )  # fmt: skip


def now(case: Case) -> Case:
    """The case as it stands."""
    return Case.objects.select_related("site", "room", "repair").get(pk=case.pk)
