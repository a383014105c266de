"""The registers on the screen; a finding and an opinion lead to the desk's forms, which begin with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yingsheng.base.process import processes
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.patrols.models import Finding, Patrol, Report, Route, Visit
from yingsheng.processes.patrols.process import BOOKS
from yingsheng.processes.patrols.process.books import FINDINGS, PATROLS, REPORTS, ROUTES, WALK
from yingsheng.processes.patrols.process.forms import inspection_form
from yingsheng.processes.patrols.process.more_books import DIARY, INSPECTIONS, VISITS
from yingsheng.processes.patrols.queries.inspecting import not_inspected
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

SPACE = "patrols"


def raise_links(request: DeskRequest, *, key: str, **caller: str) -> list[Link]:
    """From something found to the desk's forms of whatever it may become (G-02, G-04)."""
    if not (request.actor.may(WALK) and request.actor.may("enquiries.register")):
        return []
    words = {"repairs": _("转报修"), "complaints": _("转投诉"), "enquiries": _("转建议")}
    return [
        Link(
            label=words[code],
            url=f"{reverse('enquiries:reception')}?{urlencode({'start': code, 'raised': f'{SPACE}:{key}', **caller})}",
        )
        for code in words
        if code in processes and request.actor.may(processes.get(code).intake_permission)
    ]


def files_of(row: Any, kind: str) -> list[Link]:
    """The photos kept with a finding or a walk."""
    return [
        Link(label=one.name, url=reverse("patrols:file", args=[kind, row.pk, one.key]))
        for one in list_attachments(subject=row)
    ]


def case_links(request: DeskRequest, row: Any) -> list[Link]:
    """To the matter that something became."""
    return [Link(label=row.case.number, url=reverse("ui:case", args=[row.case.key]))] if row.case else []


def _route(request: DeskRequest, row: Route) -> dict[str, Any]:
    links = [Link(label=_("打印标牌"), url=reverse("patrols:posters", args=[row.pk]))]
    if request.actor.may(WALK) and row.state == Route.State.ACTIVE:
        links.append(Link(label=_("去巡视"), url=reverse("patrols:phone_route", args=[row.pk])))
    return {"links": links}


def _patrol(request: DeskRequest, row: Patrol) -> dict[str, Any]:
    links = [
        Link(label=str(one.text[:20]), url=reverse("patrols:patrol_findings_one", args=[one.pk]))
        for one in row.findings.all()
    ]
    if row.staff_id == request.actor.staff.pk and row.state == Patrol.State.WALKING:
        links.append(Link(label=_("手机上巡视"), url=reverse("patrols:phone_route", args=[row.route_id])))
    return {"links": links, "files": files_of(row, "patrol")}


def _finding(request: DeskRequest, row: Finding) -> dict[str, Any]:
    links = case_links(request, row)
    if row.state == Finding.State.OPEN:
        links += raise_links(
            request,
            key=f"f{row.pk}",
            stranger="1",
            caller_name=row.found_by.name,
            caller_phone=request.actor.site.duty_phone,
        )
    return {"links": links, "files": files_of(row, "finding")}


def _report(_request: DeskRequest, row: Report) -> dict[str, Any]:
    return {"links": [Link(label=_("打印"), url=reverse("patrols:report_sheet", args=[row.pk]))]}


def _visit(request: DeskRequest, row: Visit) -> dict[str, Any]:
    links = case_links(request, row)
    if row.state == Visit.State.MET and row.opinions and row.case is None:
        links += raise_links(request, key=f"v{row.pk}", household=str(row.household_id))
    links.append(Link(label=_("打印"), url=reverse("patrols:visit_sheet", args=[row.pk])))
    return {"links": links}


def _visit_list(request: DeskRequest) -> dict[str, Any]:
    links = [
        Link(label=_("走访进度"), url=reverse("patrols:coverage")),
        Link(label=_("当天巡访记录表"), url=reverse("patrols:round_sheet")),
    ]
    if request.actor.may("patrols.arrange"):
        links.insert(0, Link(label=_("安排走访"), url=reverse("patrols:arrange")))
    return {"exports": links}


def _diary_list(_request: DeskRequest) -> dict[str, Any]:
    return {"exports": [Link(label=_("打印当天日记"), url=reverse("patrols:diary_sheet"))]}


class InspectionPages(RecordPages):
    """The inspections; the form asks in the figures of the site, and says who was not looked at today."""

    def listing(self, request: DeskRequest) -> HttpResponse:
        """The register with the form as it applies here."""
        return self._fresh(request).plain_listing(request)

    def fresh(self, request: DeskRequest, asked: str) -> HttpResponse:
        """The same with the form open for somebody."""
        return self._fresh(request).plain_fresh(request, asked)

    def plain_listing(self, request: DeskRequest) -> HttpResponse:
        """The register as every other."""
        return super().listing(request)

    def plain_fresh(self, request: DeskRequest, asked: str) -> HttpResponse:
        """The register with its form open, as every other."""
        return super().fresh(request, asked)

    def _fresh(self, request: DeskRequest) -> InspectionPages:
        form = inspection_form(site=request.actor.site, at=request.now)
        book = replace(self.book, create=form, start=lambda **told: _asked(**told))
        return InspectionPages(book=book, namespace=self.namespace, more=self.more, list_more=self.list_more)


def _asked(*, actor: Any, asked: str, at: Any) -> dict[str, Any]:
    return {"staff": int(asked)} if asked.isdigit() and len(asked) < 10 else {}


def _not_yet(request: DeskRequest) -> dict[str, Any]:
    rows = not_inspected(actor=request.actor, day=local_day(at=request.now))
    return {
        "starts": [
            Link(label=row.name, url=f"{reverse('patrols:inspections_new', args=[row.pk])}#new")
            for row in rows
        ],
        "exports": [Link(label=_("服务标准"), url=reverse("patrols:standards"))],
    }


ALL = (
    RecordPages(book=ROUTES, namespace=SPACE, more=_route),
    RecordPages(book=PATROLS, namespace=SPACE, more=_patrol),
    RecordPages(book=FINDINGS, namespace=SPACE, more=_finding),
    RecordPages(book=REPORTS, namespace=SPACE, more=_report),
    RecordPages(book=VISITS, namespace=SPACE, more=_visit, list_more=_visit_list),
    InspectionPages(book=INSPECTIONS, namespace=SPACE, list_more=_not_yet),
    RecordPages(book=DIARY, namespace=SPACE, list_more=_diary_list),
)
assert [pages.book for pages in ALL] == list(BOOKS)
