"""The pages of a register that a process declares (`base.records`): the list with its form, a record with its verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import FormSpec, Kind
from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, processes
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.queries import list_running
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import event_words, milestone_words
from yingsheng.ui.parts import Cell, Column, Empty, Entry, Fact, Link, Result, Row, Tab
from yingsheng.ui.submit import status_of, take_form

PAGE = 50
More = Callable[[DeskRequest, Any], dict[str, Any]]


class RecordPages:
    """The three addresses of one register: `<code>`, `<code>_new` and `<code>_one`, and, where anything is done with a
    record, the step `<code>_step`.

    `more` adds to the page of a record (links, files, a block of its own template), `list_more` to the list.
    """

    template: ClassVar[str] = "ui/records/record.html"

    def __init__(
        self,
        *,
        book: RecordBook,
        namespace: str,
        template: str = "",
        more: More | None = None,
        list_more: Callable[[DeskRequest], dict[str, Any]] | None = None,
        list_template: str = "ui/records/list.html",
    ) -> None:
        self.book = book
        self.namespace = namespace
        self.shown_in = template or self.template
        self.more = more
        self.list_more = list_more
        self.listed_in = list_template

    def urls(self) -> list[URLPattern]:
        """The addresses, every one behind the permission to see the register."""
        slug = self.book.code.replace("_", "-")
        both, guard = require_http_methods(["GET", "POST"]), desk(self.book.see)
        made = self.book.create is not None
        step = path(
            f"{slug}/<int:pk>/<slug:code>/",
            require_http_methods(["POST"])(guard(self.step)),
            name=f"{self.book.code}_step",
        )
        steps = [step] if self.book.verbs else []  # what is only read and added to has none
        return [
            path(
                f"{slug}/", (both if made else require_GET)(guard(self.listing)), name=self.book.code
            ),
            *(
                [
                    path(
                        f"{slug}/new/<slug:asked>/",
                        require_GET(desk(self.book.create_permission)(self.fresh)),
                        name=f"{self.book.code}_new",
                    )
                ]
                if made
                else []
            ),
            path(
                f"{slug}/<int:pk>/", require_http_methods(["GET"])(guard(self.one)), name=f"{self.book.code}_one"
            ),
            *steps,
        ]  # fmt: skip

    def url(self, name: str = "", *args: Any) -> str:
        """An address of the register."""
        return reverse(f"{self.namespace}:{self.book.code}{name}", args=args)

    def listing(self, request: DeskRequest) -> HttpResponse:
        """The register, and the form of a new record for whoever may make one."""
        tried: SpecForm | None = None
        spec, make = self.book.create, self.book.make
        if request.method == "POST" and spec is not None and make is not None:
            demand(actor=request.actor, permission=self.book.create_permission)
            tried = build_form(spec=spec, actor=request.actor)(request.POST, request.FILES)
            form = tried

            def run() -> str:
                made = make(actor=request.actor, at=request.now, **form.cleaned_data)
                return f"{self.url('_one', made.pk)}?did=new"

            done = take_form(request=request, form=tried, run=run)
            if done is not None:
                return done
        return self._list(request, tried=tried)

    def fresh(self, request: DeskRequest, asked: str) -> HttpResponse:
        """The register with the form open, filled from what was asked for."""
        return self._list(request, asked=asked)

    def one(self, request: DeskRequest, pk: int) -> HttpResponse:
        """One record: what is known, its story, and what can be done with it."""
        return self._show(request, self._get(request, pk))

    def step(self, request: DeskRequest, pk: int, code: str) -> HttpResponse:
        """Do one thing with a record."""
        verb = self.book.verb(code)
        if verb is None:
            raise Http404
        demand(actor=request.actor, permission=verb.permission)
        record = self._get(request, pk)
        form = build_form(spec=verb.form, actor=request.actor)(request.POST, request.FILES, prefix=code)
        seen = whole_number(text=request.POST.get("seen", ""))

        def run() -> str:
            verb.run(actor=request.actor, record=record, at=request.now, seen=seen, **form.cleaned_data)
            return f"{self.url('_one', pk)}?did={code}"

        done = take_form(request=request, form=form, run=run)
        return done if done is not None else self._show(request, self._get(request, pk), tried=(verb, form))

    def _get(self, request: DeskRequest, pk: int) -> Any:
        found = self.book.find(actor=request.actor, pk=pk)
        if found is None:
            raise Http404
        return found

    def _list(self, request: DeskRequest, *, tried: SpecForm | None = None, asked: str = "") -> HttpResponse:
        book = self.book
        text, state = request.GET.get("q", "").strip()[:60], request.GET.get("state", "")
        rows = book.rows(actor=request.actor, text=text)
        if state in {one.code for one in book.states}:
            rows = rows.filter(state=state)
        rows = book.narrowed(rows=rows, asked=request.GET)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        form = tried
        if form is None and book.create is not None and request.actor.may(book.create_permission):
            initial = book.start(actor=request.actor, asked=asked, at=request.now) if book.start else {}
            form = build_form(spec=book.create, actor=request.actor)(initial=initial)
        listed = [attr for attr in book.attrs if attr.listed]
        context = {
            "book": book,
            "title": _(book.title),
            "hint": _(book.hint),
            "columns": [Column(label=_("状态"), kind="chip"), Column(label=_("名称"), kind="long")]
            + [Column(label=_(attr.label), kind=_column_kind(attr)) for attr in listed],
            "rows": [self._row(record, listed) for record in page],
            "paging": page,
            "caption": _(book.title),
            "tabs": self._tabs(request, state, text),
            "filters": self._filters(request),
            "state": state,
            "query": text,
            "form": form,
            "form_action": self.url(),
            "verb": _(book.create.verb) if book.create else "",
            "create_title": _(book.create.title) if book.create else "",
            "open": bool(asked) or tried is not None,
            "empty": Empty(text=_("这里还没有记录。"), hint=_(book.hint), sign=book.icon),
            **(self.list_more(request) if self.list_more else {}),
        }
        return render(request, self.listed_in, context, status=status_of(form=tried))

    def _filters(self, request: DeskRequest) -> list[dict[str, Any]]:
        """What the list may be narrowed by, with what was chosen."""
        return [
            {
                "name": one.name,
                "label": _(one.label),
                "choices": [
                    (code, _(words), request.GET.get(one.name) == code) for code, words in one.choices
                ],
            }
            for one in self.book.filters
        ]

    def _tabs(self, request: DeskRequest, state: str, text: str) -> list[Tab]:
        kept = {one.name: request.GET[one.name] for one in self.book.filters if request.GET.get(one.name)}
        tail = "&" + urlencode(kept | ({"q": text} if text else {})) if kept or text else ""
        states = [(one.code, _(one.label)) for one in self.book.states]
        return [
            Tab(label=label, url=f"{self.url()}?state={code}{tail}", active=code == state)
            for code, label in [("", _("全部")), *states]
        ]

    def _row(self, record: Any, listed: list[Attr]) -> Row:
        state = self.book.state(self.book.state_of(record))
        url = self.url("_one", record.pk)
        name = self.book.name(record)
        cells: list[object] = [
            Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
            Cell(text=name, url=url),
            *(said(attr=attr, record=record) for attr in listed),
        ]
        return Row(name=name, url=url, cells=cells)

    def _show(
        self, request: DeskRequest, record: Any, tried: tuple[Verb, SpecForm] | None = None
    ) -> HttpResponse:
        book = self.book
        state = book.state(book.state_of(record))
        did = request.GET.get("did", "")
        verb_done = book.verb(did)
        context = {
            "book": book,
            "title": _(book.title),
            "name": book.name(record),
            "record": record,
            "state": _(state.label),
            "tone": state.tone,
            "list_url": self.url(),
            "facts": [
                Fact(label=_(attr.label), value=value, wide=attr.wide, number=attr.kind in ("moment", "number", "date"))
                for attr in book.attrs
                if (value := said(attr=attr, record=record)) not in ("", None)
            ],
            "running": [(one, milestone_words(code=one.milestone)) for one in list_running(subject=record)],
            "panels": self._panels(request, record, state.code, tried),
            "entries": _entries(record),
            "empty": Empty(text=_("还没有记录。")),
            "now": request.now,
            "links": [],
            "result": _result(verb_done.form if verb_done else book.create if did == "new" else None),
            **(self.more(request, record) if self.more else {}),
        }  # fmt: skip
        return render(request, self.shown_in, context, status=status_of(form=tried[1] if tried else None))

    def _panels(
        self, request: DeskRequest, record: Any, state: str, tried: tuple[Verb, SpecForm] | None
    ) -> list[dict[str, Any]]:
        lists = SiteLists(site=request.actor.site)
        panels: list[dict[str, Any]] = []
        for verb in self.book.verbs:
            again = tried is not None and tried[0] is verb
            if not again and not (
                request.actor.may(verb.permission)
                and verb.is_open(actor=request.actor, record=record, state=state)
            ):
                continue
            form = tried[1] if again and tried else None
            if form is None:
                form = build_form(spec=verb.form, actor=request.actor, lists=lists)(
                    prefix=verb.code, initial=_filled(verb, record)
                )
            panels.append(
                {
                    "title": _(verb.form.title),
                    "verb": _(verb.form.verb),
                    "form": form,
                    "bare": not verb.form.fields,
                    "hidden": (("seen", record.version),),
                    "url": self.url("_step", record.pk, verb.code),
                    "form_id": f"{verb.code}-form",
                    "open": again or (tried is None and not panels),
                }
            )
        return panels


def said(*, attr: Attr, record: Any) -> Any:
    """A value as the reader is told it: a code by its words, a flag as yes or no, a moment in local time."""
    value = attr.value(record)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if attr.words:
        return _(attr.words[value]) if value in attr.words else ""
    return timezone.localtime(value) if isinstance(value, datetime) else value


def link(*, label: str, url: str) -> Link:
    """A button beside the heading of a record."""
    return Link(label=label, url=url)


def _column_kind(attr: Attr) -> Any:
    return attr.kind if attr.kind in ("number", "code", "moment", "long") else "text"


def _filled(verb: Verb, record: Any) -> dict[str, Any]:
    filled = verb.fill(record) if verb.fill else {}
    moments = {item.name for item in verb.form.fields if item.kind is Kind.MOMENT}
    return {
        name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
        if name in moments and isinstance(value, datetime)
        else value
        for name, value in filled.items()
    }


def _result(done: FormSpec | None) -> Result | None:
    return Result(text=_("已办：%(step)s") % {"step": _(done.title)}) if done is not None else None


def _process_of(event: Event) -> Process | None:
    """The process whose event it is, which knows the words of its codes."""
    code = event.kind.partition(".")[0]
    return processes.get(code) if code in processes else None


def _entries(record: Any) -> list[Entry]:
    return [
        Entry(
            actor=event.by.name if event.by else "",
            at=event.at,
            text=event_words(event=event, process=_process_of(event)),
            rule=event.rule,
            rule_url=reverse("ui:rule", args=[event.rule]) if event.rule else "",
        )
        for event in list_events(subject=record)
    ]
