"""The worker's part of an import: take one waiting job, check its file or bring it in, say how far it is."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import override

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.ops.imports.cases import OnBad
from yingsheng.ops.imports.jobs import OWN_MAP, end
from yingsheng.ops.imports.maps import CaseMap, read_map, shipped_map
from yingsheng.ops.imports.run import ImportKind, run_import
from yingsheng.ops.imports.tables import ImportReport, Progress
from yingsheng.ops.imports.template import mark_problems
from yingsheng.ops.models import ImportFile, ImportJob

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)  # a worker that says nothing for so long is dead
TELL_SECONDS = 0.5
SHOWN = 500  # problems kept for the page; the downloaded table has every row that is wrong
State = ImportJob.State


def do_next_job(*, now: datetime) -> bool:
    """Take the job that waits longest and do its next part; False if none waits.

    A job is claimed by one worker only; the claim of one that died runs out. What goes wrong for reasons of our
    own closes the job with words, and nothing of the file stands in the archive.
    """
    job = _claim(now=now)
    if job is None:
        return False
    try:
        with _on_disk(job) as path:
            (_write if job.state == State.WRITING else _check)(job=job, path=path, now=now)
    except Refused as refusal:
        _refuse(job=job, text=refusal.text, params=refusal.params, now=now)
    except Exception:
        log.exception("import job %s failed", job.key)
        _refuse(
            job=job,
            text=gettext_noop("系统出错，没有写入任何内容；请把文件名和时间告诉系统管理员"),
            params={},
            now=now,
        )
    return True


def _claim(*, now: datetime) -> ImportJob | None:
    waiting = ImportJob.objects.filter(
        Q(state__in=[State.SENT, State.CONFIRMED])
        | Q(state__in=[State.CHECKING, State.WRITING], claimed_at__lt=now - CLAIM)
    ).order_by("sent_at", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, no_key=True)
        job = waiting.first()
        if job is None:
            return None
        begins = {State.SENT: State.CHECKING, State.CONFIRMED: State.WRITING}
        before, job.state = job.state, begins.get(State(job.state), State(job.state))
        claimed = ImportJob.objects.filter(pk=job.pk, state=before, claimed_at=job.claimed_at).update(
            state=job.state, claimed_at=now
        )
        job.claimed_at = now
        return job if claimed else None


@contextmanager
def _on_disk(job: ImportJob) -> Iterator[Path]:
    """The file under its own name for as long as it is read."""
    body = ImportFile.objects.values_list("body", flat=True).get(job=job)
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / job.file_name
        path.write_bytes(bytes(body))
        yield path


def _given(job: ImportJob, *, now: datetime) -> dict[str, Any]:
    """The arguments that checking and writing share."""
    return {
        "kind": ImportKind(job.kind),
        "site": job.site,
        "case_map": _map(job),
        "on_bad": OnBad.SKIP if job.skip_bad else OnBad.REFUSE,
        "checking": _teller(job, now=now),
    }


def _map(job: ImportJob) -> CaseMap | None:
    if job.kind != ImportKind.CASES:
        return None
    if job.map_name == OWN_MAP:
        return read_map(text=ImportFile.objects.values_list("map_text", flat=True).get(job=job))
    return shipped_map(name=job.map_name)


def _teller(job: ImportJob, *, now: datetime) -> Progress:
    """Writes down now and then how many rows are through, which renews the claim; gives the job up if it was
    dropped meanwhile.
    """
    told, began = 0.0, monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done < total and monotonic() - told < TELL_SECONDS:
            return
        told = monotonic()
        moment = now + timedelta(seconds=told - began)
        if not _mine(job).update(done_count=done, total_count=total, claimed_at=moment):
            raise _Dropped
        job.claimed_at = moment

    return tell


class _Dropped(Refused):
    """Somebody gave the job up while it was being read."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("这份文件已经写入或放弃"))


def _check(*, job: ImportJob, path: Path, now: datetime) -> None:
    report = run_import(**_given(job, now=now), path=path, by=job.sent_by, at=now, dry_run=True)
    _keep_report(job=job, path=path, report=report)
    _mine(job).update(state=State.CHECKED, **_counts(report))


def _write(*, job: ImportJob, path: Path, now: datetime) -> None:
    def within(written: Mapping[str, int]) -> None:
        # in the transaction that writes the rows: they and the end of the job stand or fall together
        if not _mine(job).update(written=dict(written), state=State.DONE, finished_at=now):
            raise _Dropped
        ImportFile.objects.filter(job=job).delete()

    def hold(done: int, _total: int) -> None:
        # before the first row is written, until all are: other workers pass a locked job by however long it takes
        # (on SQLite they wait for the writer)
        if done == 0 and _mine(job).select_for_update(no_key=True).first() is None:
            raise _Dropped

    report = run_import(
        **_given(job, now=now), path=path, by=job.confirmed_by, at=now, progress=hold, within=within
    )
    if report.was_written:
        ImportJob.objects.filter(pk=job.pk).update(**_counts(report))
        return
    # the archive changed since the check: what was good is not any more, so it is looked at again
    _keep_report(job=job, path=path, report=report)
    _mine(job).update(state=State.CHECKED, **_counts(report))


def _mine(job: ImportJob) -> Any:
    """The job while this worker's claim stands."""
    return ImportJob.objects.filter(pk=job.pk, state=job.state, claimed_at=job.claimed_at)


def _counts(report: ImportReport) -> dict[str, Any]:
    return {
        "row_count": report.row_count,
        "done_count": report.row_count,
        "total_count": report.row_count,
        "skipped_count": report.skipped_count,
        "problem_count": len(report.problems),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "reason": problem.reason,
                "params": dict(problem.params),
            }
            for problem in report.problems[:SHOWN]
        ],
    }


def _keep_report(*, job: ImportJob, path: Path, report: ImportReport) -> None:
    marked = None
    if report.problems:
        with override(job.sent_by.language):
            marked = mark_problems(path=path, problems=report.problems)
    ImportFile.objects.filter(job=job).update(report=marked)


def _refuse(*, job: ImportJob, text: str, params: Mapping[str, object], now: datetime) -> None:
    with transaction.atomic():
        row = _mine(job).select_for_update(no_key=True).first()
        if row is None:
            return  # dropped, or taken over by another worker
        row.refusal = {"text": text, "params": {name: str(value) for name, value in params.items()}}
        row.save(update_fields=["refusal"])
        end(job=row, state=State.REFUSED, at=now)
