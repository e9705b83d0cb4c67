"""The wheel as it is installed: its licence, what it needs, what is said of it."""

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

from vanishing_point import Figure, __version__

REPOSITORY = Path(__file__).parents[2]
LICENCES = ["LICENSE-MIT", "LICENSE-APACHE"]


@pytest.fixture(scope="module")
def installed():
    return distribution("vanishing-point")


def test_the_licence_is_named_and_its_text_is_inside(installed):
    assert installed.metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert sorted(installed.metadata.get_all("License-File")) == sorted(LICENCES)
    for name in LICENCES:
        (file,) = (file for file in installed.files if file.match(f"*.dist-info/licenses/{name}"))
        assert file.read_text(encoding="utf-8") == (REPOSITORY / name).read_text(encoding="utf-8")


def test_nothing_of_others_is_inside_whose_licence_would_have_to_be(installed):
    """Fonts have licences of their own; the module takes the reader's."""
    module = Figure.module().read_text(encoding="utf-8")
    assert "@font-face" not in module and "woff2" not in module
    kinds = {file.suffix for file in installed.files if "dist-info" not in str(file)}
    assert kinds <= {".py", ".typed", ".mjs", ".json", ".pyc"}


def test_it_needs_anywidget_and_nothing_else(installed):
    assert [need for need in installed.requires if "extra ==" not in need] == ["anywidget>=0.9"]


def test_the_readme_is_its_description_and_leads_nowhere_that_is_not_there(installed):
    about = installed.metadata
    assert about["Description-Content-Type"] == "text/markdown"
    text = about.get_payload() if about.get_payload() else about["Description"]
    assert text.strip() == (REPOSITORY / "python" / "README.md").read_text(encoding="utf-8").strip()
    # What shows the description knows no files beside it.
    assert [link for link in re.findall(r"\]\(([^)]*)\)", text) if not link.startswith("https://")] == []


def test_the_version_is_the_one_that_the_package_says(installed):
    assert installed.version == __version__
