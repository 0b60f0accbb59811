"""Mail files made by hand, as an issue's folder holds them."""

from __future__ import annotations

import base64
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP

from reportgen.delivery.signed.keys import KeyRing, SigningKey

RING = KeyRing((SigningKey(1, b"1" * 32, date(2026, 1, 1)),))
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HTML = """<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8"><title>IWM or QQQ?</title></head>
<body bgcolor="#eef1f5" style="margin:0">
<p>QQQ keeps 47% of its assets in ten names, IWM 8% \u2013 at the close.</p>
<img src="cid:growth@example.invalid" alt="Growth: IWM 1,412, QQQ 1,977" width="560">
</body></html>
"""
TEXT = "IWM or QQQ?\n===========\n\nQQQ keeps 47% of its assets in ten names \u2013 IWM 8%.\n.\n..dots\nFrom here\n"


def eml(subject: str = "IWM or QQQ? IWM leans on credit", html: str = HTML, text: str = TEXT) -> str:
    """A mail of the article's shape."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = "publisher@example.invalid"
    message["To"] = "subscriber@example.invalid"
    message["Subject"] = subject
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(PIXEL, "image", "png", cid="<growth@example.invalid>", filename="growth.png")
    return message.as_bytes().decode("ascii").replace("\r\n", "\n")
