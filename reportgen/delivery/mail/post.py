"""Takes a letter to the relay, or into the outbox folder where no relay is set, as issues go."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from reportgen.delivery.mail.message import Outgoing
from reportgen.delivery.mail.relay import Transport
from reportgen.delivery.mail.replies import meaning
from reportgen.errors import NetworkError

Post = Callable[[EmailMessage, str], None]
"""Takes one letter, from an envelope's sender, to the relay or the outbox folder; raises a ReportgenError."""


def post_of(connect: Callable[[], Transport]) -> Post:
    """How letters go out. The Post raises NetworkError where the relay does not take one, without its address."""

    def post(letter: EmailMessage, sender: str) -> None:
        quoted = letter.as_bytes().replace(b"\r\n.", b"\r\n..")
        name = str(letter["Message-ID"]).strip("<>")
        transport = connect()
        try:
            reply = transport.submit(Outgoing(sender, str(letter["To"]), name, quoted), lambda: True)
        finally:
            transport.close()
        if reply is None or meaning(reply).effect != "accepted":
            told = "nothing" if reply is None else f"{reply.code or 'no code'} at {reply.stage}"
            raise NetworkError(f"the relay did not take a letter: {told}.", fix="Try: reportgen doctor --delivery")

    return post
