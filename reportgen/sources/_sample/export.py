"""Writes the sample as a data folder: prices, fund facts, holdings and rates in the forms that providers serve."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from reportgen.errors import WriteError
from reportgen.formatting import long_date
from reportgen.model import FloatArray, Fund, Holding, Holdings, PriceHistory
from reportgen.sources._marker import FILE_NAME
from reportgen.sources._sample.noise import daily_normals
from reportgen.sources._sample.simulation import FACTS_DAY, TERMS, Sample

_NOTE = f"""# Everything in this folder is simulated sample data, written by `reportgen demo --export-data`.
# The funds' names are known ones; no figure is theirs. Nothing here may be published as fact.
provider = "Simulated sample"
simulated = true
publishable = true
terms = "{TERMS}"
"""
_PARTS = ("prices", "fund_facts", "holdings")
_RATE = "DGS3MO"
_TABLE = re.compile(r"^\[(.+)\]$", re.MULTILINE)


def write(sample: Sample, folder: Path) -> tuple[Path, ...]:
    """Writes every file of the sample below `folder`, which is made; gives their paths.

    All is written aside within the folder and then moved, so that a full disk leaves what was there before. An earlier
    export is replaced as a whole; a folder that holds anything else is left alone. Raises WriteError.
    """
    texts = dict(_texts(sample))
    building = folder / f".new-{os.getpid()}"
    try:
        earlier = _earlier(folder)
        made = not folder.exists()
        try:
            for name, text in texts.items():
                _write(building / name, text)
            _replace(folder, building, earlier)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            if made and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(
            f"The sample cannot be written: {reason}.", where=str(folder), fix="Name another folder."
        ) from None
    return tuple(folder / name for name in texts)


def _earlier(folder: Path) -> tuple[Path, ...]:
    """The files of an earlier export. Raises WriteError where there is anything that an export did not write."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path, folder)]
    if not found:
        return ()
    if not _is_export(folder):
        raise WriteError("The folder is not empty.", where=str(folder), fix="Name a new folder for the simulated data.")
    table = folder / "funds.toml"
    told = _TABLE.findall(table.read_text(encoding="utf-8")) if table.is_file() else []
    for path in found:
        parts = path.relative_to(folder).parts
        is_ours = parts[0] in _PARTS and len(parts) == 2 and path.stem.split("_")[0] in told
        if not (is_ours or path.relative_to(folder).as_posix() in (FILE_NAME, "funds.toml", f"rates/{_RATE}.csv")):
            what = f"{path.relative_to(folder)} is no file of an earlier export."
            raise WriteError(what, where=str(folder), fix="Move it away, or name a new folder.")
    return tuple(found)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _replace(folder: Path, building: Path, earlier: tuple[Path, ...]) -> None:
    """Moves the new files over the old ones, the marker first, and removes what has no successor."""
    new = [path.relative_to(building) for path in building.rglob("*") if path.is_file()]
    for name in sorted(new, key=lambda name: (name.name != FILE_NAME, name)):
        (folder / name).parent.mkdir(exist_ok=True)
        (building / name).replace(folder / name)
    for path in earlier:
        if path.relative_to(folder) not in new:
            path.unlink()
    for stale in folder.glob(".new-*"):
        shutil.rmtree(stale)


def _is_export(folder: Path) -> bool:
    marker = folder / FILE_NAME
    return marker.is_file() and marker.read_bytes() == _NOTE.encode()


def _texts(sample: Sample) -> Iterator[tuple[str, str]]:
    """The name and the text of each file."""
    yield FILE_NAME, _NOTE
    yield "funds.toml", "\n".join(_identity(fund) for fund in sample.funds.values())
    for ticker, history in sample.histories.items():
        yield f"prices/{ticker}.csv", price_table(history)
    for ticker, fund in sample.funds.items():
        yield f"fund_facts/{ticker}.json", fund_json(fund)
    for ticker, holdings in sample.holdings.items():
        shape = invesco_table if sample.funds[ticker].issuer == "Invesco" else ishares_table
        yield f"holdings/{ticker}_{holdings.as_of}.csv", shape(sample.funds[ticker], holdings)
    rates = sample.risk_free
    rows = (f"{day},{100 * rate:.2f}" for day, rate in zip(rates.dates, rates.values.tolist(), strict=True))
    yield f"rates/{rates.name}.csv", "\n".join(["date,value", *rows, ""])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def price_table(history: PriceHistory) -> str:
    """The history in the columns of a Yahoo download, the days' other prices drawn around the closes."""
    opening, high, low = _bars(history)
    columns = (
        np.datetime_as_string(history.dates, unit="D").tolist(),
        *([f"{price:.4f}" for price in prices.tolist()] for prices in (opening, high, low, history.close)),
        [f"{price:.6f}" for price in adjusted_close(history).tolist()],
        [f"{shares:.0f}" for shares in history.volume.tolist()],
        [f"{paid:.4f}" for paid in history.distributions.tolist()],
    )
    rows = (",".join(row) for row in zip(*columns, strict=True))
    return "\n".join(["Date,Open,High,Low,Close,AdjClose,Volume,Dividends", *rows, ""])


def adjusted_close(history: PriceHistory) -> FloatArray:
    """Closes times the product of 1 - distribution / close before it over all later ex-dates, as Yahoo has them."""
    factors = np.ones_like(history.close)
    factors[:-1] = 1.0 - history.distributions[1:] / history.close[:-1]
    adjusted: FloatArray = history.close * np.cumprod(factors[::-1])[::-1]
    return adjusted


def _bars(history: PriceHistory) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Opening, highest and lowest prices that fit the closes."""
    before = np.concatenate([history.close[:1], history.close[:-1]])
    move = np.abs(np.log(history.close / before))
    reach = 0.004 + 0.3 * move
    gap, above, below = (daily_normals(f"{which} {history.ticker}", history.dates) for which in ("open", "high", "low"))
    opening = before * np.exp(0.3 * reach * gap)
    high = np.maximum(opening, history.close) * np.exp(0.3 * reach * np.abs(above))
    low = np.minimum(opening, history.close) * np.exp(-0.3 * reach * np.abs(below))
    return opening, high, low


def _identity(fund: Fund) -> str:
    """The fund's table in funds.toml, for what Yahoo's words do not hold: the index."""
    names = ("name", "issuer", "index", "category", "asset_class")
    words = [f"{name} = {json.dumps(getattr(fund, name))}" for name in names]
    return "\n".join([f"[{fund.ticker}]", *words, f"inception = {fund.inception}", ""])


def fund_json(fund: Fund) -> str:
    """The fund's facts as Yahoo words them: expenseRatio in percent points, yield a fraction, the day in fetchedAt."""
    began = fund.inception
    facts = {
        "ticker": fund.ticker,
        "longName": fund.name,
        "category": fund.category,
        "fundFamily": fund.issuer,
        "totalAssets": fund.facts["net_assets"].value,
        "expenseRatio": round(100.0 * _number(fund, "expense_ratio"), 6),
        "yield": fund.facts["provider_yield"].value,
        "fundInceptionDate": datetime(began.year, began.month, began.day, tzinfo=UTC).timestamp() if began else None,
        "fetchedAt": f"{FACTS_DAY}T22:00:00",
    }
    return json.dumps(facts, indent=2) + "\n"


def _number(fund: Fund, name: str) -> float:
    value = fund.facts[name].value
    if not isinstance(value, float):
        raise TypeError(f"{fund.ticker}: {name} is not a number: {value!r}")
    return value


def ishares_table(fund: Fund, holdings: Holdings) -> str:
    """The portfolio in the form of an iShares file: preamble, quoted rows, weights to a hundredth of a percent."""
    preamble = [
        f"\ufeff{fund.name}",
        f'Fund Holdings as of,"{long_date(holdings.as_of)}"',
        "\u00a0",
        "Ticker,Name,Sector,Asset Class,Market Value,Weight (%)",
    ]
    rows = (
        (
            row.ticker or "-",
            row.name,
            row.sector or "-",
            "Equity" if row.is_equity else "Cash",
            f"{_value(row):,.2f}",
            f"{100 * row.weight:.2f}",
        )
        for row in holdings.rows
    )
    return "\n".join(preamble) + "\n" + _quoted(rows)


def invesco_table(fund: Fund, holdings: Holdings) -> str:
    """The portfolio in the form of an Invesco file: the fund in every row, weights in percent, tickers with a blank."""
    header = "Fund Ticker,Security Identifier,Holding Ticker,Shares/Par Value,MarketValue,Weight,Name,Class of Shares,"
    rows = (
        (
            fund.ticker,
            "-",
            f"{row.ticker or '-'} ",
            "-",
            f"{_value(row):,.2f}",
            f"{100 * row.weight:.3f}",
            row.name,
            "Common Stock" if row.is_equity else "Currency",
            row.sector or "-",
            f"{holdings.as_of:%m/%d/%Y}",
        )
        for row in holdings.rows
    )
    return f"{header}Sector,Date\n" + _quoted(rows)


def _value(row: Holding) -> float:
    if row.market_value is None:
        raise ValueError(f"{row.name} has no market value")
    return row.market_value


def _quoted(rows: Iterator[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue()
