"""An issue whose data were wrong is made again: an independent diff of the two versions finds what the page lists."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen import cli
from tests.conftest import drawn_seed

NAME = "2026-03-27/iwm-vs-qqq"
Printed = dict[tuple[str, str], set[str]]


class Page(HTMLParser):
    """What a page prints of each fact, by fact and detail; what its corrections list, row by row."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.printed: Printed = {}
        self.rows: list[list[str]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "section":
            self._inside = attributes.get("id") == "corrections"
        if self._inside and tag == "tr":
            self.rows.append([])
        if self._inside and tag == "td":
            self.rows[-1].append("")
        if tag in ("data", "time", "td"):
            self._open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._inside and any(tag == "td" for tag, _ in self._open):
            self.rows[-1][-1] += data
        elif not self._inside and self._open and (id_ := self._open[-1][1].get("data-fact")):
            detail = "date" if self._open[-1][0] == "time" else self._open[-1][1].get("data-detail", "")
            self.printed.setdefault((id_, detail), set()).add(data)


class Facts(NamedTuple):
    """The values of a file of facts, found without the program's own reader."""

    by_id: dict[str, dict[str, object]]

    @staticmethod
    def of(folder: Path) -> Facts:
        return Facts({fact["id"]: fact for fact in json.loads((folder / "facts.json").read_text())["facts"]})

    def part(self, id_: str, detail: str) -> object:
        """A part of a fact as it was written; the reason where the fact is missing."""
        fact = self.by_id.get(id_)
        if fact is None or fact["missing"] is not None:
            return fact and fact["missing"]
        sign = -1 if detail.startswith("reversed") else 1
        path = detail.removeprefix("reversed").removeprefix(".")
        if sign < 0:
            path = path.translate(str.maketrans({})).replace("low", "LOW").replace("high", "low").replace("LOW", "high")
        found: object = fact["value"] if not path else fact["n"] if path == "n" else None
        if path.startswith("interval."):
            bounds = fact["interval"]
            found = bounds[path.removeprefix("interval.")] if isinstance(bounds, dict) else None
        elif path and path != "n":
            details = fact["details"]
            found = details[path] if isinstance(details, dict) else None
        return -found if sign < 0 and isinstance(found, int | float) else found


def moved(before: Path, after: Path) -> set[tuple[str, str]]:
    """What a reader who lays the two pages side by side finds: numbers that both print, and print otherwise; and those
    that one prints and whose value, rounded as that one rounds it, is another in the other's facts.
    """
    old, new = page_of(before).printed, page_of(after).printed
    facts = Facts.of(before), Facts.of(after)
    found = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    for key in old.keys() ^ new.keys():
        one, other = (facts[0].part(*key), facts[1].part(*key)) if key[1] != "date" else (None, None)
        text = next(iter(old.get(key) or new[key]))
        if rounded(one, text) != rounded(other, text):
            found.add(key)
    return found


def rounded(value: object, like: str) -> object:
    if not isinstance(value, int | float):
        return value
    scale = 100.0 if like.endswith(("%", "points", "point", "pts")) else 1.0
    scale = {"B": 1e-9, "M": 1e-6}.get(like[-1], 10_000.0 if "basis" in like else scale)
    decimals = len(re.sub(r"[^0-9]", "", like.partition(".")[2]))
    text = f"{value * scale:.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.") else text


def told(folder: Path) -> list[list[str]]:
    return [row for row in page_of(folder).rows if row]


def page_of(folder: Path) -> Page:
    (file,) = [folder / name for name in ("article.html", "brief.html") if (folder / name).is_file()]
    return Page(file)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["demo", "--export-data", "sample", "--quiet"]) == 0
    return tmp_path / "sample"


def issue(*words: str) -> Path:
    assert cli.run(["compare", "IWM", "QQQ", "--data", "sample", "--format", "html", "--quiet", *words]) == 0
    return Path("output") / NAME


def correct(reason: str) -> int:
    return cli.run(["correct", NAME, "--reason", reason, "--quiet"])


def edit_close(data: Path, ticker: str, at: int, factor: float) -> str:
    """Change one close and its adjusted close by a factor; the day."""
    path = data / "prices" / f"{ticker}.csv"
    lines = path.read_text().splitlines()
    cells = lines[at].split(",")
    cells[4:6] = (f"{float(cell) * factor:.4f}" for cell in cells[4:6])
    lines[at] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")
    return cells[0]


@pytest.mark.slow
def test_every_changed_number_is_listed_and_none_else(data: Path) -> None:
    place = issue()
    first = {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    edit_close(data, "QQQ", -1, 1.005)
    assert correct("The last close of QQQ was wrong") == 0
    assert {path: (place / "v1" / path).read_bytes() for path in first} == first
    assert "replaced by version 2" in (place / "v1/REPLACED.txt").read_text()
    record = json.loads((place / "run.json").read_text())
    expected = moved(place / "v1", place)
    rows = told(place)
    assert len(expected) > 20
    assert len(rows) == len(expected) == record["corrections"][0]["changed"]
    old, new = Page(place / "v1/article.html").printed, Page(place / "article.html").printed
    pairs = [{(a.strip("-+"), b.strip("-+")) for a in old[key] for b in new[key]} for key in expected]
    assert all(any((before.strip("-+"), after.strip("-+")) in pair for pair in pairs) for before, after in rows)
    assert (record["version"], record["issue_date"]) == (2, "2026-03-27")

    assert correct("A name was misspelled.") == 0
    assert told(place) == []
    page = (place / "article.html").read_text()
    assert "No printed number changed." in page
    assert "The last close of QQQ was wrong." in page
    assert json.loads((place / "run.json").read_text())["version"] == 3
    assert {path.name for path in place.iterdir() if path.is_dir()} == {"charts", "v1", "v2"}

    assert cli.run(["site", "--quiet"]) == 0
    archive = Path("output/site") / NAME
    assert "has been replaced" in (archive / "v1/index.html").read_text()
    assert "34 numbers changed." in (archive / "index.html").read_text()
    assert re.search(r"<title>[^<]*\(corrected, version 3\)", Path("output/site/feed.xml").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(2))
def test_whatever_price_was_wrong_the_list_is_complete(data: Path, draw: int) -> None:
    """A close of some fund on some day was off by up to a tenth: what moved is what an independent reader finds."""
    place = issue()
    chance = random.Random(drawn_seed() * 10 + draw)
    ticker = chance.choice(("IWM", "QQQ", "SPY", "HYG"))
    day = edit_close(data, ticker, -chance.randint(1, 1200), 1 + chance.uniform(-0.1, 0.1))
    assert correct(f"The close of {ticker} on {date.fromisoformat(day):%B} {day[-2:]} was wrong.") == 0
    expected = moved(place / "v1", place)
    assert len(told(place)) == len(expected), sorted(expected)


@pytest.mark.slow
def test_a_brief_is_corrected_as_an_article_is(data: Path) -> None:
    Path("reportgen.toml").write_text(
        '[source]\nkind = "files"\ndata = "sample"\n[output]\nformats = ["html", "mail"]\n'
        '[brief]\npairs = [["IWM", "QQQ"], ["QQQ", "SPY"]]\n'
    )
    assert cli.run(["brief", "--as-of", "2026-03-27", "--quiet"]) == 0
    place = Path("output/2026-03-27/brief")
    edit_close(data, "QQQ", -1, 1.005)
    assert cli.run(["correct", "2026-03-27/brief", "--reason", "The last close of QQQ was wrong.", "--quiet"]) == 0
    expected = moved(place / "v1", place)
    assert len(expected) > 20
    assert len(told(place)) == len(expected)
    assert json.loads((place / "run.json").read_text())["corrections"][0]["changed"] == len(expected)
    assert "The last close of QQQ was wrong." in (place / "brief.eml").read_text()


Break = Callable[[Path], None]


def without_recipe(folder: Path) -> None:
    edit_record(folder, recipe=None)


def without_prints(folder: Path) -> None:
    edit_record(folder, printed=None)


def edit_record(folder: Path, **changed: object) -> None:
    path = folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


@pytest.mark.slow
def test_what_cannot_be_corrected_leaves_the_issue_alone(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = issue()
    kept = place.with_name("kept")
    shutil.copytree(place, kept)
    cases: list[tuple[Break, int, str]] = [
        (without_recipe, 2, "does not say how it was made"),
        (without_prints, 4, "does not say what the issue prints"),
        (lambda folder: (folder / "article.html").unlink(), 4, "is missing from the issue"),
        (lambda folder: edit_record(folder, recipe={"tickers": [], "as_of": None}), 4, "does not say what"),
    ]
    for spoil, code, message in cases:
        shutil.rmtree(place)
        shutil.copytree(kept, place)
        spoil(place)
        assert correct("A price was wrong.") == code, message
        assert message in capsys.readouterr().err
    shutil.rmtree(place)
    kept.rename(place)
    for reason in ("  ", "\x00", "x" * 501):
        assert correct(reason) == 2
    assert cli.run(["correct", "2026-03-27/qqq-vs-spy", "--reason", "Wrong."]) == 2

    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert correct("This fund is guaranteed to win.") == 3  # words that are banned are banned here as well
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before

    edit_record(place, version=2)  # as a corrected one
    capsys.readouterr()
    assert cli.run(["compare", "IWM", "QQQ", "--data", "sample", "--format", "html", "--quiet"]) == 2
    assert "holds version 2" in capsys.readouterr().err
