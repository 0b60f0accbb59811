"""Holdings files as issuers write them, with the traps that real ones hold."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import DataError
from reportgen.model import Holdings
from reportgen.sources._raw import RawFile
from reportgen.sources.holdings import read_holdings

Raw = Callable[..., RawFile]

ISHARES = (
    "\ufeffiShares Sample ETF\n"
    'Fund Holdings as of,"May 05, 2026"\n'
    'Inception Date,"May 22, 2000"\n'
    'Stock,"-"\n'
    "\u00a0\n"
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price\n"
    '"BBB","SECOND CORP","Communication","Equity","39,999.00","40.00","39,999.00","10.00","1"\n'
    '"AAA","FIRST, INC CLASS A","Industrials","Equity","59,000.00","59.00","59,000.00","10.00","1"\n'
    '"XTSLA","CASH FUND","Cash and/or Derivatives","Money Market","1,000.00","1.00","1","1","1"\n'
    '"-","ESCROW","Health Care","Equity","1.00","0.00","1","1","1"\n'
    '"AAA","FIRST, INC CLASS B","Industrials","Equity","0.00","0.00","1","1","1"\n'
    '"RTYM6","INDEX FUTURE","Cash and/or Derivatives","Futures","0.00","0.00","285,004,710.00","1","1"\n'
    "\u00a0\n"
    '"The content contained herein is owned,\nand so on over ""several"" lines."\n'
    "Holdings subject to change.\n"
)
INVESCO = """Fund Ticker,Security Identifier,Holding Ticker,MarketValue,Weight,Name,Class of Shares,Sector,Date
QQQ,111111111,AAA ,"60,000.00",60.000,First Corp,Common Stock,Information Technology,09/06/2025
QQQ,222222222,BBB ,"39,000.00",39.000,Second PLC ADR,American Depository Receipt,Utilities,09/06/2025
QQQ,-,- ,"1,000.00",1.000,Cash,Currency,-,09/06/2025
"""
PLAIN = "Name,Ticker,Weight,Sector,Date\nFirst,AAA,0.6,Energy,2026-01-05\nSecond,BBB,0.4,Utilities,2026-01-05\n"


def read(file: RawFile, ticker: str = "IWM") -> Holdings:
    return read_holdings(file, ticker).holdings


def test_ishares(raw: Raw) -> None:
    holdings = read(raw(ISHARES))
    assert (holdings.as_of, holdings.scope, holdings.taxonomy) == (date(2026, 5, 5), "full", "GICS")
    assert [row.name for row in holdings.rows][:3] == ["FIRST, INC CLASS A", "SECOND CORP", "CASH FUND"]
    assert [row.is_equity for row in holdings.rows] == [True, True, False, True, True, False]
    assert holdings.rows[1].sector == "Communication Services"
    escrow = holdings.rows[3]
    assert (escrow.ticker, escrow.market_value) == (None, 1.0)
    # the printed weight of the escrow line is 0.00; its market value says more
    assert escrow.weight == pytest.approx(1.0 / 100_000)
    assert sum(row.weight for row in holdings.rows) == pytest.approx(1.0)


def test_invesco_table(raw: Raw) -> None:
    holdings = read(raw(INVESCO), "QQQ")
    assert (holdings.as_of, holdings.taxonomy) == (date(2025, 9, 6), "GICS")
    assert [(row.ticker, row.cusip, row.is_equity) for row in holdings.rows] == [
        ("AAA", "111111111", True),
        ("BBB", "222222222", True),
        (None, None, False),
    ]


def test_invesco_json(raw: Raw) -> None:
    lines = [
        {
            "ticker": "AAA",
            "issuerName": "First",
            "percentageOfTotalNetAssets": 60.0,
            "securityTypeName": "Common Stock",
        },
        {"ticker": "BBB", "issuerName": "Second", "percentageOfTotalNetAssets": 40.0, "sectorName": "Energy"},
    ]
    data = {"effectiveDate": "2026-03-26", "totalNumberOfHoldings": 2, "holdings": lines}
    holdings = read(raw(json.dumps(data), "QQQ.csv"), "QQQ")
    assert holdings.as_of == date(2026, 3, 26)
    assert [(row.ticker, row.weight, row.sector) for row in holdings.rows] == [
        ("AAA", 0.6, None),
        ("BBB", 0.4, "Energy"),
    ]
    with pytest.raises(DataError, match="names 3 holdings and lists 2"):
        read(raw(json.dumps({**data, "totalNumberOfHoldings": 3})), "QQQ")


@pytest.mark.parametrize(
    "text",
    [PLAIN, PLAIN.replace("0.6", "60").replace("0.4", "40"), PLAIN.replace("0.6", '"60.0%"').replace("0.4", "40.0%")],
)
def test_a_plain_table_in_fractions_or_percent(raw: Raw, text: str) -> None:
    holdings = read(raw(text))
    assert [(row.ticker, row.weight) for row in holdings.rows] == [("AAA", 0.6), ("BBB", 0.4)]
    assert holdings.as_of == date(2026, 1, 5)


def test_the_day_of_a_plain_table_may_stand_in_its_name(raw: Raw) -> None:
    text = "Ticker,Weight\nAAA,0.6\nBBB,0.4\n"
    assert read(raw(text, "IWM_2026-02-03.csv")).as_of == date(2026, 2, 3)
    with pytest.raises(DataError, match="put the day into the file's name"):
        read(raw(text))


def workbook(rows: list[list[str]]) -> bytes:
    """A workbook with text in every cell, as State Street writes it."""

    def cell(row: int, column: int, text: str) -> str:
        return f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'

    lines = "".join(
        f'<row r="{i}">{"".join(cell(i, j, text) for j, text in enumerate(row) if text)}</row>'
        for i, row in enumerate(rows, start=1)
        if row
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return content.getvalue()


SSGA = [
    ["Fund Name:", "Sample ETF Trust"],
    ["Ticker Symbol:", "SPY"],
    ["Holdings:", "As of 07-Feb-2025"],
    [],
    ["Name", "Ticker", "Identifier", "SEDOL", "Weight", "Sector", "Shares Held", "Local Currency"],
    ["FIRST   CORP", "AAA", "037833100", "2046251", "60.1", "-", "1.85E8", "USD"],
    ["SECOND CORP", "BF.B", "67066G104", "2379504", "39.9", "-", "3.01E8", "USD"],
    ["US DOLLAR", "-", "CASH_USD", "-", "0.246", "-", "1", "USD"],
    [],
    ["Past performance is not a reliable indicator of future performance."],
]


def test_ssga_workbook(raw: Raw) -> None:
    holdings = read(raw(workbook(SSGA), "SPY.xlsx"), "SPY")
    assert holdings.as_of == date(2025, 2, 7)
    assert [row.name for row in holdings.rows] == ["FIRST CORP", "SECOND CORP", "US DOLLAR"]
    assert [row.weight for row in holdings.rows] == pytest.approx([0.601, 0.399, 0.00246])
    assert [row.is_equity for row in holdings.rows] == [True, True, False]
    assert holdings.taxonomy is None


def test_the_workbook_of_another_fund_is_refused(raw: Raw) -> None:
    with pytest.raises(DataError, match="of the fund SPY, not of QQQ"):
        read(raw(workbook(SSGA), "QQQ.xlsx"), "QQQ")


NPORT = """
<?xml version="1.0" encoding="UTF-8"?>
<edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData>
<genInfo><repPdEnd>2023-06-30</repPdEnd><repPdDate>2022-12-31</repPdDate></genInfo>
<invstOrSecs>
<invstOrSec><name>FIRST</name><title>First Corp</title><cusip>111111111</cusip>
<identifiers><isin value="US1111111111"/></identifiers><valUSD>600</valUSD>
<pctVal>60.0</pctVal><assetCat>EC</assetCat></invstOrSec>
<invstOrSec><name>SECOND</name><title>N/A</title><cusip>N/A</cusip>
<identifiers><ticker value="BBB"/></identifiers><valUSD>390</valUSD>
<pctVal>39.0</pctVal><assetCat>DBT</assetCat></invstOrSec>
</invstOrSecs></formData></edgarSubmission>
"""


def test_nport(raw: Raw) -> None:
    holdings = read(raw(NPORT, "X.xml"), "X")
    assert holdings.as_of == date(2022, 12, 31)
    assert [(row.name, row.weight, row.ticker, row.cusip, row.isin, row.is_equity) for row in holdings.rows] == [
        ("First Corp", 0.6, None, "111111111", "US1111111111", True),
        ("SECOND", 0.39, "BBB", None, None, False),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!DOCTYPE html><html><head><title>Sign in</title></head></html>", 'HTML page titled "Sign in", not a table'),
        ("  <html><body>maintenance</body></html>", "HTML page, not a table"),
        ('{"error": 404}', "JSON, not a table"),
        ('{"effectiveDate": "2026-01-01", "holdings": [', "not JSON, or are cut off"),
        ("a,b,c\n1,2,3\n", "no holdings file of a known format"),
        (ISHARES.replace("59,000.00", "lots"), "IWM.csv:8: 'lots' is not a number in the column Market Value"),
        (ISHARES.replace('"59.00"', '"9.00"'), "weights sum to 50.0%"),
        (ISHARES.replace("Fund Holdings as of", "Fund"), "dates the holdings"),
        (ISHARES[: ISHARES.index('"BBB"')], "no lines of holdings"),
        (INVESCO, "IWM.csv:2: The line is of the fund QQQ, not of IWM"),
        (PLAIN.replace("0.6", "6"), "weights sum to 640.0%"),
        (PLAIN.replace("0.4", "nan"), "'nan' is not a number"),
        (NPORT.replace("39.0", "3.0"), "weights sum to 63.0%"),
        (NPORT.replace("<invstOrSecs>", "<broken>"), "XML is broken"),
        (NPORT.replace("<edgar", '<!DOCTYPE a [<!ENTITY a "aaaa">]><edgar', 1), "declares entities"),
        (b"PK\x03\x04 and then nothing", "workbook is broken"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(raw: Raw, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(raw(content))


def test_a_day_that_changes_within_an_invesco_file_is_refused(raw: Raw) -> None:
    with pytest.raises(DataError, match="does not name one day"):
        read(raw(INVESCO.replace("09/06/2025", "09/05/2025", 1)), "QQQ")


def test_values_that_contradict_the_printed_weights_are_said(raw: Raw) -> None:
    file = read_holdings(raw(INVESCO.replace("60,000.00", "30,000.00")), "QQQ")
    assert [(i.severity, i.code, i.where) for i in file.issues] == [("error", "weights-differ", "2025-09-06")]
    assert "IWM.csv" in file.issues[0].message


def test_a_small_difference_is_a_warning(raw: Raw) -> None:
    table = "Name,Ticker,Weight,Market Value,Date\nA,AA,60.0,61000,2026-03-26\nB,BB,40.0,39000,2026-03-26\n"
    (issue,) = read_holdings(raw(table), "QQQ").issues
    assert (issue.severity, issue.code, issue.where) == ("warning", "weights-differ", "2026-03-26")


@pytest.mark.parametrize("cell", ['"60,5"', '"0,605"', "1e308", "6_0"])
def test_a_weight_that_cannot_be_told_is_refused(raw: Raw, cell: str) -> None:
    with pytest.raises(DataError, match=r":2: .* is not a number in the column weight"):
        read_holdings(raw(f"Name,Ticker,Weight,Date\nA,AA,{cell},2026-03-26\nB,BB,40,2026-03-26\n"), "QQQ")


@pytest.mark.parametrize("value", ["1" + 400 * "0", "1e300", "NaN", "true"])
def test_numbers_in_json_that_no_holding_has_are_refused(raw: Raw, value: str) -> None:
    text = '{"effectiveDate": "2026-01-02", "holdings": [{"issuerName": "A", "percentageOfTotalNetAssets": %s}]}'
    with pytest.raises(DataError, match="Holding 1 has"):
        read_holdings(raw(text % value), "QQQ")


def test_names_hold_nothing_that_cannot_be_seen(raw: Raw) -> None:
    table = "Name,Ticker,Sector,Weight,Date\nA\u202e\x07 Corp,AA,Ener\u2066gy,100,2026-03-26\n"
    (row,) = read_holdings(raw(table), "QQQ").holdings.rows
    assert (row.name, row.sector) == ("A Corp", "Energy")


@given(st.data())
def test_no_damage_raises_anything_but_a_data_error(data: st.DataObject) -> None:
    shapes = [text.encode() for text in (ISHARES, INVESCO, PLAIN, NPORT)] + [workbook(SSGA)]
    content = bytearray(data.draw(st.sampled_from(shapes)))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
        if not content:
            return
    try:
        holdings = read_holdings(RawFile(Path("QQQ.csv"), "QQQ.csv", bytes(content)), "QQQ").holdings
    except DataError:
        return
    assert 0.9 <= sum(row.weight for row in holdings.rows) <= 1.1


@pytest.mark.parametrize("encoding", ["UTF-8000000.0", "utf-7", "shift_jis"])
def test_an_encoding_that_nobody_knows_is_broken_xml(encoding: str, raw: Raw) -> None:
    with pytest.raises(DataError, match=r"The XML (is broken|declares)"):
        read(raw(NPORT.replace('encoding="UTF-8"', f'encoding="{encoding}"').replace("FIRST", "\u00fcber"), "x.xml"))


def test_a_workbook_whose_parts_do_not_unpack_is_broken(raw: Raw) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet>" + "ab" * 500 + "</worksheet>")
    damaged = bytearray(content.getvalue())
    damaged[60:70] = b"\xff" * 10
    with pytest.raises(DataError, match="The workbook is broken"):
        read(raw(bytes(damaged), "SPY.xlsx"), "SPY")
