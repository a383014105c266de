"""What a complaint shows on its page, and the paper forms it prints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.process import words as w

_LABELS = {
    "cause": dict(w.CAUSES),
    "situation": dict(w.SITUATIONS),
}


def _word(field: str, code: str) -> str:
    label = _LABELS[field].get(code, "")
    return str(_(label)) if label else ""


def describe(case: Any) -> list[tuple[str, Any]]:
    """(label, value) pairs of what is known of a complaint, empty ones left out; labels are message ids."""
    complaint = case.complaint
    rows = [
        (N("经过"), case.body),
        (N("发生时间"), complaint.happened_at),
        (N("地点"), complaint.place),
        (N("被投诉的人或部门"), complaint.respondent),
        (N("住户的要求"), complaint.demand),
        (N("住户要求的完成时间"), complaint.household_limit_at),
        (N("情况"), _word("situation", complaint.situation)),
        (N("原因"), _word("cause", complaint.cause)),
        (N("核实结果"), complaint.verification),
        (N("告知了谁"), complaint.contacted_person),
        (N("约定答复时间"), complaint.agreed_reply_at),
        (N("方案"), complaint.plan),
        (N("外部单位"), complaint.external_body),
        (N("处理方式"), complaint.method),
        (N("处理结果"), complaint.result),
        (N("另一条途径"), complaint.alternative),
        (N("防止再次发生的措施"), complaint.prevention),
        (N("住户意见"), complaint.opinion),
        (N("签名人"), complaint.signed_by),
        (N("跟踪人"), complaint.tracker.name if complaint.tracker else ""),
        (N("首先听到的员工"), complaint.first_heard_by.name if complaint.first_heard_by else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _context(case: Any) -> dict[str, Any]:
    return {"case": case, "complaint": case.complaint}


SHEETS = (
    Sheet(
        code="register",
        title=N("投诉登记表"),
        form_number="FM-01",
        template="complaints/sheets/register.html",
        build=_context,
    ),
    Sheet(
        code="handling",
        title=N("投诉处理记录表"),
        form_number="FM-04",
        template="complaints/sheets/handling.html",
        build=_context,
    ),
    Sheet(
        code="memo",
        title=N("工作联系单"),
        form_number="FM-06",
        template="complaints/sheets/memo.html",
        build=_context,
        copies=(N("存根"), N("执行")),
    ),
    Sheet(
        code="special",
        title=N("特别事件报告"),
        form_number="FM-20",
        template="complaints/sheets/special.html",
        build=_context,
    ),
)
