"""The worklist of every process: saved views, filters, one page at a constant cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import (
    SUBJECT,
    apply_view,
    as_lines,
    count_views,
    search_cases,
    visible_cases,
)
from yingsheng.kernel.cases.views import drop_view, keep_view, list_views
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.bulk import bulk_actions
from yingsheng.ui.pages.words import choice_words, milestone_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Row, Tab

PAGE = 50
VIEWS = ("open", "mine", "department", "unclaimed", "overdue", "closed", "all")


def _view_labels() -> dict[str, str]:
    return {
        "open": _("在办"), "mine": _("我的"), "department": _("本组"), "unclaimed": _("无人认领"),
        "overdue": _("已超时"), "closed": _("已归档"), "all": _("全部"),
    }  # fmt: skip


def _after(rows: QuerySet[Case], *, view: str, cursor: str) -> QuerySet[Case]:
    """The rows behind a cursor: by due moment in open views, by arrival in the registers."""
    text, _sep, pk = cursor.rpartition("|")
    moment = parse_datetime(text) if text else None
    number = whole_number(text=pk)
    if number is None:
        return rows
    if view in ("closed", "all"):
        if moment is None:
            return rows
        return rows.filter(Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=number))
    if moment is None:
        return rows.filter(next_due_at__isnull=True, pk__gt=number)
    return rows.filter(
        Q(next_due_at__gt=moment) | Q(next_due_at=moment, pk__gt=number) | Q(next_due_at__isnull=True)
    )


def _cursor(case: Case, *, view: str) -> str:
    moment: datetime | None = case.received_at if view in ("closed", "all") else case.next_due_at
    return f"{moment.isoformat() if moment else ''}|{case.pk}"


def _filtered(request: DeskRequest, rows: QuerySet[Case]) -> QuerySet[Case]:
    for name in ("category", "severity", "state"):
        value = request.GET.get(name, "")
        if value:
            rows = rows.filter(**{name: value[:20]})
    start, end = parse_date(request.GET.get("from", "") or ""), parse_date(request.GET.get("to", "") or "")
    if start:
        rows = rows.filter(received_at__date__gte=start)
    if end:
        rows = rows.filter(received_at__date__lte=end)
    return rows


def case_list(request: DeskRequest, *, process: Process, extra: dict[str, Any] | None = None) -> HttpResponse:
    """The worklist of one process: saved views, filters, one page at a constant cost."""
    actor = request.actor
    asked = request.GET.get("view", "open")
    view = asked if asked in VIEWS else "open"
    mine = visible_cases(actor=actor).filter(process=process.code)
    cases, more = _page(request, mine, process=process, view=view)
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    kept = _kept(request, process)
    actions = bulk_actions(process=process, actor=actor)
    context = {
        "process": process,
        "title": _(process.title),
        "kept": next((tab.label for tab in kept if tab.active), ""),
        "own_query": request.GET.urlencode() if _narrowed(request) else "",
        "tabs": [*_tabs(request, mine, view=view), *kept],
        "columns": _columns(),
        "rows": [_row(case, process=process, obligations=running.get(case.pk, [])) for case in cases],
        "caption": _(process.title),
        "more_url": more,
        "bulk": actions,
        "selectable": bool(actions),
        "bulk_action": reverse("ui:bulk", args=[process.code]),
        "query": _query(request),
        "view": view,
        "filters": _filters(request, process),
        "now": request.now,
        "empty": Empty(text=_("这里没有事项。"), hint=_("换一个视图，或清除筛选。")),
        **(extra or {}),
    }
    return render(request, "ui/pages/case_list.html", context)


def _query(request: DeskRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


def _narrowed(request: DeskRequest) -> bool:
    """Whether more than a view and a page was asked for."""
    return bool(set(request.GET) - {"view", "after"})


def _page(
    request: DeskRequest, mine: QuerySet[Case], *, process: Process, view: str
) -> tuple[list[Case], str]:
    """One page of cases and the address of the next, "" if there is none."""
    actor, query = request.actor, _query(request)
    if query:
        found = search_cases(actor=actor, query=query, limit=PAGE)
        return [case for case in found if case.process == process.code], ""
    rows = _filtered(request, apply_view(rows=mine, view=view, actor=actor, now=request.now))
    # without a running promise there is nothing to wait for: last, on every database
    by_due = (F("next_due_at").asc(nulls_last=True), "pk")
    order = ("-received_at", "-pk") if view in ("closed", "all") else by_due
    rows = _after(rows, view=view, cursor=request.GET.get("after", ""))
    cases = list(as_lines(rows=rows).order_by(*order)[: PAGE + 1])
    if len(cases) <= PAGE:
        return cases, ""
    last = cases[PAGE - 1]
    return cases[:PAGE], "?" + urlencode({**request.GET.dict(), "after": _cursor(last, view=view)})


def _tabs(request: DeskRequest, mine: QuerySet[Case], *, view: str) -> list[Tab]:
    labels = _view_labels()
    counts = count_views(
        rows=mine, views=("mine", "unclaimed", "overdue"), actor=request.actor, now=request.now
    )
    return [
        Tab(
            label=labels[name],
            url=f"?view={name}",
            active=name == view and not _narrowed(request),
            count=counts.get(name),
            tone="late" if name == "overdue" else "",
        )
        for name in VIEWS
    ]


def _kept(request: DeskRequest, process: Process) -> list[Tab]:
    """The person's saved views of this worklist."""
    own = parse_qs(request.GET.urlencode())
    return [
        Tab(label=one.name, url=f"?{one.query}", active=parse_qs(one.query) == own)
        for one in list_views(actor=request.actor, process=process.code)
    ]


@require_POST
@desk()
def saved_view(request: DeskRequest, process: str) -> HttpResponse:
    """Keep the query at hand under a name, or forget a view; then back to the worklist."""
    if process not in processes or not processes.get(process).menu:
        raise Http404
    back = reverse(processes.get(process).menu[0].url_name)
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    if "drop" in request.POST:
        drop_view(actor=request.actor, process=process, name=name, at=request.now)
        return HttpResponseRedirect(back, status=303)
    view = keep_view(actor=request.actor, process=process, name=name, query=query, at=request.now)
    return HttpResponseRedirect(f"{back}?{view.query}", status=303)


def _filters(request: DeskRequest, process: Process) -> list[dict[str, Any]]:
    """The choices of the query row, from the forms of the process."""
    found = []
    wanted = {"category": _("类别"), "severity": _("程度")}
    forms = [process.intake, *(step.form for step in process.steps)]
    for name, label in wanted.items():
        asked = (
            field for spec in forms if spec for field in spec.fields if field.name == name and field.choices
        )
        item = next(asked, None)
        # a process whose form asks for it under another name declares the codes themselves
        choices = item.choices if item is not None else tuple(process.codes.get(name, {}).items())
        if choices:
            found.append(
                {
                    "name": name,
                    "label": label,
                    "value": request.GET.get(name, ""),
                    "choices": [(code, _(text)) for code, text in choices],
                }
            )
    return found


def _columns() -> list[Column]:
    return [
        Column(label=_("时限"), kind="chip"),
        Column(label=_("编号"), kind="code"),
        Column(label=_("事由"), kind="long"),
        Column(label=_("房号")),
        Column(label=_("类别")),
        Column(label=_("程度")),
        Column(label=_("状态")),
        Column(label=_("处理人")),
        Column(label=_("登记时间"), kind="moment"),
    ]


def _row(case: Case, *, process: Process, obligations: list[Any]) -> Row:
    url = reverse("ui:case", args=[case.key])
    word, tone = state_badge(case=case)
    first = obligations[0] if obligations else None
    chip: object = (
        Cell(text=milestone_words(code=first.milestone, process=process), obligation=first)
        if first is not None
        else ""
    )
    return Row(
        key=case.key,
        url=url,
        name=case.number,
        cells=[
            chip,
            Cell(text=case.number, url=url),
            case.title,
            case.room.label if case.room else case.caller_name,
            choice_words(process=process, field="category", code=case.category),
            choice_words(process=process, field="severity", code=case.severity),
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            case.handler.name if case.handler else "",
            case.received_at,
        ],
    )


def process_list(request: HttpRequest, *, code: str, permission: str) -> HttpResponse:
    """The worklist page of a process, behind its permission."""
    view = desk(permission)(lambda desk_request: case_list(desk_request, process=processes.get(code)))
    return view(request)
