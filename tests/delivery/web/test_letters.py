"""Letters: what they hold, that no name can break them, and how they reach a relay."""

from __future__ import annotations

import dataclasses
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from reportgen.delivery.mail.files import Files
from reportgen.delivery.mail.post import post_of
from reportgen.delivery.mail.relay import Relay, RelaySettings
from reportgen.delivery.web.letters import Letters
from reportgen.delivery.web.members import Asked
from reportgen.errors import NetworkError
from tests.delivery.web.conftest import NOW, House


def test_a_letter_is_the_same_bytes_each_time_and_ends_no_header(house: House) -> None:
    name = "Br\u00efef\r\nBcc: all@example.com \u2028 <x@y>"
    letters = dataclasses.replace(house.desk.letters, publication=name)
    asked = Asked(7, "ann@example.net", ("weekly",))
    content = letters.to(asked, NOW).as_bytes()
    assert content == letters.to(asked, NOW).as_bytes()
    head = content.partition(b"\r\n\r\n")[0]
    assert [line.split(b":")[0] for line in head.split(b"\r\n")] == [
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"Content-Type",
        b"Content-Transfer-Encoding", b"MIME-Version",
    ]  # fmt: skip
    assert b"\n" not in head.replace(b"\r\n", b"")
    letter = message_from_bytes(content, policy=policy.default)
    assert letter["Message-ID"].endswith("@example.com>")
    assert letters.to(Asked(8, "bob@example.net", ("weekly",)), NOW)["Message-ID"] != letter["Message-ID"]


def test_a_list_of_many_letters_goes_to_the_folder(house: House, tmp_path: Path) -> None:
    letters: Letters = house.desk.letters
    post = post_of(lambda: Files(tmp_path))
    for number in range(3):
        asked = Asked(number, "ann@example.net", ())
        post(letters.to(asked, NOW), letters.envelope(asked))
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in tmp_path.glob("*.eml")]
    assert [letter["To"] for letter in found] == ["ann@example.net"] * 3


def test_a_relay_that_is_away_is_told_without_the_address(house: House) -> None:
    asked = Asked(7, "ann@example.net", ("weekly",))
    post = post_of(lambda: Relay(RelaySettings("127.0.0.1", 9, "none")))
    with pytest.raises(NetworkError, match="did not take a letter") as caught:
        post(house.desk.letters.to(asked, NOW), "brief@example.com")
    assert "ann@" not in str(caught.value)
