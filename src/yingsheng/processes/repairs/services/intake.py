"""Taking a request in: by day it gets its order at once, at night it may wait for the morning (R-01, R-07, R-12)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, open_case
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.orders.models import Trade
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_holders, list_holders_or_above
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules.clocks import DESK, FINISH, clocks_of_request
from yingsheng.processes.repairs.rules.facts import KINDS, PARTS, REQUESTED, is_night, morning_after
from yingsheng.processes.repairs.rules.words import emergency_word, guess_kind, guess_trade
from yingsheng.processes.repairs.services.giving import give_order
from yingsheng.processes.repairs.services.steps import note, same_day, start_clocks, tell_household

RECEIVED = gettext_noop("您报修的“%(title)s”已登记，编号%(number)s，%(due)s前完成。")
RECEIVED_OPEN = gettext_noop("您报修的“%(title)s”已登记，编号%(number)s，我们会尽快安排。")
TOMORROW = gettext_noop("您报修的“%(title)s”已登记，编号%(number)s，夜间无法处理，%(due)s前安排维修。")
INTRODUCED = gettext_noop("来访报修%(number)s：%(title)s，请接待（%(rule)s）")
WAYS = ("later", "pool", "turn")


@transaction.atomic
def register_repair(
    *,
    site: Site,
    caller: Caller,
    title: str,
    channel: str,
    by: Staff,
    at: datetime,
    body: str = "",
    kind: str = "",
    trade: str = "",
    part: str = "",
    place: str = "",
    promised_at: datetime | None = None,
    visit_at: datetime | None = None,
    introduced_to: Staff | None = None,
    is_paid_work: bool = False,
    is_internal: bool = False,
    at_once: bool = False,
    no_emergency: bool = False,
    give: str = "later",
    origin: Case | None = None,
) -> Case:
    """Take a repair request in, give it its number and start its clocks; with `give` its order is made out at once.

    Kind and trade are guessed from the words where they are not stated. What the words call an emergency is refused
    until somebody says that it is none, unless it comes from one (`origin`, R-22). At night what is not done at once
    waits for the morning, and the household is told so (R-12). A visitor is introduced to the clerk (R-07).
    Rules R-01, R-03, R-11, R-12, R-18, R-20, R-21.
    """
    text = f"{title} {body}"
    _check(
        site=site, caller=caller, title=title, text=text, kind=kind, trade=trade, part=part, promised_at=promised_at,
        cleared=no_emergency or origin is not None, at=at,
    )  # fmt: skip
    kind = kind or guess_kind(text=text)
    waits = not at_once and kind != "urgent" and _came_at_night(site=site, by=by, channel=channel, at=at)
    case = open_case(
        site=site, process="repairs", state=REQUESTED, by=by, at=at, title=title.strip()[:120], body=body,
        channel=channel, category=trade or guess_trade(text=text), severity=kind, origin=origin, **caller.columns(),
    )  # fmt: skip
    if channel == "visit" and introduced_to is None:
        introduced_to = _clerk(site=site, by=by, at=at)
    repair = Repair.objects.create(
        case=case, kind=kind, trade=case.category, place=place, promised_at=promised_at, visit_at=visit_at, part=part,
        is_paid_work=is_paid_work, is_internal=is_internal, waits_for_morning=waits, introduced_to=introduced_to,
    )  # fmt: skip
    _promise_and_tell(case=case, repair=repair, at=at)
    note(
        case=case, kind="registered", by=by, at=at, rule="R-12" if waits else "R-01",
        data={
            "number": case.number, "title": case.title, "channel": channel, "kind": kind, "trade": case.category,
            "caller": caller.name, "room": caller.room.label if caller.room else "", "waits_for_morning": waits,
            "promised": promised_at.isoformat() if promised_at else "", "origin": origin.number if origin else "",
            "introduced_to": introduced_to.name if introduced_to else "",
        },
    )  # fmt: skip
    if give != "later" and not waits:
        give_order(
            case=case, by=by, at=at, trade=case.category, task=title, by_turn=give == "turn", visit_at=visit_at,
            outdoor=part == "public",
        )  # fmt: skip
    return case


def _check(
    *, site: Site, caller: Caller, title: str, text: str, kind: str, trade: str, part: str,
    promised_at: datetime | None, cleared: bool, at: datetime,
) -> None:  # fmt: skip
    if not title.strip():
        raise Refused(gettext_noop("请写明什么坏了"), field="title", rule="R-01")
    if kind and kind not in KINDS:
        raise Refused(gettext_noop("没有这个种类"), field="kind", rule="R-20")
    if not kind and figure(path="R-20.kind_required", site=site, at=at):
        raise Refused(gettext_noop("请选急修、零星维修还是维修工程"), field="kind", rule="R-20")
    if trade and trade not in Trade.values:
        raise Refused(gettext_noop("没有这个工种"), field="trade", rule="R-21")
    if part and part not in PARTS:
        raise Refused(gettext_noop("没有这个部位"), field="part", rule="R-16")
    if promised_at is not None and promised_at <= at:
        raise Refused(gettext_noop("答应的时间已经过去"), field="promised_at", rule="R-18")
    if not (caller.phone or caller.room or caller.name):
        raise Refused(gettext_noop("请留下房号、姓名或电话，否则无法答复"), field="caller_phone", rule="R-04")
    if cleared or not figure(path="R-22.emergency_first", site=site, at=at):
        return
    word = emergency_word(text=text, words=str(figure(path="R-22.words", site=site, at=at) or ""))
    if word:
        raise Refused(
            gettext_noop("“%(word)s”先按突发事件登记，处理后再开维修单；确实不是突发事件，请勾选“不是突发事件”"),
            field="no_emergency", rule="R-22", word=word,
        )  # fmt: skip


def _came_at_night(*, site: Site, by: Staff, channel: str, at: datetime) -> bool:
    """Whether the night duty took it in, or it stands in the night log (R-12)."""
    if channel == Case.Channel.NIGHT_LOG:
        return True
    begins, ends = (str(figure(path=path, site=site, at=at)) for path in ("R-12.night_from", "R-12.open_by"))
    if not is_night(at=at, begins=begins, ends=ends):
        return False
    role = str(figure(path="R-12.night_role", site=site, at=at))
    return any(one.pk == by.pk for one in list_holders(site_id=site.pk, role=role, at=at))


def _clerk(*, site: Site, by: Staff, at: datetime) -> Staff | None:
    """Who receives a visitor with a repair (R-07): who took it in, if it is his post, else the first holding it."""
    role = str(figure(path="R-07.received_by", site=site, at=at))
    people = list_holders_or_above(site_id=site.pk, role=role, at=at)
    if any(one.pk == by.pk for one in people):
        return by
    return people[0] if people else None


def _promise_and_tell(*, case: Case, repair: Repair, at: datetime) -> None:
    opened, opener = None, DESK
    if repair.waits_for_morning:
        opened = morning_after(at=at, ends=str(figure(path="R-12.open_by", site=case.site, at=at)))
        opener = str(figure(path="R-12.opened_by", site=case.site, at=at) or DESK)
    clocks = clocks_of_request(
        kind=repair.kind,
        received_at=at,
        promised_at=repair.promised_at,
        opened_at=opened,
        opener=opener,
        same_day=same_day(site=case.site, at=at),
    )
    start_clocks(case=case, clocks=[clock for clock in clocks if clock.milestone != FINISH], at=at)
    due = start_clocks(case=case, clocks=[clock for clock in clocks if clock.milestone == FINISH], at=at)
    told = opened or due
    tell_household(
        case=case, text=TOMORROW if opened else RECEIVED if told else RECEIVED_OPEN, at=at, why="received",
        rule="R-12" if opened else "R-18" if repair.promised_at else "R-03",
        **({"due": told.isoformat()} if told else {}),
    )  # fmt: skip
    clerk = repair.introduced_to
    if clerk is not None and clerk.pk != case.received_by_id:
        queue(
            site_id=case.site_id, subject=case, at=at,
            drafts=[
                Draft(
                    text=INTRODUCED, to_staff=clerk, rule="R-07", dedup_key=f"repair:{case.pk}:introduced",
                    params={"number": case.number, "title": case.title, "rule": "R-07", "key": case.key},
                )
            ],
        )  # fmt: skip
