"""Spot checks of the records and visits to complainants (C-76, C-77)."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.forms.submissions import Answer, once
from yingsheng.processes.complaints.services.checks import record_spot_check, spot_check_figures
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.submit import content_mark


class SpotCheckForm(forms.Form):
    """A check of the records or a talk with a complainant."""

    kind = forms.ChoiceField(
        label=gettext_lazy("查什么"),
        choices=[("records", gettext_lazy("记录抽查")), ("complainant", gettext_lazy("走访投诉人"))],
    )
    number = forms.CharField(label=gettext_lazy("投诉编号"), max_length=40, required=False)
    found_count = forms.IntegerField(
        label=gettext_lazy("走访中听到的投诉件数"), min_value=0, max_value=999, initial=0
    )
    recorded_count = forms.IntegerField(
        label=gettext_lazy("其中已有记录的件数"), min_value=0, max_value=999, initial=0
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("对结果"), required=False,
        choices=[("", gettext_lazy("未问")), ("yes", gettext_lazy("满意")), ("no", gettext_lazy("不满意"))],
    )  # fmt: skip
    finding = forms.CharField(
        label=gettext_lazy("发现"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@desk("complaints.spot_check")
def spot_checks(request: DeskRequest) -> HttpResponse:
    """Spot checks of the records and visits to complainants (C-76, C-77), with this month's counts."""
    form = SpotCheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        number = values.pop("number").strip()
        complaints = visible_cases(actor=request.actor).filter(process="complaints")
        case = complaints.filter(number__iexact=number).first() if number else None

        def run() -> Answer:
            if number and case is None:
                raise Refused(N("没有这个投诉编号"), field="number")
            record_spot_check(
                site=request.actor.site, by=request.actor.staff, at=request.now, case=case,
                satisfied={"yes": True, "no": False}.get(values.pop("satisfied")), **values,
            )  # fmt: skip
            return Answer(status=303, body={})

        try:
            once(
                scope=f"page:{request.actor.site.pk}:{request.actor.staff.pk}:{request.path}",
                key=request.POST.get("form_key", "")[:200],
                mark=content_mark(request=request),
                at=request.now,
                run=run,
            )
        except Refused as error:
            form.add_error(error.field or None, words_of(error))
        else:
            return HttpResponseRedirect(f"{reverse('complaints:spot_checks')}?did=1", status=303)
    checks, targets = spot_check_figures(site=request.actor.site, now=request.now)
    context = {
        "form": form, "checks": checks, "targets": targets,
        "result": {"text": _("已记录"), "tone": "met"} if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "complaints/spot_checks.html", context, status=422 if form.errors else 200)
