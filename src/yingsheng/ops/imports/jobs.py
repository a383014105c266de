"""Imports by page and API: send a file, look at what is wrong with it, confirm; the worker does the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ops.imports.maps import read_map
from yingsheng.ops.imports.run import ImportKind
from yingsheng.ops.models import ImportFile, ImportJob

LARGEST = 20 * 1024 * 1024
KEPT = timedelta(days=1)  # how long a file that nobody confirms may lie about
OWN_MAP = "own"
MAPS = ("standard", "baltimore-311")  # those that are shipped, the usual one first
State = ImportJob.State
UNCONFIRMED = (State.SENT, State.CHECKING, State.CHECKED)


def list_jobs(*, site_id: int) -> QuerySet[ImportJob]:
    """The jobs of a site, newest first."""
    return (
        ImportJob.objects.filter(site_id=site_id)
        .select_related("sent_by", "confirmed_by")
        .order_by("-sent_at", "-pk")
    )


def find_job(*, site_id: int, key: str) -> ImportJob | None:
    """The job with this key, if it belongs to the site."""
    return list_jobs(site_id=site_id).filter(key=key).first()


def report_of(*, job: ImportJob) -> bytes | None:
    """The rows that are wrong as .xlsx, while the file is kept."""
    kept = ImportFile.objects.filter(job=job).values_list("report", flat=True).first()
    return bytes(kept) if kept else None


@transaction.atomic
def send_file(
    *,
    actor: Actor,
    kind: str,
    name: str,
    body: bytes,
    at: datetime,
    map_name: str = "",
    map_text: str = "",
    skip_bad: bool = False,
) -> ImportJob:
    """Take a file in to be checked; nothing of it is brought in before somebody confirms.

    `map_name` (one of MAPS) or `map_text` says how past matters are read; `skip_bad` concerns them alone. Raises
    Forbidden without the permission, Refused for a file or map that can be seen to be none.
    """
    demand(actor=actor, permission=Allow.IMPORT)
    found = _check_file(name=name, body=body)
    what = ImportKind(kind)
    if what is ImportKind.CASES:
        if map_text:
            read_map(text=map_text)
            map_name = OWN_MAP
        elif (map_name := map_name or MAPS[0]) not in MAPS:
            raise Refused(gettext_noop("没有这份对照"), field="map_name")
    job = ImportJob.objects.create(
        site=actor.site,
        kind=what,
        file_name=found,
        map_name=map_name if what is ImportKind.CASES else "",
        skip_bad=skip_bad and what is ImportKind.CASES,
        sent_by=actor.staff,
        sent_at=at,
    )
    ImportFile.objects.create(job=job, body=body, map_text=map_text if what is ImportKind.CASES else "")
    _note(job=job, kind="sent", by=actor.staff, at=at)
    return job


def _check_file(*, name: str, body: bytes) -> str:
    """The name as it is kept; Refused for what cannot be a table. What is inside is read by the worker."""
    plain = re.sub(r"[^\w.()（） -]", "_", Path(name).name)[-100:]
    ending = Path(plain).suffix.lower()
    if not body:
        raise Refused(gettext_noop("文件是空的"), field="file")
    if len(body) > LARGEST:
        raise Refused(gettext_noop("文件太大，请分成几份导入"), field="file")
    if ending not in (".xlsx", ".csv", ".txt", ".tsv"):
        raise Refused(gettext_noop("请用 .xlsx 或 .csv 文件"), field="file")
    # the content decides, not the name: a spreadsheet is an archive, a text holds no NUL
    if (ending == ".xlsx") != body.startswith(b"PK") or (ending != ".xlsx" and b"\x00" in body[:4096]):
        raise Refused(gettext_noop("文件内容和它的类型对不上，请另存为 .xlsx 或 .csv 后再试"), field="file")
    return plain


@transaction.atomic
def confirm_job(*, actor: Actor, job: ImportJob, at: datetime) -> ImportJob:
    """Let a checked file be brought in.

    Refused for a file with bad rows (unless those are to be left out), without rows, or not checked yet.
    """
    demand(actor=actor, permission=Allow.IMPORT)
    # by its state, so that nobody waits for a job that a worker holds while it writes
    row = ImportJob.objects.select_for_update(no_key=True).filter(pk=job.pk, state=State.CHECKED).first()
    if row is None:
        raise Refused(gettext_noop("这份文件现在不能写入，请看过最新情况再继续"))
    if row.problem_count and not row.skip_bad:
        raise Refused(gettext_noop("还有%(count)s处有误，改好后重新上传"), count=row.problem_count)
    if not row.row_count:
        raise Refused(gettext_noop("文件里没有可以导入的行"))
    row.state = State.CONFIRMED
    row.confirmed_by, row.confirmed_at = actor.staff, at
    row.done_count = 0
    row.save(update_fields=["state", "confirmed_by", "confirmed_at", "done_count"])
    _note(job=row, kind="confirmed", by=actor.staff, at=at)
    return row


@transaction.atomic
def drop_job(*, actor: Actor, job: ImportJob, at: datetime) -> ImportJob:
    """Give a file up; it is deleted at once. Refused once it is being written."""
    demand(actor=actor, permission=Allow.IMPORT)
    row = _drop(pk=job.pk, states=[*UNCONFIRMED, State.CONFIRMED], by=actor.staff, at=at)
    if row is None:
        raise Refused(gettext_noop("这份文件已经写入或放弃"))
    return row


def _drop(*, pk: int, states: Sequence[State], by: Staff | None, at: datetime) -> ImportJob | None:
    """Close a job that stands in one of these states, with its event; None if it does not any more."""
    row = ImportJob.objects.select_for_update(no_key=True).filter(pk=pk, state__in=states).first()
    if row is not None:
        end(job=row, state=State.DROPPED, at=at)
        _note(job=row, kind="dropped", by=by, at=at)
    return row


def end(*, job: ImportJob, state: str, at: datetime) -> None:
    """Close a job and delete its file with everything made of it."""
    job.state, job.finished_at = state, at
    job.save(update_fields=["state", "finished_at"])
    ImportFile.objects.filter(job=job).delete()


def clear_old(*, now: datetime) -> int:
    """Close what nobody confirmed for a day, each with its event and file; returns how many."""
    over = ImportJob.objects.filter(sent_at__lt=now - KEPT, state__in=UNCONFIRMED).order_by("pk")
    count = 0
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():  # each by itself: one that is being looked at holds up no other
            count += _drop(pk=pk, states=UNCONFIRMED, by=None, at=now) is not None
    return count


def _note(*, job: ImportJob, kind: str, by: Staff | None, at: datetime) -> None:
    site: Site = job.site
    events.record(
        site_id=site.pk,
        kind=f"ops.import_{kind}",
        subject=job,
        by=by,
        at=at,
        data={"file": job.file_name, "what": str(job.kind), "rows": job.row_count},
    )
