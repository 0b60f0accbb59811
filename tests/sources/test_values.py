"""Values from outside: which commas can be read, which numbers are finite, which characters a reader would not see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.sources._values import finite, number_in, shown, uppercase, words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("113.04", 113.04),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("1.2E-05", 1.2e-05),
        ("1,234", 1234.0),
        ("-1,234,567.5", -1234567.5),
        ("113,04", None),
        ("0,455", None),
        ("1.234,56", None),
        ("12,34,567", None),
        ("1234,567", None),
        ("1_000", None),
        ("١٢", None),
        ("", None),
        ("nan", None),
    ],
)
def test_a_comma_is_read_only_where_it_separates_thousands(text: str, value: float | None) -> None:
    assert number_in(text) == value


@pytest.mark.parametrize(("text", "value"), [("113,045", None), ("1,113.04", 1113.04), ("1,113,045", 1113045.0)])
def test_where_cells_are_not_separated_by_commas_a_single_one_could_be_either(text: str, value: float | None) -> None:
    assert number_in(text, commas_separate=False) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_printed_number_is_read_back(value: float) -> None:
    assert number_in(repr(value)) == value


@given(st.integers(0, 10**12))
def test_every_grouped_integer_is_read_back(value: int) -> None:
    assert number_in(f"{value:,}") == value


@pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf"), 10**400, [1]])
def test_what_is_no_finite_number_is_none(value: object) -> None:
    assert finite(value) is None


@given(st.text(st.characters()))
def test_words_hold_nothing_that_cannot_be_seen(text: str) -> None:
    cleaned = words(text)
    assert cleaned.isprintable()
    assert words(cleaned) == cleaned
    cleaned.encode()


def test_words_lose_marks_of_direction_controls_and_lone_surrogates() -> None:
    assert words("Fund\u202e x\u202c \u2066y\u2069\x07\nz \ud800") == "Fund x y z"


def test_only_ascii_is_raised() -> None:
    assert uppercase("spy") == "SPY"
    assert uppercase("\u017fpy") == "\u017fpy"


def test_a_value_is_quoted_in_a_line() -> None:
    for value in (10**400, 1 << 40000, "x" * 500, {"a": "\u202e" * 300}):
        assert len(shown(value)) <= 80
        assert shown(value).isprintable()
