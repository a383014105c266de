"""归属: whose customer and by which article; what would change it; the manager's ruling; trying the articles out."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.salesdesk.models import Deal, Visit
from yingsheng.processes.salesdesk.process import attribution as forms
from yingsheng.processes.salesdesk.process import attribution_words as words
from yingsheng.processes.salesdesk.process.trial import facts_of_trial
from yingsheng.processes.salesdesk.queries import attribution as queries
from yingsheng.processes.salesdesk.queries.allow import RULE, SEE, SEE_ALL
from yingsheng.processes.salesdesk.queries.facts import figures_of
from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.facts import Facts
from yingsheng.processes.salesdesk.rules.figures import Figures
from yingsheng.processes.salesdesk.rules.what_if import Change, what_if
from yingsheng.processes.salesdesk.services.deciding import rule_on
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Fact, Result, Row
from yingsheng.ui.submit import status_of, take_form


def _find(request: DeskRequest, pk: int) -> tuple[Visit, Deal | None]:
    seen = queries.list_cases(actor=request.actor, sees_all=request.actor.may(SEE_ALL))
    visit = seen.filter(pk=pk).first()
    if visit is None:
        raise Http404
    asked = whole_number(text=request.GET.get("deal", ""))
    deal = queries.find_deal(visit=visit, pk=asked) if asked else None
    if asked and deal is None:
        raise Http404
    return visit, deal


@require_http_methods(["GET", "POST"])
@desk(SEE)
def attribution(request: DeskRequest, pk: int) -> HttpResponse:
    """What the articles say of a visit or of a deal that came of it, step by step; sent in, the manager's ruling."""
    visit, deal = _find(request, pk)
    here = f"{reverse('salesdesk:attribution', args=[pk])}{f'?deal={deal.pk}' if deal else ''}"
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=forms.RULING, actor=request.actor)(request.POST)
        told = form

        def run() -> str:
            values = told.cleaned_data
            pairs = [(values["first"], values["first_percent"])]
            if values["second"]:
                pairs.append((values["second"], values["second_percent"] or 0))
            rule_on(
                actor=request.actor, visit=visit, deal=deal, at=request.now, shares=pairs, owner=values["owner"],
                reason=values["reason"], fine_fen=values["fine_fen"], heir=values["heir"],
            )  # fmt: skip
            return f"{here}{'&' if deal else '?'}did=ruled"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
        visit, deal = _find(request, pk)
    context = _context(request, visit, deal, here, form)
    return render(request, "salesdesk/attribution.html", context, status=status_of(form=form))


def _context(
    request: DeskRequest, visit: Visit, deal: Deal | None, here: str, form: SpecForm | None
) -> dict[str, Any]:
    decision = queries.decision_of(record=deal or visit)
    findings = list(queries.list_findings(visit=visit))
    rulings = list(queries.list_rulings(visit=visit, deal=deal))
    changes = queries.changes_of(visit=visit, deal=deal)
    names = queries.names_of(
        visit=visit, deal=deal, more=[key for one in rulings for key, _part in one.shares]
    )
    rule = form
    if rule is None and request.actor.may(RULE):
        rule = build_form(spec=forms.RULING, actor=request.actor)(initial=_suggested(decision))
    return {
        "visit": visit,
        "deal": deal,
        "deals": [
            (one, f"{reverse('salesdesk:attribution', args=[visit.pk])}?deal={one.pk}")
            for one in visit.deals.order_by("pk")
        ],
        "visit_url": reverse("salesdesk:attribution", args=[visit.pk]),
        **_decided(decision, names),
        **_changes(changes, names, {one.entry_id: one.entry.number for one in findings}),
        "evidence": {
            "columns": _evidence_columns(),
            "rows": [_evidence(one) for one in findings],
            "caption": _("依据的登记"),
            "empty": Empty(text=_("没有更早的登记。")),
        },
        "rulings": [
            (one, str(_("，")).join(f"{names.get(str(key), key)} {part}%" for key, part in one.shares))
            for one in rulings
        ],
        "form": rule,
        "verb": _(forms.RULING.verb),
        "form_action": here,
        "now": request.now,
        "result": Result(text=_("已裁定")) if request.GET.get("did") else None,
    }  # fmt: skip


def _suggested(decision: Decision | None) -> dict[str, Any]:
    """What the ruling form starts from: what the articles propose."""
    shares = (decision.shares or decision.suggested) if decision is not None else ()
    found: dict[str, Any] = {"owner": decision.owner if decision is not None else ""}
    for name, share in zip(("first", "second"), shares, strict=False):
        found |= {name: share.agent, f"{name}_percent": share.percent}
    if decision is not None and decision.penalty is not None:
        found["heir"] = decision.penalty.heir
    return found


def _decided(decision: Decision | None, names: dict[str, str]) -> dict[str, Any]:
    """The decision and its steps, ready to be shown."""
    if decision is None:
        return {"decided": None}
    shares = words.shares_words(shares=decision.shares, names=names)
    proposed = words.shares_words(shares=decision.suggested, names=names)
    waiting = _("还不分：%(proposed)s") % {"proposed": proposed} if proposed else _("不分给个人")
    rows = (
        (_("归谁"), words.name_of(agent=decision.owner, names=names)),
        (_("业绩分配"), shares or waiting),
        (_("轮次"), words.turn_words(decision=decision, names=names)),
        (_("手续归谁办"), words.name_of(agent=decision.formalities, names=names)),
        (_("处罚"), words.penalty_words(decision=decision, names=names)),
    )
    return {
        "decided": {
            "words": words.outcome_words(code=decision.outcome),
            "tone": words.OUTCOME_TONES.get(decision.outcome, "met"),
            "rule": decision.rule,
            "article": decision.article,
            "needs_ruling": decision.needs_ruling,
        },
        "facts": [Fact(label=label, value=value) for label, value in rows if value],
        "steps": [words.step_words(step=one, names=names) for one in decision.steps],
    }  # fmt: skip


def _changes(changes: tuple[Change, ...], names: dict[str, str], entries: dict[int, str]) -> dict[str, Any]:
    rows = [words.change_words(change=one, names=names) for one in changes]
    return {
        "changes": {
            "columns": [
                Column(label=_("哪个事实"), kind="long"), Column(label=_("现在和如果"), kind="long"),
                Column(label=_("那就是"), kind="long"), Column(label=_("依据"), kind="code"),
            ],
            "rows": [
                Row(
                    cells=[
                        f"{one.fact} {entries.get(one.entry, one.entry or '')}".strip(), f"{one.now} → {one.then}",
                        f"{one.outcome} {one.who}", Cell(text=one.rule, url=reverse("ui:rule", args=[one.rule])),
                    ],
                )
                for one in rows
            ],
            "caption": _("什么会改变结果"),
            "empty": Empty(text=_("没有哪一个事实单独改变结果。")),
        }
    }  # fmt: skip


def _evidence_columns() -> list[Column]:
    return [
        Column(label=_("谁的登记"), kind="long"), Column(label=_("与来访者的关系"), kind="long"),
        Column(label=_("哪些相同"), kind="long"), Column(label=_("什么时候发现、谁发现"), kind="long"),
    ]  # fmt: skip


def _evidence(finding: Any) -> Row:
    entry = finding.entry
    by = finding.by.name if finding.by is not None else _("系统")
    return Row(
        name=entry.number,
        cells=[
            f"{entry.agent.name} {_(words.RECORDS[entry.book])} {entry.number} {entry.day}",
            _(words.RELATIONS[finding.relation]), words.keys_words(keys=finding.keys),
            f"{_(words.NOTICED[finding.noticed])} {finding.day} {by}",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def explain(request: DeskRequest) -> HttpResponse:
    """归属试算: facts typed in, and what the articles in force today say of them; nothing is written (J-30)."""
    form = build_form(spec=forms.TRIAL, actor=request.actor)(
        request.POST if request.method == "POST" else None
    )
    told: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        facts, flaw = facts_of_trial(values=form.cleaned_data)
        if facts is None:
            form.add_error(flaw.field or None, _(flaw.text))
        else:
            told = _tried(facts, figures_of(site=request.actor.site, at=request.now))
    context = {
        "form": form, "verb": _(forms.TRIAL.verb), "form_action": reverse("salesdesk:explain"), "now": request.now,
        "no_draft": True, **told,
    }  # fmt: skip
    return render(
        request, "salesdesk/explain.html", context, status=status_of(form=form if form.is_bound else None)
    )


def _tried(facts: Facts, figures: Figures) -> dict[str, Any]:
    decision = decide(facts=facts, figures=figures)
    return {
        **_decided(decision, {}),
        **_changes(what_if(facts=facts, figures=figures)[: queries.MOST_CHANGES], {}, {}),
    }


URLS: list[URLPattern] = [
    path("sales/visits/<int:pk>/attribution/", attribution, name="attribution"),
    path("sales/explain/", explain, name="explain"),
]
