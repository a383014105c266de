"""What somebody owes the registers stands on his first page."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.cast import Cast
from tests.factories.registers import make_customer, make_plan
from tests.processes.story import NINE

from yingsheng.base.process import processes


def test_contacts_and_plans_that_fall_due_are_named(cast: Cast) -> None:
    make_customer(cast)
    make_customer(cast, room="3-2-1803", every_days=30)
    make_plan(cast, drafter=cast.assistant, handed_in=False)
    today = processes.get("registers").today
    assert today is not None
    assert today(actor=cast.actor("assistant"), now=NINE - timedelta(days=1)) == []
    (found,) = today(actor=cast.actor("assistant"), now=NINE + timedelta(days=26))
    assert [line.text for line in found.lines] == [
        "联系重点客户 · 3栋2单元1802", "联系重点客户 · 3栋2单元1803", "编制方案 · 危险源管理方案",
    ]  # fmt: skip
