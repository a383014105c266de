"""Agents A to D, D0, and short ways to say what happened; the figures straight from the rule book."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.facts import Claim, Deal, Facts, Noticed, Record
from yingsheng.processes.salesdesk.rules.figures import Figures, read_figures
from yingsheng.processes.salesdesk.rules.matching import Key

A, B, C, D = "A", "B", "C", "D"
D0 = date(2025, 3, 3)
ALL = frozenset({A, B, C, D})


def book_figures(**changes: Any) -> Figures:
    """The figures of the book; `changes` are overrides with "__" for "." and "_" for "-"."""
    overrides = {path.replace("__", ".").replace("_", "-", 1): value for path, value in changes.items()}

    def look(path: str) -> Any:
        rule_id, _, name = path.partition(".")
        return overrides.get(path, load_book().rules[rule_id].parameter(name).value)

    return read_figures(value=look)


FIGURES = book_figures()


def on(days: int) -> date:
    """So many days after D0."""
    return D0 + timedelta(days=days)


def entry(
    agent: str = A,
    record: Record = Record.VISIT,
    at: int = 0,
    *,
    found: int | None = None,
    relation: Relation = Relation.SELF,
    **more: Any,
) -> Claim:
    """An earlier entry with a phone that matches; `found`: only noticed so many days after D0."""
    values = {
        "keys": frozenset({Key.PHONE}),
        "received_day": on(at) if record is Record.VISIT else None,
        "noticed": Noticed.DURING if found is None else Noticed.AFTER,
        "discovered_day": None if found is None else on(found),
    }
    return Claim(agent=agent, record=record, registered_day=on(at), relation=relation, **{**values, **more})


def deal(closer: str, at: int, **more: Any) -> Deal:
    """Deposit paid and subscription signed on one day."""
    return Deal(closer=closer, **{"deposit_day": on(at), "signed_day": on(at), **more})


def visit(receiver: str = B, at: int = 10, *claims: Claim, **more: Any) -> Facts:
    """A visit with everybody there, unless it says otherwise."""
    return Facts(**{"receiver": receiver, "visit_day": on(at), "claims": claims, "present": ALL, **more})


def parts(decision: Decision) -> dict[str, int]:
    """The shares in force by agent."""
    return {share.agent: share.percent for share in decision.shares}


def proposed(decision: Decision) -> dict[str, int]:
    """The shares that would hold, or are proposed."""
    return {share.agent: share.percent for share in decision.suggested}


def credits(decision: Decision) -> list[tuple[str, int]]:
    """The make-ups: agent and case of article 2."""
    return [(one.agent, one.case) for one in decision.make_ups]
