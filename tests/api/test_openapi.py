"""The OpenAPI document: complete, true, and no input that its fuzzer can think of makes the program fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from yingsheng.base.process import processes

from .place import COMPLAINT, Caller, Place

EXAMPLES = 12  # for each operation; some fifty operations make this some 600 requests
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def document() -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_names_every_operation_once_and_every_answer() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    names = [operation["operationId"] for path in found["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            if path.endswith("/health"):
                continue
            wanted = {"401", "403", "422", "429", "500"} | ({"409", "415"} if method == "post" else set())
            assert wanted <= set(operation["responses"]), path
            assert operation["security"], path
            problem = operation["responses"]["422"]["content"]
            assert list(problem) == ["application/problem+json"]
            if method == "post":
                assert "Idempotency-Key" in [one["name"] for one in operation["parameters"]]
                assert "application/json" in operation["requestBody"]["content"], path


def test_every_step_and_intake_of_every_process_has_its_operation() -> None:
    paths = document()["paths"]
    for process in processes:
        for step in process.steps:
            assert f"/api/v1/cases/{{key}}/steps/{step.code}" in paths
        if process.open is not None:
            assert f"/api/v1/processes/{process.code}/cases" in paths


def test_references_of_the_document_lead_somewhere() -> None:
    found = document()
    text = json.dumps(found)
    for part in text.split('"$ref": "')[1:]:
        name = part.partition('"')[0]
        assert name.startswith("#/components/schemas/")
        assert name.rpartition("/")[2] in found["components"]["schemas"]


@contextmanager
def open_connection() -> Iterator[None]:
    """Requests that come in as a server sends them must not close the connection that holds the test's rows.

    Django's own test client connects these signals again after each request, so this comes after its last one.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.slow
def test_no_input_makes_the_api_fail(place: Place, go: Callable[..., datetime]) -> None:
    caller = place.caller("sup", requests_per_minute=1_000_000)
    keys = [caller.post("/processes/complaints/cases", COMPLAINT).json()["case"]["key"] for _ in range(3)]
    caller.post(f"/cases/{keys[0]}/steps/solve_on_spot", {"result": "已关阀", "seen": 1})
    ids = [1, place.home.pk, place.owner.pk, *(row["id"] for row in caller.get("/followups").json()["items"])]
    ids += [row["id"] for row in caller.get("/obligations").json()["items"]]
    with open_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
        for result in schema.get_all_operations():
            operation = result.ok()  # type: ignore[union-attr]
            fuzz(operation=operation, caller=caller, keys=keys, ids=ids)


def fuzz(*, operation: Any, caller: Caller, keys: list[str], ids: list[int]) -> None:
    """Ask one operation with what its schema allows, often about records that exist, and check every answer."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(), real=st.booleans(), key=st.sampled_from(keys), pk=st.sampled_from(ids)
    )
    def ask(case: Any, real: bool, key: str, pk: int) -> None:
        if real and case.path_parameters:
            for name in case.path_parameters:
                case.path_parameters[name] = {"key": key, "id": pk}.get(name, case.path_parameters[name])
            if isinstance(case.body, dict) and "seen" in case.body:
                case.body["seen"] = 1
        answer = case.call(headers={"Authorization": f"Bearer {caller.token}"})
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_no_two_shapes_share_a_name_and_differ() -> None:
    # the document keeps one schema for a name: the second shape would answer under the first one's promise
    found: dict[str, dict[str, str]] = {}

    def walk(kind: type[BaseModel]) -> None:
        for shape in kind.__subclasses__():
            walk(shape)
            # bodies made from a form stand whole in their operation, under no name
            if shape.__module__.startswith("yingsheng.") and shape.__module__ != "yingsheng.api.schemas":
                schema = json.dumps(shape.model_json_schema(), sort_keys=True)
                found.setdefault(shape.__name__, {})[schema] = shape.__module__

    walk(BaseModel)
    assert {name: sorted(kinds.values()) for name, kinds in found.items() if len(kinds) > 1} == {}
