"""A tested claim's effect, told in the claim's own direction: a positive one speaks for the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.formatting.numbers import ratio, signed_basis_points, signed_points
from reportgen.model import Claim, Number, Reading, Runs, Text

_FINE = 3
"""Fractions shown to so many decimals of a percent are told in basis points."""
_FINER = (0, 1, 2)
"""Further decimals that keep a small figure from reading as zero."""
_BOUNDS = ("interval.low", "interval.high")


def sentence(claim: Claim) -> str:
    """The claim as a row is headed: with a capital, without a full stop."""
    return claim.text[:1].upper() + claim.text[1:]


def effect(reading: Reading, claim: Claim) -> Number:
    """The effect with its sign: "+0.83", "-9.7 pts"."""
    return _signed(reading, claim, "")


def bounds(reading: Reading, claim: Claim) -> Runs:
    """The effect's interval: "+0.59 to +1.08"; nothing where the fact carries none."""
    if reading.fact.interval is None:
        return ()
    low, high = (_signed(reading, claim, name) for name in _BOUNDS)
    return (low, Text(" to "), high)


def measured_effect(reading: Reading, claim: Claim) -> tuple[float, float, float] | None:
    """The effect and its interval's bounds as numbers, in the fact's unit; None where the fact carries no interval."""
    if reading.fact.interval is None:
        return None
    value, low, high = (_amount(reading, claim, name) for name in ("", *_BOUNDS))
    return value, low, high


def _signed(reading: Reading, claim: Claim, name: str) -> Number:
    at = Reading(replace(reading.fact, value=_amount(reading, claim, name)), reading.spec)
    if reading.fact.unit != "fraction":
        forms = (_plus(ratio(at, reading.spec.decimals + more).text) for more in _FINER)
    elif reading.spec.decimals >= _FINE:
        forms = (signed_basis_points(at, 1 + more).text for more in _FINER)
    else:
        forms = (signed_points(at, 1 + more).text for more in _FINER)
    return Number(reading.fact.id, _not_zero(tuple(forms)), _part(claim, name))


def _not_zero(forms: Sequence[str]) -> str:
    """The shortest form that does not read as zero: on which side of zero a bound lies decides a verdict."""
    return next((text for text in forms if text.strip("+-0.,")[:1].isdigit()), forms[0])


def _plus(text: str) -> str:
    return text if text.startswith("-") or not text.strip("0.,") else f"+{text}"


def _amount(reading: Reading, claim: Claim, name: str) -> float:
    amount = reading.fact.part(_part(claim, name))
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise TypeError(f"{reading.fact.id} is not a number: {amount!r}")
    return float(amount)


def _part(claim: Claim, name: str) -> str | None:
    """What `Fact.part` calls it: a claim that the fact is below zero is told the other way round."""
    return (f"reversed.{name}".removesuffix(".") if claim.side < 0 else name) or None
