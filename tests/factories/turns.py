"""Duty posts, a month's turns, and one of each of what people ask for; all of a test site."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.services import Wanted, assign, fill
from yingsheng.kernel.rosters.setup import create_default_posts
from yingsheng.processes.turns.models import Leave, PlanRun, Swap
from yingsheng.processes.turns.services.leaves import ask_leave
from yingsheng.processes.turns.services.months import publish_month
from yingsheng.processes.turns.services.planning import ask_plan
from yingsheng.processes.turns.services.swaps import ask_swap
from yingsheng.processes.turns.services.wishes import make_wish, record_call

MARCH = date(2025, 3, 1)
DESK = ("front", "assistant", "area_admin", "lobby")  # whose roles may stand at the desk


def make_posts(cast: Cast, *, night: bool = False, at: datetime = MONDAY_NINE) -> dict[str, Shift]:
    """The desk with its three shifts by code; the night repair duty only if asked for."""
    create_default_posts(site=cast.site, at=at, by=cast.supervisor)
    if not night:
        DutyPost.objects.filter(site=cast.site, code="night_repair").update(active=False)
    shifts = Shift.objects.filter(post__site=cast.site).select_related("post")
    return {one.code: one for one in shifts}


def put(cast: Cast, shift: Shift, day: date, who: str, *, at: datetime = MONDAY_NINE) -> Assignment:
    """Somebody put down by hand."""
    return assign(site=cast.site, shift=shift, day=day, staff=cast.staff[who], by=cast.supervisor, at=at)


def make_month(
    cast: Cast, *, month: date = MARCH, published: bool = True, at: datetime = MONDAY_NINE
) -> Roster:
    """Every desk shift of a month taken, four people by turns, each early, late, at night, free."""
    shifts = make_posts(cast, at=at)
    first, last = month_days(month=month)
    wanted = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for place, code in enumerate("APN"):
            who = DESK[(place - number) % len(DESK)]  # early, late, night, free
            wanted.append(Wanted(shift=shifts[code], day=day, staff=cast.staff[who]))
    fill(site=cast.site, month=month, wanted=wanted, by=cast.supervisor, at=at, source="测试")
    if published:
        return publish_month(actor=cast.actor("supervisor", at), at=at, month=month)
    return Roster.objects.get(site=cast.site, month=month)


def first_turn(cast: Cast, who: str, *, after: datetime = MONDAY_NINE) -> Assignment:
    """The next turn of somebody."""
    rows = Assignment.objects.filter(staff=cast.staff[who], active=True, starts_at__gt=after)
    return rows.select_related("shift__post", "roster", "staff").order_by("starts_at")[0]


def make_leave(cast: Cast, who: str = "front", *, at: datetime = MONDAY_NINE, **fields: Any) -> Leave:
    """Somebody asks for leave during his next turn."""
    turn = first_turn(cast, who, after=at)
    values: dict[str, Any] = {
        "kind": "personal", "starts_at": turn.starts_at, "ends_at": turn.ends_at, "reason": "家里有急事",
    }  # fmt: skip
    return ask_leave(actor=cast.actor(who, at), at=at, **{**values, **fields})


def make_swap(
    cast: Cast, who: str = "front", colleague: str = "lobby", *, at: datetime = MONDAY_NINE
) -> Swap:
    """Somebody asks a colleague to take his next turn."""
    turn = first_turn(cast, who, after=at)
    return ask_swap(
        actor=cast.actor(who, at), at=at, day=turn.day, shift=turn.shift.code, colleague=cast.staff[colleague],
        reason="那天有事",
    )  # fmt: skip


def make_turn_records(cast: Cast) -> dict[str, Any]:
    """One of each register, a turn that is not published, and a run of the planner for next month."""
    shifts = make_posts(cast)
    turn = put(cast, shifts["A"], date(2025, 3, 10), "front")
    run = ask_plan(actor=cast.actor("supervisor"), at=MONDAY_NINE, month=date(2025, 4, 1))
    PlanRun.objects.filter(pk=run.pk).update(month=date(2025, 5, 1))  # April may be asked for again
    Roster.objects.filter(pk=turn.roster_id).update(
        state="published", published_at=MONDAY_NINE, published_by=cast.supervisor
    )
    swap = make_swap(cast)
    Roster.objects.filter(pk=turn.roster_id).update(state="draft", published_at=None, published_by=None)
    day = timezone.localtime(MONDAY_NINE).date() + timedelta(days=20)
    return {
        "turn": turn,
        "plan_run": run,
        "leaves": make_leave(cast, "front"),
        "swaps": swap,
        "wishes": make_wish(actor=cast.actor("front"), at=MONDAY_NINE, day=day),
        "calls": record_call(
            actor=cast.actor("front"), at=MONDAY_NINE, staff=cast.head, outcome="reached", reason="夜里停电"
        ),
    }


def make_more_turns(cast: Cast) -> None:
    """Several more requests, wishes and calls."""
    day = timezone.localtime(MONDAY_NINE).date() + timedelta(days=30)
    for number, who in enumerate(DESK):
        starts = MONDAY_NINE + timedelta(days=40 + number)
        ask_leave(
            actor=cast.actor(who), at=MONDAY_NINE, kind="sick", starts_at=starts,
            ends_at=starts + timedelta(hours=8), reason="发烧",
        )  # fmt: skip
        make_wish(actor=cast.actor(who), at=MONDAY_NINE, day=day)
        record_call(
            actor=cast.actor("front"),
            at=MONDAY_NINE,
            staff=cast.supervisor,
            outcome="missed",
            reason="夜里停水",
        )
