"""Check: the words between the runs: no number in disguise, no machine word, no slip that a template left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.gate._walk import texts
from reportgen.model import Article, Finding, Name, Number, Parameter, Runs, Text, unlinked

MACHINE = re.compile(
    r"\b(?:NaN|none(?! of\b)|null|undefined|inf(?:inity)?)\b|\{\{|\}\}|\{%|%\}|\{#|#\}|\b(?:TODO|TBD|XXX|FIXME)\b"
    r"|<built-in|<function|\bobject at 0x|\\n|\ufffd",
    re.IGNORECASE,
)
"""Words of machines; "none of them" is English."""
BANNED = re.compile(
    r"\b(?:guaranteed|will (?:out|under)perform|price targets?|buy|sell|you should|can['’]t lose|cannot lose"
    r"|risk[- ]free (?:profit|gain|return)|sure thing|we recommend|must[- ]own)\b",
    re.IGNORECASE,
)
_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_TENS = "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
_SPELLED = re.compile(
    rf"\b(?!one percent\b)(?:{_ONES}|{_TENS}|trillion|dozen|zero|half|double|triple)(?: and a half)?"
    r"[ -](?:per ?cent(?:age)?|basis points?|points?|pts|dollars?)\b",
    re.IGNORECASE,
)
"""Numbers in words that claim an amount. "One percent of lead" defines a unit, "a thousand dollars" the stake."""
_STAKE = re.compile(r"\b(?:a|an|each|every|the|per|of) thousand dollars\b", re.IGNORECASE)
_AMOUNTS = re.compile(r"[%‰‱∞°$€£¥±≈×]")
_DOUBLED = re.compile(r"\b([a-z]+) \1\b", re.IGNORECASE)
_TWICE_RIGHT = frozenset({"that", "had"})
_DANGLING = re.compile(
    r"\s[.,;:!?](?:\s|$)|,,|;;|\.\.(?!\.)|,\.|\(\s*\)|\(\s|\s\)"
    r"|\b(?:and|or|the|a|an|by|to|of|than|with|from|between|against|for|followed by|because)[.,;](?:\s|$)",
    re.IGNORECASE,
)
_PAIRS = (("(", ")"), ("“", "”"), ("[", "]"))
_SHORT = 40


def check(article: Article) -> Iterator[Finding]:
    """A finding for each slip, once for each text in which it stands."""
    for place, runs in texts(article):
        drawn = place.startswith("chart")
        for check_name, message, fix in _problems(runs, broken=drawn):
            yield Finding(check_name, place, message, fix)
    if not "".join(run.text for run in article.masthead.headline).strip():
        yield Finding("words", "headline", "there is no headline", "Let a headline rule speak.")


def _problems(runs: Runs, *, broken: bool) -> Iterator[tuple[str, str, str]]:
    runs = unlinked(runs)
    own = "".join(_own(run.text) if isinstance(run, Name | Number | Parameter) else run.text for run in runs)
    said = "".join(run.text if isinstance(run, Text) else "\x00" for run in runs)
    if found := BANNED.search(said):
        yield "banned words", f"{found[0]!r} may not be said", "Reword the rule."
    if found := MACHINE.search(said):
        yield "machine words", f"{found[0]!r} stands in {short(own)!r}", "Mend the rule or template that printed it."
    if found := _SPELLED.search(_STAKE.sub("", said)) or _AMOUNTS.search(said):
        yield "numbers", f"{found[0]!r} tells an amount that comes from no fact", "Print the fact."
    for slip in _slips(own, broken=broken):
        yield "words", f"{slip} in {short(own)!r}", "Mend the rule or template that printed it."


def _own(text: str) -> str:
    """A name or number as one word: its own dots, brackets and doubled words are not ours to judge."""
    return "X" if any(map(str.isalpha, text)) else "7"


def _slips(text: str, *, broken: bool) -> Iterator[str]:
    doubled = _DOUBLED.search(text)
    if doubled and doubled[1].lower() not in _TWICE_RIGHT and doubled[1] != "X":
        yield f"{doubled[0]!r} is doubled"
    if found := _DANGLING.search(text):
        yield f"{found[0].strip()!r} dangles"
    if broken:
        return
    for left, right in _PAIRS:
        if text.count(left) != text.count(right):
            yield f"a {left}{right} stands alone"
    if text.count('"') % 2:
        yield 'a " stands alone'


def short(text: str) -> str:
    """A text cut to fit a finding."""
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."
