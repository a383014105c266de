"""`yingsheng phones`: listen to an Asterisk, and bring what it tells to the calls of a site."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, close_old_connections, connections
from panoramisk import Manager

from yingsheng.base.refusal import Refused
from yingsheng.kernel.calls.asterisk import TRUNKS, signal_of
from yingsheng.kernel.calls.models import Exchange
from yingsheng.kernel.calls.services import take_in
from yingsheng.ops.words import failed

log = logging.getLogger(__name__)
HEARD = ("DialBegin", "DialEnd", "BlindTransfer", "AttendedTransfer", "Hangup")


@dataclass(frozen=True, kw_only=True)
class Asterisk:
    """Where its manager interface listens, and who we are there."""

    host: str
    port: int
    username: str
    secret: str
    trunks: frozenset[str] = TRUNKS


def find_exchange(*, code: str) -> Exchange:
    """The telephone system with this code; CommandFailed if none is set up or it was retired."""
    found = Exchange.objects.select_related("site").filter(code=code, active=True).first()
    if found is None:
        raise failed(
            zh=f"没有代号为{code}的电话系统，请先在“通话记录”里接入",
            en=f"No telephone system {code}; set it up on the calls page first",
        )
    return found


def hear(*, exchange: Exchange, event: Mapping[str, str], trunks: frozenset[str], now: datetime) -> None:
    """Bring one event to its call; one that cannot be taken in is told in the log and stops nothing."""
    signal = signal_of(event=event, now=now, trunks=trunks)
    if signal is None:
        return
    close_old_connections()
    try:
        take_in(exchange=exchange, signal=signal, now=now)
    except (Refused, DatabaseError):
        log.exception("a %s of call %s was not taken in", signal.kind, signal.ref)


async def listen(
    *,
    exchange: Exchange,
    asterisk: Asterisk,
    until: asyncio.Event,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Listen until `until` is set; the library logs in, keeps the line alive and connects again when it breaks.

    Events are taken in one after the other in the order they came, outside the loop that reads them.
    """
    heard: asyncio.Queue[tuple[Mapping[str, str], datetime]] = asyncio.Queue()
    manager = Manager(
        loop=asyncio.get_running_loop(), host=asterisk.host, port=asterisk.port, username=asterisk.username,
        secret=asterisk.secret,
    )  # fmt: skip

    def note(_manager: Any, message: Mapping[str, str]) -> None:
        heard.put_nowait((dict(message), clock()))

    for name in HEARD:
        manager.register_event(name, note)
    manager.connect()
    # one thread writes, so that events keep their order and one connection to the database is enough
    writer = ThreadPoolExecutor(max_workers=1)
    taking = asyncio.create_task(_take(exchange=exchange, heard=heard, trunks=asterisk.trunks, writer=writer))
    try:
        await until.wait()
        await heard.join()
    finally:
        taking.cancel()
        manager.close()
        await asyncio.sleep(0)  # lets the line be put down
        writer.submit(connections.close_all).result()
        writer.shutdown()


async def _take(
    *,
    exchange: Exchange,
    heard: asyncio.Queue[tuple[Mapping[str, str], datetime]],
    trunks: frozenset[str],
    writer: Executor,
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        event, now = await heard.get()
        one = partial(hear, exchange=exchange, event=event, trunks=trunks, now=now)
        await loop.run_in_executor(writer, one)
        heard.task_done()


def run(*, exchange: Exchange, asterisk: Asterisk) -> int:
    """Listen until interrupted."""
    asyncio.run(listen(exchange=exchange, asterisk=asterisk, until=asyncio.Event()))
    return 0
