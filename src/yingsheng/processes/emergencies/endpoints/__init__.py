"""Emergencies over the API: what hangs on one, its callers, drills, checklists, the figures of a month."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from yingsheng.api.fields import MomentOut, Shape, text_of
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLink, PersonOut, RoomOut, link_of, person_out, room_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.processes.emergencies.endpoints.drills import router as drill_router
from yingsheng.processes.emergencies.endpoints.figures import router as figure_router
from yingsheng.processes.emergencies.models import Affected
from yingsheng.processes.emergencies.process.scene import language, scene_of
from yingsheng.processes.emergencies.queries import find_emergency, household_at, list_affected
from yingsheng.processes.emergencies.services.intake import add_household

router = Router(tags=["emergencies"])
router.add_router("", drill_router)
router.add_router("", figure_router)


class EmergencyCheckOut(Shape):
    """A line of the checklist, and its tick."""

    number: int
    text: str
    ticked_at: MomentOut | None
    ticked_by: PersonOut | None
    note: str


class EmergencyAlarmedOut(Shape):
    """Somebody who was told, under which post, and when he took it."""

    staff: PersonOut
    role: str
    rule: str
    told_at: MomentOut
    acknowledged_at: MomentOut | None


class EmergencyOutsideOut(Shape):
    """Help called in from outside."""

    body: str
    body_label: str
    answered: str
    note: str
    at: MomentOut


class EmergencyCallerOut(Shape):
    """A household that called, and when it was called back."""

    household: int
    room: RoomOut | None
    caller_name: str
    note: str
    at: MomentOut
    told_by: PersonOut
    called_back_at: MomentOut | None
    called_back_by: PersonOut | None


class EmergencyOut(Shape):
    """An emergency with everything that hangs on it; its story and steps stand with the case."""

    case: CaseLink
    kind: str
    kind_label: str
    place: str
    state: str
    version: int
    received_at: MomentOut
    acknowledged_at: MomentOut | None
    acknowledged_by: PersonOut | None
    eta_at: MomentOut | None
    arrived_at: MomentOut | None
    reassured_at: MomentOut | None
    harm_stopped_at: MomentOut | None
    reported_at: MomentOut | None
    signed_at: MomentOut | None
    reassure: str
    checklist: list[EmergencyCheckOut]
    alarmed: list[EmergencyAlarmedOut]
    outside: list[EmergencyOutsideOut]
    callers: list[EmergencyCallerOut]


class EmergencyCallerIn(Body):
    """Another household that called: the room as people say it."""

    room: text_of(limit=40, required=True)  # type: ignore[valid-type]
    caller_name: text_of(limit=60) = ""  # type: ignore[valid-type]
    note: text_of(limit=200) = ""  # type: ignore[valid-type]


@router.get("/case/{key}", response=EmergencyOut, operation_id="show_emergency")
def show(request: ApiRequest, key: str) -> EmergencyOut:
    """One emergency: checklist with ticks, who knows, who was called in, which households called (X-02, X-03)."""
    session = request.auth
    session.demand("emergencies.see")
    return _out(_find(session, key))


@router.post(
    "/case/{key}/callers",
    response={201: EmergencyCallerOut},
    operation_id="add_emergency_caller",
    openapi_extra=body_doc(EmergencyCallerIn),
)
def add_caller(request: ApiRequest, key: str) -> HttpResponse:
    """Put another household on the list of callers; it is told that the matter is known (X-03)."""
    session = request.auth
    session.demand("emergencies.see")
    case = _find(session, key)
    session.demand("emergencies.register")
    sent = read_body(request=request, model=EmergencyCallerIn)
    household = household_at(site=session.actor.site, text=sent.room)
    if household is None:
        raise unknown(field="room", text=N("没有这个房号，或这里没有住户"))

    def run() -> Reply:
        row = add_household(
            case=case,
            household=household,
            by=session.actor.staff,
            at=session.now,
            caller_name=sent.caller_name,
            note=sent.note,
        )
        return Reply(status=201, body=_caller(list_affected(case=case).get(pk=row.pk)))

    return accept(request=request, run=run)


def _find(session: Session, key: str) -> Case:
    case = find_emergency(actor=session.actor, key=key)
    if case is None:
        raise not_found()
    return case


def _out(case: Case) -> EmergencyOut:
    scene = scene_of(case)
    emergency = scene.emergency
    link = link_of(case=case)
    assert link is not None
    return EmergencyOut(
        case=link,
        kind=emergency.kind,
        kind_label=scene.kind.title.read(language()),
        place=emergency.place,
        state=case.state,
        version=case.version,
        received_at=case.received_at,
        acknowledged_at=emergency.acknowledged_at,
        acknowledged_by=person_out(staff=emergency.acknowledged_by),
        eta_at=emergency.eta_at,
        arrived_at=emergency.arrived_at,
        reassured_at=emergency.reassured_at,
        harm_stopped_at=emergency.harm_stopped_at,
        reported_at=emergency.reported_at,
        signed_at=emergency.signed_at,
        reassure=scene.kind.reassure.read(language()),
        checklist=[
            EmergencyCheckOut(
                number=line.number,
                text=line.text,
                ticked_at=line.tick.at if line.tick else None,
                ticked_by=person_out(staff=line.tick.by) if line.tick else None,
                note=line.tick.note if line.tick else "",
            )
            for line in scene.lines
        ],
        alarmed=[
            EmergencyAlarmedOut(
                staff=PersonOut(username=row.staff.username, name=row.staff.name),
                role=row.role,
                rule=row.rule,
                told_at=row.told_at,
                acknowledged_at=row.acknowledged_at,
            )
            for row in scene.alarmed
        ],
        outside=[
            EmergencyOutsideOut(
                body=row.body,
                body_label=str(_(row.get_body_display())),
                answered=row.answered,
                note=row.note,
                at=row.at,
            )
            for row in scene.outside
        ],
        callers=[_caller(row) for row in scene.affected],
    )


def _caller(row: Affected) -> EmergencyCallerOut:
    return EmergencyCallerOut(
        household=row.household_id,
        room=room_out(room=row.household.room),
        caller_name=row.caller_name,
        note=row.note,
        at=row.at,
        told_by=PersonOut(username=row.told_by.username, name=row.told_by.name),
        called_back_at=row.called_back_at,
        called_back_by=person_out(staff=row.called_back_by),
    )
