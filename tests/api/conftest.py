"""The site of `place`, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from yingsheng.api import sessions
from yingsheng.kernel.org import services as org

from .place import START, Addresses, Place, build_place


@pytest.fixture(autouse=True)
def _addresses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API alone answers, and nobody has asked it anything yet."""
    settings.ROOT_URLCONF = Addresses
    monkeypatch.setattr(sessions, "window", sessions.SlidingWindow())


@pytest.fixture
def place(db: None) -> Place:
    """A site and its people."""
    org.load_roles()
    return build_place()


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Move the clock of the API to so long after the start; it stands there until moved again."""

    def move(**span: float) -> datetime:
        moment = START + timedelta(**span)
        monkeypatch.setattr("yingsheng.api.urls.read_clock", lambda: moment)
        return moment

    move()
    return move
