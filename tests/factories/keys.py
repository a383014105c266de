"""Keys on hooks, lent and counted, of a test site, made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.files.services import attach
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.process.books import STOCKTAKES
from yingsheng.processes.keys.services.cabinet import register_key
from yingsheng.processes.keys.services.lending import lend_inside, lend_outside

SIGNED = "签名"
PDF = b"%PDF-1.4 a"
ID_NUMBER = "110101199003070011"


def make_key(cast: Cast, *, at: datetime = MONDAY_NINE, kind: str = "vacant", **fields: Any) -> Item:
    """A key of a home on its hook, with its pledge if the owner entrusted it."""
    values: dict[str, Any] = {"name": "入户门", "cabinet": "1号柜", "room": cast.homes[0].room.key}
    if kind == "entrusted":
        values |= {"pledged_by": "钱女士", "signature": SIGNED}
    elif kind in ("equipment_spare", "other"):
        values |= {"room": "", "name": "配电房", "building": "3栋"}
    return register_key(actor=cast.actor("front", at), at=at, kind=kind, **{**values, **fields})


def lend(cast: Cast, key: Item, *, at: datetime = MONDAY_NINE, **fields: Any) -> Item:
    """Lent to a repairer of ours."""
    values: dict[str, Any] = {"staff": cast.engineer, "purpose": "检修水表", "signature": SIGNED}
    return lend_inside(actor=cast.actor("front", at), record=fresh(key), at=at, **{**values, **fields})


def lend_out(cast: Cast, key: Item, *, at: datetime = MONDAY_NINE, **fields: Any) -> Item:
    """Lent to somebody from outside on the three terms."""
    values: dict[str, Any] = {
        "name": "孙外人", "organisation": "宽带公司", "id_kind": "id_card", "id_number": ID_NUMBER, "purpose": "放线",
        "deposit_fen": 20000, "signature": SIGNED,
    }  # fmt: skip
    return lend_outside(actor=cast.actor("front", at), record=fresh(key), at=at, **{**values, **fields})


def fresh(key: Item) -> Item:
    """The key as it is now."""
    return Item.objects.select_related("held_key", "room", "site").get(pk=key.pk)


def open_count(cast: Cast, *, at: datetime = MONDAY_NINE) -> Stocktake:
    """A count of the keys that goes on."""
    made: Stocktake = STOCKTAKES.make(actor=cast.actor("front", at), at=at)  # type: ignore[misc]
    return made


def make_keys(cast: Cast) -> dict[str, Any]:
    """One of each register, by its code: a key in the cabinet, a loan, a count."""
    held = make_key(cast, number="YS-1", hook="A-01")
    paper = attach(site_id=cast.site.pk, subject=held, name="a.pdf", body=PDF, by=cast.front, at=MONDAY_NINE)
    lent = make_key(cast, kind="other", number="YS-2", hook="A-02")
    lend(cast, lent)
    return {
        "keys": held, "key_loans": Loan.objects.get(item=lent), "keys_stocktakes": open_count(cast),
        "key_file": paper,
        "key_entrusted": make_key(cast, kind="entrusted", number="YS-3"),
    }  # fmt: skip


def make_more_keys(cast: Cast) -> None:
    """Several more keys, some lent and overdue, all in the count that goes on."""
    for number in range(6):
        key = make_key(cast, kind="other", name=f"设备间{number}", hook=f"B-{number:02d}")
        if number % 2:
            lend(cast, key, due_at=MONDAY_NINE + timedelta(hours=1))
        STOCKTAKES.verb("scan").run(  # type: ignore[union-attr]
            actor=cast.actor("front"), record=Stocktake.objects.get(site=cast.site, process="keys"), at=MONDAY_NINE,
            code=key.number,
        )  # fmt: skip
