"""What a source is, and how one is opened."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, Protocol

from reportgen.config import SOURCE_GROUP, SOURCES, installed_sources
from reportgen.errors import DataError, UsageError
from reportgen.model import Request, Snapshot

SourceName = str
PriceBasis = Literal["price", "total return"]
Progress = Callable[[str], None]

MOST_FUNDS = 5

_TICKER = re.compile(r"\^?[A-Z0-9][A-Z0-9.=-]{0,14}", re.ASCII)


class Source(Protocol):
    """Where the data of an article come from. `load` is the only stage that touches the outside.

    load(request, progress): the snapshot of the funds asked for and of the context funds that exist. `progress`, if
    given, is called with the name of each part as it is read. Raises DataError where data are missing or unusable,
    UsageError for a ticker that cannot be one.
    """

    @property
    def name(self) -> str: ...

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot: ...


def open_source(name: SourceName, folder: Path | None = None, *, basis: PriceBasis | None = None) -> Source:
    """The source of that name. `folder` is needed by "files" and "snapshot".

    basis: what the closes of files are that do not say it themselves: prices, or closes with distributions put back.
    Raises UsageError when the folder is missing, for "yahoo", which is fetched into a snapshot first, and for a name
    that no source has; DataError for an installed source that is none.
    """
    if name == "files":
        if folder is None:
            raise UsageError("Reading files needs a folder.", fix="Name it with --data DIR.")
        from reportgen.sources.files import FilesSource

        return FilesSource(folder, basis)
    if name == "sample":
        from reportgen.sources.sample import SampleSource

        return SampleSource()
    if name == "yahoo":
        fix = "Fetch one with `reportgen fetch`, and name its folder."
        raise UsageError("Live data are read from a snapshot.", fix=fix)
    if name == "snapshot":
        if folder is None:
            raise UsageError("Reading a snapshot needs its folder.", fix="Name it with --snapshot DIR.")
        from reportgen.sources.snapshot import SnapshotSource

        return SnapshotSource(folder)
    return _installed(name)


def _installed(name: str) -> Source:
    """A source that another package brings as an entry point."""
    from importlib.metadata import entry_points

    found = next(iter(entry_points(group=SOURCE_GROUP, name=name)), None)
    if found is None:
        known = (*SOURCES, *installed_sources())
        alike = nearest(name, known)
        fix = f"Did you mean {', '.join(alike)}?" if alike else f"Known are {', '.join(known)}."
        raise UsageError(f"There is no source {name!r}.", fix=fix)
    try:
        source = found.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise DataError(f"The installed source {name} cannot be opened: {error}.", where=found.value) from error
    if not (callable(getattr(source, "load", None)) and isinstance(getattr(source, "name", None), str)):
        raise DataError(f"The installed source {name} has no name or no method load.", where=found.value)
    opened: Source = source
    return opened


def normalised_ticker(text: str) -> str:
    """A ticker in the form used throughout: upper case, without blanks around it.

    Raises UsageError for anything that is not a ticker, before it can become part of a path.
    """
    # Before the letters are raised: some foreign ones, such as the long s, turn into ASCII ones.
    ticker = text.strip().upper() if text.isascii() else text
    if ".." in ticker or not _TICKER.fullmatch(ticker):
        raise UsageError(
            f"{text!r} is not a ticker.",
            fix="A ticker has letters and digits, and may hold a dot or a hyphen, as in BRK.B.",
        )
    return ticker


def checked_tickers(given: Iterable[str]) -> tuple[str, ...]:
    """The tickers of a comparison in capitals. Raises UsageError unless they are two to five different ones."""
    tickers = tuple(map(normalised_ticker, given))
    twice = [ticker for ticker in dict.fromkeys(tickers) if tickers.count(ticker) > 1]
    if twice:
        raise UsageError(f"{twice[0]} is named twice.", fix="A comparison needs different funds.")
    if not 2 <= len(tickers) <= MOST_FUNDS:
        fix = "Name two to five, such as: reportgen compare IWM QQQ"
        raise UsageError(f"A comparison needs two to five funds, not {len(tickers)}.", fix=fix)
    return tickers


def nearest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known words most like this one, best first; none where nothing is alike."""
    return tuple(difflib.get_close_matches(word, sorted(known), n=most, cutoff=0.5))
