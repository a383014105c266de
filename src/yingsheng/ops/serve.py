"""Web and worker in one process tree: what dies is started again, and Ctrl-C ends everything.

The parent never imports Django, so it costs next to nothing beside its two children.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yingsheng.ops.words import complain, failed, say

PROGRAM = (sys.executable, "-m", "yingsheng.ops")
GRACE_SECONDS = 30  # a request or a row under way may finish
CRASHES, CRASH_SECONDS = 5, 60  # this many ends within this time mean that starting again does not help
WATCH_SECONDS = 0.2
OPEN_SECONDS = 60
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


@dataclass(frozen=True, kw_only=True)
class Web:
    """How the web server listens. `workers` None: one process on SQLite, two on a database server."""

    host: str
    port: int
    workers: int | None
    threads: int

    @property
    def address(self) -> str:
        """What to type into a browser."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  # compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def arguments(self) -> list[str]:
        """The command line that gives these options back."""
        given = ["--host", self.host, "--port", str(self.port), "--threads", str(self.threads)]
        return given if self.workers is None else [*given, "--workers", str(self.workers)]


@dataclass
class Child:
    """One of the two processes, and when it ended lately."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it so that it dies with its parent."""
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent)

    def has_ended(self) -> bool:
        """Whether it is gone."""
        return self.process is not None and self.process.poll() is not None

    def crashes_too_often(self, *, now: float) -> bool:
        """Note an end; whether there were too many of them lately."""
        self.ends = [end for end in self.ends if end > now - CRASH_SECONDS] + [now]
        return len(self.ends) >= CRASHES


def serve(*, web: Web, prepare: bool, demo: bool) -> int:
    """Run web and worker until a signal comes; returns 0 then, 1 if one of them cannot be kept alive.

    Raises CommandFailed if the port is taken or preparing fails.
    """
    _check_port(web=web)
    if prepare:
        done = subprocess.run([*PROGRAM, "prepare", *(["--demo"] if demo else [])], check=False)
        if done.returncode:
            return done.returncode
    children = [
        Child(name="web", command=[*PROGRAM, "web", *web.arguments]),
        Child(name="worker", command=[*PROGRAM, "worker"]),
    ]
    stopping = _stop_on_signals()
    for child in children:
        child.start()
    try:
        _announce(web=web, children=children, stopping=stopping)
        return _watch(children=children, stopping=stopping)
    finally:
        _end(children=children)


def run_web(*, web: Web) -> int:
    """Become the web server; does not return."""
    workers = web.workers
    if workers is None:
        workers = 2 if os.environ.get("DATABASE_URL", "").startswith("postgres") else 1
    host = f"[{web.host}]" if ":" in web.host else web.host
    arguments = [
        *(sys.executable, "-m", "gunicorn", "yingsheng.project.wsgi:application"),
        *("--bind", f"{host}:{web.port}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", str(web.threads)),
        *("--timeout", "60", "--graceful-timeout", str(GRACE_SECONDS), "--keep-alive", "75"),
        *("--no-control-socket", "--log-level", "warning"),
    ]
    os.execv(sys.executable, arguments)  # noqa: S606  # our own interpreter, no shell


def _check_port(*, web: Web) -> None:
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    with contextlib.closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((web.host, web.port))
        except OSError as error:
            raise failed(
                zh=f"{web.address} 不能使用（{error.strerror}）。换一个端口：make run PORT={web.port + 1}",
                en=f"{web.address} cannot be used ({error.strerror}). Another port: make run PORT={web.port + 1}",
            ) from error


def _stop_on_signals() -> Callable[[], bool]:
    asked = []

    def ask(signal_number: int, frame: object) -> None:
        asked.append(signal_number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    return lambda: bool(asked)


def _announce(*, web: Web, children: Sequence[Child], stopping: Callable[[], bool]) -> None:
    """Say the address once it answers; nothing if it does not within a minute."""
    patience = time.monotonic() + OPEN_SECONDS
    host = "127.0.0.1" if web.host in ("0.0.0.0", "::") else web.host  # noqa: S104  # compared, not bound
    while time.monotonic() < patience and not stopping() and not children[0].has_ended():
        with contextlib.suppress(OSError), socket.create_connection((host, web.port), timeout=1):
            say(
                zh=f"应声已启动：{web.address}　按 Ctrl-C 停止。",
                en=f"Yingsheng is up: {web.address}  Ctrl-C stops it.",
            )
            return
        time.sleep(WATCH_SECONDS)


def _watch(*, children: Sequence[Child], stopping: Callable[[], bool]) -> int:
    while not stopping():
        for child in children:
            if not child.has_ended():
                continue
            if child.crashes_too_often(now=time.monotonic()):
                complain(
                    zh=f"{child.name} 一再退出，已全部停止。原因见上面的信息，也可以运行 yingsheng doctor。",
                    en=f"{child.name} keeps ending; everything is stopped. See above, or run: yingsheng doctor",
                )
                return 1
            complain(
                zh=f"{child.name} 意外退出，正在重新启动。", en=f"{child.name} ended; starting it again."
            )
            child.start()
        time.sleep(WATCH_SECONDS)
    return 0


def _end(*, children: Sequence[Child]) -> None:
    """Ask all to end, wait for what is under way, then insist."""
    running = [child.process for child in children if child.process is not None and not child.has_ended()]
    for process in running:
        process.terminate()
    patience = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(timeout=max(0.1, patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    """A parent killed outright leaves no worker behind that nobody watches (Linux only; elsewhere a no-op)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
