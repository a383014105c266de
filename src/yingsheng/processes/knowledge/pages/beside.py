"""One press beside a form that is being filled: it helped, it did not, there was nothing (W-34, W-26)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingsheng.base.refusal import Refused
from yingsheng.processes.knowledge.queries import find_article
from yingsheng.processes.knowledge.services.gaps import note_gap
from yingsheng.processes.knowledge.services.uses import mark_helped, mark_unhelpful
from yingsheng.ui.desk import DeskRequest, desk

MARKS = {"yes": mark_helped, "no": mark_unhelpful}


@require_POST
@desk("knowledge.see")
def mark(request: DeskRequest, pk: int, answer: str) -> HttpResponse:
    """Whether a text helped; without scripts the article opens, so that the form that is being filled stays."""
    run = MARKS.get(answer)
    record = find_article(actor=request.actor, pk=pk)
    if run is None or record is None:
        raise Http404
    run(actor=request.actor, record=record, at=request.now, words=request.POST.get("words", "").strip()[:120])
    if "HX-Request" in request.headers:
        said = _("已记下，有帮助。") if answer == "yes" else _("已记入缺口，会有人来改。")
        return render(request, "knowledge/noted.html", {"said": said})
    did = "helped" if answer == "yes" else "not_helped"
    return HttpResponseRedirect(f"{reverse('knowledge:knowledge_one', args=[pk])}?did={did}", status=303)


@require_POST
@desk("knowledge.see")
def missed(request: DeskRequest) -> HttpResponse:
    """Words for which there was nothing; the same words are counted together."""
    try:
        row = note_gap(actor=request.actor, at=request.now, words=request.POST.get("words", ""))
    except Refused as refusal:
        return render(request, "knowledge/noted.html", {"said": _(refusal.text)}, status=422)
    if "HX-Request" in request.headers:
        return render(request, "knowledge/noted.html", {"said": _("已记入缺口，会有人来写。")})
    return HttpResponseRedirect(f"{reverse('knowledge:gaps_one', args=[row.pk])}?did=new", status=303)
