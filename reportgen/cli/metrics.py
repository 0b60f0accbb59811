"""`reportgen metrics`: the catalogue of everything that is measured."""

from __future__ import annotations

import json

import click

_TOLD = "name label unit decimals section direction minimum formula reference interval card".split()


@click.command("metrics")
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
@click.option("--markdown", is_flag=True, help="Print one method card a metric, as Markdown.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(*, as_json: bool, markdown: bool, debug: bool) -> None:
    """List every metric: its name, label, unit, formula and reference."""
    del debug  # read by the error handler
    from reportgen import metrics

    specs = metrics.catalogue().values()
    if as_json:
        click.echo(json.dumps([{name: getattr(spec, name) for name in _TOLD} for spec in specs], indent=1))
        return
    for spec in specs:
        if markdown:
            click.echo(_card(spec))
        else:
            click.echo(f"{spec.name}\n  {spec.label} ({spec.unit})\n  {spec.formula}\n  {spec.reference}")


def _card(spec: object) -> str:
    from reportgen.model import MetricSpec

    assert isinstance(spec, MetricSpec)
    rows = (
        ("Name", f"`{spec.name}`, card version {spec.card}"),
        ("Unit", spec.unit),
        ("Formula", spec.formula),
        ("Observations needed", str(spec.minimum)),
        ("Interval", spec.interval),
        ("Reading", spec.direction),
        ("Reference", spec.reference),
    )
    lines = "\n".join(f"- **{name}:** {text}" for name, text in rows)
    return f"## {spec.label}\n\n{lines}\n"
