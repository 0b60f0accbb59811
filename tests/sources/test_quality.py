"""Each fault is named with its date, and a clean history has none."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import FloatArray
from reportgen.sources._prices import PriceFile, read_prices
from reportgen.sources._raw import RawFile
from reportgen.sources.quality import examine, on_sessions, vouched

Raw = Callable[..., RawFile]
START, END = date(2024, 1, 2), date(2024, 12, 31)
DAYS = calendar.sessions(START, END).tolist()
QUARTERLY = [d for d in DAYS if d.month in (3, 6, 9, 12) and 14 < d.day < 22 and d.weekday() == 0]


def closes() -> FloatArray:
    return 100 + 3 * np.sin(np.arange(len(DAYS)) / 9)


@pytest.fixture
def history(raw: Raw) -> Callable[..., PriceFile]:
    """A price file of one year: history(close, paid, adjusted=..., days=...); the adjusted close fits unless given."""

    def make(
        close: FloatArray | None = None,
        paid: dict[date, float] | None = None,
        adjusted: FloatArray | None = None,
        days: list[date] = DAYS,
    ) -> PriceFile:
        close = closes()[: len(days)] if close is None else close
        amounts = np.array([(paid or {}).get(day, 0.0) for day in days])
        if adjusted is None:
            steps = np.concatenate((1 - amounts[1:] / close[:-1], [1.0]))
            adjusted = close * np.cumprod(steps[::-1])[::-1]
        rows = zip(days, close.tolist(), adjusted.tolist(), amounts.tolist(), strict=True)
        text = "Date,Close,Adj Close,Dividends\n" + "\n".join(f"{d},{c!r},{a!r},{p!r}" for d, c, a, p in rows)
        return read_prices(raw(text), "IWM")

    return make


def found(file: PriceFile, **options: float) -> list[tuple[str, str, str | None]]:
    return [(issue.severity, issue.code, issue.where) for issue in examine(file, END, **options)]


def test_a_clean_history_has_no_issue(history: Callable[..., PriceFile]) -> None:
    assert found(history(paid=dict.fromkeys(QUARTERLY, 0.4))) == []


def test_a_missing_session_is_named(history: Callable[..., PriceFile]) -> None:
    days = [day for day in DAYS if day != date(2024, 7, 5)]
    assert found(history(days=days)) == [("warning", "missing-session", "2024-07-05")]


def test_weekly_data_are_not_daily_ones(history: Callable[..., PriceFile]) -> None:
    (issue, *_) = examine(history(days=[day for day in DAYS if day.weekday() == 2]), END)
    assert (issue.severity, issue.code) == ("error", "missing-session")
    assert "not one of daily data" in issue.message


def test_a_row_on_a_holiday_is_dropped_and_its_distribution_moves_on(history: Callable[..., PriceFile]) -> None:
    holiday = date(2024, 7, 4)
    file, issues = on_sessions(history(days=sorted([*DAYS, holiday])[: len(DAYS)], paid={holiday: 0.5}))
    assert [(i.severity, i.code, i.where) for i in issues] == [("warning", "extra-day", "2024-07-04")]
    assert holiday not in file.history.dates.tolist()
    paid = dict(zip(file.history.dates.tolist(), file.history.distributions.tolist(), strict=True))
    assert {day: amount for day, amount in paid.items() if amount} == {date(2024, 7, 5): 0.5}


def test_another_calendar_is_an_error(history: Callable[..., PriceFile]) -> None:
    every = np.arange(np.datetime64(START), np.datetime64(START) + len(DAYS)).tolist()
    file, issues = on_sessions(history(days=every))
    assert issues == ()
    assert ("error", "extra-day", "2024-01-06") in found(file)


def test_a_move_beyond_a_quarter_is_named_on_its_day(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] *= 0.7
    assert found(history(close)) == [("warning", "price-jump", str(DAYS[100]))]


def test_the_bound_is_scaled_for_a_leveraged_fund(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] *= 0.7
    assert found(history(close), leverage=3.0) == []
    assert found(history(close), leverage=-3.0) == []
    close[150:] *= 0.2
    assert found(history(close), leverage=3.0) == [("warning", "price-jump", str(DAYS[150]))]


def test_a_missed_split_is_an_error(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] /= 4
    assert found(history(close)) == [("error", "price-jump", str(DAYS[100]))]


def test_one_wrong_day_is_an_error_there_and_back(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100] /= 10
    issues = examine(history(close), END)
    assert [(i.severity, i.where) for i in issues] == [("error", str(DAYS[100])), ("error", str(DAYS[101]))]
    assert "undoes it" in issues[0].message


@pytest.mark.parametrize(("start", "stop"), [(0, 20), (30, 60), (200, len(DAYS))])
def test_prices_in_pence_among_pounds_are_named_by_their_days(
    history: Callable[..., PriceFile], start: int, stop: int
) -> None:
    close = closes()
    close[start:stop] *= 100
    issues = examine(history(close), END)
    assert {(i.severity, i.code, i.where) for i in issues} == {("error", "hundredfold-price", str(DAYS[start]))}
    assert f"from {DAYS[start]} to {DAYS[stop - 1]}" in issues[0].message


def test_a_large_distribution_explains_the_fall_of_the_price(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] -= 40
    assert found(history(close, paid={DAYS[100]: 40.0})) == [("error", "large-distribution", str(DAYS[100]))]


def test_a_distribution_explains_no_rise(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] *= 1.28
    assert found(history(close, paid={DAYS[100]: 10.0})) == [("warning", "price-jump", str(DAYS[100]))]


def test_a_distribution_that_the_adjusted_close_does_not_know_is_named(history: Callable[..., PriceFile]) -> None:
    file = history(paid={DAYS[50]: 0.5}, adjusted=closes())
    assert found(file) == [("warning", "adjusted-close-differs", str(DAYS[50]))]


def test_a_distribution_in_pence_is_an_error(history: Callable[..., PriceFile]) -> None:
    right = history(paid={DAYS[50]: 0.5})
    assert right.adjusted is not None
    (issue, large) = examine(history(paid={DAYS[50]: 50.0}, adjusted=right.adjusted), END)
    assert (issue.severity, issue.where) == ("error", str(DAYS[50]))
    assert (large.severity, large.code, large.where) == ("error", "large-distribution", str(DAYS[50]))
    assert "50 is stated, 0.5 would fit" in issue.message


def test_rounding_of_two_decimals_is_no_difference(history: Callable[..., PriceFile]) -> None:
    right = history(closes().round(2), dict.fromkeys(QUARTERLY, 0.4))
    assert right.adjusted is not None
    assert found(history(closes().round(2), dict.fromkeys(QUARTERLY, 0.4), right.adjusted.round(2))) == []


def test_nothing_after_the_as_of_is_judged(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] /= 4
    assert examine(history(close), DAYS[99]) == ()
    assert examine(history(close), date(2020, 1, 1)) == ()


def test_a_repeated_distribution_is_named(history: Callable[..., PriceFile]) -> None:
    assert found(history(paid={DAYS[50]: 0.089, DAYS[55]: 0.089})) == [
        ("warning", "repeated-distribution", str(DAYS[55]))
    ]


def test_a_missing_distribution_of_a_regular_payer_is_named(raw: Raw) -> None:
    days = calendar.sessions(date(2018, 1, 2), date(2024, 12, 31)).tolist()
    monthly = [day for before, day in pairwise(days) if before.month != day.month]
    missed = monthly.index(date(2021, 3, 1))
    rows = "\n".join(f"{d},100,{0.1 if d in monthly and d != monthly[missed] else 0.0}" for d in days)
    file = read_prices(raw("Date,Close,Dividends\n" + rows), "IWM")
    assert found(file) == [("warning", "missing-distribution", str(monthly[missed - 1]))]


GAINS = """Date,Close,Adj Close,Dividends,Capital Gains
2024-12-17,16.91,{adjusted},0,0
2024-12-18,16.21,16.21,0.837,0.417
2024-12-19,16.20,16.20,0,0
"""


def test_a_gain_that_the_dividend_holds_already_is_not_added(raw: Raw) -> None:
    file = read_prices(raw(GAINS.format(adjusted=16.91 * (1 - 0.837 / 16.91))), "DODFX")
    assert file.history.distributions.tolist() == [0, 0.837, 0]
    assert examine(file, END) == file.issues == ()


def test_a_gain_counted_twice_is_named_and_the_fall_decides(raw: Raw) -> None:
    file = read_prices(raw(GAINS.format(adjusted=16.91 * (1 - (0.837 + 0.417) / 16.91))), "DODFX")
    assert file.history.distributions.tolist() == [0, 0.837, 0]
    assert [(i.code, i.where) for i in file.issues] == [("capital-gain-twice", "2024-12-18")]
    assert examine(file, END) == ()


def test_a_gain_alone_is_a_distribution(raw: Raw) -> None:
    text = "Date,Close,Dividends,Capital Gains\n2024-12-17,10,0,0\n2024-12-18,9.5,0,0.5\n"
    assert read_prices(raw(text), "X").history.distributions.tolist() == [0, 0.5]


def test_unknown_distributions_are_said(raw: Raw) -> None:
    text = "Date,Close\n2024-12-17,10\n2024-12-18,9.9\n"
    for basis, words in (("price", "price returns"), ("total return", "no yield can be measured")):
        (issue,) = examine(read_prices(raw(text), "X", basis), END)  # type: ignore[arg-type]
        assert (issue.severity, issue.code) == ("warning", "distributions-unknown")
        assert words in issue.message


def test_what_somebody_vouches_for_becomes_a_note() -> None:
    jump = Issue("error", "price-jump", "XIV", "The close fell by 90%.", "2018-02-06")
    other = Issue("error", "price-jump", "XIV", "The close fell by 90%.", "2018-02-07")
    noted, kept = vouched((jump, other), {("XIV", "2018-02-06"): "the issuer's notice"})
    assert noted.severity == "note"
    assert noted.message.endswith("Accepted: the issuer's notice.")
    assert kept is other


@pytest.mark.parametrize("ratio", [1 / 2, 1 / 3, 2 / 3, 2.0, 3.0, 0.52, 2.08])
def test_a_split_that_was_not_applied_holds(history: Callable[..., PriceFile], ratio: float) -> None:
    close = closes()
    close[100:] *= ratio
    (issue,) = examine(history(close), END)
    assert (issue.severity, issue.code, issue.where) == ("error", "price-jump", str(DAYS[100]))
    assert "looks like a split that was not applied" in issue.message


@pytest.mark.parametrize("ratio", [0.6, 0.72, 1.4, 1.8])
def test_another_large_move_is_a_warning(history: Callable[..., PriceFile], ratio: float) -> None:
    close = closes()
    close[100:] *= ratio
    assert found(history(close)) == [("warning", "price-jump", str(DAYS[100]))]


def test_a_leveraged_fund_may_halve(history: Callable[..., PriceFile]) -> None:
    close = closes()
    close[100:] *= 0.5
    assert found(history(close), leverage=3.0) == []
