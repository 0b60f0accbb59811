"""What is not known is not measured, or measured under its true name: distributions, and facts of another time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from reportgen.metrics import measure
from reportgen.model import Fact, Measurements, Request, Snapshot
from reportgen.sources.sample import SampleSource


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return SampleSource().load(Request(("IWM", "QQQ")))


def measured(snapshot: Snapshot, *, total_return_closes: bool) -> Measurements:
    history = snapshot.histories["IWM"]
    history = replace(
        history,
        distributions=0 * history.distributions,
        distributions_known=False,
        total_return_closes=total_return_closes,
    )
    return measure(replace(snapshot, histories={**snapshot.histories, "IWM": history}))


def fact(found: Measurements, name: str) -> Fact:
    return found.facts[name]


def test_of_prices_alone_returns_are_price_returns_and_there_is_no_yield(snapshot: Snapshot) -> None:
    found = measured(snapshot, total_return_closes=False)
    assert fact(found, "IWM/distribution_yield").missing == "distributions not known"
    for name in ("total_return", "cagr", "volatility", "max_drawdown", "growth_of_1000"):
        assert fact(found, f"IWM/{name}/5Y").basis == "price", name
        assert fact(found, f"QQQ/{name}/5Y").basis == "total return", name
        assert fact(found, f"IWM:QQQ/diff.{name}/5Y").basis == "price", name
    assert fact(found, "IWM:QQQ/correlation/5Y").basis == "price"


def test_closes_that_hold_the_distributions_give_total_returns_and_no_yield(snapshot: Snapshot) -> None:
    found = measured(snapshot, total_return_closes=True)
    assert fact(found, "IWM/distribution_yield").missing == "distributions not known"
    assert fact(found, "IWM/total_return/5Y").basis == "total return"


def test_what_is_known_of_another_time_says_of_which(snapshot: Snapshot) -> None:
    day = date(2020, 1, 2)
    unused: Mapping[str, date] = {"holdings": day, "expense_ratio": day}
    fund = replace(snapshot.funds["IWM"], facts={}, unused=unused)
    holdings = {ticker: held for ticker, held in snapshot.holdings.items() if ticker != "IWM"}
    found = measure(replace(snapshot, funds={**snapshot.funds, "IWM": fund}, holdings=holdings))
    assert fact(found, "IWM/expense_ratio").missing == "known only from 2020-01-02"
    assert fact(found, "IWM/net_assets").missing == "no net assets stated"
    for name in ("holdings_count", "top10_weight", "largest_sector", "effective_holdings"):
        assert fact(found, f"IWM/{name}").missing == "holdings known only from 2020-01-02", name
    assert fact(found, "IWM:QQQ/overlap").missing == "IWM: holdings known only from 2020-01-02"
