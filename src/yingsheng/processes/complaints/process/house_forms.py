"""Forms that only some regulations use: FM-03, FM-17 and FM-22, from the same record as all the others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import Sheet
from yingsheng.base.shown import Printable
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.queries.sheets import first_event
from yingsheng.processes.complaints.rules.facts import known


def _context(case: Any) -> dict[str, Any]:
    """The record; who approved it is who classified it (C-30), reported it is when it was sent on (C-71)."""
    return {
        "case": case,
        "complaint": case.complaint,
        "approved": first_event(case=case, kind="complaints.classified"),
        "sent": first_event(case=case, kind="complaints.dispatched"),
    }


HOUSE_FORMS = (
    Sheet(
        code="complaint_record",
        title=N("客户投诉(建议)处理记录表"),
        form_number="FM-03",
        template="complaints/sheets/complaint_record.html",
        build=_context,
    ),
    Sheet(
        code="complaint_report",
        title=N("业主/住户投诉报告单"),
        form_number="FM-17",
        template="complaints/sheets/report.html",
        build=_context,
    ),
    Sheet(
        code="complaint_opinion",
        title=N("用户投诉意见登记表"),
        form_number="FM-22",
        template="complaints/sheets/opinion_line.html",
        build=_context,
    ),
)


def printable(case: Any) -> list[Printable]:
    """Those of them that the regulation uses under which the complaint came in (C-85)."""
    if case.process != "complaints":
        return []
    used = str(known(figures_under(site=case.site, at=case.received_at), "C-85.forms") or "").split(",")
    return [
        Printable(
            title=_(sheet.title),
            form_number=sheet.form_number,
            mark=sheet.code,
            url_name="complaints:sheet",
            url_args=(case.key, sheet.code),
        )
        for sheet in HOUSE_FORMS
        if sheet.form_number in used
    ]
