"""What a complaint shows on its page, and the paper forms it prints."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.process import words as w
from yingsheng.processes.complaints.queries.departments import find_department
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.queries.sheets import handling_limit, reported_to, steps_of_superiors
from yingsheng.processes.complaints.rules.classify import missing_elements

ELEMENTS = {  # C-09
    "event_at": N("发生时间"),
    "event_place": N("地点"),
    "respondent": N("被投诉的人或部门"),
    "demand": N("住户的要求"),
    "name": N("姓名"),
    "building_no": N("房号"),
    "phone": N("电话"),
}
FOLLOW_UPS = {"done": N("已回访"), "exempt": N("免访"), "unhappy": N("回访不满意，整改中")}
_LABELS = {
    "cause": dict(w.CAUSES),
    "situation": dict(w.SITUATIONS),
    "liable": dict(w.LIABLE),
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
        (N("接到投诉的时间"), complaint.heard_at),
        (N("地点"), complaint.place),
        (N("被投诉的人或部门"), complaint.respondent),
        (N("住户的要求"), complaint.demand),
        (N("住户要求的完成时间"), complaint.household_limit_at),
        (N("还没有记的要素"), _missing(case)),
        (N("情况"), _word("situation", complaint.situation)),
        (N("原因"), _word("cause", complaint.cause)),
        (N("责任方"), _word("liable", complaint.liable)),
        (N("建议派发"), _proposed(case)),
        (N("另一户"), complaint.other_room.label if complaint.other_room else ""),
        (N("与另一户的联系"), complaint.other_contact),
        (N("止损措施"), complaint.harm_measure),
        (N("核实结果"), complaint.verification),
        (N("告知了谁"), complaint.contacted_person),
        (N("约定答复时间"), complaint.agreed_reply_at),
        (N("签收人"), complaint.signed_for_by.name if complaint.signed_for_by else ""),
        (N("签收时间"), complaint.signed_for_at),
        (N("方案"), complaint.plan),
        (N("外部单位"), complaint.external_body),
        (N("处理方式"), complaint.method),
        (N("处理结果"), complaint.result),
        (N("另一条途径"), complaint.alternative),
        (N("防止再次发生的措施"), complaint.prevention),
        (N("没有上门的原因"), complaint.no_visit_reason),
        (N("住户意见"), complaint.opinion),
        (N("签名人"), complaint.signed_by),
        (N("记录签认"), _confirmed(complaint)),
        (N("询问部门"), complaint.asked_question),
        (N("部门答复"), complaint.asked_answer),
        (N("白班接件"), complaint.taken_over_by.name if complaint.taken_over_by else ""),
        (N("跟踪人"), complaint.tracker.name if complaint.tracker else ""),
        (N("首先听到的员工"), complaint.first_heard_by.name if complaint.first_heard_by else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _proposed(case: Any) -> str:
    """The department the site's table names for the category, until the matter is given to one (C-27)."""
    if case.state not in ("registered", "classified") or case.department_id is not None:
        return ""
    found = find_department(site=case.site, category=case.category, at=case.received_at)
    return f"{found.name} (C-27)" if found is not None else ""


def _missing(case: Any) -> str:
    """What C-09 wants of every record and this one does not hold yet, while it is still open."""
    if case.closed_at is not None or case.complaint.is_group:
        return ""
    complaint = case.complaint
    held = {
        "event_at": complaint.happened_at,
        "event_place": complaint.place,
        "respondent": complaint.respondent or complaint.respondent_staff_id,
        "demand": complaint.demand,
        "name": case.caller_name,
        "building_no": case.room_id or complaint.place,
        "phone": case.caller_phone,
    }
    figures = figures_under(site=case.site, at=case.received_at)
    return _("、").join(str(_(ELEMENTS[name])) for name in missing_elements(figures=figures, held=held))


def _confirmed(complaint: Any) -> str:
    """Who confirmed the record, when, on which paper (C-11)."""
    if complaint.record_confirmed_at is None:
        return ""
    when = timezone.localtime(complaint.record_confirmed_at).strftime("%Y-%m-%d %H:%M")
    parts = (complaint.record_confirmed_by, when, complaint.record_reference, complaint.record_statement)
    return " · ".join(part for part in parts if part)


def _context(case: Any) -> dict[str, Any]:
    complaint = case.complaint
    return {"case": case, "complaint": complaint, "liable_word": _word("liable", complaint.liable)}


def _handling(case: Any) -> dict[str, Any]:
    """FM-04: with the limit the department had to keep, and what the visit afterwards showed (C-31)."""
    visit = str(_(FOLLOW_UPS.get(case.complaint.follow_up, "")) or "")
    return {**_context(case), "limit": handling_limit(case=case), "visit_word": visit}


def _slip(case: Any) -> dict[str, Any]:
    """FM-19: each step to a superior and each instruction, with who and when (C-53)."""
    return {**_context(case), "steps": [_step_line(event) for event in steps_of_superiors(case=case)]}


def _step_line(event: Any) -> tuple[Any, str, str, str]:
    if event.kind == "complaints.decided":
        return event.at, event.by.name if event.by else "", _("批示"), event.data["decision"]
    role = dict(w.ROLES_ABOVE).get(event.data["to"], "")
    what = _("上报%(to)s") % {"to": _(role) if role else event.data["to"]}
    return event.at, event.by.name if event.by else "", what, event.data["reason"]


def _special(case: Any) -> dict[str, Any]:
    """FM-20: to whom the event was reported, and when (X-05)."""
    people, at = reported_to(case=case)
    return {**_context(case), "reported_to": _("、").join(people), "reported_at": at}


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
        build=_handling,
    ),
    Sheet(
        code="memo",
        title=N("工作联系单"),
        form_number="FM-06",
        template="complaints/sheets/memo.html",
        build=_handling,
        copies=(N("存根"), N("执行")),
    ),
    Sheet(
        code="special",
        title=N("特别事件报告"),
        form_number="FM-20",
        template="complaints/sheets/special.html",
        build=_special,
    ),
    Sheet(
        code="slip",
        title=N("工作传签单"),
        form_number="FM-19",
        template="complaints/sheets/slip.html",
        build=_slip,
    ),
    Sheet(
        code="opinion",
        title=N("用户意见受理表"),
        form_number="FM-02",
        template="complaints/sheets/opinion.html",
        build=_context,
    ),
)
