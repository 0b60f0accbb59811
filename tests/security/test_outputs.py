"""Hostile names, notes, sources and settings are words in every output: nothing is fetched, nothing is run."""

from __future__ import annotations

import email
import email.policy
import io
import json
import socket
from email.message import EmailMessage
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from reportgen import gate
from reportgen.model import Artifact, Clearance, Finding
from reportgen.pipeline import Made
from tests.security.hostile import Listener, payloads

Shape = tuple[str, tuple[str, ...]]
SPOOFING = "\u202e\u2066\u2069\u200f\u061c\u200b\ufeff\x1b\x07\x00"


class Shapes(HTMLParser):
    """Each element with the names of its attributes, each address it names, and the page's words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[Shape] = set()
        self.addresses: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")}
        if any(name == "style" and "url" in (value or "") for name, value in attrs):
            self.addresses.add(str(attrs))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(made: Made) -> str:
    return next(a.content for a in made.artifacts if a.name == "article.html").decode()


def message(made: Made) -> EmailMessage:
    raw = next(a.content for a in made.artifacts if a.name == "article.eml")
    return email.message_from_bytes(raw, policy=email.policy.default)


def part(made: Made, kind: str) -> str:
    found = message(made).get_body((kind,))
    assert found is not None
    text: str = found.get_content()
    return text


def test_a_visit_is_heard(listener: Listener) -> None:
    """What is not heard below proves something only if a visit would be."""
    address, port = listener.url.removeprefix("http://").split(":")
    with socket.create_connection((address, int(port))) as caller:
        caller.sendall(b"GET /proof HTTP/1.0\r\n\r\n")
        caller.recv(1)
    assert listener.heard.pop().startswith(b"GET /proof")


@pytest.mark.slow
def test_making_every_format_fetches_nothing(listener: Listener, hostile: Made) -> None:
    assert {"article.html", "article.pdf", "article.eml", "facts.json"} <= {a.name for a in hostile.artifacts}
    assert hostile.clearance.findings == ()
    assert listener.heard == []


@pytest.mark.slow
def test_the_page_has_the_elements_of_a_harmless_one_and_no_other(hostile: Made, harmless: Made) -> None:
    attacked, usual = Shapes(page(hostile)), Shapes(page(harmless))
    assert attacked.found <= usual.found
    assert all(address.startswith("#") for address in attacked.addresses)
    assert "{{7*7}}" in "".join(attacked.words)
    assert "<script>document.title='owned'</script>" in "".join(attacked.words)


@pytest.mark.slow
def test_no_output_turns_the_direction_of_its_digits(hostile: Made) -> None:
    written = [
        a.content.decode() for a in hostile.artifacts if a.media_type != "application/pdf" and a.name != "article.eml"
    ]
    for text in (*written, part(hostile, "html"), part(hostile, "plain")):
        assert not set(SPOOFING) & set(text)


@pytest.mark.slow
def test_the_mail_has_the_elements_of_a_harmless_one_and_no_other(hostile: Made, harmless: Made) -> None:
    attacked, usual = Shapes(part(hostile, "html")), Shapes(part(harmless, "html"))
    left_out = ("p", ("id", "style"))  # the note that a long mail leaves sections out
    assert attacked.found <= usual.found | {left_out}
    assert all(address.startswith("cid:") for address in attacked.addresses)


@pytest.mark.slow
def test_no_words_become_headers(hostile: Made, harmless: Made) -> None:
    assert message(hostile).keys() == message(harmless).keys()
    for one, other in zip(message(hostile).walk(), message(harmless).walk(), strict=True):
        assert one.keys() == other.keys()
        assert one.get_content_type() == other.get_content_type()
    assert [a.addr_spec for a in message(hostile)["to"].addresses] == ["subscriber@example.invalid"]
    assert "\n" not in message(hostile)["subject"]


@pytest.mark.slow
def test_charts_hold_nothing_that_runs_or_fetches(hostile: Made, harmless: Made) -> None:
    usual = {name for a in harmless.artifacts if a.name.endswith(".svg") for name in names(a)}
    drawn = [artifact for artifact in hostile.artifacts if artifact.name.endswith(".svg")]
    assert len(drawn) >= 4
    for artifact in drawn:
        assert names(artifact) <= usual


def names(drawing: Artifact) -> set[str]:
    """The elements of a picture, each with its attributes."""
    tree = ET.fromstring(drawing.content)
    return {f"{element.tag} {sorted(element.attrib)}" for element in tree.iter()}


@pytest.mark.slow
def test_the_paper_holds_no_script_no_action_and_no_other_file(hostile: Made) -> None:
    content = next(a.content for a in hostile.artifacts if a.name == "article.pdf")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert set(pdf.attachments) == {"facts.json", "manifest.json"}
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary):
                assert thing.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/SubmitForm", "/GoToR")
                assert "/JS" not in thing


@pytest.mark.slow
def test_the_facts_are_still_json(hostile: Made) -> None:
    facts = json.loads(next(a.content for a in hostile.artifacts if a.name == "facts.json"))
    assert {fact["subject"] for fact in facts["facts"]} >= {"IWM", "QQQ"}


def test_a_notice_of_a_hold_repeats_findings_as_words(listener: Listener, words: dict[str, str]) -> None:
    findings = tuple(Finding(t, t, t, t, file=t, line=1, fact=t) for t in words.values())
    text, held = (a.content.decode() for a in gate.notice(Clearance(findings, {}), words["script"]))
    plain = Finding("check", "where", "message", "fix", file="file", line=1, fact="fact")
    usual = Shapes(gate.notice(Clearance((plain,), {}), "slug")[1].content.decode())
    assert Shapes(held).found <= usual.found
    assert len([line for line in text.splitlines() if line.startswith("- ")]) == len(findings)
    assert not any(line.startswith("Bcc") for line in text.splitlines())
    assert not set(SPOOFING) & set(text + held)
    assert listener.heard == []


def test_every_attack_of_the_corpus_names_where_it_would_fetch_from() -> None:
    fetching = [text for text in payloads("http://there").values() if "http://there" in text]
    assert len(fetching) >= 8
