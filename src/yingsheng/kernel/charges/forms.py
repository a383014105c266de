"""The form of a price; it makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import PriceItem

KINDS = tuple((str(code), str(label)) for code, label in PriceItem.Kind.choices)
PRICE = FormSpec(
    name="price",
    title=N("价目"),
    verb=N("定价"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="kind", kind=Kind.CHOICE, label=N("类别"), required=True, choices=KINDS, rules=("R-08",)),
                Field(
                    name="code", kind=Kind.LINE, label=N("编号"), required=True, max_length=20, rules=("R-08",),
                    hint=N("编号已有的，新价从现在起代替旧价"), example="M-012",
                ),
                Field(name="name", kind=Kind.LINE, label=N("名称"), required=True, max_length=60, rules=("R-08",)),
                Field(name="unit", kind=Kind.LINE, label=N("单位"), required=True, max_length=10, rules=("R-08",)),
                Field(name="price_fen", kind=Kind.YUAN, label=N("单价"), required=True, rules=("R-08", "S-04")),
                Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200, rules=("R-08",)),
            ),
        ),
    ),
)  # fmt: skip
