"""The worklist of every process: saved views, filters, one page at a constant cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from yingsheng.base.process import Process, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import (
    SUBJECT,
    apply_view,
    search_cases,
    visible_cases,
    with_people,
)
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import choice_words, milestone_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Row, Tab

PAGE = 50
MANY = 100
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
    if not pk.isdigit():
        return rows
    if view in ("closed", "all"):
        if moment is None:
            return rows
        return rows.filter(Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=int(pk)))
    if moment is None:
        return rows.filter(next_due_at__isnull=True, pk__gt=int(pk))
    return rows.filter(
        Q(next_due_at__gt=moment) | Q(next_due_at=moment, pk__gt=int(pk)) | Q(next_due_at__isnull=True)
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
    query = request.GET.get("q", "").strip()[:100]
    mine = visible_cases(actor=actor).filter(process=process.code)
    if query:
        cases = [
            case
            for case in search_cases(actor=actor, query=query, limit=PAGE)
            if case.process == process.code
        ]
        more = ""
    else:
        rows = _filtered(request, apply_view(rows=mine, view=view, actor=actor, now=request.now))
        # without a running promise there is nothing to wait for: last, on every database
        by_due = (F("next_due_at").asc(nulls_last=True), "pk")
        order = ("-received_at", "-pk") if view in ("closed", "all") else by_due
        rows = _after(rows, view=view, cursor=request.GET.get("after", ""))
        cases = list(with_people(rows=rows).order_by(*order)[: PAGE + 1])
        more = ""
        if len(cases) > PAGE:
            cases = cases[:PAGE]
            params = {**request.GET.dict(), "after": _cursor(cases[-1], view=view)}
            more = "?" + urlencode(params)
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    labels = _view_labels()
    tabs = [
        Tab(
            label=labels[name],
            url=f"?view={name}",
            active=name == view and not query,
            count=len(apply_view(rows=mine, view=name, actor=actor, now=request.now).values_list("pk")[:MANY])
            if name in ("mine", "unclaimed", "overdue")
            else None,
            tone="late" if name == "overdue" else "",
        )
        for name in VIEWS
    ]
    context = {
        "process": process,
        "title": _(process.title),
        "tabs": tabs,
        "columns": _columns(),
        "rows": [_row(case, process=process, obligations=running.get(case.pk, [])) for case in cases],
        "caption": _(process.title),
        "more_url": more,
        "query": query,
        "view": view,
        "filters": _filters(request, process),
        "now": request.now,
        "empty": Empty(text=_("这里没有事项。"), hint=_("换一个视图，或清除筛选。")),
        **(extra or {}),
    }
    return render(request, "ui/pages/case_list.html", context)


def _filters(request: DeskRequest, process: Process) -> list[dict[str, Any]]:
    """The choices of the query row, from the forms of the process."""
    found = []
    wanted = {"category": _("类别"), "severity": _("程度")}
    forms = [process.intake, *(step.form for step in process.steps)]
    for name, label in wanted.items():
        for spec in forms:
            item = next(
                (field for field in (spec.fields if spec else ()) if field.name == name and field.choices),
                None,
            )
            if item is not None:
                found.append(
                    {
                        "name": name,
                        "label": label,
                        "value": request.GET.get(name, ""),
                        "choices": [(code, _(text)) for code, text in item.choices],
                    }
                )
                break
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
