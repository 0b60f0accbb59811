"""Numbers, dates and phrases as a US reader expects them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import formatting
from reportgen.formatting import Scale
from reportgen.model import (
    Day,
    Fact,
    FactList,
    Interval,
    MetricSpec,
    Name,
    Number,
    Parameter,
    Reading,
    Runs,
    Text,
    Unit,
    Window,
    plain,
)

DETAILS = {"peak": date(2021, 11, 8), "recovered": "not recovered", "count": 63, "weight": 0.505, "benchmark": "SPY"}
WINDOW = Window("5Y", date(2021, 3, 26), date(2026, 3, 27))


def reading(value: Any, unit: Unit = "fraction", decimals: int = 2, **more: Any) -> Reading:  # noqa: ANN401
    settings: dict[str, Any] = {"subject": "QQQ", "metric": "m", "unit": unit, "details": DETAILS, **more}
    spec = MetricSpec("m", "Metric", unit, decimals, "s", "f", "r", parameters={"level": 0.05, "days": 252})
    return Reading(Fact(value=value, **settings), spec)


def in_window(code: str = "5Y", **more: Any) -> Reading:  # noqa: ANN401
    return reading(0.1, code=code, window=Window(code, date(2024, 3, 1), date(2026, 3, 27)), **more)


def shown(runs: Runs | Any) -> str:  # noqa: ANN401
    return plain(runs if isinstance(runs, tuple) else (runs,))


@pytest.mark.parametrize(
    ("format_", "value", "unit", "text"),
    [
        (formatting.percent, 0.0018, "fraction", "0.18%"),
        (formatting.percent, -0.351225, "fraction", "-35.12%"),
        (formatting.percent, -0.00001, "fraction", "0.00%"),
        (formatting.percent, 12.345, "fraction", "1,234.50%"),
        (formatting.percent_size, -0.3191, "fraction", "31.91%"),
        (formatting.signed_percent, 0.012, "fraction", "+1.20%"),
        (formatting.signed_percent, -0.012, "fraction", "-1.20%"),
        (formatting.signed_percent, 0.0, "fraction", "0.00%"),
        (formatting.signed_percent, 0.00001, "fraction", "0.00%"),
        (formatting.points, -0.183, "fraction", "18.3 points"),
        (formatting.points, 0.01, "fraction", "1.0 point"),
        (formatting.basis_points, 0.0019 - 0.0018, "fraction", "1 basis point"),
        (formatting.basis_points, -0.0057, "fraction", "57 basis points"),
        (formatting.dollars, 1834.39, "usd", "$1,834.39"),
        (formatting.dollars, -5.0, "usd", "-$5.00"),
        (formatting.dollars_size, -662.4, "usd", "$662.40"),
        (formatting.big_dollars, 395.4e9, "usd", "$395B"),
        (formatting.big_dollars, 6.04e9, "usd", "$6.0B"),
        (formatting.big_dollars, 820e6, "usd", "$820M"),
        (formatting.count, 1942, "count", "1,942"),
        (formatting.count_size, -1841, "count", "1,841"),
        (formatting.ratio, 1.118, "ratio", "1.12"),
        (formatting.ratio, -0.001, "ratio", "0.00"),
        (formatting.ratio_size, -1.118, "ratio", "1.12"),
        (formatting.word, "Technology", "text", "Technology"),
        (formatting.value, 395.4e9, "usd", "$395B"),
        (formatting.value, 1172.0, "usd", "$1,172.00"),
        (formatting.value, 101, "count", "101"),
        (formatting.value, 0.505, "fraction", "50.50%"),
        (formatting.value, date(2021, 3, 1), "date", "2021-03-01"),
        (formatting.value, "Technology", "text", "Technology"),
    ],
)
def test_numbers(format_: Callable[[Reading], Any], value: object, unit: Unit, text: str) -> None:
    assert shown(format_(reading(value, unit))) == text


def test_decimals_are_the_metrics_own_unless_asked_otherwise() -> None:
    assert formatting.percent(reading(0.12345, decimals=1)).text == "12.3%"
    assert formatting.percent(reading(0.12345), 0).text == "12%"


def test_every_number_remembers_its_fact() -> None:
    assert formatting.percent(reading(0.1)) == Number("QQQ/m", "10.00%")
    assert formatting.detail_count(reading(0.1), "count") == Number("QQQ/m", "63", "count")
    assert formatting.detail_percent(reading(0.1), "weight", 1) == Number("QQQ/m", "50.5%", "weight")
    assert formatting.detail_word(reading(0.1), "benchmark") == Number("QQQ/m", "SPY", "benchmark")
    assert formatting.detail_day(reading(0.1), "peak") == Day(date(2021, 11, 8), "November 8, 2021", "QQQ/m")
    assert formatting.observations(reading(0.1, n=1256)) == Number("QQQ/m", "1,256", "n")


def test_missing_facts_are_printed_with_their_reason_by_value_only() -> None:
    missing = reading(None, missing="began 2024-03-01")
    assert formatting.value(missing).text == "n/a, began 2024-03-01"
    with pytest.raises(TypeError, match="not a number"):
        formatting.percent(missing)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: formatting.word(reading(0.1)),
        lambda: formatting.detail_day(reading(0.1), "count"),
        lambda: formatting.detail_count(reading(0.1), "peak"),
        lambda: formatting.detail_percent(reading(0.1), "peak"),
        lambda: formatting.detail_word(reading(0.1), "count"),
        lambda: formatting.observations(reading(0.1)),
        lambda: formatting.as_of(reading(0.1)),
        lambda: formatting.window_start(reading(0.1)),
        lambda: formatting.interval(reading(0.1)),
        lambda: formatting.interval_level(reading(0.1)),
    ],
)
def test_what_a_fact_does_not_have_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        wrong()


def test_an_unknown_detail_is_refused_with_those_it_has() -> None:
    with pytest.raises(KeyError, match="it has peak"):
        formatting.detail_day(reading(0.1), "paek")


def test_nouns_agree_with_their_number() -> None:
    assert shown(formatting.counted(reading(1, "count"), "holding", "holdings")) == "1 holding"
    assert shown(formatting.counted(reading(1942, "count"), "holding", "holdings")) == "1,942 holdings"


@pytest.mark.parametrize(
    ("code", "phrase", "noun"),
    [
        ("1W", "over one week", "one week"),
        ("5Y", "over five years", "five years"),
        ("YTD", "so far this year", "the time since March 1, 2024"),
        ("CY2022", "in 2022", "the time since March 1, 2024"),
        ("SI", "since March 1, 2024", "the time since March 1, 2024"),
    ],
)
def test_windows_in_words(code: str, phrase: str, noun: str) -> None:
    assert shown(formatting.over(in_window(code))) == phrase
    assert shown(formatting.span(in_window(code))) == noun


def test_window_ends_and_dates() -> None:
    assert formatting.window_start(in_window()).text == "March 1, 2024"
    assert formatting.window_end(in_window()).text == "March 27, 2026"
    assert formatting.as_of(reading(0.1, as_of=date(2025, 9, 26))).text == "September 26, 2025"
    assert formatting.short_date(date(2026, 3, 1)) == "2026-03-01"


def test_how_a_drawdown_ended() -> None:
    assert shown(formatting.recovery(in_window())) == "had not recovered by March 27, 2026"
    again = in_window(details={"recovered": date(2024, 11, 6)})
    assert shown(formatting.recovery(again)) == "had recovered by November 6, 2024"


def test_constants_of_a_definition() -> None:
    assert formatting.parameter(reading(0.1), "level") == Parameter("m", "level", "5%")
    assert formatting.parameter(reading(0.1), "days").text == "252"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.04, 0.239, "from 4.0 points behind to 23.9 points ahead"),
        (0.01, 0.18, "between 1.0 point and 18.0 points"),
        (-0.41, -0.03, "between 3.0 points and 41.0 points"),
    ],
)
def test_intervals_say_their_signs_in_words(low: float, high: float, text: str) -> None:
    bounds = Interval(low, high, 0.95, "bootstrap", 2000, 0.1)
    assert shown(formatting.interval(reading(0.1, interval=bounds))) == text
    assert formatting.interval_level(reading(0.1, interval=bounds)) == Number("QQQ/m", "95%", "interval.level")


def test_a_turned_interval_names_the_bounds_as_they_were_measured() -> None:
    bounds = Interval(-0.04, 0.239, 0.95, "bootstrap", 2000, 0.1)
    turned = reading(0.1, interval=bounds)._replace(turned=True)
    assert [run.detail for run in formatting.interval(turned) if isinstance(run, Number)] == [
        "interval.high",
        "interval.low",
    ]


def test_words_are_graded_by_size() -> None:
    scale = Scale("s", "fraction", "a", ((0.01, "slightly"), (0.1, "clearly")), "far")
    assert formatting.graded(reading(-0.05), scale) == Text("clearly")


def listed(*pairs: tuple[str, object], unit: Unit = "fraction", **more: Any) -> FactList:  # noqa: ANN401
    return FactList(tuple(reading(value, unit, subject=subject, **more) for subject, value in pairs))


def test_facts_of_several_funds_in_one_sentence() -> None:
    two = listed(("IWM", 0.0019), ("QQQ", 0.0018))
    assert shown(formatting.each(two)) == "0.19% for IWM and 0.18% for QQQ"
    three = listed(("IWM", 0.0019), ("QQQ", 0.0018), ("SPY", 0.0009))
    assert shown(formatting.each(three, "in")) == "0.19% in IWM, 0.18% in QQQ and 0.09% in SPY"
    assert formatting.each(two)[2] == Name("IWM")


def test_lists_with_details() -> None:
    falls = listed(("IWM", -0.3191), ("QQQ", -0.3512))
    assert shown(formatting.each_bracketed(falls)) == "31.91% (IWM) and 35.12% (QQQ)"
    sectors = listed(("QQQ", "Technology"), unit="text")
    assert shown(formatting.each_share(sectors, "weight")) == "Technology (50.5%) for QQQ"
    assert shown(formatting.against(listed(("IWM", 1.1), unit="ratio"), "benchmark")) == "1.10 for IWM, against SPY"
    mixed = FactList(
        (*listed(("IWM", 1.1), unit="ratio").readings, reading(0.9, "ratio", details={"benchmark": "AGG"}))
    )
    assert shown(formatting.against(mixed, "benchmark")) == "1.10 for IWM (against SPY) and 0.90 for QQQ (against AGG)"
    assert shown(formatting.each_over(FactList((in_window(),)))) == "over five years"


def test_keyed_lists() -> None:
    keyed = FactList(tuple(reading(v, key=k) for k, v in (("Energy", 0.1), ("Technology", 0.5), ("Utilities", 0.02))))
    assert shown(formatting.ranked(keyed, 2)) == "Energy (10.00%) and Technology (50.00%)"
    assert shown(formatting.largest(keyed, 2)) == "Technology (50.00%) and Energy (10.00%)"
    assert shown(formatting.names(keyed)) == "Energy, Technology and Utilities"


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(0, 4))
def test_a_printed_number_reads_back_as_the_rounded_value(value: float, decimals: int) -> None:
    text = formatting.ratio(reading(value, "ratio"), decimals).text
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", text)
    assert float(text.replace(",", "")) == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-6)
    assert text.strip("-0.,") or not text.startswith("-")


def test_lists_beyond_chance() -> None:
    def beta(key: str, value: float, p: float) -> Reading:
        return reading(value, "ratio", key=key, interval=Interval(value - 0.1, value + 0.1, 0.95, "hac", None, p))

    facts = FactList((beta("A", 0.5, 0.01), beta("B", 0.9, 0.01), beta("C", -0.4, 0.01), beta("D", 0.7, 0.2)))
    assert shown(formatting.movers(facts)) == "B (0.90) and A (0.50) gain and C (0.40) loses"
    assert shown(formatting.movers(facts, 1)) == "B (0.90) gains and C (0.40) loses"
    assert shown(formatting.movers(FactList(facts.readings[:2]))) == "B (0.90) and A (0.50) gain"
    with pytest.raises(TypeError, match="none of the list"):
        formatting.movers(FactList(facts.readings[3:]))
    assert shown(formatting.runners_up(facts, 1)) == "D (0.70)"


def test_an_interval_in_sizes() -> None:
    loss = reading(-0.058, interval=Interval(-0.079, -0.045, 0.95, "bootstrap", 2000, 0.001))
    runs = formatting.interval_size(loss)
    assert shown(runs) == "4.5% and 7.9%"
    assert [run.detail for run in runs if isinstance(run, Number)] == ["interval.high", "interval.low"]
    with pytest.raises(TypeError, match="one side of zero"):
        formatting.interval_size(reading(0.0, interval=Interval(-0.1, 0.1, 0.95, "bootstrap", 2000, 1.0)))


def test_funds_without_a_figure_are_named() -> None:
    some = FactList((*listed(("IWM", 0.0019)).readings, reading(None, subject="GLD", missing="not stated")))
    assert shown(formatting.each(some)) == "0.19% for IWM (n/a for GLD)"


def test_the_same_value_of_several_funds_is_told_once() -> None:
    same = listed(("XLE", 0.0008), ("XLK", 0.0008))
    assert shown(formatting.each(same)) == "0.08% for XLE and XLK"
    assert shown(formatting.each(listed(("XLE", 0.0008), ("XLK", 0.0009)))) == "0.08% for XLE and 0.09% for XLK"
    assert shown(formatting.each(listed(("XLE", 0.0008)))) == "0.08% for XLE"
    sectors = listed(("SMH", "Technology"), ("SOXX", "Technology"), unit="text")
    assert shown(formatting.each_share(sectors, "weight")) == "Technology, with 50.5% for SMH and 50.5% for SOXX"


@pytest.mark.parametrize(
    ("bases", "named"),
    [
        (("total return", "total return"), "the total return"),
        (("price", "price"), "the price return"),
        (("total return", "price"), "the return (of the price alone for QQQ)"),
    ],
)
def test_returns_are_called_what_they_are(bases: tuple[str, str], named: str) -> None:
    facts = FactList(tuple(reading(0.1, subject=t, basis=b) for t, b in zip(("IWM", "QQQ"), bases, strict=True)))
    assert shown(formatting.returns_named(facts)) == named
