from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reportgen.errors import DataError
from reportgen.model import Article, Artifact, Name, Paragraph, Section, Text
from reportgen.render import _weasyprint, html, pdf
from reportgen.render._glyphs import printable
from reportgen.render._layout import Sheet, laid_out
from reportgen.resources import template_folders

POINTS = {"A4": (595, 842), "Letter": (612, 792)}


@pytest.fixture(scope="module")
def printed(article: Article, facts_json: Artifact) -> Artifact:
    return pdf.render(article, attachments=[facts_json])


@pytest.fixture(scope="module")
def document(printed: Artifact) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(printed.content))


def elements(document: pikepdf.Pdf) -> list[Any]:
    """Every structure element, in reading order."""
    found: list[Any] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            walk(node.get("/K"))

    walk(document.Root.StructTreeRoot.K)
    return found


def text(content: bytes, tmp_path: Path) -> str:
    """The text as a reader's copy and paste gives it, pages apart by form feeds."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext, of poppler-utils")
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_pages(article: Article, size: pdf.PageSize) -> None:
    with pikepdf.open(io.BytesIO(pdf.render(article, page_size=size).content)) as document:
        assert 3 <= len(document.pages) <= 6
        box = [round(float(x)) for x in document.pages[0].MediaBox]
        assert tuple(box[2:]) == POINTS[size]


def test_declared_accessible(document: pikepdf.Pdf) -> None:
    root = document.Root
    assert str(root.Lang) == "en-US"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as meta:
        assert meta["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert meta["dc:title"] == "IWM and QQQ compared"


def test_figures_have_alternative_texts(document: pikepdf.Pdf, article: Article) -> None:
    figures = [e for e in elements(document) if e.S == "/Figure"]
    alts = [str(e.Alt) for e in figures]
    assert len(alts) == 4
    assert alts[0] == "Growth of one investment. Growth of one investment: $1,172 in IWM and $1,834 in QQQ."


def test_cells_point_to_their_headers(document: pikepdf.Pdf) -> None:
    every = elements(document)
    heads = {str(e.ID) for e in every if e.S == "/TH" and "/ID" in e}
    cells = [e for e in every if e.S == "/TD"]
    pointing = [{str(h) for h in e.A.Headers} for e in cells if "/Headers" in e.A]
    assert len(heads) > 60
    assert len(pointing) > 120
    assert all(headers <= heads for headers in pointing)
    assert sum(len(headers) >= 2 for headers in pointing) > 120


def test_bookmarks_follow_the_headings(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        (top,) = outline.root
        assert top.title == "IWM and QQQ compared"
        assert [child.title for child in top.children][:3] == [
            "The answer in brief",
            "What they earned",
            "What could be lost",
        ]
        (horizons,) = [child for child in top.children if child.title.startswith("Over the next")]
        assert [child.title for child in horizons.children] == ["Days to weeks"]


def test_only_our_own_fonts_are_embedded(document: pikepdf.Pdf) -> None:
    fonts = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
    names = {str(f.BaseFont) for f in fonts}
    assert {re.sub(r"^/[A-Z]{6}\+", "", name) for name in names} == {
        "Report-Serif", "Report-Serif-Semi-Bold", "Report-Sans", "Report-Sans-Semi-Bold"
    }  # fmt: skip
    described = [
        o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    assert described
    assert all({"/FontFile2", "/FontFile3"} & set(d.keys()) for d in described)


def test_facts_travel_inside(document: pikepdf.Pdf, facts_json: Artifact) -> None:
    attached = document.attachments["facts.json"]
    assert attached.get_file().read_bytes() == facts_json.content
    assert attached.get_file().mime_type == "application/json"


def test_dates_are_the_issue_date(printed: Artifact, document: pikepdf.Pdf, article: Article) -> None:
    day = f"D:{article.issue_date:%Y%m%d}"
    assert str(document.docinfo.CreationDate).startswith(day)
    assert str(document.docinfo.ModDate).startswith(day)
    attached = document.attachments["facts.json"].get_file()
    assert attached.creation_date is not None
    assert attached.creation_date.date() == article.issue_date


def test_running_head_and_page_numbers(printed: Artifact, tmp_path: Path) -> None:
    pages = text(printed.content, tmp_path).rstrip("\f").split("\f")
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Data as of March 27, 2026\n" in page) == (number > 1 or "Data as of March 27, 2026\n" in pages[0])
    assert all("IWM and QQQ compared" in page for page in pages)


def test_nothing_of_the_page_is_lost_on_paper(printed: Artifact, article: Article, tmp_path: Path) -> None:
    page = html.render(article).content.decode()
    numerals = re.findall(
        r"<data [^>]*>([^<]*\d[^<]*)</data>", re.sub(r"<figure.*?</figure>", "", page, flags=re.DOTALL)
    )
    paper = re.sub(r"\s+", "", text(printed.content, tmp_path).replace("\N{NO-BREAK SPACE}", " "))
    at = 0
    for numeral in numerals:
        at = paper.index(re.sub(r"\s+", "", numeral), at)


def test_identical_bytes_again_and_in_another_process(
    article: Article, printed: Artifact, facts_json: Artifact
) -> None:
    assert pdf.render(article, attachments=[facts_json]).sha256 == printed.sha256
    code = (
        "import importlib.util as u\n"
        f"spec = u.spec_from_file_location('fixtures', {str(Path(__file__).with_name('conftest.py'))!r})\n"
        "fixtures = u.module_from_spec(spec); spec.loader.exec_module(fixtures)\n"
        "from reportgen.render import pdf\n"
        "facts = fixtures.Artifact('facts.json', 'application/json', b'{\"schema\": 1}\\n')\n"
        "print(pdf.render(fixtures.make_article(), attachments=[facts]).sha256)"
    )
    surroundings = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout.strip() == printed.sha256


def test_letters_that_our_fonts_lack_never_borrow_a_font(article: Article) -> None:
    name = "Ǎlpha 日本 \u200bFund\u0301 ≥ Škoda"
    section = Section("names", (Text("Names"),), (Paragraph((Name(name),)),))
    content = pdf.render(dataclasses.replace(article, sections=(section,))).content
    with pikepdf.open(io.BytesIO(content)) as document:
        names = {
            str(o.BaseFont) for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
        }
    assert all("+Report-" in name for name in names)


def test_letters_are_replaced_by_the_nearest() -> None:
    assert printable("Ǎlpha 日本 \u200bFund ≥ Škoda\n") == "Alpha ?? Fund ≥ Škoda\n"
    assert printable("e\u0301") == "é"


def test_missing_pango_is_named_with_the_commands(monkeypatch: pytest.MonkeyPatch, article: Article) -> None:
    def absent() -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(_weasyprint, "_load", absent)
    _weasyprint.library.cache_clear()
    with pytest.raises(DataError, match="Pango") as caught:
        pdf.render(article)
    for command in ("apt-get install libpango-1.0-0 libpangoft2-1.0-0", "brew install pango", "pacman -S", "libpango"):
        assert command in str(caught.value)
    _weasyprint.library.cache_clear()


def test_paper_may_fetch_nothing_but_our_fonts() -> None:
    fetch = _weasyprint.fetcher(frozenset({"file:///fonts/a.otf"}))
    for url in ("http://127.0.0.1:9/x", "file:///etc/passwd", "data:text/plain,x"):
        with pytest.raises(ValueError, match="may not fetch"):
            fetch.fetch(url)  # type: ignore[attr-defined]


LETTERS = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" font-family="Report Sans" font-size="10">
<text {place}>Wave</text></svg>"""


@pytest.mark.parametrize(
    ("place", "times"), [('x="1" y="9"', 1), ('x="80" y="9" text-anchor="end"', 1), ('x="1 20 40 60" y="9"', 4)]
)
def test_a_pictures_text_is_set_at_once_unless_its_letters_have_places(place: str, times: int) -> None:
    page = '<!DOCTYPE html><html lang="en"><title>T</title><img src="reportgen:chart/a" alt="A wave"></html>'
    pictures = {"reportgen:chart/a": ("image/svg+xml", LETTERS.format(place=place).encode())}
    made = laid_out(Sheet(page, (), date(2026, 3, 27), "ua-1", "A4", template_folders(), pictures=pictures))
    with pikepdf.open(io.BytesIO(made)) as document:
        streams = [s for s in document.objects if isinstance(s, pikepdf.Stream) and b"BT" in s.read_bytes()]
        shown = sum(str(each.operator) == "TJ" for s in streams for each in pikepdf.parse_content_stream(s))
    assert shown == times + 1, "the text, and the number of the page"
