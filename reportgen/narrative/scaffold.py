"""A first draft of a rule: a file that explains itself, passes `reportgen rules check`, and waits to be changed."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.errors import UsageError, WriteError
from reportgen.narrative.problems import nearest
from reportgen.narrative.rules import FOLDER, SECTIONS

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 60

_DRAFT = """\
{#---
# A draft that passes `reportgen rules check` as it stands. Change it line by line, and check after each change.
# The guide is docs/writing-rules.md, the list of keys docs/rules.md; `reportgen metrics` names every metric.

section  = "SECTION"
topic    = "NAME"          # of the rules of one topic only one is printed: the highest priority that speaks
priority = 10              # low, so that the draft gives way to the rules that are there
window   = "5Y"            # the window of metrics that are named without one; x.volatility_1y takes another

# Who is x, and who is y: x is the fund with the most, or the least, of a metric. It must not be the metric that the
# claim tests, or the claim would be half decided before the data are asked.
roles    = "least holdings_count"

# Is it worth saying at all? Rates and returns are fractions: 0.05 is five percent.
when     = "y.holdings_count > 2 * x.holdings_count"

# What the data are asked: x.METRIC > y.METRIC, or x.METRIC > 0, or with <. Without a claim the rule is descriptive.
# The story is what is commonly thought: it can be contradicted. Without one the claim is a question, told as found.
claim    = "x.volatility > y.volatility"
story    = "fewer names mean more risk"

# Made-up facts, and what the rule must say about them: one example for each text below, and one that is silent.
[[example]]
facts    = { x.holdings_count = 100, y.holdings_count = 2000, x.volatility = 0.25, y.volatility = 0.20 }
interval = [0.02, 0.08]    # of the claim: here the difference of the two volatilities
expect   = "supported"
says     = "AAA, the fund with fewer names, has been the more volatile"

[[example]]
facts    = { x.holdings_count = 100, y.holdings_count = 2000, x.volatility = 0.20, y.volatility = 0.25 }
interval = [-0.08, -0.02]
expect   = "contradicted"
says     = "BBB has been the more volatile although it holds more names"

[[example]]
facts    = { x.holdings_count = 100, y.holdings_count = 2000, x.volatility = 0.21, y.volatility = 0.20 }
interval = [-0.02, 0.04]
expect   = "inconclusive"
says     = "the data do not separate"

[[example]]
facts    = { x.holdings_count = 100, y.holdings_count = 120, x.volatility = 0.25, y.volatility = 0.20 }
expect   = "silent"        # neither has twice as many holdings: the condition does not hold
---#}
{# The text: words, names in double braces with a filter that says how a number is printed, and if. No digits. #}
{% if supported %}{{ x.ticker }}, the fund with fewer names, has been the more volatile:
{% elif contradicted %}{{ y.ticker }} has been the more volatile although it holds more names:
{% else %}On volatility the data do not separate the two, however many names they hold:
{% endif %}{{ x.volatility | percent(1) }} a year for {{ x.ticker }} against {{ y.volatility | percent(1) }} for
{{ y.ticker }} {{ x.volatility | over }}.
"""


def draft(section: str, name: str) -> str:
    """The text of a new rule file. Raises UsageError for an unknown section or a name that no file should have."""
    if section not in SECTIONS:
        hint = nearest(section, SECTIONS) or "."
        raise UsageError(f"There is no section {section!r}{hint}", fix=f"Known are {', '.join(SECTIONS)}.")
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a rule.",
            fix="Write it in small letters, digits and single hyphens, beginning with a letter, as in credit-gap.",
        )
    return _DRAFT.replace("SECTION", section).replace("NAME", name, 1)


def new_rule(section: str, name: str, folder: Path) -> Path:
    """Writes a draft below a template folder, as commentary/SECTION/NAME.j2, and gives its path.

    Nothing is ever overwritten. Raises UsageError where the file exists and for what `draft` refuses, WriteError
    where it cannot be written.
    """
    text = draft(section, name)
    path = folder / FOLDER / section / f"{name}.j2"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            "There is already such a rule; nothing was changed.", where=str(path), fix="Choose another name."
        ) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise WriteError(
            f"The rule cannot be written: {reason}.", where=str(path), fix="Name another folder with --into DIR."
        ) from None
    return path
