"""A real browser before a real server. A missing browser fails the test; it never skips."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.factories.cast import Cast, make_cast

# the browser's driver runs an event loop in this thread; the tests only read the database beside it
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "a-long-test-password"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("the browser stories need Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Posts filled for good, with passwords, six homes."""
    return make_cast(homes=6, password=PASSWORD)


class Desk:
    """One person at one browser; collects what the console complains of."""

    def __init__(self, *, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message: object) -> None:
        # a refused form answers 422, which the browser reports as a failed load; that is how it should be
        text = getattr(message, "text", "")
        if getattr(message, "type", "") in ("error", "warning") and "422" not in text and "403" not in text:
            self.complaints.append(text)

    def log_in(self, username: str) -> None:
        self.page.goto(f"{self.address}/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("#login [data-main]")
        # who only works is led to his orders, everybody else to the day
        self.page.wait_for_url(re.compile(rf"^{re.escape(self.address)}/(work/)?$"))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def step(self, code: str, **values: object) -> None:
        """Open a step on the case page, fill it, do it."""
        panel = self.page.locator(f"#step-{code}")
        others = self.page.locator("#other-steps:not([open])")
        if others.locator(f"#step-{code}").count():
            others.locator("> summary").click()
        if panel.get_attribute("open") is None:
            panel.locator("summary").click()
        panel.locator("form").wait_for()
        for name, value in values.items():
            field = f"[name={code}-{name}]"
            if isinstance(value, bool):
                panel.locator(field).set_checked(value)
            elif panel.locator(f"{field}[type=radio], {field}[type=checkbox]").count():
                panel.locator(f"{field}[value={value}]").check()
            elif panel.locator(f"select{field}").count():
                panel.locator(field).select_option(str(value))
            else:
                panel.locator(field).fill(str(value))
        panel.locator("[data-main]").click()
        self.page.wait_for_load_state()

    def findings(self) -> list[str]:
        """Serious and critical findings of axe on the page as it stands."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{item['id']}: {item['nodes'][0]['html'][:160]}"
            for item in result["violations"]
            if item["impact"] in ("serious", "critical")
        ]


@pytest.fixture
def seat(browser: Browser, live_server: object, cast: Cast) -> Iterator[Callable[..., Desk]]:
    """Give a member of the cast a browser of his own: `seat("front")`, `seat("front", width=390)`."""
    contexts: list[BrowserContext] = []

    def give(name: str, *, width: int = 1366, height: int = 768, language: str = "zh-hans") -> Desk:
        if language != "zh-hans":
            staff = cast.staff[name]
            staff.language = language
            staff.save(update_fields=["language"])
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        # axe is put in from outside the page; the page's own policy would rightly refuse it as a script tag
        contexts.append(context)
        desk = Desk(context=context, address=live_server.url)  # type: ignore[attr-defined]
        desk.log_in(cast.staff[name].username)
        return desk

    yield give
    for context in contexts:
        context.close()
