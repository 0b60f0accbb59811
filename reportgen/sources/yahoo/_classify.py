"""From what yfinance raised and what the session saw to one of our errors, in our words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus

from reportgen.errors import (
    IncompleteError,
    MalformedError,
    NetworkError,
    RateLimitedError,
    UnknownSymbolError,
    UnreachableError,
)
from reportgen.sources._values import words
from reportgen.sources.yahoo._market import Question
from reportgen.sources.yahoo._session import Seen

_HTML = re.compile(r"\s*<(!doctype|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,80}?)\s*</title>", re.IGNORECASE)
_AGAIN = "Run the command again later: what was fetched is kept, and only what is missing is asked for."
_OFFLINE = "Check the connection and the proxy settings, then run the command again."
# The names of curl_cffi's and Python's exceptions, the narrowest first: a class may inherit from several.
_BROKEN: tuple[tuple[str, str], ...] = (
    ("CertificateVerifyError", "its certificate could not be verified"),
    ("SSLError", "no secure connection could be made"),
    ("DNSError", "its name could not be resolved"),
    ("ProxyError", "the proxy did not let the request through"),
    ("Timeout", "it did not answer in time"),
    ("IncompleteRead", "the connection broke off in the middle of an answer"),
    ("ConnectionError", "the connection failed"),
    ("RequestException", "the connection broke off"),
)


def classified(question: Question, error: Exception, seen: Sequence[Seen]) -> NetworkError:
    """What went wrong with a question, told by the last request for its data where there was one."""
    symbol = question.symbol
    last = next((each for each in reversed(seen) if each.is_about(question.what)), seen[-1] if seen else None)
    names = [kind.__name__ for kind in type(error).__mro__]
    if "YFRateLimitError" in names or (last is not None and last.status == HTTPStatus.TOO_MANY_REQUESTS):
        return RateLimitedError(f"Yahoo Finance refuses to answer about {symbol}: too many requests.", fix=_AGAIN)
    if last is None or last.status is None:
        how = next((told for name, told in _BROKEN if name in names), "the connection failed")
        return UnreachableError(f"Yahoo Finance cannot be reached for {symbol}: {how}.", fix=_OFFLINE)
    return _by_status(symbol, last.status, last) or _by_body(symbol, last, broken="JSONDecodeError" in names)


def _by_status(symbol: str, status: int, last: Seen) -> NetworkError | None:
    if status == HTTPStatus.NOT_FOUND and "Not Found" in _stated(last.head):
        return UnknownSymbolError(f"Yahoo Finance knows no symbol {symbol}.", fix="Check the ticker.")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        what = f"Yahoo Finance refused the request about {symbol}: {_named(status)}."
        return UnreachableError(what, fix=_AGAIN)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnreachableError(f"Yahoo Finance is in trouble over {symbol}: {_named(status)}.", fix=_AGAIN)
    return None


def _by_body(symbol: str, last: Seen, *, broken: bool) -> NetworkError:
    if _HTML.match(last.head):
        title = _TITLE.search(last.head)
        called = f' titled "{words(title[1])}"' if title else ""
        return MalformedError(f"Yahoo Finance sent a web page{called} in place of data about {symbol}.", fix=_AGAIN)
    if broken:
        return MalformedError(f"The answer of Yahoo Finance about {symbol} is cut off or no JSON.", fix=_AGAIN)
    return IncompleteError(f"Yahoo Finance sent no data about {symbol} for what was asked.", fix=_AGAIN)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _stated(head: str) -> str:
    """The code of the error that a chart or summary states, such as "Not Found"; empty where it states none."""
    found = re.search(r'"code"\s*:\s*"([^"]{1,60})"', head)
    return found[1] if found else ""
