"""Widths of texts are sums that every Python rounds alike: `sum` of floats is compensated from 3.12 on.

`fsum` is exact in all of them.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._place import text_width


@given(st.text("ijm W%.abcXYZ0123", max_size=40))
def test_the_order_of_letters_does_not_matter(text: str) -> None:
    assert text_width(text, 11.0) == text_width("".join(sorted(text)), 11.0)
