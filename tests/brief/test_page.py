"""The brief's page by axe-core and on a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.archive.test_pages import faults
from tests.brief.conftest import Issue
from tests.render.chromium import Chromium
from tests.render.test_accessibility import SCHEMES, Scheme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OUTSIDE = "[...document.querySelectorAll('p, li, h2, h3')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    two_issues: tuple[Issue, Issue], browser: Chromium, width: int, scheme: Scheme
) -> None:
    for made in two_issues:
        browser.show(made.folder / "brief.html", width, scheme)
        assert faults(browser) == []
        assert browser.ask("document.documentElement.scrollWidth") == width
        outside = (
            "[...document.querySelectorAll('p, li, h2, h3')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert browser.ask(outside) == 0
