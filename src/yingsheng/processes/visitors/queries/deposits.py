"""Reading deposited articles and lost property (V-04)."""

from __future__ import annotations

from django.db.models import QuerySet

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.queries import items_of, list_items
from yingsheng.kernel.custody.rules import HELD
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site

PROCESS = "visitors"


def list_deposits(*, actor: Actor, text: str = "") -> QuerySet[Item]:
    """What was left with us or found, the latest first."""
    return (
        list_items(site=actor.site, process=PROCESS, text=text)
        .select_related("deposit", "room", "household", "taken_in_by", "holder_staff", "site")
        .prefetch_related("moves")
    )


def find_deposit(*, actor: Actor, pk: int) -> Item | None:
    """One of them, of the actor's site."""
    return list_deposits(actor=actor).filter(pk=pk).first()


def giver_of(row: Item) -> str:
    """Who left or found it: the other side of its first line."""
    moves = sorted(row.moves.all(), key=lambda one: one.serial)
    return str(moves[0].giver_name) if moves else ""


def left_with_us(*, household: Household) -> list[Item]:
    """What a home left with us and has not collected."""
    return list(items_of(household=household, process=PROCESS).filter(state=HELD).select_related("deposit"))


def waiting(*, site: Site, limit: int = 30) -> list[Item]:
    """What lies with us, the earliest due first."""
    rows = Item.objects.filter(site=site, process=PROCESS, state=HELD).select_related("deposit", "room")
    return list(rows.order_by("due_at", "pk")[:limit])
