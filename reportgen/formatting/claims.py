"""A tested claim's effect, told in the claim's own direction: a positive one speaks for the claim."""

from __future__ import annotations

from dataclasses import replace

from reportgen.formatting.numbers import ratio, signed_basis_points, signed_points
from reportgen.model import Claim, Number, Reading, Runs, Text

_FINE = 3
"""Fractions shown to so many decimals of a percent are told in basis points."""
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
        text = _plus(ratio(at).text)
    elif reading.spec.decimals >= _FINE:
        text = signed_basis_points(at).text
    else:
        text = signed_points(at).text
    return Number(reading.fact.id, text, _part(claim, name))


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
