"""The losses that a loop hands over, without PyTorch."""

import math
from array import array

import pytest

from vanishing_point._losses import Losses, checked


def read(losses, values):
    for step, value in enumerate(values):
        if losses.add(step, checked(value)):
            losses.read()
    losses.read()
    return losses.points


def test_a_long_run_keeps_a_bounded_number_of_points_with_their_means():
    points = read(Losses(), [step % 4 for step in range(5000)])
    steps, means = zip(*points)
    assert 200 <= len(points) <= 400
    assert {later - step for step, later in zip(steps, steps[1:])} == {16}
    assert list(means[:-1]) == pytest.approx([1.5] * (len(means) - 1))


def test_an_infinite_loss_stays_in_the_mean_and_the_first_is_finite():
    losses = Losses()
    points = read(losses, [math.nan, 3.0] + [1.0] * 600 + [math.inf] + [1.0] * 200)
    assert losses.first == 3.0
    assert math.isnan(points[0][1]) and sum(not math.isfinite(mean) for _, mean in points) == 2
    assert points[-1][1] == 1.0


def test_a_loss_too_large_for_a_short_number_is_not_made_infinite():
    losses = Losses()
    read(losses, [1e300, -1e300, math.inf])
    steps, numbers = array("f", losses.packed())[::2], array("f", losses.packed())[1::2]
    assert steps.tolist() == [0, 1, 2]
    assert math.isfinite(numbers[0]) and numbers[0] > 3e38 and numbers[1] < -3e38 and numbers[2] == math.inf


def test_many_that_wait_ask_to_be_read():
    losses = Losses()
    assert [losses.add(step, 0.0) for step in range(256)] == [False] * 255 + [True]
    assert len(losses.read()) == 256 and losses.read() == []


@pytest.mark.parametrize("value", [None, "tea", [1.0, 2.0]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="the loss is one number, not "):
        checked(value)
