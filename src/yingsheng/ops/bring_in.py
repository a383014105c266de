"""`yingsheng import`: progress while it runs, then what was written or every row that is wrong."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from yingsheng.kernel.org.models import Site
from yingsheng.ops.imports.cases import OnBad
from yingsheng.ops.imports.run import ImportKind, run_import
from yingsheng.ops.imports.tables import ImportReport
from yingsheng.ops.words import failed, say

SHOWN = 200  # problems printed; the count is always of all


def bring_in(
    *,
    kind: str,
    path: Path,
    site_code: str,
    map_path: Path | None,
    dry_run: bool,
    skip_bad: bool,
    at: datetime,
) -> int:
    """Import a file; returns 0 if it was or could be written, 1 if something is wrong with it.

    Raises CommandFailed for an unknown site and Refused for a file or map that cannot be used.
    """
    site = Site.objects.filter(code=site_code).first()
    if site is None:
        raise failed(zh=f"没有代码为“{site_code}”的项目。", en=f"There is no site “{site_code}”.")
    report = run_import(
        kind=ImportKind(kind),
        site=site,
        path=path,
        by=None,
        at=at,
        dry_run=dry_run,
        map_path=map_path,
        on_bad=OnBad.SKIP if skip_bad else OnBad.REFUSE,
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    _tell(report=report)
    accepted = report.was_written or (dry_run and not report.problems)
    return 0 if accepted or not report.problems else 1


def _show_progress(done: int, total: int) -> None:
    share = done * 100 // total if total else 100
    print(f"\r  {done} / {total}  {share}%", end="\n" if done >= total else "", file=sys.stderr, flush=True)


def _tell(*, report: ImportReport) -> None:
    for problem in report.problems[:SHOWN]:
        print(f"  {problem}")
    if report.problems:
        say(zh=f"共 {len(report.problems)} 处有误。", en=f"{len(report.problems)} problems.")
    amounts = ", ".join(f"{name} {count}" for name, count in report.written.items())
    if report.was_written:
        say(
            zh=f"读入 {report.row_count} 行，略过 {report.skipped_count} 行，写入：{amounts}。",
            en=f"{report.row_count} rows read, {report.skipped_count} left out, written: {amounts}.",
        )
    elif report.dry_run:
        say(
            zh=f"试导入 {report.row_count} 行，没有写入任何内容。",
            en=f"{report.row_count} rows tried, nothing written.",
        )
    else:
        say(zh="没有写入任何内容。", en="Nothing was written.")
