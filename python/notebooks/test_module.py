"""The module alone, in a plain page with a model as notebooks have it."""

import base64
import csv
import io
import json
import math
import re
import shutil
import struct
import subprocess
import sys

import pytest
import vanishing_point
from conftest import PACKAGE, check_figure, move

NETWORKS = PACKAGE.parent / "tests" / "networks"

#: A model that keeps its state, and the module on the page.
PAGE = """<!doctype html><meta charset="utf-8"><title>A page</title><body>
<script type="module">
import widget from "./vanishing-figure.mjs";
class Model {
  heard = {}; saves = 0;
  constructor(state) { this.state = state; }
  get(key) { return this.state[key]; }
  set(key, value) { this.state[key] = value; (this.heard["change:" + key] ?? []).forEach((heard) => heard()); }
  on(name, heard) { (this.heard[name] ??= []).push(heard); }
  off(name, heard) { this.heard[name] = this.heard[name].filter((other) => other !== heard); }
  save_changes() { this.saves += 1; }
}
window.show = async (state, bytes = {}) => {
  for (const [key, text] of Object.entries(bytes)) {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    state[key] = new DataView(data.buffer);
  }
  const el = document.body.appendChild(document.createElement("div"));
  window.model = new Model(state);
  window.end = await widget.render({ model, el });
};
window.ready = true;
</script>"""


@pytest.fixture
def plain(watched, serve, tmp_path):
    """A plain page with the module."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    shutil.copy(vanishing_point.Figure.module(), tmp_path)
    watched.page.goto(serve(tmp_path))
    watched.page.wait_for_function("window.ready")
    yield watched
    assert watched.wrong == [] and watched.elsewhere == []


def state(page, key):
    """What the model knows, as soon as it does."""
    page.wait_for_function("key => model.state[key] !== undefined && model.state[key].length !== 0", arg=key)
    return page.evaluate("key => model.state[key]", key)


def columns(text):
    rows = list(csv.reader(io.StringIO(text)))
    return {name: [float(row[place] or "nan") for row in rows[1:]] for place, name in enumerate(rows[0])}


def test_a_figure_and_its_model_move_each_other(plain):
    page = plain.page
    page.evaluate("show({ figure: 'gradient-norms', query: 'sequence-length=40' })")
    check_figure(page, 0, "gradient-norms")
    assert "over 40 steps" in state(page, "summary")
    move(page, 0, "sequence-length", "75")
    page.wait_for_function("model.state.query === 'sequence-length=75'")
    page.evaluate("model.set('query', 'cell=lstm&sequence-length=20')")
    page.wait_for_function("model.state.summary?.includes('over 20 steps')")
    page.wait_for_function("model.state.csv?.trim().split('\\n').length === 22")
    assert page.locator("[data-param=cell]").input_value() == "lstm"
    page.evaluate("model.set('query', 'cell=tea')")
    page.wait_for_function("model.state.notices?.length === 1")
    page.evaluate("end()")
    assert page.locator(".vanishing-figure").count() == 0
    page.evaluate("model.set('query', 'cell=gru')")
    assert page.evaluate("Object.values(model.heard).flat().length") == 0


def test_a_figure_that_there_is_not_says_which_there_are(plain):
    page = plain.page
    page.evaluate("show({ figure: 'tea' })")
    page.get_by_role("alert").wait_for()
    assert "There is no figure “tea”" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("slug", list(vanishing_point.figures()))
def test_every_figure_is_drawn(plain, slug):
    page = plain.page
    page.evaluate("slug => show({ figure: slug })", slug)
    check_figure(page, 0, slug)
    named = page.locator("[data-control]").evaluate_all("all => all.map((one) => one.dataset.control)")
    assert named == list(vanishing_point.parameters(slug))


def test_training_goes_on_in_slices_to_its_end(plain):
    page = plain.page
    page.evaluate("show({ figure: 'training-loss', query: 'stop-step=25&lanes=1' })")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_text("stopped at update 25").first.wait_for(timeout=60_000)
    page.get_by_text("has no worker of its own").wait_for()
    page.wait_for_function("model.state.csv?.trim().split('\\n').length > 20")


@pytest.mark.parametrize("name", ["rnn-tanh", "rnn-relu", "lstm", "lstm-no-bias", "gru"])
def test_a_network_of_ones_own_has_the_gradients_that_pytorch_says(plain, name):
    page = plain.page
    content = base64.b64encode((NETWORKS / f"{name}.safetensors").read_bytes()).decode()
    query = "activation=relu" if name == "rnn-relu" else ""
    page.evaluate(
        "([query, content]) => show({ figure: 'gradient-norms', query, weights_name: 'mine.safetensors' }, { weights: content })",
        [query, content],
    )
    page.get_by_text("mine.safetensors").first.wait_for()
    expected = json.loads((NETWORKS / "expected.json").read_text())[name]["state_gradient_norms"]
    found = columns(state(page, "csv"))
    named = ("‖∂L/∂hₜ‖", "measured", *(f"layer {count}" for count in (3, 2)))
    column = next(found[name] for end in named for name in found if name == f"log10 {end}")
    assert [10**value for value in column] == pytest.approx(expected, rel=1e-4)


def packed(numbers):
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def run_of(steps, losses, **about):
    """A run of ten looks, five updates apart, in which the gradient shrinks, and its losses."""
    rows = [[update, steps, *(-0.1 * (steps - t) for t in range(steps + 1))] for update in range(0, 50, 5)]
    about = {"name": "mine", "width": steps + 3, "guessing": None, "first": None, "broke": [], "cost": "measuring took 2 ms each time", **about}
    state = {"figure": "training-heat", "query": "hide=controls,buttons", "run_about": about}
    return state, {"run": packed(sum(rows, [])), "run_losses": packed([part for pair in losses for part in pair])}


def test_a_run_of_ones_own_is_drawn_with_its_verdicts(plain):
    page = plain.page
    state_of, numbers = run_of(20, [(0, 1.0), (49, 0.05)], guessing=0.9)
    page.evaluate("([state, bytes]) => show(state, bytes)", [state_of, numbers])
    assert state(page, "verdict") == "over 20 steps back the gradient shrinks by a factor of 100: vanishing"
    assert state(page, "learning") == "loss 0.05, it has learned: below a tenth of what guessing costs"
    said = page.locator(".words p")
    assert said.all_inner_texts() == [
        "Over 20 steps back the gradient shrinks by a factor of 100: vanishing.",
        "Loss 0.05, it has learned: below a tenth of what guessing costs.",
        "Measuring took 2 ms each time.",
    ]
    assert page.locator(".control").count() == 0
    assert "mine, after 50 updates, at the first state 0.01 of it is left" in state(page, "summary")
    check_figure(page, 0, "training-heat")
    assert page.locator("button:visible").all_inner_texts() == ["Save SVG", "Save CSV", "Table"]
    assert not any(math.isnan(value) for column in columns(state(page, "csv")).values() for value in column)


def test_a_run_of_ones_own_that_diverges_is_drawn_as_such(plain):
    page = plain.page
    state_of, numbers = run_of(20, [(0, 1.0), (30, 0.5), (40, math.nan)], broke=[40])
    page.evaluate("([state, bytes]) => show(state, bytes)", [state_of, numbers])
    assert state(page, "learning") == "nothing is left to train, and the last loss was 0.5"
    page.get_by_text("At update 40 the first number that is not finite came up in the loss.").wait_for()
    assert "diverged at update 40" in state(page, "summary")
    # The next look finds it finite again: nothing of it stays.
    page.evaluate("model.set('run_about', { ...model.state.run_about, broke: [] })")
    page.wait_for_function("!model.state.summary.includes('diverged')")
    assert page.get_by_text("not finite").count() == 0


def quarto_lines():
    """The HTML that docs/embedding.md gives for Quarto: an element, and the script that shows the figure in it."""
    text = (PACKAGE.parent / "docs" / "embedding.md").read_text(encoding="utf-8")
    lines = re.search(r"```\{=html\}\n(.*?)\n *```", text, re.DOTALL)[1]
    element, script = re.fullmatch(r'\s*(<div .*?</div>)\s*<script type="module">\n(.*)</script>', lines, re.DOTALL).groups()
    return element, script


def test_a_strict_page_and_a_model_that_only_answers_are_enough(watched, serve, tmp_path):
    """The lines of docs/embedding.md for Quarto, under the policy that it names."""
    page, policy = watched.page, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
    element, script = quarto_lines()
    shutil.copy(vanishing_point.Figure.module(), tmp_path)
    (tmp_path / "index.html").write_text(
        f"""<!doctype html><meta charset="utf-8"><title>A page</title>
        <meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="icon" href="data:,">
        <body>{element}<script type="module" src="page.mjs"></script>""",
        encoding="utf-8",
    )
    (tmp_path / "page.mjs").write_text(script, encoding="utf-8")
    page.goto(serve(tmp_path))
    check_figure(page, 0, "gradient-norms")
    move(page, 0, "sequence-length", "77")
    page.wait_for_timeout(600)
    assert page.locator("[data-param=cell]").input_value() == "gru"
    assert page.locator(".vanishing-figure").evaluate("host => getComputedStyle(host).display") == "block"
    assert watched.wrong == [] and watched.elsewhere == []


def test_numbers_and_pictures_are_saved(plain):
    page = plain.page
    page.evaluate("show({ figure: 'spectrum' })")
    for name, begins in [("Save CSV", "Re λ"), ("Save SVG", "<svg")]:
        with page.expect_download() as saved:
            page.get_by_role("button", name=name).click()
        assert begins in saved.value.path().read_text(encoding="utf-8")[:400]


def test_table_and_code_stand_beneath_a_figure(plain):
    page = plain.page
    page.evaluate("show({ figure: 'gradient-norms', query: 'sequence-length=40&hidden-size=4' })")
    check_figure(page, 0, "gradient-norms")
    page.get_by_role("button", name="Table", exact=True).click()
    table = page.locator(".sheet table")
    assert table.locator("tbody tr").count() == 41
    headings = table.locator("th").all_inner_texts()
    assert headings[0].startswith("time step t") and len(table.locator("tbody tr").first.locator("td").all()) == len(headings)
    page.get_by_role("button", name="Code", exact=True).click()
    code = page.get_by_role("region", name="Code")
    assert "figure gradient-norms, state ?hidden-size=4&sequence-length=40" in code.inner_text()
    assert state(page, "code") == code.text_content()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as .py").click()
    assert saved.value.path().read_text(encoding="utf-8") == code.text_content()
    # Whether a page may copy is the browser's affair; it is told either way.
    page.get_by_role("button", name="Copy code").click()
    page.get_by_text("The code was copied.").or_(page.get_by_text("This page may not copy")).last.wait_for()
    # Both follow what is set, and go as they came.
    move(page, 0, "sequence-length", "31")
    page.wait_for_function("document.querySelector('.vanishing-figure').shadowRoot.querySelectorAll('tbody tr').length === 32")
    assert "sequence-length=31" in page.get_by_role("region", name="Code").inner_text()
    page.get_by_role("button", name="Code", exact=True).click()
    page.get_by_role("button", name="Table", exact=True).click()
    assert page.locator(".sheet > *").count() == 0


def test_the_code_beneath_a_figure_gives_its_numbers(plain, tmp_path):
    page = plain.page
    page.evaluate("show({ figure: 'eigenvalue-powers', query: 'hidden-size=4' })")
    script = tmp_path / "figure.py"
    script.write_text(state(page, "code"), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found, expected = columns(done.stdout), columns(state(page, "csv"))
    # The lines of theory; beside them the page has what is measured.
    lines = [values for name, values in expected.items() if name.startswith("log10 λ") and "," not in name]
    powers = [values for name, values in found.items() if name != "k"]
    assert len(powers) == len(lines) == 4 and len(powers[0]) > 20
    for power, line in zip(powers, lines):
        assert power == pytest.approx(line, abs=1e-7)


def test_what_cannot_be_shown_here_is_said(plain):
    page = plain.page
    page.evaluate("show({ figure: 'workbench' })")
    page.get_by_role("alert").wait_for()
    assert "shown by the page alone: put it into a frame with “only=workbench”" in page.get_by_role("alert").inner_text()
    page.evaluate("show({ figure: 'spectrum', query: 'only=workbench&gain=1.5' })")
    page.get_by_text("“only=workbench” has no meaning here, only in a frame.").wait_for()
    assert page.evaluate("model.state.notices")[0].startswith("This is one figure alone")


def test_it_is_as_dark_as_what_is_around_it(plain):
    page = plain.page
    page.evaluate("document.body.style.background = '#111'")
    page.evaluate("show({ figure: 'spectrum' })")
    # However a page writes its colours.
    colours = {"#fff": "light", "oklch(0.2 0.02 260)": "dark", "oklch(0.98 0 0)": "light", "color(srgb 0.1 0.1 0.1)": "dark"}
    for colour, theme in {"#111": "dark", **colours}.items():
        page.evaluate("colour => { document.body.style.background = colour; }", colour)
        page.wait_for_function(
            "theme => document.querySelector('.vanishing-figure').dataset.theme === theme", arg=theme, timeout=10_000
        )


def test_names_of_controls_stand_in_one_line_at_a_laptops_width(plain):
    page = plain.page
    page.evaluate("document.body.style.width = '46rem'")
    page.evaluate("show({ figure: 'gradient-norms' })")
    check_figure(page, 0, "gradient-norms")
    high = """() => [...document.querySelector(".vanishing-figure").shadowRoot.querySelectorAll(".control:not([hidden]) > label")]
        .filter((label) => label.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(label).fontSize))
        .map((label) => label.textContent)"""
    assert page.locator(".control:visible > label").count() > 4 and page.evaluate(high) == []
