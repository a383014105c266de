"""Repairs that are open as the demonstration begins: one in each place an order can be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.access import actor_for
from yingsheng.ops.demo.repairs import Workshop
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story
from yingsheng.processes.repairs.services import giving, intake, money

FIRM = "安达门窗（演示）"


@dataclass(frozen=True, kw_only=True)
class Open:
    """Which of the demonstration's repairs, so many minutes old, with whom, and what was done of it since."""

    row: int  # of the invented repairs
    ago: int
    worker: str = ""
    outside: str = ""
    done: tuple[str, ...] = ()
    gap: int = 5


TODAY = (
    Open(row=0, ago=6),
    Open(row=1, ago=24, done=("issue",)),
    Open(row=10, ago=38, worker="engineer1", done=("issue",)),
    Open(row=0, ago=170, worker="engineer1", done=("issue", "accept", "start"), gap=25),
    Open(row=8, ago=300, worker="engineer2", done=("issue", "accept", "start", "pause"), gap=30),
    Open(row=6, ago=120, worker="engineer2", done=("quote", "issue", "accept")),
    Open(row=6, ago=240, worker="electrician", done=("quote", "issue", "decline"), gap=20),
    Open(row=5, ago=200, outside=FIRM, done=("issue", "accept"), gap=20),
)


def start_open_repairs(*, shop: Workshop) -> None:
    """Let the open repairs of today begin, each at another home."""
    homes = shop.line.rng.sample([one for one in shop.callers if one.room is not None], len(TODAY))
    for one, caller in zip(TODAY, homes, strict=True):
        shop.line.start(story=_story(shop=shop, one=one, caller=caller))


def _story(*, shop: Workshop, one: Open, caller: Caller) -> Story:
    rows = texts("repairs")["repair"]
    words = rows[one.row % len(rows)]
    at = shop.line.now - timedelta(minutes=one.ago)
    yield at
    case = intake.register_repair(
        site=shop.site, caller=caller, title=words["title"], kind=words["kind"], trade=words["trade"],
        part=words.get("part", "private"), place=words.get("place", ""), channel="phone",
        is_paid_work="quote" in one.done, by=shop.cast["front"], at=at,
    )  # fmt: skip
    for verb in one.done:
        at += timedelta(minutes=one.gap)
        yield at
        _do(shop=shop, one=one, case=case, verb=verb, at=at, words=words)


def _do(*, shop: Workshop, one: Open, case: Case, verb: str, at: datetime, words: dict[str, Any]) -> None:
    front = shop.cast["front"]
    if verb == "issue":
        giving.give_order(
            case=case, by=front, at=at, trade=words["trade"], task=words["task"],
            department=shop.cast.departments["engineering"], outside=one.outside,
            worker=shop.cast[one.worker] if one.worker else None, outdoor=words.get("part") == "public",
        )  # fmt: skip
    elif verb == "quote":
        money.quote_repair(case=case, by=front, at=at, lines=words.get("quote", "上门检修 × 1"))
    elif verb == "decline":
        who = case.caller_name or "住户"
        money.answer_quote(case=case, by=front, at=at, decision="declined", who=who)
    else:
        order = WorkOrder.objects.select_related("case__site", "case__room").get(case=case)
        actor = actor_for(staff=shop.cast[one.worker or "supervisor"], site=shop.site, at=at)
        if verb == "accept":
            orders.accept_order(order=order, actor=actor, at=at)
        elif verb == "start":
            orders.start_order(order=order, actor=actor, at=at)
        else:
            orders.pause_order(order=order, actor=actor, at=at, reason="等配件到货")
