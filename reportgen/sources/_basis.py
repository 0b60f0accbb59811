"""What the closes of a file are: prices as traded, adjusted for splits, or with distributions put back."""

from __future__ import annotations

from reportgen.errors import DataError
from reportgen.sources._base import PriceBasis
from reportgen.sources._columns import Layout


def decide_basis(name: str, ticker: str, layout: Layout, told: PriceBasis | None) -> PriceBasis:
    """Whether the column of closes is prices or total return, from the columns that stand beside it.

    Raises DataError where they cannot tell and nobody has said it.
    """
    columns = layout.columns
    if told is not None:
        return told
    if "close" not in columns:
        return "total return"
    if "adjusted" in columns:
        return "price"
    # yfinance leaves out the adjusted close exactly when it has adjusted the close itself.
    if "distributions" in columns and layout.provider != "yahoo":
        return "price"
    raise DataError(
        f"It cannot be told whether the closes of {ticker} are prices or have distributions put back.",
        where=name,
        fix=f'Say it in funds.toml beside the prices: [{ticker}], and below it basis = "price" or "total return".',
    )
