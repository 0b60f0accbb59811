"""What an article is made from, in one hash: an article that has it need not be made again.

It covers the program's version, the data, the settings that an article shows and the templates, and not where the
article is written or the data were read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path

from reportgen._version import __version__
from reportgen.config import Settings
from reportgen.model import Snapshot
from reportgen.resources import Signature, signature

_PLACES = frozenset({"source", "data", "output", "templates"})
"""Settings that say where something is; what is there is counted itself."""
_DATA = ("as_of", "requested", "tickers", "context", "funds", "events", "issues", "sources", "simulated")


def fingerprint(
    snapshot: Snapshot, settings: Settings, folders: tuple[Path, ...], *, issue_date: date | None, version: int
) -> str:
    """The SHA-256 of all that one article is made from, in hexadecimal."""
    digest = hashlib.sha256()
    for part in (*_of_data(snapshot), *_of_settings(settings), issue_date, version, __version__):
        digest.update(repr(part).encode() + b"\n")
    digest.update(_of_templates(folders, signature(folders)))
    return digest.hexdigest()


def _of_data(snapshot: Snapshot) -> Iterable[object]:
    """The data by their own fingerprints: holdings and rates by those of the files that they were read from."""
    yield from (getattr(snapshot, name) for name in _DATA)
    yield from (history.sha256 for history in snapshot.histories.values())
    yield from ((h.ticker, h.as_of, len(h.rows), h.source) for h in snapshot.holdings.values())
    named = [*snapshot.series.values(), *([snapshot.risk_free] if snapshot.risk_free else [])]
    yield from ((s.name, s.unit, s.source, hashlib.sha256(s.values.tobytes()).hexdigest()) for s in named)


def _of_settings(settings: Settings) -> Iterable[object]:
    return ((f.name, getattr(settings, f.name)) for f in fields(settings) if f.name not in _PLACES)


def of_templates(folders: tuple[Path, ...]) -> str:
    """The SHA-256 of all templates, in hexadecimal."""
    return _of_templates(folders, signature(folders)).hex()


@lru_cache(maxsize=4)
def _of_templates(folders: tuple[Path, ...], _: Signature) -> bytes:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.digest()
