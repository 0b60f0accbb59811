"""One article made from hostile data, and one from harmless data, with everything that was written of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.config import Settings
from reportgen.config._branding import Branding
from reportgen.model import Request
from reportgen.pipeline import Job, Made, Watch, make
from reportgen.sources import open_source
from tests.gate.conftest import measured, sound  # noqa: F401  # fixtures
from tests.security.hostile import Listener, hostile_folder, listening, payloads


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture(scope="session")
def words(listener: Listener) -> dict[str, str]:
    return payloads(listener.url)


def printable(text: str) -> str:
    """A text as the settings let it in."""
    return "".join(c for c in text if c.isprintable())


@pytest.fixture(scope="session")
def hostile(words: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An article whose names, notes, sources, headers and settings all attack, in every format."""
    folder = hostile_folder(tmp_path_factory.mktemp("hostile") / "data", words)
    every = printable(" ".join(words.values()))
    # In a note braces name facts, and numbers must be facts: it attacks without either.
    note = " ".join(words[name] for name in ("script", "comment", "address", "closed"))
    settings = Settings(
        publication=every[:700].strip(),
        conflict=every.strip(),
        branding=Branding(disclosures=(every.strip(),), editors_note=note),
        formats=("html", "pdf", "mail"),
    )
    return make(Job(Request(("IWM", "QQQ")), open_source("files", folder), settings), Watch(lambda: 0.0))


@pytest.fixture(scope="session")
def harmless() -> Made:
    settings = Settings(formats=("html", "mail"), output=Path("output"))
    return make(Job(Request(("IWM", "QQQ")), open_source("sample"), settings), Watch(lambda: 0.0))
