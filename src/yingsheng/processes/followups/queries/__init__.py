"""Reading the follow-up desk: `visits` the worklist and what is filed with a case, `rates` what was reached of what is
asked, `planning` what a month still needs.
"""

from __future__ import annotations

from yingsheng.processes.followups.queries.planning import MonthAhead, month_ahead
from yingsheng.processes.followups.queries.rates import (
    Contentment,
    DepartmentVisits,
    MonthOfVisits,
    contentment,
    month_of_visits,
    rates_by_matter,
    rates_by_rank,
)
from yingsheng.processes.followups.queries.visits import (
    OWED,
    VIEWS,
    VISITED,
    case_named,
    count_views,
    done_words,
    filed_with,
    find_follow_up,
    find_order,
    find_signature,
    homes_of,
    household_of,
    is_overdue,
    list_orders,
    list_owed,
    raised_by_colleague,
    unhappy_parts,
    view_of,
    visible_follow_ups,
    with_home,
)

__all__ = [
    "OWED",
    "VIEWS",
    "VISITED",
    "Contentment",
    "DepartmentVisits",
    "MonthAhead",
    "MonthOfVisits",
    "case_named",
    "contentment",
    "count_views",
    "done_words",
    "filed_with",
    "find_follow_up",
    "find_order",
    "find_signature",
    "homes_of",
    "household_of",
    "is_overdue",
    "list_orders",
    "list_owed",
    "month_ahead",
    "month_of_visits",
    "raised_by_colleague",
    "rates_by_matter",
    "rates_by_rank",
    "unhappy_parts",
    "view_of",
    "visible_follow_ups",
    "with_home",
]
