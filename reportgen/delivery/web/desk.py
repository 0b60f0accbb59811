"""Answers sign-ups behind the visitor's back.

The page that thanks for a sign-up is written before anybody looks whether the address is known. So neither its words
nor its timing can tell: all that depends on the address happens here, in one thread, and shows in its mailbox alone.
What was thanked for is in the store before the page is, and outlives the program.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from reportgen.delivery.mail.post import Post
from reportgen.delivery.web.letters import Letters
from reportgen.delivery.web.limits import Limit
from reportgen.delivery.web.members import Members
from reportgen.delivery.web.room import Room, SignUp
from reportgen.errors import NetworkError, ReportgenError, WriteError

WAITING = 1_000
"""Sign-ups that may wait; when there are more, visitors are asked to come back."""


@dataclass(slots=True)
class Desk:
    """Takes sign-ups at once and answers each by a letter, later.

    room: where they wait. limit: letters an address may get. tell: where a failure is told to the operator, without
    the address.
    """

    members: Members
    room: Room
    letters: Letters
    post: Post
    limit: Limit
    now: Callable[[], datetime]
    tell: Callable[[str], None]
    _waiting: queue.Queue[tuple[int, SignUp] | None] = field(default_factory=lambda: queue.Queue(WAITING))
    _thread: threading.Thread | None = None

    def take(self, sign_up: SignUp) -> bool:
        """Take a sign-up; False when too many are waiting, or nobody is there to answer any more.

        A thread that a bug has ended must not go unseen: visitors are told to come back, and its traceback is printed.
        Raises WriteError where the store does not take it.
        """
        if self._waiting.full() or (self._thread is not None and not self._thread.is_alive()):
            return False
        number = self.room.keep(sign_up, self.now())
        try:
            self._waiting.put_nowait((number, sign_up))
        except queue.Full:
            self.room.answered(number)
            return False
        return True

    def answer(self, number: int, sign_up: SignUp) -> None:
        """Note one sign-up in the store and send its letter.

        One that the relay or the store did not take waits in its room until the program starts again.
        """
        keep = False
        try:
            self._write_to(sign_up)
        except (NetworkError, WriteError) as error:
            keep = True
            self.tell(f"a sign-up waits for the next start: {error}")
        except ReportgenError as error:
            self.tell(f"a sign-up was not answered: {error}")
        finally:  # after a bug too, or it would end every start
            if not keep:
                self._forget(number)

    def work_off(self) -> int:
        """Answer all that wait, in the caller's thread; how many there were."""
        done = 0
        while not self._waiting.empty():
            waiting = self._waiting.get_nowait()
            if waiting is not None:
                self.answer(*waiting)
                done += 1
        return done

    def open(self) -> None:
        """Answer sign-ups in a thread of its own until `close`, those first that an earlier program left."""
        for left in self.room.waiting()[:WAITING]:
            self._waiting.put_nowait(left)
        self._thread = threading.Thread(target=self._run, name="sign-ups", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer what still waits, and end the thread."""
        if self._thread is not None:
            if self._thread.is_alive():
                self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            self.answer(*waiting)

    def _write_to(self, sign_up: SignUp) -> None:
        from reportgen.delivery.store.addresses import address_of

        now = self.now()
        if not self.limit.allows(address_of(sign_up.address).key, now):
            return
        asked = self.members.ask(sign_up.address, sign_up.lists, now)
        if asked is not None:
            self.post(self.letters.to(asked, now), self.letters.envelope(asked))

    def _forget(self, number: int) -> None:
        try:
            self.room.answered(number)
        except ReportgenError as error:  # its letter will come a second time
            self.tell(f"a sign-up that was answered could not be forgotten: {error}")
