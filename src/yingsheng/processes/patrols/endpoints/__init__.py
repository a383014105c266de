"""Patrols over the API: the registers, how far the visits have come, arranging them, the standards."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Router

from yingsheng.api.fields import Shape
from yingsheng.api.records import record_router
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.patrols.process import BOOKS, STANDARDS
from yingsheng.processes.patrols.process.books import ARRANGE, SEE
from yingsheng.processes.patrols.process.forms import ARRANGE as ARRANGE_FORM
from yingsheng.processes.patrols.queries.inspecting import figures_of
from yingsheng.processes.patrols.queries.visiting import coverage_by_area
from yingsheng.processes.patrols.rules.standards import load_library
from yingsheng.processes.patrols.services.visiting import arrange_visits

router = Router(tags=["patrols"])


class VisitCoverageOut(Shape):
    """How far the round of an area has come; paces in hundredths of a household a working day (G-08)."""

    area: str
    homes: int
    visited: int
    percent: int
    days_left: int
    needed_pace: int
    pace: int
    is_behind: bool


class VisitCoverages(Shape):
    """Every area, those behind first."""

    items: list[VisitCoverageOut]


class ArrangedVisit(Shape):
    """A home on somebody's list."""

    id: int
    room: str
    day: date


class ArrangedVisits(Shape):
    """What was put on the list."""

    items: list[ArrangedVisit]


class StandardItemOut(Shape):
    """One item of the standards, with the figures of the site in its words."""

    code: str
    rule: str
    text: str


class StandardSectionOut(Shape):
    """Some items of a chapter under a heading."""

    code: str
    chapter: str
    title: str
    items: list[StandardItemOut]


class Standards(Shape):
    """The standards library (W-33)."""

    items: list[StandardSectionOut]


@router.get("/visit-coverage", response=VisitCoverages, operation_id="show_visit_coverage")
def show_coverage(request: ApiRequest) -> VisitCoverages:
    """Visited over all and the pace that the rest of the round asks for, by area (G-08)."""
    session = request.auth
    session.demand(SEE)
    return VisitCoverages(
        items=[
            VisitCoverageOut(
                area=one.name,
                homes=one.coverage.homes,
                visited=one.coverage.visited,
                percent=one.coverage.percent,
                days_left=one.coverage.days_left,
                needed_pace=one.coverage.needed_pace,
                pace=one.coverage.pace,
                is_behind=one.coverage.is_behind,
            )
            for one in coverage_by_area(site=session.actor.site, at=session.now)
        ]
    )


@router.post(
    "/visit-arrangements",
    response={201: ArrangedVisits},
    operation_id="arrange_household_visits",
    summary=ARRANGE_FORM.title,
    openapi_extra=body_doc(schema_from(spec=ARRANGE_FORM)),
)
def arrange(request: ApiRequest) -> HttpResponse:
    """Put the homes that wait longest on somebody's list of a day (G-03, G-04)."""
    session = request.auth
    session.demand(ARRANGE)
    sent = read_body(request=request, model=schema_from(spec=ARRANGE_FORM))
    fields = fields_of(spec=ARRANGE_FORM, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = arrange_visits(actor=session.actor, at=session.now, **fields)
        items = [ArrangedVisit(id=one.pk, room=one.household.room.label, day=one.day) for one in made]
        return Reply(status=201, body=ArrangedVisits(items=items))

    return accept(request=request, run=run)


@router.get("/standards", response=Standards, operation_id="list_standards")
def show_standards(request: ApiRequest) -> Standards:
    """The standards of service, dress and conduct in the reader's language (W-33)."""
    session = request.auth
    session.demand(STANDARDS)
    language = get_language() or "zh-hans"
    library, figures = (
        load_library(),
        figures_of(site=session.actor.site, at=session.now, language=language),
    )
    return Standards(
        items=[
            StandardSectionOut(
                code=section.code,
                chapter=library.chapters[section.chapter]["en" if language.startswith("en") else "zh"],
                title=section.title(language=language),
                items=[
                    StandardItemOut(
                        code=item.code, rule=item.rule, text=item.read(language=language, figures=figures)
                    )
                    for item in section.items
                    if item.applies(figures=figures)
                ],
            )
            for section in library.sections
        ]
    )


for _book in BOOKS:
    router.add_router("", record_router(book=_book))
