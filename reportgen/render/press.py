"""A second process for the PDF: it loads WeasyPrint while this one still reads and measures, and lays out beside it.

The bytes are the same as from this process. Where the second one cannot be started or ends early, the layout is done
here, and `Press.trouble` says why.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from reportgen.errors import ReportgenError

if TYPE_CHECKING:
    from reportgen.render._layout import Sheet

_CODE = "import sys; sys.path[:] = {path!r}; from reportgen.render.press import serve; serve()"


class Press:
    """The second process, from the moment it is made; it is used for one sheet after the other, and closed."""

    def __init__(self, program: str | None = None) -> None:
        self.trouble: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        command = [program or sys.executable, "-c", _CODE.format(path=sys.path)]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        except OSError as error:
            self.trouble = f"no second process could be started: {error.strerror or error}"

    def begin(self, sheet: Sheet) -> Callable[[], bytes]:
        """Hand a sheet over; the call that is given back waits for its PDF. Raises what `laid_out` raises."""
        sent = self._send(sheet)
        return lambda: (self._received() if sent else None) or _here(sheet)

    def _send(self, sheet: Sheet) -> bool:
        if self._process is None:
            return False
        assert self._process.stdin is not None
        try:
            pickle.dump(sheet, self._process.stdin, protocol=5)
            self._process.stdin.flush()
        except OSError:
            self._lost()
            return False
        return True

    def _received(self) -> bytes | None:
        """The PDF, or None when the process ended before it was made."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            answer = pickle.load(self._process.stdout)  # noqa: S301 - written by our own program
        except (EOFError, OSError, pickle.UnpicklingError):
            self._lost()
            return None
        if isinstance(answer, ReportgenError):
            raise answer
        assert isinstance(answer, bytes)
        return answer

    def _lost(self) -> None:
        self.close()
        self.trouble = "the second process ended before the PDF was made"

    def close(self) -> None:
        """End the process. It holds nothing that would have to be put away."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _here(sheet: Sheet) -> bytes:
    from reportgen.render._layout import laid_out

    return laid_out(sheet)


def serve() -> None:
    """What the second process does: makes ready, then lays out one sheet after the other until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides what an interruption means
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    from reportgen.render._layout import warm_up

    with contextlib.suppress(ReportgenError):  # it is told when a sheet asks for it
        warm_up()
    while (sheet := _next(sys.stdin.buffer)) is not None:
        pickle.dump(_answer(sheet), answers, protocol=5)
        answers.flush()
    os._exit(0)


def _next(asked: BinaryIO) -> Sheet | None:
    try:
        sheet: Sheet = pickle.load(asked)  # noqa: S301 - written by our own program
    except EOFError:
        return None
    return sheet


def _answer(sheet: Sheet) -> bytes | ReportgenError:
    try:
        return _here(sheet)
    except ReportgenError as error:
        return error
