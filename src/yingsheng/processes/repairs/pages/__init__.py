"""报修 on the screen: worklist, the morning look, the month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.repairs.pages import month, review
from yingsheng.processes.repairs.process import words as w
from yingsheng.processes.repairs.rules.words import emergency_word, guess_kind, guess_trade
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.worklists import process_list

TITLE = 120


def repair_list(request: HttpRequest) -> HttpResponse:
    """The worklist of repairs."""
    return process_list(request, code="repairs", permission="repairs.see")


@require_GET
@desk("repairs.register")
def guess(request: DeskRequest) -> HttpResponse:
    """What the words typed so far sound like, for the questions that nobody answered yet (R-20, R-21, R-22)."""
    text = request.GET.get("title", "")[:TITLE]
    urgent = str(figure(path="R-22.words", site=request.actor.site, at=request.now) or "")
    likely = [
        _(dict(words)[found])
        for name, words, found in (
            ("kind", w.KINDS, guess_kind(text=text)),
            ("trade", w.TRADES, guess_trade(text=text)),
        )
        if text.strip() and not request.GET.get(name) and found != "other"
    ]
    context = {"likely": likely, "word": emergency_word(text=text, words=urgent)}
    return render(request, "repairs/guess.html", context)


urlpatterns = [
    path("repairs/guess/", guess, name="guess"),
    path("repairs/", repair_list, name="list"),
    path("repairs/morning/", review.review, name="review"),
    path("repairs/month/", month.month, name="month"),
    path("repairs/month/export/", month.month_export, name="month_export"),
]
