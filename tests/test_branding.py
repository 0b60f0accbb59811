"""A publisher's own name, logo, colors, words and order: read, judged, and shown alike in page, PDF and mail."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from reportgen.config import Settings, read_settings
from reportgen.errors import SettingsError, UsageError
from reportgen.gate import page as page_gate
from reportgen.model import Artifact, Request, plain
from reportgen.model.brand import PAPERS, contrast
from reportgen.pipeline import Job, Made, Watch, make
from reportgen.resources import template_root
from reportgen.sources import open_source

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h9v9z" fill="#123456"/>{}</svg>'


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 4, height: int = 2, *further: bytes, rows: bytes | None = None) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(rows if rows is not None else (b"\0" + b"\x12\x34\x56" * width) * height)
    parts = (chunk(b"IHDR", head), *further, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def settings(folder: Path, branding: str, more: str = "") -> Settings:
    file = folder / "reportgen.toml"
    file.write_text(f"{more}\n[branding]\n{branding}\n", encoding="utf-8")
    return read_settings(file)


@cache
def made(own: Settings) -> Made:
    return make(Job(Request(("IWM", "QQQ")), open_source("sample"), own), Watch(lambda: 0.0))


def of(found: Made, media_type: str) -> Artifact:
    return next(artifact for artifact in found.artifacts if artifact.media_type == media_type)


def section(found: Made, name: str) -> str:
    blocks = next(each for each in found.article.sections if each.id == name).blocks
    return "\n".join(plain(block.runs) for block in blocks)  # type: ignore[union-attr]


@pytest.fixture
def branded(tmp_path: Path) -> Settings:
    (tmp_path / "logo.svg").write_text(SVG.format("<title>x</title>"), encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(png(4, 2, chunk(b"tEXt", b"Comment\0made with care")))
    own = settings(
        tmp_path,
        'publication = "The Friday Brief"\nlogo = "logo.svg"\nmail_logo = "logo.png"\naccent = "#7a1f3d"\n'
        'accent_dark = "#f0a0b8"\nink = "#3d1020"\n'
        'disclosures = ["Published by No. 1 Press.", "Its editors hold funds."]',
    )
    return replace(own, formats=("html", "pdf", "mail"))


def test_logo_colors_and_disclosures_reach_page_pdf_and_mail(branded: Settings) -> None:
    found = made(branded)
    assert found.clearance.findings == ()
    page = of(found, "text/html").content.decode()
    assert page.count("<img ") == 1
    assert 'src="data:image/svg+xml;base64,' in page
    assert 'alt="The Friday Brief"' in page
    assert ":root { --accent: #7a1f3d; --ink: #3d1020; }" in page
    assert "(prefers-color-scheme: dark) { :root { --accent: #f0a0b8; } }" in page
    mail = message_from_bytes(of(found, "message/rfc822").content, policy=policy.default)
    pictures = {
        part.get_filename(): part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"
    }
    assert pictures["logo.png"] == png()
    body = mail.get_body(("html",))
    assert body is not None
    assert "#7a1f3d" in body.get_content()
    assert "#16457f" not in body.get_content()
    with pikepdf.open(io.BytesIO(of(found, "application/pdf").content)) as document:
        assert b"0.478431 0.121569 0.239216" in document.pages[0].Contents.read_bytes()
    assert section(found, "disclosures").endswith("Published by No. 1 Press.\nIts editors hold funds.")


def test_the_gate_holds_any_other_picture_and_a_logo_that_says_something_else(branded: Settings) -> None:
    found = made(branded)
    page = of(found, "text/html").content.decode()
    for old, new in (
        ('alt="The Friday Brief"', 'alt="Up 40%"'),
        ("data:image/svg+xml;base64,", "data:image/svg+xml;base64,AAAA"),
        ("<h1>", '<img src="https://example.com/x.png" alt="x"><h1>'),
        ("<h1>", '<img srcset="https://example.com/x.png" alt="x"><h1>'),
    ):
        assert list(page_gate.check(found.article, page.replace(old, new, 1), "article.html"))


@pytest.mark.parametrize(
    ("key", "color", "ratio"),
    [
        ("accent", "#8ab4f0", "1.97"),
        ("ink", "#777777", "4.1"),
        ("accent_dark", "#16457f", "1."),
        ("ink_dark", "red", ""),
    ],
)
def test_a_color_that_cannot_be_read_is_refused_with_its_contrast(
    tmp_path: Path, key: str, color: str, ratio: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, f'{key} = "{color}"')
    assert f"reportgen.toml:3: {key} " in str(caught.value)
    assert (f"has a contrast of {ratio}" if ratio else "must be a color") in str(caught.value)


def test_contrast_is_that_of_wcag_and_papers_are_those_of_the_stylesheets() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    for scheme, sheet in (("light", "base.css"), ("dark", "screen.css")):
        text = (template_root() / "article" / sheet).read_text(encoding="utf-8")
        assert tuple(re.findall(r"--(?:paper|panel): (#[0-9a-f]{6})", text)) == PAPERS[scheme]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.svg", SVG.format("<script>alert(1)</script>"), "holds <script>"),
        ("logo.svg", SVG.format("<foreignObject/>"), "holds <foreignObject>"),
        ("logo.svg", SVG.format("<text>IWM</text>"), "letters drawn as paths"),
        ("logo.svg", SVG.format('<image href="https://example.com/x.png"/>'), "holds <image>"),
        ("logo.svg", SVG.format('<path onload="x()"/>'), "the attribute onload"),
        ("logo.svg", SVG.format('<path style="fill:red"/>'), "the attribute style"),
        ("logo.svg", SVG.format('<path fill="url(https://example.com/x)"/>'), "the attribute fill"),
        ("logo.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), "document type"),
        ("logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>', "how large it is"),
        ("logo.svg", "<html/>", "is no SVG"),
        ("logo.svg", "<svg", "is no SVG"),
        ("logo.png", b"GIF89a", "is no PNG"),
        ("logo.png", png()[:-20], "is damaged"),
        ("logo.png", png().replace(b"\x00\x00\x00\x04\x00", b"\x00\x00\x00\x05\x00", 1), "is damaged"),
        ("logo.png", png(40_000, 1, rows=b"\0"), "a side may have"),
        ("logo.png", png(rows=b"\0" * 1_000_000), "more or fewer pixels"),
        ("logo.gif", b"GIF89a", "neither a PNG nor an SVG"),
        ("logo.png", b"\x89PNG" + b"x" * 200_000, "a logo may have"),
        ("../logo.png", b"", "outside the settings file's folder"),
        ("none/logo.png", None, "cannot be read"),
    ],
)
def test_a_logo_that_could_do_more_than_paint_is_refused(
    tmp_path: Path, name: str, content: str | bytes | None, message: str
) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    if content is not None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SettingsError, match=re.escape(message)):
        settings(folder, f'logo = "{name}"')


def test_a_link_out_of_the_folder_is_followed_and_refused(tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(png())
    (folder / "logo.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(SettingsError, match="outside"):
        settings(folder, 'logo = "logo.png"')


def test_a_mail_needs_a_logo_that_mail_programs_show(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(""), encoding="utf-8")
    own = settings(tmp_path, 'logo = "logo.svg"')
    with pytest.raises(SettingsError, match="mail_logo"):
        make(Job(Request(("IWM", "QQQ")), open_source("sample"), replace(own, formats=("mail",))), Watch(lambda: 0.0))


def with_note(text: str) -> Made:
    own = Settings()
    return made(replace(own, formats=("html",), branding=replace(own.branding, editors_note=text)))


def test_numbers_of_the_editors_note_are_facts() -> None:
    found = with_note("QQQ fell by {QQQ/max_drawdown/5Y} at worst.\n\nIts fee is 0.18% on March 27, 2026.")
    assert found.clearance.findings == ()
    assert found.article.sections[0].id == "editors-note"
    assert section(found, "editors-note").startswith("QQQ fell by -")
    page = of(found, "text/html").content.decode()
    start = page.index('<section id="editors-note"')
    note = page[start : page.index("</section>", start)]
    assert 'data-fact="QQQ/max_drawdown/5Y"' in note
    assert 'data-fact="QQQ/expense_ratio"' in note
    assert '<time datetime="2026-03-27">' in note
    assert note.count('class="ref"') == 2  # one a paragraph
    assert "written by a person" in section(found, "disclosures")


def test_a_number_of_the_editors_note_that_is_no_fact_holds_the_article() -> None:
    found = with_note("QQQ will rise by 41.7% next year.")
    (first, *_) = [each for each in found.clearance.findings if each.where == "section editors-note"]
    assert "41.7%" in first.message
    assert "in braces" in first.fix


def test_banned_words_of_the_editors_note_hold_the_article() -> None:
    assert any(each.check == "banned words" for each in with_note("You should buy now.").clearance.findings)


def test_a_note_that_names_no_fact_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="QQQ/alphabet"):
        with_note("It is {QQQ/alphabet}.")


def test_sections_stand_in_the_publishers_order(tmp_path: Path) -> None:
    own = settings(tmp_path, "", '[sections]\norder = ["returns", "credit", "answer", "tail"]')
    ids = [each.id for each in made(replace(own, formats=("html",))).article.sections if not each.appendix]
    assert ids[:4] == ["returns", "analysis", "credit", "concentration"]
    assert ids.index("answer") < ids.index("tail") < ids.index("summary") < ids.index("risk")
    assert ids.count("analysis") == 1
