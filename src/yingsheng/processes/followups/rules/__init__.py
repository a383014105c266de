"""Decisions of the follow-up desk, pure: `visits` who goes and when a call may be made, `matters` what each kind of
matter asks, `plan` which visits each rank makes next.
"""

from __future__ import annotations

from yingsheng.processes.followups.rules.matters import (
    KINDS,
    arms,
    matter_of,
    mid_day,
    sample_of,
    target_path,
    visit_limit,
    visiting_post,
)
from yingsheng.processes.followups.rules.plan import OwedVisit, PlannedVisit, RankNeed, VisitPlan, plan_visits
from yingsheng.processes.followups.rules.visits import (
    Rate,
    Shortfall,
    VisitDuty,
    answering_post,
    in_quiet_hours,
    internal_exempt,
    visit_duty,
    visit_shortfall,
)

__all__ = [
    "KINDS",
    "OwedVisit",
    "PlannedVisit",
    "RankNeed",
    "Rate",
    "Shortfall",
    "VisitDuty",
    "VisitPlan",
    "answering_post",
    "arms",
    "in_quiet_hours",
    "internal_exempt",
    "matter_of",
    "mid_day",
    "plan_visits",
    "sample_of",
    "target_path",
    "visit_duty",
    "visit_limit",
    "visit_shortfall",
    "visiting_post",
]
