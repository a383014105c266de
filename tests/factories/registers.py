"""One record of every register of a test site, made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from tests.factories.cash import make_cash_records, make_more_cash
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.duty import make_calls, make_duty, make_more_duty, miss_call
from tests.factories.keys import make_keys, make_more_keys
from tests.factories.knowledge import make_article, make_gap
from tests.factories.mail import make_mail_records, make_more_mail
from tests.factories.patrols import make_finding, make_patrol_records, make_visit, make_walk
from tests.factories.sales import make_more_projects, make_project
from tests.factories.sales_books import make_more_sales_books, make_sales_books
from tests.factories.sales_deals import make_deal_records, make_more_deals
from tests.factories.turns import make_more_turns, make_turn_records
from tests.factories.visitors import make_deposit, make_gate_records, make_pass, make_visitor

from yingsheng.kernel.calls.models import Exchange
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.notices.models import Notice
from yingsheng.processes.notices.services import report_notice
from yingsheng.processes.registers.models import KeyCustomer, Plan, TypicalCase
from yingsheng.processes.registers.services.customers import approve_customer, propose_customer
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
        "knowledge": make_article(cast), "gaps": make_gap(cast),
        "plans": plan, "plan_file": list_attachments(subject=plan)[0],
        **make_turn_records(cast), **make_duty(cast), **make_calls(cast),
        **make_patrol_records(cast), **make_keys(cast), **make_mail_records(cast), **make_cash_records(cast),
        **make_gate_records(cast), "sales_projects": make_project(cast), **make_sales_books(cast),
        **make_deal_records(cast),
    }  # fmt: skip


def make_more(cast: Cast) -> None:
    """Several more of each, also for whoever may do everything."""
    for number in range(5):
        make_notice(cast, title=f"停电{number}")
        make_typical(cast, title=f"案例{number}")
        make_article(cast, title=f"第{number}个问题", approved=bool(number % 2))
        make_gap(cast, words=f"没有的东西{number}")
        make_walk(cast, name=f"路线{number}")
        make_finding(cast, text=f"第{number}盏灯不亮")
        make_pass(cast)
        make_visitor(cast, name=f"客人{number}")
        make_deposit(cast, name=f"箱子{number}")
    for number in range(1, 4):
        make_customer(cast, room=f"3-2-{1802 + number}")
        make_visit(cast, room=f"3-2-{1802 + number}")
    make_more_duty(cast)
    exchange = Exchange.objects.get(site=cast.site)
    for number in range(1, 7):
        miss_call(exchange=exchange, number=number)
    for kind in ("service", "annual", "budget"):
        make_plan(cast, kind=kind)
    make_more_turns(cast)
    make_more_keys(cast)
    make_more_mail(cast)
    make_more_cash(cast)
    make_more_projects(cast)
    make_more_sales_books(cast)
    make_more_deals(cast)
