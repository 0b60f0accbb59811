"""The three commands below `reportgen rules`."""

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

_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present]."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
_DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of an error.")


def _given(config: Path | None) -> tuple[Settings, tuple[Path, ...], Mapping[str, MetricSpec], Words]:
    """The settings, the template folders, the catalogue and the words that rules are read with."""
    from reportgen import metrics, narrative
    from reportgen.config import find_settings, read_settings
    from reportgen.resources import template_folders

    settings = read_settings(config) if config is not None else find_settings(Path.cwd())
    folders = template_folders(settings.templates)
    return settings, folders, metrics.catalogue(), narrative.load_words(folders)


@click.command("list")
@_CONFIG
@_JSON
@_DEBUG
def show(*, config: Path | None, as_json: bool, debug: bool) -> None:
    """List every rule: its section, topic and priority, in printing order."""
    del debug  # read by the error handler
    from reportgen import narrative

    settings, folders, specs, words = _given(config)
    rules = narrative.load_rules(folders, specs, words)
    rows = [
        {
            "rule": rule.name,
            "section": rule.section,
            "topic": rule.topic,
            "priority": rule.priority,
            "tested": rule.claim is not None,
            "disabled": rule.name in settings.disabled_rules,
        }
        for rule in sorted(rules, key=lambda rule: (rule.section, -rule.priority, rule.name))
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        marks = ("tested" if row["tested"] else "") + (" disabled" if row["disabled"] else "")
        click.echo(f"{row['rule']:<40} {row['topic']:<28} {row['priority']:>3}  {marks}".rstrip())


@click.command("check")
@_CONFIG
@_JSON
@_DEBUG
def check(*, config: Path | None, as_json: bool, debug: bool) -> int:
    """Check every rule and run its examples; no data are needed.

    Exit code 2 when a rule is wrong or an example does not come out as it says.
    """
    del debug  # read by the error handler
    from reportgen.narrative.examples import check_examples
    from reportgen.narrative.rules import read_rules

    _, folders, specs, words = _given(config)
    rules, problems = read_rules(folders, specs, words)
    found = (*problems, *check_examples(rules, specs, words))
    wrong = [problem for problem in found if problem.severity == "error"]
    if as_json:
        told = [{"where": p.where, "severity": p.severity, "message": p.message} for p in found]
        click.echo(json.dumps({"rules": len(rules), "problems": told}, indent=1))
    else:
        for problem in found:
            click.echo(str(problem), err=True)
        examples = sum(len(rule.examples) for rule in rules)
        click.echo(f"{len(rules)} rules with {examples} examples: {len(wrong)} wrong")
    return 2 if wrong else 0


@click.command("explain")
@click.argument("rule")
@click.argument("tickers", nargs=-1, required=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of price files.")
@click.option("--source", type=click.Choice(["sample", "yahoo"]), help="Where data come from, without --data.")
@click.option("--as-of", metavar="DATE", callback=day, help="Judge at this day's close [default: the last common day].")
@_CONFIG
@_JSON
@_DEBUG
def explain(
    *,
    rule: str,
    tickers: tuple[str, ...],
    data: Path | None,
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
    from reportgen.cli.compare import checked_tickers, chosen_source
    from reportgen.model import Request
    from reportgen.narrative.explain import explain as explained

    settings, folders, specs, words = _given(config)
    rules = narrative.load_rules(folders, specs, words)
    if rule not in {known.name for known in rules}:
        from reportgen.narrative.problems import nearest

        hint = nearest(rule, (known.name for known in rules))
        raise UsageError(f"There is no rule {rule!r}{hint}.", fix="`reportgen rules list` names them all.")
    opened = chosen_source(settings, data, source)
    snapshot = opened.load(Request(checked_tickers(tickers), as_of, settings.context))
    explanation = explained(rule, metrics.measure(snapshot), snapshot, rules, words)
    click.echo(json.dumps(explanation.as_json(), indent=1) if as_json else str(explanation))
