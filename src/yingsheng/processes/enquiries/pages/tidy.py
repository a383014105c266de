"""整洁检查: the desk's list and that of the visitors' place, ticked once a day (B-12)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.process import processes
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.timers.models import Filing
from yingsheng.processes.enquiries.process import TIDY
from yingsheng.processes.enquiries.process.forms import tidy_form
from yingsheng.processes.enquiries.services.tidying import ITEMS, check_tidiness, items_of
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Empty, Result
from yingsheng.ui.submit import status_of, take_form

LAST = 14


@require_http_methods(["GET", "POST"])
@desk("enquiries.tidy")
def tidy(request: DeskRequest) -> HttpResponse:
    """Both lists, each with its form, and the checks of the last days."""
    part = request.POST.get("part", "")
    tried: tuple[str, SpecForm] | None = None
    if request.method == "POST" and part in ITEMS:
        form = _form(request, part, request.POST)
        tried = (part, form)

        def run() -> str:
            check_tidiness(actor=request.actor, at=request.now, part=part, **form.cleaned_data)
            return f"{reverse('enquiries:tidy')}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    today = timezone.localtime(request.now).date()
    filings = list(
        Filing.objects.filter(period__site=request.actor.site, period__code__in=ITEMS)
        .select_related("by", "period")
        .order_by("-at", "-pk")[:LAST]
    )
    checked = {row.period.code for row in filings if row.period.first == today}
    context = {
        "parts": [
            {
                "code": code,
                "title": _(processes.periodic(code).label),
                "done": code in checked,
                "form": tried[1] if tried and tried[0] == code else _form(request, code),
                "hidden": (("part", code),),
            }
            for code in ITEMS
        ],
        "verb": _(TIDY.verb),
        "filings": [(row, _(processes.periodic(row.period.code).label)) for row in filings],
        "empty": Empty(text=_("还没有检查过。")),
        "result": Result(text=_("已记下检查")) if request.GET.get("did") else None,
    }
    return render(request, "enquiries/tidy.html", context, status=status_of(form=tried[1] if tried else None))


def _form(request: DeskRequest, part: str, *sent: Any) -> SpecForm:
    spec = tidy_form(items=items_of(site=request.actor.site, part=part, at=request.now))
    built: Any = build_form(spec=spec, actor=request.actor)
    form: SpecForm = built(*sent, prefix=part)
    return form
