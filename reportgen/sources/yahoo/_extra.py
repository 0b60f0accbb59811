"""Whether the libraries that live data need are there. Importing this loads none of them."""

from __future__ import annotations

from importlib.util import find_spec

from reportgen.errors import UsageError

INSTALL = 'pip install "fund-reportgen[yahoo]"'
_NEEDED = ("yfinance", "curl_cffi")


def installed() -> bool:
    """Whether live data can be fetched."""
    return all(find_spec(name) is not None for name in _NEEDED)


def demand() -> None:
    """Raises UsageError where a library is missing, with the command that installs it."""
    if not installed():
        raise UsageError("Live data need the library yfinance, which is not installed.", fix=f"Run: {INSTALL}")
