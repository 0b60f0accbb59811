"""What a metric is: a function from a view to a value, with everything about its presentation attached to it.

The type of the function's only parameter says what the metric is about: a fund over a window (`FundWindow`), a fund
(`FundProfile`), a pair over a window (`PairWindow`), a pair (`PairProfile`) or the whole article (`ArticleView`).
A metric that cannot be computed raises `Unavailable` with the reason in words; it never returns NaN or a stand-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, get_type_hints

from reportgen.metrics._windows import LONG_CODES
from reportgen.model import Basis, Direction, FloatArray, IntervalMethod, MetricSpec, Scalar, Unit

MARK = "__metric__"


class Unavailable(Exception):  # noqa: N818 - a reason, not an error: it becomes the fact's `missing`
    """Why a metric has no value here, in words that can be printed after "n/a, "."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A metric's value with what it rests on.

    n: observations. influence: for regressions, each session's contribution to the estimate's error, whose
    long-run variance is the estimate's. as_of, sources, basis: only where they differ from the window's.
    """

    value: float | int | str | date
    n: int | None = None
    details: Mapping[str, Scalar] = field(default_factory=dict)
    influence: FloatArray | None = None
    as_of: date | None = None
    sources: tuple[str, ...] = ()
    basis: Basis | None = None


Result = Measured | Mapping[str, Measured | Unavailable]
Function = TypeVar("Function", bound=Callable[..., Result])
Draws = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric as the assembler runs it.

    codes: the windows it is measured over. draws: from a view and a resampling to the bootstrap distribution (an
    array, or one a key). interval_codes: the windows that carry an interval. of_group: whether what it gives for a
    fund depends on which funds it is compared with.
    """

    spec: MetricSpec
    view: type
    codes: tuple[str, ...]
    measure: Callable[..., Result]
    draws: Draws | None
    interval_codes: tuple[str, ...]
    of_group: bool = False


def metric(
    *,
    label: str,
    unit: Unit,
    decimals: int,
    section: str,
    formula: str,
    reference: str,
    short: str = "",
    direction: Direction = "neither",
    minimum: int = 1,
    basis: Basis = "total return",
    interval: IntervalMethod = "none",
    difference: bool = True,
    parameters: Mapping[str, Scalar] | None = None,
    card: int = 1,
    approximate: bool = False,
    codes: tuple[str, ...] = LONG_CODES,
    draws: Draws | None = None,
    interval_codes: tuple[str, ...] = ("5Y",),
    of_group: bool = False,
) -> Callable[[Function], Function]:
    """Attach a specification to a metric function, whose name is the metric's name.

    Raises TypeError where the function is not annotated with a view, or where the interval method and the draws
    do not belong together.
    """
    if (interval == "bootstrap") != (draws is not None):
        raise TypeError(f"{label}: a bootstrap interval needs draws, and draws need a bootstrap interval")

    def attach(function: Function) -> Function:
        hints = get_type_hints(function)
        view = next((kind for name, kind in hints.items() if name != "return"), None)
        if not isinstance(view, type) or not hasattr(view, "windowed"):
            raise TypeError(f"{function.__name__}: annotate the parameter with the view it measures")
        per_window = bool(view.windowed)
        spec = MetricSpec(
            name=function.__name__,
            label=label,
            unit=unit,
            decimals=decimals,
            section=section,
            formula=formula,
            reference=reference,
            short=short or label.lower(),
            direction=direction,
            minimum=minimum,
            basis=basis,
            interval=interval,
            per_window=per_window,
            difference=difference and bool(getattr(view, "of_one_fund", False)),
            parameters=parameters or {},
            card=card,
            approximate=approximate,
        )
        definition = Definition(spec, view, codes if per_window else (), function, draws, interval_codes, of_group)
        setattr(function, MARK, definition)
        return function

    return attach
