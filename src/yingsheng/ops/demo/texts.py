"""The invented words of the demonstration, read from the content once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def texts(name: str) -> dict[str, Any]:
    """A file of `content/demo` by name: people, complaints, enquiries."""
    file = resources.files("yingsheng.content") / "demo" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
