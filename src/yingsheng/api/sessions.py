"""Who calls: a token, the member of staff it acts as, his permissions within the token's scopes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from yingsheng.api.problems import TooMany
from yingsheng.kernel.org.access import Actor, Forbidden, actor_for, demand
from yingsheng.kernel.org.models import ApiClient
from yingsheng.kernel.org.services import hash_token

TOUCH = timedelta(minutes=1)
WINDOW_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Session:
    """One authenticated request: the client, the actor with his scoped permissions, the moment."""

    client: ApiClient
    actor: Actor
    now: datetime

    def may_see(self, process: str) -> bool:
        """Whether cases of a process may be read."""
        return self.actor.may(f"{process}.see")

    def demand(self, permission: str) -> None:
        """Raise Forbidden unless the token carries the permission."""
        demand(actor=self.actor, permission=permission)


class ApiRequest(HttpRequest):
    """A request inside the API: the clock was read once, the session is set by the token."""

    now: datetime
    auth: Session
    sent: Any  # the JSON body as parsed


def read_clock() -> datetime:
    """The moment of a request; the one place where the API looks at the clock."""
    return timezone.now()


@dataclass(kw_only=True)
class SlidingWindow:
    """How often each client asked in the last minute, within this process; never more memory than its limit."""

    clock: Callable[[], float] = monotonic
    _asked: dict[int, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, *, client_id: int, limit: int) -> float:
        """Count one request; 0 if it is within the limit, else the seconds until the next is."""
        now = self.clock()
        with self._lock:
            asked = self._asked.setdefault(client_id, deque())
            while asked and asked[0] <= now - WINDOW_SECONDS:
                asked.popleft()
            if len(asked) >= limit:
                return asked[0] + WINDOW_SECONDS - now if asked else WINDOW_SECONDS
            asked.append(now)
        return 0.0


window = SlidingWindow()


def scoped(*, permissions: Iterable[str], scopes: Iterable[str]) -> frozenset[str]:
    """The permissions that a scope names, by code or by a family like "complaints.*"."""
    exact = frozenset(scopes)
    families = tuple(scope[:-1] for scope in exact if scope.endswith(".*"))
    return frozenset(
        code for code in permissions if code in exact or (families and code.startswith(families))
    )


class Bearer(HttpBearer):
    """Finds the active client of a token in one query, his powers in a second; counts the request."""

    def authenticate(self, request: HttpRequest, token: str) -> Session | None:
        """The session of a token, None for one that is unknown, revoked, run out or of somebody who left.

        Raises TooMany above the client's requests per minute, Forbidden for a token without any permission.
        """
        client = (
            ApiClient.objects.select_related("site", "acts_as")
            .filter(token_hash=hash_token(token=token), active=True, acts_as__is_active=True)
            .first()
        )
        now = cast(ApiRequest, request).now
        if client is None or (client.expires_at is not None and client.expires_at <= now):
            return None
        wait = window.take(client_id=client.pk, limit=client.requests_per_minute)
        if wait > 0:
            raise TooMany(wait_seconds=wait)
        _touch(client=client, now=now)
        actor = actor_for(staff=client.acts_as, site=client.site, at=now)
        actor = replace(actor, permissions=scoped(permissions=actor.permissions, scopes=client.scopes))
        if not actor.permissions:
            raise Forbidden(permission="*")
        return Session(client=client, actor=actor, now=now)


def _touch(*, client: ApiClient, now: datetime) -> None:
    """Note that the token is in use, at most once a minute and by one worker only."""
    if client.last_used_at is None or now - client.last_used_at >= TOUCH:
        ApiClient.objects.filter(pk=client.pk, last_used_at=client.last_used_at).update(last_used_at=now)
