"""A leveraged fund beside the one it follows."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.metrics._market import Market
from reportgen.metrics._metric import Unavailable
from reportgen.metrics._views import FundWindow, PairWindow
from reportgen.metrics.leverage import reset_decay
from reportgen.model import FloatArray, Fund, Window
from tests.metrics.hand import Hand, history, path

INDEX: FloatArray = np.random.default_rng(4).normal(0, 0.02, 300)


def pair(geared: FloatArray, plain: FloatArray, multiple: float | None, other: float | None = None) -> PairWindow:
    funds = {t: Fund(t, t, "leveraged", leverage=m) for t, m in (("A", multiple), ("B", other))}
    made = Hand((history("A", path(geared)), history("B", path(plain))), ("A", "B"), funds).snapshot()
    window = Window("1Y", made.histories["A"].first, made.histories["A"].last)
    sides = [FundWindow(Market(made), funds[t], window, made.histories[t].dates) for t in ("A", "B")]
    return PairWindow(sides[0].market, sides[0], sides[1], window)


@pytest.mark.parametrize("multiple", [3.0, -1.0])
def test_the_reset_costs_when_the_index_goes_nowhere(multiple: float) -> None:
    there_and_back = np.array([0.05, 1 / 1.05 - 1] * 100)
    found = reset_decay(pair(multiple * there_and_back, there_and_back, multiple))
    assert found.value == pytest.approx(np.prod(1 + multiple * there_and_back) - 1, abs=1e-9)
    assert isinstance(found.value, float)
    assert found.value < -0.2
    assert found.details == {"fund": "A", "multiple": multiple}


def test_the_reset_earns_in_a_steady_rise() -> None:
    found = reset_decay(pair(np.tile([0.03, 0.0303], 100), np.tile([0.01, 0.0101], 100), 3.0)).value
    assert isinstance(found, float)
    assert found > 0


def test_the_order_of_the_pair_means_nothing() -> None:
    one, other = pair(3 * INDEX, INDEX, 3.0), pair(INDEX, 3 * INDEX, None, 3.0)
    assert reset_decay(one).value == reset_decay(other).value
    assert reset_decay(other).details["fund"] == "B"


@pytest.mark.parametrize(
    ("geared", "multiple", "other", "reason"),
    [
        (3 * INDEX, None, None, "neither fund is leveraged"),
        (3 * INDEX, 3.0, 2.0, "both funds are leveraged"),
        (3 * INDEX[::-1], 3.0, None, "does not follow the other"),
        (0 * INDEX, 3.0, None, "do not vary"),
    ],
)
def test_reasons(geared: FloatArray, multiple: float | None, other: float | None, reason: str) -> None:
    with pytest.raises(Unavailable, match=reason):
        reset_decay(pair(geared, INDEX, multiple, other))
