"""Interest rates, spreads and volatility: FRED's tables of date and value, and the Treasury bill's discount."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np

from reportgen.errors import DataError
from reportgen.model import DatedSeries, FloatArray, Unit
from reportgen.sources._days import DayError, parse_days
from reportgen.sources._raw import RawFile, refuse_markup
from reportgen.sources._values import number_in, shown

BILL = "^IRX"
THREE_MONTHS = "DGS3MO"
# What files of this beginning hold: our name, unit, and what divides the printed values.
KNOWN: Mapping[str, tuple[str, Unit, float]] = {
    "DGS3MO": (THREE_MONTHS, "fraction", 100.0),
    "DGS10": ("DGS10", "fraction", 100.0),
    "VIXCLS": ("VIX", "ratio", 1.0),
    "BAMLH0A0HYM2": ("HY_OAS", "fraction", 100.0),
}
PLAIN: Mapping[str, str] = {
    THREE_MONTHS: "3-month Treasury yield (DGS3MO)",
    BILL: "13-week Treasury bill (^IRX)",
    "DGS10": "10-year Treasury yield (DGS10)",
    "VIX": "Cboe Volatility Index (VIXCLS)",
    "HY_OAS": "ICE BofA US High Yield spread (BAMLH0A0HYM2)",
}
"""What a series is, with the code under which it is known, as the table of sources names it."""


def known_rate(stem: str) -> tuple[str, Unit, float] | None:
    """What a file of that name holds, if it is a known series: DGS10, or BAMLH0A0HYM2_2023_2026-04."""
    name = stem.upper().split("_")[0]
    return KNOWN.get(name)


_MISSING = frozenset({"", ".", "NaN", "nan", "#N/A"})
_BILL_DAYS = 91.0
# The highest of the rates read was 17% in 1981, the widest spread 22% in 2008; slightly negative ones are real.
_LEAST_RATE, _LARGEST_RATE = -0.05, 0.3
_LARGEST_INDEX = 1000.0


def read_rate(raw: RawFile, name: str, unit: Unit, divisor: float) -> DatedSeries:
    """A series of FRED's shape; days without a value are left out.

    Raises DataError for a broken table, and for a value that no rate has, with its line.
    """
    refuse_markup(raw)
    reader = csv.reader(io.StringIO(raw.text))
    texts, lines, values = [], [], []
    for row in reader:
        if reader.line_num == 1 or not any(row):
            continue
        if len(row) < 2:
            raise raw.error("The line has no value.", line=reader.line_num, fix="Download the file again.")
        if row[1].strip() in _MISSING:
            continue
        texts.append(row[0].strip())
        lines.append(reader.line_num)
        value = number_in(row[1].strip())
        if value is None:
            raise raw.error(f"{shown(row[1])} is not a number.", line=reader.line_num, fix="Correct the line.")
        if not _is_sane(value / divisor, unit):
            raise _wild(raw, f"{shown(row[1].strip())}", reader.line_num, unit)
        values.append(value / divisor)
    if not texts:
        raise raw.error("The table has no values.", fix="Download it again or remove it.")
    try:
        days = parse_days(texts)
    except DayError as error:
        raise raw.error(error.what, line=lines[error.position]) from None
    if np.any(np.diff(days) <= np.timedelta64(0, "D")):
        raise raw.error("The dates do not rise from line to line.", fix="Sort the table by date.")
    return DatedSeries(name, days, np.array(values), unit, raw.name)


def read_bill(raw: RawFile) -> DatedSeries:
    """The 13-week bill's yield from a price file of its discount rate in percent; days without a value are left out.

    Zero and negative discounts are real: there were some in March 2020. Raises DataError for one that no bill has.
    """
    from reportgen.sources._prices import read_columns

    days, columns = read_columns(raw, BILL)
    discount = columns.get("close", columns.get("adjusted"))
    assert discount is not None
    known = ~np.isnan(discount)
    wild = np.flatnonzero(known & ~((discount / 100 >= _LEAST_RATE) & (discount / 100 <= _LARGEST_RATE)))
    if wild.size:
        day = str(days[wild[0]])
        raise _wild(raw, f"{discount[wild[0]]:g} on {day}", _line_of(raw, day), "fraction")
    order = np.argsort(days[known], kind="stable")
    found, first = np.unique(days[known][order], return_index=True)
    values = discount_to_yield(discount[known][order][first] / 100)
    return DatedSeries(BILL, found, values, "fraction", raw.name)


def _is_sane(value: float, unit: Unit) -> bool:
    return _LEAST_RATE <= value <= _LARGEST_RATE if unit == "fraction" else 0 <= value <= _LARGEST_INDEX


def _wild(raw: RawFile, what: str, line: int | None, unit: Unit) -> DataError:
    wanted = (
        f"a rate in percent a year, from {100 * _LEAST_RATE:g} to {100 * _LARGEST_RATE:g}"
        if unit == "fraction"
        else f"an index from 0 to {_LARGEST_INDEX:g}"
    )
    return raw.error(f"The value {what} is not {wanted}.", line=line, fix="Correct or remove the line.")


def _line_of(raw: RawFile, day: str) -> int | None:
    """The line of a text file that begins with the day, if one does."""
    if raw.content.startswith(b"PAR1"):
        return None
    return next((i for i, line in enumerate(raw.text.split("\n"), start=1) if line.startswith(day)), None)


def discount_to_yield(discount: FloatArray) -> FloatArray:
    """The bond-equivalent yield of a 13-week bill from its bank discount rate, both as fractions a year.

    365 d / (360 - 91 d): the discount is of face value and a year of 360 days. Reference: 31 CFR 356, Appendix B.
    """
    converted: FloatArray = 365.0 * discount / (360.0 - _BILL_DAYS * discount)
    return converted
