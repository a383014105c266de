"""Visitors entered into the book, calls, people who were introduced; made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import AGENTS, make_project

from yingsheng.processes.salesdesk.models import Call, Project, Referral, Visit
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.services.calls import register_call
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn
from yingsheng.processes.salesdesk.services.referring import register_referral
from yingsheng.processes.salesdesk.services.registering import register

SEVEN = {
    "name": "钱进宝", "employer_or_address": "云溪路1号", "contact": "13800138111", "intention": "三房",
    "source": "路过",
}  # fmt: skip
NOTHING = {"surname": "", "car_brand": "", "plate": "", "remark": ""}


def project_of(cast: Cast, *, at: datetime = MONDAY_NINE) -> Project:
    """The project of the cast, made when it is first asked for, its agents signed in that day."""
    project = Project.objects.filter(site=cast.site, state="selling").first() or make_project(cast, at=at)
    here = rotation_now(project=project, at=at).here
    for name in AGENTS:
        if str(cast.staff[name].pk) not in here:
            early = at - timedelta(minutes=20)
            move(
                actor=cast.actor("sales_manager", early), project=project, at=early, agent=cast.staff[name],
                kind="sign_in",
            )  # fmt: skip
    return project


def enter(cast: Cast, visit: Visit, *, at: datetime, by: str = "", **fields: Any) -> Visit:
    """The receiver enters whom he received."""
    actor = cast.actor(by or name_of(cast, visit.receiver_id), at)
    return register(actor=actor, record=visit, at=at, **{**SEVEN, **NOTHING, **fields})


def name_of(cast: Cast, pk: int) -> str:
    """Which of the cast somebody is."""
    return next(name for name, staff in cast.staff.items() if staff.pk == pk)


def make_entered(cast: Cast, *, at: datetime = MONDAY_NINE, agent: str = "", **fields: Any) -> Visit:
    """Somebody received, by turn or by the agent named as his own customer, and entered ten minutes later."""
    project = project_of(cast, at=at)
    if agent:
        visit = receive_out_of_turn(
            actor=cast.actor("sales_manager", at), project=project, at=at, agent=cast.staff[agent], how="own"
        )
    else:
        visit = receive_next(actor=cast.actor("sales_manager", at), project=project, at=at)
    return enter(cast, visit, at=at + timedelta(minutes=10), **fields)


def make_call(cast: Cast, *, at: datetime = MONDAY_NINE, by: str = "agent_a", **fields: Any) -> Call:
    """Somebody asks for prices by telephone."""
    project = project_of(cast, at=at)
    values = {
        **NOTHING, "name": "孙来电", "contact": "13800138222", "content": "问三房价格", "project": project.name
    }  # fmt: skip
    return register_call(actor=cast.actor(by, at), at=at, **{**values, **fields})


def make_referral(
    cast: Cast, viewer: Visit, *, at: datetime = MONDAY_NINE, by: str = "", **fields: Any
) -> Referral:
    """A viewer speaks of a friend who has not come."""
    assert viewer.entry is not None
    values = {**SEVEN, **NOTHING, "name": "李未来", "contact": "13800138333", "relation": "friend"}
    asked = {"introduced_by": viewer.entry.number, **values, **fields}
    return register_referral(actor=cast.actor(by or name_of(cast, viewer.receiver_id), at), at=at, **asked)


def make_sales_books(cast: Cast) -> dict[str, Any]:
    """One of each register, and one who is being received."""
    visit = make_entered(cast)
    waiting = receive_next(actor=cast.actor("sales_manager"), project=project_of(cast), at=MONDAY_NINE)
    return {
        "sales_visits": visit, "sales_calls": make_call(cast), "sales_referrals": make_referral(cast, visit),
        "sales_entry": visit.entry, "sales_waiting": waiting,
    }  # fmt: skip


def make_more_sales_books(cast: Cast) -> None:
    """Several more of each."""
    for number in range(5):
        later = MONDAY_NINE + timedelta(hours=1, minutes=20 * number)
        visit = make_entered(
            cast, at=later, name=f"客户甲{number}", contact=f"1380013840{number}", agent="agent_a"
        )
        make_call(cast, at=later, name=f"来电乙{number}", contact=f"1380013850{number}")
        make_referral(
            cast,
            visit,
            at=later + timedelta(minutes=15),
            name=f"亲友丙{number}",
            contact=f"1380013860{number}",
        )
