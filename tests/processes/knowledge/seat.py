"""Somebody of the cast at a browser."""

from __future__ import annotations

from django.test import Client
from tests.factories.cast import Cast

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def desk(cast: Cast, who: str = "front") -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client
