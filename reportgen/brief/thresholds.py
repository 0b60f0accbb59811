"""How far a fact must move between two issues to be told: the one place for it.

A move counts when it is larger than the threshold, so that what a rounding can make is never told. Sizes are in the
fact's own unit (0.01 is one point of a fraction), or relative to the earlier value.
"""

from __future__ import annotations

from typing import NamedTuple


class Threshold(NamedTuple):
    """A metric over a window (None: it has none), and how far it must have moved."""

    metric: str
    code: str | None
    size: float
    relative: bool = False

    def passed(self, before: float, now: float) -> bool:
        """Whether the move from one value to the other is to be told."""
        limit = self.size * abs(before) if self.relative else self.size
        return abs(now - before) > limit * (1 + 1e-9)


FEE = Threshold("expense_ratio", None, 0.0)
"""Every change of a fee is told."""
SECTOR = Threshold("sector_weight", None, 0.01)
"""A sector's weight must have moved by more than a point."""
FACTS = (
    Threshold("top10_weight", None, 0.01),
    Threshold("holdings_count", None, 0.02, relative=True),
    Threshold("effective_holdings", None, 0.10, relative=True),
    Threshold("net_assets", None, 0.10, relative=True),
    Threshold("distribution_yield", None, 0.0025),
    Threshold("current_drawdown", None, 0.05),
    Threshold("volatility", "1Y", 0.02),
    Threshold("max_drawdown", "5Y", 0.01),
    Threshold("beta", "5Y", 0.05),
    Threshold("credit_beta", "5Y", 0.10),
    Threshold("rate_beta", "5Y", 0.10),
)
"""Facts of one fund."""
PAIR_FACTS = (Threshold("correlation", "1Y", 0.05), Threshold("overlap", None, 0.02))
"""Facts of two funds."""
RANKS = (
    ("total_return", "1Y"), ("cagr", "5Y"), ("volatility", "1Y"), ("max_drawdown", "5Y"), ("expense_ratio", None),
    ("distribution_yield", None),
)  # fmt: skip
"""By which metrics the funds of a comparison are ranked; a change of their order is told."""
