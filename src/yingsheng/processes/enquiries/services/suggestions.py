"""Passing a suggestion to the post that decides on it, in the time the rule sets (B-08)."""

from __future__ import annotations

from datetime import datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.services import Draft
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role

SUGGESTED = "pass_on"
PASSED_ON = gettext_noop("收到建议%(number)s：%(title)s（%(rule)s）")


def pass_on(*, case: Case, by: Staff, at: datetime) -> list[Draft]:
    """Owe the suggestion to the post that decides (B-08); the notices for it. Kept as soon as somebody is told.

    Where nobody holds the post or one above it, the promise stays open and is seen.
    """
    owe(
        site=case.site, subject=case, milestone=SUGGESTED, path="B-08.pass_on_within", role="FRONT_DESK",
        staff=case.received_by, at=at,
    )  # fmt: skip
    role = owed_role(path="B-08.decides", site=case.site, at=at)
    people = list_holders_or_above(site_id=case.site_id, role=role, at=at)
    if people:
        timers.meet(subject=case, milestones=[SUGGESTED], by=by, at=at)
    return [
        Draft(
            text=PASSED_ON, params={"number": case.number, "title": case.title, "rule": "B-08", "key": case.key},
            to_staff=staff, rule="B-08", dedup_key=f"enquiry:{case.pk}:suggestion:{staff.pk}",
        )
        for staff in people
    ]  # fmt: skip
