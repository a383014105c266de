"""The OpenAPI document: what ninja makes of the operations, and what is true of all of them."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from yingsheng.api.problems import MEDIA_TYPE, Problem
from yingsheng.api.writing import REPLAYED

REFUSALS = {
    400: "The request cannot be read.",
    401: "No valid token.",
    403: "The token lacks the permission or scope.",
    404: "No such record, or not one the token may know of.",
    409: "Somebody else changed it first (stale), or the key came with another body (key_reused).",
    413: "The body is larger than 12 MB.",
    415: "The body is not application/json.",
    422: "The content is wrong, or a rule refuses it; `errors` names each field.",
    429: "More requests per minute than agreed.",
    500: "A fault of ours; nothing was written.",
}
OF_WRITES = frozenset({409, 413, 415})
KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key with the same body gets the same answer again, kept for seven days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
DESCRIPTION = (
    "The customer-service centre of a managed property. Every screen action is possible here, over the same "
    "services and rules. See docs/api.md for a guided tour with examples."
)


class RestApi(NinjaAPI):
    """NinjaAPI whose document states the refusals, keys and headers that every operation shares."""

    _document: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The whole document; made once, for the operations never change while the program runs."""
        if self._document is None:
            made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            complete(document=made)
            self._document = made
        return self._document


def complete(*, document: dict[str, Any]) -> None:
    """Add to every operation its problem answers, and to every write its idempotency key."""
    document["components"]["schemas"]["Problem"] = _problem_schema(document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            public = "security" not in operation
            _add_problems(operation=operation, writes=method == "post", public=public, named="{" in path)
            if method == "post":
                operation["parameters"] = [*operation.get("parameters", ()), KEY_PARAMETER]
                _add_replay(operation=operation)


def _problem_schema(document: dict[str, Any]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    document["components"]["schemas"].update(schema.pop("$defs"))
    return schema


def _add_problems(*, operation: dict[str, Any], writes: bool, public: bool, named: bool) -> None:
    for status, text in REFUSALS.items():
        if (status in OF_WRITES and not writes) or (status == 404 and not named):
            continue
        if public and status not in (400, 500):
            continue
        operation["responses"][status] = {
            "description": text,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if not public:
        operation["responses"][429]["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
        }


def _add_replay(*, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if int(status) < 300:
            answer["headers"] = {
                REPLAYED: {
                    "description": "`true` if the answer was given before under the same key.",
                    "schema": {"type": "string"},
                }
            }
