"""What cash moved for, and where it lies, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cash.models import Place

PURPOSES = {
    "prepaid": N("收预购款"), "prepaid_refund": N("退预购款"), "prepaid_carried": N("预购款交代办人"),
    "prepaid_purchase": N("购买电气"), "prepaid_back": N("代办人退回余款"), "prepaid_change": N("住户领找零"),
    "request": N("代办款收付"), "request_carried": N("代办款交经办人"), "request_paid": N("代缴费用"),
    "request_back": N("经办人退回余款"), "fee": N("代收费用"), "fee_back": N("代收费用退款"),
    "services": N("特约服务费"), "services_back": N("特约服务退款"), "repairs": N("维修费"),
    "repairs_back": N("维修退款"), "to_cashier": N("移交收银员"), "surplus": N("长款"), "shortage": N("短款"),
    "key_deposit": N("钥匙押金"), "key_deposit_back": N("退钥匙押金"), "deposit": N("收押金"),
    "deposit_back": N("退押金"),
}  # fmt: skip
WHAT = {"fee": N("代收费用"), "services": N("特约服务费"), "repairs": N("维修费")}


def purpose_words(*, code: str) -> str:
    """What a sum moved for; its code where no process has said more."""
    return str(_(PURPOSES[code])) if code in PURPOSES else code


def place_words(*, place: Place) -> str:
    """Where a fen lies, with the name of whoever has it."""
    kind = str(_(Place.Kind(place.kind).label))
    return f"{kind} {place.staff.name}" if place.staff is not None else kind
