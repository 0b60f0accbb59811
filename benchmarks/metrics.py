"""What measuring costs: a fund with its bootstrap distributions, a pair, and many funds without intervals.

Run: python -m benchmarks.metrics
The budgets are those of the design: a fund 0.25 s, a pair of measured funds 0.03 s, 500 funds over one window of 1,260
days without intervals 2 s. Times are the best of three, on one core; memory is the process's peak.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from reportgen.metrics._assemble import FundStudy, PairStudy
from reportgen.metrics._catalogue import definitions
from reportgen.metrics._market import Market
from reportgen.metrics._outcomes import over_window
from reportgen.metrics._resampling import paths
from reportgen.model import ContextFunds, DatedSeries, Fund, PriceHistory, Snapshot, as_date

DAYS = 1260
_RUNS = 3
_CONTEXT = ("SPY", "HYG", "IEF", "XLK")


def made_up(count: int) -> Snapshot:
    """So many funds of one market factor, with their context, over 1,260 returns; the first two are compared."""
    random = np.random.default_rng(1)
    last = np.busday_offset(np.datetime64("2026-03-27"), 0, roll="backward")
    days = np.busday_offset(last, np.arange(-DAYS, 1))
    market = random.normal(0.0004, 0.01, DAYS)
    histories = {}
    for ticker in (*(f"F{i}" for i in range(count)), *_CONTEXT):
        growth = np.cumprod(1 + 0.8 * market + random.normal(0, 0.006, DAYS))
        close = 100 * np.concatenate([[1.0], growth])
        volume = random.uniform(1e6, 2e6, DAYS + 1)
        histories[ticker] = PriceHistory(ticker, days, close, np.zeros(DAYS + 1), volume, "made up")
    return Snapshot(
        as_of=as_date(last),
        requested=None,
        tickers=("F0", "F1"),
        context=ContextFunds(),
        funds={ticker: Fund(ticker, ticker, "equity") for ticker in histories},
        histories=histories,
        holdings={},
        risk_free=DatedSeries("rate", days, np.full(days.size, 0.03), "fraction", "made up"),
        series={},
        sessions=days,
        events=(),
        issues=(),
        sources=(),
    )


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of three runs."""
    taken = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def fund_with_distributions(snapshot: Snapshot, *, cold: bool) -> Callable[[], object]:
    """All facts of one fund; cold draws the window's resamples too, which every later fund shares."""

    def work() -> object:
        if cold:
            paths.cache_clear()
        return list(FundStudy(Market(snapshot), "F0", definitions()).facts())

    return work


def pair_of_measured(snapshot: Snapshot) -> Callable[[], object]:
    """A pair's facts, once both funds are measured."""
    market = Market(snapshot)
    first, second = (FundStudy(market, ticker, definitions()) for ticker in snapshot.tickers)
    for study in (first, second):
        list(study.facts())
    return lambda: list(PairStudy(market, first, second).facts())


def many_without_intervals(snapshot: Snapshot, count: int, *, every_window: bool) -> Callable[[], object]:
    """The catalogue without intervals, fund by fund, over the whole history or over every window."""
    plain = tuple(replace(d, draws=None, interval_codes=()) for d in definitions())

    def work() -> object:
        market = Market(snapshot)
        studies = (FundStudy(market, f"F{i}", plain) for i in range(count))
        if every_window:
            return sum(len(list(study.facts())) for study in studies)
        return sum(len(over_window(study.windows["SI"], "SI", plain)) for study in studies)

    return work


def main() -> None:
    """Print the table."""
    snapshot = made_up(500)
    rows = [
        ("a fund, five years, with distributions, cold", fund_with_distributions(snapshot, cold=True), 0.25),
        ("a fund, five years, with distributions", fund_with_distributions(snapshot, cold=False), 0.25),
        ("a pair of measured funds", pair_of_measured(snapshot), 0.03),
    ]
    rows += [
        (f"{count} funds, one window, no intervals", many_without_intervals(snapshot, count, every_window=False), limit)
        for count, limit in ((50, 0.2), (100, 0.4), (200, 0.8), (500, 2.0))
    ]
    rows.append(
        ("500 funds, every window, no intervals", many_without_intervals(snapshot, 500, every_window=True), 0.0)
    )
    print(f"numpy {np.__version__}, Python {sys.version.split()[0]}, data to {snapshot.as_of}")
    for name, work, budget in rows:
        seconds = best(work)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = f"of {budget:.2f} s" if budget else "no budget"
        print(f"{name:<48} {seconds:8.3f} s  {told:<10}  peak {peak:5.0f} MB")


if __name__ == "__main__":
    main()
