"""Who is x and who is y: by a metric that the claim does not test, or every claim would be half decided."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model import Silence
from reportgen.narrative.evaluate import amount
from reportgen.narrative.rules import Rule
from reportgen.narrative.scene import Scene, Setting, UnavailableError


def scenes(rule: Rule, setting: Setting) -> Iterator[Scene | Silence]:
    """Every scene in which a rule may speak; where roles are undecided, or a fund's class is not meant, the reason."""
    for scene in _cast(rule, setting):
        assigned = _with_roles(rule, scene)
        if isinstance(assigned, Silence):
            yield assigned
        elif foreign := _foreign(rule, assigned):
            yield Silence(rule.name, foreign, assigned.roles)
        else:
            yield assigned


def _cast(rule: Rule, setting: Setting) -> Iterator[Scene]:
    if rule.scope == "pair":
        yield from (Scene(setting, a, b) for a, b in setting.pairs)
    elif rule.scope == "fund":
        yield from (Scene(setting, ticker) for ticker in setting.tickers)
    else:
        yield Scene(setting)


def _foreign(rule: Rule, scene: Scene) -> str | None:
    for ticker in scene.tickers:
        fund = scene.setting.funds.get(ticker)
        asset_class = fund.asset_class if fund is not None else "unknown"
        if asset_class not in rule.assets:
            return f"not meant for {ticker}, whose asset class is {asset_class}"
    return None


def _with_roles(rule: Rule, scene: Scene) -> Scene | Silence:
    if rule.roles.by is None:
        return scene
    other = Scene(scene.setting, scene.y, scene.x)
    try:
        mine, theirs = amount(rule.roles.by, scene), amount(rule.roles.by, other)
    except UnavailableError as reason:
        return Silence(rule.name, f"no roles: {reason}", scene.roles)
    if mine == theirs:
        # "The deeper of the two" is said of neither; a rule that has words for a tie says so in its header.
        if not rule.speaks_on_ties:
            return Silence(rule.name, f"no roles: both have the same {rule.roles.by.metric}", scene.roles)
        return scene
    return scene if (mine > theirs) == rule.roles.most else other
