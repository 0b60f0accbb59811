"""The mail form: its structure, its size, its text, and bytes that no name can turn into something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest

import reportgen
from reportgen.config import Settings
from reportgen.errors import DataError, ReportgenError, TemplateError
from reportgen.gate import mail as gate_mail
from reportgen.headers import check
from reportgen.model import Article, Cell, Day, Masthead, Name, Paragraph, Section, Table, Tag, Text, plain
from reportgen.render import email
from reportgen.render._mail_message import HEADERS, html_size, written
from reportgen.resources import template_root

PNG = b"\x89PNG\r\n\x1a\n invented "
NUMBER = re.compile(r"[-+]?\$?\d[\d,.]*\d%?|\d%?")


def with_pictures(article: Article) -> Article:
    charts = {
        name: replace(chart, images={**chart.images, "image/png": PNG + name.encode()})
        for name, chart in article.charts.items()
    }
    return replace(article, charts=charts)


@pytest.fixture(scope="session")
def illustrated(article: Article) -> Article:
    return with_pictures(article)


@pytest.fixture(scope="session")
def five_funds() -> Article:
    made = reportgen.compare("IWM", "QQQ", "SPY", "TLT", "GLD", source="sample", formats=("mail",)).made
    assert [finding for finding in made.clearance.findings if finding.check == "mail"] == []
    return made.article


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, _class=EmailMessage, policy=default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


class Page(HTMLParser):
    """The texts of a mail's HTML as a reader or a screen reader meets them, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.silent = tag in ("title", "style")
        self.texts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def test_structure_and_headers(illustrated: Article) -> None:
    message = parsed(email.render(illustrated).content)
    alternative = list(message.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in alternative] == ["text/plain", "multipart/related"]
    inside = [part.get_content_type() for part in alternative[1].iter_parts()]
    assert inside == ["text/html", *["image/png"] * 4]
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    )
    title, headline = plain(illustrated.masthead.title), plain(illustrated.masthead.headline)
    assert message["Subject"] == f"{title}: {headline}"
    assert message["Date"] == "Fri, 27 Mar 2026 12:00:00 +0000"
    assert not any(part.defects for part in message.walk())


def test_every_picture_is_sent_once_and_shown_with_its_key_numbers(illustrated: Article) -> None:
    message = parsed(email.render(illustrated).content)
    sent = {part["Content-ID"].strip("<>"): part.get_content() for part in message.walk() if part["Content-ID"]}
    shown = {a["src"]: a["alt"] for tag, a in Page(body(message, "html")).tags if tag == "img"}
    assert set(shown) == {f"cid:{cid}" for cid in sent}
    assert set(sent.values()) == {chart.images["image/png"] for chart in illustrated.charts.values()}
    assert set(shown.values()) == {chart.spec.spoken for chart in illustrated.charts.values()}


def test_same_article_same_bytes_and_another_article_another_identity(illustrated: Article) -> None:
    first = email.render(illustrated).content
    assert first == email.render(illustrated).content
    other = replace(illustrated, masthead=replace(illustrated.masthead, publication="Another Brief"))
    assert parsed(first)["Message-ID"] != parsed(email.render(other).content)["Message-ID"]


def test_text_has_every_number_of_the_html_and_no_other(illustrated: Article, five_funds: Article) -> None:
    for each in (illustrated, five_funds):
        content = email.compose(each).content
        page = Page(content.html).text.replace("\N{NO-BREAK SPACE}", " ")
        assert set(NUMBER.findall(page)) == set(NUMBER.findall(content.text))
        assert max(map(len, content.text.splitlines())) <= 78


def test_numbers_stand_in_columns_where_a_line_can_hold_them(five_funds: Article) -> None:
    text = email.compose(five_funds).content.text
    assert re.search(r"^1 year +(-?[\d.]+% +){4}-?[\d.]+%$", text, re.MULTILINE)
    assert re.search(r"^- Fact: Expense ratio\n  IWM: [\d.]+%$", text, re.MULTILINE)


def test_five_funds_fit_and_say_what_they_leave_out(five_funds: Article) -> None:
    mail = email.compose(five_funds)
    assert html_size(mail.content.html) <= 80_000
    assert mail.omitted
    assert mail.omitted == ("notes", *email.LEFT_OUT[: len(mail.omitted) - 1])
    page = Page(mail.content.html)
    shown = {a.get("id") for _, a in page.tags}
    for section in five_funds.sections:
        heading = plain(section.heading)
        assert (section.id in shown) != (section.id in mail.omitted)
        assert heading in page.text
        assert heading in mail.content.text.replace("\n", " ")
    assert "These parts are in the full article." in " ".join(page.text.split())


def test_smaller_and_smaller_keeps_what_must_stay(five_funds: Article) -> None:
    sizes = [html_size(email.compose(five_funds, largest=limit).content.html) for limit in (90_000, 70_000, 50_000)]
    assert sizes == sorted(sizes, reverse=True)
    smallest = email.compose(five_funds, largest=42_000)
    kept = {a.get("id") for _, a in Page(smallest.content.html).tags}
    assert kept >= {"answer", "summary", "returns", "risk", "sources", "disclosures"}
    assert "Past performance is not a promise" in smallest.content.html
    left = replace(email.compose(five_funds, largest=42_000).content)
    assert list(gate_mail.check(five_funds, replace(email.render(five_funds), content=written(left)))) == []
    with pytest.raises(DataError, match="more than 5,000 bytes"):
        email.compose(five_funds, largest=5_000)


def test_link_to_the_full_article(illustrated: Article) -> None:
    content = email.compose(illustrated, link="https://example.com/2026-03-27/iwm-vs-qqq").content
    links = [a["href"] for tag, a in Page(content.html).tags if tag == "a"]
    assert links == ["https://example.com/2026-03-27/iwm-vs-qqq"]
    assert "Read the full article:\nhttps://example.com/2026-03-27/iwm-vs-qqq\n" in content.text


def test_banner_legend_and_preview(illustrated: Article) -> None:
    html = email.compose(illustrated).content.html
    assert "Simulated data." in html
    hidden = re.search(r'<div style="display:none[^>]*>([^<]*)<', html)
    assert hidden is not None
    assert hidden[1] in Page(html).text
    after_table = html[html.index("Returns, distributions reinvested") :]
    assert 0 < after_table.index("Past performance") < after_table.index("<img")


def test_verdicts_stand_in_brackets(illustrated: Article) -> None:
    tagged = Paragraph((Text("It leads."), Text(" "), Tag("supported", "supported by the data")))
    content = email.compose(replace(illustrated, sections=(Section("risk", (Text("Risk"),), (tagged,)),))).content
    assert "It leads. [supported by the data]" in content.text
    assert "[supported by the data]</span>" in content.html


HOSTILE = [
    "Fund\r\nBcc: all@example.com",
    "Fund\nX-Evil: 1\n\n<b>body</b>",
    "Fund\rTo: victim@example.com",
    "Fund\x00\x0b\x0c\x1c\x85\u2028Cc: x@example.com",
    "=?utf-8?q?=0D=0ABcc:_all=40example.com?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLmNvbQ==?= é",
    "Fönd\u202e gpj.exe\u2066\ud800",
    'Fund" <attacker@example.com>, "',
    "é" * 400,
    "W" * 3000,
    '"><script>alert(1)</script><img src=x onerror=y><svg/onload=z>',
    '" style="position:fixed" class="x',
    "{{ 7 * 7 }} {% raw %}",
    "\n.\r\nQUIT\r\nFrom me",
]


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_name_becomes_a_header_or_markup(illustrated: Article, evil: str) -> None:
    masthead = Masthead((Name(evil),), (Name(evil),), evil, ((((Text("Funds")),), (Name(evil),)),))
    section = Section("risk", (Name(evil),), (Paragraph((Name(evil),)), *illustrated.sections[0].blocks))
    hostile = replace(illustrated, masthead=masthead, sections=(section,), banner=(Name(evil),))
    raw = email.render(hostile).content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00\x80-\xff]", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    names = re.findall(rb"^([A-Za-z-]+):", head, re.MULTILINE)
    assert names == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]
    message = parsed(raw)
    addresses = [a.addr_spec for name in ("From", "To") for a in message[name].addresses]
    assert addresses == ["publisher@example.invalid", "subscriber@example.invalid"]
    tags = Page(body(message, "html")).tags
    assert not {tag for tag, _ in tags} & {"script", "svg", "b"}
    assert all(a["src"] in (None, "") or str(a["src"]).startswith("cid:") for tag, a in tags if tag == "img")
    assert not [name for _, a in tags for name in a if name.startswith("on")]
    assert "position" not in "".join(str(a.get("style")) for _, a in tags)


@pytest.mark.parametrize(
    "broken",
    [
        b"Bcc: x@example.com\r\n",
        b"Subject: twice\r\n",
        b"no header\r\n",
        b"X: \x00\r\n",
        b"To: a\n",
    ],
)
def test_bytes_are_read_again(illustrated: Article, broken: bytes) -> None:
    raw = email.render(illustrated).content
    check(raw, HEADERS)
    with pytest.raises(ReportgenError, match="the mail"):
        check(broken + raw, HEADERS)
    at = raw.index(b"Content-ID:")
    with pytest.raises(ReportgenError, match="the mail"):
        check(raw[:at] + broken + raw[at:], HEADERS)


def test_a_chart_without_a_picture_is_an_error(article: Article) -> None:
    with pytest.raises(ReportgenError, match="not painted as PNG"):
        email.render(article)


def templates(folder: Path, **changed: str) -> tuple[Path, Path]:
    (folder / "email").mkdir()
    for name, text in changed.items():
        (folder / "email" / name.replace("_", ".", 1)).write_text(text)
    return folder, template_root()


@pytest.mark.parametrize(
    ("css", "named"),
    [
        (".sheet { display: flex; }", "the style display: flex"),
        (".sheet { display: grid; }", "the style display: grid"),
        (".sheet { color: var(--ink); }", "the style color: var"),
        (".sheet { background-image: url(https://example.com/x.png); }", "the style background-image"),
        (".sheet { background-color: url(data:image/png,x); }", "the style background-color"),
        (".sheet { position: absolute; }", "the style position"),
    ],
)
def test_styles_that_mail_programs_lack_are_named(illustrated: Article, tmp_path: Path, css: str, named: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(named)):
        email.render(illustrated, folders=templates(tmp_path, mail_css=css))


def test_a_broken_template_is_named(illustrated: Article, tmp_path: Path) -> None:
    folders = templates(tmp_path, mail_txt=" ")
    (tmp_path / "email" / "mail.txt.j2").write_text("{{ nothing.here }}\n")
    with pytest.raises(TemplateError, match=r"mail\.txt\.j2:1"):
        email.render(illustrated, folders=folders)


def corruptions() -> Iterator[tuple[str, bytes, bytes]]:
    yield "number", b"-31.91%", b"-31.92%"
    yield "number in the text", b"-35.12%", b"-35.21%"
    yield "legend", b"Past performance does not guarantee future results.", b""
    yield "subject", b"9.7 points", b"9.8 points"
    yield "date", b"Fri, 27 Mar 2026", b"Sat, 28 Mar 2026"
    yield "section", b'id="risk"', b'id="other"'
    yield "picture", b"cid:growth", b"cid:grown"


@pytest.mark.parametrize(("what", "old", "new"), list(corruptions()), ids=lambda x: x if isinstance(x, str) else "")
def test_the_gate_sees_what_was_changed(illustrated: Article, what: str, old: bytes, new: bytes) -> None:
    made = email.render(illustrated)
    assert list(gate_mail.check(illustrated, made)) == []
    at = made.content.find(old)
    assert at > 0
    for position in (at, made.content.rfind(old)):
        changed = made.content[:position] + new + made.content[position + len(old) :]
        assert list(gate_mail.check(illustrated, replace(made, content=changed)))


def test_from_the_settings_to_the_bytes() -> None:
    settings = Settings(link="https://example.com/{as_of}/{slug}")
    runs = [
        reportgen.compare("IWM", "QQQ", source="sample", formats=("mail",), settings=settings).made for _ in range(2)
    ]
    first, second = (next(a.content for a in made.artifacts if a.name == "article.eml") for made in runs)
    assert first == second
    assert "https://example.com/2026-03-27/iwm-vs-qqq\n" in body(parsed(first), "plain")
    assert len(first) < 700_000


def test_a_head_with_a_day_is_a_label_where_a_row_takes_several_lines(illustrated: Article) -> None:
    wide = "a cell of so many words that three of them side by side are wider than a line of plain text"
    head = (Cell((Text("What"),), header=True), Cell((Text("Issue of "), Day(illustrated.as_of, "2026-03-27"))))
    table = Table("wide", (Text("Wide"),), (head,), ((Cell((Text(wide),), header=True), Cell((Text(wide),))),))
    first, *rest = illustrated.sections
    told = replace(illustrated, sections=(replace(first, blocks=(*first.blocks, table)), *rest))
    made = email.render(told)
    text = parsed(made.content).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "\n  Issue of 2026-03-27: a cell of so many words" in text
    assert [each for each in gate_mail.check(told, made) if "no origin" in each.message] == []
    strange = made.content.replace(b"Issue of 2026-03-27: a cell", b"Issue of 2026-03-28: a cell")
    assert strange != made.content
    found = gate_mail.check(told, replace(made, content=strange))
    assert any("2026-03-28" in each.message for each in found)
