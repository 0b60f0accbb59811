"""What every answer carries, and how much of a question is read."""

from __future__ import annotations

from urllib.parse import parse_qsl

import anyio
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 8_192
"""Bytes of the largest form that is read; a one-click POST has about 30, or 250 as multipart."""
SLOWEST_BODY = 10.0
"""Seconds in which a form must have come."""
MOST_FIELDS = 40

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PAGES_POLICY = f"{_NOTHING}; style-src 'self'"
"""The subscriber pages: our own stylesheet, and no script at all."""
ARCHIVE_POLICY = (
    f"{_NOTHING}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"
)
"""Articles bring their styles, fonts and pictures inside; the search is a script file of the archive's own."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
}


class SecureHeaders:
    """Adds the security headers to every answer. secure: whether visitors come by https, so that it can be kept so."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._more = {"Strict-Transport-Security": "max-age=31536000"} if secure else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | self._more).items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", PAGES_POLICY)
            await send(message)

        await self._app(scope, receive, send_secured)


async def read_form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form; none where the body is no URL-encoded one, such as a one-click POST as multipart.

    Raises HTTPException 413 for a body that is too large, 408 for one that does not come, 400 for too many fields.
    """
    body = b""
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > LARGEST_BODY:
        raise HTTPException(413)
    try:
        with anyio.fail_after(SLOWEST_BODY):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise HTTPException(413)
    except TimeoutError as error:
        raise HTTPException(408) from error
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return []
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
