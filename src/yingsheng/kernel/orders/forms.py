"""The forms of the verbs on an order; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import suggest_prices
from yingsheng.kernel.orders.manners import MANNERS

EVERY_MANNER = tuple((item.code, item.text) for item in MANNERS)


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


REASON = Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("R-03",))
NOTHING = _form("order_plain", N("派工单"), N("确定"))
WITH_REASON = _form("order_reason", N("派工单"), N("确定"), REASON)
ASSIGN = _form(
    "order_assign",
    N("派人"),
    N("派给"),
    Field(name="worker", kind=Kind.STAFF, label=N("派给谁"), hint=N("不填就回到抢单池"), rules=("R-11",)),
    Field(name="department", kind=Kind.DEPARTMENT, label=N("执行部门"), rules=("R-01",)),
    Field(name="outside", kind=Kind.LINE, label=N("外单位"), max_length=80, rules=("R-08",)),
    Field(name="reason", kind=Kind.LINE, label=N("说明"), max_length=200, rules=("R-11",)),
)
HAND_OVER = _form(
    "order_hand_over",
    N("移交"),
    N("移交"),
    Field(name="worker", kind=Kind.STAFF, label=N("移交给谁"), required=True, rules=("R-11",)),
    REASON,
)
FINISH = _form(
    "order_finish",
    N("完工"),
    N("完工"),
    Field(
        name="result",
        kind=Kind.TEXT,
        label=N("做了什么，结果怎样"),
        required=True,
        max_length=2000,
        rules=("R-08",),
    ),
    Field(name="checklist", kind=Kind.CHOICES, label=N("作业要求"), choices=EVERY_MANNER, rules=("R-17",)),
    Field(name="signer", kind=Kind.LINE, label=N("住户签名人"), max_length=60, rules=("R-09",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("住户签名"), rules=("R-09",)),
)
USE = _form(
    "order_use",
    N("用料"),
    N("登记用料"),
    Field(
        name="lines", kind=Kind.TEXT, label=N("用料明细"), required=True, max_length=2000, rules=("R-08",),
        hint=N("一行一项：名称 × 数量，价目表里没有的再写 @ 单价"), example="角阀 × 2",
        suggest=suggest_prices(PriceItem.Kind.MATERIAL.value, as_lines=True),
    ),
)  # fmt: skip
GIVE_BACK = _form(
    "order_give_back",
    N("退料"),
    N("退回"),
    Field(name="name", kind=Kind.LINE, label=N("名称"), required=True, max_length=60, rules=("R-08",)),
    Field(name="quantity", kind=Kind.LINE, label=N("数量"), required=True, max_length=10, rules=("R-08",)),
)
