"""`reportgen rules list|check|explain`: the tools of whoever writes commentary."""

from __future__ import annotations

import click

from reportgen.cli._rules import check, explain, show


@click.group("rules")
def command() -> None:
    """List, check or explain the commentary rules."""


command.add_command(show)
command.add_command(check)
command.add_command(explain)
