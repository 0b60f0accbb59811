"""Scales of words, issuers, related tickers and themes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from reportgen.errors import TemplateError
from reportgen.model import Fund, Holding, Holdings
from reportgen.narrative.related import parent_of, related_tickers
from reportgen.narrative.themes import themes
from reportgen.narrative.words import load_words
from reportgen.resources import template_folders

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

SCALE = '[size]\nabout = "a"\nunit = "fraction"\nsteps = [[0.01, "slightly"], [0.1, "clearly"]]\nbeyond = "far"\n'


def folder(tmp_path: Path, words: str = SCALE, issuers: str = '"iShares" = "BLK"\n"ARK" = ""\n') -> list[Path]:
    (tmp_path / "words.toml").write_text(words, encoding="utf-8")
    (tmp_path / "issuers.toml").write_text(issuers, encoding="utf-8")
    return [tmp_path]


def test_one_basis_point_of_cost_is_effectively_the_same() -> None:
    cost = load_words().scales["cost_gap"]
    assert cost.word(0.0019 - 0.0018) == "effectively the same"
    assert cost.word(0.0020 - 0.0018) == "effectively the same"
    assert cost.word(0.0021 - 0.0018) != "effectively the same"


@pytest.mark.parametrize(("size", "word"), [(0.0, "slightly"), (-0.01, "slightly"), (0.011, "clearly"), (9, "far")])
def test_the_first_limit_that_is_not_exceeded_gives_the_word(tmp_path: Path, size: float, word: str) -> None:
    assert load_words(folder(tmp_path)).scales["size"].word(size) == word


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('about = "a"\n', "", "needs the keys"),
        ('"fraction"', '"fractions"', "has the unit 'fractions'"),
        ("0.01", "0.2", "must rise"),
        ('"slightly"', "5", "pairs of a limit and a word"),
        ('"slightly"', '"by 5"', "must not hold a digit"),
        ("steps =", "steps", "Expected"),
    ],
)
def test_a_wrong_scale_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        load_words(folder(tmp_path, SCALE.replace(old, new)))


def test_a_wrong_issuer_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="must be a ticker"):
        load_words(folder(tmp_path, issuers='"iShares" = 5\n'))


@pytest.mark.parametrize(
    ("issuer", "name", "parent"),
    [
        ("iShares", "iShares Russell 2000 ETF", "BLK"),
        (None, "Invesco QQQ Trust", "IVZ"),
        ("State Street Global Advisors", "SPDR S&P 500 ETF Trust", "STT"),
        ("ProShares", "ProShares UltraPro QQQ", None),
        (None, "ARK Innovation ETF", None),
        ("Nobody", "Arkansas Municipal Bond Fund", None),
    ],
)
def test_listed_parents(issuer: str | None, name: str, parent: str | None) -> None:
    assert parent_of(Fund("T", name, issuer=issuer), load_words().issuers) == parent


def test_related_tickers_are_parents_and_the_three_largest_holdings() -> None:
    rows = [Holding("A", 0.1, "AAPL"), Holding("N", 0.3, "NVDA "), Holding("M", 0.2, "MSFT"), Holding("Z", 0.05, "ZM")]
    rows += [Holding("Cash", 0.5, "USD", is_equity=False), Holding("Nameless", 0.4, "-")]
    snapshot = SimpleNamespace(
        tickers=("QQQ", "IWM"),
        funds={"QQQ": Fund("QQQ", "Invesco QQQ Trust"), "IWM": Fund("IWM", "iShares Russell 2000 ETF")},
        holdings={"QQQ": Holdings("QQQ", date(2026, 1, 1), tuple(rows), "full", "s")},
        simulated=False,
    )
    issuers = load_words().issuers
    assert related_tickers(snapshot, issuers) == ("IVZ", "BLK", "NVDA", "MSFT", "AAPL")  # type: ignore[arg-type]
    snapshot.simulated = True
    assert related_tickers(snapshot, issuers) == ("IVZ", "BLK")  # type: ignore[arg-type]


def test_themes_come_from_funds_then_from_what_was_said(bench: Bench) -> None:
    sector = bench.fact("AAA", "largest_sector", "Technology", details={"weight": 0.5})
    spread = bench.fact("BBB", "largest_sector", "Industrials", details={"weight": 0.2})
    setting = bench.setting(
        sector, spread, AAA=Fund("AAA", "A", "equity", category="Large Growth"), BBB=Fund("BBB", "B", "bond")
    )
    told = bench.told(setting, bench.rule("{{ x.ticker }} falls.", "tail/one"))
    assert themes(setting, told) == ("Equity ETFs", "Large caps", "Technology", "Bond ETFs", "Tail risk")


def test_an_own_scale_wins_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text(SCALE.replace("[size]", "[cost_gap]"), encoding="utf-8")
    own, shipped = load_words(template_folders(tmp_path)), load_words()
    assert own.scales["cost_gap"].word(0.05) == "clearly"
    assert own.scales["beta_gap"] == shipped.scales["beta_gap"]
    assert own.joining == shipped.joining
