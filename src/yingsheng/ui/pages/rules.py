"""The rule book on the screen: every rule, who relies on it, its conflicts and its history; adopting and changing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import within_reach, words_of
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import role_titles
from yingsheng.kernel.policies.book import Parameter, Rule, Value, load_book
from yingsheng.kernel.policies.models import Adoption, Override
from yingsheng.kernel.policies.queries import adopted_preset, resolve
from yingsheng.kernel.policies.services import AMOUNTS, adopt_preset, override_parameter
from yingsheng.kernel.policies.words import code_words, value_words
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ui.desk import DeskRequest, desk, moment
from yingsheng.ui.parts import Fact

Titles = Mapping[str, str]


def language_code() -> str:
    """Zh or en, for the texts of the rule book."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _titles(request: DeskRequest) -> dict[str, str]:
    """The names of the posts by role code, as the site calls them."""
    return role_titles(site_id=request.actor.site.pk, english=language_code() == "en")


def _preset_title(code: str) -> str:
    preset = load_book().presets.get(code)
    return preset.title[language_code()] if preset is not None else code


@require_GET
@desk(Allow.SEE_RULES)
def rules(request: DeskRequest) -> HttpResponse:
    """All rules by module, with what is in force."""
    book = load_book()
    language = language_code()
    letter = request.GET.get("module", "C")
    text = request.GET.get("q", "").strip()[:60]
    module = book.modules.get(letter) or book.modules["C"]
    titles = _titles(request)
    if text:
        found = [
            rule
            for rule in book.rules.values()
            if text.lower() in rule.id.lower()
            or text in rule.text["zh"]
            or text.lower() in rule.text["en"].lower()
        ][:100]
    else:
        found = list(module.rules)
    context = {
        "modules": [
            {
                "letter": one.letter,
                "title": one.title[language],
                "count": len(one.rules),
                "active": one.letter == module.letter and not text,
            }
            for one in sorted(book.modules.values(), key=lambda one: one.letter)
        ],
        "module": module,
        "module_title": module.title[language],
        "rules": [
            {"rule": rule, "text": rule.text[language], "parameters": _parameter_rows(request, rule, titles)}
            for rule in found
        ],
        "query": text,
        "presets": [(preset, preset.title[language]) for preset in book.presets_of(module.letter)],
        "adopted": adopted_preset(site=request.actor.site, module=module.letter, at=request.now),
        "may_adopt": request.actor.may(Allow.ADOPT_RULES),
        "now_text": moment(request.now),
        "total": len(book.rules),
    }
    return render(request, "ui/pages/rules.html", context)


def _parameter_rows(request: DeskRequest, rule: Rule, titles: Titles) -> list[dict[str, Any]]:
    resolved = resolve(rule_id=rule.id, site=request.actor.site, at=request.now)
    return [
        {
            "parameter": parameter,
            "path": f"{rule.id}.{parameter.name}",
            "label": parameter.label[language_code()],
            "words": value_words(parameter=parameter, value=resolved[parameter.name], titles=titles),
            "own": value_words(parameter=parameter, value=parameter.value, titles=titles),
            "changed": resolved[parameter.name] != parameter.value,
        }
        for parameter in rule.parameters
    ]


class OverrideForm(forms.Form):
    """A new value for one parameter, from a moment on, with the reason; the question follows the unit."""

    active_from = forms.DateTimeField(
        label=gettext_lazy("何时生效"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        required=False,
        validators=[within_reach],
        help_text=gettext_lazy("不填为立即"),
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
    field_order = ("value", "active_from", "reason")

    def __init__(self, data: QueryDict | None = None, *, parameter: Parameter, titles: Titles) -> None:
        super().__init__(data)
        self.fields["value"] = _value_field(parameter=parameter, titles=titles)
        self.order_fields(self.field_order)

    def value(self) -> Value:
        """What was chosen as the rule book keeps it; None returns to the preset."""
        chosen = self.cleaned_data["value"]
        if chosen in ("", None, []):
            return None
        if chosen in ("yes", "no"):
            return bool(chosen == "yes")
        return cast(Value, chosen)


def _value_field(*, parameter: Parameter, titles: Titles) -> forms.Field:
    common: dict[str, Any] = {
        "label": gettext_lazy("新的数值"),
        "help_text": gettext_lazy("留空恢复为方案的数值"),
        "required": False,
    }
    blank = [("", "—")]
    if parameter.unit == "role":
        return forms.ChoiceField(choices=[*blank, *titles.items()], **common)
    if parameter.unit == "roles":
        return forms.MultipleChoiceField(choices=list(titles.items()), **common)
    if parameter.unit == "flag":
        return forms.ChoiceField(choices=[*blank, ("yes", _("是")), ("no", _("否"))], **common)
    if parameter.choices:
        words = [(code, code_words(code=code)) for code in parameter.choices]
        return forms.ChoiceField(choices=[*blank, *words], **common)
    if parameter.unit in AMOUNTS:
        return forms.IntegerField(min_value=0, max_value=1_000_000, **common)
    if parameter.unit == "points":
        return forms.FloatField(min_value=0, max_value=1000, **common)
    return forms.CharField(max_length=200, **common)


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_RULES)
def rule(request: DeskRequest, rule_id: str) -> HttpResponse:
    """One rule: text, clause, figures now, who relies on it, conflicts, presets and history."""
    book = load_book()
    found = book.rules.get(rule_id)
    if found is None:
        raise Http404
    wanted = request.POST.get("parameter", request.GET.get("change", ""))
    parameter = next((item for item in found.parameters if item.name == wanted), None)
    form = None
    titles = _titles(request)
    if parameter is not None and parameter.unit != "ladder":
        typed = request.POST if request.method == "POST" else None
        form = OverrideForm(typed, parameter=parameter, titles=titles)
    if request.method == "POST" and form is not None and parameter is not None:
        demand(actor=request.actor, permission=Allow.ADOPT_RULES)
        if form.is_valid() and _override(request, found, parameter, form):
            return HttpResponseRedirect(f"{reverse('ui:rule', args=[rule_id])}?did=changed", status=303)
    language = language_code()
    other = "en" if language == "zh" else "zh"
    context = {
        "rule": found,
        "text": found.text[language],
        "other_text": found.text[other],
        "facts": [
            Fact(label=_("出处"), value=_("；").join(found.source), wide=True),
            Fact(label=_("状态"), value=_("已启用") if found.in_force else _("尚未启用")),
            Fact(
                label=_("现行方案"),
                value=_preset_title(
                    adopted_preset(site=request.actor.site, module=found.module, at=request.now) or "—"
                ),
            ),
        ],
        "parameters": _parameter_rows(request, found, titles),
        "conflicts": [
            book.conflicts[code] for code in book.conflicts if rule_id in book.conflicts[code].rules
        ],
        "relies": _who_relies(rule_id),
        "presets": _preset_rows(found, titles),
        "history": _history(request, found, titles),
        "language": language,
        "running_count": Obligation.objects.filter(site=request.actor.site, rule=rule_id, state="armed")[
            :1000
        ].count(),
        "form": form,
        "changing": parameter,
        "may_adopt": request.actor.may(Allow.ADOPT_RULES),
        "result": {"text": _("已调整，从生效时间起对新的承诺起作用"), "tone": "met"}
        if request.GET.get("did")
        else None,
    }
    return render(
        request, "ui/pages/rule.html", context, status=422 if form is not None and form.errors else 200
    )


def _override(request: DeskRequest, found: Rule, parameter: Parameter, form: OverrideForm) -> bool:
    chosen: datetime | None = form.cleaned_data["active_from"]
    try:
        override_parameter(
            site=request.actor.site,
            path=f"{found.id}.{parameter.name}",
            value=form.value(),
            active_from=chosen or request.now,
            reason=form.cleaned_data["reason"],
            by=request.actor.staff,
            at=request.now,
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, words_of(refusal))
        return False
    return True


def _who_relies(rule_id: str) -> list[str]:
    """Steps and form fields of the processes that cite a rule."""
    found = []
    for process in processes:
        for step in process.steps:
            if rule_id in step.rules:
                found.append(f"{_(process.title)} · {_(step.label)}")
        for spec in [process.intake, *(step.form for step in process.steps)]:
            for item in spec.fields if spec else ():
                if rule_id in item.rules:
                    found.append(f"{_(process.title)} · {_(spec.title)} · {_(item.label)}")  # type: ignore[union-attr]
    return list(dict.fromkeys(found))


def _preset_rows(found: Rule, titles: Titles) -> list[dict[str, Any]]:
    language = language_code()
    rows = []
    for preset in load_book().presets_of(found.module):
        values = []
        for parameter in found.parameters:
            path = f"{found.id}.{parameter.name}"
            value = None if path in preset.silent else preset.values.get(path, parameter.value)
            words = value_words(parameter=parameter, value=value, titles=titles)
            values.append((parameter.label[language], words))
        rows.append({"preset": preset, "title": preset.title[language], "values": values})
    return rows


def _history(request: DeskRequest, found: Rule, titles: Titles) -> list[dict[str, Any]]:
    site = request.actor.site
    rows = [
        {
            "at": row.active_from,
            "by": row.by,
            "text": f"{found.module} → {_preset_title(row.preset)}",
            "reason": row.reason,
        }
        for row in Adoption.objects.filter(site=site, module=found.module).select_related("by")
    ]
    own = Override.objects.filter(site=site, parameter__startswith=f"{found.id}.").select_related("by")
    for row in own:
        parameter = found.parameter(row.parameter.partition(".")[2])
        words = value_words(parameter=parameter, value=row.value, titles=titles)
        text = f"{parameter.label[language_code()]} → {words}"
        rows.append({"at": row.active_from, "by": row.by, "text": text, "reason": row.reason})
    return sorted(rows, key=lambda row: row["at"], reverse=True)


@require_http_methods(["POST"])
@desk(Allow.ADOPT_RULES)
def adopt(request: DeskRequest) -> HttpResponse:
    """Follow another regulation for a module, from now on."""
    preset = request.POST.get("preset", "")
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused(N("请写明采用的原因"), field="reason")
    row = adopt_preset(
        site=request.actor.site,
        preset=preset,
        active_from=request.now,
        reason=reason[:200],
        by=request.actor.staff,
        at=request.now,
    )
    return HttpResponseRedirect(f"{reverse('ui:rules')}?module={row.module}", status=303)
