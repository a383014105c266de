"""Asking another department at once, and coming back to the owner with its answer (C-43)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.queries import SiteCalendars, list_obligations
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.clocks import CONSULT, decide_clocks
from yingsheng.processes.complaints.rules.facts import stated
from yingsheng.processes.complaints.services.clocks import facts_of, promise_of
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import PROGRESS, tell_household, tell_posts, tell_staff


@transaction.atomic
def ask_department(
    *, case: Case, by: Staff, at: datetime, department: Department, question: str, seen: int | None = None
) -> Case:
    """Ask another department for its part of the solution; it sees the case and owes an answer (C-43)."""
    case, complaint = load(case=case, seen=seen)
    if case.asked_department_id is not None:
        raise Refused(gettext_noop("上次询问的部门还没有答复"), field="department", rule="C-43")
    if case.confidentiality == Case.Confidentiality.SEALED:
        raise Refused(gettext_noop("涉密事项不能请别的部门协助，请当面商量"), rule="C-43")
    if department.pk == case.department_id:
        raise Refused(gettext_noop("这件事本来就在该部门，请选另一个部门"), field="department", rule="C-43")
    take(
        case=case,
        complaint=complaint,
        step="ask",
        at=at,
        case_changes={"asked_department": department},
        complaint_changes={
            "asked_at": at, "asked_question": question, "asked_answer": "", "asked_answered_at": None,
        },
    )  # fmt: skip
    leaders = leaders_of(department=department, at=at)
    _owe_answer(case=case, complaint=complaint, leader=leaders[0] if leaders else None, at=at)
    for staff in leaders:
        tell_staff(case=case, staff=staff, at=at, why="asked", rule="C-43")
    note(
        case=case, kind="asked", by=by, at=at, rule="C-43",
        data={"department": department.name, "question": question, "told": [staff.pk for staff in leaders]},
    )  # fmt: skip
    return case


def _owe_answer(*, case: Case, complaint: Complaint, leader: Staff | None, at: datetime) -> None:
    figures = figures_under(site=case.site, at=at)
    clocks = decide_clocks(facts=facts_of(case=case, complaint=complaint), figures=figures)
    clock = next((one for one in clocks if one.milestone == CONSULT), None)
    if clock is None:
        return
    rounds = list_obligations(subject=case).filter(milestone=CONSULT).count()
    promise = promise_of(
        clock=clock, case=case, calendars=SiteCalendars(site_id=case.site_id), figures=figures, at=at,
        round_=rounds + 1,
    )  # fmt: skip
    timers.arm(site_id=case.site_id, subject=case, promises=[promise], at=at)
    timers.assign(subject=case, staff=leader, milestones=[CONSULT])


@transaction.atomic
def answer_asked(
    *, case: Case, actor: Actor, at: datetime, answer: str, tell: bool = True, seen: int | None = None
) -> Case:
    """The asked department answers; whoever asked hears it, and the owner is told the solution (C-43).

    Refused for anybody of another department: nobody keeps a promise that is not his.
    """
    case, complaint = load(case=case, seen=seen)
    department, by = case.asked_department, actor.staff
    if department is None:
        raise Refused(gettext_noop("没有部门在等着答复"), rule="C-43")
    if department.pk not in actor.department_ids:
        raise Refused(gettext_noop("要由%(department)s的人答复"), rule="C-43", department=department.name)
    take(
        case=case,
        complaint=complaint,
        step="answer_ask",
        at=at,
        case_changes={"asked_department": None},
        complaint_changes={"asked_answer": answer, "asked_answered_at": at},
    )
    timers.meet(subject=case, milestones=[CONSULT], by=by, at=at)
    if case.handler is not None:
        tell_staff(case=case, staff=case.handler, at=at, why="asked_answered", rule="C-43")
    else:
        role = stated(figures_under(site=case.site, at=at), "C-33.responsible")
        tell_posts(case=case, tells=[Tell(role=role, rule="C-43")], at=at, why=f"answered:{case.version}")
    if tell:
        tell_household(case=case, text=PROGRESS, at=at, why=f"asked:{case.version}", rule="C-43", note=answer)
    note(
        case=case, kind="asked_answered", by=by, at=at, rule="C-43",
        data={"department": department.name, "answer": answer, "told": tell},
    )  # fmt: skip
    return case
