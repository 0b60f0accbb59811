"""The bytes of a mail: headers, parts, what no word of anybody can do to them, and what a signature covers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import headers as written
from reportgen.delivery.mail.content import Content, Enclosure, read_mail
from reportgen.delivery.mail.freezing import sample
from reportgen.delivery.mail.message import Builder, Outgoing, message_id, pieces
from reportgen.delivery.mail.template import HEADERS, Sender, body, headers
from reportgen.delivery.signed.links import Links, told
from reportgen.delivery.signed.tokens import Purpose
from reportgen.delivery.store import Store, issues
from reportgen.delivery.store.issues import Draft
from reportgen.delivery.store.outbox import Claim
from reportgen.errors import DataError, ReportgenError
from tests.delivery.mail.conftest import DELIVERY, NOW, Desk, make_desk
from tests.delivery.mail.mails import HTML, PIXEL, RING, TEXT, eml

SENDER = Sender(
    name="The Friday Brief",
    address="brief@example.com",
    reply_to="editor@example.com",
    list_id="weekly.example.com",
    list_title="The Friday Brief",
    archive="https://example.com/archive",
    postal="1 Main Street, Springfield",
    pdf=None,
    leave="https://mail.example.com/leave/",
    leave_mail="leave@example.com",
)
CONTENT = Content("IWM or QQQ?", TEXT, HTML, (Enclosure("growth.png", "image/png", PIXEL, "growth@example.invalid"),))
_LISTS = ("weekly", "monthly")
CLAIM = Claim(1, 17, "ada@example.net", 1, NOW)


def drafted(content: Content = CONTENT, sender: Sender = SENDER) -> Draft:
    terms = {"from_address": sender.address, "bounces": "bounces@example.com", "base": "https://mail.example.com"}
    return Draft(
        "2026-03-27/x:weekly", "weekly", content.subject, headers(content, sender), body(content, sender),
        {**terms, "key": 1, "stamp": "x"}, NOW,
    )  # fmt: skip


def built(content: Content = CONTENT, sender: Sender = SENDER, address: str = "ada@example.net") -> Outgoing:
    return sample(drafted(content, sender), RING, address, NOW)


def parsed(message: Outgoing) -> EmailMessage:
    return message_from_bytes(message.plain, policy=policy.default)


def test_the_headers_of_a_mail() -> None:
    mail = parsed(built())
    assert list(mail.keys()) == [
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "List-Archive", "Precedence", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert mail["From"] == '"The Friday Brief" <brief@example.com>' or mail["From"].addresses[0].username == "brief"
    assert mail["To"] == "ada@example.net"
    assert mail["Date"] == "Fri, 27 Mar 2026 21:00:00 +0000"
    assert mail["List-Id"] == "<weekly.example.com>"
    assert mail["Precedence"] == "list"


def test_both_headers_to_leave_by_are_literal_and_on_one_line() -> None:
    lines = built().plain.split(b"\r\n\r\n")[0].split(b"\r\n")
    (leave,) = [line for line in lines if line.startswith(b"List-Unsubscribe:")]
    found = re.fullmatch(
        rb"List-Unsubscribe: <https://mail\.example\.com/leave/([\w-]+)>, "
        rb"<mailto:leave@example\.com\?subject=([\w-]+)>",
        leave,
    )
    assert found is not None
    assert found[1] == found[2]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_the_token_to_leave_by_is_the_subscribers_own(desk: Desk) -> None:
    for who in (1, 2):
        mail = desk.builder.build(replace(CLAIM, issue=desk.issue.id, subscriber=who))
        found = re.search(rb"/leave/([\w-]+)>", mail.quoted)
        assert found is not None
        said = told(RING, Purpose.LEAVE, found[1].decode(), NOW)
        assert said is not None
        assert (said.subscriber, said.lists) == (who, ("weekly",))
        assert Links("https://mail.example.com", RING).leave(who, "weekly").endswith(found[1].decode())
        text = message_from_bytes(mail.plain, policy=policy.default).get_body(("plain",))
        assert text is not None
        assert found[1].decode() in text.get_content()


def test_the_link_to_choose_lists_is_the_subscribers_own_and_only_where_there_are_several(tmp_path: Path) -> None:
    two = make_desk(tmp_path / "two", ["ada@example.net", "bob@example.net"], delivery=replace(DELIVERY, lists=_LISTS))
    for who in (1, 2):
        mail = two.builder.build(replace(CLAIM, issue=two.issue.id, subscriber=who))
        found = re.findall(rb"https://mail\.example\.com/lists/(?:=\r\n)?([\w-]+)", mail.quoted)
        assert len(found) == 2  # in the text and in the HTML
        for token in found:
            said = told(RING, Purpose.PREFERENCES, token.decode(), NOW + timedelta(days=89))
            assert said is not None
            assert said.subscriber == who
            assert told(RING, Purpose.PREFERENCES, token.decode(), NOW + timedelta(days=91)) is None
    two.clock.now += timedelta(days=1)
    claim = replace(CLAIM, issue=two.issue.id)
    assert two.builder.build(claim) == two.builder.build(replace(claim, number=2))
    one = make_desk(tmp_path / "one", ["ada@example.net"])
    assert b"/lists/" not in one.builder.build(replace(CLAIM, issue=one.issue.id)).quoted
    two.store.close()
    one.store.close()


def test_text_html_and_pictures_come_back_as_they_went_in() -> None:
    mail = parsed(built())
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    words = text.get_content().replace("\r\n", "\n")
    assert words.startswith(TEXT)
    assert "To leave it:\nhttps://mail.example.com/leave/" in words
    assert page.get_content().replace("\r\n", "\n").startswith(HTML.partition("</body>")[0])
    assert 'href="https://mail.example.com/leave/' in page.get_content()
    assert [part.get_content() for part in mail.walk() if part.get_content_maintype() == "image"] == [PIXEL]


def test_every_line_fits_and_dots_are_doubled() -> None:
    message = built(replace(CONTENT, text=".\n..\n.x\n" + "long " * 400 + "\n"))
    lines = message.plain.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
    assert all(len(line) <= 76 for line in lines if not line.startswith(b"Content-Type: "))
    assert b"\r\n.\r\n" not in message.quoted
    assert message.plain.count(b"\r\n.") <= message.quoted.count(b"\r\n..")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), st.integers(0, 150))
def test_whatever_stands_before_a_mark_is_decoded_as_it_was(text: str, pad: int) -> None:
    html = f"<body>{'x' * pad}{text}</body>"
    page = parsed(built(replace(CONTENT, html=html, pictures=()))).get_body(("html",))
    assert page is not None
    assert page.get_content().startswith("\n".join(html.partition("</body>")[0].splitlines())[: len(html) - 10])


def test_the_same_claim_gives_the_same_bytes_on_every_try(desk: Desk) -> None:
    first = desk.builder.build(replace(CLAIM, issue=desk.issue.id))
    assert desk.builder.build(replace(CLAIM, issue=desk.issue.id, number=5)) == first
    assert desk.builder.build(replace(CLAIM, issue=desk.issue.id, subscriber=2)).message_id != first.message_id


def test_a_key_added_after_freezing_changes_no_bytes(desk: Desk) -> None:
    from datetime import date

    from reportgen.delivery.mail.freezing import builder
    from reportgen.delivery.signed.keys import KeyRing, SigningKey

    newer = KeyRing((*RING.keys, SigningKey(2, b"2" * 32, date(2026, 4, 1))))
    with desk.store.read() as db:
        content = issues.content(db, desk.issue.id)
    claim = replace(CLAIM, issue=desk.issue.id)
    assert builder(desk.issue, content, newer).build(claim) == desk.builder.build(claim)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_message_ids_are_unlike(one: int, other: int) -> None:
    id_of = message_id(b"k" * 32, "x", "example.com")
    assert (id_of(one) == id_of(other)) == (one == other)
    assert message_id(b"k" * 32, "y", "example.com")(one) != id_of(one)


INJECTIONS = (
    "x\r\nBcc: all@example.net", "x\nBcc: all@example.net", "x\rBcc: all@example.net", "x\r\n\r\nbody",
    "x\0y", "x\x0bBcc: a", "x\x0cBcc: a", "x\x1cBcc: a", "x\x85Bcc: a", "x\u2028Bcc: a", "x\u2029Bcc: a",
    "=?utf-8?q?x=0D=0ABcc:_all@example.net?=", "=?utf-8?b?eA0KQmNjOiBhbGxAZXhhbXBsZS5uZXQ=?=",
    "\u202egnp.exe", "x" * 5000, "\u00e9" * 600, "x\r\n\tBcc: a", "%0d%0aBcc: a", "\\r\\nBcc: a",
    "x\r\n.\r\nMAIL FROM:<a@b>", '"quoted" <other@example.net>', "\ud83d\ude00",
    "na\u00efve \u2013 caf\u00e9 \U0001f600",
)  # fmt: skip
"""Words with which somebody might try to start a header, a body or a command of their own."""


@pytest.mark.parametrize("words", INJECTIONS, ids=range(len(INJECTIONS)))
@pytest.mark.parametrize("place", ["subject", "name", "title"])
def test_no_words_start_a_header(words: str, place: str) -> None:
    content, sender = CONTENT, SENDER
    if place == "subject":
        content = replace(CONTENT, subject=words)
    elif place == "name":
        sender = replace(SENDER, name=words)
    else:
        sender = replace(SENDER, list_title=words, postal=words)
    try:
        whole = built(content, sender).plain
    except (ReportgenError, UnicodeEncodeError):
        return  # refused, which is as good
    written.check(whole, HEADERS)
    head = whole.split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0].lower() for line in re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")]
    assert len(names) == len(set(names)) == 13
    mail = message_from_bytes(whole, policy=policy.compat32)
    assert mail["Bcc"] is None
    assert b"\r\n.\r\n" not in whole


@pytest.mark.parametrize("words", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_words_of_a_mail_file_start_a_header(words: str) -> None:
    raw = eml().replace("Subject: IWM or QQQ? IWM leans on credit", f"Subject: {words}").encode("utf-8", "replace")
    try:
        content = read_mail(raw, "article.eml")
    except DataError:
        return
    written.check(built(content).plain, HEADERS)


@pytest.mark.parametrize("words", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_words_of_a_recipient_get_into_a_header(words: str) -> None:
    draft = drafted()
    maker = Builder(
        pieces(draft.head), pieces(draft.body), lambda _: "b@example.com", lambda _: "t", lambda _: "l",
        lambda _: "i@example.com",
    )  # fmt: skip
    for with_words in (replace(maker, leave_of=lambda _: words), replace(maker, id_of=lambda _: words)):
        try:
            whole = with_words.build(CLAIM).plain
        except ReportgenError:
            continue
        written.check(whole, HEADERS)
        assert len(whole.split(b"\r\n\r\n")[0].split(b"\r\n")) < 20
    with pytest.raises(ReportgenError):
        maker.build(replace(CLAIM, address="ada@example.net\r\nBcc: all@example.net"))


@pytest.mark.parametrize(
    "wrong",
    [
        b"From: a\r\nBcc: b\r\n\r\nx", b"From: a\r\nFrom: b\r\n\r\nx", b"From: a\n\r\nx", b"From: a\r\n\r\n\xff",
        b"From: a\r\n\r\n\0", b"From: a\r\n\r\n" + b"x" * 999, b"From : a\r\n\r\nx", b"no header",
        b"From: a\r\n\r\nx\ry",
    ],
)  # fmt: skip
def test_bytes_that_are_no_mail_of_ours_are_refused(wrong: bytes) -> None:
    with pytest.raises(ReportgenError):
        written.check(wrong, HEADERS)


def test_international_domains_are_written_in_ascii(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, ["ada@b\u00fccher.example.net", "BOB@Example.net", "bob@example.net"])
    assert desk.issue.audience == 2
    with desk.store.write() as db:
        from reportgen.delivery.store import claims

        (held,) = claims.claim(db, desk.issue.id, 1, now=NOW)
    assert held.address == "ada@xn--bcher-kva.example.net"
    assert b"To: ada@xn--bcher-kva.example.net\r\n" in desk.builder.build(held).plain
    desk.store.close()


def test_a_subject_of_any_script_comes_back(tmp_path: Path) -> None:
    subject = "\u0417\u043e\u043b\u043e\u0442\u043e \u2013 or \u65e5\u672c: na\u00efve \U0001f4c8 " + "\u00e9" * 80
    mail = parsed(built(replace(CONTENT, subject=subject)))
    assert mail["Subject"] == subject
    assert read_mail(eml(subject).encode(), "x").subject == subject


def test_a_page_too_large_for_mail_programs_is_refused() -> None:
    with pytest.raises(DataError, match="would be clipped"):
        body(replace(CONTENT, html=f"<body>{'x' * 83_000}</body>"), SENDER)


def test_a_pdf_is_attached_or_linked() -> None:
    paper = Enclosure("iwm-vs-qqq.pdf", "application/pdf", b"%PDF-1.7 ...")
    mail = parsed(built(replace(CONTENT, attached=(paper,))))
    assert [part.get_content() for part in mail.iter_attachments()] == [paper.content]
    linked = parsed(built(sender=replace(SENDER, pdf="https://example.com/a.pdf?x=1&y=2")))
    for kind in ("plain", "html"):
        part = linked.get_body((kind,))
        assert part is not None
        assert "https://example.com/a.pdf?x=1&" in part.get_content()


@pytest.mark.parametrize(
    "raw",
    [
        "Subject: x\n\nplain", eml().replace("cid:growth", "cid:other"), eml().replace("Subject: ", "X-Subject: "),
        "\0", "",
    ],
)  # fmt: skip
def test_a_file_that_is_no_mail_of_ours_is_refused(raw: str) -> None:
    with pytest.raises(DataError):
        read_mail(raw.encode(), "article.eml")


def test_content_that_somebody_changed_in_the_store_is_not_sent(store_of_desk: Store, desk: Desk) -> None:
    from sqlalchemy import text

    with store_of_desk.write() as db:
        db.execute(text("UPDATE issue SET body = CAST(body || x'2e' AS BLOB)"))
    with store_of_desk.read() as db, pytest.raises(DataError, match="not what was frozen"):
        issues.content(db, desk.issue.id)


@pytest.fixture
def store_of_desk(desk: Desk) -> Store:
    return desk.store


def test_a_signature_covers_both_headers_to_leave_by() -> None:
    """What the relay's DKIM must sign (RFC 8058, 4): altering either header breaks the signature."""
    import dkim

    whole = built().plain
    private, public = key_pair()
    signature = dkim.sign(whole, b"s1", b"example.com", private, include_headers=[
        b"from", b"to", b"subject", b"date", b"message-id", b"list-unsubscribe", b"list-unsubscribe-post",
    ])  # fmt: skip

    def valid(mail: bytes) -> bool:
        return bool(dkim.verify(mail, dnsfunc=lambda *_, **__: b"v=DKIM1; p=" + public))

    signed = signature + whole
    assert valid(signed)
    assert valid(signed.replace(b"Precedence: list", b"Precedence: bulk"))
    for old, new in (
        (b"List-Unsubscribe: <https://mail", b"List-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"QQQ keeps 47%", b"QQQ keeps 74%"),
    ):
        assert old in signed
        assert not valid(signed.replace(old, new))


def key_pair() -> tuple[bytes, bytes]:
    """A private RSA key as PEM and its public half as a DNS record holds it."""
    import subprocess

    private = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, check=True).stdout
    command = ["openssl", "rsa", "-pubout", "-outform", "PEM"]
    public = subprocess.run(command, input=private, capture_output=True, check=True).stdout
    return private, b"".join(line for line in public.splitlines() if not line.startswith(b"-"))
