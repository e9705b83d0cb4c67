"""What the tests in real notebooks share: a browser, servers, and what they wait for.

Run by `cargo xtask notebooks`, in an environment with the tools of `requirements-notebooks.txt`.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PACKAGE = Path(__file__).parents[1]

#: What keeps a browser from calling home, where there is nothing to call.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    assert path, "there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Watched:
    """A page, what it asked for elsewhere, and what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.elsewhere: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self._asks(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _asks(self, url: str) -> None:
        if not url.startswith(("http://localhost", "http://127.0.0.1", "ws://localhost", "data:", "blob:", "file:")):
            self.elsewhere.append(url)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1366, "height": 1400})
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def serve() -> Iterator:
    """Serves a folder of static files; returns its address."""
    servers = []

    class Silent(http.server.SimpleHTTPRequestHandler):
        extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

        def log_message(self, *_: object) -> None:
            pass

    def start(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("localhost", 0), functools.partial(Silent, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://localhost:{server.server_address[1]}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def check_figure(page: Page, number: int, slug: str) -> None:
    """A figure is there: a picture that is drawn, words, and controls that move both."""
    host = page.locator(".vanishing-figure").nth(number)
    canvas = host.locator("canvas")
    canvas.wait_for(timeout=30_000)
    assert host.locator("figure").get_attribute("data-figure") == slug
    page.wait_for_function("canvas => canvas.width > 400", arg=canvas.element_handle(), timeout=30_000)
    colours = canvas.evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 10, f"{slug} has {colours} colours: nothing is drawn"


def move(page: Page, number: int, key: str, value: str) -> tuple[str, str]:
    """Types a value into a control; what the picture said before and says after."""
    host = page.locator(".vanishing-figure").nth(number)
    before = host.locator("canvas").get_attribute("aria-label")
    field = host.locator(f"[data-number={key}]")
    field.fill(value)
    field.press("Enter")
    page.wait_for_function(
        "([canvas, before]) => canvas.getAttribute('aria-label') !== before",
        arg=[host.locator("canvas").element_handle(), before],
        timeout=10_000,
    )
    return before, host.locator("canvas").get_attribute("aria-label")
