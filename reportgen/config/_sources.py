"""The names of sources: those of the program, and those that other packages install as entry points."""

from __future__ import annotations

SOURCES = ("files", "sample", "snapshot", "yahoo")
SOURCE_GROUP = "reportgen.sources"
"""The group of entry points: each names a function or class that gives a source when called without arguments."""


def installed_sources() -> tuple[str, ...]:
    """The names of the sources that other packages bring."""
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group=SOURCE_GROUP)} - set(SOURCES)))


def source_name(value: object) -> str | None:
    """A source that there is."""
    if value in SOURCES:
        return None
    known = (*SOURCES, *installed_sources())
    return None if value in known else f"must be one of {', '.join(known)}"
