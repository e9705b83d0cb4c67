"""Figures, without a browser: traits, queries, numbers."""

import pytest
import traitlets

from vanishing_point import Figure, figures, parameters


def test_parameters_are_traits_and_a_query():
    figure = Figure("gradient-norms", cell="lstm", hidden_size=12, gain=1.5)
    assert figure.cell == "lstm" and figure.gain == 1.5
    assert set(figure.query.split("&")) == {"cell=lstm", "hidden-size=12", "gain=1.5"}
    figure.cell = "gru"
    assert "cell=gru" in figure.query
    figure.query = "cell=lstm&sequence-length=40"
    assert (figure.cell, figure.sequence_length, figure.gain) == ("lstm", 40, parameters()["gain"].default)
    assert figure.chosen == {"cell": "lstm", "sequence_length": 40}
    figure.reset()
    assert figure.chosen == {} and figure.query == ""


def test_what_a_reader_does_is_heard_once():
    figure, heard = Figure(), []
    figure.observe(lambda change: heard.append((change.name, change.new)), ["cell", "hidden_size"])
    # As the browser says it.
    figure.set_state({"query": "hidden-size=9&cell=gru"})
    assert sorted(heard) == [("cell", "gru"), ("hidden_size", 9)]
    assert figure.query == "hidden-size=9&cell=gru"


def test_an_address_may_say_more_than_parameters():
    figure = Figure("training-loss", "?hide=captions&b.clip-norm=1&gain=2")
    figure.cell = "lstm"
    assert {"hide=captions", "b.clip-norm=1", "gain=2.0", "cell=lstm"} == set(figure.query.split("&"))


def test_former_names_still_work():
    assert Figure(query="T=17").sequence_length == 17


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Figure("gradient-norm"), "there is no figure 'gradient-norm'; did you mean 'gradient-norms'"),
        (lambda: Figure("workbench"), "in a frame with only=workbench; each of its panels is a figure: workbench-matrix,"),
        (lambda: Figure("spectrum,gates"), "'spectrum,gates' are several: make one of each, and link their queries"),
        (lambda: Figure(hiden_size=3), "there is no parameter 'hiden_size'; did you mean 'hidden_size'"),
        (lambda: Figure(cell="lstn"), "cell is one of rnn, lstm, gru, leaky, antisymmetric, orthogonal, min-gru, not 'lstn'"),
        (lambda: Figure(hidden_size=0.5), "hidden_size is a whole number from"),
        (lambda: parameters("no-such-figure"), "there is no figure 'no-such-figure'"),
    ],
)
def test_what_cannot_be_taken_is_said(make, says):
    with pytest.raises(ValueError) as refused:
        make()
    assert says in str(refused.value)


def test_a_trait_refuses_what_is_out_of_range():
    figure = Figure()
    with pytest.raises(traitlets.TraitError):
        figure.hidden_size = 10**9
    assert figure.query == ""


def test_data_are_columns_of_numbers():
    figure = Figure()
    assert figure.data == {}
    figure.set_state({"csv": 'time step t,"log10 ‖∂L/∂hₜ‖, measured"\r\n0,-3.5\r\n1,\r\n2,-inf\r\n'})
    data = figure.data
    assert list(data) == ["time step t", "log10 ‖∂L/∂hₜ‖, measured"]
    assert list(data["time step t"]) == [0, 1, 2]
    norms = data["log10 ‖∂L/∂hₜ‖, measured"]
    assert norms[0] == -3.5 and norms[1] != norms[1] and norms[2] == float("-inf")


def test_two_figures_are_linked_by_their_queries():
    first, second = Figure("gradient-norms"), Figure("spectrum", cell="gru")
    traitlets.link((first, "query"), (second, "query"))
    assert second.cell == first.cell
    first.hidden_size = 9
    assert second.hidden_size == 9
    second.set_state({"query": "gain=1.5"})
    assert (first.gain, first.hidden_size) == (1.5, parameters()["hidden-size"].default)


def test_code_is_empty_until_the_browser_has_written_it():
    figure = Figure()
    assert figure.code == ""
    figure.set_state({"code": "import numpy as np\n"})
    assert figure.code == "import numpy as np\n"


def test_every_parameter_has_a_trait_with_its_default_and_reads_what_it_writes():
    figure = Figure()
    for parameter in parameters().values():
        assert getattr(figure, parameter.name) == parameter.default, parameter.key
        assert parameter.read(parameter.write(parameter.default)) == parameter.default, parameter.key
    assert len(parameters()) > 100


def test_no_parameter_hides_what_a_widget_has():
    import anywidget

    from vanishing_point import GradientMonitor

    own = {name for kind in (Figure, GradientMonitor) for name in vars(kind)} | set(dir(anywidget.AnyWidget))
    assert {key for key in parameters() if key.replace("-", "_") in own} == set()


@pytest.mark.parametrize("slug", list(figures()))
def test_every_figure_of_the_program_is_a_figure_here(slug):
    assert Figure(slug).figure == slug and parameters(slug)


def test_the_module_is_inside_and_fetches_nothing():
    text = str(Figure()._esm)
    assert Figure.module().read_text(encoding="utf-8") == text
    assert "export default { render }" in text and "fetch(" not in text.partition("const PROGRAM")[2]
