"""轮排板: who is next, where everybody stands, what may be done there; the big screen of the office (J-01, J-02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.formspec import FormSpec
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.processes.salesdesk.models import Project, Visit
from yingsheng.processes.salesdesk.models.queue import KINDS
from yingsheng.processes.salesdesk.process import queue_forms as forms
from yingsheng.processes.salesdesk.process.queue_words import DOING, article_words, cases_words, owed_words
from yingsheng.processes.salesdesk.queries.allow import BOARD, RUN, SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.board import Board, Doing, Standing, board_of, mark_of
from yingsheng.processes.salesdesk.queries.queue import find_project, list_projects, make_up_cases
from yingsheng.processes.salesdesk.rules.decision import ARTICLES
from yingsheng.processes.salesdesk.rules.queue import Kind
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Empty, Link, Result, Tab
from yingsheng.ui.submit import status_of

LAST = "sales_project"  # the board that was looked at last, in the session


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A form that has to be shown again: which action, of which agent (0: of none), as it was filled."""

    action: str
    form: SpecForm
    agent: int = 0


def project_of(request: DeskRequest, pk: int) -> Project:
    """A project of the actor's site; 404 for any other."""
    found = find_project(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    return found


@require_GET
@desk(BOARD)
def choice(request: DeskRequest) -> HttpResponse:
    """The board that was looked at last, or the only one; else the projects to choose from."""
    selling = list(list_projects(actor=request.actor).filter(state=Project.State.SELLING))
    last = next((one for one in selling if one.pk == request.session.get(LAST)), None)
    if last is None and len(selling) == 1:
        last = selling[0]
    if last is not None:
        return HttpResponseRedirect(reverse("salesdesk:board_one", args=[last.pk]), status=303)
    empty = Empty(
        text=_("还没有在售的项目。"), hint=_("先开设项目，再把售楼员排入轮排。"), sign="building-store",
        url=reverse("salesdesk:sales_projects"), label=_("项目"),
    )  # fmt: skip
    return render(request, "salesdesk/board_choice.html", {"projects": selling, "empty": empty})


@require_GET
@desk(BOARD)
def board(request: DeskRequest, pk: int) -> HttpResponse:
    """The board of a project; 204 for whoever has this very state of it already."""
    project = project_of(request, pk)
    if request.GET.get("mark") == mark_of(project=project, at=request.now):
        return HttpResponse(status=204)
    if request.session.get(LAST) != pk:
        request.session[LAST] = pk
    return show_board(request, project)


@require_GET
@desk(BOARD)
def wall(request: DeskRequest, pk: int) -> HttpResponse:
    """The board for everybody in the room: large, without actions, and nothing of any customer on it."""
    project = project_of(request, pk)
    mark = mark_of(project=project, at=request.now)
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    found = board_of(project=project, at=request.now)
    # a screen on the wall stays awake only with an account that may do nothing else
    stays = request.actor.permissions == frozenset({BOARD})
    context = {
        "project": project, "board": found, "next": found.next, "lines": [_line(one) for one in found.standings],
        "by": _by(found), "live_url": f"{reverse('salesdesk:board_wall', args=[pk])}?mark={mark}", "stays": stays,
    }  # fmt: skip
    return render(request, "salesdesk/board_wall.html", context)


def show_board(request: DeskRequest, project: Project, tried: Tried | None = None) -> HttpResponse:
    """The board with what this person may do there; 422 where a form is shown again."""
    found = board_of(project=project, at=request.now)
    is_selling = project.state == Project.State.SELLING
    may_take, may_run = is_selling and request.actor.may(TAKE), is_selling and request.actor.may(RUN)
    context: dict[str, Any] = {
        "project": project, "board": found, "next": found.next, "by": _by(found), "may_take": may_take,
        "may_run": may_run, "seen": (("seen", found.number),), "is_selling": is_selling,
        "tabs": _tabs(request, project), "tabs_label": _("项目"), "result": _result(request),
        "live_url": f"{reverse('salesdesk:board_one', args=[project.pk])}"
        f"?mark={mark_of(project=project, at=request.now)}",
        "owed": [{"name": one.name, "words": owed_words(one), "origin": one.origin} for one in found.owed],
        "free": sum(one.doing is Doing.FREE for one in found.standings),
        "links": _links(project, found),
        "cases": cases_words(count=make_up_cases(project=project, at=request.now)),
        **_forms(request, project, found, tried, may_take=may_take, may_run=may_run),
    }  # fmt: skip
    return render(
        request, "salesdesk/board.html", context, status=status_of(form=tried.form if tried else None)
    )


def _by(board: Board) -> str:
    """By what the next one receives: a make-up, or his turn."""
    if board.next is None:
        return ""
    if board.credit is not None:
        return owed_words(board.credit)
    return _("按轮次，%(article)s") % {"article": article_words(ARTICLES["J-01"])}


def _line(one: Standing) -> dict[str, Any]:
    """An agent on the board in words."""
    word, tone, sign = DOING[one.doing]
    return {
        "standing": one, "word": _(word), "tone": tone, "sign": sign,
        "owed": [owed_words(owed) for owed in one.owed],
    }  # fmt: skip


def _forms(
    request: DeskRequest,
    project: Project,
    found: Board,
    tried: Tried | None,
    *,
    may_take: bool,
    may_run: bool,
) -> dict[str, Any]:
    """The lines with what may be done on each, and the forms that belong to no line."""
    maker = _Maker(request=request, tried=tried)
    listed = [(one.staff.pk, one.staff.name) for one in found.standings]
    own = request.actor.staff.pk
    lines = []
    for one in found.standings:
        line = _line(one)
        line["note"] = one.note if may_run or one.staff.pk == own else ""
        pk, is_own = one.staff.pk, one.staff.pk == own
        acts = (may_take and is_own) or may_run
        line |= {
            "is_own": is_own, "taps": _taps(one) if acts else [],
            "visit_url": _seen_visit(request, one), "move_url": _agent_url("move", project, pk),
            "receive_url": _agent_url("receive", project, pk),
        }  # fmt: skip
        if maker.wants("receive", pk) or (acts and one.doing is Doing.FREE):
            line["receive"] = maker.form("receive", forms.OWN_RECEPTION, pk)
            line["receive"].fields["colleague"].choices = [
                ("", _("请选择")), *(pair for pair in listed if pair[0] != pk),
            ]  # fmt: skip
            line["receive_open"] = maker.wants("receive", pk)
        if maker.wants("move", pk) or (may_run and one.doing is not Doing.RECEIVING):
            line["move"], line["move_open"] = maker.form("move", forms.ABSENCE, pk), maker.wants("move", pk)
        lines.append(line)
    panels = {"next": forms.NEXT, "public": forms.PUBLIC} if may_take else {}
    panels |= {"join": forms.JOIN} if may_run else {}
    return {
        "lines": lines,
        "panels": [
            {
                "code": code, "title": _(spec.title) if code != "next" else _("团购客户，或先记称呼"),
                "verb": _(spec.verb), "form": maker.form(code, spec),
                "url": reverse(f"salesdesk:board_{code}", args=[project.pk]), "open": maker.wants(code),
                "hidden": () if code == "join" else (("seen", found.number),),
            }
            for code, spec in panels.items()
        ],
        "refused": tried.form if tried is not None and tried.action == "tap" else None,
    }  # fmt: skip


class _Maker:
    """Makes the forms of one board: fresh ones, and in its place the one that has to be shown again."""

    def __init__(self, *, request: DeskRequest, tried: Tried | None) -> None:
        self.request = request
        self.tried = tried
        self.lists = SiteLists(site=request.actor.site)

    def wants(self, action: str, agent: int = 0) -> bool:
        """Whether this is the form that was tried."""
        return self.tried is not None and (self.tried.action, self.tried.agent) == (action, agent)

    def form(self, action: str, spec: FormSpec, agent: int = 0) -> SpecForm:
        """The form of an action, its fields with ids of their own."""
        if self.tried is not None and self.wants(action, agent):
            return self.tried.form
        made = build_form(spec=spec, actor=self.request.actor, lists=self.lists)
        return made(auto_id=auto_id(action=action, agent=agent), initial={"agents_count": 1})


def auto_id(*, action: str, agent: int = 0) -> str:
    """How the fields of a form of the board are told apart on the page."""
    return f"{action}-{agent}-%s"


def _taps(one: Standing) -> list[tuple[str, str, str]]:
    """What one press does for an agent where he stands: kind, word, sign."""
    found = {
        Doing.FREE: ("sign_off", _("签退"), "door-exit"), Doing.ORDERED: ("free", _("回来"), "arrow-back-up"),
        Doing.LEAVE: ("sign_in", _("签到"), "check"), Doing.OFF: ("sign_in", _("签到"), "check"),
        Doing.AWAY: ("sign_in", _("签到"), "check"),
    }.get(one.doing)  # fmt: skip
    return [found] if found is not None else []


def _seen_visit(request: DeskRequest, one: Standing) -> str:
    """The page of the reception for whoever may see it."""
    return visit_url(visit=one.visit) if one.visit is not None and _sees(request, one.visit) else ""


def _sees(request: DeskRequest, visit: Visit) -> bool:
    """A reception that lasts is its receiver's business, and that of who reads the books whole (J-15)."""
    return request.actor.may(SEE_ALL) or visit.receiver_id == request.actor.staff.pk


def goes_on(request: DeskRequest, visit: Visit) -> str:
    """Where the desk goes on that gave a customer away: to the reception if it is his, else back to the board."""
    if _sees(request, visit):
        return visit_url(visit=visit)
    return f"{reverse('salesdesk:board_one', args=[visit.project_id])}?did={Kind.NEW.value}"


def _agent_url(action: str, project: Project, agent: int) -> str:
    return reverse(f"salesdesk:board_{action}", args=[project.pk, agent])


def visit_url(*, visit: Visit) -> str:
    """Where a reception goes on."""
    return reverse("salesdesk:sales_visits_one", args=[visit.pk])


def _tabs(request: DeskRequest, project: Project) -> list[Tab]:
    """The boards of the site, where there are several."""
    rows = list_projects(actor=request.actor).filter(state=Project.State.SELLING)
    found = [
        Tab(label=one.name, url=reverse("salesdesk:board_one", args=[one.pk]), active=one.pk == project.pk)
        for one in rows
    ]
    return found if len(found) > 1 else []


def _links(project: Project, found: Board) -> list[Link]:
    day = found.date.isoformat()
    return [
        Link(label=_("大屏"), url=reverse("salesdesk:board_wall", args=[project.pk])),
        Link(label=_("当天经过"), url=reverse("salesdesk:board_day", args=[project.pk, day])),
        Link(label=_("打印轮排表"), url=reverse("salesdesk:board_sheet", args=[project.pk, day])),
    ]


def _result(request: DeskRequest) -> Result | None:
    """What the last press did."""
    did = request.GET.get("did", "")
    words = {kind.value: text for kind, text in KINDS.items()}
    return Result(text=_("已办：%(step)s") % {"step": _(words[did])}) if did in words else None
