"""Where libraries say something else, and why: pinned, so that a change on either side is noticed."""

from __future__ import annotations

import empyrical
import numpy as np
import pandas as pd
import pytest
import quantstats
import scipy.stats
import skfolio.measures

from reportgen.metrics import returns, risk, tail
from reportgen.model import FloatArray
from tests.metrics.hand import history, path, view

pytestmark = pytest.mark.slow

RETURNS: FloatArray = np.random.default_rng(9).standard_t(3, 1260) * 0.01
FUND = view(history("A", path(RETURNS)))


def test_skfolio_adds_returns_up_unless_told_otherwise() -> None:
    added = -skfolio.measures.max_drawdown(skfolio.measures.get_drawdowns(RETURNS, compounded=False))
    running = np.concatenate([[1.0], 1 + np.cumsum(RETURNS)])
    assert added == pytest.approx(np.min(running - np.maximum.accumulate(running)), rel=1e-9)
    assert risk.max_drawdown(FUND).value != pytest.approx(added, rel=0.01)


def test_quantstats_value_at_risk_is_that_of_a_normal_distribution() -> None:
    series = pd.Series(RETURNS, index=pd.DatetimeIndex(FUND.days[1:]))
    normal = scipy.stats.norm.ppf(0.05, RETURNS.mean(), RETURNS.std(ddof=1))
    assert quantstats.stats.value_at_risk(series) == pytest.approx(normal, rel=1e-6)
    ours = tail.value_at_risk_95(FUND).value
    assert isinstance(ours, float)
    assert abs(normal / ours - 1) > 0.05


def test_libraries_count_252_rows_a_year() -> None:
    growth = float(np.prod(1 + RETURNS))
    by_rows = growth ** (252 / RETURNS.size) - 1
    assert empyrical.cagr(RETURNS) == pytest.approx(by_rows, rel=1e-9)
    ours = returns.cagr(FUND).value
    assert ours == pytest.approx(growth ** (1 / FUND.window.years) - 1, rel=1e-9)
    assert ours != pytest.approx(by_rows, rel=1e-3)


def test_empyricals_pareto_fit_cannot_be_used() -> None:
    losses = scipy.stats.genpareto(0.2, scale=0.01).rvs(5000, random_state=1)
    estimated = empyrical.gpd_risk_estimates(-losses, 0.01)
    true = scipy.stats.genpareto(0.2, scale=0.01).ppf(0.99)
    assert abs(estimated[3] / -true - 1) > 0.1 or estimated[3] == 0
