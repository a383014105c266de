"""Processes that register complaints are killed while they write; what was acknowledged is there, and is whole."""

from __future__ import annotations

import gc
import os
import random
import signal
import time
import traceback
from pathlib import Path

import pytest
from django.db import connection, connections
from tests.factories.cast import Cast, make_cast
from tests.processes.story import later, registered

from yingsheng.kernel.cases.models import Case, NumberSeries
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.search.models import Entry
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint

KILLS = int(os.environ.get("KILLS", "40"))


def write_until_killed(cast: Cast, acknowledged: Path) -> None:
    """Register without end; a number is noted, safely on disk, only after its transaction is over."""
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
    turn = 0
    while True:
        try:
            case = registered(cast, home=turn % 3, at=later(0))
        except Exception:
            # the server is still busy with those killed before; nothing was acknowledged, and a writer that never
            # gets through is found out below, where the acknowledged are counted
            connections.close_all()
            time.sleep(0.02)
            continue
        os.write(told, f"{case.number}\n".encode())
        os.fsync(told)
        turn += 1


def start_writer(cast: Cast, acknowledged: Path) -> int:
    """A process of its own with connections of its own; returns its id."""
    connections.close_all()
    gc.collect()
    child = os.fork()
    if child == 0:
        # a connection of the parent that were cleared away here would hang up on the server in its name
        gc.disable()
        try:
            write_until_killed(cast, acknowledged)
        except BaseException:
            acknowledged.with_suffix(".mistake").write_text(traceback.format_exc())
        finally:
            os._exit(1)  # only a mistake gets here: the loop has no end
    return child


def kill(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def mistake(acknowledged: Path) -> str:
    """Why a writer ended by itself."""
    told = acknowledged.with_suffix(".mistake")
    return told.read_text() if told.exists() else "the writer had ended by itself"


def numbers_in(acknowledged: Path) -> list[str]:
    return [line for line in acknowledged.read_text().splitlines(keepends=False) if line]


def assert_nothing_is_lost_or_half_done(cast: Cast, acknowledged: list[str]) -> None:
    cases = {case.pk: case.number for case in Case.objects.all()}
    assert len(set(acknowledged)) == len(acknowledged), "a number was given out twice"
    assert set(acknowledged) <= set(cases.values()), "an acknowledged complaint is gone"
    serials = sorted(int(number.rpartition("-")[2]) for number in cases.values())
    assert serials == list(range(1, len(cases) + 1)), "a number is missing"
    assert NumberSeries.objects.get(prefix="TS").last == len(cases)
    for kind, ids in {
        "event": Event.objects.filter(kind="complaints.registered").values_list("subject_id", flat=True),
        "complaint": Complaint.objects.values_list("case_id", flat=True),
        "entry": Entry.objects.filter(subject_type=SUBJECT).values_list("subject_id", flat=True),
        "promise": Obligation.objects.filter(milestone="contact").values_list("subject_id", flat=True),
        "message": Message.objects.filter(to_household__isnull=False).values_list("subject_id", flat=True),
    }.items():
        assert sorted(ids) == sorted(cases), f"a complaint without its {kind}, or the other way round"
    assert list(verify_chain(site_id=cast.site.pk)) == []


def assert_the_file_is_sound() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
        cursor.execute("PRAGMA foreign_key_check")
        assert cursor.fetchall() == []


@pytest.mark.slow
def test_no_acknowledged_complaint_is_lost_when_processes_are_killed(
    committed_db: None, tmp_path: Path
) -> None:
    cast = make_cast(homes=3)
    registered(cast)  # what is read once a process is read now, so that the writers write
    acknowledged = tmp_path / "acknowledged.txt"
    acknowledged.touch()
    for _ in range(KILLS):
        child = start_writer(cast, acknowledged)
        time.sleep(random.uniform(0.02, 0.3))
        assert kill(child) == -signal.SIGKILL, mistake(acknowledged)
    told = numbers_in(acknowledged)
    assert len(told) >= KILLS / 2, "the writers hardly wrote; nothing was tried"
    registered(cast)  # waits for whatever a database server has still to roll back
    assert_nothing_is_lost_or_half_done(cast, told)
    assert_the_file_is_sound()


@pytest.mark.slow
def test_two_writers_killed_at_once_leave_the_book_whole(committed_db: None, tmp_path: Path) -> None:
    cast = make_cast(homes=3)
    registered(cast)
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for file in files:
        file.touch()
    for _ in range(max(KILLS // 10, 1)):
        children = [start_writer(cast, file) for file in files]
        time.sleep(random.uniform(0.05, 0.25))
        assert [kill(child) for child in children] == [-signal.SIGKILL] * 2
    registered(cast)
    told = [number for file in files for number in numbers_in(file)]
    assert told
    assert_nothing_is_lost_or_half_done(cast, told)
    assert_the_file_is_sound()
