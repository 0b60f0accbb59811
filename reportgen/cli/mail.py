"""`reportgen mail check|preview|test-send|freeze|send|status|pause|resume|cancel|resolve|adopt`."""

from __future__ import annotations

import click

from reportgen.cli._mail_issue import check, freeze, preview, test_send
from reportgen.cli._mail_operate import adopt, cancel, pause, resolve, resume, status
from reportgen.cli._mail_send import send


@click.group("mail")
def command() -> None:
    """Send issues to subscribers: freeze one, send it, and see what became of every mail.

    docs/delivery.md says what is promised, and how to set it up.
    """


for _one in (check, preview, test_send, freeze, send, status, pause, resume, cancel, resolve, adopt):
    command.add_command(_one)
