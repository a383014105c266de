"""The printed sheets of keys: registers FM-37 and FM-38, the owner's receipt, the pledge FM-71, labels, the count."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


def _sheet(code: str, title: str, number: str, template: str = "") -> Sheet:
    return Sheet(
        code=f"keys_{code}", title=title, form_number=number, template=f"keys/sheets/{template or code}.html",
        build=_as_is,
    )  # fmt: skip


LOANS = _sheet("loans", N("钥匙借用登记表"), "FM-37")
SECURITY_LOANS = _sheet("security_loans", N("防盗门钥匙借用登记表"), "FM-38", "loans")
RECEIPT = _sheet("receipt", N("业主领取钥匙记录"), "")
PLEDGE = _sheet("pledge", N("单元钥匙托管承诺书"), "FM-71")
LABELS = _sheet("labels", N("钥匙标签"), "")
COUNT = _sheet("count", N("钥匙清点报告"), "")
SHEETS = (LOANS, SECURITY_LOANS, PLEDGE)
