"""The paper of a repair besides its orders: 维修单 (FM-26), 服务单 (FM-27)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.queries import list_payments, list_quotes
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.orders.models import Material
from yingsheng.kernel.orders.queries import list_orders_of
from yingsheng.processes.repairs.process import words as w


def _context(case: Any) -> dict[str, Any]:
    """Plan, liability, cost, workers, opinion, signature and payment (R-08, R-09); what is open is left for the pen."""
    repair = case.repair
    kinds, trades, parts, told = (dict(rows) for rows in (w.KINDS, w.TRADES, w.PARTS, w.SATISFACTION))
    orders = list(list_orders_of(case=case))
    people = [order.outside or (order.worker.name if order.worker else "") for order in orders]
    accepted = next((quote for quote in list_quotes(case=case) if quote.state == "accepted"), None)
    drawn = (
        list_attachments(subject=case)
        .filter(purpose=Attachment.Purpose.SIGNATURE)
        .order_by("-added_at")
        .first()
    )
    return {
        "case": case,
        "repair": repair,
        "kind_word": _(kinds[repair.kind]) if repair.kind else "",
        "trade_word": _(trades.get(repair.trade, repair.trade)),
        "part_word": _(parts[repair.part]) if repair.part else "",
        "told_word": _(told[repair.satisfaction]) if repair.satisfaction else "",
        "orders": orders,
        "workers": _("、").join(dict.fromkeys(name for name in people if name)),
        "lines": [
            (line, format_fen(fen=line.price_fen), format_fen(fen=line.sum_fen))
            for line in (accepted.lines.all() if accepted is not None else ())
        ],
        "total": format_fen(fen=accepted.total_fen) if accepted is not None else "",
        "materials": list(Material.objects.filter(order__case=case).order_by("pk")),
        "payments": [
            (payment, _(payment.get_method_display()), format_fen(fen=payment.amount_fen))
            for payment in list_payments(case=case)
        ],
        "signature": f"data:image/png;base64,{b64encode(read_attachment(attachment=drawn)).decode()}"
        if drawn is not None and repair.signed_at is not None
        else "",
    }


SHEETS = (
    Sheet(
        code="repair_sheet",
        title=N("维修单"),
        form_number="FM-26",
        template="repairs/sheets/repair.html",
        build=_context,
    ),
    Sheet(
        code="service_sheet",
        title=N("服务单"),
        form_number="FM-27",
        template="repairs/sheets/service.html",
        build=_context,
    ),
)
