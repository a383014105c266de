"""The registers of visits, inspections and the work diary as declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.patrols.models import Visit
from yingsheng.processes.patrols.process import forms
from yingsheng.processes.patrols.process.books import ARRANGE, SEE, WALK
from yingsheng.processes.patrols.queries import inspecting, visiting
from yingsheng.processes.patrols.queries.walking import matter_of
from yingsheng.processes.patrols.services import inspecting as inspections
from yingsheng.processes.patrols.services import visiting as visits

INSPECT = "patrols.inspect"


def _home(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """A visit to a home that was asked for by its room."""
    return {"room": asked.removeprefix("home-")} if asked.startswith("home-") else {}


def _not_passed(*, actor: Actor, record: Visit) -> bool:
    return record.case_id is None


def _score(row: Any) -> int:
    """Of a hundred: the share of items in order (W-02)."""
    return (row.checked_count - row.fault_count) * 100 // row.checked_count if row.checked_count else 100


VISITS = RecordBook(
    code="household_visits", title=N("走访"), icon="home",
    hint=N("每天走访几户，一年内走遍每一户；意见转报修、投诉或建议。"), rules=("G-03", "G-04"), see=SEE,
    states=(
        State(code="planned", label=N("待走访"), tone="soon"),
        State(code="met", label=N("已走访"), tone="met", final=True),
        State(code="absent", label=N("家中无人"), tone="waiting", final=True),
        State(code="refused", label=N("不愿接受"), tone="waiting", final=True),
        State(code="dropped", label=N("不再走访"), final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.household.room.label),
    attrs=(
        Attr(name="day", label=N("日期"), value=lambda row: row.day, kind="date", listed=True),
        Attr(name="staff", label=N("走访人"), value=lambda row: row.staff.name, listed=True),
        Attr(name="visited_at", label=N("走访时间"), value=lambda row: row.visited_at, kind="moment"),
        Attr(name="person_met", label=N("见到了谁"), value=lambda row: row.person_met, listed=True),
        Attr(name="publicity", label=N("宣传了什么"), value=lambda row: row.publicity, wide=True),
        Attr(name="opinions", label=N("住户的意见"), value=lambda row: row.opinions, wide=True, listed=True),
        Attr(name="outcome", label=N("怎么答复的"), value=lambda row: row.outcome, wide=True),
        Attr(name="next_step", label=N("下一步"), value=lambda row: row.next_step, wide=True),
        Attr(name="case", label=N("转成的事项"), value=matter_of, listed=True),
        Attr(name="arranged_by", label=N("安排人"), value=lambda row: row.arranged_by.name if row.arranged_by else ""),
    ),
    rows=visiting.list_visits, find=visiting.find_visit, newest_by="made_at",
    verbs=(
        Verb(
            code="record", form=forms.VISIT_RECORD, permission=WALK, run=visits.record_planned, sources=("planned",)
        ),
        Verb(
            code="pass_on", form=forms.PASS_ON, permission=WALK, run=visits.pass_on_visit, sources=("met",),
            fits=_not_passed,
        ),
        Verb(code="drop", form=forms.VISIT_DROP, permission=ARRANGE, run=visits.drop_visit, sources=("planned",)),
    ),
    create=forms.VISIT, create_permission=WALK, make=visits.record_visit, start=_home,
)  # fmt: skip

INSPECTIONS = RecordBook(
    code="inspections", title=N("日常检查"), icon="user-check",
    hint=N("主管每天至少看一次员工的仪容和工作，逐项记下，写入工作日记。"), rules=("G-06", "W-02"), see=INSPECT,
    states=(
        State(code="fine", label=N("合格"), tone="met", final=True),
        State(code="faulty", label=N("有不合格项"), tone="late", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.staff.name),
    attrs=(
        Attr(name="at", label=N("检查时间"), value=lambda row: row.at, kind="moment", listed=True),
        Attr(name="by", label=N("检查人"), value=lambda row: row.by.name, listed=True),
        Attr(
            name="checked_count", label=N("检查项数"), value=lambda row: row.checked_count, kind="number", listed=True
        ),
        Attr(name="fault_count", label=N("不合格项数"), value=lambda row: row.fault_count, kind="number", listed=True),
        Attr(name="score", label=N("得分"), value=_score, kind="number", listed=True),
        Attr(name="faults", label=N("不合格项"), value=lambda row: row.faults, wide=True),
        Attr(name="note", label=N("当场怎么说的、要怎么改"), value=lambda row: row.note, wide=True),
    ),
    rows=inspecting.list_inspections, find=inspecting.find_inspection, newest_by="at", verbs=(),
    create=forms.INSPECT, create_permission=INSPECT, make=inspections.inspect_staff,
)  # fmt: skip

DIARY = RecordBook(
    code="work_diary", title=N("工作日记"), icon="notebook",
    hint=N("每天检查了谁、查了本组什么服务、来人来电的事项；写了就不改。"), rules=("G-06", "G-07", "Z-07"), see=INSPECT,
    states=(State(code="written", label=N("已记"), tone="met", final=True),),
    state_of=lambda row: str(row.state), name=lambda row: row.text.splitlines()[0][:40] if row.text else "",
    attrs=(
        Attr(name="kind", label=N("类别"), value=lambda row: row.kind, words=dict(forms.DIARY_KINDS), listed=True),
        Attr(name="text", label=N("内容"), value=lambda row: row.text, wide=True),
        Attr(name="measure", label=N("怎么处理"), value=lambda row: row.measure, wide=True, listed=True),
        Attr(name="by", label=N("写的人"), value=lambda row: row.by.name, listed=True),
        Attr(name="at", label=N("写的时间"), value=lambda row: row.at, kind="moment", listed=True),
    ),
    rows=inspecting.list_diary, find=inspecting.find_entry, newest_by="at", verbs=(),
    create=forms.ENTRY, create_permission=INSPECT, make=inspections.write_entry,
)  # fmt: skip


def visit_words(row: Visit) -> str:
    """How a visit ended, in the reader's language."""
    return str(_(Visit.State(row.state).label))
