"""Our figures against the libraries that analysts use, to nine digits where both are deterministic."""

from __future__ import annotations

import math
from collections.abc import Callable

import empyrical
import ffn
import numpy as np
import pandas as pd
import pytest
import scipy.stats
import skfolio.measures
import statsmodels.api as sm
from arch.bootstrap import StationaryBootstrap

from reportgen.metrics import _draws, _pareto, concentration, relative, returns, risk, sensitivity, tail
from reportgen.metrics._market import Market
from reportgen.metrics._metric import Measured
from reportgen.metrics._regression import lag, long_run_error, regress
from reportgen.metrics._resampling import MEAN_BLOCK, resampling
from reportgen.metrics._views import FundProfile, FundWindow
from reportgen.model import FloatArray, Holdings
from tests.metrics.hand import Hand, history, lines, path, rate, view

pytestmark = pytest.mark.slow

SIZE = 1260
CLOSE = 1e-9


def drawn(seed: int, shift: float = 0.0004) -> FloatArray:
    found: FloatArray = np.random.default_rng(seed).standard_t(4, SIZE) * 0.009 + shift
    return found


MARKET = drawn(0)
OWN = 0.8 * MARKET + drawn(1, 0.0)


@pytest.fixture(scope="module")
def fund() -> FundWindow:
    context = [history(t, path(r)) for t, r in (("SPY", MARKET), ("HYG", drawn(3)), ("IEF", drawn(4)))]
    return view(history("A", path(OWN)), *context, code="5Y", risk_free=rate(0.03))


def value(measured: Measured) -> float:
    assert isinstance(measured.value, int | float)
    return float(measured.value)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (returns.total_return, lambda r, _, __: empyrical.cum_returns_final(r)),
        (risk.volatility, lambda r, _, __: empyrical.annual_volatility(r)),
        (risk.sharpe, lambda r, f, _: empyrical.sharpe_ratio(r, f)),
        (risk.sortino, lambda r, f, _: empyrical.sortino_ratio(r - f)),
        (risk.max_drawdown, lambda r, _, __: empyrical.max_drawdown(r)),
        (tail.value_at_risk_95, lambda r, _, __: empyrical.value_at_risk(r, 0.05)),
        (tail.expected_shortfall_95, lambda r, _, __: empyrical.conditional_value_at_risk(r, 0.05)),
        (relative.beta, lambda r, f, m: empyrical.beta(r - f, m - f)),
    ],
)
def test_empyrical(
    fund: FundWindow,
    ours: Callable[[FundWindow], Measured],
    theirs: Callable[[FloatArray, FloatArray, FloatArray], float],
) -> None:
    free = fund.market.risk_free(fund.days)
    assert value(ours(fund)) == pytest.approx(float(theirs(fund.returns, free, MARKET)), rel=CLOSE)


def test_ffn(fund: FundWindow) -> None:
    prices = pd.Series(fund.closes, index=pd.DatetimeIndex(fund.days))
    assert value(returns.cagr(fund)) == pytest.approx(ffn.calc_cagr(prices), rel=CLOSE)
    assert value(risk.calmar(fund)) == pytest.approx(ffn.calc_calmar_ratio(prices), rel=CLOSE)


def test_skfolio_when_it_compounds(fund: FundWindow) -> None:
    falls = skfolio.measures.get_drawdowns(fund.returns, compounded=True)
    assert value(risk.max_drawdown(fund)) == pytest.approx(-skfolio.measures.max_drawdown(falls), rel=CLOSE)
    shortfall = -skfolio.measures.cvar(fund.returns, beta=0.95)
    assert value(tail.expected_shortfall_95(fund)) == pytest.approx(float(shortfall), rel=CLOSE)


def test_skfolio_effective_number() -> None:
    weights = np.random.default_rng(2).dirichlet(np.ones(40))
    snapshot = Hand([history("A", [1, 1])]).snapshot()
    held = Holdings("A", snapshot.as_of, lines(*weights), "full", "file")
    ours = concentration.effective_holdings(FundProfile(Market(snapshot), snapshot.funds["A"], held))
    assert value(ours) == pytest.approx(float(skfolio.measures.effective_number_assets(weights)), rel=CLOSE)


def test_scipy_moments(fund: FundWindow) -> None:
    assert value(risk.skew(fund)) == pytest.approx(scipy.stats.skew(fund.returns, bias=False), rel=CLOSE)
    assert value(risk.excess_kurtosis(fund)) == pytest.approx(scipy.stats.kurtosis(fund.returns, bias=False), rel=CLOSE)


def least_squares(y: FloatArray, *x: FloatArray) -> sm.regression.linear_model.RegressionResultsWrapper:
    design = sm.add_constant(np.column_stack(x))
    kwds = {"maxlags": lag(y.size), "use_correction": False}
    return sm.OLS(y, design).fit(cov_type="HAC", cov_kwds=kwds, use_t=False)


def test_statsmodels_beta_alpha_and_their_errors(fund: FundWindow) -> None:
    both = fund.against_benchmark
    theirs = least_squares(both.own, *both.others)
    for ours, position, scale in ((relative.alpha(fund), 0, 252), (relative.beta(fund), 1, 1)):
        assert value(ours) == pytest.approx(scale * theirs.params[position], rel=CLOSE)
        assert ours.influence is not None
        assert long_run_error(ours.influence) == pytest.approx(scale * theirs.bse[position], rel=CLOSE)


def test_statsmodels_joint_regression(fund: FundWindow) -> None:
    market, high_yield, treasuries = fund.aligned("SPY", "HYG", "IEF").others
    theirs = least_squares(fund.returns, market, high_yield - 0.5 * treasuries, treasuries)
    for ours, position in ((sensitivity.credit_beta(fund), 2), (sensitivity.rate_beta(fund), 3)):
        assert value(ours) == pytest.approx(theirs.params[position], rel=CLOSE)
        assert ours.influence is not None
        assert long_run_error(ours.influence) == pytest.approx(theirs.bse[position], rel=CLOSE)


def test_statsmodels_on_chosen_days_with_the_calendar_kept() -> None:
    chosen = (MARKET < 0).astype(np.float64)
    ours = regress(OWN, MARKET, where=chosen)
    kwds = {"maxlags": lag(SIZE), "use_correction": False}
    design = np.column_stack([chosen, MARKET * chosen])
    theirs = sm.OLS(OWN * chosen, design).fit(cov_type="HAC", cov_kwds=kwds)
    assert ours.slopes[0] == pytest.approx(theirs.params[1], rel=CLOSE)
    assert long_run_error(ours.influence[1]) == pytest.approx(theirs.bse[1], rel=CLOSE)


def test_scipy_pareto_quantiles(fund: FundWindow) -> None:
    threshold = -np.quantile(fund.returns, 0.1)
    beyond = np.sort(-fund.returns[-fund.returns > threshold] - threshold)[::-1]
    first, second = _pareto.moments(beyond)
    shape, scale = (float(p) for p in _pareto.parameters(np.array(first), np.array(second)))
    law = scipy.stats.genpareto(shape, scale=scale)
    quantile = law.ppf(1 - SIZE / (beyond.size * 2520))
    assert _pareto.fit(fund.returns).ten_year_loss == pytest.approx(threshold + quantile, rel=CLOSE)
    # The fitted law has the two moments it was fitted to.
    assert law.mean() == pytest.approx(first, rel=1e-6)
    weighted = law.expect(lambda x: x * law.sf(x))
    assert weighted == pytest.approx(second, rel=1e-4)


@pytest.mark.parametrize("shape", [-0.2, 0.0, 0.2, 0.4])
def test_the_pareto_fit_finds_the_law_that_made_the_losses(shape: float) -> None:
    losses = scipy.stats.genpareto(shape, scale=0.01).rvs(200_000, random_state=3)
    first, second = _pareto.moments(np.sort(losses)[::-1])
    found, scale = (float(p) for p in _pareto.parameters(np.array(first), np.array(second)))
    assert found == pytest.approx(shape, abs=0.02)
    assert scale == pytest.approx(0.01, rel=0.03)


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("sharpe", lambda r: np.mean(r) / np.std(r, ddof=1) * math.sqrt(252)),
        ("volatility", lambda r: np.std(r, ddof=1) * math.sqrt(252)),
        ("expected_shortfall", lambda r: r[r <= np.quantile(r, 0.05)].mean()),
    ],
)
def test_arch_bootstrap_errors(name: str, statistic: Callable[[FloatArray], float]) -> None:
    fund = view(history("A", path(OWN)), code="5Y", risk_free=rate(0.0))
    sample = resampling(fund.market.sessions, fund.window, fund.days[1:])
    assert sample is not None
    ours = getattr(_draws, name)(fund, sample).std()
    theirs = StationaryBootstrap(MEAN_BLOCK, OWN, seed=5).apply(statistic, 2000).std()
    assert ours == pytest.approx(float(theirs), rel=0.08)
