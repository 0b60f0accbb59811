"""Weights, matching and bounds; the bounds against every portfolio of a brute-force search."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportgen.metrics import concentration
from reportgen.metrics._market import Market
from reportgen.metrics._metric import Measured, Unavailable
from reportgen.metrics._portfolio import Portfolio, match, normalized, overlap_bounds, portfolio, square_sum_bounds
from reportgen.metrics._views import FundProfile, PairProfile
from reportgen.model import Fund, FundFact, Holding, Holdings
from tests.metrics.hand import Hand, history, lines

DAY = date(2026, 3, 1)
GRID = 20  # weights in twentieths


def full(*rows: Holding, sectors: dict[str, float] | None = None, taxonomy: str | None = "GICS") -> Holdings:
    return Holdings("A", DAY, rows, "full", "file", taxonomy, sectors or {})


def top(*rows: Holding, sectors: dict[str, float] | None = None) -> Holdings:
    return Holdings("A", DAY, rows, "top-10", "provider", "Morningstar", sectors or {})


def profile(holdings: Holdings | None, *, fund: Fund | None = None) -> FundProfile:
    snapshot = Hand([history("A", [100, 101])]).snapshot()
    return FundProfile(Market(snapshot), fund or snapshot.funds["A"], holdings)


def pair(first: Holdings | None, second: Holdings | None) -> PairProfile:
    a, b = profile(first), profile(second)
    return PairProfile(a.market, a, replace(b, fund=replace(b.fund, ticker="B")))


def test_weights_come_from_market_values_and_add_up_to_one() -> None:
    rows = (
        Holding("Big", 0.60, "BIG", market_value=600.0),
        Holding("Small", 0.00, "SML", market_value=200.0),
        Holding("Cash", 0.20, None, market_value=200.0, is_equity=False),
        Holding("Escrow", 0.0, None, market_value=0.0),
    )
    found = profile(full(*rows))
    assert concentration.holdings_count(found).value == 2
    assert concentration.holdings_count(found).details == {"other_lines": 2, "scope": "full"}
    assert concentration.hhi(found).value == pytest.approx(0.75**2 + 0.25**2)
    assert concentration.effective_holdings(found).value == pytest.approx(1 / (0.75**2 + 0.25**2))
    assert concentration.top10_weight(found).value == pytest.approx(1)


def test_stated_weights_serve_where_a_line_has_no_market_value() -> None:
    rows = (Holding("A", 0.3, "A"), Holding("B", 0.1, "B", market_value=5.0))
    assert portfolio(full(*rows)).weights == pytest.approx((0.75, 0.25))


def test_equal_lines_are_as_many_as_they_are() -> None:
    assert concentration.effective_holdings(profile(full(*lines(*[0.02] * 50)))).value == pytest.approx(50)


def test_ten_lines_give_bounds_and_never_a_value() -> None:
    found = profile(top(*lines(*[0.05] * 10)))
    for metric in (concentration.hhi, concentration.effective_holdings, concentration.holdings_count):
        with pytest.raises(Unavailable, match="only the 10 largest holdings are known"):
            metric(found)
    assert concentration.top10_weight(found).value == pytest.approx(0.5)
    assert concentration.effective_holdings_at_least(found).value == pytest.approx(20)
    assert concentration.effective_holdings_at_most(found).value == pytest.approx(40)
    assert concentration.effective_holdings_at_most(found).details["covered"] == pytest.approx(0.5)


def test_a_stated_number_of_lines_narrows_the_upper_bound() -> None:
    fund = Fund("A", "A", "equity", facts={"holdings_count": FundFact(101.0, "count", None, "provider")})
    found = profile(top(*lines(*[0.05] * 10)), fund=fund)
    assert concentration.holdings_count(found).value == 101
    assert concentration.holdings_count(found).basis == "stated by the provider"
    assert concentration.effective_holdings_at_most(found).value == pytest.approx(1 / (10 * 0.05**2 + 0.5**2 / 91))


def test_fewer_than_ten_lines_are_no_top_ten() -> None:
    with pytest.raises(Unavailable, match="only the 3 largest"):
        concentration.top10_weight(profile(top(*lines(0.1, 0.1, 0.1))))


@pytest.mark.parametrize("holdings", [None, full(), full(Holding("Bond", 1.0, is_equity=False))])
def test_nothing_known_is_missing(holdings: Holdings | None) -> None:
    for metric in (concentration.holdings_count, concentration.top10_weight, concentration.effective_holdings_at_least):
        with pytest.raises(Unavailable):
            metric(profile(holdings))


def test_sectors_come_from_the_files_own_lines_before_the_providers_sums() -> None:
    rows = (*lines(0.3, 0.3, sector="Technology"), *lines(0.4, sector="Energy", prefix="E"))
    found = profile(full(*rows, sectors={"Utilities": 0.996}))
    assert concentration.largest_sector(found).value == "Technology"
    assert concentration.largest_sector(found).details == {
        "weight": pytest.approx(0.6),
        "taxonomy": "GICS",
        "scope": "full",
    }
    weights = {name: one.value for name, one in concentration.sector_weight(found).items()}
    assert weights == {"Technology": pytest.approx(0.6), "Energy": pytest.approx(0.4)}


def test_a_bond_fund_has_no_equity_sectors_whatever_the_provider_says() -> None:
    fund = Fund("HYG", "High yield", "bond")
    with pytest.raises(Unavailable, match="do not describe"):
        concentration.largest_sector(profile(top(*lines(0.1), sectors={"Utilities": 0.996}), fund=fund))


@pytest.mark.parametrize("spelling", ["BRKB", "BRK.B", "BRK-B", "BRK/B", "brkb ", " BRK B"])
def test_one_share_class_has_one_name(spelling: str) -> None:
    assert normalized(spelling) == "BRKB"
    assert normalized("-") == normalized(None) == ""


def test_overlap_counts_the_smaller_weight_of_each_name_in_both() -> None:
    first = full(*lines(0.5, 0.3), Holding("X", 0.2, "X"))
    second = full(*lines(0.2, 0.4), Holding("Y", 0.4, "Y"))
    both = pair(first, second)
    assert concentration.overlap(both).value == pytest.approx(0.2 + 0.3)
    assert concentration.overlap(both).details["names"] == 2
    assert concentration.active_share(both).value == pytest.approx(0.5)
    for bound in (concentration.overlap_at_least, concentration.overlap_at_most):
        assert bound(both).value == pytest.approx(0.5)


def test_names_are_matched_by_the_first_identifier_that_both_files_have() -> None:
    first = full(Holding("One", 0.6, "ONE", cusip="111"), Holding("Two", 0.4, "TWO", cusip="222"))
    second = full(Holding("One", 0.5, None, cusip="111"), Holding("Three", 0.5, None, cusip="333"))
    assert concentration.overlap(pair(first, second)).details["identifier"] == "cusip"
    by_isin = full(Holding("One", 1.0, None, isin="US111"))
    with pytest.raises(Unavailable, match="no kind of identifier"):
        concentration.overlap(pair(first, by_isin))


def test_lines_without_an_identifier_are_said() -> None:
    first = full(Holding("One", 0.8, "ONE"), Holding("Nameless", 0.2, "-"))
    found = concentration.overlap(pair(first, full(Holding("One", 1.0, "ONE"))))
    assert found.value == pytest.approx(0.8)
    assert found.details["unmatched_first"] == pytest.approx(0.2)
    assert concentration.active_share(pair(first, full(Holding("One", 1.0, "ONE")))).value == pytest.approx(0.2)


def test_the_same_ticker_twice_is_one_position() -> None:
    twice = full(Holding("One", 0.25, "ONE"), Holding("One again", 0.25, "ONE"), Holding("Two", 0.5, "TWO"))
    assert concentration.overlap(pair(twice, full(Holding("One", 1.0, "ONE")))).value == pytest.approx(0.5)


def test_the_reason_names_every_fund_that_lacks_a_file() -> None:
    with pytest.raises(Unavailable, match="B: no holdings known"):
        concentration.overlap(pair(full(*lines(1.0)), None))
    with pytest.raises(Unavailable, match="A: only the 2 largest holdings are known; B: no holdings known"):
        concentration.overlap(pair(top(*lines(0.3, 0.2)), None))


def partitions(total: int, most: int) -> list[tuple[int, ...]]:
    """Every way to write a whole number as parts of at most `most`, falling."""
    if total == 0:
        return [()]
    return [(part, *rest) for part in range(min(total, most), 0, -1) for rest in partitions(total - part, part)]


known_weights = st.lists(st.integers(1, 8), min_size=1, max_size=4).map(lambda w: sorted(w, reverse=True))


@given(known_weights)
def test_the_bounds_on_squares_hold_for_every_portfolio_and_are_attained(known: list[int]) -> None:
    rest = GRID - sum(known)
    assume(rest >= 0)
    weights = [w / GRID for w in known]
    every = partitions(rest, known[-1])
    sums = [math.fsum((w / GRID) ** 2 for w in (*known, *tail)) for tail in every]
    least, most = square_sum_bounds(weights, rest / GRID, None)
    assert max(sums) == pytest.approx(most)  # attained: the caps divide into twentieths
    assert all(s >= least - 1e-12 for s in sums)
    for count in {len(known) + len(tail) for tail in every}:
        of_count = [s for s, tail in zip(sums, every, strict=True) if len(known) + len(tail) == count]
        low, high = square_sum_bounds(weights, rest / GRID, count)
        assert low - 1e-12 <= min(of_count)
        assert max(of_count) <= high + 1e-12
        unknown = count - len(known)
        if unknown and rest % unknown == 0:
            assert min(of_count) == pytest.approx(low)


def overlaps(first: dict[str, int], second: dict[str, int], total: int) -> tuple[int, int]:
    """The least and the greatest overlap over every way to fill both funds' unknown lines, in whole units.

    An unknown line sits on a name that the other fund shows, on one of a few names that neither shows, or on a name of
    its own; it weighs at most the fund's smallest known line.
    """
    hidden = [f"h{i}" for i in range(total)]
    found = set()
    sides = []
    for mine, theirs in ((first, second), (second, first)):
        rest, cap = total - sum(mine.values()), min(mine.values())
        places = [name for name in theirs if name not in mine] + hidden[: max(rest, 0)]
        fills = [
            dict(zip(places, fill, strict=True))
            for fill in product(range(cap + 1), repeat=len(places))
            if sum(fill) <= rest and list(fill[-rest:] if rest else []) == sorted(fill[-rest:] if rest else [])[::-1]
        ]
        sides.append(fills)
    for a, b in product(*sides):
        mine, theirs = first | a, second | b
        found.add(sum(min(w, theirs.get(name, 0)) for name, w in mine.items()))
    return min(found), max(found)


small = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), min_size=1, max_size=3)


@given(small, small, st.integers(0, 2))
def test_the_bounds_on_overlap_are_those_of_a_search(first: dict[str, int], second: dict[str, int], more: int) -> None:
    total = max(sum(first.values()), sum(second.values())) + more
    assume(total - min(sum(first.values()), sum(second.values())) <= 4)
    sides = [portfolio(top(*(Holding(n, w / total, n) for n, w in side.items()))) for side in (first, second)]
    least, most = overlap_bounds(match(*sides), *sides)
    assert (least * total, most * total) == pytest.approx(overlaps(first, second, total))


@given(st.lists(st.integers(1, 100), min_size=12, max_size=40))
def test_ten_known_lines_always_bracket_the_whole_file(raw: list[int]) -> None:
    ordered = sorted((w / sum(raw) for w in raw), reverse=True)
    whole, ten = full(*lines(*ordered)), top(*lines(*ordered[:10]))
    exact = concentration.effective_holdings(profile(whole)).value
    fund = Fund("A", "A", "equity", facts={"holdings_count": FundFact(float(len(raw)), "count", None, "provider")})
    for known in (profile(ten), profile(ten, fund=fund)):
        low = concentration.effective_holdings_at_least(known).value
        high = concentration.effective_holdings_at_most(known).value
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert isinstance(exact, float)
        assert low - 1e-6 <= exact <= high + 1e-6


def test_a_full_portfolio_is_its_own_bounds() -> None:
    assert square_sum_bounds([0.5, 0.5], 0.0, None) == (0.5, 0.5)
    known = Portfolio((), (), 0.0, 0)
    assert known.is_full
    assert isinstance(concentration.hhi(profile(full(*lines(1.0)))), Measured)
