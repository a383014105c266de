"""走访进度, 安排走访, 服务标准: pages of whoever looks after the visits and the standards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.patrols.process import STANDARDS
from yingsheng.processes.patrols.process.books import ARRANGE, SEE
from yingsheng.processes.patrols.process.forms import ARRANGE as ARRANGE_FORM
from yingsheng.processes.patrols.queries.inspecting import figures_of
from yingsheng.processes.patrols.queries.visiting import (
    AreaCoverage,
    a_day,
    coverage_by_area,
    last_visit,
    present_round,
    proposed,
)
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.processes.patrols.rules.standards import load_library
from yingsheng.processes.patrols.services.visiting import arrange_visits
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Result, Row
from yingsheng.ui.submit import status_of, take_form

SHOWN = 10


def _pace(hundredths: int) -> str:
    return f"{hundredths / 100:.1f}"


def _coverage_row(one: AreaCoverage) -> Row:
    figures = one.coverage
    if figures.is_behind:
        state = Cell(text=_("落后"), tone="late")
    else:
        state = Cell(text=_("已走遍"), tone="met") if not figures.left else Cell(text=_("跟得上"), tone="met")
    name = one.name or _("未分片区")
    return Row(
        name=name,
        cells=[
            state,
            name,
            figures.visited,
            figures.homes,
            f"{figures.percent}%",
            figures.left,
            figures.days_left,
            _pace(figures.needed_pace),
            _pace(figures.pace),
        ],
    )


@require_GET
@desk(SEE)
def coverage(request: DeskRequest) -> HttpResponse:
    """How far the round of each area has come, and whether it will be finished (G-03, G-08)."""
    site, now = request.actor.site, request.now
    first, last = present_round(site=site, day=local_day(at=now), at=now)
    context = {
        "first": first,
        "last": last,
        "columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("片区")),
            Column(label=_("已走访"), kind="number"),
            Column(label=_("总户数"), kind="number"),
            Column(label=_("比例"), kind="number"),
            Column(label=_("还差"), kind="number"),
            Column(label=_("剩余工作日"), kind="number"),
            Column(label=_("每天需走访"), kind="number"),
            Column(label=_("目前每天"), kind="number"),
        ],
        "rows": [_coverage_row(one) for one in coverage_by_area(site=site, at=now)],
        "caption": _("走访进度"),
        "empty": Empty(text=_("还没有住户。"), hint=_("先在住户档案里登记房屋和住户。"), sign="home"),
        "may_arrange": request.actor.may(ARRANGE),
    }
    return render(request, "patrols/coverage.html", context)


@require_http_methods(["GET", "POST"])
@desk(ARRANGE)
def arrange(request: DeskRequest) -> HttpResponse:
    """Put the homes that wait longest on somebody's list; which they would be is shown beside (G-04)."""
    tried: SpecForm | None = None
    if request.method == "POST":
        tried = build_form(spec=ARRANGE_FORM, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            made = arrange_visits(actor=request.actor, at=request.now, **form.cleaned_data)
            return f"{reverse('patrols:arrange')}?did={len(made)}"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    site, now = request.actor.site, request.now
    least, most = a_day(site=site, at=now)
    did = request.GET.get("did", "")
    context = {
        "form": tried or build_form(spec=ARRANGE_FORM, actor=request.actor)(),
        "verb": _(ARRANGE_FORM.verb),
        "least": least,
        "most": most,
        "homes": [
            (home, last_visit(household=home))
            for home in proposed(site=site, day=local_day(at=now), at=now, count=SHOWN)
        ],
        "result": Result(text=_("已安排%(count)s户") % {"count": did}) if did.isdigit() else None,
    }
    return render(request, "patrols/arrange.html", context, status=status_of(form=tried))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of the library as it is read: its title, its sections with their items (rule, words)."""

    title: str
    sections: list[tuple[str, bool, list[tuple[str, str]]]]


@require_GET
@desk(STANDARDS)
def standards(request: DeskRequest) -> HttpResponse:
    """服务标准: what is expected, chapter by chapter, with the figures of this site (W-33)."""
    language = get_language() or "zh-hans"
    figures: Any = figures_of(site=request.actor.site, at=request.now, language=language)
    library = load_library()
    chapters = [
        Chapter(
            title=titles["en" if language.startswith("en") else "zh"],
            sections=[
                (
                    section.title(language=language),
                    section.inspected,
                    [
                        (item.rule, item.read(language=language, figures=figures))
                        for item in section.items
                        if item.applies(figures=figures)
                    ],
                )
                for section in library.sections
                if section.chapter == code
            ],
        )
        for code, titles in library.chapters.items()
    ]
    return render(request, "patrols/standards.html", {"chapters": chapters})
