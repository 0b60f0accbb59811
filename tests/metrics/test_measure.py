"""The whole stage: which facts there are, what a difference is, and what may not move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import DataError
from reportgen.metrics import catalogue, measure
from reportgen.metrics._catalogue import definitions
from reportgen.metrics._facts import rounded
from reportgen.metrics._metric import Measured, metric
from reportgen.metrics._views import FundProfile, FundWindow
from reportgen.metrics._windows import CODES
from reportgen.model import (
    DIFFERENCE,
    ContextFunds,
    Fact,
    FloatArray,
    Fund,
    FundFact,
    Holdings,
    Measurements,
    PriceHistory,
    Snapshot,
)
from tests.metrics.hand import Hand, history, lines, path, rate

SIZE = 1600  # a bit more than six years


def noise(seed: int, size: int = SIZE) -> FloatArray:
    found: FloatArray = np.random.default_rng(seed).standard_t(5, size) * 0.008 + 0.0003
    return found


def fund(ticker: str, seed: int, size: int = SIZE) -> PriceHistory:
    volume = np.random.default_rng(seed).uniform(1e6, 2e6, size + 1)
    return history(ticker, path(noise(seed, size)), distributions={size - 30: 0.5}, volume=volume)


CONTEXT = tuple(fund(t, seed) for seed, t in enumerate(("SPY", "HYG", "IEF", "XLK", "SOXX"), start=50))


def stated(ticker: str, ratio: float) -> Fund:
    return Fund(ticker, f"Fund {ticker}", "equity", facts={"expense_ratio": FundFact(ratio, "fraction", None, "hand")})


def snapshot(*tickers: str, swap: bool = False) -> Snapshot:
    seeds = {"A": 1, "B": 2, "C": 3}
    sizes = {"C": 900}
    funds = [fund(t, seeds[t], sizes.get(t, SIZE)) for t in tickers]
    held = {t: Holdings(t, date(2026, 3, 1), lines(*(0.02 * (1 + i % (seeds[t] + 2)) for i in range(30))), "full", "f")
            for t in tickers}  # fmt: skip
    return Hand(
        (*funds, *CONTEXT),
        tickers[::-1] if swap else tickers,
        {t: stated(t, 0.001 * seeds[t]) for t in tickers},
        held,
        rate(0.02),
    ).snapshot()


@cache
def measured(*tickers: str) -> Measurements:
    return measure(snapshot(*tickers))


def test_every_fact_is_a_value_or_a_reason_and_finds_its_specification() -> None:
    found = measured("A", "B")
    assert len(found) > 700
    for fact in found:
        spec = found.spec(fact)
        assert (fact.value is None) == (fact.missing is not None)
        assert fact.unit == spec.unit
        assert fact.method == spec.method
        assert fact.missing is None or fact.missing.strip(" .") == fact.missing
        if isinstance(fact.value, float):
            assert math.isfinite(fact.value)
            assert fact.value == rounded(fact.value)
        if fact.window is not None:
            assert fact.code == fact.window.code
            assert fact.as_of == fact.window.end or fact.metric == "market_impact"
        if fact.interval is not None:
            assert spec.interval == fact.interval.method
            assert 0 <= fact.interval.p <= 1


def test_every_metric_of_the_catalogue_is_measured() -> None:
    names = {fact.metric for fact in measured("A", "B")}
    assert names >= set(catalogue())
    assert names - set(catalogue()) == {DIFFERENCE + s.name for s in catalogue().values() if s.difference}


def test_values_exist_for_whatever_five_years_can_give() -> None:
    found = measured("A", "B")
    absent = {f.metric for f in found if f.code in {None, "5Y"} and f.missing is not None}
    assert absent <= {
        "net_assets",
        "inception",
        "largest_sector",
        "sector_weight",
        "companion_beta",
        "reset_decay",
        "daily_multiple",
        "diff.net_assets",
        "diff.sector_weight",
    }
    assert {f.key for f in found.family("A", "companion_beta", "5Y", second="B") if f.missing is None} == {
        "SOXX",
        "XLK",
    }


def test_the_specifications_say_all_that_a_card_needs() -> None:
    for spec in catalogue().values():
        assert spec.label
        assert spec.short
        assert spec.formula.endswith(".")
        assert spec.reference
        assert spec.section
        assert spec.name == spec.name.lower()
    windowed = {d.spec.name for d in definitions() if d.codes}
    assert windowed == {s.name for s in catalogue().values() if s.per_window}
    assert all(set(d.codes) <= {*CODES, "CY"} for d in definitions())


def test_intervals_stand_on_the_windows_that_claims_use() -> None:
    found = measured("A", "B")
    carried = {(f.metric, f.code) for f in found if f.interval is not None and f.second is None}
    codes = {name: {code for metric, code in carried if metric == name} for name, _ in carried}
    assert codes["cagr"] == codes["volatility"] == codes["sharpe"] == codes["total_return"] == {"1Y", "3Y", "5Y"}
    assert codes["sortino"] == codes["beta"] == codes["expected_shortfall_95"] == {"5Y"}
    without = {s.name for s in catalogue().values() if s.interval == "none"}
    assert without & set(codes) == set()
    assert {"max_drawdown", "skew", "overlap", "best_day", "distribution_yield"} <= without


def test_since_inception_carries_intervals_where_five_years_do_not_exist() -> None:
    found = measured("A", "C")
    for ticker, second in (("A", None), ("C", None)):
        fact = found.find(ticker, "cagr", "SI", second=second)
        assert fact is not None
        assert fact.interval is not None
    gap = found.find("A", "diff.cagr", "SI", second="C")
    assert gap is not None
    assert gap.interval is not None


def test_a_difference_is_first_less_second() -> None:
    found = measured("A", "B")
    differences = [f for f in found if f.metric.startswith(DIFFERENCE) and f.missing is None]
    assert len(differences) > 150
    for gap in differences:
        assert gap.second == "B"
        name = gap.metric.removeprefix(DIFFERENCE)
        one, other = (found.find(t, name, gap.code, key=gap.key) for t in ("A", "B"))
        assert one is not None
        assert other is not None
        assert gap.number == pytest.approx(one.number - other.number, rel=1e-9, abs=1e-12 + 1e-11 * abs(one.number))
        assert gap.window == one.window


def test_a_pairs_interval_is_not_that_of_two_funds_resampled_apart() -> None:
    twins = Hand((fund("A", 1), fund("B", 1), *CONTEXT), ("A", "B"), risk_free=rate(0.02)).snapshot()
    for gap in measure(twins):
        if gap.metric.startswith(DIFFERENCE) and gap.missing is None:
            assert gap.number == 0, gap.id
            if gap.interval is not None:
                assert (gap.interval.low, gap.interval.high, gap.interval.p) == (0, 0, 1), gap.id


def as_told(found: Measurements) -> dict[tuple[str, str | None, str, str | None, str | None], Fact]:
    return {(f.subject, f.second, f.metric, f.key, f.code): f for f in found}


def test_swapping_the_funds_turns_every_difference_round() -> None:
    ours, theirs = as_told(measured("A", "B")), as_told(measure(snapshot("A", "B", swap=True)))
    assert len(ours) == len(theirs)
    for (subject, second, name, key, code), fact in ours.items():
        there = theirs[second or subject, subject if second else None, name, key, code]
        assert there.missing == fact.missing
        if name.startswith(DIFFERENCE) and fact.missing is None:
            assert there.number == -fact.number
            if fact.interval is not None and there.interval is not None:
                assert there.interval.low == pytest.approx(-fact.interval.high, rel=1e-9)
                assert there.interval.p == fact.interval.p
        elif second is None:
            assert there == fact


def test_a_third_fund_moves_nothing_but_since_inception_and_the_article() -> None:
    two, three = as_told(measured("A", "B")), as_told(measured("A", "B", "C"))
    for key, fact in two.items():
        if fact.subject != "article" and (fact.code != "SI" or fact.second is not None):
            assert three[key] == fact, fact.id


def test_since_inception_begins_with_the_youngest_fund() -> None:
    found = measured("A", "C")
    starts = {f.window.start for f in found if f.code == "SI" and f.window is not None and f.subject in {"A", "C"}}
    assert starts == {snapshot("A", "C").histories["C"].first}


def test_too_short_a_history_says_when_it_began() -> None:
    found = measured("A", "C")
    began = snapshot("A", "C").histories["C"].first
    for subject, second, reason in (("C", None, f"began {began}"), ("A", "C", f"C began {began}")):
        name = "total_return" if second is None else "diff.total_return"
        fact = found.find(subject, name, "5Y", second=second)
        assert fact is not None
        assert (fact.missing, fact.window, fact.id.endswith("/5Y")) == (reason, None, True)


def test_a_fund_whose_data_begin_late_did_not_begin_late() -> None:
    made = snapshot("A", "C")
    old = replace(made.funds["C"], inception=date(2000, 1, 1))
    found = measure(replace(made, funds={**made.funds, "C": old})).find("C", "cagr", "10Y")
    assert found is not None
    assert found.missing == f"data begin {made.histories['C'].first}"


def test_a_split_changes_no_fact() -> None:
    made = snapshot("A", "B")
    one = made.histories["A"]
    split = PriceHistory("A", one.dates, one.close * 4, one.distributions * 4, one.volume / 4, one.source)
    there = measure(replace(made, histories={**made.histories, "A": split}))
    assert [*there] == [*measured("A", "B")]


def test_missing_sessions_of_one_fund_leave_the_other_alone_and_the_pair_on_common_days() -> None:
    made = snapshot("A", "B")
    one = made.histories["B"]
    kept = np.ones(one.dates.size, dtype=bool)
    kept[[-300, -299, -700]] = False
    gappy = PriceHistory("B", one.dates[kept], one.close[kept], one.distributions[kept], one.volume[kept], one.source)
    found, before = measure(replace(made, histories={**made.histories, "B": gappy})), measured("A", "B")
    for fact in before:
        if fact.subject == "A" and fact.second is None and fact.key != "B":
            assert found.facts[fact.id] == fact, fact.id
    gap, a, b = (found.facts[i] for i in ("A:B/diff.volatility/5Y", "A/volatility/5Y", "B/volatility/5Y"))
    assert a.n is not None
    assert (gap.n, b.n) == (a.n - 3, a.n - 3)
    assert gap.interval is not None
    assert gap.number != pytest.approx(a.number - b.number, rel=1e-9)
    total = found.facts["A:B/diff.total_return/5Y"]
    assert total.number == pytest.approx(before.facts["A:B/diff.total_return/5Y"].number, rel=1e-9)


def test_different_benchmarks_cannot_be_subtracted() -> None:
    made = snapshot("A", "B")
    bond = replace(made.funds["B"], asset_class="bond")
    context = ContextFunds(bond_benchmark="IEF")
    found = measure(replace(made, funds={**made.funds, "B": bond}, context=context))
    gap = found.find("A", "diff.beta", "5Y", second="B")
    assert gap is not None
    assert gap.missing == "measured by different benchmarks"
    assert found.facts["B/beta/5Y"].details["benchmark"] == "IEF"


def test_the_benchmarks_own_returns_and_risk_are_there() -> None:
    found = measured("A", "B")
    assert found.facts["SPY/total_return/5Y"].missing is None
    assert found.find("SPY", "expense_ratio") is None
    assert not any(f.second for f in found if f.subject == "SPY")


@pytest.mark.parametrize(
    "drop", [("SPY",), ("HYG",), ("XLK",), ("SOXX",), ("SPY", "HYG", "IEF", "XLK", "SOXX")], ids="+".join
)
def test_an_absent_context_fund_takes_only_what_needs_it(drop: tuple[str, ...]) -> None:
    made = snapshot("A", "B")
    left = {t: h for t, h in made.histories.items() if t not in drop}
    found = measure(replace(made, histories=left))
    for fact in measured("A", "B"):
        if fact.subject in drop:
            continue
        there = found.find(fact.subject, fact.metric, fact.code, key=fact.key, second=fact.second)
        if there is None or there.missing is not None:
            needs = {"beta", "alpha", "capture", "tracking", "scenario", "bad_day", "companion", "_week"}
            assert fact.missing is not None or any(word in fact.metric for word in needs), fact.id
        else:
            assert there == fact


def test_without_a_rate_only_what_needs_one_is_missing() -> None:
    found = measure(replace(snapshot("A", "B"), risk_free=None))
    for fact in measured("A", "B"):
        there = found.facts[fact.id]
        if there != fact:
            assert there.missing is not None
            assert "no risk-free rate" in there.missing
            assert fact.metric.removeprefix(DIFFERENCE) in {
                "sharpe", "sortino", "beta", "alpha", "tail_beta", "down_beta", "correlation",
            }  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: history("B", [100.0] * (SIZE + 1)), id="constant"),
        pytest.param(lambda: history("B", [100.0, 101.0]), id="two days"),
        pytest.param(lambda: history("B", [100.0]), id="one day"),
        pytest.param(lambda: history("B", path(noise(2)), volume=np.full(SIZE + 1, math.nan)), id="no volume"),
        pytest.param(lambda: history("B", path(-3 * noise(2))), id="inverse"),
        pytest.param(lambda: history("B", path([-0.9, 9.0] * 800)), id="wild"),
        pytest.param(lambda: history("B", path(noise(2)) * 1e-6), id="tiny"),
    ],
)
def test_odd_funds_give_reasons_and_never_nan(make: Callable[[], PriceHistory]) -> None:
    found = measure(Hand((fund("A", 1), make(), *CONTEXT), ("A", "B"), risk_free=rate(0.02)).snapshot())
    for fact in found:
        numbers = [fact.value, *fact.details.values()]
        if fact.interval is not None:
            numbers += [fact.interval.low, fact.interval.high, fact.interval.p]
        assert all(math.isfinite(v) for v in numbers if isinstance(v, float)), fact.id
    alone = measured("A", "C")
    assert found.facts["A/volatility/5Y"] == alone.facts["A/volatility/5Y"]


def test_other_currencies_are_refused_with_words() -> None:
    made = snapshot("A", "B")
    foreign = replace(made.funds["B"], currency="EUR")
    with pytest.raises(DataError, match="B is priced in EUR"):
        measure(replace(made, funds={**made.funds, "B": foreign}))


def test_a_fund_without_prices_is_refused() -> None:
    made = snapshot("A", "B")
    with pytest.raises(DataError, match="no prices for B up to 2026-03-27"):
        measure(replace(made, histories={t: h for t, h in made.histories.items() if t != "B"}))


def test_series_are_what_charts_draw() -> None:
    found = measured("A", "B")
    wealth = found.series["A/wealth/5Y"]
    assert wealth.values[0] == 1000
    assert wealth.values[-1] == found.facts["A/growth_of_1000/5Y"].number
    assert found.series["A/drawdown/5Y"].values.min() == found.facts["A/max_drawdown/5Y"].number
    concentration = found.series["A/concentration"]
    assert concentration.x is not None
    assert (concentration.x[0], concentration.values[0], concentration.x[-1]) == (0, 0, 30)
    assert concentration.values[-1] == pytest.approx(1)
    rolling = found.series["A:B/rolling_difference/1Y"]
    assert rolling.dates is not None
    assert rolling.values[-1] == found.facts["A:B/diff.total_return/1Y"].number
    assert rolling.dates[0].item() == found.facts["A/total_return/5Y"].window.start  # type: ignore[union-attr]
    assert "A/wealth/SI" not in found.series


def test_young_funds_are_drawn_since_inception() -> None:
    found = measured("A", "C")
    assert found.series["A/wealth/SI"].dates is not None
    assert found.series["C/wealth/SI"].dates is not None
    assert found.series["A/wealth/SI"].dates[0] == found.series["C/wealth/SI"].dates[0]
    assert "C/wealth/5Y" not in found.series


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_keeps_twelve_digits_and_has_no_negative_zero(value: float) -> None:
    once = rounded(value)
    assert rounded(once) == once
    assert once == pytest.approx(value, rel=1e-11)
    assert math.copysign(1, once) == 1 or once != 0


def test_a_metric_must_name_its_view_and_match_its_interval() -> None:
    words = {"label": "X", "unit": "ratio", "decimals": 0, "section": "s", "formula": "f", "reference": "r"}
    with pytest.raises(TypeError, match="needs draws"):
        metric(**words, interval="bootstrap")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="annotate the parameter"):

        @metric(**words)  # type: ignore[arg-type]
        def of_prices(prices: list[float]) -> Measured:
            return Measured(prices[0])

    assert {d.view for d in definitions()} >= {FundWindow, FundProfile}
