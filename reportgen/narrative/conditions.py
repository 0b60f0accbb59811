"""Conditions that an earlier issue recorded, asked of later facts."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Measurements, Snapshot
from reportgen.narrative.evaluate import holds
from reportgen.narrative.language import Language
from reportgen.narrative.problems import Complaints
from reportgen.narrative.scene import Scene, Setting, UnavailableError


def occurs(
    condition: str, window: str | None, roles: Mapping[str, str], measurements: Measurements, snapshot: Snapshot
) -> bool | None:
    """Whether a condition of a rule holds now, for the funds that had its roles; window: the rule's own.

    None where a fact that it asks for is missing, a fund is not compared any more, or the condition is not of the
    language any more.
    """
    if not set(roles.values()) <= set(measurements.tickers):
        return None
    expression = Language(measurements.specs, window, Complaints("watch", condition)).expression(
        condition, 1, wants="bool"
    )
    if expression is None:
        return None
    try:
        return holds(expression, Scene(Setting.of(measurements, snapshot), roles.get("x"), roles.get("y")))
    except UnavailableError:
        return None
