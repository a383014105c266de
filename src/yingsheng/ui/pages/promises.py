"""One promise explained: by which rule, how reckoned, what stood still, what rang, how it ended; and waiving it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import role_titles
from yingsheng.kernel.policies.words import UNITS
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_recounts
from yingsheng.kernel.timers.rules import ESCALATE, OVERDUE, WARN
from yingsheng.kernel.timers.services import plan_of, waive
from yingsheng.kernel.worktime.arithmetic import WORKING_UNITS
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.pages.words import event_words, milestone_words
from yingsheng.ui.parts import Entry, Fact
from yingsheng.ui.submit import status_of, take_form

WAIVE = FormSpec(
    name="waive",
    title=N("免除这项承诺"),
    verb=N("免除"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="reason",
                    kind=Kind.TEXT,
                    label=N("理由"),
                    hint=N("您的姓名和原因会一直留在这项承诺上；它不再提醒，也不算按时完成"),
                    required=True,
                    max_length=300,
                ),
            ),
        ),
    ),
)
ALARMS = {WARN: N("到期前提醒"), OVERDUE: N("到期提醒"), ESCALATE: N("超时升级")}


@require_http_methods(["GET", "POST"])
@desk()
def promise(request: DeskRequest, pk: int) -> HttpResponse:
    """A promise about a case the person may see; whoever may waive does it here, with the reason."""
    row = (
        Obligation.objects.filter(pk=pk, site=request.actor.site, subject_type=SUBJECT)
        .select_related("version", "responsible_staff", "ended_by")
        .prefetch_related("pauses__by", "alarms")
        .first()
    )
    case = visible_cases(actor=request.actor).filter(pk=row.subject_id).first() if row else None
    if row is None or case is None:
        raise Http404
    form: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission=Allow.WAIVE)
        form = build_form(spec=WAIVE, actor=request.actor)(request.POST)
        taken, kept = form, row

        def run() -> str:
            waive(
                obligation=kept,
                by=request.actor.staff,
                at=request.now,
                reason=taken.cleaned_data["reason"],
            )
            return f"{reverse('ui:promise', args=[kept.pk])}?did=waived"

        if done := take_form(request=request, form=form, run=run):
            return done
    elif row.state == Obligation.State.ARMED and request.actor.may(Allow.WAIVE):
        form = build_form(spec=WAIVE, actor=request.actor)()
    context = _context(request, row=row, case=case)
    return render(request, "ui/pages/promise.html", {**context, "form": form}, status=status_of(form=form))


def _context(request: DeskRequest, *, row: Obligation, case: Case) -> dict[str, Any]:
    names = role_titles(site_id=request.actor.site.pk, english=language_code() == "en")
    label = milestone_words(code=row.milestone, process=processes.get(case.process))
    return {
        "row": row,
        "case": case,
        "label": label,
        "now": request.now,
        "text": row.version.text_en if language_code() == "en" else row.version.text_zh,
        "facts": _facts(row, names),
        "how": _how(row),
        "alarms": _alarms(row, names),
        "pauses": list(row.pauses.all()),
        "recounts": [
            (event, event_words(event=event), before, after)
            for event, before, after in list_recounts(obligation=row)
        ],
        "entries": [_entry(event) for event in list_events(subject=row)[:100]],
        "verb": _(WAIVE.verb),
        "result": {"text": _("承诺已免除，原因留在这里"), "tone": "met"}
        if request.GET.get("did") == "waived"
        else None,
    }


def _entry(event: Event) -> Entry:
    return Entry(actor=event.by.name if event.by else "", at=event.at, text=event_words(event=event))


def _facts(row: Obligation, names: dict[str, str]) -> list[Fact]:
    who = names.get(row.responsible_role, row.responsible_role)
    if row.responsible_staff is not None:
        who = _("%(post)s（%(department)s）") % {"post": row.responsible_staff.name, "department": who}
    facts = [
        Fact(label=_("出处"), value=row.clause, wide=True),
        Fact(label=_("谁负责"), value=who),
        Fact(label=_("起算"), value=row.starts_at, number=True),
        Fact(label=_("原定"), value=row.first_due_at, number=True),
        Fact(label=_("应在此前"), value=row.due_at, number=True),
    ]
    if row.ended_at is not None:
        facts.append(Fact(label=_("结束"), value=row.ended_at, number=True))
    if row.ended_by is not None:
        facts.append(Fact(label=_("经办"), value=row.ended_by.name))
    if row.reason:
        facts.append(Fact(label=_("原因"), value=_(row.reason), wide=True))
    return facts


def _how(row: Obligation) -> str:
    """One sentence that says how the due time came about."""
    unit = UNITS.get(row.unit, "")
    length = _("当天") if row.unit == "same_day" else f"{row.amount} {_(unit) if unit else row.unit}"
    if row.unit not in {one.value for one in WORKING_UNITS}:
        return _("从起算时刻起%(length)s，不分上班下班。") % {"length": length}
    calendar = Calendar.objects.filter(site_id=row.site_id, code=row.calendar).first()
    name = _(calendar.name) if calendar is not None else row.calendar
    return _("从起算时刻起%(length)s，只数“%(calendar)s”日历里的工作时间。") % {
        "length": length,
        "calendar": name,
    }


def _alarms(row: Obligation, names: dict[str, str]) -> list[dict[str, Any]]:
    """Every alarm of the promise: what, whom besides, when planned, when it rang."""
    fired = {alarm.number: alarm.at for alarm in row.alarms.all()}
    is_open = row.state == Obligation.State.ARMED
    return [
        {
            "label": _(ALARMS[alarm.kind]),
            "roles": _("、").join(names.get(role, role) for role in alarm.roles),
            "at": alarm.at,
            "fired_at": fired.get(alarm.number),
            "is_off": not is_open and alarm.number not in fired,
        }
        for alarm in plan_of(obligation=row)
    ]
