"""`reportgen mail`: from an issue's folder to .eml files, by the command line alone."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import run
from reportgen.cli._mail import moment
from reportgen.cli._sending import boot
from reportgen.delivery.signed.keys import add_key
from reportgen.delivery.store import claims, issues, open_store, senders, subscribers
from tests.delivery.conftest import write_issue
from tests.delivery.mail.mails import eml

NOW = datetime(2026, 3, 27, 21, 0, tzinfo=UTC)
NAME = "2026-03-27/iwm-vs-qqq:weekly"
SETTINGS = """
[delivery]
from = "brief@example.com"
base = "https://mail.example.com"
key_file = "keys"
test_addresses = ["me@example.com"]
"""
FACTS = {
    "sources": [
        {
            "id": "IWM prices", "name": "own prices", "kind": "prices", "publishable": True, "terms": "Ours.",
            "sha256": "0" * 64, "as_of": "2026-03-27", "retrieved_at": None, "provider": "own",
        }
    ]
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings, keys, two subscribers and an issue; it is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reportgen.toml").write_text(SETTINGS, encoding="utf-8")
    add_key(tmp_path / "keys", b"k" * 32, date(2026, 1, 1))
    store = open_store("sqlite:///mail.db")
    with store.write() as db:
        for name in ("ada", "bob"):
            subscribers.add(db, f"{name}@example.net", "weekly", now=NOW, source="import", confirmed=True)
    store.close()
    issue(tmp_path)
    return tmp_path


def issue(folder: Path, *, status: str = "issued", simulated: bool | None = False) -> None:
    manifest = {"article": {"simulated": simulated}}
    files = {"article.eml": eml(), "facts.json": json.dumps(FACTS), "manifest.json": json.dumps(manifest)}
    write_issue(folder / "output", files=files, status=status)


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_from_an_issue_to_files(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "check", "2026-03-27/iwm-vs-qqq", "--json"]) == 0
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq", "--json"]) == 0
    assert run(["mail", "send", NAME, "--dry-run", "--json"]) == 0
    assert run(["mail", "send", NAME, "--limit", "1", "--json"]) == 6
    assert run(["mail", "send", NAME, "--json"]) == 0
    told = events(capsys)
    ends = [event for event in told if event["event"] == "sent"]
    assert [end["this_run"] for end in ends] == [{"accepted": 1}, {"accepted": 1}]
    assert ends[-1]["adds_up"] is True
    files = list((place / "outbox").rglob("*.eml"))
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert {mail["To"] for mail in mails} == {"ada@example.net", "bob@example.net"}
    assert all(f"<{path.stem}@example.com>" == mail["Message-ID"] for path, mail in zip(files, mails, strict=True))
    assert run(["mail", "send", NAME, "--json"]) == 0
    assert events(capsys)[-1]["this_run"] == {}


def test_status_pause_resume_cancel(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"])
    assert run(["mail", "pause", NAME, "--reason", "the editor is at lunch"]) == 0
    capsys.readouterr()
    assert run(["mail", "send", NAME]) == 2
    assert "the editor is at lunch" in capsys.readouterr().err
    assert run(["mail", "pause", NAME]) == 2
    assert run(["mail", "resume", NAME]) == 0
    assert run(["mail", "resume", NAME]) == 2
    assert run(["mail", "cancel", NAME]) == 0
    assert run(["mail", "cancel", NAME]) == 2
    assert run(["mail", "send", NAME]) == 2
    capsys.readouterr()
    assert run(["mail", "status"]) == 0
    assert f"{NAME}: cancelled (by the operator): 2 = 0 accepted + 0 failed + 0 suppressed + 2 expired" in (
        capsys.readouterr().out
    )


def test_an_issue_is_frozen_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 0
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 2
    assert "frozen already" in capsys.readouterr().err


def test_a_preview_and_a_test_reach_no_subscriber(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "preview", "2026-03-27/iwm-vs-qqq"]) == 0
    assert run(["mail", "test-send", "2026-03-27/iwm-vs-qqq"]) == 0
    assert run(["mail", "test-send", "2026-03-27/iwm-vs-qqq", "ada@example.net"]) == 2
    assert "is no test address" in capsys.readouterr().err
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (place / "outbox").rglob("*.eml")]
    assert {mail["To"] for mail in mails} == {"reader@example.com", "me@example.com"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"simulated": True}, "is made from simulated data"),
        ({"simulated": None}, "does not say whether the issue's data are simulated"),
        ({"status": "held"}, "is not an issue in force"),
    ],
)
def test_what_may_not_be_sent_is_not_frozen(
    place: Path, changed: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(place / "output")
    issue(place, **changed)
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) in (2, 3, 4)
    assert told in capsys.readouterr().err
    if changed == {"simulated": True}:
        assert run(["mail", "test-send", "2026-03-27/iwm-vs-qqq"]) == 0
        assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq", "--allow-simulated"]) == 0


def test_a_source_that_may_not_be_published_holds_the_issue(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(place / "output")
    yahoo = FACTS["sources"][0] | {"publishable": False, "provider": "yahoo", "terms": "For personal use only."}
    manifest = {"article": {"simulated": False}}
    facts = {"sources": [yahoo]}
    files = {"article.eml": eml(), "facts.json": json.dumps(facts), "manifest.json": json.dumps(manifest)}
    write_issue(place / "output", files=files)
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 3
    assert "For personal use only" in capsys.readouterr().err
    with (place / "reportgen.toml").open("a", encoding="utf-8") as file:
        file.write('\n[licence]\nyahoo = "contract no. 12"\n')
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 0


def test_an_issue_that_waits_for_approval_is_not_frozen(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (place / "reportgen.toml").open("a", encoding="utf-8") as file:
        file.write("\n[schedule]\napproval = true\n")
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 3
    assert "waits for its approval" in capsys.readouterr().err
    assert run(["approve", "2026-03-27/iwm-vs-qqq", "--by", "A. Editor"]) == 0
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 0


def test_a_file_changed_after_the_check_is_not_frozen(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place / "output/2026-03-27/iwm-vs-qqq/article.eml"
    path.write_text(path.read_text(encoding="utf-8").replace("47%", "74%"), encoding="utf-8")
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 4
    assert "is not the file that was checked" in capsys.readouterr().err


def test_a_copied_store_sends_nothing_until_it_is_adopted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"])
    assert run(["mail", "send", NAME, "--limit", "1"]) == 6
    (place / "copy.db").write_bytes((place / "mail.db").read_bytes())
    (place / "mail.db").unlink()
    (place / "copy.db").rename(place / "mail.db")
    capsys.readouterr()
    assert run(["mail", "send", NAME]) == 2
    assert "is a copy" in capsys.readouterr().err
    assert run(["mail", "adopt"]) == 0
    assert run(["mail", "send", NAME]) == 0


def died(boot: str | None) -> None:
    """A sender that claimed both mails in that start of the machine, marked none, and is gone."""
    store = open_store("sqlite:///mail.db")
    with senders.sending(store, "dead", now=NOW, boot=boot) as sender, store.write() as db:
        assert len(claims.claim(db, issues.find(db, NAME).id, sender.number, now=moment(), most=5)) == 2
    store.close()


@pytest.mark.skipif(boot() is None, reason="this system does not tell its starts apart")
def test_what_was_claimed_before_a_loss_of_power_is_in_doubt(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"])
    died("an earlier start")
    capsys.readouterr()
    assert run(["mail", "send", NAME]) == 6
    said = capsys.readouterr()
    assert "0 mails are queued again, 2 are in doubt" in said.out
    assert "in doubt: ada@example.net" in said.err
    assert not list((place / "outbox").rglob("*.eml"))
    assert run(["mail", "resolve", NAME, "--as", "resend"]) == 0
    assert run(["mail", "send", NAME]) == 0


def test_what_a_killed_sender_claimed_and_never_began_is_sent(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"])
    died(boot())
    capsys.readouterr()
    assert run(["mail", "send", NAME]) == 0
    assert "2 mails are queued again, 0 are in doubt" in capsys.readouterr().out


def test_a_cancelled_issue_lets_go_of_what_a_dead_sender_held(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"])
    died(boot())
    assert run(["mail", "cancel", NAME, "--reason", "a wrong number"]) == 0
    assert run(["mail", "send", NAME]) == 6
    assert "2 = 0 accepted + 0 failed + 0 suppressed + 2 expired" in capsys.readouterr().out
    assert not list((place / "outbox").rglob("*.eml"))
    assert run(["mail", "send", NAME]) == 2
    assert "was cancelled: a wrong number" in capsys.readouterr().err


def test_settings_that_are_missing_are_named_together(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "reportgen.toml").write_text("[delivery]\n", encoding="utf-8")
    assert run(["mail", "freeze", "2026-03-27/iwm-vs-qqq"]) == 2
    assert "without from, base." in capsys.readouterr().err


def test_a_relay_in_the_open_on_another_machine_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (place / "reportgen.toml").open("a", encoding="utf-8") as file:
        file.write('relay_host = "smtp.example.com"\nrelay_tls = "none"\n')
    assert run(["mail", "check"]) == 2
    assert "in the open" in capsys.readouterr().err


def test_a_password_comes_from_the_environment_or_a_file(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (place / "reportgen.toml").open("a", encoding="utf-8") as file:
        file.write('relay_host = "127.0.0.1"\nrelay_port = 1\nrelay_tls = "starttls"\nrelay_user = "brief"\n')
    assert run(["mail", "check"]) == 2
    assert "no password for brief" in capsys.readouterr().err
    monkeypatch.setenv("REPORTGEN_RELAY_PASSWORD", "secret")
    assert run(["mail", "check"]) == 2
    err = capsys.readouterr().err
    assert "cannot be used" in err
    assert "secret" not in err
