"""A move against its own past, on paths whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.metrics._market import Market
from reportgen.metrics._metric import Unavailable
from reportgen.metrics._views import FundWindow
from reportgen.metrics.moves import move_percentile
from reportgen.model import FloatArray, Window, as_date
from tests.metrics.hand import Hand, history, path


def week(returns: FloatArray, sessions: int = 5) -> FundWindow:
    one = history("A", path(returns))
    made = Hand((one,)).snapshot()
    days = one.dates[-sessions - 1 :]
    return FundWindow(Market(made), made.funds["A"], Window("1W", as_date(days[0]), as_date(days[-1])), days)


def test_the_largest_move_beats_all_its_past_and_the_smallest_none() -> None:
    calm = np.random.default_rng(3).normal(0, 0.001, 1500)
    up, down = calm.copy(), calm.copy()
    up[-1], down[-1] = 0.2, -0.2
    assert move_percentile(week(up)).value == 1.0
    assert move_percentile(week(down)).value == 0.0


def test_the_past_is_five_years_of_moves_and_its_quantiles_are_linear() -> None:
    returns = np.random.default_rng(4).normal(0, 0.01, 2000)
    found = move_percentile(week(returns))
    closes = path(returns)
    moves = np.array([closes[i] / closes[i - 5] - 1 for i in range(2000 - 1260, 2000)])
    assert (found.n, found.details["count"]) == (1260, 1260)
    assert found.value == np.mean(moves < closes[-1] / closes[-6] - 1)
    for name, share in (("low", 5), ("median", 50), ("high", 95)):
        assert found.details[name] == pytest.approx(np.percentile(moves, share), rel=1e-12)


def test_a_move_of_four_sessions_is_set_against_such_moves() -> None:
    returns = np.tile([0.01, -0.01, 0.0], 200)
    closes = path(returns)
    moves = closes[4:] / closes[:-4] - 1
    found = move_percentile(week(returns, sessions=4))
    assert found.details["count"] == moves.size - 1
    assert found.details["median"] == pytest.approx(np.median(moves[:-1]))


def test_a_young_fund_has_too_little_past() -> None:
    with pytest.raises(Unavailable, match="needs 252 past moves, has 251"):
        move_percentile(week(np.full(256, 0.001)))
    assert move_percentile(week(np.full(257, 0.001))).n == 252
