"""`reportgen serve` on a real socket of this machine: a sign-up from the form to the list, and out again."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

Run = Callable[..., Any]
SETTINGS = '[delivery]\nfrom = "brief@example.com"\nbase = "http://localhost:8025"\n'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "reportgen", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield urlsplit(json.loads(process.stdout.readline())["address"]).netloc, process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(20)


def ask(netloc: str, method: str, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(netloc, timeout=10)
    connection.request(method, path, urlencode(fields or {}) if method == "POST" else None, FORM if fields else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("end", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_a_sign_up_from_the_form_to_the_list(run: Run, tmp_path: Path, end: signal.Signals) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS)
    assert run("subscribers", "keys", "--new").code == 0
    with serving(tmp_path) as (netloc, process):
        assert netloc.startswith("127.0.0.1:")
        front = ask(netloc, "GET", "/")
        assert (front.status, front.headers["Server"]) == (302, None)
        assert ask(netloc, "POST", "/subscribe", {"email": "ann@example.com"}).status == 200
        deadline = time.monotonic() + 20
        while not (letters := list((tmp_path / "outbox" / "letters").glob("*.eml"))):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        letter = message_from_bytes(letters[0].read_bytes(), policy=policy.default)
        assert letter["To"] == "ann@example.com"
        body = letter.get_body()
        assert body is not None
        (path,) = re.findall(r"^http://localhost:8025(/confirm/\S+)\s*$", body.get_content(), re.MULTILINE)
        assert ask(netloc, "GET", path).status == 200
        assert "pending" in run("subscribers", "list").out
        assert ask(netloc, "POST", path).status == 200
        assert "confirmed" in run("subscribers", "list").out
        assert ask(netloc, "POST", "/subscribe", {"email": "bob@example.com"}).status == 200
        process.send_signal(end)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert len(list((tmp_path / "outbox" / "letters").glob("*.eml"))) == 2


def test_visitors_behind_a_proxy_are_told_apart_and_limited(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS + "[web]\nsign_ups_per_visitor = 1\n")
    run("subscribers", "keys", "--new")
    with serving(tmp_path) as (netloc, _):
        for visitor, status in (
            ("192.0.2.1", 200),
            ("192.0.2.1", 429),
            ("192.0.2.2", 200),
            ("9.9.9.9, 192.0.2.2", 429),
        ):
            connection = http.client.HTTPConnection(netloc, timeout=10)
            body = urlencode({"email": "ann@example.com"})
            connection.request("POST", "/subscribe", body, {**FORM, "X-Forwarded-For": visitor})
            assert connection.getresponse().status == status
            connection.close()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", "no signing keys"),
        ('[delivery]\nbase = "http://localhost:8025"\n', "need a sender"),
        ('[delivery]\nfrom = "brief@example.com"\n', "where visitors find it"),
    ],
)
def test_what_is_missing_is_told(run: Run, tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "reportgen.toml").write_text(settings)
    if settings:
        run("subscribers", "keys", "--new")
    said = run("serve", "--port", "0")
    assert said.code == 2
    assert told in said.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_sign_up_outlives_a_kill(run: Run, tmp_path: Path) -> None:
    """The relay says nothing, so that the letter is on its way when the program is killed."""
    silent = socket.create_server(("127.0.0.1", 0))
    relay = f'relay_host = "127.0.0.1"\nrelay_port = {silent.getsockname()[1]}\nrelay_tls = "none"\n'
    (tmp_path / "reportgen.toml").write_text(SETTINGS + relay)
    run("subscribers", "keys", "--new")
    with serving(tmp_path) as (netloc, process):
        for address in ("ann@example.com", "bob@example.com"):
            assert ask(netloc, "POST", "/subscribe", {"email": address}).status == 200
        silent.accept()[0].close()
        process.kill()
        process.wait(20)
    silent.close()
    (tmp_path / "reportgen.toml").write_text(SETTINGS)
    with serving(tmp_path):
        deadline = time.monotonic() + 20
        while len(letters := list((tmp_path / "outbox" / "letters").glob("*.eml"))) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    told = {message_from_bytes(letter.read_bytes(), policy=policy.default)["To"] for letter in letters}
    assert told == {"ann@example.com", "bob@example.com"}
