"""One door to all imports, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import override

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.imports import people, rooms
from yingsheng.ops.imports.cases import OnBad, import_cases
from yingsheng.ops.imports.maps import CaseMap, load_map
from yingsheng.ops.imports.people import import_people
from yingsheng.ops.imports.rooms import import_rooms
from yingsheng.ops.imports.standard import STANDARD_COLUMNS
from yingsheng.ops.imports.tables import Column, ImportReport, Progress, Within
from yingsheng.ops.imports.template import build_template


class ImportKind(StrEnum):
    """What a file holds."""

    ROOMS = "rooms"
    PEOPLE = "people"
    CASES = "cases"


TITLES: Mapping[ImportKind, str] = {
    ImportKind.ROOMS: gettext_noop("房屋"),
    ImportKind.PEOPLE: gettext_noop("住户"),
    ImportKind.CASES: gettext_noop("历史事项"),
}
COLUMNS: Mapping[ImportKind, Sequence[Column]] = {
    ImportKind.ROOMS: rooms.COLUMNS,
    ImportKind.PEOPLE: people.COLUMNS,
    ImportKind.CASES: STANDARD_COLUMNS,
}


def run_import(
    *,
    kind: ImportKind,
    site: Site,
    path: Path,
    by: Staff | None,
    at: datetime,
    dry_run: bool = False,
    map_path: Path | None = None,
    case_map: CaseMap | None = None,
    on_bad: OnBad = OnBad.REFUSE,
    progress: Progress | None = None,
    checking: Progress | None = None,
    within: Within | None = None,
) -> ImportReport:
    """Import a file, or with `dry_run` only say what is wrong with it; rooms and people are all or nothing.

    Cases need `map_path` or a `case_map`; `on_bad` concerns them alone. `checking` hears of the rows as they are
    checked, `progress` before the first is written and as they are, `within` of what was written while it can
    still be undone. Raises Refused for a file or map that cannot be used.
    """
    hooks: dict[str, Any] = {"progress": progress, "checking": checking, "within": within}
    if kind is ImportKind.CASES:
        if case_map is None and map_path is not None:
            case_map = load_map(path=map_path)
        if case_map is None:
            raise Refused(gettext_noop("导入历史事项要有对照文件"), field="map")
        return import_cases(
            site=site,
            path=path,
            case_map=case_map,
            by=by,
            at=at,
            dry_run=dry_run,
            on_bad=on_bad,
            **hooks,
        )
    run = import_rooms if kind is ImportKind.ROOMS else import_people
    return run(site=site, path=path, by=by, at=at, dry_run=dry_run, **hooks)


def template_for(*, kind: ImportKind) -> bytes:
    """The empty form of an import as .xlsx in the reader's language.

    That of past matters is always Chinese, because the map "standard" reads it by its words.
    """
    if kind is ImportKind.CASES:
        with override("zh-hans"):
            return build_template(title=TITLES[kind], columns=COLUMNS[kind])
    return build_template(title=TITLES[kind], columns=COLUMNS[kind])
