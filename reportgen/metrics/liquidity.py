"""How much of a fund trades, what moving its price costs, and what becomes of both on bad days."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundWindow
from reportgen.metrics.tail import TAIL
from reportgen.model import FloatArray

_CODES = ("3M", "1Y", "3Y", "5Y")
_PER_BILLION = 1e9


@metric(
    label="Amihud illiquidity",
    unit="ratio",
    decimals=4,
    section="liquidity",
    direction="lower is better",
    minimum=15,
    codes=_CODES,
    formula="Mean of the absolute daily return over the dollars traded that day, times one billion.",
    reference="Amihud (2002), Journal of Financial Markets 5",
    parameters={"scale": _PER_BILLION},
)
def amihud(w: FundWindow) -> Measured:
    """Price move per billion dollars traded: mean of |return| / dollar volume, x 10^9.

    Returns a ratio, at least zero; days without volume are left out and n counts the rest. Missing without volume.
    """
    dollars, traded = _dollars(w)
    return Measured(_amihud(w.returns[traded], dollars[traded]), n=int(np.count_nonzero(traded)))


@metric(
    label="Dollar volume a day",
    unit="usd",
    decimals=0,
    section="liquidity",
    direction="higher is better",
    minimum=15,
    basis="price",
    codes=_CODES,
    formula="Mean of close times shares traded.",
    reference="This product's definition.",
)
def dollar_volume(w: FundWindow) -> Measured:
    """Mean dollars traded a day. Days without volume are left out and n counts the rest. Missing without volume."""
    dollars, traded = _dollars(w)
    return Measured(float(np.mean(dollars[traded])), n=int(np.count_nonzero(traded)))


@metric(
    label="Volume on the market's worst days",
    unit="ratio",
    decimals=2,
    section="liquidity",
    minimum=250,
    basis="price",
    codes=("1Y", "3Y", "5Y"),
    formula="Mean dollars traded on the benchmark's 5% worst days over the mean of all days.",
    reference="This product's definition.",
    parameters={"level": TAIL},
)
def bad_day_volume(w: FundWindow) -> Measured:
    """Dollars traded on the benchmark's worst twentieth of days, as a multiple of the mean of all days.

    Returns a ratio: above 1 trades more; n counts the bad days. Details: `benchmark`. Missing without a benchmark.
    """
    dollars, traded = _dollars(w)
    bad = _bad_days(w) & traded
    value = float(np.mean(dollars[bad])) / float(np.mean(dollars[traded]))
    return Measured(value, int(np.count_nonzero(bad)), {"benchmark": w.benchmark})


@metric(
    label="Illiquidity on the market's worst days",
    unit="ratio",
    decimals=2,
    section="liquidity",
    direction="lower is better",
    minimum=250,
    codes=("1Y", "3Y", "5Y"),
    formula="Amihud illiquidity on the benchmark's 5% worst days over that of all days.",
    reference="Amihud (2002), Journal of Financial Markets 5, on chosen days",
    parameters={"level": TAIL},
)
def bad_day_amihud(w: FundWindow) -> Measured:
    """Amihud illiquidity on the benchmark's worst twentieth of days, as a multiple of that of all days.

    Returns a ratio: above 1 a dollar moves the price more; n counts the bad days. Details: `benchmark`.
    """
    dollars, traded = _dollars(w)
    bad = _bad_days(w) & traded
    usual = _amihud(w.returns[traded], dollars[traded])
    if not usual:
        raise Unavailable("the price never moves")
    value = _amihud(w.returns[bad], dollars[bad]) / usual
    return Measured(value, int(np.count_nonzero(bad)), {"benchmark": w.benchmark})


def _dollars(w: FundWindow) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Dollars traded on each day, and on which days any were; Unavailable on fewer than half of them."""
    dollars = np.nan_to_num(w.closes[1:] * w.volumes)
    traded = dollars > 0
    if 2 * np.count_nonzero(traded) < traded.size:
        raise Unavailable("no trading volume known")
    return dollars, traded


def _amihud(returns: FloatArray, dollars: FloatArray) -> float:
    return float(np.mean(np.abs(returns) / dollars)) * _PER_BILLION


def _bad_days(w: FundWindow) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    both = w.aligned(w.benchmark)
    market = both.others[0]
    worst = both.days[1:][market <= np.quantile(market, TAIL)]
    return np.isin(w.days[1:], worst, assume_unique=True)
