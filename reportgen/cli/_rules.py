"""The commands below `reportgen rules`: list, check, explain and new. `_coverage` holds the one that takes minutes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import day
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.config import Settings
    from reportgen.model import MetricSpec
    from reportgen.narrative import Words

CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present]."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
MOST_PROBLEMS = 100
DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of an error.")


def given(config: Path | None) -> tuple[Settings, tuple[Path, ...], Mapping[str, MetricSpec], Words]:
    """The settings, the template folders, the catalogue and the words that rules are read with."""
    from reportgen import metrics, narrative
    from reportgen.config import settings_of
    from reportgen.resources import template_folders

    settings = settings_of(config)
    folders = template_folders(settings.templates)
    return settings, folders, metrics.catalogue(), narrative.load_words(folders)


@click.command("list")
@CONFIG
@JSON
@DEBUG
def show(*, config: Path | None, as_json: bool, debug: bool) -> None:
    """List every rule: its section, topic, priority and file, in printing order."""
    del debug  # read by the error handler
    from reportgen import narrative
    from reportgen.narrative.rules import SECTIONS

    settings, folders, specs, words = given(config)
    rules = narrative.load_rules(folders, specs, words)
    rows = [
        {
            "rule": rule.name,
            "section": rule.section,
            "topic": rule.topic,
            "priority": rule.priority,
            "tested": rule.claim is not None,
            "disabled": rule.name in settings.disabled_rules,
            "file": str(rule.path.absolute()),
            "line": 1,
        }
        for rule in sorted(rules, key=lambda rule: (SECTIONS.index(rule.section), -rule.priority, rule.name))
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        marks = ("tested" if row["tested"] else "") + (" disabled" if row["disabled"] else "")
        where = f"{_from_here(str(row['file']))}:{row['line']}"
        click.echo(
            f"{row['rule']:<38} {row['section']:<15} {row['topic']:<24} {row['priority']:>3}  {where}  {marks}".rstrip()
        )


def _from_here(path: str) -> str:
    """A path as it is shortest to type: below the current folder without it."""
    place = Path(path)
    here = Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else path


@click.command("check")
@CONFIG
@JSON
@DEBUG
def check(*, config: Path | None, as_json: bool, debug: bool) -> int:
    """Check every rule and run its examples; no data are needed.

    Each problem is told as file:line:column, the first hundred in full; --json tells them all. Exit code 2 when a rule
    is wrong or an example does not come out as it says.
    """
    del debug  # read by the error handler
    from reportgen.brief.make import BOOK
    from reportgen.brief.own_facts import catalogue
    from reportgen.narrative.examples import check_examples
    from reportgen.narrative.problems import Problem
    from reportgen.narrative.rules import FOLDER, Rule, read_rules

    _, folders, specs, words = given(config)
    found: list[Problem] = []
    rules: list[Rule] = []
    for book, known in ((FOLDER, specs), (BOOK, catalogue())):
        read, problems = read_rules(folders, known, words, book)
        found += [*problems, *check_examples(read, known, words)]
        rules += read
    wrong = [problem for problem in found if problem.severity == "error"]
    if as_json:
        told = [{"where": p.where, "severity": p.severity, "message": p.message} for p in found]
        click.echo(json.dumps({"rules": len(rules), "problems": told}, indent=1))
    else:
        for problem in found[:MOST_PROBLEMS]:
            click.echo(str(problem), err=True)
        if len(found) > MOST_PROBLEMS:
            click.echo(f"and {len(found) - MOST_PROBLEMS} problems more", err=True)
        examples = sum(len(rule.examples) for rule in rules)
        click.echo(f"{len(rules)} rules with {examples} examples: {len(wrong)} wrong")
    return 2 if wrong else 0


@click.command("explain")
@click.argument("rule")
@click.argument("tickers", nargs=-1, required=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of price files.")
@click.option("--snapshot", "kept", type=click.Path(path_type=Path), help="Folder of a fetched snapshot.")
@click.option("--source", metavar="NAME", help="sample, or an installed source, without --data.")
@click.option("--as-of", metavar="DATE", callback=day, help="Judge at this day's close [default: the last common day].")
@CONFIG
@JSON
@DEBUG
def explain(
    *,
    rule: str,
    tickers: tuple[str, ...],
    data: Path | None,
    kept: Path | None,
    source: str | None,
    as_of: date | None,
    config: Path | None,
    as_json: bool,
    debug: bool,
) -> None:
    """Say why a rule speaks or is silent about the funds named.

    For example: reportgen rules explain cost/fee IWM QQQ --source sample
    """
    del debug  # read by the error handler
    from reportgen import metrics, narrative
    from reportgen.cli.compare import chosen_source
    from reportgen.model import Request
    from reportgen.narrative.explain import explain as explained
    from reportgen.sources import checked_tickers

    settings, folders, specs, words = given(config)
    rules = narrative.load_rules(folders, specs, words)
    if rule not in {known.name for known in rules}:
        from reportgen.narrative.problems import nearest

        hint = nearest(rule, (known.name for known in rules))
        raise UsageError(f"There is no rule {rule!r}{hint}.", fix="`reportgen rules list` names them all.")
    opened = chosen_source(settings, data, source, kept)
    if opened is None:
        what = "Explaining a rule fetches nothing."
        raise UsageError(what, fix="Give --data DIR, --snapshot DIR or --source sample.")
    snapshot = opened.load(Request(checked_tickers(tickers), as_of, settings.context))
    explanation = explained(rule, metrics.measure(snapshot), snapshot, rules, words)
    click.echo(json.dumps(explanation.as_json(), indent=1) if as_json else str(explanation))


@click.command("new")
@click.argument("section")
@click.argument("name")
@click.option(
    "--into", type=click.Path(path_type=Path), help="Template folder to write to [default: the settings' own]."
)
@CONFIG
@DEBUG
def new(*, section: str, name: str, into: Path | None, config: Path | None, debug: bool) -> None:
    """Write the draft of a rule: a file with comments that passes `rules check` as it stands.

    It goes to commentary/SECTION/NAME.j2 below the template folder of the settings, or below the shipped one in a
    checkout. Nothing is overwritten. For example: reportgen rules new credit bank-loans
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.narrative.scaffold import new_rule

    settings = settings_of(config)
    path = new_rule(section, name, into or settings.templates or _shipped())
    click.echo(_from_here(str(path)))


def _shipped() -> Path:
    """The shipped templates of a checkout. Those of an installed package are lost with its next version."""
    import reportgen
    from reportgen.resources import template_root

    root = template_root()
    if root.is_relative_to(Path(reportgen.__file__).resolve().parent):
        fix = 'Write templates = "templates" below [branding] in reportgen.toml, or name a folder with --into DIR.'
        raise UsageError("A rule of your own needs a folder of your own.", fix=fix)
    return root
