"""The library on the screen: articles, gaps, what is missing, the handbook, files, and one press beside a form."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _

from yingsheng.base.shown import OnTheLine
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.pages.beside import mark, missed
from yingsheng.processes.knowledge.pages.files import export, take_in
from yingsheng.processes.knowledge.pages.shelves import coverage, handbook, stock
from yingsheng.processes.knowledge.process import ARTICLES, GAPS, WRITE
from yingsheng.processes.knowledge.process.saying import spoken, title_of, values_for
from yingsheng.processes.knowledge.queries import list_hung_on
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

app_name = "knowledge"


def _library(request: DeskRequest) -> dict[str, Any]:
    """What else there is to do with the library, and what to do with words that found nothing."""
    links = [
        Link(label=_("还缺什么"), url=reverse("knowledge:coverage")),
        Link(label=_("打印手册"), url=reverse("knowledge:handbook", args=["script"])),
    ]
    if request.actor.may(WRITE):
        links.append(Link(label=_("知识缺口"), url=reverse("knowledge:gaps")))
        links.append(Link(label=_("导入"), url=reverse("knowledge:import")))
    if request.actor.may(Allow.EXPORT):
        links.append(Link(label=_("导出"), url=reverse("knowledge:export")))
    return {"exports": links, "looked_for": request.GET.get("q", "").strip()[:60]}


def _article(request: DeskRequest, row: Article) -> dict[str, Any]:
    """An article as it would be spoken now, what hangs on its line, and its earlier wordings."""
    values = values_for(actor=request.actor, who=OnTheLine(), at=request.now)
    hung = [(title_of(one), spoken(row=one, values=values), one) for one in list_hung_on(article=row)]
    versions = list(row.versions.select_related("by").order_by("-number"))
    return {"spoken": spoken(row=row, values=values), "hung": hung, "versions": versions[1:]}


def _gap(request: DeskRequest, row: Gap) -> dict[str, Any]:
    """From a gap to the article that shall fill it, the one that did not help, and the matter it was asked in."""
    links = []
    if row.state == Gap.State.OPEN and request.actor.may(WRITE):
        links.append(
            Link(label=_("写这一条"), url=reverse("knowledge:knowledge_new", args=[f"gap-{row.pk}"]), key="n")
        )
    for one in (row.article, row.about):
        if one is not None:
            links.append(Link(label=title_of(one), url=reverse("knowledge:knowledge_one", args=[one.pk])))
    if row.asked_in is not None:
        links.append(Link(label=row.asked_in.number, url=reverse("ui:case", args=[row.asked_in.key])))
    return {"links": links}


urlpatterns = [
    path("knowledge/missing/", coverage, name="coverage"),
    path("knowledge/stock/", stock, name="stock"),
    path("knowledge/export/", export, name="export"),
    path("knowledge/import/", take_in, name="import"),
    path("knowledge/missed/", missed, name="missed"),
    path("knowledge/handbook/<slug:code>/", handbook, name="handbook"),
    path("knowledge/<int:pk>/mark/<slug:answer>/", mark, name="mark"),
    *RecordPages(
        book=ARTICLES, namespace="knowledge", template="knowledge/article.html", more=_article, list_more=_library,
        list_template="knowledge/library.html",
    ).urls(),
    *RecordPages(book=GAPS, namespace="knowledge", more=_gap).urls(),
]  # fmt: skip
