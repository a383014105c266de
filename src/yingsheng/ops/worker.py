"""The worker: fires due reminders, sends messages, brings files in, keeps house. Any number may run at once.

One round reads the clock once, leaves a sign of life, then takes a few rows at a time, so that SIGTERM waits for
no more than the handful of alarms or messages under way.
Nothing here decides anything: see `kernel.timers.tick` and `kernel.notify`.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from yingsheng.kernel.forms.submissions import clear_old
from yingsheng.kernel.notify.services import send_waiting
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.kernel.timers.tick import BATCH, beat, tick
from yingsheng.ops.imports.jobs import clear_old as clear_imports
from yingsheng.ops.imports.work import do_next_job
from yingsheng.ops.words import failed, say
from yingsheng.processes.turns.services.planning import do_next_plan
from yingsheng.processes.visitors.services.keeping import keep_gate

log = logging.getLogger(__name__)

IDLE_SECONDS = 2.0
TROUBLE_SECONDS = 5.0  # the database is away or busy: no use in hurrying
ROUND_ROWS = 500  # then the clock is read again
MESSAGE_BATCH = 20  # sending passes over messages that fail, so it is not done one by one
CHECKPOINT_MILLISECONDS = 500
ONCE_ROUNDS = 1000


def never() -> bool:
    """Nobody asks this worker to stop."""
    return False


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round did."""

    alarms: int
    messages: int
    imports: int = 0
    plans: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.alarms or self.messages or self.imports or self.plans)


@dataclass
class Chore:
    """Housekeeping that is done every so often, the first time at once."""

    every: timedelta
    run: Callable[[datetime], object]
    next_at: datetime | None = field(default=None)

    def if_due(self, *, now: datetime) -> None:
        """Do it if its time has come."""
        if self.next_at is None or now >= self.next_at:
            self.next_at = now + self.every
            self.run(now)


def work_round(*, now: datetime, stopping: Callable[[], bool] = never) -> Round:
    """Fire what is due and send what waits at `now`, some 500 rows of each, stopping between rows if asked."""
    alarms = _repeat(lambda: tick(now=now, limit=BATCH), stopping=stopping)
    messages = _repeat(lambda: send_waiting(now=now, limit=MESSAGE_BATCH), stopping=stopping)
    # one import a round, after the reminders: it may take seconds, and reminders do not wait for two
    imports = 0 if stopping() else int(do_next_job(now=now))
    return Round(alarms=alarms, messages=messages, imports=imports)


def work_off(*, now: datetime) -> Round:
    """Do everything that is due at `now`, recurring work and messages included."""
    open_periods(now=now)
    keep_gate(now=now)
    alarms = messages = imports = plans = 0
    for _ in range(ONCE_ROUNDS):
        done = work_round(now=now)
        alarms, messages = alarms + done.alarms, messages + done.messages
        imports += done.imports
        planned = do_next_plan(now=now)
        plans += planned
        if done.idle and not planned:
            break
    return Round(alarms=alarms, messages=messages, imports=imports, plans=plans)


def run() -> int:
    """Work until SIGTERM or SIGINT; returns 0. A database that is away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    name = heartbeat_name()
    duties = chores()
    threading.Thread(target=plan_until, args=(stop,), name="planner", daemon=True).start()
    while not stop.is_set():
        now = datetime.now(UTC)
        pause = IDLE_SECONDS
        try:
            close_old_connections()
            beat(name=name, now=now)
            done = work_round(now=now, stopping=stop.is_set)
            for chore in duties:
                chore.if_due(now=now)
            if not done.idle:
                pause = 0
        except (OperationalError, InterfaceError) as error:
            log.warning("the database did not answer: %s", error)
            connection.close()
            pause = TROUBLE_SECONDS
        stop.wait(pause)
    return 0


def plan_until(stop: threading.Event) -> None:
    """Let the planner's runs be solved beside everything else: one takes seconds, and reminders wait for nobody."""
    while not stop.is_set():
        planned = False
        try:
            close_old_connections()
            planned = do_next_plan(now=datetime.now(UTC))
        except Exception:  # whatever it is, the next round tries again
            log.exception("the planner's round failed")
            connection.close()
        if not planned:
            stop.wait(IDLE_SECONDS)
    connection.close()


def run_once(*, now: datetime) -> int:
    """Do what is due now, leave a sign of life, say what was done; returns 0."""
    beat(name=heartbeat_name(), now=now)
    _say(done=work_off(now=now))
    return 0


def run_drill(*, moment: str) -> int:
    """Do what would be due at another moment, on an installation that holds nothing but drill sites.

    A moment without an offset is one of the site's own clock. Raises CommandFailed for nonsense, for an
    installation without sites, and if a single real site is there: its promises must never fire early.
    """
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise failed(
            zh=f"看不懂时间“{moment}”，请写成 2025-03-04T10:00+08:00。",
            en=f"“{moment}” is not a moment; write it as 2025-03-04T10:00+08:00.",
        ) from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if not Site.objects.exists() or Site.objects.filter(is_drill=False).exists():
        raise failed(
            zh="只有全部项目都是演练项目时才能改变时间。",
            en="Another time is possible only where every site is a drill site.",
        )
    _say(done=work_off(now=at))
    return 0


def heartbeat_name() -> str:
    """One name per machine: what counts is whether anybody works, not how many."""
    return socket.gethostname()[:40]


def chores() -> list[Chore]:
    """What has to be done every so often on this database."""
    found = [
        Chore(every=timedelta(minutes=5), run=lambda now: open_periods(now=now)),
        Chore(every=timedelta(hours=1), run=lambda now: clear_old(now=now)),
        Chore(every=timedelta(hours=1), run=lambda now: clear_imports(now=now)),
        Chore(every=timedelta(minutes=15), run=lambda now: keep_gate(now=now)),
        Chore(every=timedelta(hours=24), run=lambda now: call_command("clearsessions", verbosity=0)),
    ]
    if connection.vendor == "sqlite":
        found.append(Chore(every=timedelta(minutes=3), run=lambda now: truncate_log()))
    return found


def truncate_log() -> bool:
    """Fold SQLite's write-ahead log back into the database file; False if readers are still using it.

    Automatic checkpoints never shrink the file, and under steady reading they never finish either. Writers are
    held up while this waits for readers, so it gives up after half a second and comes again later.
    """
    usual = int(settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_MILLISECONDS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
    return not busy


def _repeat(one: Callable[[], int], *, stopping: Callable[[], bool]) -> int:
    done = 0
    while done < ROUND_ROWS and not stopping():
        count = one()
        if not count:
            break
        done += count
    return done


def _say(*, done: Round) -> None:
    say(
        zh=f"提醒 {done.alarms} 项，发送消息 {done.messages} 条。",
        en=f"{done.alarms} reminders looked at, {done.messages} messages sent.",
    )
