"""The brief as PDF and mail, in its short and its full form: the gate clears all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pikepdf
import pytest

from reportgen.sources import open_source
from tests.brief.conftest import issue, settings_for

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("form", ["short", "full"])
def test_pdf_and_mail_tell_what_the_page_tells(tmp_path: Path, form: str) -> None:
    settings = settings_for(tmp_path, (("IWM", "QQQ"), ("SPY", "QQQ", "XLE")), form=form)
    settings = replace(settings, formats=("html", "pdf", "mail"))
    made = issue(open_source("sample"), settings, date(2026, 3, 27))
    assert made.outcome.status == "issued", made.outcome.clearance.findings
    with pikepdf.open(made.folder / "brief.pdf") as pdf:
        assert set(pdf.attachments) == {"facts.json", "manifest.json"}
        assert pdf.attachments["facts.json"].get_file().read_bytes() == (made.folder / "facts.json").read_bytes()
        pages = len(pdf.pages)
    assert pages >= (5 if form == "short" else 10)
    mail = message_from_bytes((made.folder / "brief.eml").read_bytes(), policy=default)
    html = mail.get_body(("html",))
    assert html is not None
    assert len(html.as_bytes()) <= 81_000
    for part in ("html", "plain"):
        body = mail.get_body((part,))
        assert body is not None
        text = body.get_content()
        assert "What to watch, and when" in text
        assert "not investment advice" in " ".join(text.split())
