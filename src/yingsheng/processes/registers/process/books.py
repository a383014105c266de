"""The three registers as declared: what is shown of a record and what may be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.registers import queries
from yingsheng.processes.registers.process import forms
from yingsheng.processes.registers.services import customers, plans, typical

CARE, APPROVE = "registers.care", "registers.approve"
WRITE_TYPICAL, PLAN = "registers.write_typical", "registers.plan"
SEE = "registers.see"


def _join(words: list[str]) -> str:
    return str(_("、")).join(words)


def _contacts(row: Any) -> str:
    found = sorted(row.contacts.all(), key=lambda one: one.at, reverse=True)[:5]
    return "\n".join(f"{timezone.localtime(one.at):%Y-%m-%d} {one.by.name}：{one.summary}" for one in found)


def _from_case(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """What a case gives for a new key customer: its home and its number; or a home asked for by its number."""
    if asked.startswith("home-"):
        return {"room": asked.removeprefix("home-")}
    case = queries.case_named(actor=actor, number=asked)
    if case is None:
        return {"care_by": actor.staff.pk}
    person = case.person
    return {
        "room": case.room.key if case.room is not None else "", "number": case.number, "care_by": actor.staff.pk,
        "contact_name": (person.call_as or person.name) if person is not None else case.caller_name,
    }  # fmt: skip


def _typical_from(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    case = queries.case_named(actor=actor, number=asked)
    return {} if case is None else {"number": case.number}


def _unread(*, actor: Actor, record: Any) -> bool:
    return all(read.staff_id != actor.staff.pk for read in record.reads.all())


def _plan_year(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    return {"year": timezone.localtime(at).year + 1, "drafter": actor.staff.pk}


CUSTOMERS = RecordBook(
    code="key_customers", title=N("重点客户"), icon="star",
    hint=N("哪些住户要格外关照，为什么，多久联系一次，下一次是什么时候。"), rules=("Z-05",), see=CARE,
    states=(
        State(code="proposed", label=N("待审批"), tone="soon"),
        State(code="active", label=N("在册"), tone="met"),
        State(code="removed", label=N("已移出"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.household.room.label),
    attrs=(
        Attr(name="contact_name", label=N("联系人"), value=lambda row: row.contact_name, listed=True),
        Attr(name="reason", label=N("类别"), value=lambda row: row.reason, words=dict(forms.REASONS), listed=True),
        Attr(name="why", label=N("为什么"), value=lambda row: row.why, wide=True),
        Attr(name="care_by", label=N("由谁联系"), value=lambda row: row.care_by.name, listed=True),
        Attr(
            name="every_days", label=N("多少天联系一次"), value=lambda row: row.every_days, kind="number", listed=True,
        ),
        Attr(
            name="last_contact_at", label=N("上次联系"), value=lambda row: row.last_contact_at, kind="moment",
            listed=True,
        ),
        Attr(
            name="next_contact_at", label=N("下次联系"), value=lambda row: row.next_contact_at, kind="moment",
            listed=True,
        ),
        Attr(name="contacts", label=N("最近的联系"), value=_contacts, wide=True),
        Attr(name="case", label=N("由哪件事而来"), value=lambda row: row.case.number if row.case else ""),
        Attr(name="proposed_by", label=N("提请人"), value=lambda row: row.proposed_by.name),
        Attr(name="proposed_at", label=N("提请时间"), value=lambda row: row.proposed_at, kind="moment"),
        Attr(name="approved_by", label=N("批准人"), value=lambda row: row.approved_by.name if row.approved_by else ""),
        Attr(name="approved_at", label=N("批准时间"), value=lambda row: row.approved_at, kind="moment"),
        Attr(name="removed_reason", label=N("移出原因"), value=lambda row: row.removed_reason, wide=True),
    ),
    rows=queries.list_customers, find=queries.find_customer, newest_by="proposed_at",
    verbs=(
        Verb(
            code="approve", form=forms.CUSTOMER_APPROVE, permission=APPROVE, run=customers.approve_customer,
            sources=("proposed",),
        ),
        Verb(
            code="contact", form=forms.CUSTOMER_CONTACT, permission=CARE, run=customers.contact_customer,
            sources=("active",),
        ),
        Verb(
            code="replan", form=forms.CUSTOMER_REPLAN, permission=APPROVE, run=customers.replan_customer,
            sources=("active",), fill=lambda row: {"care_by": row.care_by_id, "every_days": row.every_days},
        ),
        Verb(
            code="remove", form=forms.CUSTOMER_REMOVE, permission=APPROVE, run=customers.remove_customer,
            sources=("proposed", "active"),
        ),
    ),
    create=forms.CUSTOMER, create_permission=CARE, make=customers.propose_customer, start=_from_case,
)  # fmt: skip

TYPICAL = RecordBook(
    code="typical_cases", title=N("典型案例"), icon="bulb",
    hint=N("从办过的事里学到什么；不写姓名、电话和房号，批准后给大家读。"), rules=("Z-06", "B-10"), see=SEE,
    states=(
        State(code="draft", label=N("待审批"), tone="soon"),
        State(code="published", label=N("已公布"), tone="met"),
        State(code="adopted", label=N("已定为项目要求"), tone="met", final=True),
        State(code="retired", label=N("已撤下"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.title),
    attrs=(
        Attr(
            name="category", label=N("类别"), value=lambda row: row.category, words=dict(forms.CATEGORIES), listed=True,
        ),
        Attr(name="summary", label=N("经过"), value=lambda row: row.summary, wide=True),
        Attr(name="learned", label=N("学到什么"), value=lambda row: row.learned, wide=True),
        Attr(name="requirement_number", label=N("要求编号"), value=lambda row: row.requirement_number, listed=True),
        Attr(
            name="requirement_date", label=N("生效日期"), value=lambda row: row.requirement_date, kind="date",
            listed=True,
        ),
        Attr(name="requirement_text", label=N("要求内容"), value=lambda row: row.requirement_text, wide=True),
        Attr(name="written_by", label=N("写的人"), value=lambda row: row.written_by.name, listed=True),
        Attr(name="written_at", label=N("写的时间"), value=lambda row: row.written_at, kind="moment"),
        Attr(
            name="published_by", label=N("批准人"), value=lambda row: row.published_by.name if row.published_by else "",
        ),
        Attr(name="published_at", label=N("公布时间"), value=lambda row: row.published_at, kind="moment"),
        Attr(
            name="read_count", label=N("已读人数"), value=lambda row: len(row.reads.all()), kind="number", listed=True,
        ),
        Attr(
            name="read_by", label=N("已读的人"), value=lambda row: _join([one.staff.name for one in row.reads.all()]),
            wide=True,
        ),
    ),
    rows=queries.list_typical, find=queries.find_typical, newest_by="written_at",
    verbs=(
        Verb(
            code="publish", form=forms.TYPICAL_PUBLISH, permission=APPROVE, run=typical.publish_typical,
            sources=("draft",),
        ),
        Verb(
            code="read", form=forms.TYPICAL_READ, permission=SEE, run=typical.read_typical,
            sources=("published", "adopted"), fits=_unread,
        ),
        Verb(
            code="rewrite", form=forms.TYPICAL_REWRITE, permission=WRITE_TYPICAL, run=typical.rewrite_typical,
            sources=("draft",),
            fill=lambda row: {
                "title": row.title, "category": row.category, "summary": row.summary, "learned": row.learned,
            },
        ),
        Verb(
            code="adopt", form=forms.TYPICAL_ADOPT, permission=APPROVE, run=typical.adopt_typical,
            sources=("published",),
        ),
        Verb(
            code="retire", form=forms.TYPICAL_RETIRE, permission=APPROVE, run=typical.retire_typical,
            sources=("draft", "published", "adopted"),
        ),
    ),
    create=forms.TYPICAL, create_permission=WRITE_TYPICAL, make=typical.write_typical, start=_typical_from,
)  # fmt: skip

PLANS = RecordBook(
    code="plans", title=N("计划与方案"), icon="calendar",
    hint=N("服务方案、年度计划和预算由中心编制，危险源和环境因素方案由中心参与；到期要交，批准后留存。"),
    rules=("Z-01", "X-10"), see=PLAN,
    states=(
        State(code="due", label=N("待编制"), tone="soon"),
        State(code="drafted", label=N("待审批"), tone="waiting"),
        State(code="approved", label=N("已批准"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.year} {_(row.get_kind_display())}",
    attrs=(
        Attr(name="kind", label=N("种类"), value=lambda row: row.kind, words=dict(forms.PLANS), listed=True),
        Attr(name="year", label=N("年度"), value=lambda row: row.year, kind="number", listed=True),
        Attr(name="drafter", label=N("由谁编制"), value=lambda row: row.drafter.name, listed=True),
        Attr(name="due_date", label=N("完成日期"), value=lambda row: row.due_date, kind="date", listed=True),
        Attr(name="contribution", label=N("客服中心做了什么"), value=lambda row: row.contribution, wide=True),
        Attr(name="file_count", label=N("文件数"), value=lambda row: row.file_count, kind="number", listed=True),
        Attr(name="drafted_at", label=N("上交时间"), value=lambda row: row.drafted_at, kind="moment"),
        Attr(name="returned_reason", label=N("退回原因"), value=lambda row: row.returned_reason, wide=True),
        Attr(
            name="approved_by", label=N("批准人"),
            value=lambda row: row.approved_by.name if row.approved_by else "", listed=True,
        ),
        Attr(name="approved_at", label=N("批准时间"), value=lambda row: row.approved_at, kind="moment"),
        Attr(name="opened_by", label=N("登记人"), value=lambda row: row.opened_by.name),
    ),
    rows=queries.list_plans, find=queries.find_plan, newest_by="opened_at",
    verbs=(
        Verb(
            code="draft", form=forms.PLAN_DRAFT, permission=PLAN, run=plans.hand_in_plan, sources=("due", "drafted"),
            fill=lambda row: {"contribution": row.contribution},
        ),
        Verb(code="approve", form=forms.PLAN_APPROVE, permission=APPROVE, run=plans.approve_plan, sources=("drafted",)),
        Verb(code="return", form=forms.PLAN_RETURN, permission=APPROVE, run=plans.return_plan, sources=("drafted",)),
    ),
    create=forms.PLAN, create_permission=PLAN, make=plans.open_plan, start=_plan_year,
)  # fmt: skip

BOOKS = (CUSTOMERS, TYPICAL, PLANS)
