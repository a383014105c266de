"""The month's plan: by people or by posts, as a list on a phone; published; printed as FM-12 (D-01 … D-04)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import FormSpec
from yingsheng.base.months import next_month as month_after
from yingsheng.base.months import previous_month
from yingsheng.base.numbering import whole_number
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.policies.queries import adopted_preset, figure
from yingsheng.kernel.rosters.models import Roster
from yingsheng.kernel.rosters.queries import Slot, list_posts, slots_of
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.pages.grid import (
    Put,
    away_cells,
    chosen_month,
    days_of,
    month_url,
    people_lines,
    post_lines,
)
from yingsheng.processes.turns.process import ROSTER_SHEET
from yingsheng.processes.turns.process.forms import spec
from yingsheng.processes.turns.queries import (
    PLAN,
    SEE,
    find_roster,
    list_approved,
    list_rosterable,
    special_days,
)
from yingsheng.processes.turns.services.months import count_prints, publish_month, record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Result, Sheet, SignatureLine, Tab
from yingsheng.ui.submit import status_of, take_form

PUBLISH: FormSpec = spec("publish", N("发布"), N("发布"))


def visible_slots(request: DeskRequest, month: date) -> list[Slot]:
    """The turns of a month; drafts only for whoever plans."""
    first, last = month_days(month=month)
    return slots_of(site=request.actor.site, first=first, last=last, drafts=request.actor.may(PLAN))


@require_GET
@desk(SEE)
def month_page(request: DeskRequest) -> HttpResponse:
    """A month: who has which turn, by people or by posts."""
    return _show(request, chosen_month(request))


@require_GET
@desk(PLAN)
def next_month(request: DeskRequest) -> HttpResponse:
    """Where next month's plan is made."""
    today = timezone.localtime(request.now).date()
    month = date(*month_after(year=today.year, month=today.month), 1)
    return HttpResponseRedirect(month_url("turns:month", month), status=303)


@require_http_methods(["POST"])
@desk(PLAN)
def publish(request: DeskRequest) -> HttpResponse:
    """Publish the month; refused with the turns that still lack people (D-04)."""
    month = chosen_month(request)
    form = build_form(spec=PUBLISH, actor=request.actor)(request.POST)
    seen = whole_number(text=request.POST.get("seen", ""))

    def run() -> str:
        publish_month(actor=request.actor, at=request.now, month=month, seen=seen)
        return month_url("turns:month", month, did="published")

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, month, tried=form)


def _show(request: DeskRequest, month: date, tried: SpecForm | None = None) -> HttpResponse:
    slots = visible_slots(request, month)
    roster = find_roster(site=request.actor.site, month=month)
    is_published = roster is not None and roster.state == Roster.State.PUBLISHED
    by = "posts" if request.GET.get("by") == "posts" else "people"
    may_plan = request.actor.may(PLAN)
    days, lines = _grid(request, month, slots, by)
    context = {
        "month": month,
        "before": month_url(
            "turns:month", date(*previous_month(year=month.year, month=month.month), 1), by=by
        ),
        "after": month_url("turns:month", date(*month_after(year=month.year, month=month.month), 1), by=by),
        "tabs": [
            Tab(label=_("按人"), url=month_url("turns:month", month), active=by == "people"),
            Tab(label=_("按岗位"), url=month_url("turns:month", month, by="posts"), active=by == "posts"),
        ],
        "tabs_label": _("值班安排表"),
        "by_people": by == "people",
        "days": days,
        "lines": lines,
        "listed": _listed(days, slots),
        "legend": _legend(slots),
        "short_count": sum(slot.is_short for slot in slots),
        "roster": roster,
        "is_published": is_published,
        "may_plan": may_plan,
        "has_posts": bool(slots) or list_posts(site=request.actor.site).exists(),
        "preset": adopted_preset(site=request.actor.site, module="D", at=request.now),
        "round_the_clock": bool(figure(path="D-03.round_the_clock", site=request.actor.site, at=request.now)),
        "form": tried,
        "urls": _addresses(month),
        "result": Result(text=_("已发布，已通知排班的每个人。"))
        if request.GET.get("did") == "published"
        else None,
        "hidden": (("seen", roster.version if roster is not None else ""),),
    }
    return render(request, "turns/month.html", context, status=status_of(form=tried))


def _addresses(month: date) -> dict[str, str]:
    """Where the buttons of a month lead."""
    return {
        name.removeprefix("site_"): month_url(f"turns:{name}", month)
        for name in ("publish", "plan", "sheet", "table", "import", "hours", "site_calendar")
    }


def _grid(request: DeskRequest, month: date, slots: list[Slot], by: str) -> tuple[list[Any], list[Any]]:
    first, last = month_days(month=month)
    site = request.actor.site
    today = timezone.localtime(request.now).date()
    days = days_of(month=month, special=special_days(site=site, first=first, last=last), today=today)
    if by == "posts":
        return days, post_lines(days=days, slots=slots)
    puts = [
        Put(staff=one.staff, shift=one.shift, day=one.day, fixed=one.is_fixed)
        for slot in slots
        for one in slot.assignments
    ]
    may_plan = request.actor.may(PLAN)
    roles = {role for slot in slots for role in slot.post.roles}
    people = list_rosterable(site=site, roles=roles, at=request.now) if may_plan and roles else []
    # why somebody is not there concerns only whoever plans
    leaves = list_approved(site=site, first=first, last=last) if may_plan else []
    away = away_cells(leaves, first=first, last=last)
    return days, people_lines(days=days, puts=puts, people=people, away=away)


def _listed(days: list[Any], slots: list[Slot]) -> list[dict[str, Any]]:
    """The days with their turns, for the phone."""
    found: dict[date, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.day, []).append(slot)
    return [
        {
            "day": day,
            "slots": [
                {
                    "name": f"{own_name(slot.post)} {own_name(slot.shift)}",
                    "people": _("、").join(dict.fromkeys(one.staff.name for one in slot.assignments)),
                    "short": slot.is_short,
                }
                for slot in found.get(day.day, [])
            ],
        }
        for day in days
    ]


def _legend(slots: list[Slot]) -> list[tuple[str, str]]:
    seen = {
        slot.shift.code: " ".join(
            (own_name(slot.post), own_name(slot.shift), f"{slot.shift.starts:%H:%M}–{slot.shift.ends:%H:%M}")
        )
        for slot in slots
    }
    return list(seen.items())


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def sheet(request: DeskRequest) -> HttpResponse:
    """客服中心值班安排表 FM-12 (A4, landscape); a POST prints it and is counted."""
    month = chosen_month(request)
    roster = find_roster(site=request.actor.site, month=month)
    if roster is None:  # nothing to print yet
        return HttpResponseRedirect(month_url("turns:month", month), status=303)
    count = (
        record_print(actor=request.actor, at=request.now, roster=roster) if request.method == "POST" else None
    )
    slots = visible_slots(request, month)
    days, lines = _grid(request, month, slots, "posts")
    here = month_url("turns:sheet", month)
    context = ROSTER_SHEET.build(
        {
            "sheet": _paper(request, roster, reprints=count - 1 if count else 0),
            "halves": [
                (days[begin:end], [_half(line, begin, end) for line in lines])
                for begin, end in ((0, 16), (16, 31))
            ],
            "is_draft": roster.state == Roster.State.DRAFT,
            "print_url": here,
            "pdf_url": f"{here}&as=pdf",
            "preview": count is None,
            "printed": count_prints(roster=roster),
            "paper_words": _("纸张 A4 横向，页边距用默认值，不缩放。"),
        }
    )
    if request.GET.get("as") != "pdf":
        return render(request, ROSTER_SHEET.template, context)
    html = render_to_string(ROSTER_SHEET.template, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=f"FM-12-{month:%Y-%m}")


def _paper(request: DeskRequest, roster: Roster, *, reprints: int) -> Sheet:
    """Heading, number and lines to sign; whoever published the plan has drawn it up."""
    by = roster.published_by
    made = f"{timezone.localtime(roster.published_at):%Y-%m-%d}" if roster.published_at else ""
    return Sheet(
        site_name=request.actor.site.name,
        form_name=_(ROSTER_SHEET.title),
        form_code=ROSTER_SHEET.form_number,
        number=f"{roster.month:%Y-%m}",
        layout="wide",
        reprint_count=reprints,
        signatures=(
            SignatureLine(label=_("编制"), name=by.name if by is not None else "", date=made),
            SignatureLine(label=_("批准")),
        ),
        printed_at=request.now,
        printed_by=request.actor.staff.name,
    )


def _half(line: Any, begin: int, end: int) -> dict[str, Any]:
    return {"name": line.name, "note": line.note, "cells": line.cells[begin:end]}
