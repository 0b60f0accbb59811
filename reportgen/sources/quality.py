"""The quality gate on a history: each finding is an issue with series and date."""

from __future__ import annotations

from datetime import date

from reportgen.errors import Issue
from reportgen.sources._prices import PriceFile


def examine(file: PriceFile, as_of: date, leverage: float | None = None) -> tuple[Issue, ...]:
    """What is wrong with a history up to the as-of, oldest first."""
    return ()
