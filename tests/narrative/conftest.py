"""A hand-made catalogue and facts in the shapes of stage 2."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reportgen.formatting import Scale
from reportgen.model import ContextFunds, Fact, Fund, Interval, Measurements, MetricSpec, Statement, Unit, Window
from reportgen.narrative.comment import consider
from reportgen.narrative.problems import Problem
from reportgen.narrative.rules import Rule, read_rules
from reportgen.narrative.scene import Setting
from reportgen.narrative.select import select
from reportgen.narrative.words import Words

_FRACTIONS = (
    "total_return cagr volatility max_drawdown expected_shortfall_95 value_at_risk_95 best_day worst_day best_week "
    "worst_week best_month worst_month positive_days calendar_return"
).split()
_RATIOS = "sharpe sortino skew excess_kurtosis beta calmar correlation credit_beta".split()
_STATIC: Mapping[str, Unit] = {
    "distribution_yield": "fraction", "expense_ratio": "fraction", "net_assets": "usd", "holdings_count": "count",
    "top10_weight": "fraction", "effective_holdings": "count", "effective_holdings_at_least": "count",
    "effective_holdings_at_most": "count", "largest_sector": "text", "sector_weight": "fraction", "overlap": "fraction",
    "overlap_at_least": "fraction", "overlap_at_most": "fraction", "market_impact": "score",
}  # fmt: skip


def spec(name: str, unit: Unit, *, per_window: bool = True, **more: object) -> MetricSpec:
    settings: dict[str, object] = {"decimals": 2, "section": "test", "formula": "", "reference": "", **more}
    label = name.replace("_", " ").capitalize()
    return MetricSpec(name, label, unit, per_window=per_window, short=label.lower(), **settings)  # type: ignore[arg-type]


def make_catalogue() -> dict[str, MetricSpec]:
    found = {name: spec(name, "fraction", interval="bootstrap") for name in _FRACTIONS}
    found |= {name: spec(name, "ratio", interval="hac") for name in _RATIOS}
    found["companion_beta"] = spec("companion_beta", "ratio", interval="hac")
    for name in ("skew", "excess_kurtosis", "calmar"):
        found[name] = spec(name, "ratio")
    found["growth_of_1000"] = spec("growth_of_1000", "usd", decimals=0)
    found["expected_shortfall_95"] = spec(
        "expected_shortfall_95", "fraction", interval="bootstrap", parameters={"level": 0.05}
    )
    found |= {name: spec(name, unit, per_window=False) for name, unit in _STATIC.items()}
    return found


@pytest.fixture(scope="session")
def catalogue() -> dict[str, MetricSpec]:
    return make_catalogue()


AS_OF = date(2026, 3, 27)
WINDOW_START = date(2021, 3, 26)


class Bench:
    """A folder of rules, and facts by hand, for tests that read and ask them."""

    def __init__(self, folder: Path, catalogue: Mapping[str, MetricSpec]) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.words = Words({"size": Scale("size", "fraction", "a test", ((0.01, "slightly"), (0.1, "clearly")), "far")})

    def write(self, text: str, name: str = "concentration/one", **header: object) -> Path:
        """A rule file with a passable header; keyword arguments replace its keys, None leaves a key out."""
        keys: dict[str, object] = {"section": name.split("/", maxsplit=1)[0], "topic": "t", "priority": 50, **header}
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items() if value is not None]
        if "example" not in keys:
            lines += [
                "[[example]]",
                "facts = {}",
                'expect = "silent"',
                "[[example]]",
                "facts = {}",
                'expect = "descriptive"',
            ]
            for verdict in ("supported", "contradicted", "inconclusive"):
                lines += ["[[example]]", "facts = {}", f'expect = "{verdict}"']
        path = self.folder / "commentary" / f"{name}.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["{#---", *lines, "---#}", text, ""]), encoding="utf-8")
        return path

    def read(self) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
        return read_rules([self.folder], self.catalogue, self.words)

    def rule(self, text: str, name: str = "concentration/one", **header: Any) -> Rule:  # noqa: ANN401
        """The rule of a file that must be right."""
        self.write(text, name, **header)
        rules, problems = self.read()
        assert not [p for p in problems if p.severity == "error"], problems
        return next(rule for rule in rules if rule.name == name)

    def problems(self, text: str, **header: Any) -> list[str]:  # noqa: ANN401
        """What is wrong with a rule, as line:column: message."""
        self.write(text, **header)
        return [f"{p.line}:{p.column}: {p.message}" for p in self.read()[1]]

    @staticmethod
    def fact(subject: str, metric: str, value: object = None, **more: Any) -> Fact:  # noqa: ANN401
        """A fact in the catalogue's unit; a window of five years unless `code` says otherwise."""
        spec = make_catalogue()[metric.removeprefix("diff.")]
        code = more.pop("code", "5Y" if spec.per_window else None)
        window = Window(code, WINDOW_START, AS_OF) if code else None
        return Fact(subject, metric, spec.unit, value, code=code, window=window, as_of=AS_OF, **more)  # type: ignore[arg-type]

    def difference(
        self, first: str, second: str, metric: str, value: float, p: float | None = None, half: float = 0.1
    ) -> Fact:
        """A difference; with `p` it carries the interval value plus or minus `half`."""
        interval = Interval(value - half, value + half, 0.95, "bootstrap", 2000, p) if p is not None else None
        return self.fact(first, f"diff.{metric}", value, second=second, interval=interval)

    @staticmethod
    def setting(*facts: Fact, tickers: tuple[str, ...] = ("AAA", "BBB"), **funds: Fund) -> Setting:
        """What rules see: these facts about equity funds, unless `funds` says what they are."""
        known = {ticker: funds.get(ticker, Fund(ticker, f"{ticker} Fund", "equity")) for ticker in tickers}
        measurements = Measurements(AS_OF, tickers, {f.id: f for f in facts}, {}, make_catalogue())
        return Setting(measurements, known, (), ContextFunds(), "5Y")

    def told(self, setting: Setting, *rules: Rule) -> Mapping[str, tuple[Statement, ...]]:
        """The statements that would be printed."""
        chosen = select(consider(setting, rules, self.words)[0])[0]
        return {section: tuple(c.statement for c in candidates) for section, candidates in chosen.items()}

    def silences(self, setting: Setting, *rules: Rule) -> list[str]:
        """Why the rules are silent."""
        candidates, silent = consider(setting, rules, self.words)
        return [s.reason for s in (*silent, *select(candidates)[1])]


@pytest.fixture
def bench(tmp_path: Path, catalogue: dict[str, MetricSpec]) -> Bench:
    return Bench(tmp_path, catalogue)
