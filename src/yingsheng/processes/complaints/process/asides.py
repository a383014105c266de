"""What stands beside a complaint: what is promised before it is registered, what it may belong to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.shown import Foresight, Related
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.processes.complaints.process.words import MILESTONES
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.clocks import CONTACT, decide_clocks
from yingsheng.processes.complaints.rules.facts import Facts
from yingsheng.processes.complaints.services import grouping
from yingsheng.processes.complaints.services.clocks import clock_due


def related(case: Any) -> list[Related]:
    """On an open complaint: how many others seem to tell of the same matter, and where to merge them (X-08)."""
    if case.process != "complaints" or case.closed_at is not None:
        return []
    near = grouping.look_around(case=case, at=case.received_at)
    if near.group_id is not None:
        parent = Case.objects.get(pk=near.group_id)
        text = _("与集体投诉%(number)s可能是同一件事，可并入") % {"number": parent.number}
        title = _("疑似集体投诉")
        return [Related(title=title, icon="users", text=text, url_name="ui:case", url_args=(parent.key,))]
    if not near.together:
        return []
    text = _("有%(count)s件可能是同一件事，去合并") % {"count": len(near.together)}
    title = _("疑似集体投诉")
    return [Related(title=title, icon="users", text=text, url_name="complaints:group", url_args=(case.key,))]


def promise(*, site: Any, at: Any) -> Foresight | None:
    """What a complaint registered now is promised first."""
    clocks = decide_clocks(facts=Facts(received_at=at), figures=figures_under(site=site, at=at))
    first = next((clock for clock in clocks if clock.milestone == CONTACT), None)
    if first is None:
        return None
    return Foresight(
        milestone=MILESTONES[CONTACT],
        due_at=clock_due(clock=first, calendars=SiteCalendars(site_id=site.pk)),
        rule=first.figure.rule,
    )
