"""The table of units, a test a field, and what tells a unit that flipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportgen.errors import IncompleteError
from reportgen.sources._fund_json import FundProfile, read_fund_json
from reportgen.sources._raw import RawFile
from reportgen.sources.yahoo._fields import CHECKS, DISTRUSTED, FIELDS, profile_of, refuse_half
from reportgen.sources.yahoo._market import Answer
from reportgen.sources.yahoo._prices import outline_of, prices_of, year_paid
from tests.sources import market as m

FETCHED = date(2026, 3, 28)


def read(answer: Answer, paid: float | None = 0.0101) -> tuple[FundProfile, tuple[str, ...]]:
    """The profile as an article will see it, and what was refused."""
    content, issues = profile_of("VTI", answer, FETCHED, paid)
    raw = RawFile(Path("VTI.json"), "fund_facts/VTI.json", content)
    return read_fund_json(raw, "VTI"), tuple(issue.message for issue in issues)


SEEN: dict[str, tuple[str, Callable[[FundProfile], object], object]] = {
    "netExpenseRatio": ("percent points", lambda p: p.fund.facts["expense_ratio"].value, 0.0019),
    "yield": ("fraction", lambda p: p.fund.facts["provider_yield"].value, 0.0102),
    "totalAssets": ("dollars", lambda p: p.fund.facts["net_assets"].value, 71_915_577_344.0),
    "fundInceptionDate": ("epoch seconds", lambda p: p.fund.inception, date(2000, 5, 22)),
    "longName": ("text", lambda p: p.fund.name, "Sample VTI ETF"),
    "shortName": ("text", lambda p: p.fund.ticker, "VTI"),
    "category": ("text", lambda p: (p.fund.category, p.fund.asset_class), ("Small Blend", "equity")),
    "fundFamily": ("text", lambda p: p.fund.issuer, "Sample"),
    "currency": ("text", lambda p: p.fund.currency, "USD"),
    "quoteType": ("text", lambda p: p.refused, None),
}


@pytest.mark.parametrize("key", [field.key for field in FIELDS])
def test_each_field_arrives_in_our_unit(key: str) -> None:
    unit, look, expected = SEEN[key]
    assert next(field.unit for field in FIELDS if field.key == key) == unit
    profile, refused = read(m.profile("VTI"))
    assert look(profile) == expected
    assert refused == ()


def test_weights_are_fractions_and_the_day_is_the_fetch() -> None:
    profile, _ = read(m.profile("VTI"))
    assert profile.holdings is not None
    assert (profile.holdings.rows[0].weight, profile.holdings.as_of, profile.holdings.scope) == (
        0.05,
        FETCHED,
        "top-10",
    )
    assert profile.holdings.sectors["Technology"] == 0.4
    assert {fact.as_of for fact in profile.fund.facts.values()} == {FETCHED}


@pytest.mark.parametrize("key", DISTRUSTED)
def test_what_is_distrusted_is_never_kept(key: str) -> None:
    with_it, _ = profile_of("VTI", m.profile("VTI", **{key: 0.5}), FETCHED, None)
    without, _ = profile_of("VTI", m.profile("VTI", **{key: None}), FETCHED, None)
    assert with_it == without


@pytest.mark.parametrize("key", [field.key for field in FIELDS])
@pytest.mark.parametrize("wrong", ["", [], {"raw": 1}, float("nan"), True])
def test_a_field_of_another_kind_is_left_out(key: str, wrong: object) -> None:
    content, _ = profile_of("VTI", m.profile("VTI", **{key: wrong}), FETCHED, None)
    ours = next(field.ours for field in FIELDS if field.key == key)
    assert ours not in json.loads(content)


@pytest.mark.parametrize(
    ("change", "lost", "says"),
    [
        ({"netExpenseRatio": 0.0019}, "expense_ratio", "stated as 0.0019 percent and as 0.19 percent"),
        ({"netExpenseRatio": 0.25}, "expense_ratio", "stated as 0.25 percent and as 0.19 percent"),
        ({"yield": 1.02}, "provider_yield", "stated as 102%, and Yahoo's other field say 1.02%"),
        ({"yield": 0.49, "dividendYield": None}, "provider_yield", "stated as 49%, and the distributions say 1.01%"),
        ({"yield": 0.000102}, "provider_yield", "stated as 0.0102%"),
        ({"totalAssets": 71_915.6}, "net_assets", "stated as 71,916 and as 71,900,000,000 dollars"),
    ],
)
def test_a_unit_that_flipped_loses_the_field_and_is_told(change: dict[str, object], lost: str, says: str) -> None:
    profile, refused = read(m.profile("VTI", **change))
    assert lost not in profile.fund.facts
    assert [says in message for message in refused] == [True]
    assert all(message.endswith("The figure was left out.") for message in refused)


def test_a_ratio_within_two_hundredths_of_a_point_is_the_same_one() -> None:
    profile, refused = read(m.profile("VTI", netExpenseRatio=0.205))
    assert (profile.fund.facts["expense_ratio"].value, refused) == (0.00205, ())


@pytest.mark.parametrize(
    ("absent", "half"),
    [
        (("fundFamily", "category", "legalType", "fundInceptionDate"), "quoteSummary"),
        (("fullExchangeName", "typeDisp", "netExpenseRatio"), "quote"),
    ],
)
def test_both_halves_must_be_there(absent: tuple[str, ...], half: str) -> None:
    info = {key: value for key, value in m.INFO.items() if key not in absent}
    with pytest.raises(IncompleteError, match=f"lacks its {half} half, so its units cannot be trusted"):
        refuse_half("VTI", info)
    refuse_half("VTI", m.INFO)


def test_the_checks_are_named_with_their_units() -> None:
    assert CHECKS == {
        "dividendYield": "percent points",
        "Annual Report Expense Ratio": "fraction",
        "netAssets": "dollars",
    }


def test_prices_end_with_the_last_close() -> None:
    answer = m.prices("VTI")
    cells = {name: [*values[:-2], None, values[-1]] for name, values in answer.columns.items()}
    prices = prices_of("VTI", replace(answer, columns=cells), m.AS_OF)
    assert (prices.last, prices.complete, prices.lacking) == (
        m.AS_OF, False, "one session is without a close: 2026-03-26",
    )  # fmt: skip
    early = prices_of("VTI", answer, date(2026, 3, 24))
    assert (early.last, early.complete, early.lacking) == (date(2026, 3, 24), True, None)
    old = {name: [values[0], None, *values[2:]] for name, values in answer.columns.items()}
    assert prices_of("VTI", replace(answer, columns=old), m.AS_OF).complete
    none = {name: [None] * len(values) for name, values in answer.columns.items()}
    with pytest.raises(IncompleteError, match="has no close of VTI up to 2026-03-27"):
        prices_of("VTI", replace(answer, columns=none), m.AS_OF)
    with pytest.raises(IncompleteError, match="sent no closes of VTI"):
        prices_of("VTI", replace(answer, columns={}), m.AS_OF)


def test_what_was_paid_in_a_year_checks_the_yield() -> None:
    content = prices_of("VTI", m.prices("VTI"), m.AS_OF).content
    close = m.prices("VTI").columns["Close"][-1]
    assert close is not None
    assert year_paid("VTI", content) == pytest.approx(1.0 / close)


def test_a_yardstick_is_named_by_its_prices() -> None:
    profile = read_fund_json(RawFile(Path("SPY.json"), "SPY.json", outline_of("SPY", m.prices("SPY"), FETCHED)), "SPY")
    assert (profile.fund.name, profile.fund.currency, profile.fund.facts) == ("Sample SPY ETF", "USD", {})
