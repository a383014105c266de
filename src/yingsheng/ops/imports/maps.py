"""The map of another system's file: which column is what, how its times read, what its words mean here."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case

SUBJECTS = (
    "security",
    "cleaning",
    "greening",
    "repair",
    "mail",
    "renovation",
    "staff_attitude",
    "other",
)  # C-25
REQUIRED = ("number", "title", "created", "due", "closed", "status")
OPTIONAL = ("channel", "place", "caller_name", "caller_phone", "category")


class BadMap(Refused):
    """The map itself cannot be used."""


@dataclass(frozen=True, kw_only=True)
class CategoryRule:
    """One line of the category map; the first line that fits decides."""

    prefix: str
    contains: str
    to: str

    def fits(self, *, text: str) -> bool:
        """Whether the other system's kind begins with the prefix and holds the word, case left out."""
        folded = text.casefold()
        return folded.startswith(self.prefix.casefold()) and self.contains.casefold() in folded


@dataclass(frozen=True, kw_only=True)
class CaseMap:
    """How to read one row of another system's file as a complaint."""

    source_system: str
    columns: dict[str, str]
    body: tuple[tuple[str, str], ...]  # (label, column): what is kept as text
    time_formats: tuple[str, ...]
    zone: ZoneInfo
    closed: frozenset[str]
    open: frozenset[str]
    channels: dict[str, str]
    default_channel: str
    categories: tuple[CategoryRule, ...]
    default_category: str

    def moment(self, *, text: str) -> datetime | None:
        """A time of the file as an aware moment, None for an empty cell; ValueError for anything else."""
        if not text:
            return None
        for shape in self.time_formats[:-1]:
            with contextlib.suppress(ValueError):
                return datetime.strptime(text, shape).replace(tzinfo=self.zone)
        return datetime.strptime(text, self.time_formats[-1]).replace(tzinfo=self.zone)

    def category(self, *, text: str) -> str:
        """Our subject (C-25) for a kind of theirs."""
        return next((rule.to for rule in self.categories if rule.fits(text=text)), self.default_category)

    def channel(self, *, text: str) -> str:
        """Our channel for theirs."""
        return self.channels.get(text, self.default_channel)


def load_map(*, path: Path) -> CaseMap:
    """Read a map file; raises BadMap with what is wrong in it."""
    try:
        return read_map(text=path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadMap(gettext_noop("对照文件读不出来"), field="map") from error


def shipped_map(*, name: str) -> CaseMap:
    """A map that comes with the program, by name: "baltimore-311"."""
    file = resources.files("yingsheng.content") / "maps" / f"{name}.toml"
    return read_map(text=file.read_text(encoding="utf-8"))


def read_map(*, text: str) -> CaseMap:
    """A map from its text; raises BadMap with what is wrong in it."""
    try:
        data = tomllib.loads(text)
        found = _build(data)
    except ZoneInfoNotFoundError as error:  # itself a KeyError, so it comes first
        raise BadMap(gettext_noop("没有这个时区：%(zone)s"), field="map", zone=str(error)) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadMap(gettext_noop("对照文件有误：%(why)s"), field="map", why=str(error)) from error
    _check(found)
    return found


def _build(data: dict[str, Any]) -> CaseMap:
    columns = data["columns"]
    channels = dict(data.get("channel", {}))
    category = data.get("category", {})
    return CaseMap(
        source_system=str(data["source_system"])[:40],
        columns={name: columns[name] for name in REQUIRED}
        | {name: columns[name] for name in OPTIONAL if name in columns},
        body=tuple((str(label), str(column)) for label, column in data.get("body", {}).items()),
        time_formats=_formats(data["time"]["format"]),
        zone=ZoneInfo(data["time"]["zone"]),
        closed=frozenset(data["status"]["closed"]),
        open=frozenset(data["status"]["open"]),
        default_channel=channels.pop("default", Case.Channel.IMPORTED.value),
        channels=channels,
        categories=tuple(
            CategoryRule(prefix=row.get("prefix", ""), contains=row.get("contains", ""), to=row["to"])
            for row in category.get("rule", ())
        ),
        default_category=category.get("default", "other"),
    )


def _formats(given: object) -> tuple[str, ...]:
    """One way of writing times, or several that are tried in order."""
    found = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, list) else ()
    if not found or not all(isinstance(one, str) for one in found):
        raise TypeError("time.format")
    return found


def _check(found: CaseMap) -> None:
    """Words of ours that do not exist would spoil every figure later; refused now."""
    for channel in (*found.channels.values(), found.default_channel):
        if channel not in Case.Channel.values:
            raise BadMap(gettext_noop("没有来源“%(name)s”"), field="map", name=channel)
    for subject in (*(rule.to for rule in found.categories), found.default_category):
        if subject not in SUBJECTS:
            raise BadMap(gettext_noop("没有类别“%(name)s”"), field="map", name=subject)
    if found.closed & found.open:
        raise BadMap(gettext_noop("同一种状态不能既算已结又算未结"), field="map")
