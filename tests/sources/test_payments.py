"""Payments that cannot be meant hold the article until they are corrected or vouched for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen import calendar
from reportgen.model import Request, Snapshot
from reportgen.sources import open_source
from reportgen.sources._prices import PriceFile, read_prices
from reportgen.sources._raw import RawFile
from reportgen.sources.quality import examine

Raw = Callable[..., RawFile]
DAYS = calendar.sessions(date(2024, 11, 1), date(2024, 12, 31)).tolist()
DAY = DAYS[20]


def rows(header: str, cell: Callable[[int], str]) -> str:
    return "\n".join([header, *(f"{day},100,{cell(i)}" for i, day in enumerate(DAYS))])


def stated(raw: Raw, amount: str) -> PriceFile:
    return read_prices(raw(rows("Date,Close,Dividends", lambda i: amount if i == 20 else "0")), "IWM")


def found(file: PriceFile) -> list[tuple[str, str, str | None]]:
    return [(i.severity, i.code, i.where) for i in (*file.issues, *examine(file, DAYS[-1]))]


@pytest.mark.parametrize("amount", ["25.01", "90", "1e6"])
def test_a_payment_over_a_quarter_of_the_close_before_holds(raw: Raw, amount: str) -> None:
    file = stated(raw, amount)
    assert found(file) == [("error", "large-distribution", str(DAY))]
    assert file.history.distributions[20] == float(amount)


def test_a_payment_of_a_quarter_does_not_hold(raw: Raw) -> None:
    assert found(stated(raw, "25")) == []


@pytest.mark.parametrize("amount", ["-5", "-0.01", "inf", "1e300", "-inf"])
def test_what_no_payment_can_be_is_not_counted_and_holds(raw: Raw, amount: str) -> None:
    file = stated(raw, amount)
    assert found(file) == [("error", "unusable-distribution", str(DAY))]
    assert not file.history.distributions.any()


def test_a_negative_capital_gain_is_no_payment_either(raw: Raw) -> None:
    text = rows("Date,Close,Dividends,Capital Gains", lambda i: "0.5,-3" if i == 20 else "0,0")
    file = read_prices(raw(text), "IWM")
    assert found(file) == [("error", "unusable-distribution", str(DAY))]
    assert file.history.distributions[20] == 0.5


def adjusted(raw: Raw, before: float) -> PriceFile:
    return read_prices(raw(rows("Date,Close,Adj Close", lambda i: repr(before) if i < 20 else "100")), "IWM")


def test_a_payment_that_the_adjusted_close_implies_is_bounded_too(raw: Raw) -> None:
    file = adjusted(raw, 30.0)
    assert file.history.distributions[20] == pytest.approx(70)
    assert found(file) == [("error", "large-distribution", str(DAY))]


def test_an_adjusted_close_that_implies_a_negative_payment_holds(raw: Raw) -> None:
    file = adjusted(raw, 500.0)
    assert found(file) == [("error", "unusable-distribution", str(DAY))]
    assert not file.history.distributions.any()


def test_a_rise_of_the_factor_within_rounding_is_none(raw: Raw) -> None:
    assert found(adjusted(raw, 100.01)) == []


def test_a_day_without_an_adjusted_close_makes_no_payment(raw: Raw) -> None:
    text = rows("Date,Close,Adj Close", lambda i: "" if i in (0, 20) else "98" if i < 25 else "100")
    file = read_prices(raw(text), "IWM")
    assert np.flatnonzero(file.history.distributions).tolist() == [25]
    assert found(file) == [("warning", "missing-adjusted-close", str(DAYS[0]))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "QQQ.csv").write_text(rows("Date,Close,Dividends", lambda _: "0"))
    (tmp_path / "IWM.csv").write_text(rows("Date,Close,Dividends", lambda i: "-5" if i == 20 else "0"))
    return tmp_path


def errors(folder: Path) -> list[tuple[str, str, str | None]]:
    snapshot: Snapshot = open_source("files", folder).load(Request(("IWM", "QQQ")))
    return [(i.subject, i.code, i.where) for i in snapshot.issues if i.severity == "error"]


def test_a_correction_settles_it_and_is_bounded_itself(folder: Path) -> None:
    assert errors(folder) == [("IWM", "unusable-distribution", str(DAY))]
    entry = '[[distribution]]\nticker = "IWM"\nday = {day}\namount = {amount}\nsource = "the issuer"\n'
    (folder / "facts.toml").write_text(entry.format(day=DAY, amount=0.5))
    assert errors(folder) == []
    (folder / "facts.toml").write_text(entry.format(day=DAY, amount=1e6))
    assert errors(folder) == [("IWM", "large-distribution", str(DAY))]


def test_somebody_may_vouch_for_it(folder: Path) -> None:
    (folder / "facts.toml").write_text(f'[[accept]]\nticker = "IWM"\nday = {DAY}\nsource = "the notice"\n')
    assert errors(folder) == []
