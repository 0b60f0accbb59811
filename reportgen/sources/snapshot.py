"""A fetched snapshot as a source: offline, checked against its manifest, the same bytes whenever it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import ContextFunds, DateArray, Request, Snapshot, SourceRecord
from reportgen.sources._assemble import assemble
from reportgen.sources._base import Progress
from reportgen.sources._folder import DataFolder
from reportgen.sources._gather import Gatherer
from reportgen.sources._kept import Kept
from reportgen.sources._raw import RawFile, read_raw
from reportgen.sources.files import gather, normalised, parts_of
from reportgen.sources.shared import gather_all
from reportgen.sources.store import SESSIONS, Manifest, checked_part, read_manifest


@dataclass(frozen=True)
class SnapshotFolder(DataFolder):
    """A data folder of whose files only those that its manifest names can be read, and only unchanged."""

    manifest: Manifest

    def read(self, path: Path) -> RawFile:
        return checked_part(super().read(path), self.manifest)


@dataclass(frozen=True)
class SnapshotSource:
    """The snapshot in a folder, of any funds among those that it holds. Each file is read once.

    Without an as-of the one that it was fetched for counts: a fund whose prices end earlier holds the article.
    """

    folder: Path
    kept: Kept = field(default_factory=Kept)

    @property
    def name(self) -> str:
        return "snapshot"

    @cached_property
    def manifest(self) -> Manifest:
        return read_manifest(self.folder)

    @cached_property
    def _data(self) -> SnapshotFolder:
        return SnapshotFolder(self.folder, self.manifest)

    @cached_property
    def _sessions(self) -> DateArray:
        raw = checked_part(read_raw(self.folder / SESSIONS, self.folder), self.manifest)
        try:
            days: DateArray = np.array(raw.text.split()[1:], dtype="datetime64[D]")
        except ValueError:
            raise raw.error("The file is no list of days.", fix="Fetch the snapshot again.") from None
        return days

    def read_all(self, tickers: Iterable[str], context: ContextFunds) -> None:
        """Reads all that comparisons of these funds can ask for; then the source can be pickled, without its folder."""
        with calendar.given(self._sessions):
            gather_all(Gatherer(self._data, None, self.kept), tickers, context)

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot:
        """The snapshot of the funds asked for, with the context funds that the folder has.

        Raises DataError for a part that is missing or changed, a fund that is not in it, and an as-of after it.
        """
        request = normalised(request)
        if request.as_of is None:
            request = replace(request, as_of=self.manifest.as_of)
        with calendar.given(self._sessions):
            through = self.manifest.as_of
            found = Gatherer(self._data, None, self.kept)
            gather(found, request, progress, through)
            found.issues += self._fetch_issues([*request.tickers, *found.series])
            found.sources = list(self._dated(found.sources))
            return assemble(request, replace(parts_of(found), through=through))

    def _fetch_issues(self, subjects: Iterable[str]) -> list[Issue]:
        """What the fetch itself found wrong or did not get, about these funds and series."""
        told = set(subjects)
        lacking = [
            Issue("warning", "not-fetched", m.subject, f"The {m.kind} were not fetched ({m.reason}): {m.message}")
            for m in self.manifest.missing
            if m.subject in told or m.kind == "rates"
        ]
        return [*(issue for issue in self.manifest.issues if issue.subject in told), *lacking]

    def _dated(self, records: Iterable[SourceRecord]) -> Iterable[SourceRecord]:
        retrieved = {part.path: part.retrieved_at for part in self.manifest.parts}
        return (replace(record, retrieved_at=retrieved.get(record.id)) for record in records)
