"""What the decisions need to know of a complaint, and where figures come from. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingsheng.kernel.policies.book import load_book

VALID, ASSIST, INVALID, DEMAND = "valid", "assist", "invalid", "demand"
MINOR, SERIOUS, MAJOR = "minor", "serious", "major"
SEVERITIES = (MINOR, SERIOUS, MAJOR)
# the company's own hotline, fax and mailbox (C-01): what comes that way reached its complaint centre first
THROUGH_COMPANY = frozenset({"hotline", "company_fax", "company_mail"})
BY_EMAIL = frozenset({"email", "company_mail"})
OWN_SERVICE_ONLY = "own_service_valid_only"


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
    by_email: bool = False  # it came as an e-mail, which is answered as such (B-06)
    ongoing_harm: bool = False  # going on and not stopped yet (C-17)
    group: bool = False  # the parent of a group, which is reported upwards
    in_group: bool = False  # one of the group: answered by visit like all of it
    forwarded_by_hq: bool = False
    household_limit_at: datetime | None = None
    agreed_reply_at: datetime | None = None
    contacted_at: datetime | None = None
    handled_at: datetime | None = None
    heard_at: datetime | None = None  # heard then, entered only later (C-13)
    opened_at: datetime | None = None  # taken over by the day desk (C-80)
    night: bool = False  # taken in by the night duty, no emergency (C-80)
    reopened_at: datetime | None = (
        None  # sent back to work by a household that was not satisfied (C-59, F-11)
    )
    asked_at: datetime | None = None  # another department was asked and has not answered yet (C-43)
    handed_up_at: datetime | None = None  # put to a superior who has not decided yet (C-53)
    handed_up_to: str = ""
    sent: bool = False  # a department or an outside body has it, or it is settled
    outside_told_at: datetime | None = (
        None  # while a body outside has it: when the household last heard (C-66)
    )
    dispatched_at: datetime | None = None  # sent to a department that has not signed for it yet (C-30, C-31)


def known(figures: Figures, path: str) -> Any:
    """The value of a figure, None when the regulation is silent."""
    found = figures(path)
    return None if found is None else found.value


def stated(figures: Figures, path: str) -> str:
    """A post or word as the figure states it; where the adopted regulation is silent, as the rule itself does."""
    found = known(figures, path)
    if found is None:
        rule_id, _, name = path.partition(".")
        found = load_book().rules[rule_id].parameter(name).value
    return str(found)


def in_scope(*, validity: str, figures: Figures) -> bool:
    """Whether the adopted regulation means a complaint of this class at all (C-29).

    What lies outside is still answered, but the limits of handling are not promised for it. A regulation for office
    buildings is adopted by sites that are one, so it means all of theirs.
    """
    return known(figures, "C-29.scope") != OWN_SERVICE_ONLY or validity in ("", VALID)
