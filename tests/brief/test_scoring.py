"""Wilson's interval against its definition, and what a record of conditions keeps."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.brief.own_facts import wilson
from reportgen.brief.scoring import Stated, from_json, to_json
from tests.brief.independent import score_interval


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_the_interval_that_its_definition_gives(case: tuple[int, int]) -> None:
    hits, trials = case
    assert wilson(hits, trials) == pytest.approx(score_interval(hits, trials), abs=1e-9)


def test_wilson_of_published_cases() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_a_record_of_conditions_is_read_back_as_it_was() -> None:
    open_one = Stated("a-vs-b", "watch/credit", {"x": "A", "y": "B"}, "x.beta > 1", None, "5Y", "", date(2026, 1, 9))
    hit = Stated("a-vs-b", "watch/x", {"x": "A"}, "c", "d", None, "...", date(2026, 1, 9), "hit", date(2026, 1, 23))
    assert from_json(to_json((open_one, hit), date(2026, 1, 23))) == (open_one, hit)
    with pytest.raises(ValueError, match="schema 9"):
        from_json({"schema": 9})
