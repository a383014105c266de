"""The paper of a visit: 回访记录 (FM-28), 业户访问记录 (FM-18) and, of a survey, 业户满意度调查回访记录 (FM-30)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import Sheet
from yingsheng.base.shown import Printable
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.process.forms import GRADES, KINDS, MODES
from yingsheng.processes.followups.queries import done_words, filed_with, find_signature


def _paper(follow_up: Any) -> dict[str, Any]:
    """What fills the sheets of a visit; before it was made, its lines are left for the pen."""
    grades, modes = dict(GRADES), dict(MODES)
    drawn = find_signature(follow_up=follow_up)
    case = follow_up.case
    matter = getattr(case, "visit_matter", None)
    people = [visit.staff.name for visit in follow_up.visits.select_related("staff").order_by("pk")]
    return {
        "case": case,
        "follow_up": follow_up,
        "visitors": "、".join(people) or (follow_up.assigned.name if follow_up.assigned else ""),
        "mode": _(modes[follow_up.mode]) if follow_up.mode in modes else "",
        "scores": [
            (label, _(grades[str(score)]) if score is not None else "")
            for label, score in (
                (_("质量"), follow_up.quality),
                (_("效果"), follow_up.effect),
                (_("满意程度"), follow_up.satisfaction),
            )
        ],
        "grades": [_(label) for label in grades.values()],
        "answer": done_words(follow_up=follow_up),
        "kind": _(dict(KINDS)[matter.kind]) if matter is not None else "",
        "matter": matter,
        # F-10, and C-63 for the answer that came before it
        "no_visit_reason": follow_up.no_visit_reason
        or getattr(getattr(case, "complaint", None), "no_visit_reason", ""),
        "signature": f"data:image/png;base64,{b64encode(drawn).decode()}" if drawn else "",
    }


SHEETS = (
    Sheet(
        code="visit_record",
        title=N("回访记录"),
        form_number="FM-28",
        template="followups/sheets/visit_record.html",
        build=_paper,
    ),
    Sheet(
        code="visit_call",
        title=N("业户访问记录"),
        form_number="FM-18",
        template="followups/sheets/visit_call.html",
        build=_paper,
    ),
    Sheet(
        code="survey_visit",
        title=N("业户满意度调查回访记录"),
        form_number="FM-30",
        template="followups/sheets/survey_visit.html",
        build=_paper,
    ),
)


def sheets_for(*, matter: str) -> tuple[Sheet, ...]:
    """The sheets of a visit: a survey has one of its own (F-19)."""
    if matter == "survey":
        return tuple(sheet for sheet in SHEETS if sheet.code == "survey_visit")
    return tuple(sheet for sheet in SHEETS if sheet.code != "survey_visit")


def which(*, row: dict[str, Any]) -> str:
    """Which visit a row of `filed_with` is: the home, or the how-manieth."""
    words = str(row["words"])
    return _("第%(round)s次") % {"round": words} if words.isdecimal() else words


def printable(case: Any) -> list[Printable]:
    """The sheets of every visit that is not cancelled, in the print menu of the case."""
    return [
        Printable(
            title=_("%(title)s（%(which)s）") % {"title": _(sheet.title), "which": which(row=row)},
            form_number=sheet.form_number,
            mark=f"{sheet.code}:{row['pk']}",
            url_name="followups:sheet",
            url_args=(row["pk"], sheet.code),
        )
        for row in filed_with(case=case)
        if row["what"] == "visit" and row["stage"] not in (FollowUp.State.VOID, FollowUp.State.RESERVE)
        for sheet in sheets_for(matter=row["detail"])
    ]
