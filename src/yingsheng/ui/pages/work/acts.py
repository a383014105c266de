"""One verb of a worker, done: by a form of his page at once, or by his device some time later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.attachments import Sent
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import list_prices
from yingsheng.kernel.forms.build import SiteLists, SpecForm
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.services import keep_photos
from yingsheng.kernel.orders.verbs import find_verb
from yingsheng.kernel.org.access import Actor
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.pages.work.forms import (
    AFTER,
    BEFORE,
    MOST_THINGS,
    PHOTOS,
    WITH_WHY,
    tapped_lines,
    work_form,
)
from yingsheng.ui.pages.work.phrases import reason_words, result_words


def things(*, actor: Actor) -> list[PriceItem]:
    """The material of the price list that can be tapped."""
    return list(list_prices(site=actor.site, kinds=(PriceItem.Kind.MATERIAL.value,))[:MOST_THINGS])


def read_form(*, request: DeskRequest, order: WorkOrder, code: str) -> SpecForm:
    """The form of a verb with what was sent."""
    prices = things(actor=request.actor) if code == "use" else []
    made = work_form(
        code=code, order=order, actor=request.actor, prices=prices, lists=SiteLists(site=request.actor.site)
    )
    return made(request.POST, request.FILES, prefix=code)


def as_sent(files: Iterable[UploadedFile[bytes]]) -> list[Sent]:
    """Uploaded files as the kernel takes them."""
    return [Sent(name=one.name or "", body=one.read()) for one in files]


def _joined(chosen: str, typed: str) -> str:
    return "；".join(part for part in (chosen, typed.strip()) if part)


@transaction.atomic
def do_verb(
    *,
    actor: Actor,
    order: WorkOrder,
    code: str,
    data: dict[str, Any],
    at: datetime,
    seen: int | None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """Do a verb with the cleaned fields of its form, photos and all; raises as its services do."""
    fields = dict(data)
    photos = as_sent(fields.pop("photos", None) or [])
    when = fields.pop("when", "")
    if code == PHOTOS:
        words = BEFORE if when == "before" else AFTER
        keep_photos(order=order, actor=actor, at=at, files=photos, note=words, device_at=device_at)
        return order
    if code == "finish":
        chosen = result_words(trade=order.trade, code=fields.pop("phrase", ""))
        fields["result"] = _joined(chosen, fields["result"])
        if not fields["result"]:
            raise Refused(gettext_noop("请点一句结果，或写明做了什么"), field="phrase", rule="R-08")
    if code in WITH_WHY:
        chosen = reason_words(verb=code, code=fields.pop("why", ""))
        fields["reason"] = _joined(chosen, fields["reason"])
        if not fields["reason"]:
            raise Refused(gettext_noop("请点一个原因，或写明原因"), field="why")
    if code == "use":
        fields["lines"] = tapped_lines(data=fields, prices=things(actor=actor))
    verb = find_verb(code=code)
    assert verb is not None
    done = verb.run(actor=actor, order=order, at=at, seen=seen, device_at=device_at, **fields)
    if photos:
        words = BEFORE if code == "start" else AFTER
        keep_photos(order=done, actor=actor, at=at, files=photos, note=words, device_at=device_at)
    return done
