"""What the desk and the cashier are asked."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cash.rules import MOST_PIECES
from yingsheng.kernel.charges.models import Payment
from yingsheng.processes.fees.models import Receipt

ITEMS = tuple((code, str(label)) for code, label in Receipt.Item.choices)
METHODS = tuple((code, str(label)) for code, label in Payment.Method.choices)
PURPOSES = (("day", N("日常清点")), ("shift", N("交接班清点")))
NOTES = (
    ("n_10000", N("100元张数")), ("n_5000", N("50元张数")), ("n_2000", N("20元张数")), ("n_1000", N("10元张数")),
    ("n_500", N("5元张数")), ("n_100", N("1元张数或枚数")), ("n_50", N("5角枚数")), ("n_10", N("1角枚数")),
)  # fmt: skip


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _reason(*, label: str = N("原因")) -> Field:
    return Field(name="reason", kind=Kind.LINE, label=label, required=True, max_length=200, rules=("O-06",))


def _signature(label: str) -> Field:
    return Field(name="signature", kind=Kind.SIGNATURE, label=label, required=True, rules=("O-06",))


COUNTED = tuple(
    Field(name=name, kind=Kind.INTEGER, label=label, minimum=0, maximum=MOST_PIECES, rules=("O-06",))
    for name, label in NOTES
)
EXPLANATION = Field(
    name="explanation", kind=Kind.LINE, label=N("差额原因"), hint=N("与账面相符就不填"), max_length=300,
    rules=("O-06",),
)  # fmt: skip
FEE = _spec(
    "fee", N("代收费用"), N("收款开收据"),
    Field(name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, rules=("O-06",)),
    Field(name="item", kind=Kind.CHOICE, label=N("收费项目"), choices=ITEMS, required=True, rules=("O-06",)),
    Field(
        name="period", kind=Kind.LINE, label=N("所属期间"), example="2026-11", required=True, max_length=40,
        rules=("O-06",),
    ),
    Field(name="amount_fen", kind=Kind.YUAN, label=N("金额（元）"), required=True, minimum=1, rules=("O-06",)),
    Field(name="method", kind=Kind.CHOICE, label=N("收款方式"), choices=METHODS, required=True, rules=("O-06",)),
    Field(name="payer", kind=Kind.LINE, label=N("付款人"), required=True, max_length=60, rules=("O-06",)),
    _signature(N("付款人签名")),
)  # fmt: skip
VOID = _spec("fee_void", N("作废收据"), N("作废并退款"), _reason())
COUNT = _spec(
    "handover_count", N("清点移交款"), N("点清签名"), *COUNTED, EXPLANATION, _signature(N("移交人签名"))
)  # fmt: skip
RECEIVE = _spec(
    "handover_receive", N("收银员签收"), N("收到"),
    Field(name="remark", kind=Kind.LINE, label=N("备注"), max_length=300, rules=("O-06",)),
    _signature(N("收银员签名")),
)  # fmt: skip
SEND_BACK = _spec("handover_back", N("退回重点"), N("退回重点"), _reason())
BOX_COUNT = _spec(
    "cash_count", N("清点钱箱"), N("记下清点"),
    Field(name="purpose", kind=Kind.CHOICE, label=N("清点场合"), choices=PURPOSES, required=True, rules=("O-06",)),
    *COUNTED, EXPLANATION,
)  # fmt: skip
SETTLE = _spec("cash_settle", N("处理差额"), N("按差额入账"), _reason())
