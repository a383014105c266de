"""Group complaints over the API: which seem to be one matter, merging them, and what was merged."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from yingsheng.api.cases import case_or_404, cases_of_ids, readable, reload_line
from yingsheng.api.fields import Shape, text_of
from yingsheng.api.problems import ApiProblem, Mistake, not_found
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLine, line_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.processes.complaints.services.grouping import merge_group, suspected_group

MOST_MEMBERS = 200
CaseKey: Any = text_of(limit=16, required=True)

router = Router(tags=["complaints"])


class GroupIn(Body):
    """The complaints to be handled as one."""

    keys: Annotated[
        list[CaseKey],
        Field(min_length=2, max_length=MOST_MEMBERS),
    ]
    title: text_of(limit=120) = ""  # type: ignore[valid-type]


class Suspects(Shape):
    """The open complaints that look like one matter with this one; empty below the threshold of C-28."""

    items: list[CaseLine]


@router.post(
    "/complaints/groups",
    response={201: CaseLine},
    operation_id="merge_complaints",
    openapi_extra=body_doc(GroupIn),
)
def merge(request: ApiRequest) -> HttpResponse:
    """Make one group complaint of several (C-28, X-05); answers with the parent."""
    session = request.auth
    session.demand("complaints.group")
    sent = read_body(request=request, model=GroupIn)
    cases = _members(session=session, keys=sent.keys)

    def run() -> Reply:
        parent = merge_group(cases=cases, title=sent.title, by=session.actor.staff, at=session.now)
        return Reply(status=201, body=reload_line(case=parent, session=session))

    return accept(request=request, run=run)


@router.get("/complaints/{key}/group-suspects", response=Suspects, operation_id="list_group_suspects")
def list_suspects(request: ApiRequest, key: str) -> Suspects:
    """The open complaints that with this one make a group complaint (C-28, X-08)."""
    session = request.auth
    case = case_or_404(session=session, key=key)
    if case.process != "complaints":
        raise not_found()
    ids = suspected_group(case=case, at=session.now)
    return Suspects(
        items=[line_of(case=one, now=session.now) for one in cases_of_ids(session=session, ids=ids)]
    )


@router.get("/complaints/{key}/members", response=Suspects, operation_id="list_group_members")
def list_members(request: ApiRequest, key: str) -> Suspects:
    """The complaints merged into this group complaint, newest first; empty for one that is no group."""
    session = request.auth
    case = case_or_404(session=session, key=key)
    if case.process != "complaints":
        raise not_found()
    ids = Case.objects.filter(group=case).values_list("pk", flat=True)
    return Suspects(
        items=[line_of(case=one, now=session.now) for one in cases_of_ids(session=session, ids=ids)]
    )


def _members(*, session: Session, keys: list[str]) -> list[Case]:
    """The complaints of these keys, in the order given; ApiProblem names every key that is none."""
    wanted = list(dict.fromkeys(keys))
    rows = readable(session=session).filter(process="complaints", key__in=wanted)
    found = {case.key: case for case in rows}
    missing = [
        Mistake(field=f"keys.{place}", code="unknown", text=N("没有这条投诉，或者您不能查看"))
        for place, key in enumerate(keys)
        if key not in found
    ]
    if missing:
        raise ApiProblem(
            status=422, code="unknown", text=missing[0].text, field=missing[0].field, mistakes=missing
        )
    return [found[key] for key in wanted]
