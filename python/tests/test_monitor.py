"""The monitor in real training loops of PyTorch; left out where PyTorch is not installed."""

import json
import math
from array import array


import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed (cargo xtask python --torch)")

from test_show import NETWORKS, read  # noqa: E402
from vanishing_point import GradientMonitor, show  # noqa: E402

MAKE = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}


def by_hand(net, x, loss_of):
    """log10 ‖dL/dh_t‖ of the top layer, from a loop over the steps that keeps every state."""
    h = torch.zeros(net.num_layers, x.shape[1], net.hidden_size, requires_grad=True)
    c, states = torch.zeros(net.num_layers, x.shape[1], net.hidden_size), [h]
    for x_t in x:
        if isinstance(net, torch.nn.LSTM):
            _, (h, c) = net(x_t[None], (h, c))
        else:
            _, h = net(x_t[None], h)
        h.retain_grad()
        states.append(h)
    loss_of(torch.stack([state[-1] for state in states[1:]])).backward()
    return [state.grad[-1].norm().log10().item() for state in states]


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("loss", ["last", "every"])
def test_the_norms_are_those_of_a_loop_that_keeps_every_state(kind, layers, loss):
    torch.manual_seed(3)
    net = MAKE[kind](3, 7, num_layers=layers)
    x = torch.randn(12, 4, 3)
    loss_of = (lambda out: out[-1].pow(2).sum()) if loss == "last" else (lambda out: out.sin().mean())
    with GradientMonitor(net, every=1) as monitor:
        loss_of(net(x)[0]).backward()
    assert monitor.log10_norms[0] == pytest.approx(by_hand(net, x, loss_of), abs=1e-4)


@pytest.mark.parametrize("kind", MAKE)
def test_a_loss_of_the_last_state_and_a_batch_first_count_too(kind):
    torch.manual_seed(5)
    net = MAKE[kind](2, 5, batch_first=True)
    x = torch.randn(3, 9, 2)
    with GradientMonitor(net, every=1) as monitor:
        _, last = net(x)
        (last[0] if kind == "LSTM" else last).pow(2).sum().backward()
    same = MAKE[kind](2, 5)
    same.load_state_dict(net.state_dict())
    expected = by_hand(same, x.transpose(0, 1), lambda out: out[-1].pow(2).sum())
    assert monitor.log10_norms[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("kind", MAKE)
def test_a_start_and_a_sequence_without_a_batch_count_too(kind):
    torch.manual_seed(6)
    net = MAKE[kind](2, 5, num_layers=2)
    x, h = torch.randn(9, 2), torch.randn(2, 5)
    start = (h, torch.randn(2, 5)) if kind == "LSTM" else h
    with GradientMonitor(net, every=1) as monitor:
        net(x, start)[0][-1].sum().backward()
    alone = monitor.log10_norms[0]
    batched = tuple(one[:, None] for one in start) if kind == "LSTM" else h[:, None]
    with GradientMonitor(net, every=1) as monitor:
        net(input=x[:, None], hx=batched)[0][-1].sum().backward()
    assert alone == pytest.approx(monitor.log10_norms[0], abs=1e-5)
    # The gradient of the start itself, as autograd gives it.
    start = tuple(one.clone().requires_grad_() for one in batched) if kind == "LSTM" else batched.clone().requires_grad_()
    net(x[:, None], start)[0][-1].sum().backward()
    own = (start[0] if kind == "LSTM" else start).grad[-1].norm().log10().item()
    assert alone[0] == pytest.approx(own, abs=1e-5)


@pytest.mark.parametrize("name", ["rnn-tanh", "rnn-relu", "lstm", "lstm-no-bias", "gru"])
def test_the_norms_are_those_that_the_program_is_tested_with(name):
    """The same five networks and sequences for which tests/own_networks.rs holds the program to PyTorch."""
    expected = json.loads((NETWORKS / "expected.json").read_text())[name]["state_gradient_norms"]
    tensors = {key: torch.tensor(value) for key, value in read((NETWORKS / f"{name}.safetensors").read_bytes()).items()}
    x = tensors.pop("input")
    own = {key.rpartition(".")[2]: value for key, value in tensors.items() if "head" not in key}
    layers = sum(key.startswith("weight_hh") for key in own)
    rows, size = own["weight_hh_l0"].shape
    kind = {1: "RNN", 3: "GRU", 4: "LSTM"}[rows // size]
    more = {"nonlinearity": "relu"} if name == "rnn-relu" else {}
    net = MAKE[kind](x.shape[1], size, layers, bias="bias_hh_l0" in own, **more)
    net.load_state_dict(own)
    with GradientMonitor(net, every=1) as monitor:
        (0.5 * net(x)[0][-1].pow(2).sum()).backward()
    norms = [10**value for value in monitor.log10_norms[0]]
    assert norms == pytest.approx(expected, rel=1e-4)


class Recall(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = torch.nn.LSTM(1, 8)
        self.head = torch.nn.Linear(8, 1)

    def forward(self, x):
        return self.head(self.rnn(x)[0][-1])


def train(model, updates, handed=lambda loss: None):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    batches = torch.Generator().manual_seed(1)
    for _ in range(updates):
        x = torch.randn(15, 16, 1, generator=batches)
        loss = (model(x) - x[0]).pow(2).mean()
        handed(loss)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [parameter.detach().clone() for parameter in model.parameters()]


def test_training_is_the_same_with_and_without_it_bit_for_bit():
    models = []
    for monitored in (False, True):
        torch.manual_seed(0)
        model = Recall()
        monitor = GradientMonitor(model, every=3) if monitored else None
        models.append(train(model, 20))
    assert all(torch.equal(a, b) for a, b in zip(*models))
    assert monitor.steps == [0, 3, 6, 9, 12, 15, 18]
    assert monitor.cost.measured == 7 and 0 < monitor.cost.share < 1
    assert "ms each time" in str(monitor.cost)


def test_what_is_drawn_is_what_was_measured():
    model = Recall()
    with GradientMonitor(model, every=2) as monitor:
        train(model, 6)
    rows, width = array("f", monitor.run), monitor.run_about["width"]
    assert len(rows) == 3 * width and width == 2 + 16
    assert rows[0::width].tolist() == [0, 2, 4] and rows[1::width].tolist() == [15, 15, 15]
    assert rows[2:width].tolist() == pytest.approx(monitor.log10_norms[0], abs=1e-5)
    assert monitor.run_about["name"] == "nn.LSTM, 8 units" and monitor.run_about["cost"].startswith("measuring took")
    train(model, 3)
    assert monitor.steps == [0, 2, 4]


def drawn(monitor):
    """The losses that are drawn: update and loss."""
    numbers = array("f", monitor.run_losses).tolist()
    return list(zip(numbers[::2], numbers[1::2]))


def test_a_loss_that_is_handed_over_is_drawn_and_changes_nothing():
    models, losses = [], []
    for monitored in (False, True):
        torch.manual_seed(0)
        model = Recall()
        monitor = GradientMonitor(model, every=3, guessing=1.0) if monitored else None
        models.append(train(model, 20, monitor.step if monitored else lambda loss: losses.append(loss.item())))
    assert all(torch.equal(a, b) for a, b in zip(*models))
    assert monitor.losses == list(enumerate(losses))
    monitor.stop()
    assert [step for step, _ in drawn(monitor)] == list(range(20))
    assert [loss for _, loss in drawn(monitor)] == pytest.approx(losses, rel=1e-6)
    about = monitor.run_about
    assert (about["guessing"], about["first"], about["broke"]) == (1.0, pytest.approx(losses[0]), [])
    assert monitor.diverged is None


def test_the_module_of_the_loss_needs_no_line_in_the_loop():
    net, criterion = torch.nn.GRU(1, 2), torch.nn.MSELoss()
    monitor, losses = GradientMonitor(net, every=2, loss=criterion), []
    for _ in range(5):
        loss = criterion(net(torch.randn(4, 3, 1))[0], torch.ones(4, 3, 2))
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            # A validation is not the training.
            criterion(net(torch.randn(4, 3, 1))[0], torch.zeros(4, 3, 2))
    assert monitor.losses == list(enumerate(losses))
    monitor.stop()
    criterion(net(torch.randn(4, 3, 1))[0], torch.ones(4, 3, 2))
    assert len(monitor.losses) == 5


def test_a_loss_that_is_no_single_number_is_refused_by_hand_and_left_out_by_a_hook():
    net, criterion = torch.nn.GRU(1, 2), torch.nn.MSELoss(reduction="none")
    monitor = GradientMonitor(net, every=1, loss=criterion)
    with pytest.warns(UserWarning, match=r"it has the shape \(4, 3, 2\); hand one number to step instead"):
        loss = criterion(net(torch.randn(4, 3, 1))[0], torch.ones(4, 3, 2))
    loss.mean().backward()
    assert monitor.losses == [] and monitor.steps == [0]
    with pytest.raises(ValueError, match=r"one number, not a tensor of shape \(4, 3, 2\)"):
        monitor.step(loss)
    with pytest.raises(ValueError, match="one number, not 'tea'"):
        monitor.step("tea")
    monitor.step(loss.mean())
    monitor.step(0.25)
    assert [value for _, value in monitor.losses] == [pytest.approx(loss.mean().item()), 0.25]


def test_a_run_that_diverges_is_a_result_and_one_that_recovers_is_not():
    net = torch.nn.RNN(1, 2)
    monitor = GradientMonitor(net, every=1)

    def update(scale, factor=1.0):
        loss = net(torch.ones(5, 1, 1))[0].sum() * scale
        monitor.step(loss)
        (loss * factor).backward()

    for scale in (1.0, math.inf, 1.0):
        update(scale)
    assert monitor.diverged is None and len(monitor.losses) == 3
    assert math.isinf(monitor.losses[1][1]) and not math.isfinite(monitor.log10_norms[1][0])
    update(1.0)
    # The gradient leaves the range of 32-bit floats, and the loss does not.
    update(1e30, 1e30)
    assert monitor.diverged == 4
    monitor.stop()
    assert monitor.run_about["broke"] == [4, 5]
    for _ in range(3):
        monitor.step(math.nan)
    assert monitor.diverged == 4


def test_a_diverged_loss_is_known_to_the_update_though_fewer_are_measured():
    net = torch.nn.RNN(1, 2)
    monitor = GradientMonitor(net, every=10)
    for step in range(30):
        loss = net(torch.ones(3, 1, 1))[0].sum() * (math.nan if step >= 13 else 1.0)
        monitor.step(loss)
        loss.backward()
    assert monitor.diverged == 13 and monitor.steps == [0, 10, 20]
    monitor.stop()
    assert monitor.run_about["broke"] == [13] and math.isnan(drawn(monitor)[-1][1])
    assert monitor.run_about["first"] == pytest.approx(monitor.losses[0][1])


def test_batches_of_different_lengths_say_how_long_they_are():
    net = torch.nn.RNN(1, 2)
    with GradientMonitor(net, every=1) as monitor:
        for steps in (3, 5):
            net(torch.ones(steps, 1, 1))[0].sum().backward()
    rows, width = array("f", monitor.run), monitor.run_about["width"]
    assert width == 2 + 6 and rows[1::width].tolist() == [3, 5]
    assert [math.isnan(value) for value in rows[2:width]] == [True, True] + 4 * [False]


def test_it_is_drawn_while_the_network_is_trained_but_not_more_often_than_is_seen(monkeypatch):
    def pictures(pace):
        monkeypatch.setattr("vanishing_point._monitor._PACE", pace)
        model, seen = Recall(), []
        monitor = GradientMonitor(model, every=2)
        monitor.observe(lambda change: seen.append(len(change.new) // (4 * monitor.run_about["width"])), "run")
        train(model, 8)
        return seen

    assert pictures(0.0) == [1, 2, 3, 4]
    assert pictures(3600.0) == [1]


def test_a_long_run_keeps_a_bounded_number_of_rows():
    net = torch.nn.RNN(1, 2)
    monitor = GradientMonitor(net, every=1)
    for _ in range(400):
        net(torch.ones(3, 1, 1))[0].sum().backward()
    assert len(monitor.steps) <= 96 and monitor.every == 8
    assert all(step % 4 == 0 for step in monitor.steps) and monitor.steps[-1] >= 384


def test_passes_without_a_gradient_are_not_counted():
    net = torch.nn.GRU(1, 2)
    monitor = GradientMonitor(net, every=1)
    with torch.no_grad():
        net(torch.ones(3, 1, 1))
    assert monitor.steps == [] and str(monitor.cost) == "nothing was measured yet"
    out, _ = net(torch.ones(3, 1, 1))
    (0.0 * out).sum().backward()
    assert set(monitor.log10_norms[0]) == {-math.inf}


def test_a_packed_sequence_is_not_measured_and_training_goes_on():
    net = torch.nn.GRU(1, 2)
    monitor = GradientMonitor(net, every=1)
    with pytest.warns(UserWarning, match="packed sequences are not measured"):
        out, _ = net(torch.nn.utils.rnn.pack_padded_sequence(torch.ones(3, 2, 1), [3, 2]))
    out.data.sum().backward()
    assert monitor.steps == [] and net.weight_hh_l0.grad is not None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: GradientMonitor(torch.nn.Linear(2, 2)), "there is no nn.RNN, nn.LSTM or nn.GRU in it"),
        (lambda: GradientMonitor(3), "a int is no PyTorch module"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2, bidirectional=True)), "a bidirectional network has two ways back"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2, 2, dropout=0.1)), "dropout between layers"),
        (lambda: GradientMonitor(torch.nn.LSTM(1, 3, proj_size=2)), "a network with projections"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2), every=0), "every is a whole number from 1"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2), module=torch.nn.Linear(1, 1)), "a Linear is no nn.RNN"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2), loss=0.3), "loss is a module such as nn.MSELoss(), not a float"),
        (lambda: GradientMonitor(torch.nn.GRU(1, 2), guessing=0), "guessing is what guessing costs, a number above 0"),
        (
            lambda: GradientMonitor(torch.nn.ModuleDict({"a": torch.nn.GRU(1, 2), "b": torch.nn.GRU(1, 2)})),
            "there are 2 recurrent networks in it; say which: module=model.a",
        ),
    ],
)
def test_what_cannot_be_measured_is_said(make, says):
    with pytest.raises(ValueError) as refused:
        make()
    assert says in str(refused.value)


def test_a_module_is_shown_with_its_cell_and_its_activation():
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = torch.nn.RNN(3, 6, nonlinearity="relu")
            self.norm = torch.nn.BatchNorm1d(6)

    model = Model()
    figure = show(model, inputs=torch.randn(20, 3), figure="spectrum")
    assert (figure.cell, figure.activation, figure.weights_name) == ("rnn", "relu", "Model.safetensors")
    sent = read(figure.weights)
    torch.testing.assert_close(torch.tensor(sent["rnn.weight_hh_l0"]), model.rnn.weight_hh_l0.detach())
    half = show(model.to(torch.bfloat16))
    assert b'"dtype":"BF16"' in half.weights
