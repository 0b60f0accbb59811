"""Every provider's columns give the same history; what cannot be told is refused with what would tell it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import DataError
from reportgen.sources._prices import read_prices
from reportgen.sources._raw import RawFile

Raw = Callable[..., RawFile]

YAHOO = """Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits
2024-01-02,10,11,9,10.0,9.5,100,0.0,0.0
2024-01-03,10,11,9,11.0,10.45,200,0.0,0.0
2024-01-04,10,11,9,10.0,10.0,300,0.55,0.0
"""
# The same closes in each provider's own columns.
SHAPES = {
    "yahoo": YAHOO,
    "shared folder": YAHOO.replace("Adj Close", "AdjClose").replace(",Stock Splits", "").replace(",0.0\n", "\n"),
    "newest first": "\n".join([YAHOO.splitlines()[0], *reversed(YAHOO.splitlines()[1:])]),
    "stamps": YAHOO.replace(",10,11,9,", " 00:00:00-05:00,10,11,9,"),
    "semicolons": YAHOO.replace(",", ";"),
    "byte order mark": "\ufeff" + YAHOO,
    "windows line ends": YAHOO.replace("\n", "\r\n"),
    "blank line": YAHOO + "\n",
    "three-line header": """Price,Adj Close,Close,Dividends,Volume
Ticker,IWM,IWM,IWM,IWM
Date,,,,
2024-01-02,9.5,10.0,0.0,100
2024-01-03,10.45,11.0,0.0,200
2024-01-04,10.0,10.0,0.55,300
""",
    "fields over tickers": """,Adj Close,Adj Close,Close,Close,Dividends,Dividends,Volume,Volume
,IWM,QQQ,IWM,QQQ,IWM,QQQ,IWM,QQQ
Date,,,,,,,,
2024-01-02,9.5,1,10.0,1,0.0,0,100,1
2024-01-03,10.45,1,11.0,1,0.0,0,200,1
2024-01-04,10.0,1,10.0,1,0.55,0,300,1
""",
    "tickers over fields": """Ticker,QQQ,QQQ,IWM,IWM,IWM,IWM
Price,Close,Volume,Close,Adj Close,Volume,Dividends
Date,,,,,,
2024-01-02,1,1,10.0,9.5,100,0.0
2024-01-03,1,1,11.0,10.45,200,0.0
2024-01-04,1,1,10.0,10.0,300,0.55
""",
    "alpha_vantage": """timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient
2024-01-04,10,11,9,10.0,10.0,300,0.55,1.0
2024-01-03,10,11,9,11.0,10.45,200,0.0,1.0
2024-01-02,10,11,9,10.0,9.5,100,0.0,1.0
""",
    "own": "date,close,volume,distribution\n2024-01-02,10,100,0\n2024-01-03,11,200,0\n2024-01-04,10,300,0.55\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_history(raw: Raw, shape: str) -> None:
    history = read_prices(raw(SHAPES[shape]), "IWM").history
    assert history.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4)]
    assert history.close.tolist() == [10.0, 11.0, 10.0]
    assert history.volume.tolist() == [100, 200, 300]
    assert history.distributions == pytest.approx([0.0, 0.0, 0.55])
    assert history.distributions_known


def test_a_parquet_file_gives_the_same_history(raw: Raw) -> None:
    pytest.importorskip("pyarrow")
    import io

    import pandas as pd

    frame = pd.read_csv(io.StringIO(YAHOO), index_col="Date", parse_dates=True)
    frame.index = pd.DatetimeIndex(frame.index).tz_localize("America/New_York").rename("Date")
    content = io.BytesIO()
    frame.to_parquet(content)
    history = read_prices(raw(content.getvalue(), "IWM.parquet"), "IWM").history
    assert history.sha256 == read_prices(raw(YAHOO), "IWM").history.sha256


def test_a_broken_parquet_file_is_named(raw: Raw) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(DataError, match="Parquet file cannot be read"):
        read_prices(raw(b"PAR1 and then nothing", "IWM.parquet"), "IWM")


def test_distributions_follow_from_the_adjusted_close(raw: Raw) -> None:
    text = "Date,Close,Adj Close\n2024-01-02,10.0,9.5\n2024-01-03,11.0,10.45\n2024-01-04,10.0,10.0\n"
    history = read_prices(raw(text), "IWM").history
    assert history.distributions == pytest.approx([0.0, 0.0, 0.55], abs=1e-12)


def test_rounding_of_the_adjusted_close_is_no_distribution(raw: Raw) -> None:
    text = "Date,Close,Adj Close\n2024-01-02,100.000000,99.999512\n2024-01-03,101.000000,100.999998\n"
    assert read_prices(raw(text), "IWM").history.distributions.tolist() == [0.0, 0.0]


def test_alpha_vantage_splits_are_applied(raw: Raw) -> None:
    text = """timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient
2024-01-05,1,1,1,51.0,51.0,200,0.0,1.0
2024-01-04,1,1,1,50.0,50.0,200,0.0,2.0
2024-01-03,1,1,1,99.0,49.5,100,1.0,1.0
2024-01-02,1,1,1,100.0,49.5,100,0.0,1.0
"""
    history = read_prices(raw(text), "IWM").history
    assert history.close.tolist() == [50.0, 49.5, 50.0, 51.0]
    assert history.distributions.tolist() == [0.0, 0.5, 0.0, 0.0]
    assert history.volume.tolist() == [200, 200, 200, 200]


STOOQ = "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,10.0,5\n2024-01-03,1,1,1,11.0,6\n"


@pytest.mark.parametrize(
    "text",
    [
        STOOQ,
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nIWM.US,D,20240102,0,1,1,1,10.0,5,0\n",
        "timestamp,open,high,low,close,volume\n2024-01-02,1,1,1,10.0,5\n",
        # yfinance adjusts the close itself and then leaves the adjusted close out
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2024-01-02,1,1,1,10.0,5,0.0,0.0\n",
    ],
)
def test_a_basis_that_cannot_be_told_is_refused_with_what_would_tell_it(raw: Raw, text: str) -> None:
    with pytest.raises(DataError, match=r'\[IWM\], and below it basis = "price" or "total return"'):
        read_prices(raw(text), "IWM")


def test_a_basis_that_is_told_is_believed(raw: Raw) -> None:
    as_price = read_prices(raw(STOOQ), "IWM", "price")
    as_return = read_prices(raw(STOOQ), "IWM", "total return")
    assert as_price.basis == "price"
    assert as_return.basis == "total return"
    assert not as_price.history.distributions_known
    assert not as_return.history.distributions_known


def test_an_adjusted_close_alone_is_total_return(raw: Raw) -> None:
    file = read_prices(raw("Date,Adj Close\n2024-01-02,9.5\n2024-01-03,10.45\n"), "IWM")
    assert file.basis == "total return"
    assert file.history.close.tolist() == [9.5, 10.45]


def test_two_rows_are_a_history(raw: Raw) -> None:
    assert read_prices(raw("\n".join(YAHOO.splitlines()[:3])), "IWM").history.dates.size == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (YAHOO.splitlines()[0], "header and no rows"),
        ("nothing here\n", "No header with a date and a close"),
        ("Date,Open,High\n2024-01-02,1,2\n", "no column of closes"),
        ("Close,Volume\n1,2\n", "no column of dates"),
        ("Date,Close,Close,Dividends\n2024-01-02,1,2,0\n", "column close comes twice"),
        (YAHOO.replace("10.45", "ten"), r"IWM.csv:3: 'ten' is not a number in the column adjusted"),
        (YAHOO.replace("2024-01-04", "01/04/2024"), r"IWM.csv:4: The dates change their form: '01/04/2024'"),
        (YAHOO.replace("2024-01-04", "2024-02-31"), r"IWM.csv:4: '2024-02-31' is not a date"),
        (YAHOO + "2024-01-05,10\n", r"IWM.csv:5: The line has 2 cells"),
        (YAHOO + "2024-01-04,10,11,9,12.0,12.0,300,0.55,0.0\n", "2024-01-04 comes twice with different values"),
        ("<!DOCTYPE html><html><title>Oops</title></html>", 'HTML page titled "Oops"'),
        ('{"chart": {}}', "JSON, not a table"),
        (b"\x00\x01\x02binary", "binary, not a table"),
        (SHAPES["fields over tickers"].replace("IWM", "SPY"), "holds SPY, QQQ, not IWM"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_is_wrong_and_where(raw: Raw, text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_prices(raw(text), "IWM")
    assert caught.value.where is not None
    assert caught.value.where.startswith("IWM.csv")


def test_identical_rows_fold_into_one_and_are_said(raw: Raw) -> None:
    file = read_prices(raw(YAHOO + YAHOO.splitlines()[-1] + "\n"), "IWM")
    assert file.history.dates.size == 3
    assert [(issue.severity, issue.code) for issue in file.issues] == [("note", "duplicate-dates")]


def test_rows_out_of_order_are_sorted_and_said(raw: Raw) -> None:
    lines = YAHOO.splitlines()
    file = read_prices(raw("\n".join([lines[0], lines[2], lines[1], lines[3]])), "IWM")
    assert file.history.sha256 == read_prices(raw(YAHOO), "IWM").history.sha256
    assert [issue.code for issue in file.issues] == ["unsorted-dates"]


def test_a_row_without_a_close_is_dropped_and_its_distribution_kept(raw: Raw) -> None:
    text = "Date,Close,Dividends\n2024-01-02,10,0\n2024-01-03,,0.5\n2024-01-04,11,0\n2024-01-05,NaN,0.25\n"
    file = read_prices(raw(text), "IWM")
    assert file.history.close.tolist() == [10, 11]
    assert file.history.distributions.tolist() == [0, 0.5]
    assert [(i.severity, i.code, i.where) for i in file.issues] == [("warning", "missing-close", "2024-01-03")]


@pytest.mark.parametrize("close", ["0", "-11.0"])
def test_a_close_that_no_price_can_be_holds_the_article(raw: Raw, close: str) -> None:
    file = read_prices(raw(YAHOO.replace(",11.0,", f",{close},")), "IWM")
    assert file.history.close.tolist() == [10, 10]
    assert [(i.severity, i.code, i.where) for i in file.issues] == [("error", "non-positive-close", "2024-01-03")]


def test_nothing_but_missing_closes_is_an_error(raw: Raw) -> None:
    with pytest.raises(DataError, match="No row has a positive close"):
        read_prices(raw("Date,Close,Dividends\n2024-01-02,,0\n"), "IWM")


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_content_raises_anything_but_a_data_error(content: bytes) -> None:
    try:
        read_prices(RawFile(Path("X.csv"), "X.csv", content), "X")
    except DataError:
        return


@given(st.data())
def test_no_damage_to_a_real_shape_raises_anything_but_a_data_error(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([text.encode() for text in SHAPES.values()])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
        if not content:
            return
    try:
        history = read_prices(RawFile(Path("IWM.csv"), "IWM.csv", bytes(content)), "IWM").history
    except DataError:
        return
    assert np.all(history.close > 0)


EUROPEAN = {
    "both": "Date;Close;Dividends\n2024-01-02;113,04;0,455\n2024-01-03;114,00;0,000\n",
    "three decimals": "Date;Close;Dividends\n2024-01-02;113,045;0\n2024-01-03;114,001;0\n",
    "dividends alone": "Date;Close;Dividends\n2024-01-02;113.04;0,455\n2024-01-03;114.00;0\n",
    "tabs": "Date\tClose\tDividends\n2024-01-02\t113,04\t0\n",
    "quoted": 'Date,Close,Dividends\n2024-01-02,"113,04",0\n',
}


@pytest.mark.parametrize("shape", EUROPEAN)
def test_a_decimal_comma_is_refused_and_never_read_as_thousands(raw: Raw, shape: str) -> None:
    with pytest.raises(DataError, match=r"IWM.csv:2: The comma in .* may be a decimal comma.* with a dot"):
        read_prices(raw(EUROPEAN[shape]), "IWM")


def test_a_line_with_more_cells_than_the_header_is_refused(raw: Raw) -> None:
    with pytest.raises(DataError, match=r"IWM.csv:3: The line has 4 cells under a header of 3: a decimal comma"):
        read_prices(raw("Date,Close,Dividends\n2024-01-02,113,0\n2024-01-03,113,04,0\n"), "IWM")
    trailing = read_prices(raw("Date,Close,Dividends\n2024-01-02,113,0,\n2024-01-03,114,0,,\n"), "IWM")
    assert trailing.history.close.tolist() == [113, 114]


def test_thousands_may_be_separated_where_they_can_be_told(raw: Raw) -> None:
    quoted = 'Date,Close,Dividends\n2024-01-02,"1,113",0\n2024-01-03,"$1,114.50",0\n'
    assert read_prices(raw(quoted), "IWM").history.close.tolist() == [1113, 1114.5]
    semicolons = "Date;Close;Volume;Dividends\n2024-01-02;1,113.50;1,234,567;0\n"
    assert read_prices(raw(semicolons), "IWM").history.volume.tolist() == [1234567]


def test_carriage_returns_alone_end_lines(raw: Raw) -> None:
    assert read_prices(raw(YAHOO.replace("\n", "\r")), "IWM").history.close.tolist() == [10, 11, 10]


@pytest.mark.parametrize("factor", [1e-9, 1e-310, 1e12, 1e300])
def test_closes_that_no_price_can_be_are_refused(raw: Raw, factor: float) -> None:
    text = f"Date,Close,Dividends\n2024-01-02,{100 * factor!r},0\n2024-01-03,{101 * factor!r},0\n"
    with pytest.raises(DataError, match=r"No row has a positive close from 0\.0001 to"):
        read_prices(raw(text), "IWM")


def test_a_single_close_that_no_price_can_be_holds(raw: Raw) -> None:
    file = read_prices(raw(YAHOO.replace(",11.0,", ",1e300,")), "IWM")
    assert [(i.severity, i.code, i.where) for i in file.issues] == [("error", "implausible-close", "2024-01-03")]
    assert file.history.close.tolist() == [10, 10]


@pytest.mark.parametrize("adjusted", ["0", "-1", "inf", "1e300"])
def test_an_adjusted_close_that_no_price_can_be_is_refused(raw: Raw, adjusted: str) -> None:
    for text in (YAHOO, "Date,Close,Adj Close\n2024-01-02,10,9\n2024-01-03,11,10.45\n2024-01-04,10,10\n"):
        with pytest.raises(DataError, match=r"adjusted close of 2024-01-03 is .*, which no price can be"):
            read_prices(raw(text.replace("10.45", adjusted)), "IWM")


@pytest.mark.parametrize("volume", ["inf", "-5", "1e300"])
def test_a_volume_that_cannot_be_is_unknown_and_said(raw: Raw, volume: str) -> None:
    file = read_prices(raw(YAHOO.replace(",200,", f",{volume},")), "IWM")
    assert np.isnan(file.history.volume).tolist() == [False, True, False]
    assert [(i.severity, i.code, i.where) for i in file.issues] == [("warning", "implausible-volume", "2024-01-03")]


@pytest.mark.parametrize("day", ["1492-10-12", "0001-01-01", "9999-12-31", "1899-12-31", "2100-01-01"])
def test_days_of_other_ages_are_refused_with_their_line(raw: Raw, day: str) -> None:
    with pytest.raises(DataError, match=rf"IWM.csv:3: '{day}' lies outside the years 1900 to 2099"):
        read_prices(raw(YAHOO.replace("2024-01-03", day)), "IWM")


def test_a_split_coefficient_that_cannot_be_is_refused(raw: Raw) -> None:
    text = SHAPES["alpha_vantage"].replace("0.55,1.0", "0.55,1e9")
    with pytest.raises(DataError, match="split of 2024-01-04"):
        read_prices(raw(text), "IWM")
