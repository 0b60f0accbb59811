"""The options that several commands take alike: which data are read, and how what is made of them is issued."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from reportgen.cli._article import day

F = TypeVar("F", bound=Callable[..., Any])
_FOLDER = click.Path(path_type=Path)


def data_options(function: F) -> F:
    """Where the data come from: `data`, `snapshot`, `source`."""
    return _with(
        function,
        click.option("--data", type=_FOLDER, help="Folder of price files (see the README)."),
        click.option("--snapshot", type=_FOLDER, help="Folder of a fetched snapshot: no network is used."),
        click.option(
            "--source", metavar="NAME", help="sample, yahoo or an installed source [default: the settings', or yahoo]."
        ),
    )


def as_of_option(function: F) -> F:
    """The day that articles are judged at: `as_of`."""
    told = "Judge at this day's close [default: the last common day]."
    return _with(function, click.option("--as-of", metavar="DATE", callback=day, help=told))


def form_options(function: F) -> F:
    """What articles look like and are measured against: `formats`, `pdf`, `benchmark`."""
    return _with(
        function,
        format_option,
        click.option(
            "--pdf",
            type=click.Choice(["ua-1", "a-3a"]),
            help="The PDF's standard: for readers, or for archives [default: ua-1].",
        ),
        click.option("--benchmark", help="One benchmark for all funds [default: by asset class]."),
    )


def issue_options(function: F) -> F:
    """How what is made is issued: `issue_date`, `allow_stale`."""
    return _with(
        function,
        click.option("--issue-date", metavar="DATE", callback=day, help="The date of issue [default: the as-of]."),
        click.option("--allow-stale", metavar="DAYS", help="Let data end this many days before the as-of, such as 3d."),
    )


format_option = click.option("--format", "formats", help="html, pdf, mail: one or several [default: html,pdf].")
config_option = click.option("--config", type=_FOLDER, help="Settings file [default: reportgen.toml, if present].")
out_option = click.option("--out", type=_FOLDER, help="Folder to write to [default: output].")


def _with(function: F, *options: Callable[[F], F]) -> F:
    """The function with options, which its help lists in this order."""
    for option in reversed(options):
        function = option(function)
    return function
