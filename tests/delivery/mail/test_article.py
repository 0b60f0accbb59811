"""The article's own mail, as the page's stage writes it, goes through freezing unchanged."""

from __future__ import annotations

from email import message_from_bytes, policy

from reportgen.delivery.mail.content import read_mail
from reportgen.delivery.mail.freezing import sample
from reportgen.delivery.mail.template import LARGEST_HTML
from reportgen.render import email
from reportgen.render._mail_lint import check
from tests.delivery.mail.conftest import NOW
from tests.delivery.mail.mails import RING
from tests.delivery.mail.test_message import drafted
from tests.render.conftest import make_article
from tests.render.test_email import with_pictures


def test_the_articles_mail_is_frozen_as_it_was_checked() -> None:
    raw = email.render(with_pictures(make_article())).content
    before = message_from_bytes(raw, policy=policy.default)
    content = read_mail(raw, "article.eml")
    after = message_from_bytes(sample(drafted(content), RING, "ada@example.net", NOW).plain, policy=policy.default)
    assert after["Subject"] == before["Subject"]
    for kind, end in (("plain", "--------"), ("html", "</body>")):
        then, now = before.get_body((kind,)), after.get_body((kind,))
        assert then is not None
        assert now is not None
        whole = then.get_content().replace("\r\n", "\n").rpartition("</body>")[0] or then.get_content()
        assert now.get_content().replace("\r\n", "\n").startswith(whole.replace("\r\n", "\n").rstrip("\n"))
        assert end in now.get_content()
    pictures = [
        [part.get_content() for part in mail.walk() if part.get_content_maintype() == "image"]
        for mail in (before, after)
    ]
    assert pictures[0] == pictures[1] != []


def test_the_end_of_a_mail_holds_nothing_but_what_mail_may_hold() -> None:
    content = read_mail(email.render(with_pictures(make_article())).content, "article.eml")
    message = message_from_bytes(sample(drafted(content), RING, "ada@example.net", NOW).plain, policy=policy.default)
    page = message.get_body(("html",))
    assert page is not None
    check(page.get_content())
    assert len(page.as_bytes()) < LARGEST_HTML
