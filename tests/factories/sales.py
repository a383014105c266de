"""A project with its list, receptions and what follows, made by the services themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast

from yingsheng.kernel.cases.services import take_number
from yingsheng.processes.salesdesk.models import Deal, Entry, Finding, Project, Proof, Visit
from yingsheng.processes.salesdesk.rules import matching
from yingsheng.processes.salesdesk.services.listing import move, open_project
from yingsheng.processes.salesdesk.services.receiving import receive_next, set_free

AGENTS = ("agent_a", "agent_b", "agent_c")


def make_project(
    cast: Cast, *, at: datetime = MONDAY_NINE, name: str = "云溪一期", agents: tuple[str, ...] = AGENTS
) -> Project:
    """A project whose agents stand on the list in this order and are signed in."""
    manager = cast.actor("sales_manager", at)
    project = open_project(actor=manager, at=at - timedelta(minutes=30), name=name)
    early = at - timedelta(minutes=20)
    for one in agents:
        move(actor=manager, project=project, at=early, agent=cast.staff[one], kind="join")
    sign_in(cast, project, at=early, agents=agents)
    project.refresh_from_db()
    return project


def sign_in(cast: Cast, project: Project, *, at: datetime, agents: tuple[str, ...] = AGENTS) -> None:
    """These agents are there from now on, until they sign off or the day ends."""
    for one in agents:
        move(
            actor=cast.actor("sales_manager", at),
            project=project,
            at=at,
            agent=cast.staff[one],
            kind="sign_in",
        )


def make_more_projects(cast: Cast) -> None:
    """Several more projects, each with its rotation."""
    for number in range(3):
        make_project(cast, name=f"云溪{number}期")


def make_visit(cast: Cast, project: Project, *, at: datetime = MONDAY_NINE, **fields: Any) -> Visit:
    """The next new customer, still being received."""
    return receive_next(actor=cast.actor("agent_a", at), project=project, at=at, **fields)


def make_entry(
    cast: Cast, project: Project, *, agent: str, day: date, book: str = "visit", **fields: Any
) -> Entry:
    """A line of a book as it stands from before this program: whose, of which day, with its proofs."""
    values: dict[str, Any] = {
        "name": "林晓雨", "contact": "13800001111", "employer_or_address": "梧桐路9号", "intention": "三房",
        "source": "路牌", **fields,
    }  # fmt: skip
    at = datetime.combine(day, time(10), tzinfo=SHANGHAI)
    entry = Entry.objects.create(
        site=cast.site, project=project, book=book, number=take_number(site=cast.site, prefix="KH", at=at), day=day,
        agent=cast.staff[agent], is_imported=True, at=at, by=cast.staff[agent], **values,
    )  # fmt: skip
    keys = matching.keys_of(
        entry=matching.Entry(
            number=entry.pk, agent=agent, name=entry.name, phones=entry.contact, surname=entry.surname,
            car_brand=entry.car_brand, plate=entry.plate,
        )
    )  # fmt: skip
    Proof.objects.bulk_create([Proof(entry=entry, site=cast.site, key=key, since=day) for key in keys])
    return entry


def make_finding(
    cast: Cast, visit: Visit, entry: Entry, *, at: datetime, noticed: str = "during", **fields: Any
) -> Finding:
    """That an earlier entry speaks of the visitor."""
    values: dict[str, Any] = {"relation": "self", "keys": ["phone"], **fields}
    return Finding.objects.create(
        visit=visit,
        entry=entry,
        noticed=noticed,
        day=at.astimezone(SHANGHAI).date(),
        by=visit.receiver,
        at=at,
        **values,
    )


def make_registered(cast: Cast, visit: Visit, *, at: datetime, present: tuple[str, ...] = AGENTS) -> Visit:
    """A visit whose reception is complete, with its entry."""
    visit.entry = make_entry(
        cast, visit.project, agent=_who(cast, visit), day=visit.arrived_at.astimezone(SHANGHAI).date()
    )
    visit.state, visit.finished_at = Visit.State.REGISTERED, at
    visit.present = [cast.staff[one].pk for one in present]
    visit.save(update_fields=["entry", "state", "finished_at", "present"])
    set_free(actor=cast.actor("sales_manager", at), visit=visit, at=at)
    return visit


def make_closing(cast: Cast, visit: Visit, *, day: date, closer: str, unit: str = "1栋1单元101") -> Deal:
    """A deal with its deposit paid and its form signed on one day."""
    at = datetime.combine(day, time(15), tzinfo=SHANGHAI)
    return Deal.objects.create(
        site=cast.site, project=visit.project, number=take_number(site=cast.site, prefix="CJ", at=at), visit=visit,
        state="closed", unit=unit, purchaser="林晓雨", price_fen=100_000_000, closer=cast.staff[closer],
        deposit_fen=2_000_000, deposit_day=day, signed_day=day, closed_day=day, present=visit.present, opened_at=at,
        opened_by=cast.staff[closer],
    )  # fmt: skip


def _who(cast: Cast, visit: Visit) -> str:
    return next(name for name, one in cast.staff.items() if one.pk == visit.receiver_id)
