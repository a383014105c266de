"""Every example of docs/api.md is sent as it stands there, and gets the answer that stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.test import Client

from .place import Place

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"```http\n(.*?)```|<!-- keep (.*?) -->", re.S)
ANYTHING = "…"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A request or response as written in the page."""

    first: str
    headers: dict[str, str]
    body: str


def read_message(text: str) -> Message:
    head, _blank, body = text.strip().partition("\n\n")
    first, *lines = head.splitlines()
    return Message(first=first, headers=dict(line.split(": ", 1) for line in lines), body=body)


def fill(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"${name}", value)
    return text


def send(message: Message) -> Any:
    method, where = message.first.split(" ", 1)
    headers = {name: value for name, value in message.headers.items() if name != "Content-Type"}
    return Client().generic(
        method,
        quote(where, safe="/?=&%"),
        message.body,
        content_type=message.headers.get("Content-Type", ""),
        headers=headers,
    )


def agrees(said: Any, real: Any, where: str = "") -> None:
    """Everything said is so; the page may leave out what does not matter there."""
    if said == ANYTHING:
        return
    if isinstance(said, dict):
        assert isinstance(real, dict), where
        for name, value in said.items():
            assert name in real, f"{where}.{name}"
            agrees(value, real[name], f"{where}.{name}")
    elif isinstance(said, list):
        assert len(real) >= len(said), where
        for place, value in enumerate(said):
            found = [one for one in real if not isinstance(value, dict) or _alike(value, one)]
            assert found, f"{where}.{place}: {value} in {real}"
    else:
        assert said == real, where


def _alike(said: Any, real: Any) -> bool:
    try:
        agrees(said, real)
    except AssertionError:
        return False
    return True


def test_every_example(place: Place, go: Callable[..., datetime]) -> None:
    known = {"TOKEN": place.caller("sup").token}
    waiting: Any = None
    answer: dict[str, Any] = {}
    count = 0
    for block, keep in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if keep:
            for pair in keep.split():
                name, path = pair.split("=")
                value: Any = answer
                for part in path.split("."):
                    value = value[int(part)] if isinstance(value, list) else value[part]
                known[name] = str(value)
            continue
        message = read_message(fill(block, known))
        if not message.first.startswith("HTTP/"):
            assert waiting is None, f"no answer is shown for {waiting}"
            waiting = send(message)
            continue
        status = int(message.first.split()[1])
        assert waiting.status_code == status, f"{message.first}: {waiting.content.decode()}"
        assert waiting["Content-Type"].partition(";")[0] == message.headers["Content-Type"]
        answer = waiting.json()
        agrees(json.loads(message.body), answer)
        waiting = None
        count += 1
    assert waiting is None and count >= 12


def test_every_address_of_the_table_exists_and_none_is_missing() -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("## All addresses") : page.index("## Drawn signatures")]
    said = set()
    for method, where in re.findall(r"`(GET|POST) (/[^`]*)`", table):
        said.add((method.lower(), where))
    said |= {("post", f"/followups/{{id}}/{verb}") for verb in re.findall(r"`…/(\w+)`", table)}
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    real = set()
    for path, methods in paths.items():
        where = path.removeprefix("/api/v1")
        where = re.sub(r"/steps/\w+$", "/steps/{step}", where)
        where = re.sub(r"/verbs/\w+$", "/verbs/{verb}", where)
        where = re.sub(r"^/processes/\w+/cases$", "/processes/{code}/cases", where)
        real |= {(method, where) for method in methods}
    assert said - {("get", "/openapi.json")} == real
