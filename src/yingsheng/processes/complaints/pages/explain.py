"""规程试算: what would apply to this case? Nothing is written."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import role_titles
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.words import code_words
from yingsheng.processes.complaints.process import words as w
from yingsheng.processes.complaints.queries.explain import MODULE, Cited, Supposed, explain_complaint
from yingsheng.ui.desk import DeskRequest, desk, moment
from yingsheng.ui.pages.rules import language_code

SUPPOSE = FormSpec(
    name="explain",
    title=N("规程试算"),
    verb=N("试算"),
    fieldsets=(
        Fieldset(
            legend=N("假设这样一件投诉"),
            fields=(
                Field(name="received_at", kind=Kind.MOMENT, label=N("受理时间"), required=True),
                Field(
                    name="category", kind=Kind.CHOICE, label=N("类别"), choices=w.CATEGORIES, rules=("C-27",)
                ),
                Field(name="cause", kind=Kind.CHOICE, label=N("原因在哪里"), choices=w.CAUSES),
                Field(name="severity", kind=Kind.CHOICE, label=N("程度"), choices=w.SEVERITIES),
                Field(name="household_limit_at", kind=Kind.MOMENT, label=N("住户要求的完成时间")),
                Field(name="agreed_reply_at", kind=Kind.MOMENT, label=N("约定答复时间")),
                Field(name="handled_at", kind=Kind.MOMENT, label=N("处理完毕时间")),
                Field(name="loss_fen", kind=Kind.YUAN, label=N("给住户造成的损失（元）")),
                Field(name="injury", kind=Kind.FLAG, label=N("有人受伤")),
                Field(name="complex", kind=Kind.FLAG, label=N("问题复杂")),
                Field(name="written", kind=Kind.FLAG, label=N("书面投诉")),
                Field(name="by_email", kind=Kind.FLAG, label=N("电子邮件来的"), rules=("B-06",)),
                Field(name="group", kind=Kind.FLAG, label=N("集体投诉")),
                Field(name="on_spot", kind=Kind.FLAG, label=N("现场解决")),
                Field(name="forwarded_by_hq", kind=Kind.FLAG, label=N("公司投诉处理中心转来")),
                Field(
                    name="preset",
                    kind=Kind.CHOICE,
                    label=N("按哪份规程"),
                    hint=N("不选为本项目现行方案"),
                    choices=tuple(
                        (preset.id, preset.title["zh"]) for preset in load_book().presets_of(MODULE)
                    ),
                ),
            ),
        ),
    ),
)


@require_GET
@desk(Allow.SEE_RULES)
def explain(request: DeskRequest) -> HttpResponse:
    """The form of the supposition, and under it class, clocks, who is told and how to reply."""
    form_class = build_form(spec=SUPPOSE, actor=request.actor)
    asked = "received_at" in request.GET
    form = form_class(request.GET) if asked else form_class(initial={"received_at": moment(request.now)})
    context: dict[str, Any] = {"form": form, "verb": _(SUPPOSE.verb), "now": request.now}
    if asked and form.is_valid():
        context |= _answer(request, form)
    return render(request, "complaints/explain.html", context, status=422 if asked and form.errors else 200)


def _answer(request: DeskRequest, form: SpecForm) -> dict[str, Any]:
    values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    try:
        found = explain_complaint(site=request.actor.site, at=request.now, supposed=Supposed(**values))
    except Refused as refusal:
        form.refuse(refusal)
        return {}
    modes = dict(w.MODES)
    milestones, severities, validities = w.MILESTONES, dict(w.SEVERITIES), dict(w.VALIDITIES)
    titles = role_titles(site_id=request.actor.site.pk, english=language_code() == "en")
    required = [_(modes[mode]) for mode in found.reply_required]
    if found.reply_another_besides_writing:
        required.append(_("另加一种方式"))
    return {
        "found": found,
        "validity": _(validities[found.validity.code]) if found.validity else _("未定"),
        "severity": _(severities[found.severity.code]) if found.severity else _("未定"),
        "clocks": [
            {
                "clock": clock,
                "label": _(milestones[clock.milestone]),
                "sentence": _sentence(clock.cited),
                "role": titles.get(clock.role, clock.role),
                "extended_by": titles.get(clock.extended_by, clock.extended_by),
            }
            for clock in found.clocks
        ],
        "tells": [(tell, titles.get(tell.role, tell.role), _sentence(tell.cited)) for tell in found.tells],
        "department": code_words(code=f"{found.department}_department") if found.department else "",
        "preset_title": load_book().presets[found.preset].title[language_code()],
        "reply": _("、").join(required) or _(modes[found.reply_preferred]),
        "reply_cited": [(cited, _sentence(cited)) for cited in found.reply_cited],
    }


def _sentence(cited: Cited) -> str:
    return cited.en if language_code() == "en" else cited.zh
