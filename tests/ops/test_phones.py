"""An Asterisk on this machine that speaks its manager's protocol from a recording; we listen as on site."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from tests.factories.cast import MONDAY_NINE, make_cast

from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.services import give_extension, set_up_exchange
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ops.phones import Asterisk, find_exchange, listen
from yingsheng.ops.words import CommandFailed

RECORDING = Path(__file__).parents[1] / "data" / "asterisk_day.ami"
BANNER = b"Asterisk Call Manager/7.0.3\r\n"
SECRET = "only-for-this-test"


class Stub:
    """Greets, checks the log-in, and plays the recording once to whoever is let in."""

    def __init__(self) -> None:
        self.logins: list[dict[str, str]] = []
        self.gone = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        while block := await self._read(reader):
            answer = {"Response": "Success", "ActionID": block.get("ActionID", "")}
            if block.get("Action") == "Login":
                self.logins.append(block)
                if block.get("Secret") != SECRET:
                    answer |= {"Response": "Error", "Message": "Authentication failed"}
            self._write(writer, answer)
            if block.get("Action") == "Login" and answer["Response"] == "Success":
                self._write(
                    writer, {"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}
                )
                body = RECORDING.read_bytes()
                for start in range(0, len(body), 700):  # as a network cuts it
                    writer.write(body[start : start + 700])
                    await writer.drain()
        writer.close()
        await writer.wait_closed()
        self.gone.set()

    async def _read(self, reader: asyncio.StreamReader) -> dict[str, str]:
        found: dict[str, str] = {}
        while (line := (await reader.readline()).decode().strip()) or not found:
            if not line and reader.at_eof():
                return {}
            name, _sign, value = line.partition(": ")
            found[name] = value
        return found

    def _write(self, writer: asyncio.StreamWriter, block: dict[str, str]) -> None:
        writer.write("".join(f"{name}: {value}\r\n" for name, value in block.items()).encode() + b"\r\n")


async def a_day(exchange: Exchange, *, enough: threading.Event) -> Stub:
    stub, until = Stub(), asyncio.Event()
    server = await asyncio.start_server(stub.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ours = Asterisk(host="127.0.0.1", port=port, username="yingsheng", secret=SECRET)

    def noon() -> datetime:
        return datetime(2025, 3, 3, 4, 0, tzinfo=UTC)

    listening = asyncio.create_task(listen(exchange=exchange, asterisk=ours, until=until, clock=noon))
    while not enough.is_set():
        await asyncio.sleep(0.05)
    until.set()
    await asyncio.wait_for(listening, 30)
    await asyncio.wait_for(stub.gone.wait(), 30)
    server.close()
    await server.wait_closed()
    return stub


@pytest.mark.rule("D-10", "B-06")
def test_a_day_of_an_asterisk_becomes_calls(committed_db: None) -> None:
    cast = make_cast()
    exchange, _key = set_up_exchange(
        site=cast.site, name="总机", hotline="85550001", by=None, at=MONDAY_NINE.replace(hour=1)
    )
    give_extension(exchange=exchange, number="802", staff=cast.front, by=None, at=MONDAY_NINE)
    give_extension(exchange=exchange, number="801", staff=cast.lobby, by=None, at=MONDAY_NINE)
    stubs: list[Stub] = []
    enough = threading.Event()
    thread = threading.Thread(target=lambda: stubs.append(asyncio.run(a_day(exchange, enough=enough))))
    thread.start()
    until = monotonic() + 60
    while Call.objects.filter(state="ended").count() < 2 and monotonic() < until:
        sleep(0.05)
    enough.set()
    thread.join(60)
    assert stubs and stubs[0].logins[0]["Username"] == "yingsheng"
    first, missed, back = Call.objects.order_by("rang_at")
    assert (first.state, first.rings, first.answered_by, first.extension) == ("ended", 2, cast.front, "803")
    assert (missed.state, missed.back_by) == ("back", cast.lobby)  # the desk rang back, and got through
    assert (back.direction, back.line) == ("out", "85550001")
    assert Obligation.objects.get(milestone="call_back").state == "met"


def test_a_system_that_is_not_set_up_is_named(db: None) -> None:
    with pytest.raises(CommandFailed):
        find_exchange(code="nowhere")
