"""管理员来取: the area clerk is told of what came at the hour of the regulation, and signs for it (M-05)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.refusal import Refused
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.forms.build import SpecForm, build_form, words_of
from yingsheng.processes.mail.process.books import TAKE_IN
from yingsheng.processes.mail.process.forms import KINDS, ROUND
from yingsheng.processes.mail.queries.items import area_hours, at_the_desk
from yingsheng.processes.mail.services.handing import hand_to_area
from yingsheng.processes.mail.services.telling import place_of, tell_area
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Empty, Result, ResultRow
from yingsheng.ui.submit import status_of

MOST = 100
HAND = "hand"


@require_http_methods(["GET", "POST"])
@desk(TAKE_IN)
def area(request: DeskRequest) -> HttpResponse:
    """What lies at the desk; the ticked ones are told of or signed for, each by itself."""
    form: SpecForm = build_form(spec=ROUND, actor=request.actor)(request.POST or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = _do(request, form.cleaned_data)
        form = build_form(spec=ROUND, actor=request.actor)(
            initial={"officer": request.POST.get("officer", "")}
        )
    kinds, waiting = dict(KINDS), list(at_the_desk(site=request.actor.site)[:MOST])
    hours = area_hours(site=request.actor.site, at=request.now)
    context = {
        "form": form, "verb": _(ROUND.verb), "result": result, "hours": hours,
        "lines": [(one, place_of(item=one, row=one.mail), _(kinds[one.mail.kind])) for one in waiting],
        "empty": Empty(text=_("柜里没有等管理员来取的邮件。"), sign="circle-check"),
    }  # fmt: skip
    tried = form if request.method == "POST" else None
    return render(request, "mail/area.html", context, status=status_of(form=tried))


def _do(request: DeskRequest, given: dict[str, Any]) -> Result:
    """Each ticked item by itself; one that is refused does not stop the others."""
    wanted = [
        pk for one in request.POST.getlist("chosen")[:MOST] if (pk := whole_number(text=one)) is not None
    ]
    chosen = list(at_the_desk(site=request.actor.site).filter(pk__in=wanted))
    if not chosen:
        return Result(text=_("请先勾选邮件"), tone="late")
    rows = [_one(request, item, given) for item in chosen]
    late = any(row.tone == "late" for row in rows)
    return Result(text=_(ROUND.title), tone="late" if late else "met", rows=rows)


def _one(request: DeskRequest, item: Item, given: dict[str, Any]) -> ResultRow:
    label = f"{item.number} {place_of(item=item, row=item.mail)}"
    try:
        if given["act"] == HAND:
            hand_to_area(
                actor=request.actor, record=item, at=request.now, officer=given["officer"],
                signature=given["signature"],
            )  # fmt: skip
        else:
            tell_area(actor=request.actor, record=item, at=request.now, officer=given["officer"])
    except Refused as refusal:
        return ResultRow(text=f"{label}：{words_of(refusal)}", word=_("没有办"), tone="late")
    return ResultRow(text=f"{label} → {given['officer'].name}", word=_("已办"), tone="met")
