"""Who is sending: one sender at a time on SQLite, several on PostgreSQL, and none from a copied store.

Whether a sender lives is known by a lock that its death releases, however it dies: a lock on a file beside an SQLite
store, a session's advisory lock in PostgreSQL. Whether its machine has started anew since is known by a number that the
system makes at each start: a loss of power may have undone what did not wait for the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select, text, update

from reportgen.delivery.store._open import Store
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import meta, sender
from reportgen.errors import UsageError, WriteError

_LOCKS = 7_265_707
"""The class of PostgreSQL's advisory locks that senders hold, beside their own number."""
_ADOPT = "If it is the only one that sends, run: reportgen mail adopt"


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender at work. number: that of its row. boot: the start of the machine it runs in, where that is known."""

    number: int
    boot: str | None = None

    @property
    def careful(self) -> bool:
        """Whether each of its marks and answers waits for the disk, because nothing would tell that they are undone."""
        return self.boot is None


@contextlib.contextmanager
def sending(store: Store, where: str, *, now: datetime, boot: str | None = None) -> Iterator[Sender]:
    """Be a sender for the length of the block.

    where: host and process, for people. boot: what tells this start of the machine from all others, if anything does;
    on PostgreSQL, which may start anew without its machine, it is left out. Raises UsageError when another sender is
    at work on an SQLite store.
    """
    boot = boot if store.path is not None else None
    with _file_lock(store.path) if store.path is not None else contextlib.nullcontext():
        with store.write() as db:
            made = db.execute(insert(sender).values(started_at=now, where=where, boot=boot)).inserted_primary_key
        assert made is not None
        number = int(made[0])
        with _session_lock(store, number):
            yield Sender(number, boot)


def end(db: Connection, number: int, *, now: datetime, clean: bool) -> None:
    """Note that a sender ended, and whether it ended its work."""
    db.execute(update(sender).where(sender.c.id == number).values(ended_at=now, clean=clean))


def is_dead(db: Connection, number: int) -> bool:
    """Whether a sender other than ourselves is dead. On SQLite it is, because we hold the one lock.

    On PostgreSQL its lock is taken until the caller's transaction ends, so that only one other recovers its rows.
    """
    if db.dialect.name == "sqlite":
        return True
    lock = text("SELECT pg_try_advisory_xact_lock(CAST(:class AS integer), CAST(:number AS integer))")
    return bool(db.execute(lock, {"class": _LOCKS, "number": number}).scalar())


def marks_hold(db: Connection, number: int, ours: Sender) -> bool:
    """Whether a dead sender's marks are as it left them: they waited for the disk, or the machine ran on ever since."""
    boot = db.execute(select(sender.c.boot).where(sender.c.id == number)).scalar()
    return boot is None or boot == ours.boot


def check_home(db: Connection, store: Store, machine: str) -> None:
    """Note where the store lives, at first; later raise UsageError when it is a copy that lies elsewhere.

    machine: what tells this machine from others. A copy does not know what the original sent since, so it would send
    the same mails again.
    """
    here = _home(db, store, machine)
    known = db.execute(select(meta.c.value).where(meta.c.key == "home")).scalar()
    if known is None:
        db.execute(insert(meta).values(key="home", value=here))
    elif known != here:
        what = "this mail store is a copy, or was moved: it does not know what the original sent since."
        raise UsageError(what, where=store.url.render_as_string(), fix=_ADOPT)


def adopt(db: Connection, store: Store, machine: str, *, now: datetime) -> None:
    """Make this copy of a store the one that sends."""
    here = _home(db, store, machine)
    if not db.execute(update(meta).where(meta.c.key == "home").values(value=here)).rowcount:
        db.execute(insert(meta).values(key="home", value=here))
    record(db, "adopted", now=now)


def _home(db: Connection, store: Store, machine: str) -> str:
    """What a copy has differently: an SQLite file's machine, path and inode; PostgreSQL's cluster and database."""
    if store.path is not None:
        path = store.path.resolve()
        parts = f"{machine}\0{path}\0{path.stat().st_ino}"
    else:
        query = "SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database WHERE datname = :name"
        parts = str(db.execute(text(query), {"name": store.url.database}).scalar_one())
    return hashlib.sha256(parts.encode()).hexdigest()


@contextlib.contextmanager
def _session_lock(store: Store, number: int) -> Iterator[None]:
    if store.path is not None:
        yield
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(
            text("SELECT pg_advisory_lock(CAST(:class AS integer), CAST(:number AS integer))"),
            {"class": _LOCKS, "number": number},
        )
        yield


@contextlib.contextmanager
def _file_lock(store: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    path = store.with_name(f"{store.name}.sender")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        fix = "Wait until it ends; several senders at once need PostgreSQL."
        raise UsageError("another sender is at work on this mail store.", where=str(store), fix=fix) from None
    except OSError as error:
        raise WriteError(f"cannot be written: {error.strerror}.", where=str(path), fix="Mend its rights.") from error
    try:
        yield
    finally:
        lock.release()
