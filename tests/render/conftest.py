# ruff: noqa: E501
"""An article made by hand, with invented numbers, that uses every kind of block and run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

import pytest

from reportgen.model import (
    Article,
    Artifact,
    Bullets,
    Cell,
    Chart,
    ChartSpec,
    Day,
    Fact,
    Figure,
    Masthead,
    Measurements,
    MetricSpec,
    Name,
    Number,
    Ordinal,
    Paragraph,
    Parameter,
    Run,
    Runs,
    Section,
    Table,
    Text,
    Unit,
    Window,
    plain,
)

AS_OF = date(2026, 3, 27)
FIVE = Window("5Y", date(2021, 3, 26), AS_OF)
ONE = Window("1Y", date(2025, 3, 27), AS_OF)


def _spec(name: str, label: str, unit: Unit = "fraction", decimals: int = 2) -> MetricSpec:
    return MetricSpec(name, label, unit, decimals, "test", "invented", "none")


SPECS = {
    spec.name: spec
    for spec in (
        _spec("total_return", "Total return"),
        _spec("cagr", "Annualized return"),
        _spec("max_drawdown", "Maximum drawdown"),
        _spec("volatility", "Volatility", decimals=1),
        _spec("expense_ratio", "Expense ratio"),
        _spec("distribution_yield", "Distribution yield"),
        _spec("net_assets", "Net assets", "usd", 0),
        _spec("holdings_count", "Holdings", "count", 0),
        _spec("largest_sector", "Largest sector", "text", 0),
        _spec("sector_weight", "Sector weight", decimals=1),
        _spec("growth_of_1000", "Growth of $1,000", "usd", 0),
        _spec("beta", "Beta", "ratio"),
        _spec("expected_shortfall_95", "Expected shortfall (95%)"),
        _spec("market_impact", "Market impact", "score", 1),
    )
}
SOURCE = ("invented prices",)


def _facts() -> dict[str, Fact]:
    found: list[Fact] = []
    per_fund: dict[str, tuple[Unit, dict[str, float]]] = {
        "total_return": ("fraction", {"IWM": 0.2258, "QQQ": 0.2054}),
        "cagr": ("fraction", {"IWM": 0.0323, "QQQ": 0.1291}),
        "volatility": ("fraction", {"IWM": 0.224, "QQQ": 0.229}),
        "growth_of_1000": ("usd", {"IWM": 1172.4, "QQQ": 1834.2}),
        "beta": ("ratio", {"IWM": 1.12, "QQQ": 1.21}),
    }
    for metric, (unit, values) in per_fund.items():
        for ticker, number in values.items():
            window = ONE if metric == "total_return" else FIVE
            found.append(
                Fact(ticker, metric, unit, number, code=window.code, window=window, n=1256, as_of=AS_OF, sources=SOURCE)
            )
    falls = {
        "IWM": (-0.3191, date(2021, 11, 8), date(2025, 4, 8)),
        "QQQ": (-0.3512, date(2021, 12, 27), date(2022, 11, 3)),
    }
    for ticker, (depth, peak, trough) in falls.items():
        details = {
            "peak": peak,
            "trough": trough,
            "recovered": date(2023, 12, 13) if ticker == "QQQ" else "not recovered",
        }
        found.append(
            Fact(
                ticker,
                "max_drawdown",
                "fraction",
                depth,
                code="5Y",
                window=FIVE,
                n=1256,
                as_of=AS_OF,
                details=details,
                sources=SOURCE,
            )
        )
    stated: dict[str, tuple[Unit, dict[str, float | str]]] = {
        "expense_ratio": ("fraction", {"IWM": 0.0019, "QQQ": 0.0018}),
        "distribution_yield": ("fraction", {"IWM": 0.0098, "QQQ": 0.0046}),
        "net_assets": ("usd", {"IWM": 74e9, "QQQ": 395e9}),
        "holdings_count": ("count", {"IWM": 1942.0, "QQQ": 101.0}),
        "largest_sector": ("text", {"IWM": "Health Care", "QQQ": "Technology"}),
    }
    for metric, (unit, stated_values) in stated.items():
        for ticker, stated_value in stated_values.items():
            found.append(
                Fact(
                    ticker,
                    metric,
                    unit,
                    stated_value,
                    basis="stated by the provider",
                    as_of=date(2026, 3, 20),
                    sources=("invented facts",),
                )
            )
    found.append(
        Fact("QQQ", "sector_weight", "fraction", 0.505, key="Technology", basis="holdings", as_of=date(2026, 3, 20))
    )
    found.append(Fact("IWM", "cagr", "fraction", missing="began 2024-03-01", code="10Y"))
    found.append(
        Fact(
            "QQQ",
            "cagr",
            "fraction",
            0.1872,
            code="10Y",
            window=Window("10Y", date(2016, 3, 24), AS_OF),
            n=2515,
            as_of=AS_OF,
        )
    )
    found.append(Fact("IWM", "diff.cagr", "fraction", -0.0968, second="QQQ", code="5Y", window=FIVE, as_of=AS_OF))
    found.append(
        Fact(
            "IWM",
            "expected_shortfall_95",
            "fraction",
            -0.0312,
            code="5Y",
            window=FIVE,
            n=1256,
            details={"count": 63},
            as_of=AS_OF,
        )
    )
    found.append(Fact("article", "market_impact", "score", 0.2, n=1260, as_of=AS_OF))
    return {fact.id: fact for fact in found}


FACTS = _facts()
SHOWN = {
    "IWM/total_return/1Y": "22.58%", "QQQ/total_return/1Y": "20.54%",
    "IWM/cagr/5Y": "3.23%", "QQQ/cagr/5Y": "12.91%", "IWM/cagr/10Y": "n/a, began 2024-03-01", "QQQ/cagr/10Y": "18.72%",
    "IWM/volatility/5Y": "22.4%", "QQQ/volatility/5Y": "22.9%",
    "IWM/growth_of_1000/5Y": "$1,172", "QQQ/growth_of_1000/5Y": "$1,834",
    "IWM/beta/5Y": "1.12", "QQQ/beta/5Y": "1.21",
    "IWM/max_drawdown/5Y": "-31.91%", "QQQ/max_drawdown/5Y": "-35.12%",
    "IWM/expense_ratio": "0.19%", "QQQ/expense_ratio": "0.18%",
    "IWM/distribution_yield": "0.98%", "QQQ/distribution_yield": "0.46%",
    "IWM/net_assets": "$74B", "QQQ/net_assets": "$395B",
    "IWM/holdings_count": "1,942", "QQQ/holdings_count": "101",
    "IWM/largest_sector": "Health Care", "QQQ/largest_sector": "Technology",
    "QQQ/sector_weight[Technology]": "50.5%", "IWM:QQQ/diff.cagr/5Y": "9.7 points",
    "IWM/expected_shortfall_95/5Y": "-3.12%", "article/market_impact": "0.2",
}  # fmt: skip


def num(fact: str) -> Number:
    return Number(fact, SHOWN[fact])


def day(when: date, text: str, fact: str | None = None) -> Day:
    return Day(when, text, fact)


def say(*pieces: str | Run) -> Runs:
    return tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces)


def cell(*pieces: str | Run) -> Cell:
    return Cell(say(*pieces))


def head(*pieces: str | Run, numeric: bool = False) -> Cell:
    return Cell(say(*pieces), header=True, numeric=numeric)


def value(fact: str) -> Cell:
    return Cell((num(fact),), numeric=True)


FUNDS = (head(), head(Name("IWM"), numeric=True), head(Name("QQQ"), numeric=True))


def side_by_side(label: Runs, metric: str) -> tuple[Cell, ...]:
    return (Cell(label, header=True), value(f"IWM/{metric}"), value(f"QQQ/{metric}"))


def _svg(name: str, alt: str) -> bytes:
    points = " ".join(f"{60 + 4.2 * i:g},{220 - 1.1 * i - 18 * ((i * 7) % 5) / 5:g}" for i in range(110))
    other = " ".join(f"{60 + 4.2 * i:g},{222 - 0.4 * i - 16 * ((i * 5) % 7) / 7:g}" for i in range(110))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{name}" role="img" width="640" height="300" viewBox="0 0 640 300" font-family="Source Sans 3, Arial, sans-serif" font-size="12" fill="none">
<title data-run="alt">{escape(alt)}</title>
<line class="rule grid" x1="60" y1="140" x2="520" y2="140" stroke="#e3e6ea"/>
<line class="rule axis" x1="60" y1="260" x2="520" y2="260" stroke="#8a9099"/>
<text class="tick" x="52" y="144" text-anchor="end" fill="#555c66" font-size="11" data-run="tick">$1,500</text>
<text class="tick" x="60" y="278" text-anchor="middle" fill="#555c66" font-size="11" data-run="tick">2021</text>
<polyline class="line fund-1" points="{other}" stroke="#16457f" stroke-width="2"/>
<polyline class="line fund-2" points="{points}" stroke="#b4540a" stroke-width="1.8" stroke-dasharray="9 1.6"/>
<text class="label fund-1" x="528" y="180" fill="#16457f" font-weight="600"><tspan data-run="name">IWM</tspan> <tspan data-fact="IWM/growth_of_1000/5Y">$1,172</tspan></text>
<text class="label fund-2" x="528" y="96" fill="#b4540a" font-weight="600"><tspan data-run="name">QQQ</tspan> <tspan data-fact="QQQ/growth_of_1000/5Y">$1,834</tspan></text>
</svg>
""".encode()


def _charts() -> Mapping[str, Chart]:
    charts: dict[str, Chart] = {}
    for name, what in (
        ("growth", "Growth of one investment"),
        ("drawdowns", "Falls below the last high"),
        ("sectors", "Sectors"),
        ("concentration", "Concentration"),
    ):
        alt = say(
            what,
            ": ",
            num("IWM/growth_of_1000/5Y"),
            " in ",
            Name("IWM"),
            " and ",
            num("QQQ/growth_of_1000/5Y"),
            " in ",
            Name("QQQ"),
            ".",
        )
        spec = ChartSpec(name, say(what), alt, 640, 300, ())
        charts[name] = Chart(spec, {"image/svg+xml": _svg(name, plain(alt))})
    return charts


def _summary() -> Section:
    points = Bullets(
        (
            (
                say("What differs most. "),
                say(
                    Name("QQQ"),
                    " has returned ",
                    num("QQQ/cagr/5Y"),
                    " a year over five years and ",
                    Name("IWM"),
                    " ",
                    num("IWM/cagr/5Y"),
                    ", a gap of ",
                    num("IWM:QQQ/diff.cagr/5Y"),
                    ".",
                ),
            ),
            (
                say("What does not. "),
                say(
                    "The two charge effectively the same: ",
                    num("IWM/expense_ratio"),
                    " and ",
                    num("QQQ/expense_ratio"),
                    " a year.",
                ),
            ),
            (
                say("What the data cannot tell. "),
                say("Five years hold one deep fall for each fund; the next may not resemble either."),
            ),
        )
    )
    lead = Paragraph(
        say(
            Name("IWM"), " spreads its money over ", num("IWM/holdings_count"), " companies, ", Name("QQQ"), " over ", num("QQQ/holdings_count"),
            ". Over the year to ", day(AS_OF, "March 27, 2026"), " ", Name("IWM"), " returned ", num("IWM/total_return/1Y"), " and ", Name("QQQ"), " ",
            num("QQQ/total_return/1Y"), ". A thousand dollars put in five years ago became ", num("IWM/growth_of_1000/5Y"), " in the first fund and ",
            num("QQQ/growth_of_1000/5Y"), " in the second, which fell further on the way: ", num("QQQ/max_drawdown/5Y"), " against ", num("IWM/max_drawdown/5Y"), ".",
        ),
        kind="lead",
    )  # fmt: skip
    table = Table(
        "facts",
        say("Table ", Ordinal(1, "1"), ". The two funds at a glance"),
        (FUNDS,),
        (
            side_by_side(say("Net assets"), "net_assets"),
            side_by_side(say("Expense ratio"), "expense_ratio"),
            side_by_side(
                say("Distribution yield, trailing ", Parameter("distribution_yield", "months", "12"), " months"),
                "distribution_yield",
            ),
            side_by_side(say("Holdings"), "holdings_count"),
            side_by_side(say("Largest sector"), "largest_sector"),
        ),
        note=say("Stated by the providers as of ", day(date(2026, 3, 20), "2026-03-20"), "."),
    )
    return Section("summary", say("The answer in brief"), (points, lead, table))


FILLER = (
    "Small companies borrow at floating rates more often than large ones, so a change in the price of credit reaches their "
    "earnings sooner. The same companies trade less, which means that a fund of them can look broad on paper and be narrow on "
    "the day when many holders leave together. A fund of few large companies has the opposite habit: it is easy to trade, and "
    "its fate hangs on a handful of annual reports."
)


def _returns() -> Section:
    table = Table(
        "returns",
        say("Table ", Ordinal(2, "2"), ". Returns, distributions reinvested"),
        (FUNDS,),
        (
            side_by_side(say("One year"), "total_return/1Y"),
            side_by_side(say("Five years, annualized"), "cagr/5Y"),
            side_by_side(say("Ten years, annualized"), "cagr/10Y"),
            side_by_side(
                say("$", Parameter("growth_of_1000", "stake", "1,000"), " after five years"), "growth_of_1000/5Y"
            ),
        ),
    )
    legend = Paragraph(
        say(
            "Past performance does not guarantee future results. Returns include reinvested distributions and no trading costs."
        ),
        kind="legend",
    )
    chart = Figure(
        "growth",
        say(
            "Growth of $", Parameter("growth_of_1000", "stake", "1,000"), " over five years, distributions reinvested."
        ),
    )
    return Section("returns", say("What they earned"), (Paragraph(say(FILLER)), table, legend, chart))


def _risk() -> Section:
    tested = Paragraph(
        say("The deepest fall of ", Name("IWM"), " ran from ", day(date(2021, 11, 8), "November 8, 2021", "IWM/max_drawdown/5Y"), " to ", day(date(2025, 4, 8), "April 8, 2025", "IWM/max_drawdown/5Y"), " and came to ", num("IWM/max_drawdown/5Y"), "; the worst ", Parameter("expected_shortfall_95", "level", "5%"), " of days averaged ", num("IWM/expected_shortfall_95/5Y"), ", which rests on ", Number("IWM/expected_shortfall_95/5Y", "63", "count"), " of ", Number("IWM/expected_shortfall_95/5Y", "1,256", "n"), " days."),
        verdict="supported",
        rules=("risk/drawdown",),
    )  # fmt: skip
    unsettled = Paragraph(
        say(
            "Volatility of ",
            num("IWM/volatility/5Y"),
            " and ",
            num("QQQ/volatility/5Y"),
            " does not separate the two. ",
            FILLER,
        ),
        verdict="inconclusive",
    )
    refuted = Paragraph(
        say(
            "The larger fund is not the calmer one: its beta is ",
            num("QQQ/beta/5Y"),
            " against ",
            num("IWM/beta/5Y"),
            ".",
        ),
        verdict="contradicted",
    )
    return Section(
        "risk",
        say("What could be lost"),
        (
            tested,
            unsettled,
            refuted,
            Figure("drawdowns", say("Fall below the last high, daily closes with distributions reinvested.")),
        ),
    )


def _analysis() -> Section:
    warning = Paragraph(
        say("Half of ", Name("QQQ"), " is one sector: ", num("QQQ/sector_weight[Technology]"), " is technology."),
        kind="warning",
    )
    figures = (
        Figure("sectors", say("Share of each sector.")),
        Figure("concentration", say("Weight of the largest holdings, added up.")),
    )
    return Section("analysis", say("Why they differ"), (*(Paragraph(say(FILLER)) for _ in range(4)), warning, *figures))


def _horizons() -> Section:
    return Section(
        "horizons", say("Over the next days, months and years"), tuple(Paragraph(say(FILLER)) for _ in range(3))
    )


def _near() -> Section:
    return Section("days", say("Days to weeks"), (Paragraph(say(FILLER)),), level=3)


def _appendix() -> tuple[Section, ...]:
    ids = [fact for fact in SHOWN if fact.startswith(("IWM/", "QQQ/"))]
    rows = tuple(
        (
            head(
                Name(FACTS[fact].subject),
                " ",
                Parameter(FACTS[fact].metric, "label", SPECS[FACTS[fact].metric].label),
                " ",
                Name(FACTS[fact].code or ""),
            ),
            value(fact),
            cell(day(AS_OF, "2026-03-27")),
        )
        for fact in (ids * 3)[:60]
    )
    top = (head("Fact"), head("Value", numeric=True), head("As of"))
    table = Table("all-facts", say("Every number of this article"), (top,), rows, compact=True)
    sources = Bullets(
        (
            (say("Prices. "), say("Invented for tests.")),
            (say("Fund facts. "), say("Invented as well, dated ", day(date(2026, 3, 20), "2026-03-20"), ".")),
        )
    )
    disclosures = (
        Paragraph(say("This article was written by rules from data. It is not investment advice."), kind="note"),
        Paragraph(say("Conflict of interest: none declared."), kind="note"),
    )
    return (
        Section("facts", say("Facts"), (table,), appendix=True),
        Section("sources", say("Sources"), (sources,), appendix=True),
        Section("disclosures", say("Disclosures"), disclosures, appendix=True),
    )


def make_article(banner: bool = True) -> Article:
    masthead = Masthead(
        say(Name("IWM"), " and ", Name("QQQ"), " compared"),
        say(Name("QQQ"), " led by ", num("IWM:QQQ/diff.cagr/5Y"), " a year over five years and fell further on the way"),
        "The Weekly Fund Brief",
        (
            (say("Funds"), say(Name("iShares Russell 2000 ETF"), " (", Name("IWM"), "), ", Name("Invesco QQQ Trust, Series 1"), " (", Name("QQQ"), ")")),
            (say("Issued"), say(day(AS_OF, "March 27, 2026"))),
            (say("Data as of"), say(day(AS_OF, "March 27, 2026"), ", the last completed session")),
            (say("Version"), say(Ordinal(1, "1"))),
            (say("Market impact"), say(num("article/market_impact"), " on a scale from none to extreme")),
            (say("Related tickers"), say(Name("BLK, IVZ, NVDA, AAPL, MSFT"))),
            (say("Themes"), say("Small companies, technology, concentration")),
        ),
    )  # fmt: skip
    measurements = Measurements(AS_OF, ("IWM", "QQQ"), FACTS, {}, SPECS)
    sections = (_summary(), _returns(), _risk(), _analysis(), _horizons(), _near(), *_appendix())
    simulated = say("Simulated data. The prices behind this article were made by a program; no number here is real.")
    return Article(
        "iwm-vs-qqq", ("IWM", "QQQ"), AS_OF, AS_OF, 1, masthead, sections, _charts(), measurements,
        keywords=("IWM", "QQQ", "small companies"), banner=simulated if banner else (),
    )  # fmt: skip


@pytest.fixture(scope="session")
def article() -> Article:
    return make_article()


@pytest.fixture(scope="session")
def facts_json() -> Artifact:
    return Artifact("facts.json", "application/json", b'{"schema": 1}\n')
