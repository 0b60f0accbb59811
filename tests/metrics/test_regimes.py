"""Rolling outcomes, spells, states, scenarios, income and the market impact on paths made for them."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from reportgen.metrics import income, market, regimes, scenarios
from reportgen.metrics._market import Market
from reportgen.metrics._metric import Measured, Unavailable
from reportgen.metrics._views import ArticleView, FundProfile, FundWindow, PairWindow
from reportgen.model import FloatArray, Fund, FundFact, PriceHistory, Snapshot, Window
from tests.metrics.hand import Hand, history, path

RANDOM = np.random.default_rng(5)


def snapshot(*histories: PriceHistory, tickers: tuple[str, ...] = ()) -> Snapshot:
    return Hand(histories, tickers).snapshot()


def profile(one: PriceHistory, fund: Fund | None = None) -> FundProfile:
    made = snapshot(one)
    return FundProfile(Market(made), fund or made.funds[one.ticker], None)


def pair(a: FloatArray, b: FloatArray) -> PairWindow:
    made = snapshot(history("A", path(a)), history("B", path(b)))
    shared = Market(made)
    window = Window("SI", made.histories["A"].first, made.histories["A"].last)
    sides = [FundWindow(shared, made.funds[t], window, made.histories[t].dates) for t in ("A", "B")]
    return PairWindow(shared, sides[0], sides[1], window)


def test_the_steady_winner_wins_every_window() -> None:
    flat = np.zeros(1000)
    won = regimes.rolling_win_share(pair(flat + 0.001, flat))
    one, three = won["1Y"], won["3Y"]
    assert isinstance(one, Measured)
    assert isinstance(three, Measured)
    assert (one.value, one.n, one.details) == (1.0, 749, {"effective": 3, "longest": 749, "longest_lost": 0})
    assert (three.value, three.n) == (1.0, 245)
    lost = regimes.rolling_win_share(pair(flat, flat + 0.001))["1Y"]
    assert isinstance(lost, Measured)
    assert (lost.value, lost.details["longest_lost"]) == (0.0, 749)


def test_two_halves_give_two_spells() -> None:
    first = np.concatenate([np.full(200, 0.001), np.full(200, -0.001)])
    month = regimes.leadership_spell(pair(first, np.zeros(400)))["1M"]
    assert isinstance(month, Measured)
    assert month.details["count"] == 2
    assert month.details["leader"] == "B"
    # From the 21st session the first leads, until half of the month behind lies in the second half.
    assert month.details["current"] == month.n - 190 if month.n else False


def test_funds_that_never_differ_have_no_spells() -> None:
    same = regimes.leadership_spell(pair(np.zeros(400), np.zeros(400)))["3M"]
    assert isinstance(same, Unavailable)


def test_states_of_a_rising_and_a_falling_fund() -> None:
    calm = np.concatenate([RANDOM.normal(0.001, 0.02, 600), np.full(21, 0.002)])
    rising = profile(history("A", path(calm)))
    assert regimes.regime(rising).details == {"trend": "above", "volatility": "low", "peak": "yes"}
    assert regimes.volatility_percentile(rising).value == 0
    assert regimes.realized_volatility(rising).value == 0
    assert regimes.current_drawdown(rising).value == 0
    wild = np.concatenate([RANDOM.normal(0.001, 0.005, 600), [-0.05, 0.03] * 10, [-0.2]])
    falling = profile(history("A", path(wild)))
    assert regimes.regime(falling).details == {"trend": "below", "volatility": "high", "peak": "no"}
    assert regimes.volatility_percentile(falling).value == 1


def test_the_mean_of_200_sessions_and_not_of_more() -> None:
    gap = regimes.trend_gap(profile(history("A", [1.0] * 50 + [100.0] * 199 + [150.0]))).value
    assert gap == pytest.approx(150 / (100 + 50 / 200) - 1)
    with pytest.raises(Unavailable, match="needs 200 sessions, has 199"):
        regimes.trend_gap(profile(history("A", [1.0] * 199)))


def test_young_funds_have_no_volatility_history() -> None:
    with pytest.raises(Unavailable, match="needs 274 sessions"):
        regimes.regime(profile(history("A", [1.0] * 250)))


SIZE = 1300
CREDIT, TECHNOLOGY, RATES = (RANDOM.normal(0, 0.01, SIZE) for _ in range(3))


def over(ticker: str, returns: FloatArray) -> FundWindow:
    context = {"HYG": CREDIT, "IEF": RATES, "XLK": TECHNOLOGY}
    histories = [history(t, path(r)) for t, r in {**context, ticker: returns, "B": TECHNOLOGY}.items()]
    made = snapshot(*histories, tickers=(ticker, "B"))
    one = made.histories[ticker]
    return FundWindow(Market(made), made.funds[ticker], Window("SI", one.first, one.last), one.dates)


def measured(found: object) -> Measured:
    assert isinstance(found, Measured)
    return found


def test_a_fund_that_follows_technology_falls_when_it_does() -> None:
    fund = over("A", 0.5 * TECHNOLOGY)
    mean = scenarios.scenario_mean(fund)
    months = fund.months.end.size
    assert measured(mean["technology"]).details == {"count": months // 10, "frequency": "months"}
    days = measured(mean["B"])
    assert days.details == {"count": 65, "frequency": "days"}
    assert days.value == pytest.approx(0.5 * np.sort(TECHNOLOGY)[:65].mean())
    worst = measured(scenarios.scenario_worst(fund)["B"])
    assert worst.value == pytest.approx(0.5 * TECHNOLOGY.min())
    assert worst.details["day"] == fund.days[1 + int(np.argmin(TECHNOLOGY))].item()


def test_credit_is_high_yield_less_half_the_treasuries() -> None:
    fund = over("A", RANDOM.normal(0, 0.01, SIZE))
    months, m = fund.months, fund.market
    credit, own = (
        months.returns(m.wealth("HYG", fund.days)) - 0.5 * months.returns(m.wealth("IEF", fund.days)),
        months.returns(fund.wealth),
    )
    expected = own[np.argsort(credit)[: own.size // 10]].mean()
    assert measured(scenarios.scenario_mean(fund)["credit"]).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ticker", "key", "reason"),
    [("HYG", "credit", "is its own credit proxy"), ("IEF", "credit", "is its own rate proxy"),
     ("XLK", "technology", "is its own technology proxy")],
)  # fmt: skip
def test_a_proxy_is_missing_in_its_own_scenario(ticker: str, key: str, reason: str) -> None:
    for metric in (scenarios.scenario_mean, scenarios.scenario_worst):
        found = metric(over(ticker, RANDOM.normal(0, 0.01, SIZE)))[key]
        assert isinstance(found, Unavailable)
        assert found.reason == reason


def test_yield_is_a_years_distributions_over_the_last_close() -> None:
    one = history("A", [100.0] * 400 + [50.0], distributions={10: 9, 300: 1, 350: 1})
    found = income.distribution_yield(profile(one))
    assert (found.value, found.details) == (0.04, {"count": 2})


@pytest.mark.parametrize(("stated", "agrees"), [(0.045, "yes"), (0.06, "no"), (0.0, "no")])
def test_the_providers_yield_is_a_cross_check(stated: float, agrees: str) -> None:
    one = history("A", [50.0] * 400, distributions={300: 2})
    fund = Fund("A", "A", "equity", facts={"provider_yield": FundFact(stated, "fraction", None, "provider")})
    assert income.distribution_yield(profile(one, fund)).details["agrees"] == agrees


def test_a_fund_younger_than_a_year_has_no_yield() -> None:
    with pytest.raises(Unavailable, match="began 20"):
        income.distribution_yield(profile(history("A", [50.0] * 200)))


def test_stated_facts_keep_their_own_date_and_source() -> None:
    fund = Fund("A", "A", "equity", inception=date(2000, 5, 22),
                facts={"expense_ratio": FundFact(0.0019, "fraction", date(2026, 1, 5), "prospectus")})  # fmt: skip
    found = income.expense_ratio(profile(history("A", [1, 1]), fund))
    assert (found.value, found.as_of, found.sources) == (0.0019, date(2026, 1, 5), ("prospectus",))
    assert income.inception(profile(history("A", [1, 1]), fund)).value == date(2000, 5, 22)
    with pytest.raises(Unavailable, match="no net assets stated"):
        income.net_assets(profile(history("A", [1, 1]), fund))


def impact(*returns: FloatArray) -> Measured:
    made = snapshot(*(history(t, path(r)) for t, r in zip("AB", returns, strict=False)))
    shared = Market(made)
    profiles = {t: FundProfile(shared, made.funds[t], None) for t in made.tickers}
    return market.market_impact(ArticleView(shared, profiles))


def test_the_largest_move_ever_has_the_full_impact() -> None:
    quiet = RANDOM.normal(0, 0.005, 1500)
    found = impact(np.concatenate([quiet, [0.03] * 5]), np.append(quiet, np.zeros(5)))
    assert found.value == 1
    assert found.details["mover"] == "A"
    assert found.details["largest_move"] == pytest.approx(1.03**5 - 1)
    assert found.details["count"] == 1260


def test_two_funds_apart_move_more_than_either() -> None:
    quiet = np.zeros(1500)
    found = impact(np.concatenate([quiet, [0.01] * 5]), np.concatenate([quiet, [-0.01] * 5]))
    assert found.details["mover"] == "A:B"
    assert found.details["largest_move"] == pytest.approx(1.01**5 - 0.99**5)


def test_an_ordinary_week_has_no_impact() -> None:
    noise = RANDOM.normal(0, 0.01, 1500)
    found = impact(np.append(noise, np.zeros(5)), np.append(noise, np.zeros(5)))
    assert found.value == 0


def test_the_score_is_the_share_between_one_half_and_all() -> None:
    found = impact(RANDOM.normal(0, 0.01, 1500), RANDOM.normal(0, 0.01, 1500))
    share = found.details["share"]
    assert isinstance(share, float)
    assert found.value == pytest.approx(min(1, max(0, (share - 0.5) / 0.495)))


def test_a_young_fund_has_no_market_impact() -> None:
    with pytest.raises(Unavailable, match="needs 252 earlier five-session moves, has 95"):
        impact(np.full(100, 0.001), np.full(100, 0.001))
    assert math.isfinite(float(impact(RANDOM.normal(0, 0.01, 300)).value))  # type: ignore[arg-type]
