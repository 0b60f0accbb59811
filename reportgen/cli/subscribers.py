"""`reportgen subscribers add|import|export|erase|list|lists|keys`: who gets the issues, and by whose consent."""

from __future__ import annotations

import click

from reportgen.cli._roster import bring, export
from reportgen.cli._subscribers import add, erase, keys, lists, show


@click.group("subscribers")
def command() -> None:
    """Add, import, export, erase and list subscribers."""


for _one in (add, bring, export, erase, show, lists, keys):
    command.add_command(_one)
