"""An article's mail and a brief's, as they arrive: made from the simulated sample, frozen, built for one reader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import reportgen
from reportgen.brief import BriefJob, Telling, run
from reportgen.config import Settings
from reportgen.delivery.mail.content import read_mail
from reportgen.delivery.mail.freezing import sample
from reportgen.sources import open_source
from tests.delivery.mail.conftest import NOW
from tests.delivery.mail.mails import RING
from tests.delivery.mail.test_message import SENDER, drafted

LISTS = "https://mail.example.com/lists/"
_PAIRS = (("IWM", "QQQ"), ("SPY", "QQQ", "XLE"))


@dataclass(frozen=True)
class Arrived:
    """A mail's HTML, with its pictures as files beside it."""

    name: str
    html: str
    page: Path
    without_pictures: Path

    @property
    def faces(self) -> tuple[Path, Path]:
        return self.page, self.without_pictures


def arrived(folder: Path) -> tuple[Arrived, ...]:
    """Both mails, laid out in a folder."""
    made = reportgen.compare("IWM", "QQQ", source="sample", formats=("mail",)).made
    article = next(each.content for each in made.artifacts if each.name == "article.eml")
    settings = Settings(output=folder / "output", formats=("html", "mail"))
    settings = replace(settings, brief=replace(settings.brief, pairs=_PAIRS))
    outcome = run(BriefJob(open_source("sample"), settings, date(2026, 3, 27)), Telling(lambda: 0.0))
    brief = (outcome.folder / "brief.eml").read_bytes()
    return _laid_out("article", article, folder), _laid_out("brief", brief, folder)


def _laid_out(name: str, raw: bytes, folder: Path) -> Arrived:
    draft = drafted(read_mail(raw, name), replace(SENDER, lists=LISTS, pdf="https://example.com/article.pdf"))
    message = message_from_bytes(sample(draft, RING, "ada@example.net", NOW).plain, policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    html = shown = body.get_content()
    place = folder / name
    place.mkdir()
    for part in message.walk():
        if part.get_content_maintype() == "image":
            cid, file = part["Content-ID"].strip("<>"), str(part.get_filename())
            (place / file).write_bytes(part.get_content())
            shown = shown.replace(f"cid:{cid}", file)
    (place / "mail.html").write_text(shown, encoding="utf-8")
    bare = place / "bare.html"
    bare.write_text(html, encoding="utf-8")  # no browser knows "cid:"
    return Arrived(name, html, place / "mail.html", bare)
