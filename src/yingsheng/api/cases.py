"""Cases of every process: lists, one case, its story, its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import MomentIn, Shape
from yingsheng.api.paging import PageQuery, page_by_number, page_earliest, page_newest, read_cursor
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import UNKNOWN_ROOM, Body, fields_of, room_by_words, schema_from
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import (
    CaseLine,
    CaseOut,
    CasePage,
    EventPage,
    clock_of,
    event_of,
    fact_of,
    for_lines,
    line_of,
    line_values,
    link_of,
    person_out,
    step_of,
    subject_record,
    told_of,
)
from yingsheng.api.words import process_of
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.base.process import Process, Step, processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import (
    SUBJECT,
    apply_view,
    find_case,
    next_steps,
    visible_cases,
)
from yingsheng.kernel.cases.services import check_version
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.notify.queries import list_told
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.search.queries import find_ids
from yingsheng.kernel.timers.queries import list_obligations

SEARCH_DEPTH = 200  # hits of a search that the other filters are laid over
CODE = r"^[a-z0-9_]*$"
DUE_FIRST = frozenset({"open", "mine", "department", "unclaimed", "overdue"})
View = Literal["open", "mine", "department", "unclaimed", "overdue", "closed", "all"]


class CaseFilters(PageQuery):
    """Which cases. Open views are in due order, the others newest first."""

    view: View = Field("open", description="a worklist; `all` for the whole register")
    process: str = Field("", max_length=20, pattern=CODE)
    state: str = Field("", max_length=20, pattern=CODE)
    category: str = Field("", max_length=20, pattern=CODE)
    severity: str = Field("", max_length=10, pattern=CODE)
    received_from: MomentIn | None = None
    received_to: MomentIn | None = Field(None, description="up to before this moment")
    room: str = Field("", max_length=60, description="3-2-1802, 3栋2单元1802 …")
    q: str = Field(
        "", max_length=100, description=f"words, name, number, room; looks at the {SEARCH_DEPTH} newest hits"
    )


class StepTaken(Shape):
    """The case after a step; `successor` is the new case that the step opened, if it did."""

    case: CaseLine
    successor: CaseLine | None


def list_cases(request: ApiRequest, filters: Query[CaseFilters]) -> HttpResponse:
    """Cases the token's holder may know of, filtered, a page at a time."""
    session = request.auth
    rows = readable(session=session)
    if filters.process:
        if filters.process not in processes:
            raise unknown(field="process", text=N("没有这种业务"))
        session.demand(f"{filters.process}.see")
    rows = _narrow(rows=rows, filters=filters, session=session)
    rows = apply_view(rows=for_lines(rows=rows), view=filters.view, actor=session.actor, now=session.now)
    if filters.view in DUE_FIRST:
        found, following = page_earliest(rows=rows, field="next_due_at", query=filters)
    else:
        found, following = page_newest(rows=rows, field="received_at", query=filters)
    return page_response(
        page=CasePage(items=[line_of(case=case, now=session.now) for case in found], next=following)
    )


def show_case(request: ApiRequest, key: str) -> CaseOut:
    """One case: facts, clocks with rule and clause, the steps that may be done now, its version."""
    session = request.auth
    case = case_or_404(session=session, key=key)
    process = process_of(case=case)
    facts: list[tuple[str, Any]] = []
    steps = []
    try:
        subject = subject_record(case=case)
        if process is not None and subject is not None:
            steps = next_steps(case=case, subject=subject, actor=session.actor)
            facts = process.describe(case) if process.describe is not None else []
    except ObjectDoesNotExist:
        pass  # brought over from another system: it can be read, there is nothing more to say or do
    return CaseOut(
        **line_values(case=case, now=session.now),
        body=case.body,
        received_by=person_out(staff=case.received_by),
        group=link_of(case=case.group),
        origin=link_of(case=case.origin),
        facts=[fact_of(label=label, value=value) for label, value in facts],
        clocks=[clock_of(row=row, now=session.now) for row in list_obligations(subject=case)],
        steps=[step_of(offered=offered) for offered in steps],
        told=[told_of(message=message) for message in list_told(subject=case)],
    )


def show_story(request: ApiRequest, key: str, page: Query[PageQuery]) -> EventPage:
    """What happened to a case, newest first."""
    case = case_or_404(session=request.auth, key=key)
    rows = list_events(subject=case)
    place = read_cursor(text=page.cursor)
    if place is not None:
        rows = rows.filter(seq__lt=place.id)
    found, following = page_by_number(
        rows=list(rows[: page.limit + 1]), number=lambda event: int(event.seq), limit=page.limit
    )
    return EventPage(items=[event_of(event=event, case=case) for event in found], next=following)


def readable(*, session: Session) -> QuerySet[Case]:
    """The visible cases of the processes whose cases the token may read; Forbidden if there is none."""
    living = [process.code for process in processes if process.states]
    allowed = [code for code in living if session.may_see(code)]
    if not allowed:
        raise Forbidden(permission="complaints.see")
    rows = visible_cases(actor=session.actor)
    # without the filter where it would say nothing: the index over all processes then serves the list
    return rows if len(allowed) == len(living) else rows.filter(process__in=allowed)


def case_or_404(*, session: Session, key: str) -> Case:
    """The case of this key, if the token may know of it."""
    case = find_case(actor=session.actor, key=key)
    if case is None or not session.may_see(case.process):
        raise not_found()
    return case


def cases_of_ids(*, session: Session, ids: Iterable[int]) -> list[Case]:
    """The readable cases among these ids, newest first, with what a line shows."""
    return list(
        for_lines(rows=readable(session=session).filter(pk__in=list(ids))).order_by("-received_at", "-pk")
    )


def reload_line(*, case: Case, session: Session) -> CaseLine:
    """A case as it stands now; also for somebody who just handed it to where he no longer sees it."""
    return line_of(case=for_lines(rows=Case.objects.filter(pk=case.pk)).get(), now=session.now)


def _narrow(*, rows: QuerySet[Case], filters: CaseFilters, session: Session) -> QuerySet[Case]:
    site = session.actor.site
    for name in ("process", "state", "category", "severity"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.received_from is not None:
        rows = rows.filter(received_at__gte=filters.received_from)
    if filters.received_to is not None:
        rows = rows.filter(received_at__lt=filters.received_to)
    if filters.room:
        room = room_by_words(site=site, text=filters.room)
        if room is None:
            raise unknown(field="room", text=UNKNOWN_ROOM)
        rows = rows.filter(room=room)
    if filters.q:
        ids = find_ids(site_id=site.pk, subject_type=SUBJECT, query=filters.q, limit=SEARCH_DEPTH)
        rows = rows.filter(pk__in=ids)
    return rows


def step_model(*, step: Step) -> type[Body]:
    """The body of a step: its form and the version of the case that the decision was made on."""
    seen = Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]
    return schema_from(spec=step.form, extra=(("seen", seen),))


def take_step(request: ApiRequest, *, key: str, code: str) -> HttpResponse:
    """Do a step: 404 unless the case is visible and knows it, 403 without its permission, then its form."""
    session = request.auth
    case = case_or_404(session=session, key=key)
    process = process_of(case=case)
    step = next((one for one in process.steps if one.code == code), None) if process is not None else None
    if process is None or step is None:
        raise not_found()
    session.demand(step.permission)
    sent = read_body(request=request, model=step_model(step=step))
    fields = fields_of(spec=step.form, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009

    def run() -> Reply:
        check_version(case=case, seen=seen)
        _check_blocked(process=process, step=step, case=case)
        result = step.run(actor=session.actor, case=case, at=session.now, seen=seen, **fields)
        other = result if isinstance(result, Case) and result.pk != case.pk else None
        return Reply(
            body=StepTaken(
                case=reload_line(case=case, session=session),
                successor=reload_line(case=other, session=session) if other is not None else None,
            )
        )

    return accept(request=request, run=run)


def _check_blocked(*, process: Process, step: Step, case: Case) -> None:
    """Refused when a rule forbids the step; an illegal one is left to the service, which says so better."""
    if step.blocked is None or case.state not in step.sources:
        return
    try:
        reason = step.blocked(subject_record(case=case))
    except ObjectDoesNotExist as error:
        raise Refused(N("这是从别的系统导入的事项，只能查看"), code="imported") from error
    if reason is not None:
        raise Refused(reason[0], code="blocked", rule=reason[1])


def case_router() -> Router:
    """The operations on cases; one operation per step code, so that each has its own schema."""
    router = Router(tags=["cases"])
    router.get("/cases", response=CasePage, operation_id="list_cases")(list_cases)
    router.get("/cases/{key}", response=CaseOut, operation_id="show_case")(show_case)
    router.get("/cases/{key}/events", response=EventPage, operation_id="show_story")(show_story)
    steps: dict[str, list[Step]] = {}
    for process in processes:
        for step in process.steps:
            steps.setdefault(step.code, []).append(step)
    for code, alike in steps.items():
        _add_step(router=router, code=code, alike=alike)
    return router


def _add_step(*, router: Router, code: str, alike: list[Step]) -> None:
    def step(request: ApiRequest, key: str) -> HttpResponse:
        return take_step(request, key=key, code=code)

    rules = sorted({rule for one in alike for rule in one.rules})
    router.post(
        f"/cases/{{key}}/steps/{code}",
        response=StepTaken,
        operation_id=f"step_{code}",
        summary=alike[0].label,
        description=f"Permission: {', '.join(sorted({one.permission for one in alike}))}. Rules: {', '.join(rules)}.",
        openapi_extra=body_doc(*(step_model(step=one) for one in alike)),
    )(step)
