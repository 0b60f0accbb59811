"""What assistive technology and archives read of a PDF: tags, headers, alternative texts, links, fonts, files."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from reportgen.model import Article, Artifact, Cell, Paragraph, Parameter, Ref, Section, Table, Text
from reportgen.render import pdf

MANIFEST = Artifact("manifest.json", "application/json", b'{"schema": 1, "sources": []}\n')
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"
PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"


def linked(article: Article) -> Article:
    """The article with a sentence that leads to its note, and a label that leads to its metric's card."""
    label = Parameter("max_drawdown", "label", "Maximum drawdown")
    sentence = Section("linked", (Text("Linked"),), (Paragraph((Text("It fell."), Ref(1))),))
    note = Table("notes", (Text("Notes"),), (), ((Cell((Ref(1, back=True),), header=True), Cell((label,))),))
    card = Table("methods", (Text("Methods"),), (), ((Cell((label,), header=True), Cell((Text("A fall."),))),))
    appendix = Section("notes", (Text("Notes"),), (note, card), appendix=True)
    return dataclasses.replace(article, sections=(sentence, *article.sections, appendix))


@pytest.fixture(
    scope="module", params=[("A4", "ua-1"), ("Letter", "ua-1"), ("A4", "a-3a"), ("Letter", "a-3a")], ids="-".join
)
def printed(request: pytest.FixtureRequest, article: Article, facts_json: Artifact) -> tuple[str, pikepdf.Pdf]:
    size, variant = request.param
    made = pdf.render(linked(article), page_size=size, variant=variant, attachments=[facts_json, MANIFEST])
    return variant, pikepdf.open(io.BytesIO(made.content))


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every structure element, in reading order."""
    waiting: list[object] = [document.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            waiting.append(node.get("/K"))


def test_marked_in_a_language_and_titled(printed: tuple[str, pikepdf.Pdf], article: Article) -> None:
    variant, document = printed
    root = document.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == article.language
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert "/ParentTree" in root.StructTreeRoot
    with document.open_metadata() as meta:
        assert meta["dc:title"] == "IWM and QQQ compared"
        claimed = (meta.get(f"{PDF_UA}part"), meta.get(f"{PDF_A}part"), meta.get(f"{PDF_A}conformance"))
    assert claimed == (("1", None, None) if variant == "ua-1" else (None, "3", "A"))
    assert ("/OutputIntents" in root) == (variant == "a-3a")


def test_every_figure_has_a_text(printed: tuple[str, pikepdf.Pdf], article: Article) -> None:
    figures = [element for element in elements(printed[1]) if element.S == "/Figure"]
    assert len(figures) == len(article.charts)
    assert all(str(figure.Alt).strip() for figure in figures)


def test_every_cell_points_to_headers_that_exist(printed: tuple[str, pikepdf.Pdf]) -> None:
    found = list(elements(printed[1]))
    heads = [str(element.ID) for element in found if element.S == "/TH"]
    assert len(heads) == len(set(heads)) > 60
    for cell in (element for element in found if element.S == "/TD"):
        assert cell.A.Headers or not cell.K  # only the empty corner of a head row belongs to no header
        assert {str(header) for header in cell.A.Headers} <= set(heads)


def test_every_link_says_where_it_leads(printed: tuple[str, pikepdf.Pdf]) -> None:
    document = printed[1]
    links = [a for page in document.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert len(links) > 2
    assert all(str(link.Contents).strip() for link in links)
    assert all("/StructParent" in link for link in links)
    tagged = [element for element in elements(document) if element.S == "/Link"]
    assert len(tagged) == len(links)


def test_every_font_travels_along(printed: tuple[str, pikepdf.Pdf]) -> None:
    objects = [o for o in printed[1].objects if isinstance(o, pikepdf.Dictionary)]
    described = [o for o in objects if o.get("/Type") == "/FontDescriptor"]
    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(o.keys()) for o in described)


def test_facts_and_manifest_travel_inside_with_the_issue_date(
    printed: tuple[str, pikepdf.Pdf], article: Article, facts_json: Artifact
) -> None:
    variant, document = printed
    for expected in (facts_json, MANIFEST):
        spec = document.attachments[expected.name]
        held = spec.get_file()
        assert held.read_bytes() == expected.content
        assert held.mime_type == "application/json"
        assert held.creation_date is not None
        assert held.mod_date is not None
        assert {held.creation_date.date(), held.mod_date.date()} == {article.issue_date}
        assert spec.description
    related = {str(each.UF) for each in document.Root.get("/AF", [])}
    assert related == ({"facts.json", "manifest.json"} if variant == "a-3a" else set())


def test_archives_get_the_same_bytes_again(article: Article) -> None:
    plain = dataclasses.replace(article, sections=article.sections[:2])
    assert pdf.render(plain, variant="a-3a").sha256 == pdf.render(plain, variant="a-3a").sha256
