"""State dicts saved by PyTorch, and what PyTorch's autograd says of them in single precision.

    python make.py     # needs torch and safetensors; writes NAME.safetensors and expected.json beside it

L = 1/2 |h_T|^2 of the top layer, h_0 = 0, on the sequence that is saved as "input": norms of dL/dh_t and of dL/dtheta.
"""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
NETWORKS = {
    "rnn-tanh": (torch.nn.RNN, dict(input_size=3, hidden_size=12), ""),
    "rnn-relu": (torch.nn.RNN, dict(input_size=2, hidden_size=10, nonlinearity="relu", num_layers=2), "model.rnn."),
    "lstm": (torch.nn.LSTM, dict(input_size=3, hidden_size=8, num_layers=2), "lstm."),
    "lstm-no-bias": (torch.nn.LSTM, dict(input_size=2, hidden_size=9, bias=False), "module.encoder."),
    "gru": (torch.nn.GRU, dict(input_size=4, hidden_size=7, num_layers=3), "gru."),
}
STEPS = 30


def top_states(net, x):
    """The states of the top layer, each with its gradient, computed step by step."""
    layers, size = net.num_layers, net.hidden_size
    h = torch.zeros(layers, 1, size, requires_grad=True)
    c = torch.zeros(layers, 1, size)
    states = [h]
    for x_t in x:
        if isinstance(net, torch.nn.LSTM):
            _, (h, c) = net(x_t[None, None], (h, c))
        else:
            _, h = net(x_t[None, None], h)
        h.retain_grad()
        states.append(h)
    return states


torch.manual_seed(20)
expected = {}
for name, (make, options, prefix) in NETWORKS.items():
    net = make(**options)
    x = torch.randn(STEPS, options["input_size"])
    states = top_states(net, x)
    (0.5 * (states[-1][-1] ** 2).sum()).backward()
    tensors = {prefix + key: value.contiguous() for key, value in net.state_dict().items()}
    tensors["head.weight"] = torch.randn(2, options["hidden_size"])
    save_file({**tensors, "input": x}, HERE / f"{name}.safetensors")
    gradient = torch.cat([p.grad.flatten() for p in net.parameters()])
    expected[name] = {
        "state_gradient_norms": [state.grad[-1].norm().item() for state in states],
        "gradient_norm": gradient.norm().item(),
    }
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
