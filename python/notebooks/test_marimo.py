"""marimo's static export: one HTML file that has the figure alive, without a kernel."""

import mimetypes
import shutil
import subprocess
import sys
from pathlib import Path

import marimo
from conftest import PACKAGE, check_figure, move

#: Where an exported page looks for marimo's own program; the same files are in its package.
CDN = "https://cdn.jsdelivr.net/npm/@marimo-team/frontend@"


def from_package(route):
    path = route.request.url.removeprefix(CDN).partition("/dist/")[2].partition("?")[0]
    file = Path(marimo.__file__).parent / "_static" / path
    if file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind, headers={"Access-Control-Allow-Origin": "*"})
    else:
        route.abort()


def test_the_static_export_has_a_figure_that_is_alive(watched, serve, tmp_path):
    # Beside a notebook marimo keeps notes of its own.
    notebook = shutil.copy(PACKAGE / "examples" / "marimo_gradients.py", tmp_path)
    export = [sys.executable, "-m", "marimo", "export", "html", str(notebook)]
    done = subprocess.run([*export, "-o", str(tmp_path / "index.html"), "--no-include-code"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = watched.page
    page.route(CDN + "**", from_package)
    page.goto(serve(tmp_path))
    check_figure(page, 0, "gradient-norms")
    # The page is light, and so is the figure.
    assert page.locator(".vanishing-figure").get_attribute("data-theme") == "light"
    before, after = move(page, 0, "sequence-length", "77")
    assert "over 45 steps back" in before and "over 77 steps back" in after
    page.screenshot(path=str(tmp_path / "marimo.png"))
    # The figure itself asks for nothing; marimo's page asks for its program and fonts.
    assert [url for url in watched.elsewhere if not url.startswith(("https://cdn.jsdelivr.net/", "https://fonts."))] == []
