"""Regressions with planted slopes, and the plain algebra behind them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.metrics import liquidity, relative, sensitivity
from reportgen.metrics._calendar import in_expiry_week
from reportgen.metrics._metric import Measured, Unavailable
from reportgen.metrics._regression import lag, long_run_error, regress
from reportgen.metrics._views import FundWindow, PairWindow
from reportgen.model import ContextFunds, FloatArray, Fund, PriceHistory
from tests.metrics.hand import history, path, rate, view, weekdays

SIZE = 800
RANDOM = np.random.default_rng(11)
MARKET = RANDOM.normal(0.0004, 0.01, SIZE)
CREDIT = RANDOM.normal(0, 0.004, SIZE)
RATES = RANDOM.normal(0, 0.003, SIZE)
OWN = RANDOM.normal(0, 0.002, SIZE)


def fund(ticker: str, returns: FloatArray) -> PriceHistory:
    return history(ticker, path(returns))


CONTEXT = (fund("SPY", MARKET), fund("HYG", CREDIT + 0.5 * RATES), fund("IEF", RATES))


def number(measured: Measured) -> float:
    assert isinstance(measured.value, int | float)
    return float(measured.value)


def test_slopes_are_those_of_least_squares() -> None:
    y = 0.001 + 0.7 * MARKET - 0.3 * CREDIT + OWN
    found = regress(y, MARKET, CREDIT, RATES)
    design = np.column_stack([np.ones(SIZE), MARKET, CREDIT, RATES])
    expected, *_ = np.linalg.lstsq(design, y)
    assert (found.intercept, *found.slopes) == pytest.approx(expected, rel=1e-9)
    assert found.n == SIZE


def test_chosen_observations_are_all_that_count() -> None:
    chosen = (MARKET < 0).astype(np.float64)
    y = 1.5 * MARKET + OWN
    some, only = regress(y, MARKET, where=chosen), regress(y[MARKET < 0], MARKET[MARKET < 0])
    assert some.slopes == pytest.approx(only.slopes, rel=1e-9)
    assert some.n == only.n
    assert np.all(some.influence[1][MARKET >= 0] == 0)


def test_a_regressor_that_does_not_vary_is_refused() -> None:
    for useless in (np.zeros(SIZE), np.full(SIZE, 0.01)):
        with pytest.raises(Unavailable, match="do not vary"):
            regress(OWN, useless)
    with pytest.raises(Unavailable, match="do not vary"):
        regress(OWN, MARKET, 2 * MARKET)
    with pytest.raises(Unavailable, match="too few"):
        regress(OWN[:2], MARKET[:2])


def test_the_influence_adds_up_to_the_plain_error_without_lags() -> None:
    y = 0.5 * MARKET + OWN
    found = regress(y, MARKET)
    centered = MARKET - MARKET.mean()
    residual = y - found.intercept - found.slopes[0] * MARKET
    white = math.sqrt(np.sum((centered * residual) ** 2)) / np.sum(centered**2)
    assert math.sqrt(np.sum(found.influence[1] ** 2)) == pytest.approx(white)


@pytest.mark.parametrize(("observations", "lags"), [(60, 3), (100, 4), (251, 4), (1256, 7), (5000, 9)])
def test_the_lag_grows_by_the_rule(observations: int, lags: int) -> None:
    assert lag(observations) == lags


def test_a_series_that_repeats_itself_has_a_larger_error() -> None:
    repeated = np.repeat(OWN[:200], 4)
    assert long_run_error(repeated) > 1.5 * math.sqrt(np.sum(repeated**2))


def test_beta_and_alpha_find_what_was_planted() -> None:
    daily = 0.02 / 365
    one = view(fund("A", 0.0002 + daily + 1.3 * (MARKET - daily)), *CONTEXT, risk_free=rate(0.02))
    found = relative.beta(one)
    # Weekends pay three days of interest, which the planted constant does not.
    assert number(found) == pytest.approx(1.3, abs=1e-3)
    assert found.details == {"benchmark": "SPY", "frequency": "daily"}
    assert number(relative.alpha(one)) == pytest.approx(0.0002 * 252, rel=0.05)


def test_the_benchmark_has_no_beta_to_itself() -> None:
    for metric in (relative.beta, relative.tracking_error, relative.up_capture, sensitivity.credit_beta):
        with pytest.raises(Unavailable, match="is its own benchmark"):
            metric(view(CONTEXT[0], *CONTEXT[1:]))


def test_without_a_rate_there_is_no_beta_but_a_tracking_error() -> None:
    one = view(fund("A", MARKET + OWN), *CONTEXT, risk_free=None)
    with pytest.raises(Unavailable, match="no risk-free rate"):
        relative.beta(one)
    assert number(relative.tracking_error(one)) == pytest.approx(OWN.std(ddof=1) * math.sqrt(252), rel=1e-6)


def test_a_kind_of_fund_without_a_benchmark() -> None:
    with pytest.raises(Unavailable, match="no benchmark for this kind of fund"):
        relative.beta(view(fund("GLD", MARKET), *CONTEXT, fund=Fund("GLD", "Gold", "commodity")))


def test_a_benchmark_without_prices_or_too_young_is_the_reason() -> None:
    with pytest.raises(Unavailable, match="no prices for SPY"):
        relative.beta(view(fund("A", MARKET)))
    young = history("SPY", path(MARKET[-100:]))
    with pytest.raises(Unavailable, match=f"SPY began {young.first}"):
        relative.beta(view(fund("A", MARKET), young))


def test_a_rate_that_ends_is_the_reason() -> None:
    ended = rate(0.02, last=weekdays(SIZE + 1)[-20].item())
    with pytest.raises(Unavailable, match="no risk-free rate around"):
        relative.beta(view(fund("A", MARKET), *CONTEXT, risk_free=ended))
    five_old = rate(0.02, last=weekdays(SIZE + 1)[-6].item())
    assert number(relative.beta(view(fund("A", MARKET), *CONTEXT, risk_free=five_old))) == pytest.approx(1)


def test_betas_on_bad_days_see_only_those() -> None:
    bent = np.where(MARKET < 0, 2.0 * MARKET, 0.5 * MARKET)
    one = view(fund("A", bent), *CONTEXT)
    assert number(relative.down_beta(one)) == pytest.approx(2, rel=1e-6)
    assert number(relative.tail_beta(one)) == pytest.approx(2, rel=1e-6)
    assert relative.tail_beta(one).n == 40
    assert relative.down_beta(one).n == np.count_nonzero(MARKET < 0)
    assert 0.5 < number(relative.beta(one)) < 2


def test_captures_are_one_for_the_market_in_another_coat() -> None:
    one = view(fund("A", MARKET), *CONTEXT)
    assert number(relative.up_capture(one)) == pytest.approx(1)
    assert number(relative.down_capture(one)) == pytest.approx(1)
    months = one.months.end.size
    up, down = relative.up_capture(one).n, relative.down_capture(one).n
    assert up is not None
    assert down is not None
    assert up + down == months


def test_too_few_months_a_side_are_said() -> None:
    short = tuple(history(t, path(MARKET[-200:])) for t in ("A", "SPY"))
    with pytest.raises(Unavailable, match="needs 12 rising months of SPY, has"):
        relative.up_capture(view(*short))


def test_credit_and_rates_are_told_apart() -> None:
    one = view(fund("A", 0.9 * MARKET + 0.75 * CREDIT - 0.2 * RATES + OWN), *CONTEXT)
    credit, rates = sensitivity.credit_beta(one), sensitivity.rate_beta(one)
    assert number(credit) == pytest.approx(0.75, abs=0.06)
    assert number(rates) == pytest.approx(-0.2, abs=0.08)
    assert credit.details == {"benchmark": "SPY", "credit": "HYG", "rates": "IEF"}


@pytest.mark.parametrize(("ticker", "reason"), [("HYG", "is its own credit proxy"), ("IEF", "is its own rate proxy")])
def test_a_proxy_is_its_own_proxy(ticker: str, reason: str) -> None:
    own = next(h for h in CONTEXT if h.ticker == ticker)
    others = (h for h in CONTEXT if h.ticker != ticker)
    with pytest.raises(Unavailable, match=reason):
        sensitivity.credit_beta(view(own, *others))


def pair(first: FundWindow, second: FundWindow) -> PairWindow:
    return PairWindow(first.market, first, second, first.window)


def two(a: FloatArray, b: FloatArray, *more: PriceHistory, companions: tuple[str, ...] = ()) -> PairWindow:
    context = ContextFunds(companions=companions)
    first = view(fund("A", a), fund("B", b), *CONTEXT, *more, context=context)
    second = FundWindow(first.market, Fund("B", "B", "equity"), first.window, first.days)
    return pair(first, second)


def test_a_companion_follows_the_one_it_was_tied_to() -> None:
    gap = OWN
    tied, against = fund("SOXX", MARKET + 0.6 * gap), fund("XLE", MARKET - 0.4 * gap)
    found = sensitivity.companion_beta(
        two(MARKET + gap, MARKET, tied, against, companions=("SOXX", "XLE", "KRE", "A", "SPY"))
    )
    values = {key: one.value for key, one in found.items() if isinstance(one, Measured)}
    assert values == {"SOXX": pytest.approx(0.6), "XLE": pytest.approx(-0.4)}
    reasons = {key: one.reason for key, one in found.items() if isinstance(one, Unavailable)}
    assert reasons == {"KRE": "no prices for KRE", "A": "is its own companion", "SPY": "is the benchmark"}


def test_correlation_of_a_fund_with_itself_and_with_its_mirror() -> None:
    assert number(relative.correlation(two(MARKET, MARKET))) == 1
    mirrored = relative.correlation(two(MARKET, -MARKET))
    assert number(mirrored) == pytest.approx(-1, abs=1e-9)
    assert np.max(np.abs(mirrored.influence)) < 1e-9 if mirrored.influence is not None else False


def test_expiry_weeks_are_those_of_third_fridays() -> None:
    days = np.array(
        ["2025-04-14", "2025-04-17", "2025-04-21", "2026-06-15", "2026-06-18", "2026-06-12"], "datetime64[D]"
    )
    assert in_expiry_week(days).tolist() == [True, True, False, True, True, False]


def test_an_expiry_effect_that_was_planted() -> None:
    inside = in_expiry_week(weekdays(SIZE + 1)[1:])
    planted = np.where(inside, 0.02, 0.01) * np.where(np.arange(SIZE) % 2, 1, -1)
    assert number(sensitivity.expiry_effect(view(fund("A", planted)))) == pytest.approx(0.01, rel=1e-6)


def test_liquidity_is_the_move_a_billion_dollars_makes() -> None:
    volume = np.full(SIZE + 1, 2e6)
    one = view(history("A", path(MARKET), volume=volume), *CONTEXT)
    dollars = path(MARKET)[1:] * 2e6
    assert number(liquidity.amihud(one)) == pytest.approx(np.mean(np.abs(MARKET) / dollars) * 1e9)
    assert number(liquidity.dollar_volume(one)) == pytest.approx(dollars.mean())


def test_a_split_leaves_liquidity_alone() -> None:
    volume = RANDOM.uniform(1e6, 2e6, SIZE + 1)
    before = view(history("A", path(MARKET), volume=volume), *CONTEXT)
    after = view(history("A", 7 * path(MARKET), volume=volume / 7), *CONTEXT)
    for metric in (liquidity.amihud, liquidity.dollar_volume, liquidity.bad_day_volume, liquidity.bad_day_amihud):
        assert number(metric(after)) == pytest.approx(number(metric(before)), rel=1e-9)


def test_bad_days_are_the_markets() -> None:
    bad = np.quantile(MARKET, 0.05) >= MARKET
    close = path(np.full(SIZE, 0.001))
    volume = np.concatenate([[1.0], np.where(bad, 3e6, 1e6)]) / close
    one = view(history("A", close, volume=volume), *CONTEXT)
    assert number(liquidity.bad_day_volume(one)) == pytest.approx(3 / np.where(bad, 3, 1).mean())
    assert liquidity.bad_day_volume(one).n == bad.sum()


@pytest.mark.parametrize("nothing", [math.nan, 0.0])
def test_a_fund_without_volume_has_no_liquidity(nothing: float) -> None:
    one = view(history("A", path(MARKET), volume=np.full(SIZE + 1, nothing)), *CONTEXT)
    for metric in (liquidity.amihud, liquidity.dollar_volume, liquidity.bad_day_volume):
        with pytest.raises(Unavailable, match="no trading volume known"):
            metric(one)


@given(st.floats(-3, 3), st.floats(-0.01, 0.01))
def test_regression_is_linear_in_what_it_explains(slope: float, shift: float) -> None:
    base = regress(OWN, MARKET)
    moved = regress(OWN + shift + slope * MARKET, MARKET)
    assert moved.slopes[0] == pytest.approx(base.slopes[0] + slope, abs=1e-9)
    assert moved.intercept == pytest.approx(base.intercept + shift, abs=1e-9)
    assert long_run_error(moved.influence[1]) == pytest.approx(long_run_error(base.influence[1]), rel=1e-6)
