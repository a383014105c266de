"""The printed sheets: 巡视日报表, 业户访问记录, 巡访、回访记录表, 工作日记, and the codes of points."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


def _sheet(code: str, title: str, number: str) -> Sheet:
    return Sheet(
        code=code, title=title, form_number=number, template=f"patrols/sheets/{code.removeprefix('patrols_')}.html",
        build=_as_is,
    )  # fmt: skip


REPORT = _sheet("patrols_report", N("巡视日报表"), "FM-58")
VISIT = _sheet("patrols_visit", N("业户访问记录"), "FM-18")
ROUND = _sheet("patrols_round", N("巡访、回访记录表"), "FM-29")
DIARY = _sheet("patrols_diary", N("工作日记"), "FM-15")
POSTERS = _sheet("patrols_posters", N("巡视点标牌"), "")
SHEETS = (REPORT, VISIT, ROUND, DIARY)  # the codes on the walls are no form of the list
