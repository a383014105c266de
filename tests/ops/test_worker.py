"""The worker: what is due is done once, it stops when asked, and nobody turns the clock on a real site."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.services import hire, open_site
from yingsheng.ops import worker
from yingsheng.ops.words import CommandFailed

from .program import Program

NOW = datetime(2025, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def site(db: None) -> Site:
    return open_site(code="lv", name="绿荫里", kind="residence", at=NOW, is_drill=True)


def put_messages(site: Site, count: int) -> None:
    clerk = hire(site=site, username="front", name="王前台", password=None, by=None, at=NOW)
    drafts = [Draft(text="有事", dedup_key=f"t:{number}", to_staff=clerk) for number in range(count)]
    queue(site_id=site.pk, subject=site, drafts=drafts, at=NOW)


def test_a_round_sends_what_waits_and_the_next_is_idle(site: Site) -> None:
    put_messages(site, 45)
    assert worker.work_round(now=NOW).messages == 45
    assert worker.work_round(now=NOW).idle


def test_a_worker_asked_to_stop_takes_no_further_row(site: Site) -> None:
    put_messages(site, 45)
    asked = iter([False, False, True, True, True])
    assert worker.work_round(now=NOW, stopping=lambda: next(asked)).messages == worker.MESSAGE_BATCH
    assert worker.work_off(now=NOW).messages == 45 - worker.MESSAGE_BATCH


def test_a_drill_needs_nothing_but_drill_sites(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert worker.run_drill(moment="2025-03-04T10:00+08:00") == 0
    assert "0" in capsys.readouterr().out
    open_site(code="real", name="正式项目", kind="residence", at=NOW)
    with pytest.raises(CommandFailed, match="drill"):
        worker.run_drill(moment="2025-03-04T10:00+08:00")


@pytest.mark.parametrize("moment", ["soon", "2025-13-01", ""])
def test_a_drill_needs_a_moment(site: Site, moment: str) -> None:
    with pytest.raises(CommandFailed, match="is not a moment"):
        worker.run_drill(moment=moment)


def test_chores_are_done_at_once_and_then_every_so_often() -> None:
    done: list[datetime] = []
    chore = worker.Chore(every=timedelta(hours=1), run=done.append)
    for minutes in (0, 1, 59, 60, 61):
        chore.if_due(now=NOW + timedelta(minutes=minutes))
    assert done == [NOW, NOW + timedelta(hours=1)]


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[datetime] = []

    def fails_then_stops(*, name: str, now: datetime) -> None:
        tries.append(now)
        if len(tries) == 3:
            signal.raise_signal(signal.SIGTERM)
        raise OperationalError("gone")

    monkeypatch.setattr(worker, "beat", fails_then_stops)
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.01)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        assert worker.run() == 0
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
    assert len(tries) == 3


def test_the_command_refuses_another_time_on_a_real_site(program: Program) -> None:
    program.init()
    done = program.run("worker", "--once", "--at", "2025-03-04T10:00+08:00")
    assert (done.returncode, "drill" in done.stderr) == (1, True)
    assert program.run("worker", "--at", "2025-03-04T10:00+08:00").returncode == 1
    assert program.run("worker", "--once").returncode == 0


def test_the_command_works_until_it_is_told_to_stop(program: Program) -> None:
    process = program.start("worker")
    patience = time.monotonic() + 30
    while not program.ask("SELECT count(*) FROM timers_heartbeat")[0][0] and time.monotonic() < patience:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    assert (process.returncode, output) == (0, "")
    assert program.ask("SELECT count(*) FROM timers_heartbeat") == [(1,)]


def test_the_log_of_sqlite_is_folded_back(program: Program) -> None:
    program.init()
    code = (
        "import django; django.setup(); from yingsheng.ops.worker import truncate_log; assert truncate_log()"
    )
    done = program.run("manage", "shell", "-c", code)
    assert done.returncode == 0, done.stderr
