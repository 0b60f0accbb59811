"""Terms of a fund: what the gap between two fees comes to over the years, and the daily multiple it aims at."""

from __future__ import annotations

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundProfile, PairProfile
from reportgen.metrics.income import expense_ratio

_YEARS = 10


@metric(
    label="Fee gap over ten years",
    short="fee gap over ten years",
    unit="fraction",
    decimals=1,
    section="income",
    basis="stated by the provider",
    formula="One less the tenth power of (1 - the higher expense ratio) / (1 - the lower).",
    reference="This product's definition: what the dearer fee leaves less of the final value, other things equal.",
    parameters={"years": _YEARS},
)
def fee_gap_compounded(w: PairProfile) -> Measured:
    """The share of the final value that the higher of two fees takes over ten years, beyond the lower one.

    Returns a fraction, zero or positive, whichever fund stands first. Missing where a fee is not stated.
    """
    fees = [expense_ratio(side) for side in (w.first, w.second)]
    low, high = sorted(float(fee.value) for fee in fees if isinstance(fee.value, int | float))
    days = [fee.as_of for fee in fees if fee.as_of is not None]
    sources = tuple(dict.fromkeys(source for fee in fees for source in fee.sources))
    return Measured(1 - ((1 - high) / (1 - low)) ** _YEARS, as_of=max(days, default=None), sources=sources)


@metric(
    label="Daily multiple",
    short="daily multiple",
    unit="ratio",
    decimals=0,
    section="income",
    basis="stated by the provider",
    difference=False,
    formula="The multiple of its index's daily return that a leveraged or inverse fund aims at.",
    reference="The provider named as the source.",
)
def daily_multiple(p: FundProfile) -> Measured:
    """The multiple of its index's daily move that a fund aims at: 3, or -1 for an inverse fund.

    Returns a ratio. Missing for a fund that is not leveraged, or whose multiple is not known.
    """
    multiple = p.fund.leverage
    if multiple is None or multiple == 1:
        raise Unavailable("no daily multiple is stated")
    return Measured(multiple)
