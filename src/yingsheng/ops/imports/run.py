"""One door to all imports, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.imports import people, rooms
from yingsheng.ops.imports.cases import OnBad, import_cases
from yingsheng.ops.imports.maps import load_map
from yingsheng.ops.imports.people import import_people
from yingsheng.ops.imports.rooms import import_rooms
from yingsheng.ops.imports.tables import Column, ImportReport, Progress
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
    on_bad: OnBad = OnBad.REFUSE,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file, or with `dry_run` only say what is wrong with it; rooms and people are all or nothing.

    Cases need `map_path`; `on_bad` concerns them alone. Raises Refused for a file or map that cannot be used.
    """
    if kind is ImportKind.CASES:
        if map_path is None:
            raise Refused(gettext_noop("导入历史事项要有对照文件"), field="map")
        return import_cases(
            site=site,
            path=path,
            case_map=load_map(path=map_path),
            by=by,
            at=at,
            dry_run=dry_run,
            on_bad=on_bad,
            progress=progress,
        )
    run = import_rooms if kind is ImportKind.ROOMS else import_people
    return run(site=site, path=path, by=by, at=at, dry_run=dry_run, progress=progress)


def template_for(*, kind: ImportKind) -> bytes:
    """The empty form of an import as .xlsx; Refused for cases, whose columns are those of another system."""
    if kind not in COLUMNS:
        raise Refused(gettext_noop("历史事项没有模板，请用对照文件说明各列"), field="kind")
    return build_template(title=TITLES[kind], columns=COLUMNS[kind])
