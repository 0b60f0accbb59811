"""A curl_cffi session that paces its requests and remembers what came back, so that failures can be classified."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from curl_cffi.requests import Session

_SECRETS = frozenset({"crumb"})
_HEAD = 4096
_PRICES = re.compile(r"/v8/finance/chart/")
_PROFILE = re.compile(r"/v10/finance/quoteSummary/|/v7/finance/quote")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that was made: its address without secrets, the status (None: no answer) and how the body begins."""

    url: str
    status: int | None
    head: str = ""

    def is_about(self, what: str) -> bool:
        """Whether it asked for prices, or for a profile, and not for a cookie, a crumb or consent."""
        return (_PRICES if what == "prices" else _PROFILE).search(self.url) is not None


@dataclass
class Pace:
    """Keeps requests at least `gap` seconds apart. The clock and the sleep come from the command line."""

    gap: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _last: float | None = field(default=None, init=False)

    def keep(self) -> None:
        """Wait until the next request may be made."""
        if self._last is not None and (rest := self.gap - (self.clock() - self._last)) > 0:
            self.sleep(rest)
        self._last = self.clock()


class PoliteSession(Session):  # type: ignore[misc]  # curl_cffi is seen without its types
    """What yfinance is given to make its requests with."""

    def __init__(self, pace: Pace, timeout: float) -> None:
        super().__init__(impersonate="chrome")
        self._pace = pace
        self._limit = timeout
        self.seen: list[Seen] = []

    def request(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - as curl_cffi declares it
        """Make one request, in time and on record."""
        self._pace.keep()
        options["timeout"] = self._limit
        asked = _address(url, options.get("params"))
        try:
            answer = self.send(method, url, **options)
        except OSError:
            self.seen.append(Seen(asked, None))
            raise
        self.seen.append(Seen(asked, answer.status_code, answer.text[:_HEAD]))
        return answer

    def send(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
        """Hand the request to curl; a test sends it elsewhere."""
        return super().request(method, url, **options)


def _address(url: str, params: object) -> str:
    """The address with its parameters, those that are secrets left out."""
    scheme, host, path, query, _ = urlsplit(url)
    pairs = parse_qsl(query) + (list(params.items()) if isinstance(params, dict) else [])
    return urlunsplit((scheme, host, path, urlencode([(k, v) for k, v in pairs if k not in _SECRETS]), ""))
