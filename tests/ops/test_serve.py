"""Web and worker in one process tree."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from yingsheng.ops.serve import CRASHES, Child, Web

from .program import Program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(part) for part in file.read().split()]


def command_of(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read().replace("\0", " ")
    except FileNotFoundError:
        return ""


def eventually(true: Callable[[], object], *, seconds: float = 40) -> bool:
    patience = time.monotonic() + seconds
    while time.monotonic() < patience:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def served(program: Program) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A running tree and its port."""
    port = free_port()
    process = program.start("serve", "--port", str(port))
    assert process.stdout is not None
    first_words = process.stdout.readline()
    assert f":{port}/" in first_words, first_words
    yield process, port
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=40)
    process.stdout.close()


def test_the_tree_answers_heals_and_ends(program: Program, served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    assert connection.getresponse().status < 500
    connection.close()

    workers = [pid for pid in children_of(process.pid) if " worker" in command_of(pid)]
    assert len(workers) == 1
    assert eventually(lambda: program.ask("SELECT count(*) FROM timers_heartbeat")[0][0])
    os.kill(workers[0], signal.SIGKILL)
    assert eventually(
        lambda: [
            pid for pid in children_of(process.pid) if " worker" in command_of(pid) and pid != workers[0]
        ]
    )

    everybody = children_of(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=40) == 0
    assert eventually(lambda: not any(command_of(pid) for pid in everybody), seconds=5)


def test_a_parent_killed_outright_leaves_nobody_behind(served: tuple[subprocess.Popen[str], int]) -> None:
    process, _port = served
    everybody = children_of(process.pid)
    assert len(everybody) == 2
    process.kill()
    process.wait(timeout=10)
    assert eventually(lambda: not any("yingsheng" in command_of(pid) for pid in everybody))


def test_a_port_in_use_is_said_before_anything_starts(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = program.run("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"PORT={port + 1}" in done.stderr


def test_what_keeps_ending_is_given_up() -> None:
    child = Child(name="web", command=["true"])
    verdicts = [child.crashes_too_often(now=float(second)) for second in range(CRASHES)]
    assert verdicts == [False] * (CRASHES - 1) + [True]


def test_what_ends_now_and_then_is_not_given_up() -> None:
    child = Child(name="web", command=["true"])
    assert not any(child.crashes_too_often(now=float(hour * 3600)) for hour in range(50))


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/")],  # noqa: S104
)
def test_the_address_can_be_typed_into_a_browser(host: str, address: str) -> None:
    assert Web(host=host, port=80, workers=None, threads=8).address == address
