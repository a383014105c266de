"""The register of projects; the board in the menu, the printed list (FM-63)."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import MenuEntry, Sheet, State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.process import queue_forms as forms
from yingsheng.processes.salesdesk.queries import allow
from yingsheng.processes.salesdesk.queries.queue import find_project, list_projects
from yingsheng.processes.salesdesk.services import listing

GROUP = N("售楼接待")


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


PROJECTS = RecordBook(
    code="sales_projects", title=N("项目"), icon="building-store",
    hint=N("每个项目一张轮排表；停售后名单和记录都留着。"), rules=("J-01",), see=allow.BOARD,
    states=(
        State(code="selling", label=N("在售"), tone="met"),
        State(code="closed", label=N("停售"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.name),
    attrs=(
        Attr(name="number", label=N("编号"), value=lambda row: row.number, kind="code", listed=True),
        Attr(name="opened_at", label=N("开设时间"), value=lambda row: row.opened_at, kind="moment", listed=True),
        Attr(name="opened_by", label=N("开设人"), value=lambda row: row.opened_by.name, listed=True),
        Attr(name="last_number", label=N("轮排记录"), value=lambda row: row.last_number, kind="number", listed=True),
        Attr(name="reason", label=N("停售原因"), value=lambda row: row.reason, wide=True),
    ),
    rows=list_projects, find=find_project, newest_by="opened_at",
    verbs=(
        Verb(code="close", form=forms.CLOSE, permission=allow.SET, run=listing.close_project, sources=("selling",)),
    ),
    create=forms.PROJECT, create_permission=allow.SET, make=listing.open_project,
)  # fmt: skip
ROTATION_SHEET = Sheet(
    code="sales_rotation", title=N("轮排表"), form_number="FM-63", template="salesdesk/sheets/rotation.html",
    build=_as_is,
)  # fmt: skip
BOOKS: tuple[RecordBook, ...] = (PROJECTS,)
MENU: tuple[MenuEntry, ...] = (
    MenuEntry(
        group=GROUP, label=N("轮排板"), icon="refresh", url_name="salesdesk:board", permission=allow.BOARD, order=130,
    ),
    MenuEntry(
        group=GROUP, label=N("项目"), icon="building-store", url_name="salesdesk:sales_projects",
        permission=allow.SET, order=140,
    ),
)  # fmt: skip
SHEETS: tuple[Sheet, ...] = (ROTATION_SHEET,)
