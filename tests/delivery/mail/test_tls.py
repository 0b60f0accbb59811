"""Encryption: verified, or no mail at all; never in the open where it should not be."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from reportgen.delivery.mail.relay import Relay, RelaySettings, greet
from reportgen.errors import SettingsError
from tests.delivery.mail.conftest import Desk
from tests.delivery.mail.smtp_server import Server, running, times


def server_with(folder: Path, authority: trustme.CA, *names: str, expired: bool = False) -> Server:
    """A scripted server with a certificate of the authority for some names."""
    ended = datetime(2020, 1, 2, tzinfo=UTC)
    if expired:
        issued = authority.issue_cert(*names, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=ended)
    else:
        issued = authority.issue_cert(*names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return Server(folder / "taken.log", tls=context)


def settings(server: Server, ca: Path, **changed: str) -> RelaySettings:
    return RelaySettings("localhost", server.port, "starttls", ca=ca, step=5, after_dot=5, **changed)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_mail_goes_out_encrypted_and_logged_in(desk: Desk, tmp_path: Path, authority: trustme.CA, ca: Path) -> None:
    server = server_with(tmp_path, authority, "localhost")
    server.offers = ("AUTH PLAIN",)
    with running(server):
        given = settings(server, ca, user="brief", password="secret")
        assert greet(given) is None
        assert desk.send(lambda: Relay(given)).endings == {"accepted": 3}
    commands = server.dialogues[-1].commands
    starts = [command.split(" ")[0].upper() for command in commands[:5]]
    assert starts == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"]


@pytest.mark.parametrize(("name", "expired"), [("other.example.com", False), ("localhost", True)])
def test_a_certificate_not_to_be_trusted_pauses_the_issue(
    desk: Desk, tmp_path: Path, authority: trustme.CA, ca: Path, name: str, *, expired: bool
) -> None:
    server = server_with(tmp_path, authority, name, expired=expired)
    with running(server):
        assert desk.send(lambda: Relay(settings(server, ca))).endings == {"deferred": 1}
    assert desk.state().state == "paused"
    assert "not to be trusted" in (desk.state().reason or "")
    assert server.taken() == []


def test_a_certificate_of_a_stranger_pauses_the_issue(desk: Desk, tmp_path: Path, ca: Path) -> None:
    server = server_with(tmp_path, trustme.CA(), "localhost")
    with running(server):
        assert desk.send(lambda: Relay(settings(server, ca))).endings == {"deferred": 1}
    assert "not to be trusted" in (desk.state().reason or "")


def test_a_relay_without_starttls_gets_nothing(desk: Desk, relay: Server, ca: Path) -> None:
    run = desk.send(lambda: Relay(settings(relay, ca)))
    assert run.endings == {"deferred": 1}
    assert "does not offer" in (desk.state().reason or "")
    assert all("MAIL" not in command for dialogue in relay.dialogues for command in dialogue.commands)


def test_a_relay_whose_tls_is_not_available_for_a_while_is_given_a_rest(
    desk: Desk, tmp_path: Path, authority: trustme.CA, ca: Path
) -> None:
    server = server_with(tmp_path, authority, "localhost")
    server.script["starttls"] = times(1, "454 4.7.0 TLS not available due to temporary reason")
    with running(server):
        assert desk.send(lambda: Relay(settings(server, ca))).endings == {"deferred": 1, "accepted": 3}
    assert desk.clock.slept == [1.0]
    plain = [command for command in server.dialogues[0].commands if command.upper().startswith(("MAIL", "AUTH"))]
    assert plain == []


def test_a_refused_password_pauses_the_issue(desk: Desk, tmp_path: Path, authority: trustme.CA, ca: Path) -> None:
    server = server_with(tmp_path, authority, "localhost")
    server.offers = ("AUTH PLAIN",)
    server.script["auth"] = "535 5.7.8 wrong password"
    with running(server):
        run = desk.send(lambda: Relay(settings(server, ca, user="brief", password="wrong")))
    assert run.endings == {"deferred": 1}
    assert desk.state().state == "paused"


def test_a_file_without_certificates_is_a_mistake_in_the_settings(tmp_path: Path, relay: Server) -> None:
    (tmp_path / "ca.pem").write_text("none", encoding="utf-8")
    with pytest.raises(SettingsError, match="holds no certificates"):
        Relay(settings(relay, tmp_path / "ca.pem"))
