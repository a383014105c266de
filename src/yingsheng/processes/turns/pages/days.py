"""A day of the plan: who stands where, put down and taken back by hand with an immediate check (D-01, D-04)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import Field, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form, words_of
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.checks import TurnBook
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.queries import Slot, slots_of
from yingsheng.kernel.rosters.words import own_name
from yingsheng.kernel.rosters.writing import book_for
from yingsheng.processes.turns.pages.grid import month_url
from yingsheng.processes.turns.process.forms import ASSIGN, spec
from yingsheng.processes.turns.process.words import hours_words
from yingsheng.processes.turns.queries import PLAN, SEE, find_roster, find_turn, list_rosterable
from yingsheng.processes.turns.services.months import assign_turn, fix_turn, take_turn_back
from yingsheng.ui.days import day_from
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Empty, Result
from yingsheng.ui.submit import status_of, take_form

Tried = tuple[str, SpecForm]
TAKE_BACK: FormSpec = spec(
    "take_back", N("撤下"), N("撤下"),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), max_length=200, rules=("D-01",)),
)  # fmt: skip
DID = {"assigned": N("已排上。"), "taken": N("已撤下。"), "fixed": N("已记下。")}


def _day(text: str) -> date:
    found = day_from(text)
    if found is None:
        raise Http404
    return found


@require_GET
@desk(SEE)
def day_page(request: DeskRequest, day: str) -> HttpResponse:
    """The turns of a day."""
    return _show(request, _day(day))


@require_http_methods(["POST"])
@desk(PLAN)
def assign(request: DeskRequest, day: str, pk: int) -> HttpResponse:
    """Put somebody down for a shift of this day."""
    when = _day(day)
    shift = Shift.objects.filter(pk=pk, post__site=request.actor.site).select_related("post").first()
    if shift is None:
        raise Http404
    form = build_form(spec=ASSIGN, actor=request.actor)(request.POST, prefix=f"s{pk}")

    def run() -> str:
        assign_turn(
            actor=request.actor, at=request.now, shift=shift, day=when, staff=form.cleaned_data["staff"]
        )
        return f"{reverse('turns:day', args=[when])}?did=assigned#s{pk}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, when, tried=(f"s{pk}", form))


def _turn(request: DeskRequest, pk: int) -> Assignment:
    turn = find_turn(actor=request.actor, pk=pk)
    if turn is None:
        raise Http404
    return turn


@require_http_methods(["POST"])
@desk(PLAN)
def take_back(request: DeskRequest, pk: int) -> HttpResponse:
    """Take somebody off a turn."""
    turn = _turn(request, pk)
    form = build_form(spec=TAKE_BACK, actor=request.actor)(request.POST, prefix=f"t{pk}")

    def run() -> str:
        take_turn_back(actor=request.actor, at=request.now, turn=turn, reason=form.cleaned_data["reason"])
        return f"{reverse('turns:day', args=[turn.day])}?did=taken#s{turn.shift_id}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, turn.day, tried=(f"t{pk}", form))


@require_http_methods(["POST"])
@desk(PLAN)
def fix(request: DeskRequest, pk: int) -> HttpResponse:
    """Let the planner keep a turn, or no longer."""
    turn = _turn(request, pk)
    form = build_form(spec=spec("fix", N("固定"), N("固定")), actor=request.actor)(
        request.POST, prefix=f"f{pk}"
    )

    def run() -> str:
        fix_turn(actor=request.actor, at=request.now, turn=turn, fixed=not turn.is_fixed)
        return f"{reverse('turns:day', args=[turn.day])}?did=fixed#s{turn.shift_id}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, turn.day, tried=(f"f{pk}", form))


def _show(request: DeskRequest, day: date, tried: Tried | None = None) -> HttpResponse:
    may_plan = request.actor.may(PLAN)
    slots = slots_of(site=request.actor.site, first=day, last=day, drafts=may_plan)
    roster = find_roster(site=request.actor.site, month=day)
    is_published = roster is not None and roster.state == Roster.State.PUBLISHED
    book, people = _candidates(request, day, slots) if may_plan else (None, [])
    did = request.GET.get("did", "")
    context = {
        "day": day,
        "slots": [_slot(request, slot, book, people, tried, is_published) for slot in slots],
        "month_url": month_url("turns:month", day.replace(day=1)),
        "is_published": is_published,
        "may_plan": may_plan,
        "result": Result(text=_(DID[did])) if did in DID else None,
        "empty": Empty(text=_("这一天没有要排的班。"), hint=_("先设置值班岗位和班次。")),
    }
    return render(request, "turns/day.html", context, status=status_of(form=tried[1] if tried else None))


def _candidates(request: DeskRequest, day: date, slots: list[Slot]) -> tuple[TurnBook, list[Staff]]:
    roles = {role for slot in slots for role in slot.post.roles}
    anybody = any(not slot.post.roles for slot in slots)
    people = list_rosterable(site=request.actor.site, roles=() if anybody else roles, at=request.now)
    return book_for(site=request.actor.site, people=people, first=day, last=day, at=request.now), people


def _slot(
    request: DeskRequest, slot: Slot, book: TurnBook | None, people: list[Staff], tried: Tried | None,
    is_published: bool,
) -> dict[str, Any]:  # fmt: skip
    key = f"s{slot.shift.pk}"
    form = tried[1] if tried is not None and tried[0] == key else None
    if form is None and book is not None:
        form = build_form(spec=ASSIGN, actor=request.actor)(prefix=key)
    if form is not None and book is not None:
        form.fields["staff"].choices = [("", _("请选择")), *_choices(slot, book, people)]  # type: ignore[attr-defined]
    return {
        "key": key,
        "name": f"{own_name(slot.post)} {own_name(slot.shift)}",
        "hours": f"{slot.shift.starts:%H:%M}–{slot.shift.ends:%H:%M}",
        "needs": slot.shift.needs,
        "short": slot.is_short,
        "turns": [_line(request, one, tried, is_published) for one in slot.assignments],
        "form": form,
        "url": reverse("turns:assign", args=[slot.day, slot.shift.pk]),
    }


def _choices(slot: Slot, book: TurnBook, people: list[Staff]) -> list[tuple[int, str]]:
    """Who may stand there, those first against whom nothing speaks; with the others what does."""
    free, held = [], []
    for one in people:
        found = book.objection(staff=one, shift=slot.shift, day=slot.day)
        if found is None:
            free.append((one.pk, one.name))
        elif found.code not in ("role", "not_here"):
            held.append((one.pk, f"{one.name} — {words_of(found.refuse())}"))
    return [*free, *held]


def _line(request: DeskRequest, turn: Assignment, tried: Tried | None, is_published: bool) -> dict[str, Any]:
    key = f"t{turn.pk}"
    form = tried[1] if tried is not None and tried[0] == key else None
    return {
        "key": key,
        "turn": turn,
        "hours": hours_words(turn=turn),
        "origin": _(Assignment.Origin(turn.origin).label) if turn.origin != Assignment.Origin.PLANNED else "",
        "form": form or build_form(spec=TAKE_BACK, actor=request.actor)(prefix=key),
        "tried": form is not None,
        "ask_reason": is_published,
        "take_back": reverse("turns:take_back", args=[turn.pk]),
        "fix": reverse("turns:fix", args=[turn.pk]),
    }
