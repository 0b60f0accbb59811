"""The seam to plain downloads: an address in, bytes out. Its in-memory twin answers tests."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from reportgen._version import __version__
from reportgen.errors import IncompleteError, NetworkError, RateLimitedError, UnknownSymbolError, UnreachableError

_AGENT = f"reportgen/{__version__}"
_AGAIN = "Run the command again later: only what is missing is asked for."
_LARGEST = 64 * 1024 * 1024


class Web(Protocol):
    """Where files come from. `get` raises a NetworkError of the class that fits."""

    def get(self, url: str) -> bytes: ...


@dataclass(frozen=True)
class UrlWeb:
    """The real web, over HTTPS, one request at a time. `pace` is called before each.

    agent: how requests name their sender; the SEC asks for a name and an address there.
    """

    pace: Callable[[], None]
    timeout: float
    agent: str = _AGENT

    def get(self, url: str) -> bytes:
        self.pace()
        host = urlsplit(url).hostname or url
        request = urllib.request.Request(url, headers={"User-Agent": self.agent, "Accept": "*/*"})  # noqa: S310
        try:
            with urllib.request.build_opener().open(request, timeout=self.timeout) as answer:
                content: bytes = answer.read(_LARGEST + 1)
                promised = answer.headers.get("Content-Length")
        except urllib.error.HTTPError as error:
            error.close()
            raise _refused(host, error.code) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            what = f"{host} cannot be reached: {reason}."
            raise UnreachableError(what, fix="Check the connection and the proxy settings.") from None
        if promised is not None and promised.isdigit() and len(content) < int(promised):
            raise UnreachableError(f"{host} broke off in the middle of its answer.", fix=_AGAIN)
        if len(content) > _LARGEST:
            raise IncompleteError(f"{host} sent more than any such file holds.", fix="Check the address.")
        return content


def _refused(host: str, status: int) -> NetworkError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(f"{host} refuses to answer: too many requests.", fix=_AGAIN)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return UnknownSymbolError(f"{host} has no such file ({status}).", fix="Give the file with --holdings DIR.")
    return UnreachableError(f"{host} refused the request ({status}).", fix=_AGAIN)


@dataclass
class MemoryWeb:
    """The twin: content by address, or an error to raise; `asked` is the log."""

    files: Mapping[str, bytes | Exception]
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        found = self.files.get(url)
        if found is None:
            raise _refused(urlsplit(url).hostname or url, HTTPStatus.NOT_FOUND)
        if isinstance(found, Exception):
            raise found
        return found
