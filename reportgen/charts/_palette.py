"""How each role looks: the one place of colours, dashes, marker shapes and type sizes.

Fund colours reach a contrast of 4.5 on white, so that labels may wear them; they differ in lightness, and every fund
also has a dash, a marker and a bar tint of its own, so that nothing is lost in greyscale or to a color-blind reader.
The colors of dark pages stand in templates/charts/chart.css, because only a stylesheet knows the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Shape = Literal["circle", "square", "diamond", "triangle", "cross"]

FONT_FAMILY = "Report Sans, Source Sans 3, Source Sans Pro, Helvetica, Arial, sans-serif"
LABEL_SIZE = 12.0
TICK_SIZE = 11.0

FUND_ROLES = ("fund-1", "fund-2", "fund-3", "fund-4", "fund-5")


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one role: stroke `width` and `dash` in pixels; `tint` is how densely a bar is filled."""

    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    shape: Shape = "circle"
    tint: float = 1.0
    bold: bool = False

    @property
    def size(self) -> float:
        """The type size of labels in this role: those of funds stand out, the rest is quiet."""
        return LABEL_SIZE if self.bold else TICK_SIZE


PALETTE: Mapping[str, Style] = MappingProxyType(
    {
        "fund-1": Style("#16457f", 2.1, (), "circle", 1.0, bold=True),
        "fund-2": Style("#b4540a", 1.5, (), "square", 0.55, bold=True),
        "fund-3": Style("#0b766e", 1.8, (3.0, 1.6), "diamond", 0.8, bold=True),
        "fund-4": Style("#74569b", 1.8, (9.0, 2.0, 2.0, 2.0), "triangle", 0.3, bold=True),
        "fund-5": Style("#6c6a12", 1.8, (1.4, 1.6), "cross", 0.12, bold=True),
        "supported": Style("#0a6650", 1.8, (), "circle", bold=True),
        "contradicted": Style("#9c2f1c", 1.8, (), "square", bold=True),
        "inconclusive": Style("#636a74", 1.8, (), "diamond", bold=True),
        "band": Style("#d3dae3", 0.0),
        "axis": Style("#8a9099", 1.0),
        "grid": Style("#e3e6ea", 0.8),
        "zero": Style("#8a9099", 1.0),
        "leader": Style("#8a9099", 0.7),
        "note": Style("#555c66"),
        "name": Style("#2a2f36"),
        "tick": Style("#555c66"),
        "paper": Style("#ffffff", 0.0),
    }
)


def fund_role(position: int) -> str:
    """The role of the fund asked for at that position, from zero. Raises IndexError beyond the fifth."""
    return FUND_ROLES[position]


def style(role: str) -> Style:
    """The look of a role. Raises KeyError for one that does not exist."""
    return PALETTE[role]
