"""The example notebook, run in JupyterLab in a browser as a reader runs it.

With the variable `VANISHING_KEEP` it is written back with what it printed, and a picture in the place of each figure: for
those who read it where nothing runs.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import PACKAGE, check_figure, move

NOTEBOOK = "vanishing-gradients.ipynb"


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab on the folder with the notebook; its address."""
    shutil.copy(PACKAGE / "examples" / NOTEBOOK, tmp_path)
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    # It asks whether it may tell news, over what is to be seen.
    settings = tmp_path / "JUPYTER_CONFIG_DIR" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{ "fetchNews": "false", "checkForUpdates": false }')
    options = ["--no-browser", "--allow-root", "--port=0", "--ip=localhost", "--IdentityProvider.token=", "--LabApp.news_url="]
    options += ["--LabApp.expose_app_in_browser=True", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with open(tmp_path / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **own}, stdout=log, stderr=log)
        try:
            yield address_of(tmp_path / "JUPYTER_RUNTIME_DIR", server)
        finally:
            server.terminate()
            server.wait(20)


def address_of(folder, server):
    for _ in range(240):
        assert server.poll() is None, "JupyterLab ended"
        for file in folder.glob("jpserver-*.json"):
            try:
                address = json.loads(file.read_text())["url"]
                urllib.request.urlopen(address + "api")
                return address
            except (ValueError, OSError):
                pass
        time.sleep(0.25)
    raise TimeoutError("JupyterLab did not start")


def test_the_example_runs_and_its_figures_are_alive(lab, watched, tmp_path):
    page = watched.page
    page.goto(f"{lab}lab/tree/{NOTEBOOK}")
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('notebook:run-all-cells')", timeout=60_000)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000)
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector("text=the last cell has run", timeout=500_000)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    all_figures = ["gradient-norms", "spectrum", "gradient-norms", "training-heat", "training-heat"]
    shown = all_figures[: page.locator(".vanishing-figure").count()]
    assert len(shown) in (3, 5)
    for number, slug in enumerate(shown):
        page.locator(".vanishing-figure").nth(number).scroll_into_view_if_needed()
        check_figure(page, number, slug)
    # With PyTorch the monitors have drawn their maps, and say what gradient and loss do.
    learned = ["guessing without memory", "it has learned: below a tenth of what guessing costs"]
    for number, words in zip(range(3, len(shown)), learned):
        said = page.locator(".vanishing-figure").nth(number).locator(".words")
        said.get_by_text("Over 30 steps back the gradient").wait_for()
        said.get_by_text(words).wait_for()
    if os.environ.get("VANISHING_KEEP"):
        keep(page, tmp_path / NOTEBOOK)
    before, after = move(page, 0, "sequence-length", "77")
    assert "over 77 steps back" in after and "over 77" not in before
    # The linked figure has moved too.
    linked = "document.querySelectorAll('.vanishing-figure')[1].shadowRoot.querySelector('[data-number=hidden-size]')"
    size = page.locator(".vanishing-figure").nth(0).locator("[data-number=hidden-size]")
    size.fill("9")
    size.press("Enter")
    page.wait_for_function(f"{linked}?.value === '9'", timeout=10_000)
    # What the reader did is known in Python (the numbers as soon as the hand rests), and what Python does is seen.
    page.wait_for_timeout(1_000)
    cell = "print('heard', figure.sequence_length, len(next(iter(figure.data.values()))))\nfigure.cell = 'gru'"
    page.evaluate(
        """async code => {
            const future = jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
            window.said = "";
            future.onIOPub = ({ content }) => (window.said += content.text ?? content.evalue ?? "");
            await future.done;
        }""",
        "import time\n" + cell,
    )
    assert page.evaluate("said").strip() == "heard 77 78"
    page.wait_for_function(
        "document.querySelector('.vanishing-figure').shadowRoot.querySelector('[data-param=cell]').value === 'gru'", timeout=10_000
    )
    page.screenshot(path=str(tmp_path / "lab.png"))
    assert watched.wrong == []
    theme(page)


def keep(page, saved):
    """Writes the notebook back as it was run."""
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    notebook = json.loads(saved.read_text(encoding="utf-8"))
    figures = iter(page.locator(".vanishing-figure").all())
    for cell in notebook["cells"]:
        cell.get("metadata", {}).pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop("application/vnd.jupyter.widget-view+json", None):
                figure = next(figures)
                # With what is said of a training run, otherwise without controls.
                is_run = figure.locator(".words p").count() > 0
                shot = figure.locator(".whole" if is_run else "figure").screenshot()
                data["image/png"] = base64.b64encode(shot).decode() + "\n"
    notebook["metadata"] = {key: notebook["metadata"][key] for key in ("kernelspec", "language_info")}
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    (PACKAGE / "examples" / NOTEBOOK).write_text(text, encoding="utf-8")


def theme(page):
    """Figures are as dark as the notebook."""
    page.evaluate("jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_function("document.querySelector('.vanishing-figure').dataset.theme === 'dark'", timeout=15_000)
