"""Issues made by hand, small enough to make many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from reportgen.delivery.store import Store, open_store

MakeIssue = Callable[..., Path]


def write_issue(
    output: Path,
    slug: str = "iwm-vs-qqq",
    as_of: str = "2026-03-27",
    *,
    files: Mapping[str, str] | None = None,
    folder: Path | None = None,
    **changed: object,
) -> Path:
    """A folder with the files given and a record that names them; `changed` are entries of the record."""
    place = folder or output / as_of / slug
    place.mkdir(parents=True)
    content = {
        "article.html": "<!DOCTYPE html><title>IWM or QQQ?</title><body>",
        "facts.json": '{"sources": []}',
    } | dict(files or {})
    for name, text in content.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    record = {
        "kind": "article",
        "status": "issued",
        "slug": slug,
        "title": "IWM or QQQ?",
        "headline": "IWM leans on credit",
        "publication": "The Friday Brief",
        "simulated": False,
        "funds": ["IWM", "QQQ"],
        "as_of": as_of,
        "issue_date": as_of,
        "version": 1,
        "corrections": [],
        "recipe": None,
        "artifacts": [
            {"name": name, "bytes": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for name, text in content.items()
        ],
        **changed,
    }
    (place / "run.json").write_text(json.dumps(record))
    return place


@pytest.fixture
def issue(tmp_path: Path) -> MakeIssue:
    """Writes an issue below `tmp_path`."""
    return lambda *args, **named: write_issue(tmp_path, *args, **named)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'mail.db'}")
    yield opened
    opened.close()
