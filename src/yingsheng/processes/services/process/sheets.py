"""The paper of a special service: 登记表 (FM-34) and 记录表 (FM-35); the month's statistics (FM-36) have their page."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from yingsheng.base.money import format_fen
from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.queries import list_payments
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.orders.queries import list_orders_of


def _signature(*, case: Any, service: Any) -> str:
    if service.signed_at is None:
        return ""
    drawn = list_attachments(subject=case).filter(
        purpose=Attachment.Purpose.SIGNATURE, added_at=service.signed_at
    )
    found = drawn.first()
    return f"data:image/png;base64,{b64encode(read_attachment(attachment=found)).decode()}" if found else ""


def _register(case: Any) -> dict[str, Any]:
    service = case.service
    return {
        "case": case,
        "service": service,
        "fee": format_fen(fen=service.fee_fen),
        "payments": [(row, format_fen(fen=row.amount_fen)) for row in list_payments(case=case)],
        "signature": _signature(case=case, service=service),
    }


def _record(case: Any) -> dict[str, Any]:
    remarks = case.service.remarks.select_related("by").order_by("pk")
    return {**_register(case), "remarks": list(remarks), "orders": list(list_orders_of(case=case))}


SHEETS = (
    Sheet(
        code="service_register",
        title=N("业主/住户特约服务登记表"),
        form_number="FM-34",
        template="services/sheets/register.html",
        build=_register,
    ),
    Sheet(
        code="service_record",
        title=N("特约服务记录表"),
        form_number="FM-35",
        template="services/sheets/record.html",
        build=_record,
    ),
)
