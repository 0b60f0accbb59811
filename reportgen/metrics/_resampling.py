"""The stationary bootstrap: one matrix of resampled sessions a window, shared by every fund."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model import DateArray, Window


@dataclass(frozen=True, eq=False)
class Resampling:
    """Placeholder of the shared draws."""


def resampling(sessions: DateArray, window: Window) -> Resampling | None:
    """The window's draws; None until they exist."""
    return None
