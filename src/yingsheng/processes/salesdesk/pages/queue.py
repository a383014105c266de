"""The rotation on the screen: the board with its actions, the big screen, the days, and the register of projects."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from yingsheng.processes.salesdesk.models import Project
from yingsheng.processes.salesdesk.pages import board, board_acts, board_days
from yingsheng.processes.salesdesk.process.queue_books import PROJECTS
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.records import RecordPages, link


def _more(_request: DeskRequest, row: Project) -> dict[str, Any]:
    return {
        "links": [
            link(label=_("轮排板"), url=reverse("salesdesk:board_one", args=[row.pk])),
            link(label=_("大屏"), url=reverse("salesdesk:board_wall", args=[row.pk])),
        ]
    }


PROJECT = "sales/board/<int:pk>/"
AGENT = "sales/board/<int:pk>/agents/<int:agent>/"
URLS: list[URLPattern] = [
    path("sales/board/", board.choice, name="board"),
    path(PROJECT, board.board, name="board_one"),
    path(f"{PROJECT}wall/", board.wall, name="board_wall"),
    path(f"{PROJECT}next/", board_acts.take_next, name="board_next"),
    path(f"{PROJECT}public/", board_acts.take_public, name="board_public"),
    path(f"{PROJECT}join/", board_acts.join, name="board_join"),
    path(f"{AGENT}receive/", board_acts.take_out_of_turn, name="board_receive"),
    path(f"{AGENT}move/", board_acts.move_agent, name="board_move"),
    path(f"{PROJECT}<slug:day>/", board_days.day_page, name="board_day"),
    path(f"{PROJECT}<slug:day>/sheet/", board_days.sheet, name="board_sheet"),
    *RecordPages(book=PROJECTS, namespace="salesdesk", more=_more).urls(),
]
