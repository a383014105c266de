"""EmergencyChecklists to practise with and drills held, over the API (X-11)."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from ninja import Router

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import PersonOut
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.emergencies.models import Drill
from yingsheng.processes.emergencies.process.forms import DRILL
from yingsheng.processes.emergencies.process.scene import checklist, language
from yingsheng.processes.emergencies.queries import list_drills
from yingsheng.processes.emergencies.rules.kinds import load_kinds
from yingsheng.processes.emergencies.services.drilling import record_drill

MOST = 200
router = Router(tags=["emergencies"])


class EmergencyChecklistOut(Shape):
    """A kind of emergency: whom to alarm, what to say, what to do in which order."""

    kind: str
    title: str
    severity: str
    roles: list[str]
    reassure: str
    steps: list[str]


class EmergencyChecklists(Shape):
    """Every kind."""

    items: list[EmergencyChecklistOut]


class EmergencyDrillOut(Shape):
    """A drill that was held."""

    id: int
    kind: str
    held_on: date
    participants: str
    findings: str
    at: MomentOut
    by: PersonOut


class EmergencyDrills(Shape):
    """The drills of the site, newest first."""

    items: list[EmergencyDrillOut]


@router.get("/checklists", response=EmergencyChecklists, operation_id="list_emergency_checklists")
def show_checklists(request: ApiRequest) -> EmergencyChecklists:
    """The checklist of each kind in the reader's language (X-11)."""
    request.auth.demand("emergencies.see")
    return EmergencyChecklists(
        items=[
            EmergencyChecklistOut(
                kind=kind.code,
                title=kind.title.read(language()),
                severity=kind.severity,
                roles=list(kind.roles),
                reassure=kind.reassure.read(language()),
                steps=[line.text for line in checklist(kind=kind)],
            )
            for kind in load_kinds().values()
        ]
    )


@router.get("/drills", response=EmergencyDrills, operation_id="list_emergency_drills")
def show_drills(request: ApiRequest) -> EmergencyDrills:
    """The drills held (X-11)."""
    session = request.auth
    session.demand("emergencies.see")
    return EmergencyDrills(items=[_out(row) for row in list_drills(site=session.actor.site)[:MOST]])


@router.post(
    "/drills",
    response={201: EmergencyDrillOut},
    operation_id="record_emergency_drill",
    summary=DRILL.title,
    openapi_extra=body_doc(schema_from(spec=DRILL)),
)
def record(request: ApiRequest) -> HttpResponse:
    """Write down that a kind of emergency was practised (X-11)."""
    session = request.auth
    session.demand("emergencies.act")
    sent = read_body(request=request, model=schema_from(spec=DRILL))
    fields = fields_of(spec=DRILL, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = record_drill(site=session.actor.site, by=session.actor.staff, at=session.now, **fields)
        return Reply(status=201, body=_out(made))

    return accept(request=request, run=run)


def _out(row: Drill) -> EmergencyDrillOut:
    return EmergencyDrillOut(
        id=row.pk,
        kind=row.kind,
        held_on=row.held_on,
        participants=row.participants,
        findings=row.findings,
        at=row.at,
        by=PersonOut(username=row.by.username, name=row.by.name),
    )
