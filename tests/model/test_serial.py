"""facts.json: its shape, its schema, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from reportgen.model import Fact, Interval, Measurements, MetricSpec, Series, SourceRecord, Window
from reportgen.model.serial import from_json, in_lines, schema, sources_from_json, to_json

WINDOW = Window("5Y", date(2021, 3, 26), date(2026, 3, 27))
SPECS = {"max_drawdown": MetricSpec("max_drawdown", "Maximum drawdown", "fraction", 2, "risk", "f", "r")}
SOURCE = SourceRecord("prices", "Prices", "prices", publishable=False, terms="own use", sha256="ab", as_of=WINDOW.end)

DRAWDOWN = Fact(
    "QQQ", "max_drawdown", "fraction", -0.351224667292, code="5Y", window=WINDOW, as_of=WINDOW.end, n=1256,
    details={"peak": date(2021, 12, 27), "recovered": "not recovered", "depth": 3, "nothing": None},
    method="max_drawdown v1", sources=("prices",),
)  # fmt: skip
MISSING = Fact("A", "cagr", "fraction", missing="began 2024-03-01", second="B", key="x y", code="10Y", method="cagr v1")
TESTED = Fact(
    "A", "beta", "ratio", 1.0, code="5Y", window=WINDOW, method="beta v1",
    interval=Interval(0.5, 1.5, 0.95, "hac", None, 0.01),
)  # fmt: skip
BEGAN = Fact("A", "inception", "date", date(2000, 5, 22), method="inception v1", basis="stated by the provider")
WORD = Fact("A", "largest_sector", "text", "2024-01-01", method="largest_sector v1", basis="holdings")


def measurements(*facts: Fact) -> Measurements:
    series = (
        Series(
            "A/wealth/5Y", "A", "usd", np.array([1000.0, 1001.5]), dates=np.array(["2026-03-26", "2026-03-27"], "M8[D]")
        ),
        Series("A/concentration", "A", "fraction", np.array([0.0, 0.3]), x=np.array([0.0, 1.0])),
    )
    return Measurements(WINDOW.end, ("QQQ", "A"), {f.id: f for f in facts}, {s.id: s for s in series}, SPECS)


EVERY = measurements(DRAWDOWN, MISSING, TESTED, BEGAN, WORD)


VALIDATOR = Draft202012Validator(schema(), format_checker=FormatChecker())


def valid(document: object) -> None:
    VALIDATOR.validate(document)


def travelled(document: dict[str, Any]) -> dict[str, Any]:
    back: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    return back


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_a_fact_has_the_published_shape() -> None:
    assert to_json(measurements(DRAWDOWN))["facts"] == [
        {
            "id": "QQQ/max_drawdown/5Y",
            "subject": "QQQ",
            "second": None,
            "metric": "max_drawdown",
            "key": None,
            "window": {"code": "5Y", "start": "2021-03-26", "end": "2026-03-27"},
            "value": -0.351224667292,
            "unit": "fraction",
            "basis": "total return",
            "as_of": "2026-03-27",
            "n": 1256,
            "interval": None,
            "missing": None,
            "details": {"peak": "2021-12-27", "recovered": "not recovered", "depth": 3, "nothing": None},
            "method": "max_drawdown v1",
            "sources": ["prices"],
        }
    ]


def test_a_missing_fact_keeps_its_code_and_its_reason() -> None:
    told = to_json(measurements(MISSING))["facts"][0]
    assert (told["value"], told["missing"]) == (None, "began 2024-03-01")
    assert told["window"] == {"code": "10Y", "start": None, "end": None}
    assert told["id"] == "A:B/cagr[x y]/10Y"


def test_everything_comes_back() -> None:
    document = travelled(to_json(EVERY, [SOURCE]))
    valid(document)
    back = from_json(document, SPECS)
    assert [*back] == [*EVERY]
    assert (back.as_of, back.tickers, list(back.series)) == (EVERY.as_of, EVERY.tickers, list(EVERY.series))
    assert to_json(back, sources_from_json(document)) == document
    assert sources_from_json(document) == (SOURCE,)


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ.-^", min_size=1, max_size=8)


@given(names, numbers, st.dictionaries(names, numbers | st.dates() | st.none() | st.just("not recovered")))
def test_any_fact_comes_back(ticker: str, value: float, details: dict[str, Any]) -> None:
    fact = Fact(ticker, "max_drawdown", "fraction", value, code="5Y", window=WINDOW, details=details, method="m v1")
    document = travelled(to_json(measurements(fact)))
    valid(document)
    assert [*from_json(document, SPECS)] == [fact]


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = deepcopy(travelled(to_json(EVERY, [SOURCE])))
    change(document)
    return document


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("as_of"),
        lambda d: d.update(schema=2),
        lambda d: d.update(extra=1),
        lambda d: d["facts"][0].update(value=None),
        lambda d: d["facts"][0].update(missing="and yet a value"),
        lambda d: d["facts"][1].update(missing=None),
        lambda d: d["facts"][0].update(unit="percent"),
        lambda d: d["facts"][0].update(as_of="27.03.2026"),
        lambda d: d["facts"][0]["window"].update(code="2Y"),
        lambda d: d["facts"][0].update(n=-1),
        lambda d: d["facts"][0].pop("details"),
        lambda d: d["facts"][2]["interval"].update(p=1.2),
        lambda d: d["facts"][2]["interval"].update(method="none"),
        lambda d: d["sources"][0].update(kind="rumors"),
        lambda d: d["series"][0].update(values=["1"]),
    ],
)
def test_the_schema_refuses(change: Callable[[dict[str, Any]], object]) -> None:
    assert not VALIDATOR.is_valid(broken(change))


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="schema 2"):
        from_json(broken(lambda d: d.update(schema=2)), SPECS)


def test_a_document_in_lines_is_the_same_document() -> None:
    document = {
        "schema": 1,
        "none": None,
        "facts": [{"id": "Ä", "value": 0.1}, {"id": "b"}],
        "of": {"x": [1, 2]},
        "empty": [],
        "no": {},
    }
    written = in_lines(document)
    assert json.loads(written) == document
    assert written.decode().splitlines()[4:6] == [' {"id": "Ä", "value": 0.1},', ' {"id": "b"}']
    with pytest.raises(ValueError, match="JSON compliant"):
        in_lines({"facts": [float("nan")]})
