"""A Jupyter Book 2 (MyST) with figures, built, and opened from static files.

The builder fetches its theme; where it cannot, `VANISHING_BOOK_THEME` names a folder with one that was built.
"""

import os
import re
import shutil
import subprocess
import textwrap

import pytest
import vanishing_point
from conftest import PACKAGE, check_figure, move

#: The book is published in a folder of a site.
BASE = "/a/book"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site that has the built book in it."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(PACKAGE / "examples" / "book", source, dirs_exist_ok=True)
    shutil.copy(vanishing_point.Figure.module(), source)
    # The lines that docs/embedding.md gives, as a page of their own.
    guide = (PACKAGE.parent / "docs" / "embedding.md").read_text(encoding="utf-8")
    lines = textwrap.dedent(re.search(r"^    :::\{anywidget\}.*?^    :::$", guide, re.DOTALL | re.MULTILINE)[0])
    (source / "guide.md").write_text(f"# As the guide says\n\n{lines}\n", encoding="utf-8")
    contents = source / "myst.yml"
    contents.write_text(contents.read_text().replace("    - file: lstm.md", "    - file: lstm.md\n    - file: guide.md"))
    theme = os.environ.get("VANISHING_BOOK_THEME")
    if theme:
        config = source / "myst.yml"
        config.write_text(config.read_text().replace("template: book-theme", f"template: {theme}"))
    build = ["jupyter-book", "build", "--html", "--ci"]
    done = subprocess.run(build, cwd=source, env={**os.environ, "BASE_URL": BASE}, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(source / "_build" / "html", site / BASE.strip("/"))
    return site


def test_the_figures_of_a_book_are_alive(site, serve, watched, tmp_path):
    page = watched.page
    page.goto(serve(site) + BASE.strip("/") + "/")
    for number, slug in enumerate(["gradient-norms", "spectrum"]):
        page.locator(".vanishing-figure").nth(number).scroll_into_view_if_needed(timeout=60_000)
        check_figure(page, number, slug)
    before, after = move(page, 0, "sequence-length", "77")
    assert "over 60 steps back" in before and "over 77 steps back" in after
    assert page.locator(".vanishing-figure").nth(1).locator("[data-number=gain]").input_value() == "1.2"
    page.screenshot(path=str(tmp_path / "book.png"), full_page=True)
    # From page to page without a reload: what was there is taken down, and the next figure stands.
    page.get_by_role("link", name="With gates").first.click()
    page.locator("figure[data-figure=gates]").wait_for(timeout=30_000)
    check_figure(page, 0, "gates")
    assert page.locator(".vanishing-figure").count() == 1
    assert page.get_by_role("button", name="Save CSV").count() == 0
    page.get_by_role("link", name="As the guide says").first.click()
    page.locator("figure[data-figure=gradient-norms]").wait_for(timeout=30_000)
    check_figure(page, 0, "gradient-norms")
    assert "over 60 steps back" in page.locator(".vanishing-figure canvas").get_attribute("aria-label")
    assert [error for error in watched.wrong if "vanishing" in error.lower()] == []
