"""The turn of the month, quarterly expiries, betas across asset classes, and the count of deep falls."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.metrics._market import Market
from reportgen.metrics._metric import Unavailable
from reportgen.metrics._views import FundWindow
from reportgen.metrics.calendar_effects import around_month_end, in_quarterly_week, turn_of_month_effect
from reportgen.metrics.cross_asset import stock_beta, treasury_beta
from reportgen.metrics.falls import deep_falls
from reportgen.model import FloatArray, Fund, Window
from tests.metrics.hand import Hand, history, path, weekdays


def view(returns: FloatArray, **others: FloatArray) -> FundWindow:
    histories = tuple(history(name, path(values)) for name, values in {"A": returns, **others}.items())
    made = Hand(histories, ("A",), {"A": Fund("A", "A", "equity")}).snapshot()
    own = made.histories["A"]
    return FundWindow(Market(made), made.funds["A"], Window("5Y", own.first, own.last), own.dates)


def test_the_turn_is_the_last_session_and_the_first_three() -> None:
    days = np.arange(np.datetime64("2026-01-26"), np.datetime64("2026-02-10"))
    days = days[np.is_busday(days)]
    turn = [str(day) for day in days[around_month_end(days)]]
    assert turn == ["2026-01-30", "2026-02-02", "2026-02-03", "2026-02-04"]


def test_quarterly_weeks_are_those_of_four_months() -> None:
    days = np.array(["2026-02-20", "2026-03-16", "2026-03-20", "2026-03-23", "2026-06-19"], dtype="datetime64[D]")
    assert in_quarterly_week(days).tolist() == [False, True, True, False, True]


def test_a_planted_turn_is_found_whole() -> None:
    inside = around_month_end(weekdays(400)[1:])
    found = turn_of_month_effect(view(np.where(inside, 0.003, 0.001)))
    assert found.value == pytest.approx(0.002, abs=1e-12)
    assert found.details == {"days": int(inside.sum())}


def test_betas_find_their_slopes_and_no_fund_is_its_own_yardstick() -> None:
    stocks, treasuries = np.random.default_rng(3).normal(0, 0.01, (2, 400))
    fund = view(0.5 * stocks, SPY=stocks, IEF=treasuries)
    assert stock_beta(fund).value == pytest.approx(0.5)
    assert treasury_beta(view(2 * treasuries, SPY=stocks, IEF=treasuries)).value == pytest.approx(2)
    itself = FundWindow(fund.market, Fund("SPY", "SPY", "equity"), fund.window, fund.days)
    with pytest.raises(Unavailable, match="its own yardstick"):
        stock_beta(itself)


@pytest.mark.parametrize(
    ("moves", "count"),
    [
        ([-0.1, 0.2, -0.1, 0.2], 0),
        ([-0.2, 0.25], 1),
        ([-0.15, 0.1, -0.15, 0.5, -0.25], 2),
        ([-0.25, 0.05, -0.05, 0.05, -0.25], 1),
    ],
)
def test_a_deep_fall_lasts_until_its_peak_is_back(moves: list[float], count: int) -> None:
    assert deep_falls(view(np.array(moves))).value == count
