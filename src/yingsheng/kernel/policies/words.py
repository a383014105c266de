"""Values of the rule book as a person reads them: units, posts, codes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.policies.book import Parameter

UNITS = {
    "seconds": N("秒"),
    "minutes": N("分钟"),
    "hours": N("小时"),
    "days": N("天（每天24小时）"),
    "calendar_days": N("天（到当天结束）"),
    "working_days": N("个工作日"),
    "working_minutes": N("工作分钟"),
    "working_hours": N("工作小时"),
    "months": N("个月"),
    "same_day": N("当天"),
    "percent": "%",
    "households": N("户"),
    "persons": N("人"),
    "count": N("次"),
    "day_of_month": N("日"),
    "weekday": N("（1为星期一）"),
    "years": N("年"),
    "points": N("分"),
}


def value_words(*, parameter: Parameter, value: Any, titles: Mapping[str, str]) -> str:
    """A value with its unit; `titles` are the names of the posts by role code, as the site calls them."""
    if value is None:
        return _("未作规定")
    unit = parameter.unit
    if unit == "flag":
        return _("是") if value else _("否")
    if unit == "same_day" and value == 0:
        return _("当天")
    if unit == "fen":
        return f"{value / 100:.2f} {_('元')}"
    if unit == "ladder":
        rungs = ((rung["after_minutes"], titles.get(rung["role"], rung["role"])) for rung in value)
        return listed(f"+{minutes} {_('分钟')} → {title}" for minutes, title in rungs)
    if unit in ("role", "roles"):
        return listed(titles.get(code, code) for code in ([value] if isinstance(value, str) else value))
    if unit in ("choice", "text"):
        return listed(code_words(code=code) for code in str(value).split(","))
    if isinstance(value, list):
        return listed(str(item) for item in value)
    word = UNITS.get(unit, "")
    return f"{value} {_(word)}" if word else str(value)


def code_words(*, code: str) -> str:
    """A code of the book in the reader's language; words that are no code stay as they are."""
    found = _codes().get(code.strip())
    return found["en" if (get_language() or "").startswith("en") else "zh"] if found else code


def listed(items: Iterable[str]) -> str:
    """Several things in a row, with the comma of the reader's language."""
    return _("、").join(items)


@lru_cache(maxsize=1)
def _codes() -> dict[str, dict[str, str]]:
    path = settings.PACKAGE_DIR / "content" / "choices.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
