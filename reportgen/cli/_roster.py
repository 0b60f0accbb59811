"""`reportgen subscribers import` and `export`: many subscribers at once, as CSV."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import day, say
from reportgen.cli._mail import mail_options, moment, result, settings_at, store_of
from reportgen.cli._subscribers import STATES, known_list
from reportgen.errors import DataError, WriteError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.delivery.roster import Entry
    from reportgen.delivery.store.consents import Consent, Member

HEAD = ("email", "list", "state", "consent_source", "consent_date", "confirmed_at", "left_at")
_EVERY = 2.0
"""Seconds between two lines of progress."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "list_name", metavar="NAME", help="The list, for lines without a column of that name.")
@click.option("--consent-source", metavar="TEXT", help="Where the consents came from, likewise.")
@click.option("--consent-date", metavar="DATE", callback=day, help="When they were given, likewise.")
@click.option("--dry-run", is_flag=True, help="Read the file and say what is wrong with it; change nothing.")
@mail_options
def bring(
    *,
    file: Path,
    list_name: str | None,
    consent_source: str | None,
    consent_date: date | None,
    dry_run: bool,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Import a CSV file of subscribers who have consented: email, list, consent_source, consent_date.

    One bad line and nothing is imported; every bad line is told. Who is suppressed, or left after the consent, stays
    out. Exit code 0 when all are on their lists, 6 when some stayed out.
    """
    del debug  # read by the error handler
    from reportgen.delivery.roster import Given, read_roster

    settings, now = settings_at(config), moment()
    wanted = None if list_name is None else known_list(settings, list_name)
    given = Given(settings.delivery.lists, now.date(), wanted, consent_source, consent_date)
    roster = read_roster(_content(file), str(file), given)
    if roster.ignored and not quiet:
        say(f"Columns left alone: {', '.join(roster.ignored)}.", err=True)
    done = Counter[str]() if dry_run else _enrolled(settings, roster.entries, now, quiet=quiet or as_json)
    facts = {"event": "checked" if dry_run else "imported", "entries": len(roster.entries)}
    counted = {name: done[name] for name in ("added", "known", "left", "suppressed")}
    told = f"{len(roster.entries)} entries, nothing was changed" if dry_run else _summary(counted)
    doubled = f"; lines that repeat an earlier one: {', '.join(map(str, roster.doubles))}" if roster.doubles else ""
    result(f"{told}{doubled}.", {**facts, **counted, "doubles": roster.doubles}, as_json=as_json, quiet=quiet)
    return 6 if done["left"] or done["suppressed"] else 0


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "list_name", metavar="NAME", help="This list only.")
@click.option("--state", type=click.Choice(STATES), help="This state only.")
@mail_options
def export(
    *,
    file: Path,
    list_name: str | None,
    state: str | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> None:
    """Write every subscriber to a CSV file that only you can read; "-" is standard output.

    A cell that a spreadsheet could take for a formula has a ' before it; import takes it away again.
    """
    del debug  # read by the error handler
    from reportgen.delivery.roster import written
    from reportgen.delivery.store import consents

    settings = settings_at(config)
    wanted = None if list_name is None else known_list(settings, list_name)
    store = store_of(settings)
    with store.read() as db:
        lines = written(HEAD, map(_row, consents.members(db, list_name=wanted, state=state)))
        if str(file) == "-":
            sys.stdout.writelines(lines)
            return
        count = _write(file, lines) - 1
    store.close()
    result(
        f"{count} lines in {file}.",
        {"event": "exported", "lines": count, "file": str(file)},
        as_json=as_json,
        quiet=quiet,
    )


def _enrolled(settings: Settings, entries: tuple[Entry, ...], now: datetime, *, quiet: bool) -> Counter[str]:
    """Put everybody on their lists, in one transaction; how often which answer was given."""
    from reportgen.delivery.store import consents

    done = Counter[str]()
    store = store_of(settings, create=True)
    with store.write() as db:
        for some in _told([entry.consent for entry in entries], consents.AT_ONCE, quiet=quiet):
            done.update(consents.enrol(db, some, now=now))
    store.close()
    return done


def _content(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.", where=str(file), fix="Name another file.") from error


def _summary(counted: dict[str, int]) -> str:
    told = f"{counted['added']} added, {counted['known']} were there already"
    stayed = [f"{counted[name]} {words}" for name, words in _STAYED.items() if counted[name]]
    return f"{told}; stayed out: {', '.join(stayed)}" if stayed else told


_STAYED = {"left": "who left after their consent", "suppressed": "who are suppressed"}


def _told(consents: list[Consent], at_once: int, *, quiet: bool) -> Iterator[list[Consent]]:
    """The consents, some at a time, with a line of progress every two seconds."""
    last = time.monotonic()
    for start in range(0, len(consents), at_once):
        yield consents[start : start + at_once]
        if not quiet and time.monotonic() - last > _EVERY:
            last = time.monotonic()
            say(f"  {min(start + at_once, len(consents))} of {len(consents)}", err=True)


def _row(member: Member) -> tuple[str, ...]:
    asked = member.requested_at.date().isoformat()
    return (
        member.address, member.list, member.state, member.source or "", asked,
        _iso(member.confirmed_at), _iso(member.left_at),
    )  # fmt: skip


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _print(lines: Iterable[str]) -> int:
    """Write the lines to standard output; how many there were."""
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - the count is what is wanted
        sys.stdout.write(line)
    return count


def _write(file: Path, lines: Iterable[str]) -> int:
    """Write the lines to a file of the owner alone, whole or not at all; how many there were."""
    count = 0
    try:
        descriptor, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
                for line in lines:
                    out.write(line)
                    count += 1
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"cannot be written: {error.strerror}.", where=str(file), fix="Name another file.") from error
    return count
