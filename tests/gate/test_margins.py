"""What may stand beside the text of a page: the article's own words, each once, and page numbers that count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.gate.margins import differences
from reportgen.model import Article, Name

AS_OF = "Data as of March 27, 2026"
FIRST = ("The Brief", "Page 1 of 3")


def pages(*later: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [FIRST, *later]


def page(number: int, *pieces: str) -> tuple[str, ...]:
    return (*(pieces or ("IWM", AS_OF, "The Brief")), f"Page {number} of 3")


def test_what_the_article_says_may_stand_there(sound: Article) -> None:
    assert list(differences(sound, pages(page(2), page(3)))) == []
    assert (
        list(differences(sound, [("1 / 3",), ("IWM", " · ", "2026-03-27", "2/3"), ("IWM · 2026-03-27 · 3/3",)])) == []
    )


def test_a_title_on_two_lines_is_one_title(sound: Article) -> None:
    named = replace(sound, masthead=replace(sound.masthead, title=(Name("ABCD, EFGH, IJKL or MNOP?"),)))
    later = [("ABCD, EFGH, IJ", "KL or MNOP?", AS_OF, f"Page {n} of 3") for n in (2, 3)]
    assert list(differences(named, [FIRST, *later])) == []


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (page(2, "IWM", AS_OF), "page 2 lacks 'thebrief' beside its text"),
        (page(2, AS_OF, "The Brief"), "page 2 lacks 'iwm' beside its text"),
        (page(2, "IWM", "The Brief"), "page 2 does not say of which day its data are"),
        (page(2, "IWM", "IWM", AS_OF, "The Brief"), "stands 'iwm' twice"),
        (page(2, "IWM up 900%", AS_OF, "The Brief"), "which the article does not say"),
        (page(2, "IWM", "Data as of March 26, 2026", "The Brief"), "which the article does not say"),
        (page(4, "IWM", AS_OF, "The Brief"), "page 2 of 4 has no such number"),
        (("IWM", AS_OF, "The Brief", "Page 2 of 9"), "page 2 of 4 has no such number"),
        (("IWM", AS_OF, "The Brief"), "page 2 of 4 has no such number"),
    ],
)
def test_each_departure_is_told(sound: Article, second: tuple[str, ...], message: str) -> None:
    counted = [tuple(piece.replace("of 3", "of 4") for piece in each) for each in (FIRST, second, page(3), page(4))]
    found = list(differences(sound, counted))
    assert any(message in each for each in found), found
