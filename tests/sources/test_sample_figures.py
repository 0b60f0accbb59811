"""What the sample must show, by the definitions of the metrics worked out here a second time, plainly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pytest

from reportgen import calendar
from reportgen.model import FloatArray, Holdings
from reportgen.sources._sample.calibration import TARGETS, calibrated, worst_fall
from reportgen.sources._sample.factors import FIVE_YEARS_BACK, LAST, ONE_YEAR_BACK, simulate_factors
from reportgen.sources._sample.recipes import FUNDS
from reportgen.sources._sample.simulation import simulate, wealth_path
from reportgen.sources.sample import sample


@dataclass(frozen=True)
class Published:
    """The figures as printed in the article that the sample imitates."""

    yield_percent: str
    one_year: str
    expense_ratio: str
    holdings: int
    billions: str
    thousand: str
    drawdown: str


PUBLISHED = {
    "IWM": Published("0.98", "22.58", "0.19", 1942, "74", "1172", "-31.91"),
    "QQQ": Published("0.46", "20.54", "0.18", 101, "395", "1834", "-35.12"),
}


@cache
def returns(ticker: str) -> FloatArray:
    """Simple daily total returns, each distribution reinvested at its ex-date close."""
    history = sample().histories[ticker]
    return (history.close[1:] + history.distributions[1:]) / history.close[:-1] - 1.0


def since(day: date, ticker: str) -> FloatArray:
    """The returns after the last close on or before the day."""
    start = int(np.searchsorted(sample().days, np.datetime64(day, "D"), side="right")) - 1
    return returns(ticker)[start:]


def five_years(ticker: str) -> FloatArray:
    return since(date(2021, 3, 27), ticker)


def drawdown(ticker: str) -> tuple[float, date, date, date | None]:
    """Depth, peak, trough and the first day back at the peak."""
    wealth = np.concatenate([[1.0], np.cumprod(1.0 + five_years(ticker))])
    days = sample().days[-wealth.size :].tolist()
    fall = wealth / np.maximum.accumulate(wealth) - 1.0
    trough = int(fall.argmin())
    peak = int(wealth[: trough + 1].argmax())
    back = np.flatnonzero(wealth[trough:] >= wealth[peak])
    return float(fall[trough]), days[peak], days[trough], days[trough + int(back[0])] if back.size else None


def regress(y: FloatArray, *x: FloatArray) -> tuple[list[float], list[float]]:
    """Slopes and their t-values, with an intercept, by ordinary least squares."""
    design = np.column_stack([np.ones_like(y), *x])
    slopes, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ slopes
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * left.var())
    return slopes[1:].tolist(), (slopes / errors)[1:].tolist()


def weights(ticker: str) -> FloatArray:
    values = np.array([row.market_value for row in sample().holdings[ticker].rows if row.is_equity], dtype=np.float64)
    shares: FloatArray = values / values.sum()
    return shares


def sectors(holdings: Holdings) -> dict[str, float]:
    found: dict[str, float] = {}
    for row, weight in zip((r for r in holdings.rows if r.is_equity), weights(holdings.ticker).tolist(), strict=True):
        assert row.sector is not None
        found[row.sector] = found.get(row.sector, 0.0) + weight
    return found


@pytest.mark.parametrize("ticker", PUBLISHED)
def test_the_published_figures_to_the_printed_precision(ticker: str) -> None:
    wanted, history = PUBLISHED[ticker], sample().histories[ticker]
    paid = history.distributions[history.dates > np.datetime64(date(2025, 3, 27))].sum()
    assert f"{100 * paid / history.close[-1]:.2f}" == wanted.yield_percent
    assert f"{100 * (np.prod(1 + since(date(2025, 3, 27), ticker)) - 1):.2f}" == wanted.one_year
    assert f"{1000 * np.prod(1 + five_years(ticker)):.0f}" == wanted.thousand
    assert f"{100 * drawdown(ticker)[0]:.2f}" == wanted.drawdown
    facts = sample().funds[ticker].facts
    assert facts["expense_ratio"].value == pytest.approx(float(wanted.expense_ratio) / 100)
    assert facts["net_assets"].value == pytest.approx(float(wanted.billions) * 1e9)
    assert weights(ticker).size == wanted.holdings
    assert weights(ticker).min() > 0


@pytest.mark.parametrize("ticker", PUBLISHED)
def test_the_figures_lie_in_the_middle_of_what_is_printed(ticker: str) -> None:
    target = TARGETS[ticker]
    tenth = 0.1  # of the half-width of the printed interval
    assert abs(float(np.prod(1 + five_years(ticker))) - target.growth_5y) < 0.0005 * tenth
    assert abs(float(np.prod(1 + since(ONE_YEAR_BACK, ticker))) - target.growth_1y) < 0.00005 * tenth
    assert abs(drawdown(ticker)[0] - target.drawdown) < 0.00005 * tenth


def test_the_windows_begin_where_the_rule_says() -> None:
    assert calendar.session_on_or_before(date(2021, 3, 27)) == FIVE_YEARS_BACK
    assert calendar.session_on_or_before(date(2025, 3, 27)) == ONE_YEAR_BACK
    assert sample().days[-1] == np.datetime64(LAST)


@pytest.mark.parametrize(
    ("ticker", "trough_year", "back_from", "back_to"),
    [("IWM", 2022, date(2023, 6, 1), date(2025, 3, 1)), ("QQQ", 2022, date(2023, 6, 1), date(2024, 6, 1))],
)
def test_drawdowns_begin_end_and_recover_as_in_life(
    ticker: str, trough_year: int, back_from: date, back_to: date
) -> None:
    _, peak, trough, back = drawdown(ticker)
    assert date(2021, 9, 1) <= peak <= date(2022, 2, 1)
    assert trough.year == trough_year
    assert back is not None
    assert back_from <= back <= back_to


@pytest.mark.parametrize(("ticker", "low", "high"), [("SPY", 0.16, 0.18), ("IWM", 0.21, 0.235), ("QQQ", 0.21, 0.23)])
def test_volatility_is_of_the_usual_size(ticker: str, low: float, high: float) -> None:
    assert low < five_years(ticker).std(ddof=1) * np.sqrt(252) < high


def test_correlations_are_of_the_usual_size() -> None:
    with_market = {t: float(np.corrcoef(five_years(t), five_years("SPY"))[0, 1]) for t in ("IWM", "QQQ")}
    assert 0.80 < with_market["IWM"] < 0.88
    assert 0.88 < with_market["QQQ"] < 0.95
    assert 0.65 < float(np.corrcoef(five_years("IWM"), five_years("QQQ"))[0, 1]) < 0.8


def test_small_companies_answer_to_credit_and_technology_does_not() -> None:
    credit = five_years("HYG") - 0.5 * five_years("IEF")
    for ticker, supported in (("IWM", True), ("QQQ", False)):
        slopes, ts = regress(five_years(ticker), five_years("SPY"), credit, five_years("IEF"))
        assert (ts[1] > 5 and slopes[1] > 0.5) if supported else abs(ts[1]) < 1.8


@pytest.mark.parametrize(
    ("companion", "sign"), [("SOXX", 1), ("SMH", 1), ("XLK", 1), ("XLE", -1), ("XLI", -1), ("XBI", -1), ("KRE", -1)]
)
def test_companions_gain_or_lose_with_the_lead_of_technology(companion: str, sign: int) -> None:
    lead = five_years("QQQ") - five_years("IWM")
    _, (t,) = regress(five_years(companion) - five_years("SPY"), lead)
    assert sign * t > 5


def test_few_days_carry_more_of_the_concentrated_funds_variance() -> None:
    shares = {}
    for ticker in ("IWM", "QQQ"):
        squares = np.sort(five_years(ticker) ** 2)[::-1]
        shares[ticker] = float(squares[: int(0.05 * squares.size)].sum() / squares.sum())
    assert 0.28 < shares["IWM"] < shares["QQQ"] - 0.03 < 0.42


@pytest.mark.parametrize("ticker", ["IWM", "QQQ", "SPY", "HYG", "SOXX"])
def test_daily_returns_have_fat_tails(ticker: str) -> None:
    moves = returns(ticker) - returns(ticker).mean()
    assert float(np.mean(moves**4) / np.mean(moves**2) ** 2) > 4.0


def test_calm_and_rough_days_cluster() -> None:
    size = np.abs(returns("SPY"))
    lagged = [float(np.corrcoef(size[lag:], size[:-lag])[0, 1]) for lag in (1, 5, 21)]
    assert lagged[0] > 0.15
    assert min(lagged) > 0.06
    signed = returns("SPY")
    assert abs(float(np.corrcoef(signed[1:], signed[:-1])[0, 1])) < 0.1


@pytest.mark.parametrize("ticker", ["IWM", "QQQ"])
def test_expiry_weeks_make_no_difference(ticker: str) -> None:
    days = sample().days[-five_years(ticker).size :]
    expiry = np.array(calendar.expiries(date(2021, 1, 1), LAST), dtype="datetime64[D]")
    inside = np.isin(calendar.weeks(days), calendar.weeks(expiry))
    size = np.abs(five_years(ticker))
    error = np.sqrt(size[inside].var() / inside.sum() + size[~inside].var() / (~inside).sum())
    assert abs(size[inside].mean() - size[~inside].mean()) < 1.5 * error


@pytest.mark.parametrize("ticker", ["IWM", "QQQ"])
def test_volume_is_plausible_and_higher_on_bad_days(ticker: str) -> None:
    history = sample().histories[ticker]
    dollars = history.close * history.volume
    assert FUNDS[ticker].turnover / 2 < dollars[-252:].mean() < FUNDS[ticker].turnover * 2
    change = np.diff(np.log(history.close))
    bad = change < np.quantile(change, 0.05)
    assert dollars[1:][bad].mean() > 1.3 * dollars[1:][~bad].mean()


@pytest.mark.parametrize(
    ("year", "day"), [(2018, date(2018, 12, 24)), (2020, date(2020, 3, 23)), (2022, date(2022, 10, 11))]
)
def test_there_are_falls_like_those_of_2018_2020_and_2022(year: int, day: date) -> None:
    history = sample().histories["SPY"]
    upto = history.close[history.dates <= np.datetime64(day)]
    assert upto[-1] / upto[-252:].max() < 0.88, year


def test_portfolios_are_as_concentrated_as_meant() -> None:
    effective = {ticker: float(1.0 / np.sum(weights(ticker) ** 2)) for ticker in ("IWM", "QQQ")}
    assert 25 < effective["QQQ"] < 30
    assert 450 < effective["IWM"] < 550
    assert 0.45 < weights("QQQ")[:10].sum() < 0.50
    assert 0.06 < weights("IWM")[:10].sum() < 0.08


def test_sectors_are_as_meant() -> None:
    technology = sectors(sample().holdings["QQQ"])
    assert max(technology, key=lambda name: technology[name]) == "Information Technology"
    assert f"{100 * technology['Information Technology']:.0f}" == "50"
    small = sectors(sample().holdings["IWM"])
    assert 0.17 < max(small.values()) < 0.19
    assert len(small) == len(technology) == 11


def test_few_names_are_in_both_with_one_sector_each() -> None:
    held = {t: {row.ticker: row for row in sample().holdings[t].rows if row.is_equity} for t in ("IWM", "QQQ")}
    both = held["IWM"].keys() & held["QQQ"].keys()
    assert len(held["IWM"]) == 1942  # no ticker twice
    assert 0.005 < sum(min(held["IWM"][t].weight, held["QQQ"][t].weight) for t in both) < 0.015
    assert all(held["IWM"][t].sector == held["QQQ"][t].sector for t in both)
    assert all(held["IWM"][t].name == held["QQQ"][t].name for t in both)


def test_the_tilt_is_small_beside_the_noise() -> None:
    days = sample().days
    factors = simulate_factors(days)
    for ticker, target in TARGETS.items():
        path = wealth_path(ticker, FUNDS[ticker], factors)
        tilt = np.diff(calibrated(path, days, target) - path)
        typical, noise = float(np.median(np.abs(tilt))), float(np.std(np.diff(path)))
        assert typical < 0.15 * noise


def test_a_drawdown_that_no_tilt_reaches_is_refused() -> None:
    days = sample().days
    halving = np.where(np.arange(days.size) % 2 == 0, 0.0, np.log(0.5))
    with pytest.raises(ValueError, match="no tilt"):
        calibrated(halving, days, TARGETS["IWM"])


def test_worst_fall_of_a_path_known_by_hand() -> None:
    assert worst_fall(np.log(np.array([1.0, 2.0, 1.5, 1.8, 0.9, 3.0]))) == pytest.approx(-0.55)
    assert worst_fall(np.log(np.array([1.0, 2.0]))) == 0.0


def test_a_session_less_leaves_the_figures() -> None:
    days = np.delete(sample().days, 700)
    history = simulate(days).histories["QQQ"]
    start = int(np.searchsorted(days, np.datetime64(FIVE_YEARS_BACK)))
    growth = np.prod((history.close[1:] + history.distributions[1:])[start:] / history.close[:-1][start:])
    assert f"{1000 * growth:.0f}" == "1834"
