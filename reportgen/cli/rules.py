"""`reportgen rules list|check|explain|new|coverage`: the tools of whoever writes commentary."""

from __future__ import annotations

import click

from reportgen.cli._coverage import coverage
from reportgen.cli._rules import check, explain, new, show


@click.group("rules")
def command() -> None:
    """List, check, explain or write the commentary rules, and see which of them speak."""


for _one in (show, check, explain, new, coverage):
    command.add_command(_one)
