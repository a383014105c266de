"""应急演练: the drills held, and the checklist of a kind to practise with, on the screen and on paper (X-11)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.queries import role_titles
from yingsheng.processes.emergencies.models import Drill
from yingsheng.processes.emergencies.process.forms import DRILL
from yingsheng.processes.emergencies.process.scene import checklist, language
from yingsheng.processes.emergencies.queries import list_drills
from yingsheng.processes.emergencies.rules.kinds import KindOfEmergency, load_kinds
from yingsheng.processes.emergencies.services.drilling import record_drill
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Link, Result, Row, Sheet
from yingsheng.ui.submit import status_of, take_form

PAGE = 30


@require_http_methods(["GET", "POST"])
@desk("emergencies.see")
def drill_list(request: DeskRequest) -> HttpResponse:
    """The drills held, and the form to write one down for whoever acts in emergencies."""
    tried: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission="emergencies.act")
        tried = build_form(spec=DRILL, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            record_drill(site=request.actor.site, by=request.actor.staff, at=request.now, **form.cleaned_data)
            return f"{reverse('emergencies:drills')}?did=1"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    page = Paginator(list_drills(site=request.actor.site), PAGE).get_page(request.GET.get("page"))
    shown = tried
    if shown is None and request.actor.may("emergencies.act"):
        initial = {"kind": request.GET.get("kind", ""), "held_on": timezone.localtime(request.now).date()}
        shown = build_form(spec=DRILL, actor=request.actor)(initial=initial)
    context = {
        "kinds": [
            Link(label=kind.title.read(language()), url=reverse("emergencies:drill", args=[kind.code]))
            for kind in load_kinds().values()
        ],
        "columns": [
            Column(label=_("日期"), kind="code"),
            Column(label=_("演练哪一种")),
            Column(label=_("参加人"), kind="long"),
            Column(label=_("发现的问题"), kind="long"),
            Column(label=_("登记人")),
        ],
        "rows": [_row(row) for row in page],
        "paging": page,
        "caption": _("应急演练"),
        "empty": Empty(text=_("还没有登记过演练。"), hint=_("选一种，照清单练一遍，再登记结果。")),
        "form": shown,
        "verb": _(DRILL.verb),
        "is_open": tried is not None or bool(request.GET.get("kind")),
        "result": Result(text=_("演练已登记")) if request.GET.get("did") else None,
    }
    return render(request, "emergencies/drills.html", context, status=status_of(form=tried))


def _row(row: Drill) -> Row:
    kind = load_kinds()[row.kind]
    return Row(
        name=str(row.held_on),
        cells=[
            str(row.held_on),
            Cell(text=kind.title.read(language()), url=reverse("emergencies:drill", args=[kind.code])),
            row.participants,
            row.findings,
            row.by.name,
        ],
    )


def _kind(code: str) -> KindOfEmergency:
    found = load_kinds().get(code)
    if found is None:
        raise Http404
    return found


def _plan(request: DeskRequest, kind: KindOfEmergency) -> dict[str, Any]:
    titles = role_titles(site_id=request.actor.site.pk, english=language().startswith("en"))
    return {
        "title": kind.title.read(language()),
        "lines": checklist(kind=kind),
        "reassure": kind.reassure.read(language()),
        "posts": [titles.get(role, role) for role in kind.roles],
    }


@require_GET
@desk("emergencies.see")
def drill(request: DeskRequest, code: str) -> HttpResponse:
    """One kind to practise: whom to alarm, what to say, the checklist in its order (X-11)."""
    kind = _kind(code)
    may_write = request.actor.may("emergencies.act")
    context = {
        **_plan(request, kind),
        "sheet_url": reverse("emergencies:drill_sheet", args=[code]),
        "record_url": f"{reverse('emergencies:drills')}?kind={kind.code}#new" if may_write else "",
    }
    return render(request, "emergencies/drill.html", context)


@require_GET
@desk("emergencies.see")
def drill_sheet(request: DeskRequest, code: str) -> HttpResponse:
    """The checklist on paper, with lines for who did what when."""
    kind = _kind(code)
    context = {
        **_plan(request, kind),
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_("应急处置清单"),
            number=kind.title.read(language()),
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
    }
    return render(request, "emergencies/sheets/checklist.html", context)
