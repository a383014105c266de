"""The processes of this installation, and opening a case of each."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router

from yingsheng.api.callers import CallerIn, caller_from
from yingsheng.api.cases import step_model
from yingsheng.api.fields import Shape
from yingsheng.api.schemas import Body, describe_form, fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import CaseLine, line_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case


class Opened(Shape):
    """What a registration made: a case, or (`case` null) a line in a register that needs none."""

    case: CaseLine | None
    record: str


class CodeLabel(Shape):
    """A code and its words."""

    code: str
    label: str


class StateOut(CodeLabel):
    """A state; `final` means nothing more is promised."""

    final: bool


class ProcessStep(CodeLabel):
    """A step as declared, with its body as a JSON schema."""

    permission: str
    sources: list[str]
    targets: list[str]
    rules: list[str]
    form: dict[str, Any]


class ProcessOut(CodeLabel):
    """A process as declared; `intake` is null where cases are not opened by hand."""

    module: str
    permissions: list[CodeLabel]
    states: list[StateOut]
    milestones: list[CodeLabel]
    steps: list[ProcessStep]
    intake_permission: str
    intake: dict[str, Any] | None


class ProcessList(Shape):
    """All processes."""

    items: list[ProcessOut]


def intake_model(*, process: Process) -> type[Body]:
    """The body that opens a case: the intake form and the caller."""
    assert process.intake is not None
    return schema_from(spec=process.intake, extra=(("caller", CallerIn),))


def list_processes(request: ApiRequest) -> ProcessList:
    """What can be registered and done here: states, steps and their forms, in the reader's language."""
    language = get_language() or ""
    return ProcessList(items=[_process_out(process.code, language) for process in processes])


def register(request: ApiRequest, *, process: Process) -> HttpResponse:
    """Open a case; 201 with its number and next promise."""
    session = request.auth
    session.demand(process.intake_permission)
    assert process.intake is not None and process.open is not None
    sent = read_body(request=request, model=intake_model(process=process))
    caller = caller_from(sent=getattr(sent, "caller"), site=session.actor.site)  # noqa: B009
    fields = fields_of(spec=process.intake, sent=sent, site=session.actor.site)
    opened = process.open

    def run() -> Reply:
        made = opened(actor=session.actor, at=session.now, caller=caller, **fields)
        case = _fresh_line(case=made, now=session.now) if isinstance(made, Case) else None
        return Reply(status=201, body=Opened(case=case, record=f"{made._meta.label_lower}:{made.pk}"))

    return accept(request=request, run=run)


def intake_router() -> Router:
    """The operations that open cases, one for each process with an intake form."""
    router = Router(tags=["processes"])
    router.get("/processes", response=ProcessList, operation_id="list_processes")(list_processes)
    for process in processes:
        if process.intake is not None and process.open is not None:
            _add_intake(router=router, process=process)
    return router


def _add_intake(*, router: Router, process: Process) -> None:
    def intake(request: ApiRequest) -> HttpResponse:
        return register(request, process=process)

    assert process.intake is not None
    router.post(
        f"/processes/{process.code}/cases",
        response={201: Opened},
        operation_id=f"open_{process.code}",
        summary=process.intake.title,
        description=f"Permission: {process.intake_permission}.",
        openapi_extra=body_doc(intake_model(process=process)),
    )(intake)


def _fresh_line(*, case: Case, now: datetime) -> CaseLine:
    """The line of a case just opened: all is known but its first promise, which the clocks wrote to the database."""
    case.refresh_from_db(fields=["next_due_at"])
    return line_of(case=case, now=now)


def _labels(items: Any) -> list[CodeLabel]:
    return [CodeLabel(code=item.code, label=str(_(item.label))) for item in items]


@lru_cache(maxsize=100)
def _process_out(code: str, language: str) -> ProcessOut:
    # what is declared does not change while the program runs; only the words differ, by language
    process = processes.get(code)
    intake = process.intake
    return ProcessOut(
        code=process.code,
        label=str(_(process.title)),
        module=process.module,
        permissions=_labels(process.permissions),
        states=[StateOut(code=one.code, label=str(_(one.label)), final=one.final) for one in process.states],
        milestones=_labels(process.milestones),
        steps=[
            ProcessStep(
                code=step.code,
                label=str(_(step.label)),
                permission=step.permission,
                sources=list(step.sources),
                targets=list(step.targets),
                rules=list(step.rules),
                form=describe_form(spec=step.form, model=step_model(step=step)),
            )
            for step in process.steps
        ],
        intake_permission=process.intake_permission,
        intake=describe_form(spec=intake, model=intake_model(process=process))
        if intake is not None
        else None,
    )
