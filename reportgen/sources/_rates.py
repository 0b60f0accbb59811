"""Interest rates, spreads and volatility: FRED's tables of date and value, and the Treasury bill's discount."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np

from reportgen.model import DatedSeries, FloatArray, Unit
from reportgen.sources._days import DayError, parse_days
from reportgen.sources._raw import RawFile, refuse_markup

BILL = "^IRX"
THREE_MONTHS = "DGS3MO"
# What files of this beginning hold: our name, unit, and what divides the printed values.
KNOWN: Mapping[str, tuple[str, Unit, float]] = {
    "DGS3MO": (THREE_MONTHS, "fraction", 100.0),
    "DGS10": ("DGS10", "fraction", 100.0),
    "VIXCLS": ("VIX", "ratio", 1.0),
    "BAMLH0A0HYM2": ("HY_OAS", "fraction", 100.0),
}


def known_rate(stem: str) -> tuple[str, Unit, float] | None:
    """What a file of that name holds, if it is a known series: DGS10, or BAMLH0A0HYM2_2023_2026-04."""
    name = stem.upper().split("_")[0]
    return KNOWN.get(name)


_MISSING = frozenset({"", ".", "NaN", "nan", "#N/A"})
_BILL_DAYS = 91.0


def read_rate(raw: RawFile, name: str, unit: Unit, divisor: float) -> DatedSeries:
    """A series of FRED's shape; days without a value are left out. Raises DataError for a broken table."""
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
        try:
            values.append(float(row[1]) / divisor)
        except ValueError:
            raise raw.error(f"{row[1]!r} is not a number.", line=reader.line_num) from None
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

    Zero and negative discounts are real: there were some in March 2020.
    """
    from reportgen.sources._prices import read_columns

    days, columns = read_columns(raw, BILL)
    discount = columns.get("close", columns.get("adjusted"))
    assert discount is not None
    known = np.isfinite(discount)
    order = np.argsort(days[known], kind="stable")
    found, first = np.unique(days[known][order], return_index=True)
    values = discount_to_yield(discount[known][order][first] / 100)
    return DatedSeries(BILL, found, values, "fraction", raw.name)


def discount_to_yield(discount: FloatArray) -> FloatArray:
    """The bond-equivalent yield of a 13-week bill from its bank discount rate, both as fractions a year.

    365 d / (360 - 91 d): the discount is of face value and a year of 360 days. Reference: 31 CFR 356, Appendix B.
    """
    converted: FloatArray = 365.0 * discount / (360.0 - _BILL_DAYS * discount)
    return converted
