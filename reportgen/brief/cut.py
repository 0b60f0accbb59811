"""Long tables of a brief are cut; what is left out is counted, and stands in a file."""

from __future__ import annotations

from reportgen.model import Ordinal, Runs, Text

MOST = 24
"""How many rows are printed."""


def rest(more: int, file: str, what: str = "more") -> Runs:
    """A sentence that counts the rows left out and names the file that has them; nothing where none are."""
    if more <= 0:
        return ()
    return (
        Text(" And "),
        Ordinal(more, f"{more:,}"),
        Text(f" {what} are in the file {file} that comes with this brief."),
    )
