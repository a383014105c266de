"""What the gate adds elsewhere: to a home at the desk, to the first page, to what the next shift is told."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.shown import TOLD_TODAY, Known, Related, TodayLine, TodayList, Told
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.visitors.models import Pass, Visitor
from yingsheng.processes.visitors.queries.deposits import left_with_us, waiting
from yingsheng.processes.visitors.queries.passes import clock, lines_of, list_passes, open_passes
from yingsheng.processes.visitors.queries.visits import coming_to, going_on, host_of
from yingsheng.processes.visitors.services.writing import DEPOSITS, ISSUE, REGISTER, SEE

LINES = 6


def short_list(row: Pass) -> str:
    """The items of a pass in a few words."""
    return str(_("、")).join(f"{one.name}×{one.count}" for one in lines_of(row))[:60]


def of_home(household: Household) -> list[Related]:
    """From the file of a home to its forms."""
    asked = (f"home-{household.room.key}",)
    return [
        Related(
            title=_("放行条"), icon="door-exit", text=_("开放行条"), url_name="visitors:passes_new", url_args=asked,
            permission=ISSUE,
        ),
        Related(
            title=_("来访登记"), icon="users", text=_("登记来访"), url_name="visitors:visitors_new", url_args=asked,
            permission=REGISTER,
        ),
        Related(
            title=_("寄存与失物"), icon="package", text=_("登记寄存"), url_name="visitors:deposits_new", url_args=asked,
            permission=DEPOSITS,
        ),
    ]  # fmt: skip


def known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """The open passes of a home, whom it expects, what it left with us (V-02, V-04, V-05)."""
    if not actor.may(SEE):
        return []
    return [
        *(
            Known(
                word=_("放行条"), tone="soon", text=short_list(row),
                note=_("%(state)s，有效到%(when)s")
                % {"state": _(Pass.State(row.state).label), "when": clock(row.valid_until)},
                url_name="visitors:passes_one", url_args=(row.pk,),
            )
            for row in open_passes(household=household, now=now)
        ),
        *(
            Known(
                word=_("来访"), tone="plain", text=visitor.name, note=str(_(Visitor.State(visitor.state).label)),
                url_name="visitors:visitors_one", url_args=(visitor.pk,),
            )
            for visitor in coming_to(household=household)
        ),
        *(
            Known(
                word=_("寄存"), tone="plain", text=item.name, note=item.place, url_name="visitors:deposits_one",
                url_args=(item.pk,),
            )
            for item in left_with_us(household=household)
        ),
    ]  # fmt: skip


def today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Owners to ask for whoever issues passes; visitors who wait for whoever registers them."""
    found = []
    if actor.may(ISSUE):
        found += _owners_to_ask(actor=actor)
    if actor.may(REGISTER):
        found += _visitors(actor=actor)
    return found


def _owners_to_ask(*, actor: Actor) -> list[TodayList]:
    rows = list(
        list_passes(actor=actor).filter(state__in=("waiting", "owner_asked"), owner_answer="")[: LINES + 1]
    )
    if not rows:
        return []
    lines = tuple(
        TodayLine(
            text=f"{row.household.room.label} {short_list(row)}", note=row.owner_question or _("待业主同意"),
            url_name="visitors:passes_one", url_args=(row.pk,),
        )
        for row in rows[:LINES]
    )  # fmt: skip
    return [
        TodayList(
            title=_("放行条：要问业主"), icon="door-exit", rule="V-02", count=len(rows), lines=lines,
            more_url=reverse("visitors:passes"), rank=TOLD_TODAY,
        )
    ]  # fmt: skip


def _visitors(*, actor: Actor) -> list[TodayList]:
    rows = [row for row in going_on(site=actor.site) if row.state != Visitor.State.INSIDE]
    if not rows:
        return []
    lines = tuple(
        TodayLine(
            text=f"{row.name} → {host_of(row)}", note=_("预约%(when)s") % {"when": clock(row.expected_at)}
            if row.expected_at else str(_(Visitor.State(row.state).label)),
            url_name="visitors:visitors_one", url_args=(row.pk,),
        )
        for row in rows[:LINES]
    )  # fmt: skip
    return [
        TodayList(
            title=_("来访：等答复、要迎接"), icon="users", rule="V-05", count=len(rows), lines=lines,
            more_url=reverse("visitors:visitors"), rank=TOLD_TODAY,
        )
    ]  # fmt: skip


def handed_on(*, site: Site, now: datetime) -> list[Told]:
    """Visitors who wait or are inside, and what lies with us beyond its time, for the next shift (V-01, V-04)."""
    return [
        *(
            Told(
                key=f"visitors.visitor:{row.pk}", word=N("客人还没走"), text=host_of(row),
                note=str(_(Visitor.State(row.state).label)), url_name="visitors:visitors_one", url_args=(row.pk,),
            )
            for row in going_on(site=site)
            if row.state != Visitor.State.EXPECTED
        ),
        *(
            Told(
                key=f"visitors.deposit:{item.pk}", word=N("寄存过期没领"), text=f"{item.number} {item.name}",
                note=item.place, url_name="visitors:deposits_one", url_args=(item.pk,),
            )
            for item in waiting(site=site)
            if item.due_at is not None and item.due_at < now
        ),
    ]  # fmt: skip
