"""Takes the pictures of the README from a fresh demo site: `make screenshots`."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "yingsheng-demo-2026"
PROGRAM = (sys.executable, "-m", "yingsheng.ops")
WIDE, PHONE = (1366, 768), (390, 844)
COLOURS = 96


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: who looks, where, in which language, and what is opened first."""

    name: str
    user: str
    path: str
    language: str = "zh-hans"
    size: tuple[int, int] = WIDE
    clicks: tuple[str, ...] = ()


SHOTS = (
    Shot(
        name="reception", user="front", path="/reception/?q=5-1-1302",
        clicks=("main a[href*='start=complaints']",),
    ),
    Shot(name="today", user="supervisor", path="/?view=open"),
    Shot(
        name="case", user="supervisor", path="/complaints/", language="en",
        clicks=("table tbody tr:first-child a",),
    ),
    Shot(name="month", user="supervisor", path="/complaints/month/"),
    Shot(name="rule", user="head", path="/rules/C-39/", language="en"),
    Shot(
        name="phone", user="engineer1", path="/complaints/?view=mine", size=PHONE,
        clicks=("table tbody tr:first-child a",),
    ),
)  # fmt: skip


def main() -> None:
    """Build the site, take every picture, keep them small."""
    data = ROOT / "var" / "screenshots"
    shutil.rmtree(data, ignore_errors=True)
    environment = os.environ | {"YINGSHENG_DATA": str(data)}
    subprocess.run([*PROGRAM, "prepare", "--demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    PICTURES.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with served(environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            keep(name=shot.name, picture=take(browser=browser, address=address, shot=shot))
        browser.close()


@contextlib.contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The site on a free port, with a sign of life of its worker."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*PROGRAM, "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def take(*, browser: Browser, address: str, shot: Shot) -> bytes:
    """Log in, choose the language, go there."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", shot.user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    speak(page=page, language=shot.language)
    page.goto(f"{address}{shot.path}")
    for click in shot.clicks:
        page.click(click)
        page.wait_for_load_state()
    page.wait_for_timeout(700)  # the chart draws itself
    picture = page.screenshot()
    context.close()
    return picture


def speak(*, page: Page, language: str) -> None:
    """Choose the language as the menu does."""
    page.evaluate(
        """async (language) => {
            const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
            const body = new URLSearchParams({language, next: "/"});
            await fetch("/preferences/", {method: "POST", headers: {"X-CSRFToken": token}, body});
        }""",
        language,
    )


def keep(*, name: str, picture: bytes) -> None:
    """Few colours are enough for pages of text, and the repository stays small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    image.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
