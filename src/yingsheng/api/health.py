"""Is it alive: for monitoring, without a token and without telling anything."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.http import HttpResponse
from ninja import Router

from yingsheng.api.fields import Shape
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import json_response
from yingsheng.kernel.timers.queries import silent_minutes

log = logging.getLogger(__name__)

LATE_MINUTES = 2  # a worker beats every few seconds


class Health(Shape):
    """`ok`, `reminders_late` when no worker gave a sign of life for a while, or `down` without a database."""

    status: str
    database: bool
    worker_silent_minutes: int | None


def show_health(request: ApiRequest) -> HttpResponse:
    """Whether the database answers and how long the worker has been silent (null: there never was one)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        silent = silent_minutes(now=request.now)
    except DatabaseError:
        log.exception("the database does not answer")
        state = Health(status="down", database=False, worker_silent_minutes=None)
        return json_response(status=503, values=state.model_dump())
    late = silent is None or silent > LATE_MINUTES
    state = Health(status="reminders_late" if late else "ok", database=True, worker_silent_minutes=silent)
    return json_response(status=200, values=state.model_dump())


def health_router() -> Router:
    """The one operation that needs no token."""
    router = Router(tags=["health"])
    router.get("/health", response={200: Health, 503: Health}, auth=None, operation_id="show_health")(
        show_health
    )
    return router
