"""Which source is meant: what was named, or else the settings'."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.config import Settings
from reportgen.errors import UsageError


def sourced(
    settings: Settings, data: Path | None, source: str | None, snapshot: Path | None = None, *, mark: str = "--"
) -> Settings:
    """The settings with the source that was named: a folder of files, a snapshot's folder, or a source by its name.

    mark: what stands before the three words where they were named. Raises UsageError when more than one was named.
    """
    named = {"data": data, "snapshot": snapshot, "source": source}
    given = [f"{mark}{word}" for word, value in named.items() if value is not None]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other.", fix="Give one of them.")
    if data is not None:
        return replace(settings, source="files", data=data)
    if snapshot is not None:
        return replace(settings, source="snapshot", data=snapshot)
    if source is not None:
        return replace(settings, source=source, data=None)
    return settings
