"""The daily look at appearance and conduct, kept point by point, and the supervisor's diary (G-06, G-07, W-02).

Together they are the daily management of the customers' business and of the staff's state (Z-07).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.periods import count_done
from yingsheng.kernel.timers.posts import demand_post
from yingsheng.processes.patrols.models import DiaryEntry, Inspection, Mark
from yingsheng.processes.patrols.queries.inspecting import figures_of
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.processes.patrols.rules.standards import load_library
from yingsheng.processes.patrols.services.writing import tell

INSPECT = "patrols.inspect"
CONDUCT, GROUP = "conduct_inspection", "group_check"
SERVICE = "service"
KEPT_IN = "zh-hans"  # what is written down is Chinese, whoever reads it
NOT_HIS = gettext_noop("仪容与言行由规程指定的岗位检查")
NOT_THEIRS = gettext_noop("本组服务由规程指定的岗位检查")


@transaction.atomic
def inspect_staff(
    *, actor: Actor, at: datetime, staff: Staff, note: str = "", **faults: Sequence[str]
) -> Inspection:
    """Look at one member of staff; what was not in order is named, everything else was (G-06, W-02).

    `faults` are the codes of items by their section. Every item becomes a row, and the diary a line.
    """
    demand(actor=actor, permission=INSPECT)
    for path in ("G-06.inspected_by", "W-02.scored_by"):
        demand_post(actor=actor, path=path, at=at, text=NOT_HIS)
    if staff == actor.staff:
        raise Refused(gettext_noop("不能检查自己"), field="staff", rule="G-06")
    wrong = frozenset(code for codes in faults.values() for code in codes)
    figures = figures_of(site=actor.site, at=at, language=KEPT_IN)
    items = [item for item in load_library().inspected() if item.applies(figures=figures)]
    named = [item for item in items if item.code in wrong]
    lines = [f"{item.rule} {item.read(language=KEPT_IN, figures=figures)}" for item in named]
    row = Inspection.objects.create(
        site=actor.site, staff=staff, day=local_day(at=at), at=at, by=actor.staff, note=note.strip(),
        faults="\n".join(lines), checked_count=len(items), fault_count=len(named), state="faulty" if named else "fine",
    )  # fmt: skip
    Mark.objects.bulk_create(
        Mark(inspection=row, item=item.code, rule=item.rule, is_fine=item.code not in wrong) for item in items
    )
    DiaryEntry.objects.create(
        site=actor.site, day=row.day, kind=DiaryEntry.Kind.CONDUCT, text="\n".join([staff.name, *lines]),
        measure=row.note, inspection=row, at=at, by=actor.staff,
    )  # fmt: skip
    count_done(site=actor.site, code=CONDUCT, by=actor.staff, at=at)
    tell(
        record=row, kind="inspected", actor=actor, at=at, rule="G-06", who=staff.name, checked=len(items),
        faults=[item.code for item in named], count=len(named),
    )  # fmt: skip
    return row


@transaction.atomic
def write_entry(*, actor: Actor, at: datetime, kind: str, text: str, measure: str = "") -> DiaryEntry:
    """A line of the work diary; the look at the own group's service is owed once a day (G-07, Z-07)."""
    demand(actor=actor, permission=INSPECT)
    if kind == SERVICE:
        demand_post(actor=actor, path="G-07.by_role", at=at, text=NOT_THEIRS)
    row = DiaryEntry.objects.create(
        site=actor.site, day=local_day(at=at), kind=kind, text=text.strip(), measure=measure.strip(), at=at,
        by=actor.staff,
    )  # fmt: skip
    if kind == SERVICE:
        count_done(site=actor.site, code=GROUP, by=actor.staff, at=at)
    tell(record=row, kind="entry_written", actor=actor, at=at, rule="G-07", text=row.text[:120])
    return row
