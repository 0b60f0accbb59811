"""Measurements as the dictionary of facts.json, and back. `facts.schema.json` beside this file describes it.

A round trip keeps every fact and series. Dates are ISO texts; a detail that reads as an ISO date is one, every other
text stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from typing import Any

import numpy as np

from reportgen.model._common import Scalar
from reportgen.model.data import SourceRecord
from reportgen.model.facts import Fact, Interval, Measurements, MetricSpec, Series, Window

SCHEMA = 1
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Document = dict[str, Any]


def schema() -> Document:
    """The JSON Schema (draft 2020-12) that every facts.json keeps."""
    loaded: Document = json.loads(files("reportgen.model").joinpath("facts.schema.json").read_text(encoding="utf-8"))
    return loaded


def in_lines(document: Mapping[str, object]) -> bytes:
    """A document as JSON that people can read and compare: each entry of its lists and tables on a line of its own.

    Ten times as fast as json's own indentation, which is written in Python.
    """
    return (
        "{\n" + ",\n".join(f"{_ENCODE(name)}: {_entries(value)}" for name, value in document.items()) + "\n}\n"
    ).encode()


def _entries(value: object) -> str:
    if isinstance(value, list | tuple) and value:
        return "[\n " + ",\n ".join(map(_ENCODE, value)) + "\n]"
    if isinstance(value, Mapping) and value:
        return "{\n " + ",\n ".join(f"{_ENCODE(str(name))}: {_ENCODE(entry)}" for name, entry in value.items()) + "\n}"
    return _ENCODE(value)


def to_json(measurements: Measurements, sources: Sequence[SourceRecord] = ()) -> Document:
    """All facts and series, in table order, with the sources that the facts name."""
    return {
        "schema": SCHEMA,
        "as_of": measurements.as_of.isoformat(),
        "funds": list(measurements.tickers),
        "sources": [{name: _plain(value) for name, value in asdict(record).items()} for record in sources],
        "facts": [_fact(fact) for fact in measurements],
        "series": [_series(series) for series in measurements.series.values()],
    }


def from_json(document: Mapping[str, Any], specs: Mapping[str, MetricSpec]) -> Measurements:
    """Read facts and series back; `specs` is the catalogue, with differences.

    Raises ValueError for another version of the schema and KeyError where a part is absent.
    """
    if document["schema"] != SCHEMA:
        raise ValueError(f"facts of schema {document['schema']!r}; this version reads schema {SCHEMA}")
    facts = [_read_fact(each) for each in document["facts"]]
    series = [_read_series(each) for each in document["series"]]
    return Measurements(
        date.fromisoformat(document["as_of"]),
        tuple(document["funds"]),
        {one.id: one for one in facts},
        {one.id: one for one in series},
        specs,
    )


def sources_from_json(document: Mapping[str, Any]) -> tuple[SourceRecord, ...]:
    """The sources that a document names."""
    return tuple(SourceRecord(**{**each, "as_of": _day(each["as_of"])}) for each in document["sources"])


def _fact(fact: Fact) -> Document:
    return {
        "id": fact.id,
        "subject": fact.subject,
        "second": fact.second,
        "metric": fact.metric,
        "key": fact.key,
        "window": _window(fact),
        "value": _plain(fact.value),
        "unit": fact.unit,
        "basis": fact.basis,
        "as_of": _plain(fact.as_of),
        "n": fact.n,
        "interval": asdict(fact.interval) if fact.interval else None,
        "missing": fact.missing,
        "details": {name: _plain(value) for name, value in fact.details.items()},
        "method": fact.method,
        "sources": list(fact.sources),
        **({"comparison": fact.comparison} if fact.comparison is not None else {}),
        **({"issue": fact.issue.isoformat()} if fact.issue is not None else {}),
    }


def _window(fact: Fact) -> Document | None:
    """The window, with its code alone where it cannot exist; None for a fact that has none."""
    if fact.window is None:
        return None if fact.code is None else {"code": fact.code, "start": None, "end": None}
    return {"code": fact.code, "start": fact.window.start.isoformat(), "end": fact.window.end.isoformat()}


def _series(series: Series) -> Document:
    return {
        "id": series.id,
        "label": series.label,
        "unit": series.unit,
        "dates": None if series.dates is None else np.datetime_as_string(series.dates, unit="D").tolist(),
        "x": None if series.x is None else series.x.tolist(),
        "values": series.values.tolist(),
    }


def _read_fact(given: Mapping[str, Any]) -> Fact:
    window = given["window"]
    interval = given["interval"]
    is_date = given["unit"] == "date"
    return Fact(
        subject=given["subject"],
        metric=given["metric"],
        unit=given["unit"],
        value=_day(given["value"]) if is_date else given["value"],
        missing=given["missing"],
        second=given["second"],
        key=given["key"],
        code=window and window["code"],
        window=_read_window(window),
        basis=given["basis"],
        as_of=_day(given["as_of"]),
        n=given["n"],
        interval=interval and Interval(**interval),
        details={name: _scalar(value) for name, value in given["details"].items()},
        method=given["method"],
        sources=tuple(given["sources"]),
        comparison=given.get("comparison"),
        issue=_day(given.get("issue")),
    )


def _read_window(given: Mapping[str, Any] | None) -> Window | None:
    if given is None or given["start"] is None:
        return None
    return Window(given["code"], date.fromisoformat(given["start"]), date.fromisoformat(given["end"]))


def _read_series(given: Mapping[str, Any]) -> Series:
    dates, x = given["dates"], given["x"]
    return Series(
        given["id"],
        given["label"],
        given["unit"],
        np.array(given["values"], dtype=np.float64),
        dates=None if dates is None else np.array(dates, dtype="datetime64[D]"),
        x=None if x is None else np.array(x, dtype=np.float64),
    )


def _plain(value: Scalar | bool) -> Scalar | bool:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _scalar(value: Scalar) -> Scalar:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    return value
