from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from reportgen.errors import ReportgenError
from reportgen.model import Article, Cell, Figure, Name, Number, Paragraph, Section, Table, Text
from reportgen.render import html
from tests.render.test_structure import linked

GOLDEN = Path(__file__).parent / "golden" / "article.html"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.text + "".join(child.words for child in self.children)

    def above(self) -> list[Element]:
        return [self, *(self.parent.above() if self.parent else [])]

    def all(self, tag: str) -> list[Element]:
        own = [self] if self.tag == tag else []
        return own + [found for child in self.children for found in child.all(tag)]


class Tree(HTMLParser):
    """The page as elements; refuses tags that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self.here = self.root
        self.texts: list[tuple[str, Element]] = []
        self.feed(page)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: text or "" for name, text in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: text or "" for name, text in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}> at {self.getpos()}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.text += data
        self.texts.append((data, self.here))


@pytest.fixture(scope="module")
def page(article: Article) -> str:
    return html.render(article).content.decode("utf-8")


@pytest.fixture(scope="module")
def root(page: str) -> Element:
    return Tree(page).root


def without_styles(page: str) -> str:
    return re.sub(r"<style>.*?</style>", "<style></style>", page, count=1, flags=re.DOTALL)


def test_golden(page: str, refresh_golden: bool) -> None:
    if refresh_golden:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(without_styles(page), encoding="utf-8")
    assert without_styles(page) == GOLDEN.read_text(encoding="utf-8")


def test_every_digit_has_an_origin(page: str) -> None:
    bare = [
        text
        for text, where in Tree(page).texts
        if re.search(r"\d", text)
        and where.tag != "style"
        and not any(up.tag == "time" or {"data-fact", "data-run"} & up.attrs.keys() for up in where.above())
    ]
    assert bare == []


def test_numbers_carry_their_facts_raw_value(root: Element) -> None:
    shown = {(d.attrs["data-fact"], d.words): d.attrs["value"] for d in root.all("data")}
    assert shown["QQQ/max_drawdown/5Y", "-35.12%"] == "-0.3512"
    assert shown["QQQ/net_assets", "$395B"] == "395000000000"
    assert shown["IWM/largest_sector", "Health Care"] == "Health Care"
    assert shown["IWM/cagr/10Y", "n/a, began 2024-03-01"] == ""
    assert shown["IWM/expected_shortfall_95/5Y", "63"] == "63"
    assert shown["IWM/expected_shortfall_95/5Y", "1,256"] == "1256"


def test_hovering_tells_window_basis_and_source(root: Element) -> None:
    titles = {d.attrs["data-fact"]: d.attrs["title"] for d in root.all("data")}
    assert titles["QQQ/cagr/5Y"] == (
        "QQQ, Annualized return; 5Y, 2021-03-26 to 2026-03-27; total return; 1,256 observations; "
        "source: invented prices"
    )
    assert titles["QQQ/net_assets"].endswith("stated by the provider; as of 2026-03-20; source: invented facts")
    assert titles["IWM:QQQ/diff.cagr/5Y"].startswith("IWM less QQQ, Annualized return; 5Y")
    assert titles["article/market_impact"].startswith("Market impact; total return")


def test_dates_are_machine_readable(root: Element) -> None:
    times = {(t.words, t.attrs["datetime"], t.attrs.get("data-fact")) for t in root.all("time")}
    assert ("March 27, 2026", "2026-03-27", None) in times
    assert ("November 8, 2021", "2021-11-08", "IWM/max_drawdown/5Y") in times


def test_headings_descend_by_one_and_one_is_the_title(root: Element) -> None:
    levels = [int(e.tag[1]) for e in _in_order(root) if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_parts_stand_inside_the_section_they_belong_to(root: Element) -> None:
    (part,) = [s for s in root.all("section") if s.attrs["id"] == "days"]
    assert part.parent is not None
    assert part.parent.attrs["id"] == "horizons"


def test_ids_are_unique_and_every_reference_lands(root: Element) -> None:
    ids = [e.attrs["id"] for e in _in_order(root) if "id" in e.attrs]
    assert len(ids) == len(set(ids))
    wanted = {
        word
        for e in _in_order(root)
        for name in ("headers", "aria-labelledby")
        for word in e.attrs.get(name, "").split()
    }
    wanted |= {e.attrs["href"].removeprefix("#") for e in root.all("a")}
    assert wanted <= set(ids)


def test_a_plain_tables_cells_are_headed_by_scope(root: Element) -> None:
    (table,) = [t for t in root.all("table") if t.attrs["id"] == "table-returns"]
    assert {th.attrs["scope"] for th in table.all("th")} == {"row", "col"}
    (gap,) = [td for td in table.all("td") if td.words == "12.91%"]
    assert gap.parent is not None
    heads, row = table.all("tr")[0].children, gap.parent.children
    assert [heads[row.index(gap)].words, row[0].words] == ["QQQ", "Five years, annualized"]
    assert [cell.attrs.get("scope") for cell in heads[1:]] == ["col"] * (len(heads) - 1)
    assert [cell.attrs.get("scope") for cell in row] == ["row"] + [None] * (len(row) - 1)
    assert len(table.all("caption")) == len(table.all("thead")) == len(table.all("tbody")) == 1


def test_cells_under_heads_in_several_rows_name_them(article: Article) -> None:
    def cell(text: str, *, header: bool = True) -> Cell:
        return Cell((Text(text),), header=header)

    heads = ((cell("a"), cell("b")), (cell("c"), cell("d")))
    table = Table("two", (Text("Two"),), heads, ((cell("e"), cell("f", header=False)),))
    section = Section("two", (Text("Two"),), (table,))
    page = html.render(dataclasses.replace(article, sections=(*article.sections, section))).content.decode()
    (found,) = [td for td in Tree(page).root.all("td") if td.words == "f"]
    names = {th.attrs["id"]: th.words for th in Tree(page).root.all("th") if "id" in th.attrs}
    assert [names[id_] for id_ in found.attrs["headers"].split()] == ["b", "d", "e"]


def test_figures_hold_their_chart_and_caption(root: Element) -> None:
    figures = root.all("figure")
    assert [f.attrs["id"] for f in figures] == [
        "figure-growth",
        "figure-drawdowns",
        "figure-sectors",
        "figure-concentration",
    ]
    for figure in figures:
        (svg,) = figure.all("svg")
        assert svg.children[0].tag == "title"
        assert figure.all("figcaption")[0].words.strip()


def test_one_file_that_needs_no_other_and_no_script(page: str, root: Element) -> None:
    assert not root.all("script")
    assert not root.all("link")
    assert not root.all("img")
    assert all(e.attrs.get("href", "#").startswith("#") for e in _in_order(root))
    assert not any("src" in e.attrs for e in _in_order(root))
    assert re.findall(r"url\((?!data:)", page) == []
    assert "@import" not in page


def test_head_and_landmarks(root: Element) -> None:
    assert root.all("html")[0].attrs["lang"] == "en-US"
    assert root.all("title")[0].words == "IWM and QQQ compared"
    metas = {m.attrs.get("name", ""): m.attrs.get("content", "") for m in root.all("meta")}
    assert metas["description"].startswith("QQQ led by 9.7 points")
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert root.all("body")[0].children[0].attrs == {"class": "skip", "href": "#article"}
    assert len(root.all("main")) == 1


def test_banner_only_where_data_are_simulated(article: Article, root: Element) -> None:
    banner = [p for p in root.all("aside") if p.attrs.get("class") == "banner"]
    assert [p.attrs.get("aria-label") for p in banner] == ["About the data"]
    real = html.render(dataclasses.replace(article, banner=())).content.decode()
    assert 'class="banner"' not in real


def test_verdicts_are_words_not_only_colors(root: Element) -> None:
    marks = [s.words for s in root.all("span") if "verdict" in s.attrs.get("class", "")]
    assert marks == ["supported by the data", "not settled by the data", "a common story contradicted by the data"]


def test_light(page: str) -> None:
    assert len(page.encode()) < 400_000


def test_hostile_names_stay_text(article: Article) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=y> & Co.'
    section = Section("evil", (Name(evil),), (Paragraph((Text("See "), Name(evil))),))
    masthead = dataclasses.replace(article.masthead, title=(Name(evil),), headline=(Name(evil),), publication=evil)
    hostile = dataclasses.replace(article, sections=(section,), masthead=masthead, keywords=(evil,))
    root = Tree(html.render(hostile).content.decode()).root
    assert not root.all("script")
    assert not root.all("img")
    assert root.all("h1")[0].words == evil
    assert root.all("title")[0].words == evil


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (Paragraph((Number("QQQ/nothing", "1"),)), "not measured"),
        (Paragraph((Number("QQQ/cagr/5Y", "1", "peak"),)), "detail 'peak'"),
        (Figure("nothing", (Text("A chart"),)), "not painted"),
    ],
)
def test_what_does_not_exist_cannot_be_printed(article: Article, block: Paragraph | Figure, message: str) -> None:
    broken = dataclasses.replace(article, sections=(Section("broken", (Text("Broken"),), (block,)),))
    with pytest.raises(ReportgenError, match=message):
        html.render(broken)


def test_laying_out_html_loads_no_pdf_library() -> None:
    code = "import sys, reportgen.render.html, reportgen.render.pdf; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _in_order(element: Element) -> list[Element]:
    return [element, *(found for child in element.children for found in _in_order(child))]


def test_links_lead_to_notes_and_cards(article: Article) -> None:
    page = html.render(linked(article)).content.decode()
    assert '<a class="ref" data-run="ref" id="sentence-1" href="#note-1">1</a>' in page
    assert '<a class="ref" data-run="ref" id="note-1" href="#sentence-1">1</a>' in page
    assert 'It <span class="bound">fell.<a class="ref"' in page
    assert '<a class="card" href="#method-max_drawdown">' in page
    assert page.count('id="method-max_drawdown"') == 1
