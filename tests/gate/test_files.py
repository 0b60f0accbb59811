"""The gate reads the finished files back: page, PDF, charts and facts show the article, no more and no less."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from reportgen import gate
from reportgen.gate import charts, page, paper
from reportgen.gate._pdf import Document
from reportgen.model import Artifact, Chart, Label, Name, Polyline, Text, Tick
from reportgen.pipeline import Made

SVG = "image/svg+xml"


def of(made: Made, media_type: str) -> Artifact:
    return next(artifact for artifact in made.artifacts if artifact.media_type == media_type)


def on_page(made: Made, change: Callable[[str], str]) -> list[str]:
    before = of(made, "text/html").content.decode()
    after = change(before)
    assert after != before
    return [f"{f.line}: {f.message}" for f in page.check(made.article, after, "article.html")]


def before_end(addition: str) -> Callable[[str], str]:
    return lambda html: html.replace("</body>", f"{addition}</body>")


def test_the_finished_article_is_cleared(finished: Made) -> None:
    assert finished.clearance.findings == ()
    assert finished.clearance.checked["pages"] == 1


DATA = r'(<data [^>]*data-fact="QQQ/max_drawdown/5Y"[^>]*>)([^<]*)(</data>)'

CHANGES: dict[str, Callable[[str], str]] = {
    "a number's text": lambda h: re.sub(DATA, r"\1-3.33%\3", h, count=1),
    "a number's value": lambda h: h.replace('<data value="-0.35', '<data value="-0.53', 1),
    "a number's fact": lambda h: h.replace('data-fact="QQQ/max_drawdown/5Y"', 'data-fact="QQQ/volatility/5Y"', 1),
    "a date": lambda h: re.sub(r'(<time datetime="2026-03-27")', '<time datetime="2026-03-26"', h, count=1),
    "a bogus run": before_end('<p><span data-run="x">up 900%</span></p>'),
    "a bogus date": before_end('<p><time datetime="x">up 900%</time></p>'),
    "a bogus fact": before_end('<p><data data-fact="nope">up 900%</data></p>'),
    "an unknown name": before_end('<p><span data-run="name">QQQ up 900%</span></p>'),
    "a number in the template's own words": before_end('<p data-run="page">up 900%</p>'),
    "digits as entities": before_end("<p>up &#57;00%</p>"),
    "an attribute": before_end('<p title="up 900%">x</p>'),
    "an input": before_end('<input value="900%">'),
    "a stylesheet's words": before_end('<style>.n::after{content:" up 900%"}</style>'),
    "a style attribute": before_end("<p style=\"content:'900%'\">x</p>"),
    "a script": before_end('<script>document.write("900%")</script>'),
    "a handler": before_end("<p onclick=\"alert('x')\">x</p>"),
    "a frame": before_end('<iframe src="https://example.com"></iframe>'),
    "an unclosed element": before_end("<p>words"),
    "a stray end": before_end("</section>"),
    "the page's title": lambda h: re.sub(r"(<title[^>]*>)", r"\1Up 900% ", h, count=1),
    "the page's description": lambda h: re.sub(r'(name="description" content=")', r"\1Up 900% ", h, count=1),
    "the main part": lambda h: re.sub(r"<main.*</main>", "", h, flags=re.DOTALL),
    "everything": lambda h: h[:0],
    "the legend": lambda h: re.sub(r"(?i)past performance", "", h),
    "the banner": lambda h: h.replace("Simulated sample data", ""),
    "the disclosures": lambda h: re.sub(r'<section id="disclosures".*?</section>', "", h, flags=re.DOTALL),
    "a hidden legend": lambda h: h.replace('<p class="legend"', '<p style="display: none" class="legend"', 1),
    "a row": lambda h: re.sub(r"<tbody>\s*<tr>.*?</tr>", "<tbody>", h, count=1, flags=re.DOTALL),
    "a word": lambda h: h.replace("effectively the same", "clearly not the same"),
    "a picture's label": lambda h: h.replace('<tspan data-fact="QQQ/max_drawdown/5Y">-35.12%', "<tspan>-5.12%", 1),
    "a tick": lambda h: h.replace('data-run="tick">$1,000<', 'data-run="tick">$9,000<', 1),
    "a verdict": lambda h: h.replace('class="verdict inconclusive"', 'class="verdict supported"', 1),
    "a hover": lambda h: re.sub(r'(data-fact="QQQ/max_drawdown/5Y"[^>]* title=")', r"\1up 900%; ", h, count=1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_page_changed_in_one_place_is_held(finished: Made, change: Callable[[str], str]) -> None:
    assert on_page(finished, change)


def test_a_finding_on_a_page_names_its_line_and_its_fact(finished: Made) -> None:
    html = CHANGES["a number's text"](of(finished, "text/html").content.decode())
    (finding,) = (f for f in page.check(finished.article, html, "article.html") if f.line)
    assert finding.fact == "QQQ/max_drawdown/5Y"
    assert finding.line is not None
    assert "-3.33%" in html.splitlines()[finding.line - 1]


def test_the_templates_own_words_may_stand_between(finished: Made) -> None:
    html = of(finished, "text/html").content.decode()
    added = html.replace("</h2>", '</h2><p data-run="page">Read on</p>', 1)
    assert list(page.check(finished.article, added, "article.html")) == []


def on_paper(made: Made, content: bytes) -> list[str]:
    return [f.message for f in paper.check(made.article, Artifact("article.pdf", "application/pdf", content))]


def repainted(pdf: bytes, change: Callable[[bytes], bytes], count: int = 1) -> bytes:
    """The PDF with its pages' painting changed. Offsets in it no longer hold, which our reader does not need."""

    def again(found: re.Match[bytes]) -> bytes:
        nonlocal count
        code = zlib.decompress(found[2])
        changed = change(code) if count and b"BDC" in code else code
        if changed == code:
            return found[0]
        count -= 1
        packed = zlib.compress(changed)
        return b"<</Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)

    return re.sub(rb"<</Filter /FlateDecode/Length (\d+)>>\nstream\n(.*?)\nendstream", again, pdf, flags=re.DOTALL)


# Running heads stand at the upper edge of the pages, page numbers at the lower one.
RUNNING = re.compile(rb"( 57\.\d+ Tm\n/\w+ [\d.]+ Tf\n)(\[<[^\]]*\] TJ)")
NUMBER = re.compile(rb"( 1083\.\d+ Tm\n/\w+ [\d.]+ Tf\n\[<)([^\]]*\] TJ)")
SHOWN = re.compile(rb"/\w+ [\d.]+ Tf\n\[<[^\]]*\] TJ")
PAINTING: dict[str, Callable[[bytes], bytes]] = {
    "a text lost": lambda code: re.sub(rb"\[<[^\]]*\] TJ", b"", code, count=1),
    "a text twice": lambda code: re.sub(rb"(\[<[^\]]*\] TJ)", rb"\1\n\1", code, count=1),
    "a mark lost": lambda code: re.sub(rb"/MCID 1>>", b"/MCID 999>>", code, count=1),
    "a bracket lost": lambda code: re.sub(rb"\[<013a>0\] TJ", b"", code, count=1),
    "a running head lost": lambda code: re.sub(RUNNING, rb"\1", code, count=1),
    "a running head twice": lambda code: re.sub(RUNNING, rb"\1\2\n\2", code, count=1),
    "a page number changed": lambda code: re.sub(NUMBER, rb"\g<1>0000\2", code, count=1),
    "a text without a mark": lambda code: code + b"\n" + SHOWN.findall(code)[0] + b"\n[<0001>0] TJ\n",
}


@pytest.mark.parametrize("change", PAINTING.values(), ids=PAINTING)
def test_a_pdf_that_lost_or_gained_a_text_is_held(finished: Made, change: Callable[[bytes], bytes]) -> None:
    pdf = of(finished, "application/pdf").content
    assert on_paper(finished, pdf) == []
    assert on_paper(finished, repainted(pdf, change))


@pytest.mark.parametrize(
    "content", [b"junk", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", b"%PDF-1.7\n1 0 obj\n<<"]
)
def test_what_is_no_pdf_is_held(finished: Made, content: bytes) -> None:
    (message,) = on_paper(finished, content)
    assert "cannot be read" in message


def test_a_cut_pdf_is_held_and_never_breaks_the_gate(finished: Made) -> None:
    pdf = of(finished, "application/pdf").content
    for share in range(1, 10):
        assert on_paper(finished, pdf[: len(pdf) * share // 10])


def test_an_article_that_says_more_than_its_pdf_is_held(finished: Made) -> None:
    section = finished.article.sections[0]
    longer = replace(section, heading=(*section.heading, Text(" and more")))
    article = replace(finished.article, sections=(longer, *finished.article.sections[1:]))
    assert list(paper.check(article, of(finished, "application/pdf")))


def test_the_facts_inside_the_pdf_are_those_beside_it(finished: Made) -> None:
    pdf, facts = of(finished, "application/pdf"), of(finished, "application/json").content
    assert Document(pdf.content).attachment("facts.json") == facts
    assert list(paper.check(finished.article, pdf, {"facts.json": facts})) == []
    assert [f.message for f in paper.check(finished.article, pdf, {"facts.json": facts + b" "})] == [
        "the facts.json inside is not the one beside it"
    ]


def test_facts_changed_in_their_file_are_held(finished: Made) -> None:
    document = json.loads(of(finished, "application/json").content)
    document["facts"][0]["value"] = 999.0
    changed = Artifact("facts.json", "application/json", json.dumps(document).encode())
    others = [a for a in finished.artifacts if a.name == "article.html"]
    found = gate.check(finished.article, [*others, changed]).findings
    assert [f.fact for f in found] == [document["facts"][0]["id"]]


def drawn(made: Made, change: Callable[[Chart], Chart]) -> list[str]:
    chart = change(made.article.charts["growth"])
    article = replace(made.article, charts={**made.article.charts, "growth": chart})
    return [f.message for f in charts.check(article)]


def painted(old: str, new: str) -> Callable[[Chart], Chart]:
    def change(chart: Chart) -> Chart:
        before = chart.images[SVG].decode()
        after = re.sub(old, new, before, count=1)
        assert after != before
        return replace(chart, images={SVG: after.encode()})

    return change


def marked(kind: type, **changes: object) -> Callable[[Chart], Chart]:
    def change(chart: Chart) -> Chart:
        at = next(i for i, mark in enumerate(chart.spec.marks) if isinstance(mark, kind))
        marks = list(chart.spec.marks)
        marks[at] = replace(marks[at], **changes)  # type: ignore[arg-type]
        return replace(chart, spec=replace(chart.spec, marks=tuple(marks)))

    return change


@pytest.mark.parametrize(
    "change",
    [
        painted(r"\$1,834", "$9,999"),
        painted(r">\$1,500<", ">$9,500<"),
        painted("</svg>", '<text data-run="tick">900%</text></svg>'),
        painted("</svg>", "<image href='x'/></svg>"),
        painted("</svg>", ""),
        painted(r'points="(\d+)', r'points="9\1'),
        marked(Tick, text="$9,999"),
        marked(Tick, text="much"),
        marked(Label, runs=(Name("QQQ gained 900%"),)),
        marked(Polyline, points=((0.0, 0.0), (1.0, 1.0))),
    ],
)
def test_a_chart_is_what_was_decided(finished: Made, change: Callable[[Chart], Chart]) -> None:
    assert drawn(finished, lambda chart: chart) == []
    assert drawn(finished, change)


def test_an_alternative_text_is_typed(finished: Made) -> None:
    chart = finished.article.charts["growth"]
    for alt in ((Text("QQQ gained 900%"),), (Name("QQQ gained 900%"),)):
        spoken = replace(chart, spec=replace(chart.spec, alt=alt))
        article = replace(finished.article, charts={**finished.article.charts, "growth": spoken})
        assert any(f.check == "numbers" for f in gate.check(article, []).findings)
