"""The printed sheets: registers FM-43 and FM-44, handover record FM-45, the receipt of what is kept."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


def _sheet(code: str, title: str, number: str, template: str) -> Sheet:
    return Sheet(
        code=f"prepaid_{code}", title=title, form_number=number, template=f"prepaid/sheets/{template}.html",
        build=_as_is,
    )  # fmt: skip


ELECTRICITY = _sheet("electricity", N("预购电数量、领取记录表"), "FM-43", "register")
GAS = _sheet("gas", N("预购气数量、领取记录表"), "FM-44", "register")
HANDOVER = _sheet("handover", N("预购交接记录"), "FM-45", "handover")
CUSTODY = _sheet("custody", N("预购代管凭条"), "FM-69", "custody")
SHEETS = (ELECTRICITY, GAS, HANDOVER, CUSTODY)
BY_KIND = {"electricity": ELECTRICITY, "gas": GAS}
