"""门岗核验 on a phone: a code is checked with signal and without, goods go out once (V-02, V-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.formspec import FormSpec
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.visitors.models import Pass
from yingsheng.processes.visitors.process import forms as specs
from yingsheng.processes.visitors.process.asides import short_list
from yingsheng.processes.visitors.process.books import reason_words
from yingsheng.processes.visitors.queries.passes import (
    at_gate,
    clock,
    known_to_phones,
    lines_of,
    look_up,
    pass_of_key,
)
from yingsheng.processes.visitors.rules.passes import gate_problem
from yingsheng.processes.visitors.services import gate as services
from yingsheng.processes.visitors.services.writing import GATE
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.work.desks import WorkDesk, open_desk
from yingsheng.ui.parts import Result
from yingsheng.ui.submit import status_of, take_form

DESK = "gate"
RELEASE, KEEP, ASK = "release", "keep_back", "ask_owner"
SPECS: dict[str, FormSpec] = {
    RELEASE: specs.GATE_RELEASE,
    KEEP: specs.GATE_KEEP,
    ASK: specs.GATE_ASK,
}
STATE_AFTER = {RELEASE: "released", KEEP: "not_released", ASK: "owner_asked"}
OK = N("可以放行：逐项核对实物，相符才放行")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A verb with its form."""

    verb: str
    label: str
    url: str
    form: SpecForm
    open: bool
    main: bool
    to: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a code turned out to be, for the page."""

    text: str
    problem: str
    words: str
    row: Pass | None
    lines: tuple[str, ...] = ()


def _form_of(*, verb: str, actor: Actor) -> type[SpecForm]:
    if verb not in SPECS:
        raise Http404
    made = build_form(spec=SPECS[verb], actor=actor, lists=SiteLists(site=actor.site))
    return type(made.__name__, (made,), {"__init__": _for_thumbs})


def _for_thumbs(self: SpecForm, *args: Any, **kwargs: Any) -> None:
    """The code is carried along, not typed."""
    super(type(self), self).__init__(*args, **kwargs)
    self.fields["code"].widget = forms.HiddenInput()


def _words_for(problem: str) -> str:
    text = services.BAD_CODE.get(problem) or services.PROBLEMS.get(problem) or OK
    return str(_(text))


def check_of(*, actor: Actor, text: str, now: datetime) -> Check:
    """What a code or number means at this moment, by the server."""
    found = look_up(actor=actor, text=text)
    row = found.row
    if row is None:
        return Check(text=text, problem=found.problem, words=_words_for(found.problem), row=None)
    problem = gate_problem(
        state=row.state, owner_answer=row.owner_answer, valid_from=row.valid_from, valid_until=row.valid_until,
        at=now,
    )  # fmt: skip
    words = _words_for(problem)
    if row.gate_at is not None and problem:
        words = f"{words}（{clock(row.gate_at)} {row.gate_by.name if row.gate_by else ''}）"
    lines = tuple(f"{one.name} × {one.count}{_('（大件）') if one.is_bulky else ''}" for one in lines_of(row))
    return Check(text=row.code or row.number, problem=problem, words=words, row=row, lines=lines)


def _context(
    *, actor: Actor, now: datetime, check: Check | None = None, tried: tuple[str, SpecForm] | None = None
) -> dict[str, Any]:
    code = check.text if check is not None else ""
    sections = []
    for verb, spec in SPECS.items():
        again = tried is not None and tried[0] == verb
        form = tried[1] if again and tried else _form_of(verb=verb, actor=actor)(
            prefix=verb, initial={"code": code}
        )  # fmt: skip
        sections.append(
            Section(
                verb=verb, label=_(spec.title), url=reverse("visitors:gate_verb", args=[verb]), form=form,
                open=again or (tried is None and verb == RELEASE), main=verb == RELEASE, to=STATE_AFTER[verb],
            )
        )  # fmt: skip
    words = {code: _words_for(code) for code in (*services.BAD_CODE, *services.PROBLEMS)}
    more = {"ok": _(OK), "queued": _("这部手机已经记下放行，等信号"), "bulky": _("（大件）")}
    return {
        "known": {**known_to_phones(actor=actor, now=now), "words": {**words, **more}},
        "check": check,
        "sections": sections,
        "waiting": [
            {"number": row.number, "room": row.household.room.label, "items": short_list(row), "until": row.valid_until}
            for row in at_gate(actor=actor, now=now)
        ],
        "is_required": bool(figure(path="V-02.release_pass_required", site=actor.site, at=now)),
        "here": reverse("visitors:gate"),
        "now": now,
    }  # fmt: skip


@require_GET
@desk(GATE)
def home(request: DeskRequest) -> HttpResponse:
    """Scan, paste or type; then let out, keep back, or have the owner asked (V-02, V-03)."""
    text = request.GET.get("code", "").strip()[:1500]
    check = check_of(actor=request.actor, text=text, now=request.now) if text else None
    did = SPECS.get(request.GET.get("did", ""))
    context = _context(actor=request.actor, now=request.now, check=check)
    context |= {"tab": DESK, "asked": text}
    context["result"] = Result(text=_("已办：%(step)s") % {"step": _(did.title)}) if did else None
    return render(request, "visitors/work/gate.html", context)


@require_POST
@desk(GATE)
def verb(request: DeskRequest, verb: str) -> HttpResponse:
    """One verb at the gate, sent as a plain form."""
    form = _form_of(verb=verb, actor=request.actor)(request.POST, prefix=verb)

    def run() -> str:
        _do(request, verb=verb, data=dict(form.cleaned_data), told=None)
        return f"{reverse('visitors:gate')}?did={verb}"

    done = take_form(request=request, form=form, run=run)
    if done is not None:
        return done
    text = request.POST.get(f"{verb}-code", "")[:1500]
    check = check_of(actor=request.actor, text=text, now=request.now) if text else None
    context = _context(actor=request.actor, now=request.now, check=check, tried=(verb, form))
    context |= {"tab": DESK, "asked": text}
    return render(request, "visitors/work/gate.html", context, status=status_of(form=form))


def _do(
    request: DeskRequest, *, verb: str, data: dict[str, Any], told: datetime | None, key: str = ""
) -> None:
    row = services.pass_named(actor=request.actor, code=data.pop("code"))
    if key and row.key != key:
        raise Refused(services.BAD_CODE["signature"], code="other_pass", rule="V-02")
    run: Any = {RELEASE: services.release_pass, KEEP: services.keep_back, ASK: services.ask_owner}[verb]
    run(actor=request.actor, record=row, at=request.now, device_at=told, **data)


# -- the desk of this page for a device without signal ---------------------------------------------------------


def _kept_pages(*, request: DeskRequest) -> dict[str, str]:
    context = _context(actor=request.actor, now=request.now)
    part = render_to_string("visitors/work/parts/gate.html", {**context, "offline": True})
    return {reverse("visitors:gate"): part}


def _state_of(*, request: DeskRequest, key: str) -> dict[str, Any]:
    told = {"key": f"{DESK}:{key}", "version": 0, "state": "", "legal": [], "facts": []}
    row = pass_of_key(actor=request.actor, key=key)
    if row is None:
        return told | {"facts": [[_("状态"), _(services.BAD_CODE["none"])]]}
    facts = [
        (_("编号"), row.number),
        (_("房号"), row.household.room.label),
        (_("状态"), str(_(Pass.State(row.state).label))),
        (_("门岗"), row.gate_by.name if row.gate_by else ""),
        (_("核验时间"), clock(row.gate_at) if row.gate_at else ""),
        (_("原因"), reason_words(row)),
        (_("有效到"), clock(row.valid_until)),
    ]
    return told | {"state": str(row.state), "facts": [[label, value] for label, value in facts if value]}


def _deed(*, request: DeskRequest, key: str, verb: str, told: datetime | None) -> None:
    if verb not in SPECS:
        raise Refused(N("这条记录不完整"), code="unknown")
    form = _form_of(verb=verb, actor=request.actor)(request.POST, prefix=verb)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(f"{label} {errors[0]}".strip(), code="form")
    _do(request, verb=verb, data=dict(form.cleaned_data), told=told or request.now, key=key)


def _note(*, request: DeskRequest, key: str, told: datetime | None) -> None:
    row = pass_of_key(actor=request.actor, key=key)
    if row is None:
        raise Refused(services.BAD_CODE["none"], code="unknown")
    services.keep_note(
        actor=request.actor,
        record=row,
        at=request.now,
        text=request.POST.get("text", ""),
        device_at=told,
    )


open_desk(
    WorkDesk(
        code=DESK,
        label=N("门岗"),
        icon="shield-check",
        url_name="visitors:gate",
        permission=GATE,
        pages=_kept_pages,
        state_of=_state_of,
        deed=_deed,
        note=_note,
    )
)
