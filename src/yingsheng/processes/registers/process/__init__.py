"""The registers as declared: permissions, menu, what they add to a case and to a home at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, Sheet
from yingsheng.base.shown import Known, Related, TodayLine, TodayList
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.registers.process.books import BOOKS, CARE, CUSTOMERS, SEE, WRITE_TYPICAL
from yingsheng.processes.registers.process.forms import CATEGORIES, EXPORT, IMPORT, PLANS, REASONS
from yingsheng.processes.registers.queries import customer_of, owed_by

__all__ = ["BOOKS", "CUSTOMERS", "EXPORT", "IMPORT", "LIST_SHEET", "REASONS", "REGISTERS"]

LIST_SHEET = Sheet(
    code="key_customer_list", title=N("重点顾客清单"), form_number="FM-67",
    template="registers/sheets/key_customers.html", build=lambda rows: {"lines": rows},
)  # fmt: skip


def _related(case: Any) -> list[Related]:
    """A case may be told as an example; its home may become a key customer."""
    lines = []
    if case.household_id is not None:
        lines.append(
            Related(
                title=_("重点客户"), icon="star", text=_("把这一户列为重点客户"),
                url_name="registers:key_customers_new",
                url_args=(case.key,), permission=CARE,
            )
        )  # fmt: skip
    if case.closed_at is not None:
        lines.append(
            Related(
                title=_("典型案例"), icon="bulb", text=_("收为典型案例"), url_name="registers:typical_cases_new",
                url_args=(case.key,), permission=WRITE_TYPICAL,
            )
        )  # fmt: skip
    return lines


def _of_home(household: Household) -> list[Related]:
    """From the file of a home to the list of key customers."""
    if household.is_key_customer:
        return []
    return [
        Related(
            title=_("重点客户"), icon="star", text=_("列为重点客户"), url_name="registers:key_customers_new",
            url_args=(f"home-{household.room.key}",), permission=CARE,
        )
    ]  # fmt: skip


def _known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """A key customer at the desk: why, who cares for him, when he is contacted next (Z-05)."""
    found = customer_of(household=household) if household.is_key_customer and actor.may(CARE) else None
    if found is None:
        return []
    due = timezone.localtime(found.next_contact_at).strftime("%m-%d") if found.next_contact_at else ""
    return [
        Known(
            word=_("重点客户"), tone="soon", text=found.why,
            note=_("%(who)s负责，下次联系 %(due)s") % {"who": found.care_by.name, "due": due},
            url_name="registers:key_customers_one", url_args=(found.pk,),
        )
    ]  # fmt: skip


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """What this person owes the registers in the next days: contacts and plans."""
    owed = owed_by(actor=actor, until=now + LOOK_AHEAD, limit=TODAY_LINES) if actor.may(SEE) else []
    if not owed:
        return []
    plans = dict(PLANS)
    lines = tuple(
        TodayLine(
            text=f"{_(MILESTONES[one.milestone])} · {_(plans[one.name]) if one.name in plans else one.name}",
            note=(_("%(due)s前") if one.due_at > now else _("%(due)s前，已超时"))
            % {"due": timezone.localtime(one.due_at).strftime("%m-%d %H:%M")},
            url_name=PAGES[one.subject_type],
            url_args=(one.subject_id,),
        )
        for one in owed
    )
    return [TodayList(title=_("名单与方案"), icon="star", rule="Z-05", count=len(lines), lines=lines)]


MILESTONES = {
    "care_contact": N("联系重点客户"),
    "draft_plan": N("编制方案"),
}
PAGES = {
    "registers.keycustomer": "registers:key_customers_one",
    "registers.plan": "registers:plans_one",
}
LOOK_AHEAD = timedelta(days=7)
TODAY_LINES = 6
REGISTERS = Process(
    code="registers",
    title=N("名单与方案"),
    module="Z",
    number_prefix="MD",
    permissions=(
        Permission(code="registers.see", label=N("查阅典型案例")),
        Permission(code="registers.care", label=N("联系重点客户")),
        Permission(code="registers.write_typical", label=N("收录典型案例")),
        Permission(code="registers.plan", label=N("编制计划与方案")),
        Permission(code="registers.approve", label=N("审批名单、案例和方案")),
    ),
    menu=(
        MenuEntry(
            group=N("档案"), label=N("重点客户"), icon="star", url_name="registers:key_customers",
            permission="registers.care", order=171,
        ),
        MenuEntry(
            group=N("档案"), label=N("典型案例"), icon="bulb", url_name="registers:typical_cases",
            permission="registers.see", order=172,
        ),
        MenuEntry(
            group=N("档案"), label=N("计划与方案"), icon="calendar", url_name="registers:plans",
            permission="registers.plan", order=173,
        ),
    ),
    milestones=tuple(Milestone(code=code, label=label) for code, label in MILESTONES.items()),
    own_sheets=(LIST_SHEET,),
    codes={"reason_class": dict(REASONS), "topic": dict(CATEGORIES)},
    related=_related,
    of_home=_of_home,
    known=_known,
    today=_today,
)  # fmt: skip
