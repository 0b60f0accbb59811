"""A scripted SMTP server on loopback: it does what a test tells it, and logs and fsyncs before it answers.

What it accepted is on disk before its 250 leaves, as with a real relay. So the log is the truth against which the
sender's accounting is held, whoever is killed at whatever moment.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Act = str | Callable[["Dialogue"], str | None]
"""What to do at a step: a reply to give, "close" (close without a word), "reset" (TCP reset), "silence", or a function
that gives one of them; None for the ordinary reply."""
ORDINARY = {
    "greet": "220 relay.test ESMTP", "mail": "250 2.1.0 ok", "rcpt": "250 2.1.5 ok", "data": "354 go on",
    "body": "", "after": "", "dot": "250 2.0.0 queued", "auth": "235 2.7.0 welcome", "starttls": "220 2.0.0 ready",
}  # fmt: skip


@dataclass
class Dialogue:
    """One connection and the mail in hand."""

    number: int
    mails: int = 0
    sender: str = ""
    recipient: str = ""
    content: bytes = b""
    commands: list[str] = field(default_factory=list)
    wrapped: list[socket.socket] = field(default_factory=list)


@dataclass
class Server:
    """The server: `script` maps a step to what is done there; `log` gets a line for each mail taken, before the 250."""

    log: Path
    script: dict[str, Act] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    offers: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES")
    sync: bool = True
    keep: bool = False
    dialogues: list[Dialogue] = field(default_factory=list)
    mails: dict[str, bytes] = field(default_factory=dict)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def taken(self) -> list[tuple[str, str]]:
        """(recipient, Message-ID) of each mail taken, in order; from the log on disk."""
        if not self.log.exists():
            return []
        rows = [line.split(" ", 1) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [(row[0], row[1]) for row in rows]

    def serve(self, listener: socket.socket) -> None:
        while not self._ended.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            dialogue = Dialogue(len(self.dialogues))
            self.dialogues.append(dialogue)
            threading.Thread(target=self._talk, args=(line, dialogue), daemon=True).start()

    def act(self, step: str, dialogue: Dialogue) -> str:
        """What to answer at a step. Raises _ClosedError when the connection ends here."""
        wanted = self.script.get(step)
        answer = wanted(dialogue) if callable(wanted) else wanted
        if answer == "silence":
            self._ended.wait(60)
            raise _ClosedError
        if answer in ("close", "reset"):
            raise _ClosedError(answer)
        return ORDINARY[step] if answer is None else answer

    def _talk(self, line: socket.socket, dialogue: Dialogue) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with suppress(OSError):
                self._session(line, dialogue)
        except _ClosedError as closed:
            if closed.args == ("reset",):
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        for each in (*dialogue.wrapped, line):
            with suppress(OSError):
                each.close()

    def _session(self, line: socket.socket, dialogue: Dialogue) -> None:
        say(line, self.act("greet", dialogue))
        reader = _Reader(line)
        while command := reader.line():
            words = command.decode("ascii", "replace").strip()
            dialogue.commands.append(words)
            verb = words.split(" ")[0].upper()
            if verb == "STARTTLS":
                answer = self.act("starttls", dialogue)
                say(line, answer)
                if answer.startswith("220") and self.tls is not None:
                    line = self.tls.wrap_socket(line, server_side=True)
                    dialogue.wrapped.append(line)
                    reader = _Reader(line)
            elif verb == "DATA":
                self._data(line, reader, dialogue)
            elif verb == "QUIT":
                say(line, "221 bye")
                return
            else:
                say(line, self._plain(verb, words, dialogue))

    def _plain(self, verb: str, words: str, dialogue: Dialogue) -> str:
        if verb == "EHLO":
            offers = [*self.offers, *(["STARTTLS"] if "starttls" in self.script or self.tls else [])]
            return "\r\n".join([*(f"250-{offer}" for offer in ["relay.test", *offers][:-1]), f"250 {offers[-1]}"])
        if verb == "MAIL":
            dialogue.sender = _path(words)
            return self.act("mail", dialogue)
        if verb == "RCPT":
            dialogue.recipient = _path(words)
            return self.act("rcpt", dialogue)
        if verb == "AUTH":
            return self.act("auth", dialogue)
        return "250 ok" if verb in ("RSET", "NOOP", "HELO") else "502 5.5.2 what?"

    def _data(self, line: socket.socket, reader: _Reader, dialogue: Dialogue) -> None:
        answer = self.act("data", dialogue)
        say(line, answer)
        if not answer.startswith("354"):
            return
        self.act("body", dialogue)
        dialogue.content = reader.body()
        answer = self.act("dot", dialogue)
        if answer.startswith("250"):
            self._take(dialogue)
        after = self.script.get("after")
        if after is not None:
            self.act("after", dialogue)
        say(line, answer)

    def _take(self, dialogue: Dialogue) -> None:
        found = re.search(rb"^Message-ID: <([^>]*)>", dialogue.content, re.MULTILINE)
        identity = found[1].decode() if found else "none"
        with self._lock:
            dialogue.mails += 1
            if self.keep:
                self.mails[dialogue.recipient] = dialogue.content
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{dialogue.recipient} {identity}\n")
                file.flush()
                if self.sync:
                    os.fsync(file.fileno())

    def stop(self, listener: socket.socket) -> None:
        self._ended.set()
        for dialogue in self.dialogues:
            for each in dialogue.wrapped:
                each.close()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


class _ClosedError(Exception):
    """The script closes the connection here."""


class _Reader:
    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._held = b""

    def line(self) -> bytes:
        while b"\r\n" not in self._held:
            more = self._line.recv(65536)
            if not more:
                return b""
            self._held += more
        found, _, self._held = self._held.partition(b"\r\n")
        return found + b"\r\n"

    def body(self) -> bytes:
        """The lines up to the final dot, unquoted. Raises _ClosedError when the connection ends before it."""
        if self._held.startswith(b".\r\n"):
            self._held = self._held[3:]
            return b""
        parts = bytearray(self._held)
        at = 0
        while (end := parts.find(b"\r\n.\r\n", max(0, at - 4))) < 0:
            at = len(parts)
            more = self._line.recv(262144)
            if not more:
                raise _ClosedError
            parts += more
        self._held = bytes(parts[end + 5 :])
        return bytes(parts[: end + 2]).replace(b"\r\n..", b"\r\n.")


def say(line: socket.socket, text: str) -> None:
    """Give an answer; its text may be of several lines."""
    line.sendall(text.encode() + b"\r\n")


def _path(words: str) -> str:
    found = re.search(r"<([^>]*)>", words)
    return found[1] if found else ""


def times(count: int, answer: str) -> Act:
    """An answer for so many times, and the ordinary one afterwards."""
    left = [count]

    def act(_: Dialogue) -> str | None:
        left[0] -= 1
        return answer if left[0] >= 0 else None

    return act


def by_recipient(answers: Mapping[str, str]) -> Act:
    """An answer for some recipients, and the ordinary one for all others."""
    return lambda dialogue: answers.get(dialogue.recipient)


def slowly(seconds: float) -> Act:
    """The ordinary answer, after a while."""

    def act(_: Dialogue) -> None:
        time.sleep(seconds)

    return act


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, listening on a free port of loopback."""
    listener = socket.create_server(("127.0.0.1", server.port))
    server.port = listener.getsockname()[1]
    threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
    try:
        yield server
    finally:
        server.stop(listener)
