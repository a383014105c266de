"""The papers: 收发记录表 FM-39, 签收记录表 FM-40, 通知单 FM-41, 发放登记表 FM-42, and the label of the shelf."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


def _sheet(code: str, title: str, number: str, template: str) -> Sheet:
    return Sheet(
        code=code, title=title, form_number=number, template=f"mail/sheets/{template}.html", build=_as_is
    )


BATCHES = _sheet("mail_batches", N("报刊、杂志、邮件收发记录表"), "FM-39", "batches")
RECEIPTS = _sheet("mail_receipts", N("挂号、特快专递及包裹签收记录表"), "FM-40", "receipts")
NOTICE = _sheet("mail_notice", N("挂号、特快专递及包裹通知单"), "FM-41", "notice")
HANDOUTS = _sheet("mail_handouts", N("邮件发放登记表"), "FM-42", "handouts")
LABELS = _sheet("mail_labels", N("邮件标签"), "", "labels")
SHEETS = (BATCHES, RECEIPTS, NOTICE, HANDOUTS)  # a label is no form of the list
