"""Fund facts from Yahoo-shaped JSON and from a publisher's own funds.toml, and the classes of categories."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import DataError
from reportgen.model import AssetClass, Fund
from reportgen.sources._classes import asset_class_of, foreign_listing, leverage_of
from reportgen.sources._fund_json import FundProfile, read_fund_json
from reportgen.sources._fund_toml import FundEntry, read_funds_toml
from reportgen.sources._raw import RawFile

Raw = Callable[..., RawFile]

SHARES = {
    "ticker": "IWM",
    "longName": "iShares  Sample ETF",
    "category": "Small Blend",
    "fundFamily": "iShares",
    "totalAssets": 71_915_577_344,
    "expenseRatio": 0.19,
    "yield": 0.0102,
    "fundInceptionDate": 958953600,
    "topHoldings": [{"symbol": f"A{i}", "name": f"Company {i}", "weight": 0.05 - i / 1000} for i in range(10)],
    "sectorWeightings": {"realestate": 0.1, "financial_services": 0.6, "technology": 0.3, "energy": 0.0},
    "fetchedAt": "2026-05-03T22:16:21.144086",
}


@pytest.fixture
def profile(raw: Raw) -> Callable[..., FundProfile]:
    def read(**changes: object) -> FundProfile:
        data = {key: value for key, value in {**SHARES, **changes}.items() if value is not None}
        return read_fund_json(raw(json.dumps(data), "IWM.json"), "IWM")

    return read


def test_units_are_ours(profile: Callable[..., FundProfile]) -> None:
    fund = profile().fund
    assert {name: (fact.value, fact.unit, fact.as_of) for name, fact in fund.facts.items()} == {
        "expense_ratio": (0.0019, "fraction", date(2026, 5, 3)),
        "provider_yield": (0.0102, "fraction", date(2026, 5, 3)),
        "net_assets": (71_915_577_344.0, "usd", date(2026, 5, 3)),
    }
    assert (fund.name, fund.asset_class, fund.issuer) == ("iShares Sample ETF", "equity", "iShares")
    assert fund.inception == date(2000, 5, 22)


def test_the_ten_largest_and_the_sectors_are_named_as_the_providers(profile: Callable[..., FundProfile]) -> None:
    holdings = profile().holdings
    assert holdings is not None
    assert (holdings.scope, holdings.taxonomy, holdings.as_of) == ("top-10", "Morningstar", date(2026, 5, 3))
    assert [row.ticker for row in holdings.rows] == [f"A{i}" for i in range(10)]
    assert dict(holdings.sectors) == {"Real Estate": 0.1, "Financial Services": 0.6, "Technology": 0.3}


def test_sectors_of_shares_are_ignored_for_a_bond_fund_and_said(profile: Callable[..., FundProfile]) -> None:
    found = profile(category="High Yield Bond", sectorWeightings={"utilities": 0.9959}, topHoldings=[])
    assert found.holdings is None
    assert [(i.severity, i.code) for i in found.issues] == [("warning", "absurd-sector-weights")]
    assert "99.6% Utilities" in found.issues[0].message


def test_a_partial_list_of_a_leveraged_fund_is_not_its_largest_positions(profile: Callable[..., FundProfile]) -> None:
    lines = [{"symbol": "IQMM", "name": "Sample Money Market ETF", "weight": 0.34}, *SHARES["topHoldings"][:6]]  # type: ignore[index]
    found = profile(longName="ProShares UltraPro Sample", category="Trading--Leveraged Equity", topHoldings=lines)
    assert (found.fund.asset_class, found.fund.leverage) == ("leveraged", 3.0)
    assert found.holdings is None
    assert [issue.code for issue in found.issues] == ["partial-holdings"]


def test_cash_among_the_largest_is_no_share(profile: Callable[..., FundProfile]) -> None:
    lines = [{"symbol": "X", "name": "Sample Money Market ETF", "weight": 0.34}, *SHARES["topHoldings"][:9]]  # type: ignore[index]
    holdings = profile(topHoldings=lines).holdings
    assert holdings is not None
    assert [row.is_equity for row in holdings.rows] == [False] + 9 * [True]


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"expenseRatio": 25.0}, "expense_ratio"),
        ({"expenseRatio": -0.1}, "expense_ratio"),
        ({"yield": 1.02}, "provider_yield"),
    ],
)
def test_a_fact_in_another_unit_is_not_used_and_said(
    profile: Callable[..., FundProfile], changes: dict[str, float], fact: str
) -> None:
    found = profile(**changes)
    assert fact not in found.fund.facts
    assert [issue.code for issue in found.issues] == ["strange-fund-fact"]


@pytest.mark.parametrize("key", ["expenseRatio", "yield", "totalAssets", "fundInceptionDate", "category", "fetchedAt"])
@pytest.mark.parametrize("value", [None, "n/a", True, [], {"raw": 1}])
def test_what_is_missing_or_of_another_kind_is_absent(
    profile: Callable[..., FundProfile], key: str, value: object
) -> None:
    assert profile(**{key: value}).fund.ticker == "IWM"


@pytest.mark.parametrize(("kind", "words"), [("EQUITY", "a single stock"), ("INDEX", "an index"), ("ETF", None)])
def test_what_is_no_fund_is_said(profile: Callable[..., FundProfile], kind: str, words: str | None) -> None:
    assert profile(quoteType=kind).refused == words


@pytest.mark.parametrize("text", ["[1]", "{", "", "<html></html>"])
def test_what_is_no_json_object_is_refused(raw: Raw, text: str) -> None:
    with pytest.raises(DataError, match=r"IWM.json.*fund facts are not"):
        read_fund_json(raw(text, "IWM.json"), "IWM")


json_values = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), st.lists, max_leaves=5)


@given(st.dictionaries(st.sampled_from([*SHARES, "quoteType", "currency"]), json_values | st.just([{"weight": "x"}])))
def test_no_values_break_the_reader(data: dict[str, object]) -> None:
    from pathlib import Path

    read_fund_json(RawFile(Path("X.json"), "X.json", json.dumps(data).encode()), "X")


@pytest.mark.parametrize(
    ("category", "asset_class"),
    [
        ("Large Growth", "equity"),
        ("Equity Energy", "equity"),
        ("Intermediate Core Bond", "bond"),
        ("Commodities Focused", "commodity"),
        ("Trading--Leveraged Equity", "leveraged"),
        ("Allocation--50% to 70% Equity", "mixed"),
        ("A category of tomorrow", "unknown"),
        (None, "unknown"),
    ],
)
def test_asset_class_of_a_category(category: str | None, asset_class: AssetClass) -> None:
    assert asset_class_of(category) == asset_class


@pytest.mark.parametrize(
    ("name", "multiple"),
    [
        ("ProShares UltraPro QQQ", 3.0),
        ("ProShares UltraPro Short QQQ", -3.0),
        ("ProShares Ultra S&P500", 2.0),
        ("ProShares UltraShort 20+ Year Treasury", -2.0),
        ("ProShares Short S&P500", -1.0),
        ("Direxion Daily Small Cap Bull 3X Shares", 3.0),
        ("Direxion Daily Small Cap Bear 3X Shares", -3.0),
        ("GraniteShares 1.5x Long Daily ETF", 1.5),
        ("T-Rex -2x Inverse Daily Target ETF", -2.0),
        ("Vanguard Short-Term Bond ETF", None),
        ("iShares Short Treasury Bond ETF", None),
        ("iShares 7-10 Year Treasury Bond ETF", None),
        ("Ultra-Short Income Fund", None),
    ],
)
def test_leverage_of_a_name(name: str, multiple: float | None) -> None:
    assert leverage_of(name) == multiple


def test_foreign_listings_are_known_by_their_suffix() -> None:
    assert foreign_listing("REL.L") == ("London", "GBP or pence")
    assert foreign_listing("BRK.B") is None
    assert foreign_listing("L") is None


def entry(raw: Raw, **values: object) -> FundEntry:
    return read_funds_toml(raw("", "funds.toml"), {"iwm": values})["IWM"]


def test_own_words_about_a_fund(raw: Raw) -> None:
    found = entry(
        raw,
        name="Sample Fund",
        category="Small Blend",
        index="Sample 2000",
        inception=date(2000, 5, 22),
        as_of=date(2026, 3, 1),
        expense_ratio="0.19%",
        net_assets=74e9,
        holdings_count=1942,
        basis="total return",
    )
    fund = found.over(Fund("IWM", "IWM"))
    assert (fund.name, fund.asset_class, fund.index) == ("Sample Fund", "equity", "Sample 2000")
    assert found.basis == "total return"
    assert fund.facts["expense_ratio"].value == 0.0019
    assert fund.facts["holdings_count"].value == 1942
    assert {fact.as_of for fact in fund.facts.values()} == {date(2026, 3, 1)}


def test_what_is_not_said_stays_as_the_provider_has_it(raw: Raw, profile: Callable[..., FundProfile]) -> None:
    fund = entry(raw, index="Sample 2000", net_assets=1e9).over(profile().fund)
    assert (fund.name, fund.asset_class, fund.index) == ("iShares Sample ETF", "equity", "Sample 2000")
    assert list(fund.facts) == ["net_assets"]
    assert entry(raw, category="Corporate Bond").over(profile().fund).asset_class == "bond"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"expence_ratio": 0.1}, "Did you mean expense_ratio"),
        ({"expense_ratio": 0.19}, 'write 0.0019 or "0.19%"'),
        ({"expense_ratio": "cheap"}, "must be a number"),
        ({"expense_ratio": float("nan")}, "must be a number"),
        ({"net_assets": -1}, "at least zero"),
        ({"inception": "2000"}, "must be a date"),
        ({"asset_class": "shares"}, "one of equity, bond"),
        ({"basis": "adjusted"}, '"price" or "total return"'),
        ({"name": 5}, "words in quotation marks"),
    ],
)
def test_a_mistake_in_own_words_is_named(raw: Raw, values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        entry(raw, **values)
    assert caught.value.where == "funds.toml"


@pytest.mark.parametrize("assets", [1e300, 1e-9, 1000, -5, 10**400])
def test_net_assets_that_no_fund_has_are_not_used_and_said(profile: Callable[..., FundProfile], assets: float) -> None:
    found = profile(totalAssets=assets)
    assert "net_assets" not in found.fund.facts
    assert [issue.code for issue in found.issues] == ["strange-fund-fact"]


@pytest.mark.parametrize(
    "sectors", [{"technology": 0.9, "healthcare": 0.8, "energy": 0.8}, {"technology": 0.2}, {"energy": 0.89}]
)
def test_sector_weights_that_sum_to_no_fund_are_not_used_and_said(
    profile: Callable[..., FundProfile], sectors: dict[str, float]
) -> None:
    found = profile(sectorWeightings=sectors)
    assert found.holdings is not None
    assert not found.holdings.sectors
    assert len(found.holdings.rows) == 10
    (issue,) = found.issues
    assert (issue.code, issue.severity) == ("strange-fund-fact", "warning")
    assert "sector weights that sum to" in issue.message


@pytest.mark.parametrize(("weight", "used"), [(0.1, True), (0.1004, True), (0.101, False), (0.25, False)])
def test_ten_lines_weigh_no_more_than_the_fund(profile: Callable[..., FundProfile], weight: float, used: bool) -> None:
    found = profile(topHoldings=[{"name": f"Co {i}", "weight": weight} for i in range(10)])
    assert found.holdings is not None
    assert bool(found.holdings.rows) is used
    assert [issue.code for issue in found.issues] == ([] if used else ["strange-fund-fact"])


@pytest.mark.parametrize("lines", [5, True, "abc", {"a": 1}, [[1], None, {"name": 5, "weight": 10**400}]])
def test_lines_of_another_kind_are_absent(profile: Callable[..., FundProfile], lines: object) -> None:
    holdings = profile(topHoldings=lines).holdings
    assert holdings is not None
    assert holdings.rows == ()


def test_what_cannot_be_seen_is_taken_out_of_names(raw: Raw) -> None:
    text = '{"longName": "Bad\\u202e \\ud800 Trust\\u0007", "category": "Small\\u2028Blend"}'
    fund = read_fund_json(raw(text, "IWM.json"), "IWM").fund
    assert (fund.name, fund.category, fund.asset_class) == ("Bad Trust", "Small Blend", "equity")


@pytest.mark.parametrize("text", ['{"totalAssets": ' + 6000 * "9" + "}", '{"a": ' + 99999 * "[" + 99999 * "]" + "}"])
def test_json_that_no_provider_writes_is_refused(raw: Raw, text: str) -> None:
    with pytest.raises(DataError, match="nest too deep or hold integers of thousands of digits"):
        read_fund_json(raw(text, "IWM.json"), "IWM")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"net_assets": 1e300}, "net_assets is 1e.300. It must be from 100,000 to"),
        ({"net_assets": 1000}, "from 100,000 to 100,000,000,000,000"),
        ({"net_assets": 10**400}, "more digits than any figure"),
        ({"holdings_count": 1.5}, "a whole number"),
        ({"leverage": 1e308}, "from -10 to 10"),
        ({"inception": date(1, 1, 1)}, "must be a date"),
        ({"name": "\u202e\u0007"}, "words in quotation marks"),
        ({"basis": ["price"]}, '"price" or "total return"'),
    ],
)
def test_own_words_that_cannot_be_meant_are_refused(raw: Raw, values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        entry(raw, **values)


def test_a_fund_described_twice_is_refused(raw: Raw) -> None:
    with pytest.raises(DataError, match=r"\[QQQ\] comes twice"):
        read_funds_toml(raw("", "funds.toml"), {"QQQ": {"name": "One"}, "qqq": {"name": "Two"}})
