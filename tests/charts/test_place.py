from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._place import spread, text_width


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread([20, 80], [15, 15], 0, 100) == (20, 80)


def test_two_that_collide_part_evenly() -> None:
    assert spread([50, 50], [10, 10], 0, 100) == (45, 55)


def test_equal_places_keep_the_order_given() -> None:
    first, second, third = spread([50, 50, 50], [10, 10, 10], 0, 100)
    assert first < second < third


def test_a_label_is_held_inside() -> None:
    assert spread([2, 99], [10, 10], 0, 100) == (5, 95)


places = st.lists(st.tuples(st.floats(-50, 350), st.floats(1, 40)), min_size=1, max_size=7)


@given(places)
def test_no_two_overlap_and_all_stay_inside(wanted: list[tuple[float, float]]) -> None:
    centers = spread([w for w, _ in wanted], [e for _, e in wanted], 0, 300)
    boxes = sorted((c - e / 2, c + e / 2) for c, (_, e) in zip(centers, wanted, strict=True))
    assert boxes[0][0] >= -1e-9
    assert boxes[-1][1] <= 300 + 1e-9
    assert all(before[1] <= after[0] + 1e-9 for before, after in itertools.pairwise(boxes))


@given(places)
def test_the_order_of_what_is_labelled_is_kept(wanted: list[tuple[float, float]]) -> None:
    centers = spread([w for w, _ in wanted], [e for _, e in wanted], 0, 300)
    pairs = sorted(zip([w for w, _ in wanted], centers, strict=True))
    assert all(a[1] <= b[1] + 1e-9 for a, b in itertools.pairwise(pairs) if a[0] < b[0])


def test_too_many_labels_share_the_room() -> None:
    centers = spread([50, 50, 50], [60, 60, 60], 0, 90)
    assert centers == pytest.approx((15, 45, 75))


def test_widths_grow_with_the_text() -> None:
    assert text_width("QQQ $1,834", 12) > text_width("QQQ", 12) > 0
