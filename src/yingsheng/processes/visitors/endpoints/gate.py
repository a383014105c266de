"""Codes checked and used over the API, for turnstiles and phones of other makers (V-02, V-03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import Shape
from yingsheng.api.records import RecordOut, record_out
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.formspec import FormSpec
from yingsheng.processes.visitors.process import forms
from yingsheng.processes.visitors.process.books import PASSES
from yingsheng.processes.visitors.queries.passes import find_pass, known_to_phones, look_up
from yingsheng.processes.visitors.rules.passes import gate_problem
from yingsheng.processes.visitors.services import gate
from yingsheng.processes.visitors.services.writing import GATE, SEE

router = Router(tags=["gate"])


class GateKeyOut(Shape):
    """A public key of the site: SPKI in base64."""

    code: str
    public: str


class BlockedOut(Shape):
    """A pass that does not pass although its time is not over."""

    key: str
    state: str


class GateKnown(Shape):
    """What a device needs to judge a code without signal."""

    at: str
    keys: list[GateKeyOut]
    blocked: list[BlockedOut]


class GateQuery(Shape):
    """A code as scanned, or a number."""

    code: str = Field(max_length=1500)


class GateCheckOut(Shape):
    """Whether goods go out on it now; `problem` says why not."""

    passes: bool
    problem: str
    words: str
    release_pass: RecordOut | None


@router.get("/gate/known", response=GateKnown, operation_id="show_gate_known")
def known(request: ApiRequest) -> GateKnown:
    """The public keys of the site, and the passes that are used, revoked or doubted (V-02)."""
    session = request.auth
    session.demand(GATE)
    told = known_to_phones(actor=session.actor, now=session.now)
    return GateKnown(
        at=told["at"],
        keys=[GateKeyOut(code=code, public=public) for code, public in told["keys"].items()],
        blocked=[BlockedOut(key=key, state=state) for key, (state, _moment) in told["blocked"].items()],
    )


@router.get("/gate/check", response=GateCheckOut, operation_id="check_release_pass")
def check(request: ApiRequest, query: Query[GateQuery]) -> GateCheckOut:
    """What a code means at this moment; nothing is written (V-02)."""
    session = request.auth
    session.demand(GATE)
    found = look_up(actor=session.actor, text=query.code)
    row = found.row
    if row is None:
        return GateCheckOut(
            passes=False, problem=found.problem, words=_(gate.BAD_CODE[found.problem]), release_pass=None
        )
    problem = gate_problem(
        state=row.state, owner_answer=row.owner_answer, valid_from=row.valid_from, valid_until=row.valid_until,
        at=session.now,
    )  # fmt: skip
    return GateCheckOut(
        passes=not problem, problem=problem, words=_(gate.PROBLEMS[problem]) if problem else "",
        release_pass=record_out(book=PASSES, record=row),
    )  # fmt: skip


def _add(*, where: str, name: str, spec: FormSpec, service: Callable[..., Any]) -> None:
    model = schema_from(spec=spec)

    @router.post(
        where, response=RecordOut, operation_id=name, summary=spec.title, openapi_extra=body_doc(model)
    )
    def do(request: ApiRequest) -> HttpResponse:
        """Do it at the gate, once."""
        session = request.auth
        session.demand(GATE)
        session.demand(SEE)
        sent = read_body(request=request, model=model)
        fields = fields_of(spec=spec, sent=sent, site=session.actor.site)

        def run() -> Reply:
            row = gate.pass_named(actor=session.actor, code=fields.pop("code"))
            service(actor=session.actor, record=row, at=session.now, **fields)
            fresh = find_pass(actor=session.actor, pk=row.pk)
            return Reply(body=record_out(book=PASSES, record=fresh, now=session.now))

        return accept(request=request, run=run)


_add(
    where="/gate/release",
    name="release_goods",
    spec=forms.GATE_RELEASE,
    service=gate.release_pass,
)
_add(where="/gate/keep-back", name="keep_goods_back", spec=forms.GATE_KEEP, service=gate.keep_back)
_add(where="/gate/ask-owner", name="ask_owner", spec=forms.GATE_ASK, service=gate.ask_owner)
