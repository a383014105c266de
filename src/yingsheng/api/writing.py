"""Taking a body in and writing once: parse, check its shape, run in one transaction with the idempotency key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpResponse
from pydantic import BaseModel

from yingsheng.api.problems import ApiProblem
from yingsheng.api.schemas import inline_schema
from yingsheng.api.sessions import ApiRequest
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.submissions import Answer, fingerprint, once

M = TypeVar("M", bound=BaseModel)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
REPLAYED = "Idempotent-Replay"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The answer of a write: its status, its body, and the address of what was made."""

    body: BaseModel
    status: int = 200


def read_body(*, request: ApiRequest, model: type[M]) -> M:
    """The body as the model; raises ApiProblem for what is no JSON object, pydantic's error for a wrong shape."""
    if request.content_type != "application/json":
        raise ApiProblem(status=415, code="not_json", text=N("请用Content-Type: application/json"))
    try:
        sent = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ApiProblem(status=400, code="not_json", text=N("内容不是有效的JSON")) from error
    request.sent = sent
    return model.model_validate(sent)


def accept(*, request: ApiRequest, run: Callable[[], Reply], keep: bool = True) -> HttpResponse:
    """Run a write in one transaction and answer; the same Idempotency-Key with the same body gets the same answer.

    Raises Conflict (key_reused) for the key with another body, ApiProblem for a key that is none. A refused write
    leaves nothing behind, so it may be corrected under the same key. `keep` is False for an answer that must not
    lie about anywhere: then a key is checked and otherwise has no effect.
    """
    key = request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        raise ApiProblem(status=400, code="bad_key", text=N("Idempotency-Key要用1到255个可见的ASCII字符"))
    session = request.auth

    def perform() -> Answer:
        reply = run()
        return Answer(status=reply.status, body=reply.body.model_dump(mode="json"))

    answer = once(
        scope=f"api:{session.client.pk}:{request.path}",
        key=key if keep else "",
        # not even a digest of a password is kept
        mark=fingerprint(
            values={name: value for name, value in request.sent.items() if not name.endswith("password")}
        ),
        at=session.now,
        run=perform,
    )
    response = json_response(status=answer.status, values=answer.body)
    if answer.replayed:
        response[REPLAYED] = "true"
    return response


def json_response(*, status: int, values: Any) -> HttpResponse:
    """A JSON response; Chinese stays readable, and keys are in order, so that an answer read back from the database
    is the same to the last byte.
    """
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def page_response(*, page: BaseModel) -> HttpResponse:
    """A page of a list as JSON, written by pydantic at once; a list is the most frequent request of all."""
    return HttpResponse(page.model_dump_json(), content_type="application/json; charset=utf-8")


def body_doc(*models: type[BaseModel]) -> dict[str, Any]:
    """How the OpenAPI document describes a body that `read_body` reads; several models are alternatives."""
    schemas = [inline_schema(model=model) for model in models]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
