"""Mail at the desk of a test site, taken in by the services themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.mail.models import Batch
from yingsheng.processes.mail.process.books import STOCKTAKES
from yingsheng.processes.mail.services.batches import fetch_batch, take_in_batch
from yingsheng.processes.mail.services.intake import take_in_item

# one dot, drawn on glass
DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def make_item(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Item:
    """A parcel for the first home."""
    values: dict[str, Any] = {
        "kind": "parcel", "room": "3-2-1802", "tracking_number": "", "carrier": "云溪速递", "place": "专柜 1 层",
    }  # fmt: skip
    return take_in_item(actor=cast.actor("front"), at=at, **{**values, **fields})


def make_batch(cast: Cast, *, at: datetime = MONDAY_NINE, fetched: bool = False, **fields: Any) -> Batch:
    """The letters and papers of a morning."""
    row = take_in_batch(actor=cast.actor("front"), at=at, **{"letters": 12, "papers": 30, **fields})
    if not fetched:
        return row
    return fetch_batch(actor=cast.actor("front"), record=row, at=at, officer=cast.area_admin, signature=DOT)


def count_shelf(cast: Cast, *, at: datetime = MONDAY_NINE) -> Stocktake:
    """A count of the shelf that goes on."""
    made: Stocktake = STOCKTAKES.make(actor=cast.actor("assistant", at), at=at)  # type: ignore[misc]
    return made


def make_mail_records(cast: Cast) -> dict[str, Any]:
    """One of each, with the files that hang on them."""
    signed = make_batch(cast, fetched=True)
    picture = ContentFile(b"%PDF-1.4 a", name="a.pdf")
    item = make_item(cast, condition="worn", damage="一角压扁", photos=[picture])
    return {
        "mail_items": item,
        "mail_file": list_attachments(subject=item)[0],
        "mail_batches": make_batch(cast),
        "mail_stocktakes": count_shelf(cast),
        "mail_batch_signed": signed,
        "mail_signature": list_attachments(subject=signed)[0],
    }


def make_more_mail(cast: Cast) -> None:
    """Several more of each."""
    for number in range(1, 5):
        make_item(cast, tracking_number=f"YT{number:04d}", kind="express")
        make_batch(cast, letters=number)
