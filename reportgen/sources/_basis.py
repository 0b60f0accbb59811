"""What the closes of a file are: prices as traded, adjusted for splits, or with distributions put back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.errors import DataError
from reportgen.model import FloatArray
from reportgen.sources._base import PriceBasis
from reportgen.sources._columns import Column, Layout

# Smaller steps of the adjustment factor are the rounding of six printed decimals, not distributions.
_SMALLEST_STEP = 2e-5


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
        fix=f'Say it with --basis price or --basis "total return", or in funds.toml: [{ticker}] basis = "price".',
    )


def distributions_from(columns: Mapping[Column, FloatArray], close: FloatArray) -> tuple[FloatArray, bool]:
    """Dollars a share on each ex-date, and whether they are known.

    Capital gains are added unless the adjusted close says that the dividend already holds them. Without a column of
    distributions they follow from the adjusted close: D = previous close x (1 - factor before / factor on the day).
    """
    if "distributions" in columns:
        paid = np.nan_to_num(columns["distributions"], nan=0.0)
        gains = np.nan_to_num(columns.get("capital gains", np.zeros_like(paid)), nan=0.0)
        return np.where(_gains_are_extra(columns, close, paid, gains), paid + gains, paid), True
    if "adjusted" in columns:
        return _implied(columns["adjusted"], close), True
    return np.zeros_like(close), False


def _gains_are_extra(
    columns: Mapping[Column, FloatArray], close: FloatArray, paid: FloatArray, gains: FloatArray
) -> bool:
    """Yahoo's dividend of a day sometimes holds the capital gain as well; the adjusted close tells which."""
    both = (paid > 0) & (gains > 0)
    if "adjusted" not in columns or not both.any():
        return True
    implied = _implied(columns["adjusted"], close)
    return bool(np.abs(implied - paid)[both].sum() > np.abs(implied - paid - gains)[both].sum())


def _implied(adjusted: FloatArray, close: FloatArray) -> FloatArray:
    factor = adjusted / close
    implied = np.zeros_like(close)
    step = 1.0 - factor[:-1] / factor[1:]
    implied[1:] = np.where(step > _SMALLEST_STEP, close[:-1] * step, 0.0)
    return implied
