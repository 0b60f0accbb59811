"""`reportgen subscribers`: from a file into the store and out again."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CONSENT = ("--consent-source", "paper form", "--consent-date", "2026-03-14")


def rows(run: Run, *words: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in run("subscribers", "list", "--json", *words).out.splitlines()]


def test_a_subscriber_is_added_once_however_written(run: Run) -> None:
    assert run("subscribers", "add", " Ann@B\u00dcCHER.example", *CONSENT).code == 0
    again = run("subscribers", "add", "ann@xn--bcher-kva.example", *CONSENT)
    assert again.code == 0
    assert "already" in again.out
    assert rows(run) == [
        {
            "address": "Ann@xn--bcher-kva.example",
            "list": "weekly",
            "state": "confirmed",
            "requested": "2026-03-14",
            "source": "paper form",
        }
    ]


def test_a_wrong_address_or_list_is_told(run: Run) -> None:
    assert run("subscribers", "add", "ann@", *CONSENT).code == 4
    said = run("subscribers", "add", "ann@example.com", "--list", "daily", *CONSENT)
    assert said.code == 2
    assert "weekly" in said.err
    assert run("subscribers", "add", "ann@example.com").code == 2
    assert run("subscribers", "list").code == 4


def test_one_bad_line_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("email,consent_source,consent_date\nann@example.com,form,2026-03-14\nbob@,form,2026-03-14\n")
    said = run("subscribers", "import", file)
    assert said.code == 4
    assert "in.csv:3: " in said.err
    assert not (tmp_path / "mail.db").exists()
    file.write_text(
        "email,note,consent_source,consent_date\nann@example.com,x,form,2026-03-14\nANN@example.com,x,form,2026-03-14\n"
    )
    assert run("subscribers", "import", file, "--dry-run").code == 0
    assert not (tmp_path / "mail.db").exists()
    said = run("subscribers", "import", file)
    assert said.code == 0
    assert said.out == "1 added, 0 were there already; lines that repeat an earlier one: 3.\n"
    assert said.err == "Columns left alone: note.\n"
    assert run("subscribers", "import", file, "--quiet").err == ""
    assert run("subscribers", "import", tmp_path / "absent.csv").code == 4


def test_an_import_brings_back_nobody_who_left_or_is_erased(run: Run, tmp_path: Path) -> None:
    from reportgen.delivery.store import open_store, subscribers
    from tests.delivery.store.conftest import NOW

    file = tmp_path / "in.csv"
    file.write_text("email\nann@example.com\nbob@example.com\neve@example.com\n")
    assert run("subscribers", "import", file, *CONSENT).code == 0
    assert run("subscribers", "erase", "BOB@example.com").code == 0
    store = open_store(f"sqlite:///{tmp_path / 'mail.db'}")
    with store.write() as db:
        ann = subscribers.find(db, "ann@example.com")
        assert ann is not None
        subscribers.leave(db, ann.id, None, now=NOW, how="page")
    store.close()
    said = run("subscribers", "import", file, *CONSENT, "--json")
    assert said.code == 6
    counted = json.loads(said.out)
    assert [counted[name] for name in ("added", "known", "left", "suppressed")] == [0, 1, 1, 1]
    assert [(row["address"][:3], row["state"]) for row in rows(run)] == [("ann", "left"), ("eve", "confirmed")]
    assert run("subscribers", "add", "bob@example.com", *CONSENT).code == 6
    assert run("subscribers", "add", "ann@example.com", "--consent-source", "asked again").code == 0
    assert run("subscribers", "erase", "bob@example.com").code == 4
    assert b"bob@" not in b"".join(path.read_bytes() for path in tmp_path.glob("mail.db*"))


def test_an_export_is_read_again_and_is_the_owners_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text('[delivery]\nlists = ["weekly", "monthly"]\n')
    run("subscribers", "add", "=ann@example.com", *CONSENT)
    run("subscribers", "add", "bob@example.com", "--list", "monthly", *CONSENT)
    said = run("subscribers", "export", "out.csv")
    assert said.out == "2 lines in out.csv.\n"
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[1] == "'=ann@example.com,weekly,confirmed,paper form,2026-03-14,2026-03-14T00:00:00+00:00,"
    assert run("subscribers", "export", "-", "--list", "monthly").out.splitlines() == [lines[0], lines[2]]
    before = rows(run)
    (tmp_path / "mail.db").rename(tmp_path / "old.db")
    assert run("subscribers", "import", "out.csv").code == 0
    assert rows(run) == before
    assert run("subscribers", "export", "absent/out.csv").code == 5


def test_lists_are_counted_by_state(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(
        '[delivery]\nlists = ["weekly", "monthly"]\n[web]\ntitles = ["weekly: The Friday Brief"]\n'
    )
    run("subscribers", "add", "ann@example.com", *CONSENT)
    listed = [json.loads(line) for line in run("subscribers", "lists", "--json").out.splitlines()]
    told = [(row["list"], row["title"], row["confirmed"]) for row in listed]
    assert told == [("weekly", "The Friday Brief", 1), ("monthly", "Monthly", 0)]
    (tmp_path / "reportgen.toml").write_text('[delivery]\nlists = ["monthly"]\n')
    assert "weekly" in run("subscribers", "lists").out
    assert "(not in the settings)" in run("subscribers", "lists").out


def test_keys_are_made_and_shown_without_their_secrets(run: Run, tmp_path: Path) -> None:
    assert run("subscribers", "keys").code == 2
    assert run("subscribers", "keys", "--new").code == 0
    said = run("subscribers", "keys", "--new")
    assert [line.split()[0] for line in said.out.splitlines()] == ["1", "2"]
    secret = (tmp_path / "mail.keys").read_text().splitlines()[-1].split()[1]
    assert secret not in run("subscribers", "keys", "--json").out


@pytest.mark.parametrize("words", [["list"], ["export", "-"], ["erase", "a@example.com"]])
def test_without_a_store_there_is_an_error(run: Run, words: list[str], tmp_path: Path) -> None:
    said = run("subscribers", *words)
    assert said.code == 4
    assert "no mail store" in said.err
    assert not list(tmp_path.iterdir())
