"""What the decisions need to know of a complaint, and where figures come from. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VALID, ASSIST, INVALID, DEMAND = "valid", "assist", "invalid", "demand"
MINOR, SERIOUS, MAJOR = "minor", "serious", "major"
SEVERITIES = (MINOR, SERIOUS, MAJOR)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the rule book as it applies: "C-33.contact_within", 2, "hours"."""

    path: str
    value: Any
    unit: str

    @property
    def rule(self) -> str:
        """The rule it belongs to."""
        return self.path.partition(".")[0]


# Looks up a figure; None when the adopted regulation is silent about it.
Figures = Callable[[str], Figure | None]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A complaint as far as it is known. Moments are aware; "" means not yet decided."""

    received_at: datetime
    validity: str = ""
    severity: str = ""
    classified_at: datetime | None = None
    severity_since: datetime | None = None  # when the present severity began, if it was raised later
    on_spot: bool = False
    heard_elsewhere: bool = False  # first heard by staff outside the front desk (C-12)
    complex: bool = False
    written: bool = False
    group: bool = False  # the parent of a group, which is reported upwards
    in_group: bool = False  # one of the group: answered by visit like all of it
    forwarded_by_hq: bool = False
    household_limit_at: datetime | None = None
    agreed_reply_at: datetime | None = None
    contacted_at: datetime | None = None
    handled_at: datetime | None = None


def known(figures: Figures, path: str) -> Any:
    """The value of a figure, None when the regulation is silent."""
    found = figures(path)
    return None if found is None else found.value
