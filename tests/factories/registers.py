"""One record of every register of a test site, made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.patrols import make_finding, make_patrol_records, make_visit, make_walk

from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.notices.models import Notice
from yingsheng.processes.notices.services import report_notice
from yingsheng.processes.registers.models import KeyCustomer, Knowledge, Plan, TypicalCase
from yingsheng.processes.registers.services.customers import approve_customer, propose_customer
from yingsheng.processes.registers.services.knowledge import approve_knowledge, write_knowledge
from yingsheng.processes.registers.services.plans import hand_in_plan, open_plan
from yingsheng.processes.registers.services.typical import write_typical

PDF = b"%PDF-1.4 a"


def make_notice(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Notice:
    """A power cut that somebody reported and that was passed on at once."""
    values: dict[str, Any] = {
        "kind": "power", "title": "三栋停电", "text": "检修配电箱，请提前保存资料。", "publish": True,
        "starts_at": at + timedelta(hours=2), "ends_at": at + timedelta(hours=6),
    }  # fmt: skip
    return report_notice(actor=cast.actor("front"), at=at, **{**values, **fields})


def make_customer(
    cast: Cast, *, at: datetime = MONDAY_NINE, approved: bool = True, **fields: Any
) -> KeyCustomer:
    """A home that gets particular care."""
    values: dict[str, Any] = {
        "room": "3-2-1802", "reason": "vulnerable", "why": "独居老人", "care_by": cast.assistant, "every_days": 7
    }  # fmt: skip
    row = propose_customer(actor=cast.actor("front"), at=at, **{**values, **fields})
    return approve_customer(actor=cast.actor("supervisor"), record=row, at=at) if approved else row


def make_typical(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> TypicalCase:
    """A case worth telling, not published yet."""
    values: dict[str, Any] = {
        "title": "半夜爆管", "category": "repair", "summary": "夜班先关总阀，再逐户敲门。",
        "learned": "先止损，再追原因。",
    }  # fmt: skip
    return write_typical(actor=cast.actor("front"), at=at, **{**values, **fields})


def make_knowledge(
    cast: Cast, *, at: datetime = MONDAY_NINE, approved: bool = True, **fields: Any
) -> Knowledge:
    """A ready answer in use."""
    values: dict[str, Any] = {
        "question": "门禁卡丢了怎么补", "answer": "带证件到前台挂失补办。", "category": "access",
        "keywords": "门禁卡 补办",
    }  # fmt: skip
    row = write_knowledge(actor=cast.actor("front"), at=at, **{**values, **fields})
    return approve_knowledge(actor=cast.actor("supervisor"), record=row, at=at) if approved else row


def make_plan(cast: Cast, *, at: datetime = MONDAY_NINE, handed_in: bool = True, **fields: Any) -> Plan:
    """A plan of a year, handed in with its file."""
    values: dict[str, Any] = {"kind": "hazard", "year": 2026, "drafter": cast.supervisor}
    row = open_plan(actor=cast.actor("supervisor"), at=at, **{**values, **fields})
    if not handed_in:
        return row
    files = [ContentFile(PDF, name="a.pdf")]
    return hand_in_plan(
        actor=cast.actor("supervisor"), record=row, at=at, contribution="列出前台的危险源", files=files
    )  # fmt: skip


def make_records(cast: Cast) -> dict[str, Any]:
    """One of each, by the code of its register, and the file of the plan."""
    plan = make_plan(cast)
    return {
        "bulletins": make_notice(cast), "key_customers": make_customer(cast), "typical_cases": make_typical(cast),
        "knowledge": make_knowledge(cast), "plans": plan, "plan_file": list_attachments(subject=plan)[0],
        **make_patrol_records(cast),
    }  # fmt: skip


def make_more(cast: Cast) -> None:
    """Several more of each, also for whoever may do everything."""
    for number in range(5):
        make_notice(cast, title=f"停电{number}")
        make_typical(cast, title=f"案例{number}")
        make_knowledge(cast, question=f"第{number}个问题", approved=bool(number % 2))
        make_walk(cast, name=f"路线{number}")
        make_finding(cast, text=f"第{number}盏灯不亮")
    for number in range(1, 4):
        make_customer(cast, room=f"3-2-{1802 + number}")
        make_visit(cast, room=f"3-2-{1802 + number}")
    for kind in ("service", "annual", "budget"):
        make_plan(cast, kind=kind)
