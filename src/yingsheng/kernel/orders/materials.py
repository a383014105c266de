"""What was taken for an order and what of it came back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.rules import write_lines
from yingsheng.kernel.charges.services import read_lines
from yingsheng.kernel.orders.models import Material, WorkOrder
from yingsheng.kernel.orders.services.writing import hold_own, note
from yingsheng.kernel.org.access import Actor

USABLE = (WorkOrder.State.ACCEPTED, WorkOrder.State.WORKING, WorkOrder.State.PAUSED, WorkOrder.State.DONE)


@transaction.atomic
def use_material(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    lines: str,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """Write down what was taken for an order, one thing a line, priced from the list (R-08)."""
    order = hold_own(order=order, actor=actor, seen=seen)
    if order.state not in USABLE:
        raise Refused(gettext_noop("签收之后、收回之前才能登记用料"), rule="R-08")
    read = read_lines(site=order.case.site, text=lines, field="lines", kinds=(PriceItem.Kind.MATERIAL.value,))
    if not read:
        raise Refused(gettext_noop("请写明用了什么"), field="lines", rule="R-08")
    Material.objects.bulk_create(
        Material(
            order=order, code=line.code, name=line.name[:60], unit=line.unit, quantity=line.quantity,
            price_fen=line.price_fen, added_at=at, added_by=actor.staff,
        )
        for line in read
    )  # fmt: skip
    note(
        order=order, kind="material_used", by=actor.staff, at=at, rule="R-08", device_at=device_at,
        data={"lines": write_lines(lines=read).replace("\n", "；")},
    )  # fmt: skip
    return order


@transaction.atomic
def return_material(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    name: str,
    quantity: str,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """What was not used comes back: so much of the named thing; Refused for more than is still out (R-08)."""
    order = hold_own(order=order, actor=actor, seen=seen)
    amount = _amount(quantity)
    rows = list(
        Material.objects.select_for_update(no_key=True)
        .filter(order=order, name=name.strip(), returned__lt=F("quantity"))
        .order_by("pk")
    )
    out = sum((row.quantity - row.returned for row in rows), Decimal(0))
    if amount > out:
        raise Refused(
            gettext_noop("这张单上“%(name)s”还有%(out)s没退，不能退更多"), field="quantity", name=name[:40],
            out=f"{out.normalize():f}",
        )  # fmt: skip
    left = amount
    for row in rows:
        part = min(left, row.quantity - row.returned)
        if part:
            row.returned += part
            row.save(update_fields=["returned"])
            left -= part
    note(
        order=order, kind="material_returned", by=actor.staff, at=at, rule="R-08", device_at=device_at,
        data={"name": name.strip(), "quantity": f"{amount.normalize():f}"},
    )  # fmt: skip
    return order


def _amount(text: str) -> Decimal:
    wrong = Refused(gettext_noop("请填退回的数量，例如 1 或 0.5"), field="quantity")
    try:
        amount = Decimal(text.strip())
    except ArithmeticError as error:
        raise wrong from error
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise wrong
    return amount
