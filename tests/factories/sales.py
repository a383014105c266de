"""A project with its list, receptions and what follows, made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.processes.salesdesk.models import Project, Visit
from yingsheng.processes.salesdesk.services.listing import move, open_project
from yingsheng.processes.salesdesk.services.receiving import receive_next

AGENTS = ("agent_a", "agent_b", "agent_c")


def make_project(
    cast: Cast, *, at: datetime = MONDAY_NINE, name: str = "云溪一期", agents: tuple[str, ...] = AGENTS
) -> Project:
    """A project whose agents stand on the list in this order and are signed in."""
    manager = cast.actor("sales_manager", at)
    project = open_project(actor=manager, at=at - timedelta(minutes=30), name=name)
    for name_ in agents:
        for kind in ("join", "sign_in"):
            move(
                actor=manager,
                project=project,
                at=at - timedelta(minutes=20),
                agent=cast.staff[name_],
                kind=kind,
            )
    project.refresh_from_db()
    return project


def make_more_projects(cast: Cast) -> None:
    """Several more projects, each with its rotation."""
    for number in range(3):
        make_project(cast, name=f"云溪{number}期")


def make_visit(cast: Cast, project: Project, *, at: datetime = MONDAY_NINE, **fields: Any) -> Visit:
    """The next new customer, still being received."""
    return receive_next(actor=cast.actor("agent_a", at), project=project, at=at, **fields)
