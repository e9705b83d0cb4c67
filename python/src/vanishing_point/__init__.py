"""Vanishing Point in notebooks: why gradients vanish and explode in recurrent networks.

    from vanishing_point import Figure, GradientMonitor, show

    Figure("gradient-norms", cell="lstm", sequence_length=60)    # a figure with its controls
    show(model)                                                  # the same of your own nn.RNN, nn.LSTM or nn.GRU
    GradientMonitor(model, every=10)                             # what the gradient does while you train

Everything is computed in the browser, by a program that comes with this package; nothing is fetched.
"""

from ._figure import Figure
from ._monitor import Cost, GradientMonitor
from ._registries import Parameter, figures, parameters
from ._show import show

__all__ = ["Cost", "Figure", "GradientMonitor", "Parameter", "figures", "parameters", "show"]
__version__ = "0.1.0"
