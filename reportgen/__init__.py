"""reportgen writes the article an analyst would write when asked "fund A or fund B?", from data, by rules.

`compare` and `Report` are the library's front door; they load only when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen._version import __version__

if TYPE_CHECKING:
    from reportgen.api import Report as Report
    from reportgen.api import compare as compare

__all__ = ["Report", "__version__", "compare"]


def __getattr__(name: str) -> object:
    if name in ("compare", "Report"):
        from reportgen import api

        return getattr(api, name)
    raise AttributeError(f"module 'reportgen' has no attribute {name!r}")
