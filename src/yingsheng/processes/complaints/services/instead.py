"""Who answers instead of the one complained about: another holder of the post, else the post above (C-53, C-78)."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders, list_holders_or_above
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.complaints.rules.above import posts_above


def people_for(*, case: Case, accused: int | None, role: str, at: datetime) -> list[Staff]:
    """Who holds a post, or stands above an empty one; never the one complained about, for whom the post above acts."""
    people = list_holders_or_above(site_id=case.site_id, role=role, at=at)
    if accused is None:
        return people
    others = [one for one in people if one.pk != accused]
    for above in () if others else posts_above(role=role, ladder=_ladder(case=case, at=at)):
        others = [one for one in list_holders(site_id=case.site_id, role=above, at=at) if one.pk != accused]
        if others:
            break
    return others


def post_for(*, case: Case, accused: int | None, role: str, at: datetime) -> tuple[str, Staff | None]:
    """The post that answers for a promise, and the person of it where one of its holders must not."""
    if accused is None:
        return role, None
    for post in (role, *posts_above(role=role, ladder=_ladder(case=case, at=at))):
        held = list_holders(site_id=case.site_id, role=post, at=at)
        others = [one for one in held if one.pk != accused]
        if others or (post == role and not held):
            return post, others[0] if len(others) < len(held) else None
    return role, None


def _ladder(*, case: Case, at: datetime) -> list[str]:
    rungs = figure(path="C-53.escalation_ladder", site=case.site, at=at)
    if rungs is None:  # the adopted regulation is silent about it; somebody has to answer all the same
        rungs = load_book().rules["C-53"].parameter("escalation_ladder").value
    return [rung["role"] for rung in rungs]
