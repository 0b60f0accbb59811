"""The feed is read by others' readers without complaint, and its ids are for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from reportgen.archive import Archive, build
from reportgen.render import feed as rendered
from tests.archive.conftest import CORRECTED
from tests.delivery.conftest import write_issue


def read(archive: Archive) -> feedparser.FeedParserDict:
    build(archive)
    found = feedparser.parse((archive.place / "feed.xml").read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("address", ["https://example.com/brief", "https://example.com/", None])
def test_feedparser_reads_it_without_complaint(archive: Archive, address: str | None) -> None:
    found = read(replace(archive, address=address))
    assert found.version == "atom10"
    assert found.feed.title == "The Friday Brief"
    assert found.feed.updated == "2026-04-02T09:30:00+00:00"
    assert [entry.title for entry in found.entries] == [
        "IWM or QQQ? 2026-04-02",
        "BRK.B or SPY? 2026-03-27",
        "IWM or QQQ? 2026-03-27 (corrected, version 3)",
        "AGG or TLT? 2025-12-31 (simulated data)",
    ]
    assert len({entry.id for entry in found.entries}) == 4
    for entry in found.entries:
        assert entry.updated_parsed >= entry.published_parsed
        assert entry.link.startswith(address.rstrip("/") if address else "20")
        assert (archive.place / entry.link.removeprefix((address or "").rstrip("/")).lstrip("/")).is_file()


def test_a_correction_is_an_update_of_the_same_entry(archive: Archive) -> None:
    (corrected,) = [entry for entry in read(archive).entries if "corrected" in entry.title]
    assert corrected.id == "tag:example.com,2026-03-27:brief/iwm-vs-qqq"
    assert corrected.updated == CORRECTED[1]["at"]
    assert corrected.published == "2026-03-27T00:00:00+00:00"
    assert "Version 2: A price was wrong. 12 numbers changed." in corrected.summary


@pytest.mark.parametrize("address", ["https://example.com/brief", None])
def test_ids_do_not_move_with_versions_files_or_places(archive: Archive, address: str | None) -> None:
    def ids() -> set[str]:
        return {entry.id for entry in read(replace(archive, address=address)).entries}

    before = ids()
    record = archive.output / "2026-04-02/iwm-vs-qqq/run.json"
    told = json.loads(record.read_text())
    record.write_text(json.dumps({**told, "version": 2, "title": "QQQ or IWM?", "corrections": CORRECTED[:1]}))
    assert ids() == before
    moved = archive.output.with_name("elsewhere")
    archive.output.rename(moved)
    again = replace(archive, output=moved, place=moved / "site", address=address)
    assert {entry.id for entry in read(again).entries} == before


def test_the_latest_are_told_and_every_issue_counts_for_the_archive(archive: Archive) -> None:
    for day in range(1, rendered.MOST + 1):
        write_issue(archive.output, "spy-vs-xlk", f"2024-{1 + day // 28:02}-{1 + day % 28:02}")
    found = read(archive)
    assert len(found.entries) == rendered.MOST
    assert found.entries[0].title == "IWM or QQQ? 2026-04-02"
    assert (archive.place / "index.html").read_text().count("<li>") == rendered.MOST + 4


def test_two_publications_never_share_an_id() -> None:
    name = "2026-03-27/iwm-vs-qqq"
    made = {
        rendered.identity("The Brief", None, name),
        rendered.identity("The Letter", None, name),
        rendered.identity("The Brief", "https://example.com/a", name),
        rendered.identity("The Brief", "https://example.com/b", name),
        rendered.identity("The Brief", "https://example.org/a", name),
    }
    assert len(made) == 5


def test_the_feed_is_where_the_pages_say(archive: Archive, tmp_path: Path) -> None:
    build(archive)
    assert 'href="feed.xml"' in (archive.place / "index.html").read_text()
    assert 'href="../../feed.xml"' in (archive.place / "2026-04-02/iwm-vs-qqq/index.html").read_text()
