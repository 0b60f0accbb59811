"""A snapshot as a folder of plain files: saved with a manifest of hashes, and read back identically."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from reportgen._version import __version__
from reportgen.errors import DataError, Issue, WriteError
from reportgen.model import (
    ContextFunds,
    DateArray,
    DatedEvent,
    DatedSeries,
    Fund,
    FundFact,
    Holding,
    Holdings,
    PriceHistory,
    Snapshot,
    SourceRecord,
)
from reportgen.sources._raw import read_raw

SCHEMA = 1
MANIFEST = "manifest.json"
_PRICE_COLUMNS = ("close", "distributions", "volume")
_MANIFEST_FIELDS = (
    "as_of", "requested", "tickers", "context", "events", "issues", "sources", "simulated", "calendar_through",
)  # fmt: skip


def save_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Writes the snapshot to a new folder, all of it or nothing. Raises WriteError where that cannot be."""
    if folder.exists():
        raise WriteError(f"{folder} exists already.", fix="Name a new folder: snapshots are never overwritten.")
    parts = dict(_parts(snapshot))
    manifest = {
        "schema": SCHEMA,
        "version": __version__,
        "snapshot": _plain({name: getattr(snapshot, name) for name in _MANIFEST_FIELDS}),
        "parts": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    building = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    try:
        for name, content in {**parts, MANIFEST: _json(manifest)}.items():
            path = building / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        building.rename(folder)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise WriteError(f"The snapshot cannot be written to {folder}: {error.strerror}.") from None


def read_snapshot(folder: Path) -> Snapshot:
    """The snapshot of a folder. Raises DataError when a part is missing, or is not the one that was saved."""
    manifest = _object(read_raw(folder / MANIFEST, folder).text, MANIFEST)
    if manifest.get("schema") != SCHEMA:
        raise DataError(f"The snapshot is of schema {manifest.get('schema')}.", where=MANIFEST, fix="Fetch it again.")
    contents = {name: _checked(folder, name, sha256) for name, sha256 in manifest["parts"].items()}
    try:
        return _assembled(_records(manifest["snapshot"]), contents)
    except (KeyError, TypeError, ValueError) as error:
        what = f"The snapshot does not fit its schema: {error}."
        raise DataError(what, where=str(folder), fix="Fetch it again.") from None


def _parts(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    yield "funds.json", _json(_plain(dict(snapshot.funds)))
    yield "holdings.json", _json(_plain(dict(snapshot.holdings)))
    yield "sessions.csv", _table(snapshot.sessions, {})
    for ticker, history in snapshot.histories.items():
        columns = {name: getattr(history, name) for name in _PRICE_COLUMNS}
        yield f"prices/{ticker}.csv", _table(history.dates, columns)
    named = dict(snapshot.series)
    if snapshot.risk_free is not None:
        named["risk_free"] = snapshot.risk_free
    for name, series in named.items():
        yield f"series/{name}.csv", _table(series.dates, {"value": series.values})
    about = {t: _about(h) for t, h in snapshot.histories.items()}
    yield "histories.json", _json(about)
    yield "series.json", _json({n: {"name": s.name, "unit": s.unit, "source": s.source} for n, s in named.items()})


def _about(history: PriceHistory) -> dict[str, object]:
    return {
        "source": history.source,
        "known": history.distributions_known,
        "total return": history.total_return_closes,
    }


def _table(days: DateArray, columns: Mapping[str, Any]) -> bytes:
    # repr of a float is the shortest text that gives the same float back.
    rows = zip(days.astype(str).tolist(), *(values.tolist() for values in columns.values()), strict=True)
    lines = [",".join((day, *map(repr, values))) for day, *values in rows]
    return "\n".join([",".join(("date", *columns)), *lines, ""]).encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _plain(value: object) -> object:
    """As JSON values; a date becomes {"date": ...}, so that it is told from words."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return value


def _revived(value: object) -> object:
    """The opposite of `_plain`, but for the types of records; lists become tuples."""
    if isinstance(value, dict):
        if set(value) == {"date"} and isinstance(value["date"], str):
            return date.fromisoformat(value["date"])
        return {key: _revived(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return tuple(_revived(entry) for entry in value)
    return value


def _records(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _revived(entry) for key, entry in value.items()}


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(
            "The file is not JSON.", where=f"{name}:{error.lineno}", fix="Fetch the snapshot again."
        ) from None
    if not isinstance(value, dict):
        raise DataError("The file is not a JSON object.", where=name, fix="Fetch the snapshot again.")
    return value


def _checked(folder: Path, name: str, sha256: str) -> str:
    if ".." in name or name.startswith("/"):
        raise DataError(f"The manifest names {name}, which lies outside the snapshot.", where=MANIFEST)
    raw = read_raw(folder / name, folder)
    if raw.sha256 != sha256:
        raise raw.error("The file is not the one that was saved.", fix="Restore it, or fetch the snapshot again.")
    return raw.text


def _assembled(saved: dict[str, Any], contents: Mapping[str, str]) -> Snapshot:
    about = _object(contents["histories.json"], "histories.json")
    described = _object(contents["series.json"], "series.json")
    series = {name: _series(contents[f"series/{name}.csv"], told) for name, told in described.items()}
    funds = _records(_object(contents["funds.json"], "funds.json"))
    holdings = _records(_object(contents["holdings.json"], "holdings.json"))
    return Snapshot(
        as_of=saved["as_of"],
        requested=saved["requested"],
        tickers=saved["tickers"],
        context=ContextFunds(**saved["context"]),
        funds={ticker: _fund(told) for ticker, told in funds.items()},
        histories={t: _history(t, contents[f"prices/{t}.csv"], told) for t, told in about.items()},
        holdings={ticker: _holdings(told) for ticker, told in holdings.items()},
        risk_free=series.pop("risk_free", None),
        series=series,
        sessions=_columns(contents["sessions.csv"])[0],
        events=tuple(DatedEvent(**event) for event in saved["events"]),
        issues=tuple(Issue(**issue) for issue in saved["issues"]),
        sources=tuple(SourceRecord(**record) for record in saved["sources"]),
        simulated=saved["simulated"],
        calendar_through=saved["calendar_through"],
    )


def _fund(told: dict[str, Any]) -> Fund:
    return Fund(**{**told, "facts": {name: FundFact(**fact) for name, fact in told["facts"].items()}})


def _holdings(told: dict[str, Any]) -> Holdings:
    return Holdings(**{**told, "rows": tuple(Holding(**row) for row in told["rows"])})


def _history(ticker: str, text: str, told: Mapping[str, Any]) -> PriceHistory:
    days, (close, distributions, volume) = _columns(text)
    held = told.get("total return", False)
    return PriceHistory(ticker, days, close, distributions, volume, told["source"], told["known"], held)


def _series(text: str, told: Mapping[str, Any]) -> DatedSeries:
    days, (values,) = _columns(text)
    return DatedSeries(told["name"], days, values, told["unit"], told["source"])


def _columns(text: str) -> tuple[DateArray, list[Any]]:
    header = text[: text.index("\n")].split(",")
    kinds = [(name, "U10" if name == "date" else "f8") for name in header]
    table = np.loadtxt(io.StringIO(text), dtype=kinds, delimiter=",", skiprows=1, ndmin=1)
    return table["date"].astype("datetime64[D]"), [np.array(table[name]) for name in header[1:]]
