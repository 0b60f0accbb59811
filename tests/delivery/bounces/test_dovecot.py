"""Bounces read by IMAP from a real Dovecot: over verified TLS, each once, and from no stranger's server."""

from __future__ import annotations

import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen.delivery.bounces import Handler, ImapSource, read_bounces
from reportgen.delivery.store import Store
from reportgen.errors import NetworkError
from tests.delivery.bounces import letters
from tests.delivery.bounces.test_bounces import NOW, STRANGER, filled, handler, outcomes, reason, store

pytestmark = pytest.mark.service
__all__ = ["handler", "store"]

PASSWORD = "a-secret"
NOBODY = 65534
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 500
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    folder: Path
    imap: int
    imaps: int

    def put(self, user: str, *contents: bytes) -> None:
        """Deliver mails to a user's box."""
        place = self.folder / "mail" / user
        place.parent.mkdir(exist_ok=True)
        box = mailbox.Maildir(str(place), create=True)
        for content in contents:
            box.add(content)
        for path in (place.parent, place, *place.rglob("*")):
            os.chown(path, NOBODY, NOBODY)

    def source(self, user: str, *, password: str = PASSWORD, delete: bool = False) -> ImapSource:
        url = f"imaps://{user}@localhost:{self.imaps}/INBOX"
        return ImapSource(url, password, ca=self.folder / "cert.pem", delete=delete)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    program, openssl = shutil.which("dovecot"), shutil.which("openssl")
    if program is None or openssl is None or os.geteuid() != 0:
        pytest.skip("needs Dovecot and openssl, as root (Debian: apt-get install dovecot-imapd)")
    if not subprocess.run([program, "--version"], capture_output=True, check=True).stdout.startswith(b"2.3."):
        pytest.skip("the configuration is for Dovecot 2.3")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        keys = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
        making = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject, *keys]
        subprocess.run(making, check=True, capture_output=True)
        ports = free_ports()
        text = CONFIGURATION.format(folder=folder, password=PASSWORD, nobody=NOBODY, imap=ports[0], imaps=ports[1])
        (folder / "dovecot.conf").write_text(text)
        with subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")]) as process:
            try:
                wait_for(ports[1], folder)
                yield Dovecot(folder, *ports)
            finally:
                process.terminate()
                process.wait(20)


def free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def wait_for(port: int, folder: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, (folder / "log").read_text() if (folder / "log").exists() else "silent"
            time.sleep(0.05)
        else:
            return


def test_a_box_is_read_once_over_verified_tls(dovecot: Dovecot, handler: Handler, store: Store) -> None:
    forged = filled(letters.GMAIL, ring=STRANGER)
    dovecot.put("one", filled(letters.VACATION), forged, filled(letters.POSTFIX))
    source = dovecot.source("one")
    assert outcomes(read_bounces(source, handler, NOW)) == ["other", "stranger", "suppressed"]
    assert reason(store) == "bounced"
    source.close()
    again = dovecot.source("one")
    assert outcomes(read_bounces(again, handler, NOW)) == []
    again.close()
    dovecot.put("two", filled(letters.POSTFIX).replace(b"\n", b"\r\n"))
    copy = dovecot.source("two")
    assert outcomes(read_bounces(copy, handler, NOW)) == ["again"]
    copy.close()


def test_reports_that_were_dealt_with_are_removed_where_asked(dovecot: Dovecot, handler: Handler) -> None:
    dovecot.put("three", filled(letters.VACATION), filled(letters.GMAIL_FULL))
    source = dovecot.source("three", delete=True)
    assert outcomes(read_bounces(source, handler, NOW)) == ["counted", "other"]
    source.close()
    left = [path for path in (dovecot.folder / "mail" / "three").glob("*/*") if path.parent.name in {"cur", "new"}]
    assert len(left) == 1


def test_a_wrong_password_box_or_certificate_is_told(dovecot: Dovecot) -> None:
    with pytest.raises(NetworkError, match="cannot be opened"):
        dovecot.source("one", password="wrong")
    with pytest.raises(NetworkError, match="cannot be opened"):
        ImapSource(f"imaps://one@localhost:{dovecot.imaps}/Absent", PASSWORD, ca=dovecot.folder / "cert.pem")
    with pytest.raises(NetworkError, match="certificate"):
        ImapSource(f"imaps://one@localhost:{dovecot.imaps}/INBOX", PASSWORD)
    with pytest.raises(NetworkError, match="certificate"):
        ImapSource(f"imaps://one@127.0.0.1:{dovecot.imaps}/INBOX", PASSWORD, ca=dovecot.folder / "cert.pem")


def test_on_this_machine_no_tls_is_needed(dovecot: Dovecot, handler: Handler) -> None:
    dovecot.put("four", filled(letters.EXIM))
    source = ImapSource(f"imap://four@localhost:{dovecot.imap}/INBOX", PASSWORD)
    assert outcomes(read_bounces(source, handler, NOW)) == ["suppressed"]
    source.close()
