"""Taking a special service in, and what lies beyond it: helped where possible, else plainly declined (S-01, S-11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, open_case
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import price_finder
from yingsheng.kernel.charges.rules import Line
from yingsheng.kernel.charges.services import offer_quote
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.rules import ARRANGED, DECLINED, HELPED, REQUESTED, is_night, next_morning
from yingsheng.processes.services.services.steps import GIVE_OUT, load, note, take, tell_household

RECEIVED = gettext_noop("您预约的“%(title)s”已登记，编号%(number)s，费用%(fee)s元。")
TOMORROW = gettext_noop("您委托的“%(title)s”已登记，编号%(number)s，费用%(fee)s元，明早%(due)s前安排。")
HELP = gettext_noop("编号%(number)s：“%(title)s”不在我们的服务里，我们这样帮您：%(answer)s")
NO = gettext_noop("编号%(number)s：很抱歉，“%(title)s”我们办不了。%(answer)s")
MOST_QUANTITY = Decimal("9999.99")


@transaction.atomic
def register_service(
    *,
    site: Site,
    caller: Caller,
    by: Staff,
    at: datetime,
    item: str,
    channel: str,
    first_date: date,
    last_date: date | None = None,
    quantity: str = "1",
    fee_fen: int | None = None,
    body: str = "",
    provider: str = "",
    scope: str = "inside",
    at_once: bool = False,
) -> Case:
    """Take a request in, by name or code of the price list, with its time and price (S-01, S-10).

    The price is that of the list unless another was agreed; a free service needs no payment. What comes in the night
    and is not done at once waits for the morning (S-09). What lies beyond the service gets no price (S-11).
    """
    line = _priced(site=site, item=item, quantity=quantity, fee_fen=fee_fen, scope=scope)
    last = last_date or first_date
    _check(caller=caller, item=item, first=first_date, last=last, at=at)
    night = is_night(
        at=at,
        begins=str(figure(path="S-09.night_from", site=site, at=at)),
        ends=str(figure(path="S-09.morning_by", site=site, at=at)),
    )
    waits = night and not at_once
    free = line is None or line.sum_fen == 0
    case = open_case(
        site=site, process="services", state=ARRANGED if free and scope == Service.Scope.INSIDE else REQUESTED, by=by,
        at=at, title=line.name[:120] if line else item.strip()[:120], body=body, channel=channel, category=scope,
        **caller.columns(),
    )  # fmt: skip
    Service.objects.create(
        case=case, scope=scope, item=line.code if line else "", item_name=case.title[:60], first_date=first_date,
        quantity=line.quantity if line else Decimal(1), last_date=last, fee_fen=line.sum_fen if line else 0,
        provider=provider.strip()[:80], waits_for_morning=waits,
    )  # fmt: skip
    if line is not None and not free:
        offer_quote(case=case, lines=[line], by=by, at=at)
    _promise_and_tell(case=case, waits=waits, fee=line.sum_fen if line else 0, at=at)
    note(
        case=case, kind="registered", by=by, at=at, rule="S-09" if waits else "S-01",
        data={
            "number": case.number, "item": case.title, "from": first_date.isoformat(), "to": last.isoformat(),
            "fee_fen": line.sum_fen if line else 0, "channel": channel, "scope": scope, "waits_for_morning": waits,
        },
    )  # fmt: skip
    return case


@transaction.atomic
def help_out(*, case: Case, by: Staff, at: datetime, answer: str, seen: int | None = None) -> Case:
    """Beyond our duty: what help was given all the same (S-11)."""
    return _answer(case=case, by=by, at=at, answer=answer, seen=seen, step="help", state=HELPED, text=HELP)


@transaction.atomic
def decline(*, case: Case, by: Staff, at: datetime, answer: str, seen: int | None = None) -> Case:
    """Outside what we do: declined in plain words that the household hears (S-11)."""
    return _answer(case=case, by=by, at=at, answer=answer, seen=seen, step="decline", state=DECLINED, text=NO)


def _answer(
    *, case: Case, by: Staff, at: datetime, answer: str, seen: int | None, step: str, state: str, text: str
) -> Case:
    case, service = load(case=case, seen=seen)
    if not answer.strip():
        raise Refused(gettext_noop("请写明怎样答复住户"), field="answer", rule="S-11")
    take(service=service, step=step, at=at, to_state=state, changes={"answer": answer}, handled_at=at)
    timers.meet(subject=case, milestones=[GIVE_OUT], by=by, at=at)
    tell_household(case=case, text=text, at=at, why=step, rule="S-11", answer=answer)
    note(
        case=case, kind="helped" if state == HELPED else "declined", by=by, at=at, rule="S-11", data={"answer": answer}
    )  # fmt: skip
    return case


def _priced(*, site: Site, item: str, quantity: str, fee_fen: int | None, scope: str) -> Line | None:
    """The line of the price list that was named, or one at the price agreed; None beyond the service."""
    if scope == Service.Scope.BEYOND:
        return None
    try:
        amount = Decimal(quantity.strip() or "1").quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Refused(gettext_noop("数量不对"), field="quantity", rule="S-10") from error
    if not 0 < amount <= MOST_QUANTITY:
        raise Refused(gettext_noop("数量不对"), field="quantity", rule="S-10")
    known = price_finder(site=site, kinds=(PriceItem.Kind.SERVICE.value,))(item)
    if known is None and fee_fen is None:
        raise Refused(
            gettext_noop("这项服务不在价目表里，请写明费用，免费的写0"), field="fee_fen", rule="S-10"
        )
    if fee_fen is not None:
        name, code, unit = (known.name, known.code, known.unit) if known else (item.strip()[:60], "", "")
        return Line(name=name, code=code, unit=unit, quantity=Decimal(1), price_fen=fee_fen)
    assert known is not None
    return Line(name=known.name, code=known.code, unit=known.unit, quantity=amount, price_fen=known.price_fen)


def _check(*, caller: Caller, item: str, first: date, last: date, at: datetime) -> None:
    if not item.strip():
        raise Refused(gettext_noop("请写明要什么服务"), field="item", rule="S-01")
    if not (caller.phone or caller.room or caller.name):
        raise Refused(gettext_noop("请留下房号、姓名或电话"), field="caller_phone", rule="S-01")
    if last < first:
        raise Refused(gettext_noop("结束日期不能早于开始日期"), field="last_date", rule="S-10")
    if last < at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        raise Refused(gettext_noop("服务日期已经过去"), field="first_date", rule="S-10")


def _promise_and_tell(*, case: Case, waits: bool, fee: int, at: datetime) -> None:
    """The order is owed in the time of S-02; for what came in the night from the next morning on (S-09)."""
    morning = next_morning(at=at, ends=str(figure(path="S-09.morning_by", site=case.site, at=at)))
    owe(
        subject=case, path="S-02.pass_on_within", milestone=GIVE_OUT, site=case.site, at=at, role="FRONT_DESK",
        staff=case.received_by, starts_at=morning if waits else at,
    )  # fmt: skip
    if case.category == Service.Scope.BEYOND:
        return
    if waits:
        due = morning.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%H:%M")
        tell_household(
            case=case, text=TOMORROW, at=at, why="received", rule="S-09", due=due, fee=format_fen(fen=fee)
        )
    else:
        tell_household(case=case, text=RECEIVED, at=at, why="received", rule="S-10", fee=format_fen(fen=fee))
