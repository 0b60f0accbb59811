"""The letter to the operator: on failure, hold and part, by the relay or as a file, and no failure of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from reportgen.brief import Outcome
from reportgen.brief.comparisons import Held
from reportgen.cli import brief, schedule
from reportgen.delivery.schedule.alarm import Trouble, letter
from reportgen.model import Clearance, Finding
from tests.cli.conftest import Run
from tests.delivery.conftest import write_issue
from tests.delivery.mail.smtp_server import Server, running

DUE = datetime(2026, 3, 27, 22, 30, tzinfo=UTC)
SETTINGS = """
[source]
kind = "files"
data = "{data}"
[output]
formats = ["html"]
[branding]
publication = "The Friday Brief"
[brief]
pairs = [["IWM", "QQQ"], ["SPY", "NOPE"]]
[schedule]
operator = "desk@example.com"
"""


def settle(folder: Path, more: str = "", data: str = "absent") -> None:
    (folder / "reportgen.toml").write_text(SETTINGS.format(data=data) + more)


def letters(folder: Path) -> list[EmailMessage]:
    found = sorted((folder / "outbox" / "operator").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def words(found: EmailMessage) -> str:
    return str(found.get_content()).replace("\r\n", "\n")


def outcome(folder: Path, *findings: Finding, held: tuple[Held, ...] = ()) -> Outcome:
    status = "held" if findings else "part" if held else "issued"
    clear = Clearance((), {})
    return Outcome(folder, status, date(2026, 3, 27), Clearance(findings, {}), held, (), (), clear)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Friday evening, after the week's last close."""
    for module in (brief, schedule):
        monkeypatch.setattr(module, "now", lambda: DUE)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Server]:
    with running(Server(tmp_path / "taken.log", keep=True)) as server:
        yield server


def ends_in(patch: pytest.MonkeyPatch, made: Outcome) -> None:
    """Let the brief end so, without the work."""
    patch.setattr(brief, "_job", lambda *_: None)
    patch.setattr(brief, "_run", lambda *_: made)


def test_a_failure_is_written_to_the_operator(run: Run, tmp_path: Path) -> None:
    settle(tmp_path)
    said = run("brief", "--scheduled", "--quiet")
    assert said.code == 4
    assert said.err.count("\n") == 1
    (found,) = letters(tmp_path)
    assert (found["To"], found["From"]) == ("desk@example.com", "The Friday Brief <desk@example.com>")
    assert found["Subject"] == "The Friday Brief: the scheduled brief failed (exit code 4)"
    assert said.err.removeprefix("reportgen: ").strip() in words(found)
    assert "Exit code: 4\nNotice: none was written" in words(found)


def test_nobody_is_written_to_by_hand_when_nothing_is_due_or_on_a_dry_run(run: Run, tmp_path: Path) -> None:
    settle(tmp_path)
    assert run("brief", "--as-of", "2026-03-27", "--quiet").code == 4
    assert run("brief", "--scheduled", "--dry-run", "--data", "nowhere", "--quiet").code == 4
    write_issue(tmp_path / "output", "brief", "2026-03-27", kind="brief")
    assert run("brief", "--scheduled").out.startswith("not due")
    assert not (tmp_path / "outbox").exists()


def test_nobody_is_written_to_of_a_whole_issue(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path)
    ends_in(monkeypatch, outcome(tmp_path))
    assert run("brief", "--scheduled", "--quiet").code == 0
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize("how", ["--quiet", "--json"])
def test_a_hold_names_its_notice(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    settle(tmp_path)
    place = tmp_path / "output" / "2026-03-27" / "brief.held"
    ends_in(monkeypatch, outcome(place, Finding("numbers", "page", "17 is no fact", "Look at the template.")))
    assert run("brief", "--scheduled", how).code == 3
    (found,) = letters(tmp_path)
    assert found["Subject"] == "The Friday Brief: the scheduled brief was held (exit code 3)"
    assert "17 is no fact" in words(found)
    assert f"Notice: {place / 'notice.txt'}\n" in words(found)


def test_a_part_names_what_is_held_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path)
    ends_in(monkeypatch, outcome(tmp_path / "brief", held=(Held("spy-vs-nope", ("SPY", "NOPE"), "no prices"),)))
    assert run("brief", "--scheduled", "--quiet").code == 6
    (found,) = letters(tmp_path)
    assert found["Subject"] == "The Friday Brief: the scheduled brief issued a part (exit code 6)"
    assert "spy-vs-nope is held back: no prices" in words(found)
    assert f"Notice: {tmp_path / 'brief'}\n" in words(found)


def test_the_letter_goes_through_the_relay(run: Run, tmp_path: Path, relay: Server) -> None:
    settle(tmp_path, _relay(relay.port) + 'from = "brief@example.com"\n')
    assert run("brief", "--scheduled", "--quiet").code == 4
    assert [to for to, _ in relay.taken()] == ["desk@example.com"]
    assert relay.dialogues[0].sender == "brief@example.com"
    assert b"Exit code: 4\r\n" in relay.mails["desk@example.com"]
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize("answer", ["550 5.1.1 nobody here", "451 4.3.0 later", "close"])
def test_a_letter_that_fails_leaves_the_first_failure_seen(
    run: Run, tmp_path: Path, relay: Server, answer: str
) -> None:
    settle(tmp_path, _relay(relay.port))
    relay.script["rcpt"] = answer
    said = run("brief", "--scheduled", "--quiet")
    assert said.code == 4
    letter_line, first = said.err.splitlines()
    assert letter_line.startswith("reportgen: the operator could not be told: the relay did not take a letter")
    settle(tmp_path)
    assert run("brief", "--as-of", "2026-03-27", "--quiet").err.splitlines() == [first]


def test_a_folder_that_cannot_be_written_leaves_the_first_failure_seen(run: Run, tmp_path: Path) -> None:
    settle(tmp_path)
    (tmp_path / "outbox").write_text("in the way")
    said = run("brief", "--scheduled", "--quiet")
    assert said.code == 4
    assert "the operator could not be told" in said.err.splitlines()[0]
    assert len(said.err.splitlines()) == 2


def test_a_bug_is_written_to_the_operator_and_an_interruption_is_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tmp_path)

    def ends(error: BaseException) -> int:
        def job(*_: object) -> None:
            raise error

        monkeypatch.setattr(brief, "_job", job)
        return run("brief", "--scheduled", "--quiet").code

    assert ends(KeyboardInterrupt()) == 130
    assert letters(tmp_path) == []
    assert ends(ZeroDivisionError("by nought")) == 1
    assert "ZeroDivisionError: by nought" in words(letters(tmp_path)[0])


def test_no_words_break_the_letter() -> None:
    trouble = Trouble(4, "a path \udcff and\r\n.\r\nBcc: x@example.com " + "long " * 400)
    name = "Br\u00efef\r\nBcc: all@example.com"
    content = letter(trouble, name, "brief@example.com", "desk@example.com", DUE).as_bytes()
    assert content == letter(trouble, name, "brief@example.com", "desk@example.com", DUE).as_bytes()
    found = message_from_bytes(content, policy=policy.default)
    assert found["Bcc"] is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert "\\udcff" in words(found)


def test_an_address_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text('[schedule]\noperator = "desk"\n')
    said = run("brief", "--scheduled")
    assert said.code == 2
    assert 'must be a mail address such as "brief@example.com"' in said.err


@pytest.mark.slow
def test_a_real_part_is_written_to_the_operator(run: Run, tmp_path: Path, sample_folder: Path) -> None:
    settle(tmp_path, data=sample_folder.as_posix())
    assert run("brief", "--scheduled", "--quiet").code == 6
    (found,) = letters(tmp_path)
    assert "spy-vs-nope is held back: " in words(found)
    assert (tmp_path / "output" / "2026-03-27" / "brief" / "run.json").is_file()


def _relay(port: int) -> str:
    return f'[delivery]\nrelay_host = "127.0.0.1"\nrelay_port = {port}\nrelay_tls = "none"\n'
