"""The real web server under load: cases registered over the API by one client and by sixteen, and its memory."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from yingsheng.kernel.org.models import ApiClient, Site, Staff
from yingsheng.kernel.org.services import issue_token

CLIENTS = (1, 16)
SECONDS = 8.0
START_SECONDS = 30.0
ADDRESS = "/api/v1/processes/complaints/cases"
MATTER = {"title": "测速登记", "channel": "phone", "caller": {"name": "钱女士", "phone": "13800000000"}}


def measure_served(*, site: Site, staff: Staff) -> Iterator[str]:
    """Start the server on the database at hand; a line per number of clients, then one for its memory."""
    token = token_for(site=site, staff=staff)
    with _server() as (port, process):
        for count in CLIENTS:
            spans = _load(port=port, token=token, clients=count)
            middle, slow = statistics.median(spans), sorted(spans)[int(len(spans) * 0.95)]
            name = f"create over HTTP, {count} client{'s' if count > 1 else ''}"
            yield f"{name:<34}{middle * 1000:>9.2f}  p95 {slow * 1000:.1f}, {len(spans) / SECONDS:.0f}/s"
        yield f"{'memory of the web server, MB':<34}{_memory(process.pid):>9.0f}"


def token_for(*, site: Site, staff: Staff) -> str:
    """A token that may register and read, as often as it likes."""
    client, token = issue_token(
        site=site, name=f"测速{secrets.token_hex(3)}", acts_as=staff, scopes=["complaints.*", "cases.see_site"],
        by=None, at=timezone.now(),
    )  # fmt: skip
    ApiClient.objects.filter(pk=client.pk).update(requests_per_minute=1_000_000)
    return token


@contextlib.contextmanager
def _server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "yingsheng.ops", "web", "--port", str(port)])
    try:
        patience = time.monotonic() + START_SECONDS
        while time.monotonic() < patience:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _load(*, port: int, token: str, clients: int) -> list[float]:
    """Seconds of each request that registered a case; RuntimeError for any other answer."""
    spans: list[float] = []
    wrong: list[str] = []
    until = time.monotonic() + SECONDS

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until and not wrong:
            started = time.perf_counter()
            line.request(
                "POST",
                ADDRESS,
                body=json.dumps(MATTER),
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": secrets.token_hex(8),
                },
            )  # fmt: skip
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 201:
                wrong.append(f"{answer.status} {body[:200]!r}")
            spans.append(time.perf_counter() - started)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return spans


def _memory(parent: int) -> float:
    """Megabytes that the server and its workers hold for themselves, shared pages counted once (Linux)."""
    pages = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if int(entry.name) == parent or f"PPid:\t{parent}\n" in (entry / "status").read_text():
                    rollup = (entry / "smaps_rollup").read_text()
                    pages += sum(
                        int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
                    )
    return pages / 1024
