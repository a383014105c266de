"""改进措施: what keeps coming back, what is done about it, and whether it helped (C-79, F-22)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import FormSpec
from yingsheng.base.numbering import whole_number
from yingsheng.base.process import processes
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.complaints.process.more_forms import ADJUST, EVALUATE, IMPROVE
from yingsheng.processes.complaints.queries.improvements import (
    find_improvement,
    group_named,
    list_improvements,
)
from yingsheng.processes.complaints.services.improving import (
    adjust_improvement,
    evaluate_improvement,
    start_improvement,
)
from yingsheng.ui.days import day_from
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import choice_words, event_words, milestone_words
from yingsheng.ui.parts import Cell, Column, Empty, Entry, Fact, Result, Row
from yingsheng.ui.submit import status_of, take_form

PAGE = 50
TONES = {"running": "soon", "effective": "met", "ineffective": "late"}
STEPS: dict[str, tuple[FormSpec, str]] = {
    "evaluate": (EVALUATE, Improvement.State.RUNNING),
    "adjust": (ADJUST, Improvement.State.INEFFECTIVE),
}


@require_http_methods(["GET", "POST"])
@desk("complaints.report")
def improvements(request: DeskRequest) -> HttpResponse:
    """The register, and the form of a new measure for whoever may decide one."""
    tried: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission="complaints.improve")
        tried = build_form(spec=IMPROVE, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            values = dict(form.cleaned_data)
            values["case"] = group_named(actor=request.actor, number=values.pop("number"))
            month = _month(request.POST.get("month", ""))
            made = start_improvement(
                site=request.actor.site, by=request.actor.staff, at=request.now, month=month, **values
            )
            return f"{reverse('complaints:improvement', args=[made.pk])}?did=start"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    return _show_register(request, tried)


def _month(text: str) -> date | None:
    return day_from(f"{text}-01")


def _show_register(request: DeskRequest, tried: SpecForm | None) -> HttpResponse:
    page = Paginator(list_improvements(site=request.actor.site), PAGE).get_page(request.GET.get("page"))
    form = tried
    if form is None and request.actor.may("complaints.improve"):
        initial = {
            "source": request.GET.get("source", "figures"),
            "category": request.GET.get("category", ""),
            "number": request.GET.get("number", ""),
        }
        form = build_form(spec=IMPROVE, actor=request.actor)(initial=initial)
    month = request.POST.get("month", request.GET.get("month", ""))
    context = {
        "columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("看到的规律"), kind="long"),
            Column(label=_("措施"), kind="long"),
            Column(label=_("负责人")),
            Column(label=_("完成日期")),
            Column(label=_("评估日期")),
            Column(label=_("类别")),
            Column(label=_("从哪里看出来的")),
        ],
        "rows": [_row(row) for row in page],
        "paging": page,
        "caption": _("改进措施"),
        "empty": Empty(
            text=_("还没有改进措施。"), hint=_("从投诉月报的类别、集体投诉或回访分析里看到规律，就在这里定下措施。"),
            url=reverse("complaints:month"), label=_("看投诉月报"),
        ),
        "form": form,
        "verb": _(IMPROVE.verb),
        "hidden": (("month", month),) if _month(month) else (),
    }  # fmt: skip
    return render(request, "complaints/improvements.html", context, status=status_of(form=tried))


def _category(code: str) -> str:
    return choice_words(process=processes.get("complaints"), field="category", code=code)


def _row(row: Improvement) -> Row:
    url = reverse("complaints:improvement", args=[row.pk])
    return Row(
        name=row.pattern[:40],
        url=url,
        cells=[
            Cell(text=_(row.get_state_display()), tone=TONES[row.state]),  # type: ignore[arg-type]
            Cell(text=row.pattern, url=url),
            row.measure,
            row.responsible.name,
            row.done_by,
            row.evaluate_on,
            _category(row.category),
            _(row.get_source_display()),
        ],
    )


def _get(request: DeskRequest, pk: int) -> Improvement:
    found = find_improvement(site=request.actor.site, pk=pk)
    if found is None:
        raise Http404
    return found


@require_GET
@desk("complaints.report")
def improvement(request: DeskRequest, pk: int) -> HttpResponse:
    """One measure: what was seen, what is done, how it was judged, and the step that is due."""
    return _show(request, _get(request, pk))


@require_http_methods(["POST"])
@desk("complaints.improve")
def improvement_step(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Judge a measure, or adjust one that did not help."""
    if code not in STEPS:
        raise Http404
    row = _get(request, pk)
    form = build_form(spec=STEPS[code][0], actor=request.actor)(request.POST, prefix=code)
    seen = request.POST.get("seen", "")

    def run() -> str:
        values: dict[str, Any] = dict(form.cleaned_data)
        common: dict[str, Any] = {
            "improvement": row, "by": request.actor.staff, "at": request.now,
            "seen": whole_number(text=seen),
        }  # fmt: skip
        if code == "evaluate":
            evaluate_improvement(
                **common, effective=values["effective"] == "yes", evaluation=values["evaluation"]
            )
        else:
            adjust_improvement(**common, **values)
        return f"{reverse('complaints:improvement', args=[pk])}?did={code}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, _get(request, pk), tried=(code, form))


def _show(request: DeskRequest, row: Improvement, tried: tuple[str, SpecForm] | None = None) -> HttpResponse:
    panel = None
    for code, (spec, state) in STEPS.items():
        if (tried and tried[0] == code) or (
            tried is None and row.state == state and request.actor.may("complaints.improve")
        ):
            form = tried[1] if tried else build_form(spec=spec, actor=request.actor)(
                prefix=code, initial={"measure": row.measure, "responsible": row.responsible_id}
            )  # fmt: skip
            panel = {
                "title": _(spec.title), "verb": _(spec.verb), "form": form, "hidden": (("seen", row.version),),
                "url": reverse("complaints:improvement_step", args=[row.pk, code]),
            }  # fmt: skip
    did = {"start": IMPROVE, "evaluate": EVALUATE, "adjust": ADJUST}.get(request.GET.get("did", ""))
    context = {
        "row": row,
        "state": _(row.get_state_display()),
        "tone": TONES[row.state],
        "facts": _facts(row),
        "running": [
            (one, milestone_words(code=one.milestone)) for one in list_obligations(subject=row) if one.ended_at is None
        ],
        "entries": [
            Entry(
                actor=event.by.name if event.by else "", at=event.at, text=event_words(event=event), rule=event.rule,
                rule_url=reverse("ui:rule", args=[event.rule]),
            )
            for event in list_events(subject=row)
        ],
        "empty": Empty(text=_("还没有记录。")),
        "panel": panel,
        "now": request.now,
        "result": Result(text=_("已办：%(step)s") % {"step": _(did.title)}) if did else None,
    }  # fmt: skip
    return render(
        request, "complaints/improvement.html", context, status=status_of(form=tried[1] if tried else None)
    )


def _facts(row: Improvement) -> list[Fact]:
    facts = [
        Fact(label=_("看到的规律"), value=row.pattern, wide=True),
        Fact(label=_("措施"), value=row.measure, wide=True),
        Fact(label=_("负责人"), value=row.responsible.name),
        Fact(label=_("完成日期"), value=row.done_by, number=True),
        Fact(label=_("评估日期"), value=row.evaluate_on, number=True),
        Fact(label=_("第几轮"), value=row.round),
        Fact(label=_("从哪里看出来的"), value=_(row.get_source_display())),
        Fact(label=_("类别"), value=_category(row.category)),
        Fact(label=_("月份"), value=f"{row.month:%Y-%m}" if row.month else "", number=True),
        Fact(label=_("评估"), value=row.evaluation, wide=True),
        Fact(
            label=_("评估时间"),
            value=timezone.localtime(row.evaluated_at) if row.evaluated_at else "",
            number=True,
        ),
        Fact(label=_("提出人"), value=row.started_by.name),
    ]
    if row.case is not None:
        url = reverse("ui:case", args=[row.case.key])
        facts.append(Fact(label=_("投诉编号"), value=row.case.number, url=url, number=True))
    return [fact for fact in facts if fact.value != ""]
