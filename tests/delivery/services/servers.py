"""Servers from Debian's packages, each with a configuration and a folder of its own, on free ports of loopback.

They are started here and ended here; whatever the packages themselves would start is left alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

NOBODY = "nobody"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def program(name: str) -> str:
    """Where a program is; the test is skipped where it is not."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/lib/postfix/sbin"]))
    if found is None:
        pytest.skip(f"needs {name}; on Debian, as root: make test-services")
    return found


def need_root() -> None:
    """Skip the test where we may not start servers as other users."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to start servers as users of their own")


@contextmanager
def folder_of(user: str) -> Iterator[Path]:
    """A folder that a user of the system owns, deleted at the end."""
    path = Path(tempfile.mkdtemp(prefix="reportgen-", dir="/tmp"))
    try:
        path.chmod(0o755)
        shutil.chown(path, user)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def wait_for(port: int, seconds: float = 30.0) -> None:
    """Wait until somebody listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nobody listens on port {port}")


def run(*command: str, user: str | None = None) -> str:
    """Run a command as a user; what it said. Raises with what it said where it failed."""
    done = subprocess.run(command, user=user, group=_group(user), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


@dataclass
class Postgres:
    """A cluster of its own, run by nobody."""

    folder: Path
    bin: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://mail@127.0.0.1:{self.port}/mail"

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c max_connections=60 -c fsync=off"
        self._control("-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """How: "fast", or "immediate", which is a crash."""
        self._control("-m", how, "-w", "stop")

    def database(self) -> str:
        """A fresh database; its URL."""
        self.sql("DROP DATABASE IF EXISTS mail WITH (FORCE)")
        self.sql("CREATE DATABASE mail")
        return self.url

    def sql(self, statement: str) -> None:
        """Run a statement in the cluster's own database."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "mail", "-d", "postgres"]
        run(str(self.bin / "psql"), *where, "-qc", statement)

    def _control(self, *words: str) -> None:
        run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), *words, user=NOBODY)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """PostgreSQL, started."""
    need_root()
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        pytest.skip("needs postgresql; on Debian, as root: make test-services")
    with folder_of(NOBODY) as folder:
        tool = str(found[-1] / "initdb")
        run(tool, "-D", str(folder / "data"), "-U", "mail", "-A", "trust", "-E", "UTF8", "--no-locale", user=NOBODY)
        server = Postgres(folder, found[-1], free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = readers.example.net
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
default_process_limit = 20
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/relay.pem
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A relay that takes mail for readers.example.net into one Maildir, with STARTTLS by a certificate of its own."""

    folder: Path
    port: int

    @property
    def log(self) -> Path:
        return self.folder / "mail.log"

    @property
    def certificate(self) -> Path:
        return self.folder / "relay.crt"

    @property
    def maildir(self) -> Path:
        return self.folder / "mail" / "all"

    def wait_for_mails(self, count: int, seconds: float) -> int:
        """How many mails lie in the Maildir, once they are as many or time is up."""
        end = time.monotonic() + seconds
        while (found := self._count()) < count and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def _count(self) -> int:
        return sum(1 for name in ("new", "cur") for _ in (self.maildir / name).glob("*"))


@contextmanager
def postfix(more_main: str = "", more_master: str = "") -> Iterator[Postfix]:
    """Postfix, started; with more lines at the end of its two files of settings."""
    need_root()
    tool = program("postfix")
    with folder_of("root") as folder:
        server = Postfix(folder, free_port())
        nobody = pwd.getpwnam(NOBODY)
        for name, owner in (("queue", "root"), ("data", "postfix"), ("mail", NOBODY), ("conf", "root")):
            (folder / name).mkdir()
            shutil.chown(folder / name, owner)
        certificate(folder / "relay", "localhost")
        pair = [(folder / f"relay.{kind}").read_text() for kind in ("key", "crt")]
        (folder / "relay.pem").write_text("".join(pair))
        names = {"folder": folder, "port": server.port, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        (folder / "conf" / "main.cf").write_text(MAIN.format(**names) + more_main)
        (folder / "conf" / "master.cf").write_text(MASTER.format(**names) + more_master)
        run(tool, "-c", str(folder / "conf"), "start")
        try:
            wait_for(server.port)
            yield server
        finally:
            run(tool, "-c", str(folder / "conf"), "stop")


def certificate(path: Path, name: str, *, days: int = 2) -> None:
    """A certificate that vouches for itself, for a host's name and 127.0.0.1: path.key and path.crt."""
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days), "-subj", f"/CN={name}",
        "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1",
        "-keyout", str(path.with_suffix(".key")), "-out", str(path.with_suffix(".crt")),
    )  # fmt: skip


DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = reportgen-test
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{maildir}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


@contextmanager
def dovecot(maildir: Path) -> Iterator[int]:
    """Dovecot serving one Maildir by IMAP to the user "all" with the password "secret"; its port."""
    need_root()
    tool = program("dovecot")
    if not run(tool, "--version").startswith("2.3."):
        pytest.skip("the configuration is for Dovecot 2.3")
    nobody, port = pwd.getpwnam(NOBODY), free_port()
    with folder_of("root") as folder:
        (folder / "home").mkdir()
        shutil.chown(folder / "home", NOBODY)
        names = {"folder": folder, "maildir": maildir, "port": port, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        (folder / "dovecot.conf").write_text(DOVECOT.format(**names))
        process = subprocess.Popen([tool, "-F", "-c", str(folder / "dovecot.conf")])
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(30)
