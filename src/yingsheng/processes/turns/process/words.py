"""Posts, shifts, turns and what the planner could not do, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Assignment
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.rules.month import AWAY, BUSY, REST, ROLE, ROW, Plan

WHY = {
    ROLE: N("岗位不符：%(who)s"),
    AWAY: N("请假：%(who)s"),
    BUSY: N("同时有别的班：%(who)s"),
    REST: N("和前后的班之间休息不够：%(who)s"),
    ROW: N("连续上班天数已到上限：%(who)s"),
}


def turn_words(*, turn: Assignment) -> str:
    """A turn in one line: day, post, shift."""
    return f"{turn.day:%m-%d} {own_name(turn.shift.post)} {own_name(turn.shift)}"


def hours_words(*, turn: Assignment) -> str:
    """From when until when a turn goes."""
    begins, ends = timezone.localtime(turn.starts_at), timezone.localtime(turn.ends_at)
    return f"{begins:%H:%M}–{ends:%H:%M}"


def short_words(*, plan: Plan, slots: Mapping[str, str], staff: Mapping[int, Staff]) -> list[str]:
    """One sentence for each turn that lacks people: which, how many, and what kept everybody else from it (D-04)."""
    found = []
    for one in plan.short:
        parts = []
        for why, text in WHY.items():
            names = [
                staff[each.person].name for each in one.excluded if each.why == why and each.person in staff
            ]
            if names:
                parts.append(_(text) % {"who": _("、").join(names)})
        head = _("%(slot)s还缺%(count)s人") % {"slot": slots.get(one.slot, one.slot), "count": one.missing}
        found.append(f"{head}。{'；'.join(parts)}" if parts else head)
    return found
