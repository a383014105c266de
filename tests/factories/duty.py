"""A front desk manned in three shifts, and who is rostered; all invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, PASSWORD, SHANGHAI, Cast

from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.rules import Signal
from yingsheng.kernel.calls.services import set_up_exchange, take_in
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.processes.duty.models import Line, Page
from yingsheng.processes.duty.services import checks, entries, handing, preparing

MONDAY = MONDAY_NINE.date()
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
DAY, EVENING, NIGHT = "day", "evening", "night"
HOURS = {
    DAY: ("早班", "Day", time(7, 30), time(15, 30)),
    EVENING: ("中班", "Evening", time(15, 30), time(23, 30)),
    NIGHT: ("夜班", "Night", time(23, 30), time(7, 30)),
}
WHO = {DAY: "front", EVENING: "assistant", NIGHT: "lobby"}


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """An hour of the first Monday, or so many days later."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, minute, tzinfo=SHANGHAI) + timedelta(
        days=days
    )


def make_desk(*, cast: Cast, shifts: tuple[str, ...] = (DAY, EVENING, NIGHT), needs: int = 1) -> DutyPost:
    """The front desk with its shifts and a published month in which the same three people come every day."""
    post = DutyPost.objects.create(
        site=cast.site,
        code="counter",
        name="总台",
        name_en="Counter",
        roles=["FRONT_DESK", "CS_ASSIST", "LOBBY"],
    )
    roster, _made = Roster.objects.get_or_create(
        site=cast.site, month=MONDAY.replace(day=1),
        defaults={"state": Roster.State.PUBLISHED, "published_at": MONDAY_NINE, "published_by": cast.supervisor},
    )  # fmt: skip
    for code in shifts:
        name, english, starts, ends = HOURS[code]
        shift = Shift.objects.create(
            post=post,
            code=code,
            name=name,
            name_en=english,
            starts=starts,
            ends=ends,
            needs=needs,
            weekdays=EVERY_DAY,
        )
        for days in range(-1, 4):
            assign(roster=roster, shift=shift, day=MONDAY + timedelta(days=days), staff=cast.staff[WHO[code]])
    return post


def assign(*, roster: Roster, shift: Shift, day: date, staff: Staff) -> Assignment:
    """Somebody's turn."""
    starts_at, ends_at = shift.span(day=day)
    return Assignment.objects.create(
        site_id=roster.site_id,
        roster=roster,
        shift=shift,
        day=day,
        staff=staff,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def begin(cast: Cast, who: str, when: datetime, **fields: Any) -> Page:
    """Take over an empty post."""
    fields = {"password": PASSWORD, "has_read": True, **fields}
    return handing.open_post(actor=cast.actor(who, when), at=when, **fields)


def write(cast: Cast, page: Page, who: str, when: datetime, **fields: Any) -> Line:
    """Write a line."""
    fields = {"kind": "enquiry", "content": "问几点开门", **fields}
    return entries.write_line(actor=cast.actor(who, when), record=page, at=when, **fields)


def prepare(cast: Cast, page: Page, who: str, when: datetime, **fields: Any) -> Page:
    """Get ready to hand over."""
    fields = {"tidied": True, "evidence": True, "told": "照清单", "property": ["keys", "phones"], **fields}
    return preparing.prepare_handover(actor=cast.actor(who, when), record=page, at=when, **fields)


def hand(cast: Cast, page: Page, out: str, into: str, when: datetime, **fields: Any) -> Page:
    """Both sign."""
    fields = {
        "outgoing": cast.staff[out], "outgoing_password": PASSWORD, "incoming": cast.staff[into],
        "incoming_password": PASSWORD, "has_read": True, **fields,
    }  # fmt: skip
    return handing.hand_over(actor=cast.actor(out, when), record=page, at=when, **fields)


def make_duty(cast: Cast) -> dict[str, Any]:
    """A page of the log that is on duty, a line something is still to come of, and a spot check."""
    make_desk(cast=cast)
    when = at(8)
    page = handing.begin_post(
        actor=cast.actor("front", when), at=when, arrived_at=when, has_read=True, post="总台"
    )
    line = write(cast, page, "front", at(8, 10), kind="repair", content="门口灯闪", is_open=True)
    check = checks.spot_check(
        actor=cast.actor("supervisor", when), at=at(8, 30), result="wanting", found="没戴工牌", person=cast.front,
        demanded="戴上",
    )  # fmt: skip
    return {"log": page, "items": line.item, "spot_checks": check}


def make_more_duty(cast: Cast) -> None:
    """More lines and checks on the same page."""
    page = Page.objects.get(site=cast.site, state=Page.State.ON_DUTY)
    for number in range(6):
        write(cast, page, "front", at(9, number), content=f"第{number}件", is_open=bool(number % 2))
        checks.spot_check(actor=cast.actor("supervisor"), at=at(9, number), result="good", found="在岗")


def make_calls(cast: Cast) -> dict[str, Any]:
    """A telephone system, and a call that nobody answered."""
    exchange, _key = set_up_exchange(site=cast.site, name="总机", by=None, at=at(7))
    return {"exchange": exchange, "phone_calls": miss_call(exchange=exchange, number=0)}


def miss_call(*, exchange: Exchange, number: int) -> Call:
    """Somebody rang for half a minute."""
    ref, caller = f"call-{number}", f"1371234{number:04}"
    take_in(
        exchange=exchange,
        signal=Signal(ref=ref, kind="ring", at=at(8, number), number=caller),
        now=at(8, number),
    )
    ended = Signal(ref=ref, kind="hangup", at=at(8, number) + timedelta(seconds=30), number=caller)
    return take_in(exchange=exchange, signal=ended, now=ended.at)
