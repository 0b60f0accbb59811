"""Rule files by somebody who means harm, or has had a bad day: refused at load, with their place, and never run."""

from __future__ import annotations

import ast
import builtins
import os
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pytest

from reportgen import metrics
from reportgen.errors import TemplateError
from reportgen.narrative import check_examples, load_rules, load_words, read_rules
from reportgen.narrative.problems import Problem

CATALOGUE = metrics.catalogue()
WORDS = load_words()
SPEAKS = "{{ x.ticker }} has a beta of {{ x.beta | ratio(2) }}."
EXAMPLES = """
[[example]]
facts  = { x.beta = 1.2 }
expect = "descriptive"

[[example]]
facts  = { x.beta = { missing = "too young" } }
expect = "silent"
"""
CYRILLIC_A, CYRILLIC_HA, GREEK_OMICRON = "\u0430", "\u0445", "\u03bf"


class Attack(NamedTuple):
    """A hostile file: what its header adds, its text, its examples, and part of the reason it must be refused for."""

    reason: str
    header: str = ""
    text: str = SPEAKS
    examples: str = EXAMPLES


def when(condition: str, reason: str) -> Attack:
    return Attack(reason, f"when = {_quoted(condition)}")


def text(body: str, reason: str) -> Attack:
    return Attack(reason, text=body)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


ATTACKS: Mapping[str, Attack] = {
    # attributes of Python's own objects
    "class": when("x.__class__ > 1", "unknown metric '__class__'"),
    "class of a fact": when("x.beta.__class__ > 1", "begins with an underscore"),
    "the way to os": text("{{ x.__class__.__mro__.__subclasses__ | ratio }}", "too many parts"),
    "globals": text("{{ self.__init__.__globals__ | ratio }}", "unknown name 'self'"),
    "cycler": text("{{ cycler.__init__.__globals__.os | ratio }}", "unknown name 'cycler'"),
    "attr filter": text("{{ x.beta | attr('__class__') }}", "unknown filter 'attr'"),
    "property of a property": when("x.ticker.upper == x.ticker", "unknown metric 'ticker'"),
    # calls
    "call": when("x.beta() > 1", "a call"),
    "open": when("open('/etc/passwd') > 1", "a call"),
    "range": text("{{ range(10) | ratio }}", "a call"),
    "lipsum": text("{{ lipsum() }}", "a call"),
    "call in an argument": text("{{ x.beta | ratio(open('/tmp/x')) }}", "words or whole numbers"),
    "missing of a call": when("missing(open('x')) and x.beta > 1", "not admitted"),
    "call block": text("{% call x() %}{% endcall %}", "not admitted"),
    "filter block": text("{% filter upper %}a{% endfilter %}", "not admitted"),
    # other files
    "import": text("{% import 'os' as os %}", "import"),
    "from import": text("{% from 'os' import system %}", "import"),
    "includes itself": text("{% include 'tail/attack.j2' %}", "include"),
    "includes a secret": text("{% include '/etc/passwd' %}", "include"),
    "extends itself": text("{% extends 'tail/attack.j2' %}", "extends"),
    "macro that calls itself": text("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "a macro"),
    "block": text("{% block a %}{% endblock %}", "a block"),
    # loops and state
    "loop": text("{% for i in x.beta %}a{% endfor %}", "a loop"),
    "endless loop": text("{% for i in range(999999999) %}{% for j in i %}a{% endfor %}{% endfor %}", "loop"),
    "set": text("{% set x = y %}", "set"),
    "with": text("{% with x = y %}a{% endwith %}", "not admitted"),
    "do": text("{% do x.beta %}", "cannot be read"),
    # giants
    "power": when("10 ** 10 ** 10 > x.beta", "a power"),
    "power of a fact": when("x.beta ** 999999999 > 1", "a power"),
    "string times": when("'a' * 1000000000 == x.ticker", "has no place in a condition"),
    "string in a text": text("{{ 'a' * 1000000000 }}", "arithmetic"),
    "long number": when("x.beta > " + "9" * 900, "too long"),
    "number without end": when("x.beta > 1e999", "too long"),
    "very long number": Attack("not TOML", f"most = {'9' * 5_000}"),
    "long condition": when("x.beta > 1 and " * 500 + "x.beta > 1", "reasonable length"),
    "huge text": text("word " * 10_000, "longer than"),
    "shift": when("1 << 99999999 > x.beta", "cannot be read"),
    "padding": text("{{ x.beta | ratio(999999999) }}{{ '%999999999d' }}", "not admitted|has no place"),
    # names behind `and` and `or`, which Jinja alone would never look at
    "undefined behind and": when("x.beta > 100 and y.bogus > 1", "unknown metric 'bogus'"),
    "undefined behind or": when("x.beta > 0 or bogus", "unknown name 'bogus'"),
    "undefined behind not": when("not (x.beta > 0 or y.betta > 1)", "did you mean 'beta'"),
    "undefined in an arm never reached": text("{% if x.beta > x.beta %}{{ y.bogus | ratio }}{% endif %}", "bogus"),
    # what is not a number
    "nan": when("x.beta < nan", "unknown name 'nan'"),
    "not nan": when("not (x.beta > nan)", "unknown name 'nan'"),
    "nan in an example": Attack("facts|beta cannot be nan", examples=EXAMPLES.replace("1.2", "nan")),
    "nan as an interval": Attack("cannot be nan", examples=EXAMPLES + "interval = [nan, nan]"),
    "infinity in an example": Attack("cannot be inf", examples=EXAMPLES.replace("1.2", "inf")),
    "text against number": when("x.largest_sector > 1", "compares a number with a text"),
    "truth of a number": when("x.beta", "not a condition"),
    # what only looks right
    "cyrillic x": when(f"{CYRILLIC_HA}.beta > 1", "unknown name"),
    "cyrillic in a metric": when(f"x.bet{CYRILLIC_A} > 1", "unknown metric"),
    "cyrillic in a key": Attack("unknown key", f'"not{CYRILLIC_A}" = "a"'),
    "cyrillic in a section": Attack("cannot be", 'section = "t' + CYRILLIC_A + 'il"'),
    "greek in a word": text(SPEAKS + f" G{GREEK_OMICRON}od.", "GREEK SMALL LETTER OMICRON"),
    "banned word in disguise": text(SPEAKS + " B\u200buy it.", "ZERO WIDTH SPACE"),
    "text that runs backwards": text(SPEAKS + " \u202eIt is good.", "RIGHT-TO-LEFT OVERRIDE"),
    "full-width digit": text(SPEAKS + " It gained \uff15 percent.", "a digit in the text"),
    "roman numeral": text(SPEAKS + " It gained \u2167 percent.", "a digit in the text"),
    "terminal codes": text(SPEAKS + " \x1b[J", "in the text"),
    "banned word": text(SPEAKS + " Buy it.", "may not be said"),
    # headers
    "unknown key": Attack("unknown key 'whem'; did you mean 'when'?", 'whem = "x.beta > 1"'),
    "dunder key": Attack("unknown key '__class__'", '__class__ = "a"'),
    "wrong type": Attack("when cannot be 1", "when = 1"),
    "truth as a number": Attack("most cannot be True", "most = true"),
    "negative most": Attack("most cannot be -1", 'scope = "fund"\nmost = -1'),
    "endless key": Attack("nested too deeply", "note" + ".a" * 3_000 + " = 1"),
    "endless fact": Attack("nested too deeply", examples=EXAMPLES + "[[example]]\nfacts.x" + ".a" * 3_000 + " = 1"),
    "a key that explains itself at length": Attack("not TOML", examples=EXAMPLES + "facts.x" + ".a" * 3_000 + " = 1"),
    "endless list": Attack("not TOML|nested too deeply", "assets = " + "[" * 5_000 + "]" * 5_000),
    "unfinished": Attack("not TOML", 'when = "x.beta'),
    "twice": Attack("not TOML", 'topic = "a"\ntopic = "b"'),
    "end of the comment": Attack("not TOML|unknown|begins with", 'note = """\n---#}\n{{ 7 * 7 }}\n"""'),
    "unknown asset class": Attack("unknown asset class", 'assets = ["gold"]'),
    "nested asset class": Attack("unknown asset class", 'assets = [["equity"]]'),
    "a path as a section": Attack("cannot be '../../etc'", 'section = "../../etc"'),
    "a second expression": when("x.beta > 1 }}{{ x.beta", "not one expression"),
    "a comment": when("x.beta > 1 {# and #}", "not one expression"),
    # examples
    "no silent example": Attack("in which it is silent", examples=EXAMPLES.replace("silent", "descriptive")),
    "no example that speaks": Attack("in which it speaks", examples='[[example]]\nfacts = {}\nexpect = "silent"'),
    "examples that are none": Attack("in which it is silent", "example = [1, 2]", examples=""),
    "unknown key in an example": Attack("unknown key 'run'", examples=EXAMPLES + 'run = "rm -rf /"'),
    # depth
    "parentheses": when("(" * 400 + "x.beta" + ")" * 400 + " > 1", "nested too deeply|reasonable length"),
    "nots": when("not " * 200 + "x.beta > 1", "nested too deeply"),
    "minuses": when("-" * 300 + "x.beta > 1", "nested too deeply"),
    "sums": when("x.beta + " * 90 + "x.beta > 1", "nested too deeply"),
    "ifs": text("{% if x.beta > 1 %}" * 400 + "a" + "{% endif %}" * 400, "nested too deeply"),
    "elifs": text("{% if x.beta > 1 %}a" + "{% elif x.bogus > 1 %}b" * 400 + "{% endif %}", "unknown metric 'bogus'"),
    "parentheses in a text": text("{{ " + "(" * 9_000 + "x.beta" + ")" * 9_000 + " | ratio }}", "nested too deeply"),
    "chain in a text": text("{% if " + "x.beta > 1 and " * 1_200 + "x.beta > 1 %}a{% endif %}", "nested too deeply"),
    "unfinished text": text("{% if x.beta > 1 %}a", "cannot be read"),
}  # fmt: skip


def write(folder: Path, attack: Attack, name: str = "tail/attack") -> Path:
    """The attack as a file; it repeats no key that the attack gives itself."""
    usual = ('section = "tail"', 'topic = "attack"', "priority = 1", 'window = "5Y"')
    own = [line for line in usual if f"{line.split()[0]} = " not in attack.header or "topic" in line]
    path = folder / "commentary" / f"{name}.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["{#---", *own, attack.header, attack.examples, "---#}", attack.text, ""]), "utf-8")
    return path


def errors(folder: Path) -> list[Problem]:
    _, problems = read_rules([folder], CATALOGUE, WORDS)
    return [problem for problem in problems if problem.severity == "error"]


@contextmanager
def nothing_runs() -> Iterator[None]:
    """Every way in which Jinja or Python could run what a file holds is closed with a bang."""

    def refuse(*_: object, **__: object) -> Any:  # noqa: ANN401  it returns nothing
        raise AssertionError("something of a rule file was run")

    def only_read(source: str, file: str, mode: str, flags: int = 0, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        """Jinja reads a number such as 1e3 as a literal of Python: a tree, and nothing that could be run."""
        assert flags & ast.PyCF_ONLY_AST
        return compiled(source, file, mode, flags, *rest, **more)

    compiled = builtins.compile
    with pytest.MonkeyPatch.context() as patch:
        for name in ("compile", "from_string", "get_template", "compile_expression", "call_filter", "getattr"):
            patch.setattr(jinja2.Environment, name, refuse)
        for name in ("eval", "exec"):
            patch.setattr(builtins, name, refuse)
        patch.setattr(builtins, "compile", only_read)
        patch.setattr(os, "system", refuse)
        yield


def test_the_innocent_file_is_admitted(tmp_path: Path) -> None:
    """The corpus differs from this file in its attacks only."""
    write(tmp_path, Attack("", 'when = "x.beta > 1"'))
    rules, problems = read_rules([tmp_path], CATALOGUE, WORDS)
    assert [rule.name for rule in rules] == ["tail/attack"]
    assert problems == ()
    assert check_examples(rules, CATALOGUE, WORDS) == ()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_at_load_with_its_place_and_reason(tmp_path: Path, name: str) -> None:
    attack = ATTACKS[name]
    path = write(tmp_path, attack)
    lines = path.read_text("utf-8").count("\n") + 1
    with nothing_runs():
        found = errors(tmp_path)
    assert any(part in problem.message for problem in found for part in attack.reason.split("|")), found
    for problem in found:
        assert problem.file == str(path)
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert len(problem.message) < 2_000
    with pytest.raises(TemplateError, match=r"attack\.j2:\d+:\d+"):
        load_rules([tmp_path], CATALOGUE, WORDS)


def test_what_is_no_file_or_too_large_for_one_is_not_even_read(tmp_path: Path) -> None:
    folder = tmp_path / "commentary" / "tail"
    folder.mkdir(parents=True)
    (folder / "attack-folder.j2").mkdir()
    (folder / "attack-endless.j2").symlink_to("/dev/zero")
    (folder / "attack-loop.j2").symlink_to("attack-loop.j2")
    os.mkfifo(folder / "attack-pipe.j2")
    with (folder / "attack-giant.j2").open("wb") as file:
        file.truncate(50_000_000_000)  # a hole of fifty gigabytes
    (folder / "attack-bytes.j2").write_bytes(b"{#---\n\xff\xfe\n---#}\n")
    found = {Path(problem.file).stem.removeprefix("attack-"): problem.message for problem in errors(tmp_path)}
    assert found.keys() == {"folder", "endless", "loop", "pipe", "giant", "bytes"}
    assert {found[name] for name in ("folder", "endless", "loop", "pipe")} == {"is not a file"}
    assert "longer than" in found["giant"]
    assert "UTF-8" in found["bytes"]


def test_examples_that_are_nonsense_are_told_of_and_do_not_crash(tmp_path: Path) -> None:
    for i, facts in enumerate((
        "{ x.beta = { keys = 3 } }", "{ x.beta = { interval = [1] } }", '{ x.beta = { interval = ["a", "b"] } }',
        "{ x.beta = { value = [1] } }", "{ x.beta = { missing = 3, value = 1 } }", "{ x.bogus = 1 }", "{ beta = 1 }",
        "{ pair = 1 }", "{ x = { y = { z = 1 } } }", '{ x.beta = "much" }', "{ x.ticker = [1] }",
    )):  # fmt: skip
        write(tmp_path, Attack("", examples=EXAMPLES.replace("{ x.beta = 1.2 }", facts)), f"tail/e{i}")
    rules, _ = read_rules([tmp_path], CATALOGUE, WORDS)
    told = check_examples(rules, CATALOGUE, WORDS)
    assert {Path(problem.file).stem for problem in told} == {f"e{i}" for i in range(11)}


@pytest.mark.slow
def test_five_hundred_hostile_files_take_seconds_and_little_memory(tmp_path: Path) -> None:
    """Every attack several times over, the longest that the limits let through among them."""
    long = {
        "names": text("".join(f"{{{{ x.{'b' * 300}{i} | ratio }}}}\n" for i in range(55)), ""),
        "digits": text("a line with one digit, which is 1, and more\n" * 400, ""),
        "outputs": text("{{a}}" * 3_500, ""),
        "arms": text("{% if x.bogus > 1 %}a{% endif %}" * 500, ""),
        "keys": Attack("", "\n".join(f"key{i} = {i}" for i in range(1_200))),
    }
    corpus = [*ATTACKS.values(), *long.values()]
    for i in range(500):
        write(tmp_path, corpus[i % len(corpus)], f"tail/attack{i}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = errors(tmp_path)
    assert time.process_time() - began < 30
    assert {Path(problem.file).stem for problem in found} == {f"attack{i}" for i in range(500)}
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 300, "megabytes"


def test_the_first_hundred_problems_are_reported_with_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json
    import re

    from reportgen import cli

    for i in range(130):
        write(tmp_path / "own", ATTACKS["undefined behind and"], f"tail/attack{i:03}")
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "own"\n')
    monkeypatch.chdir(tmp_path)
    assert cli.run(["rules", "check"]) == 2
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert len([line for line in lines if re.search(r"attack\d+\.j2:\d+:\d+: unknown metric 'bogus'", line)]) == 100
    assert lines[-1] == "and 30 problems more"
    assert said.out.endswith(": 130 wrong\n")
    assert cli.run(["rules", "check", "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 130
    assert cli.run(["rules", "list"]) == 2
