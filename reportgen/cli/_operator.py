"""Tells the operator by a letter when a scheduled run fails, is held, or issues a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from reportgen.cli._article import say
from reportgen.errors import ReportgenError

if TYPE_CHECKING:
    from types import TracebackType

    from reportgen.config import Settings
    from reportgen.delivery.schedule.alarm import Trouble


class Alarm:
    """Stands around a run, and writes to the operator of the settings at its end if there was trouble.

    on: whether letters are wanted. Errors pass through it; an interruption by hand is none. A letter that cannot be
    sent is one more line on standard error, never an error of its own, so that the first one stays seen.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime], *, on: bool) -> None:
        self._settings, self._now = settings, now
        self._on = on and settings.schedule.operator is not None
        self._noted: Trouble | None = None

    def note(self, trouble: Trouble | None) -> None:
        """Keep what kept a run from issuing everything, with its notice; None where nothing did."""
        self._noted = trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._on:
            return
        trouble = self._noted or (_trouble_of(error) if isinstance(error, Exception) else None)
        if trouble is not None:
            self._tell(trouble)

    def _tell(self, trouble: Trouble) -> None:
        try:
            _send(trouble, self._settings, self._now())
        except (ReportgenError, OSError, ValueError) as error:  # ValueError: what no header or charset can hold
            say(f"reportgen: the operator could not be told: {error}", err=True)


def _trouble_of(error: Exception) -> Trouble:
    from reportgen.cli import meaning
    from reportgen.delivery.schedule.alarm import Trouble

    what, code = meaning(error)
    return Trouble(code, what)


def _send(trouble: Trouble, settings: Settings, now: datetime) -> None:
    from reportgen.cli._sending import connector
    from reportgen.delivery.mail.post import post_of
    from reportgen.delivery.schedule.alarm import letter

    operator = settings.schedule.operator
    assert operator is not None
    sender = settings.delivery.sender or operator
    name = settings.delivery.sender_name or settings.publication
    post_of(connector(settings, "operator"))(letter(trouble, name, sender, operator, now), sender)
