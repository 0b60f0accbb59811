"""A simulated quarter in which fees, portfolios and sizes do change from week to week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from reportgen.model import Fund, FundFact, Holdings, Request, Snapshot
from reportgen.sources.sample import SampleSource, universe

FRIDAYS = tuple(date(2026, 1, 9) + timedelta(weeks=week) for week in range(12))
PAIRS = (("F0001", "F0002"), ("F0003", "F0004"), ("F0005", "F0006"), ("IWM", "QQQ"), ("F0001", "QQQ"))


@dataclass(frozen=True)
class Quarter:
    """The sample and a few invented funds as they stand on a Friday: what `load` gives depends on the as-of."""

    seed: int

    @property
    def name(self) -> str:
        return "quarter"

    def load(self, request: Request) -> Snapshot:
        assert request.as_of is not None
        base = universe(6, 6)
        week = FRIDAYS.index(request.as_of)
        dated = request.as_of - timedelta(days=1)
        funds = {t: self._fund(f, week, dated) for t, f in base.funds.items()}
        holdings = {t: self._held(h, week, dated) for t, h in base.holdings.items()}
        return SampleSource(replace(base, funds=funds, holdings=holdings)).load(request)

    def _fund(self, fund: Fund, week: int, day: date) -> Fund:
        """Fees change in one week of six, sizes by some 7 % a week; both stay changed."""
        draws = self._draws(fund.ticker, week)
        fee = float(fund.facts["expense_ratio"].value)  # type: ignore[arg-type]
        size = float(fund.facts["net_assets"].value)  # type: ignore[arg-type]
        for first, second, third in draws:
            fee = round(max(0.0001, fee + (0.0001 if second > 0 else -0.0001)), 4) if first > 1.0 else fee
            size *= float(np.exp(0.07 * third))
        told = {name: replace(fact, as_of=day) for name, fact in fund.facts.items()}
        told["expense_ratio"] = FundFact(fee, "fraction", day, fund.facts["expense_ratio"].source)
        told["net_assets"] = FundFact(round(size, -6), "usd", day, fund.facts["net_assets"].source)
        return replace(fund, facts=told)

    def _held(self, held: Holdings, week: int, day: date) -> Holdings:
        """Every line's value drifts from week to week, so that lines pass each other and sectors shift."""
        growth = np.ones(len(held.rows))
        for each in range(1, week + 1):
            rng = np.random.default_rng([self.seed, each, *held.ticker.encode()])
            growth = growth * np.exp(0.06 * rng.standard_normal(len(held.rows)))
        values = [(row.market_value or 0.0) * factor for row, factor in zip(held.rows, growth, strict=True)]
        total = sum(values)
        pairs = sorted(zip(values, held.rows, strict=True), key=lambda pair: (-pair[0], pair[1].name))
        rows = tuple(replace(row, market_value=round(v, 2), weight=v / total) for v, row in pairs)
        return replace(held, as_of=day, rows=rows)

    def _draws(self, ticker: str, week: int) -> Sequence[tuple[float, float, float]]:
        return [
            tuple(np.random.default_rng([self.seed, 7, each, *ticker.encode()]).standard_normal(3).tolist())
            for each in range(1, week + 1)
        ]
