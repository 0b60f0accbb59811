"""The archive shows every issue that may be shown, whole, and nothing else."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from reportgen.archive import Archive, build
from reportgen.delivery.folders import approval
from reportgen.errors import DataError, WriteError
from reportgen.model import Artifact, Shown
from reportgen.render import site
from tests.delivery.conftest import write_issue


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def test_every_issue_has_its_page_and_its_files(archive: Archive) -> None:
    written = build(archive)
    assert [issue.path for issue in written.shown] == [
        "2026-04-02/iwm-vs-qqq", "2026-03-27/brk.b-vs-spy", "2026-03-27/iwm-vs-qqq", "2025-12-31/agg-vs-tlt",
    ]  # fmt: skip
    here = names(archive.place)
    for issue in written.shown:
        for name in ("index.html", "article.html", "facts.json"):
            assert f"{issue.path}/{name}" in here
    assert (archive.place / "2026-04-02/iwm-vs-qqq/article.html").read_bytes() == (
        archive.output / "2026-04-02/iwm-vs-qqq/article.html"
    ).read_bytes()


def test_links_lead_within_the_archive_and_nothing_is_fetched_from_elsewhere(archive: Archive) -> None:
    build(archive)
    pages = list(archive.place.rglob("index.html"))
    assert len(pages) == 7
    for page in pages:
        at = page.relative_to(archive.place).as_posix()
        for link in Links(page).found:
            assert not re.match(r"[a-z]+:|//", link), f"{at}: {link}"
            if not link.startswith("#"):
                assert (archive.place / urljoin(f"/{at}", link).lstrip("/")).is_file(), f"{at}: {link}"
    styles = (archive.place / "site.css").read_text()
    for address in re.findall(r"url\(([^)]*)\)", styles):
        assert (archive.place / address).is_file()
    assert not re.search(r"<script(?! src=)|<style|\son\w+=|\sstyle=", "".join(p.read_text() for p in pages))


def test_replaced_versions_stay_and_are_marked(archive: Archive) -> None:
    build(archive)
    place = archive.place / "2026-03-27/iwm-vs-qqq"
    now = (place / "index.html").read_text()
    assert "A price was wrong." in now
    assert "12 numbers changed." in now
    assert "No number changed." in now
    for version in (1, 2):
        page = (place / f"v{version}/index.html").read_text()
        assert f"Version {version} has been replaced." in page
        assert "Read version 3" in page
        old = (place / f"v{version}/article.html").read_text()
        note = (
            f'<aside class="banner" aria-label="Replaced version"><p>Version {version} of this issue has been replaced.'
        )
        assert f"<body>\n{note}" in old
    assert "replaced" not in (place / "article.html").read_text()
    assert "Corrected, version 3" in (archive.place / "index.html").read_text()


def test_what_is_printed_is_escaped_and_simulations_are_marked(archive: Archive) -> None:
    build(archive)
    first = (archive.place / "index.html").read_text()
    assert "A &amp; B &lt; C" in first
    assert first.count("Simulated data") == 1
    assert "Simulated data." in (archive.place / "2025-12-31/agg-vs-tlt/index.html").read_text()
    assert "Simulated" not in (archive.place / "2026-04-02/iwm-vs-qqq/index.html").read_text()


def test_held_issues_and_those_that_wait_are_never_shown(archive: Archive) -> None:
    careful = replace(archive, approval=True)
    with pytest.raises(DataError, match="waits for an approval"):
        build(careful)
    approval.approve(archive.output / "2026-04-02/iwm-vs-qqq", "Ada Approver", datetime(2026, 4, 3, tzinfo=UTC))
    written = build(careful)
    assert [issue.path for issue in written.shown] == ["2026-04-02/iwm-vs-qqq"]
    assert len(written.withheld) == 3
    everything = b"".join(contents(archive.place).values())
    assert b"HELD" not in everything
    assert b"BRK.B" not in everything


def test_data_that_may_not_be_published_keep_an_issue_out(archive: Archive) -> None:
    source = {
        "id": "prices/IWM.csv", "name": "Yahoo", "kind": "prices", "retrieved_at": None, "sha256": "", "as_of": None,
        "terms": "Personal use.", "publishable": False, "provider": "yahoo",
    }  # fmt: skip
    write_issue(archive.output, "kre-vs-xbi", "2026-04-02", files={"facts.json": json.dumps({"sources": [source]})})
    ((folder, reason),) = build(archive).withheld
    assert folder.name == "kre-vs-xbi"
    assert "Personal use" in reason
    assert build(replace(archive, rights={"yahoo": "contract no. 12"})).withheld == ()
    assert build(replace(archive, rights=None)).withheld == ()


def test_nothing_about_persons_or_places_gets_out(archive: Archive) -> None:
    for folder in archive.output.glob("*/*"):
        if not folder.name.endswith(".held"):
            approval.approve(folder, "Ada Approver", datetime(2026, 4, 3, tzinfo=UTC))
    build(archive)
    for name, content in contents(archive.place).items():
        assert b"Ada Approver" not in content, name
        assert str(archive.output.parent).encode() not in content, name
    assert not {name for name in names(archive.place) if name.endswith(("run.json", "approval.json", ".eml"))}


def test_the_same_issues_give_the_same_bytes(archive: Archive) -> None:
    build(archive)
    before = contents(archive.place)
    build(archive)
    assert contents(archive.place) == before


def made_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    """Builds again: the issues whose pages were made anew, and the files that are not those of the former archive.

    The result is compared, byte by byte, with that of a build from nothing.
    """
    before = {name: (archive.place / name).stat().st_ino for name in names(archive.place)}
    kept_open = [(archive.place / name).open("rb") for name in before]  # so that no number of a file is given again
    genuine, made = site.issue_pages, set()

    def noted(issue: Shown, *rest: object) -> Iterator[Artifact]:
        made.add(issue.path)
        return genuine(issue, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(site, "issue_pages", noted)
        build(archive)
    for file in kept_open:
        file.close()
    fresh = replace(archive, place=archive.place.with_name("fresh"))
    build(fresh)
    assert contents(fresh.place) == contents(archive.place)
    return made, {name for name in names(archive.place) if (archive.place / name).stat().st_ino != before.get(name)}


def test_what_has_not_changed_is_not_made_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    build(archive)
    assert made_again(archive, monkeypatch) == (set(), set())
    write_issue(archive.output, "spy-vs-xlk", "2026-04-02")
    made, rewritten = made_again(archive, monkeypatch)
    assert made == {"2026-04-02/spy-vs-xlk"}
    pages = {f"2026-04-02/spy-vs-xlk/{name}" for name in ("index.html", "article.html", "facts.json")}
    assert rewritten == {*pages, "index.html", "feed.xml", "archive.json"}


def test_what_has_changed_is_made_again(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(archive)
    every = {"2026-04-02/iwm-vs-qqq", "2026-03-27/brk.b-vs-spy", "2026-03-27/iwm-vs-qqq", "2025-12-31/agg-vs-tlt"}
    record = archive.output / "2026-04-02/iwm-vs-qqq/run.json"
    record.write_text(record.read_text().replace('"headline"', '"headline" '))
    assert made_again(archive, monkeypatch)[0] == {"2026-04-02/iwm-vs-qqq"}
    (archive.place / "2026-03-27/brk.b-vs-spy/article.html").write_text("spoiled")
    assert made_again(archive, monkeypatch)[0] == {"2026-03-27/brk.b-vs-spy"}
    (archive.place / "2025-12-31/agg-vs-tlt/index.html").unlink()
    assert made_again(archive, monkeypatch)[0] == {"2025-12-31/agg-vs-tlt"}
    renamed = replace(archive, publication="Another name")
    assert made_again(renamed, monkeypatch)[0] == every
    own = tmp_path / "own" / "site"
    own.mkdir(parents=True)
    (own / "site.css").write_text("p { color: black }")
    styled = replace(renamed, templates=(own.parent, *renamed.templates))
    assert made_again(styled, monkeypatch)[0] == every
    marker = archive.place / "archive.json"
    marker.write_text(marker.read_text().replace("2026-03-27/brk.b-vs-spy/facts.json", "../facts.json"))
    assert made_again(styled, monkeypatch)[0] == {"2026-03-27/brk.b-vs-spy"}


def test_a_file_that_was_touched_stops_the_archive(archive: Archive) -> None:
    build(archive)
    before = contents(archive.place)
    (archive.output / "2026-03-27/iwm-vs-qqq/v1/article.html").write_text("<body>another")
    with pytest.raises(DataError, match=r"v1/article\.html"):
        build(archive)
    assert contents(archive.place) == before


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_folder_of_the_users_own_is_never_replaced(archive: Archive, kind: str) -> None:
    if kind == "folder":
        archive.place.mkdir()
        (archive.place / "thesis.txt").write_text("mine")
    else:
        archive.place.write_text("mine")
    with pytest.raises(WriteError):
        build(archive)
    assert (archive.place / "thesis.txt" if kind == "folder" else archive.place).read_text() == "mine"


def test_an_empty_folder_is_no_archive(tmp_path: Path, archive: Archive) -> None:
    with pytest.raises(DataError, match="no issue to show"):
        build(replace(archive, output=tmp_path / "nothing"))


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_archive(archive: Archive) -> None:
    """The archive names in archive.json what it shows; each issue named is whole, whichever build was killed."""
    code = (
        "import sys; from pathlib import Path; from reportgen.archive import Archive, build\n"
        "from reportgen.resources import template_folders\n"
        "out = Path(sys.argv[1])\n"
        "while True: build(Archive(out, out / 'site', 'The Brief', None, False, {}, template_folders()))\n"
    )
    build(archive)
    expected = names(archive.place)
    for delay in range(30):
        process = subprocess.Popen([sys.executable, "-c", code, str(archive.output)])
        time.sleep(0.35 + delay * 0.011)
        process.send_signal(signal.SIGKILL)
        process.wait()
        old = archive.place.with_name(".site.old")
        assert names(archive.place if archive.place.is_dir() else old) == expected
    build(archive)
    assert names(archive.place) == expected
    assert [path.name for path in archive.output.iterdir() if path.name.startswith(".")] == []
