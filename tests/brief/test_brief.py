"""A brief from end to end, on the simulated sample: what is in its folder, what it says, what is held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from reportgen import gate, pipeline
from reportgen.brief import BriefJob, Telling, run
from reportgen.brief.comparisons import apart
from reportgen.brief.memory import issues, last_before
from reportgen.brief.plan import lines, plan
from reportgen.config import Settings
from reportgen.delivery.folders.lock import locked
from reportgen.errors import DataError, HeldError, UsageError
from reportgen.model import Request
from reportgen.model.serial import schema
from reportgen.resources import find, template_folders
from reportgen.sources import open_source
from tests.brief.conftest import Issue, issue, settings_for

FILES = {"brief.html", "facts.json", "manifest.json", "watch.json", "changes.json", "run.json"}


def page(made: Issue) -> str:
    return (made.folder / "brief.html").read_text()


def test_a_folder_holds_what_it_promises(two_issues: tuple[Issue, Issue]) -> None:
    for made in two_issues:
        assert {path.name for path in made.folder.iterdir()} == FILES
        record = made.read("run.json")
        assert record["status"] == "issued"
        assert record["kind"] == "brief"
        assert [pair["status"] for pair in record["pairs"]] == ["issued", "issued"]
        for told in record["artifacts"]:
            assert (made.folder / told["name"]).stat().st_size == told["bytes"]
    before, now = two_issues
    assert before.read("changes.json")["since"] is None
    assert now.read("changes.json")["since"] == "2026-03-20"


def test_the_facts_keep_the_schema_and_stand_once(two_issues: tuple[Issue, Issue]) -> None:
    for made in two_issues:
        facts = made.read("facts.json")
        jsonschema.validate(facts, schema())
        ids = [fact["id"] for fact in facts["facts"]]
        assert len(ids) == len(set(ids))
        assert facts["comparisons"] == {"iwm-vs-qqq": ["IWM", "QQQ"], "spy-vs-qqq": ["SPY", "QQQ"]}
        assert {claim["fact"] for claim in facts["claims"]} <= set(ids)


def test_every_fact_of_every_comparison_is_that_of_its_own_article(two_issues: tuple[Issue, Issue]) -> None:
    facts = {fact["id"]: fact for fact in two_issues[1].read("facts.json")["facts"]}
    source, day = open_source("sample"), date(2026, 3, 27)
    for pair in (("IWM", "QQQ"), ("SPY", "QQQ")):
        job = pipeline.Job(Request(pair, day), source, Settings())
        watch = pipeline.Watch(lambda: 0.0)
        alone = pipeline.measure(pipeline.load(job, watch), watch)
        slug = "-vs-".join(pair).lower()
        for fact in alone:
            told = facts.get(fact.id) or facts[f"{fact.id}@{slug}"]
            value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
            assert (told["value"], told["missing"], told["n"]) == (value, fact.missing, fact.n)


def test_facts_that_differ_between_comparisons_carry_their_own(two_issues: tuple[Issue, Issue]) -> None:
    ids = {fact["id"] for fact in two_issues[1].read("facts.json")["facts"]}
    assert {"article/market_impact@iwm-vs-qqq", "article/market_impact@spy-vs-qqq"} <= ids
    assert "article/market_impact" not in ids
    assert "QQQ/max_drawdown/5Y" in ids


def test_a_reader_finds_the_largest_move_what_changed_and_what_to_watch(two_issues: tuple[Issue, Issue]) -> None:
    first, now = two_issues
    facts = {fact["id"]: fact for fact in now.read("facts.json")["facts"]}
    moves = {ticker: facts[f"{ticker}/total_return/1W"]["value"] for ticker in ("IWM", "QQQ", "SPY")}
    largest = max(moves, key=lambda ticker: abs(moves[ticker]))
    text = page(now)
    start = text.index('<p class="headline">')
    assert f">{largest}</span>" in text[start : text.index("</p>", start)]
    assert "This is the first issue" in page(first)
    assert 'id="changed"' in text
    assert "This is the first issue" not in text
    calendar = text[text.index('id="table-calendar"') :]
    assert "2026-04-10" in calendar[: calendar.index("</table>")]
    assert "If " in text[text.index('id="watch"') : text.index('id="scorecard"')]


def test_the_same_data_and_the_same_past_give_the_same_bytes(
    two_issues: tuple[Issue, Issue], sample_settings: Settings
) -> None:
    before = {name: (two_issues[1].folder / name).read_bytes() for name in FILES}
    again = issue(open_source("sample"), sample_settings, date(2026, 3, 27))
    assert {name: (again.folder / name).read_bytes() for name in FILES} == before


def test_the_issue_before_is_the_last_one_before_the_day(
    two_issues: tuple[Issue, Issue], sample_settings: Settings
) -> None:
    output = sample_settings.output
    assert [day for day, _ in issues(output, "brief")] == [made.as_of for made in two_issues]
    assert last_before(output, "brief", date(2026, 3, 20)) is None
    found = last_before(output, "brief", date(2026, 3, 27))
    assert found is not None
    assert found.as_of == date(2026, 3, 20)
    assert not any(fact.issue for fact in found.issued.facts.values())


def test_an_issue_that_cannot_be_read_is_an_error_and_not_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "2026-03-20" / "brief"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"status": "issued", "version": 1}))
    with pytest.raises(DataError, match="the earlier issue cannot be read"):
        last_before(tmp_path, "brief", date(2026, 3, 27))


def test_a_folder_that_a_crash_left_aside_is_put_back(tmp_path: Path, two_issues: tuple[Issue, Issue]) -> None:
    aside = tmp_path / "2026-03-20" / ".brief.old"
    aside.mkdir(parents=True)
    for path in two_issues[0].folder.iterdir():
        (aside / path.name).write_bytes(path.read_bytes())
    found = last_before(tmp_path, "brief", date(2026, 3, 27))
    assert found is not None
    assert found.folder == tmp_path / "2026-03-20" / "brief"


def test_a_comparison_that_fails_is_held_alone_and_named(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, (("IWM", "QQQ"), ("SPY", "NOPE")))
    made = issue(open_source("sample"), settings, date(2026, 3, 27))
    assert made.outcome.status == "part"
    assert [one.slug for one in made.outcome.held] == ["spy-vs-nope"]
    assert [pair["status"] for pair in made.read("run.json")["pairs"]] == ["issued", "held"]
    told = page(made)
    assert "Held back from this issue" in told
    assert "NOPE" in told[told.index("Held back") :][:400]


def test_the_settings_may_hold_all_for_one(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, (("IWM", "QQQ"), ("SPY", "NOPE")), when_one_fails="hold all")
    with pytest.raises(HeldError, match="spy-vs-nope"):
        issue(open_source("sample"), settings, date(2026, 3, 27))
    assert not list(tmp_path.rglob("*.html"))


def test_without_any_data_there_is_no_brief(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, (("NOPE", "NADA"),))
    with pytest.raises(DataError, match="no comparison can be made"):
        issue(open_source("sample"), settings, date(2026, 3, 27))
    with pytest.raises(UsageError, match="name no comparison"):
        BriefJob(open_source("sample"), Settings())


def test_a_plan_says_what_would_be_done_and_does_nothing(sample_settings: Settings, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, (("IWM", "QQQ"), ("SPY", "NOPE")))
    found = plan(BriefJob(open_source("sample"), settings, date(2026, 3, 28)))
    assert found.as_of == date(2026, 3, 27)
    assert [bool(pair.problem) for pair in found.pairs] == [False, True]
    assert not found.replaces
    told = "\n".join(lines(found))
    assert "iwm-vs-qqq: would be written" in told
    assert "it is the first issue" in told
    assert list(tmp_path.iterdir()) == []


def test_marking_leaves_facts_that_agree_alone() -> None:
    source, watch = open_source("sample"), pipeline.Watch(lambda: 0.0)
    job = pipeline.Job(Request(("IWM", "QQQ"), date(2026, 3, 27)), source, Settings())
    alone = pipeline.measure(pipeline.load(job, watch), watch)
    (marked,) = apart([alone])
    assert len(marked) == len(alone)
    own = {fact.metric for fact in marked if fact.comparison and fact.code != "SI"}
    assert own == {"market_impact"}


def test_a_lock_that_is_held_stops_the_second_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from reportgen import cli

    (tmp_path / "w.toml").write_text('[source]\nkind = "sample"\n[brief]\npairs = [["IWM", "QQQ"]]\n')
    out = str(tmp_path / "out")
    with locked(tmp_path / "out"):
        assert cli.run(["brief", "--config", str(tmp_path / "w.toml"), "--out", out]) == 5
    assert "another run of reportgen is at work" in capsys.readouterr().err


def test_the_gate_reads_a_brief_as_it_reads_an_article(tmp_path: Path) -> None:
    """A brief whose page was changed after composing is held, whatever was changed."""
    from reportgen.brief import make
    from reportgen.model import Artifact

    settings = settings_for(tmp_path, (("IWM", "QQQ"),))
    seen: list[tuple[object, ...]] = []
    genuine = make.check

    def looked(*given: object) -> object:
        seen.append(given)
        return genuine(*given)  # type: ignore[arg-type]

    make.check = looked  # type: ignore[assignment]
    try:
        run(BriefJob(open_source("sample"), settings, date(2026, 3, 27)), Telling(lambda: 0.0))
    finally:
        make.check = genuine
    article, mailed, artifacts, _ = seen[0]
    html = next(a for a in artifacts if a.name == "brief.html")  # type: ignore[attr-defined]
    others = [a for a in artifacts if a.name != "brief.html"]  # type: ignore[attr-defined]
    text = html.content.decode()
    cell = text[text.index('id="table-funds-week"') :]
    number = cell[cell.index("<data ") : cell.index("</data>")].rpartition(">")[2]
    for old, new in (
        (f">{number}</data>", ">+99.9%</data>"),
        ("This is the first issue", "This is issue 2"),
        ('id="scorecard"', 'id="scored"'),
        ("Simulated sample data", "Sample data"),
        ("Consumer price index release", "Consumer price release"),
    ):
        assert old in text, old
        changed = Artifact(html.name, html.media_type, text.replace(old, new, 1).encode())
        found = genuine(article, mailed, (changed, *others), settings)  # type: ignore[arg-type]
        assert not found.cleared, old
    fewer = replace(article, sections=article.sections[:-1])  # type: ignore[type-var,attr-defined]
    assert any(f.check == "required blocks" for f in gate.read(fewer))  # type: ignore[arg-type]


def test_a_brief_that_must_not_be_published_is_held_and_the_former_stays(tmp_path: Path) -> None:
    """A template of the publisher's own that prints a number from nowhere."""
    settings = settings_for(tmp_path / "out", (("IWM", "QQQ"),))
    former = issue(open_source("sample"), settings, date(2026, 3, 27))
    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    shipped = find("article/screen.html.j2", template_folders()).read_text()
    (own / "screen.html.j2").write_text(shipped.replace("Skip to the article", "Skip 17 lines"))
    before = page(former)
    held = issue(open_source("sample"), replace(settings, templates=own.parent), date(2026, 3, 27))
    assert held.outcome.status == "held"
    assert held.folder.name == "brief.held"
    assert {path.name for path in held.folder.iterdir()} == {"notice.txt", "held.html", "facts.json", "run.json"}
    assert "17" in (held.folder / "notice.txt").read_text()
    assert page(former) == before
    assert last_before(settings.output, "brief", date(2026, 4, 2)).folder == former.folder  # type: ignore[union-attr]


def test_a_long_list_of_comparisons_leaves_whole_ones_out_of_the_mail(two_issues: tuple[Issue, Issue]) -> None:
    """The mail tells each comparison in one section, so that its foot can name what it leaves out."""
    from reportgen.brief import assemble, make
    from reportgen.model import Article
    from reportgen.render import email

    seen: list[Article] = []
    genuine = make.check
    settings = replace(settings_for(two_issues[0].folder.parents[2] / "mailed", (("IWM", "QQQ"), ("SPY", "QQQ"))))

    def looked(article: Article, *rest: object) -> object:
        seen.append(article)
        return genuine(article, *rest)  # type: ignore[arg-type]

    make.check = looked  # type: ignore[assignment]
    try:
        issue(open_source("sample"), settings, date(2026, 3, 27))
    finally:
        make.check = genuine
    mailed = assemble.shorter(seen[0])
    whole = email.compose(mailed)
    assert whole.omitted == ()
    shorter = email.compose(mailed, largest=len(whole.content.html) - 1000)
    assert shorter.omitted == ("spy-vs-qqq",)
    assert "SPY or QQQ?" in shorter.content.html[shorter.content.html.index("Left out here") :]
