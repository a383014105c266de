"""Release passes, visitors and deposits of a test site, made by the services themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.visitors.models import GateKey, Pass, Visitor
from yingsheng.processes.visitors.services.deposits import take_deposit
from yingsheng.processes.visitors.services.passes import issue_pass
from yingsheng.processes.visitors.services.visits import register_visitor

PDF = b"%PDF-1.4 a"


@contextmanager
def travel(at: datetime) -> Iterator[None]:
    """A request made at another moment."""
    with patch("yingsheng.ui.desk.timezone.now", return_value=at):
        yield


def make_pass(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Pass:
    """A pass that the owner asked for himself."""
    values: dict[str, Any] = {
        "room": "3-2-1802", "applicant": "钱女士", "relation": "owner", "items": "双门冰箱 1 大件\n纸箱 12",
    }  # fmt: skip
    return issue_pass(actor=cast.actor("front", at), at=at, **{**values, **fields})


def make_visitor(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Visitor:
    """Somebody who wants to see a home and waits."""
    values: dict[str, Any] = {"name": "施先生", "host_kind": "home", "room": "3-2-1802", "purpose": "走亲戚"}
    return register_visitor(actor=cast.actor("lobby", at), at=at, **{**values, **fields})


def make_deposit(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Item:
    """An article that a home left at the lobby desk."""
    values: dict[str, Any] = {
        "kind": "deposit", "name": "行李箱", "condition": "完好，锁着", "giver": "钱女士", "place": "大堂柜2格",
        "room": "3-2-1802",
    }  # fmt: skip
    return take_deposit(actor=cast.actor("lobby", at), at=at, **{**values, **fields})


def make_gate_records(cast: Cast) -> dict[str, Any]:
    """One of each, by the code of its register, and a photo of the deposit."""
    deposit = make_deposit(cast, photos=[ContentFile(PDF, name="a.pdf")])
    row = make_pass(
        cast, relation="tenant", consent_way="letter", consent_name="钱女士", letter=[ContentFile(PDF, name="a.pdf")]
    )  # fmt: skip
    return {
        "passes": row, "pass_file": list_attachments(subject=row)[0],
        "gate_keys": GateKey.objects.get(site=cast.site),
        "visitors": make_visitor(cast), "deposits": deposit,
        "deposit_file": list_attachments(subject=deposit)[0],
    }  # fmt: skip
