"""Where somebody's work begins: at the desk, or on a phone."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow


def is_phone(request: HttpRequest) -> bool:
    """Whether the browser says it runs on a phone."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get("User-Agent", "")


def works_only(*, actor: Actor) -> bool:
    """Whether somebody does orders and has neither households to look up nor work to give out."""
    return actor.may(Allow.WORK_ORDERS) and not (
        actor.may(Allow.DISPATCH_ORDERS) or actor.may(Allow.SEE_ESTATE)
    )


def lives_on_phone(*, actor: Actor) -> bool:
    """Whether an order read on a phone is work to do for this person, not an order to look after."""
    return actor.may(Allow.WORK_ORDERS) and not actor.may(Allow.DISPATCH_ORDERS)


def landing_url(*, actors: list[Actor], wanted: str) -> str:
    """Where the log-in leads: to what was asked for; whoever only works, and asked for nothing, to his orders."""
    today = reverse("ui:today")
    if wanted == today and actors and works_only(actor=actors[0]):
        return reverse("ui:work")
    return wanted
