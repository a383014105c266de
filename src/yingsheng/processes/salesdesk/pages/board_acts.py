"""What is done at the board, each by one service: the next customer, out of turn, public, coming and going."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from yingsheng.base.formspec import FormSpec
from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Project, Visit
from yingsheng.processes.salesdesk.pages.board import Tried, auto_id, goes_on, project_of, show_board
from yingsheng.processes.salesdesk.process import queue_forms as forms
from yingsheng.processes.salesdesk.queries.allow import BOARD, RUN, TAKE
from yingsheng.processes.salesdesk.queries.queue import find_staff
from yingsheng.processes.salesdesk.rules.queue import Kind
from yingsheng.processes.salesdesk.services.listing import OWN_MOVES, move
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn, receive_public
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.submit import take_form


@require_POST
@desk(TAKE)
def take_next(request: DeskRequest, pk: int) -> HttpResponse:
    """Give the next new customer to whose turn it is; the board that was looked at must still hold (J-01, J-26)."""
    project = project_of(request, pk)

    def run(form: SpecForm) -> str:
        visit = receive_next(
            actor=request.actor, project=project, at=request.now, seen=_seen(request), **form.cleaned_data
        )
        return goes_on(request, visit)

    action = "tap" if request.POST.get("tap") else "next"
    return _take(request, project, spec=forms.NEXT, action=action, run=run)


@require_POST
@desk(TAKE)
def take_public(request: DeskRequest, pk: int) -> HttpResponse:
    """The first who are free receive a public customer (J-10)."""
    project = project_of(request, pk)

    def run(form: SpecForm) -> str:
        visit = receive_public(
            actor=request.actor, project=project, at=request.now, seen=_seen(request), **form.cleaned_data
        )
        return goes_on(request, visit)

    return _take(request, project, spec=forms.PUBLIC, action="public", run=run)


@require_POST
@desk(TAKE)
def take_out_of_turn(request: DeskRequest, pk: int, agent: int) -> HttpResponse:
    """An agent receives his own or a colleague's customer, or helps (J-02)."""
    project, staff = project_of(request, pk), _staff(request, agent)

    def run(form: SpecForm) -> str:
        visit: Visit = receive_out_of_turn(
            actor=request.actor, project=project, at=request.now, agent=staff, **form.cleaned_data
        )
        return goes_on(request, visit)

    return _take(request, project, spec=forms.OWN_RECEPTION, action="receive", agent=agent, run=run)


@require_POST
@desk(BOARD)
def move_agent(request: DeskRequest, pk: int, agent: int) -> HttpResponse:
    """An agent signs in or off, comes back, goes on leave, is sent elsewhere or leaves the list (J-02, J-03)."""
    project, staff = project_of(request, pk), _staff(request, agent)
    is_tap = request.POST.get("kind") in {kind.value for kind in OWN_MOVES}

    def run(form: SpecForm) -> str:
        kind = form.cleaned_data["kind"]
        move(actor=request.actor, project=project, at=request.now, agent=staff, **form.cleaned_data)
        return f"{reverse('salesdesk:board_one', args=[pk])}?did={kind}"

    spec, action = (forms.PRESENCE, "tap") if is_tap else (forms.ABSENCE, "move")
    return _take(request, project, spec=spec, action=action, agent=agent, run=run)


@require_POST
@desk(RUN)
def join(request: DeskRequest, pk: int) -> HttpResponse:
    """Put somebody on the list, last (J-01)."""
    project = project_of(request, pk)

    def run(form: SpecForm) -> str:
        move(
            actor=request.actor, project=project, at=request.now, kind=Kind.JOIN.value,
            agent=form.cleaned_data["agent"],
        )  # fmt: skip
        return f"{reverse('salesdesk:board_one', args=[pk])}?did={Kind.JOIN.value}"

    return _take(request, project, spec=forms.JOIN, action="join", run=run)


def _take(
    request: DeskRequest,
    project: Project,
    *,
    spec: FormSpec,
    action: str,
    run: Callable[[SpecForm], str],
    agent: int = 0,
) -> HttpResponse:
    """Run the service of a form; refused, the board as it stands now with the form as it was filled."""
    form = build_form(spec=spec, actor=request.actor)(
        request.POST, auto_id=auto_id(action=action, agent=agent)
    )
    done = take_form(request=request, form=form, run=lambda: run(form))
    if done is not None:
        return done
    return show_board(request, project_of(request, project.pk), Tried(action=action, form=form, agent=agent))


def _seen(request: DeskRequest) -> int | None:
    return whole_number(text=request.POST.get("seen", ""))


def _staff(request: DeskRequest, pk: int) -> Staff:
    found = find_staff(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    return found
