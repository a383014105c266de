"""The verbs of the follow-up desk: `arming` owes visits, `visits` arranges and records them, `matters` registers what
has no process of its own, `planning` spreads them over the month, `orders` the calls that a leader orders or a plan
lays down, `analysis` what a month of visits teaches.
"""

from __future__ import annotations

from yingsheng.processes.followups.services.arming import arm_follow_up, arm_midway, cancel_follow_up
from yingsheng.processes.followups.services.matters import note_rectified, register_matter, withdraw_matter
from yingsheng.processes.followups.services.planning import accept_plan
from yingsheng.processes.followups.services.visits import (
    arrange_visit,
    exempt_visit,
    phone_needs_reason,
    record_check_visit,
    record_visit,
)

__all__ = [
    "accept_plan",
    "arm_follow_up",
    "arm_midway",
    "arrange_visit",
    "cancel_follow_up",
    "exempt_visit",
    "note_rectified",
    "phone_needs_reason",
    "record_check_visit",
    "record_visit",
    "register_matter",
    "withdraw_matter",
]
