"""Opens a mail store by its URL: SQLite in write-ahead mode with synchronous FULL, or PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from reportgen.delivery.store import migrations
from reportgen.delivery.store.tables import VERSION
from reportgen.errors import DataError, SettingsError, WriteError

_WAIT = 30.0
"""Seconds that a transaction waits for another process's to end before it gives up (SQLite)."""
_UPGRADE_LOCK = 7_265_706_001
"""The advisory lock under which one process at a time upgrades a PostgreSQL store."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open mail store; transactions are all it gives."""

    engine: Engine
    url: URL
    _turn: AbstractContextManager[object]
    """Whose turn it is to write: threads that queue here are let in at once, where SQLite would have them sleep."""

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store; none for PostgreSQL."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that may write: it is committed at the end of the block, or rolled back when that raises.

        On SQLite it holds the one write lock from its first moment, so that it cannot fail halfway for want of it.
        durable: whether the commit waits for the disk. One that does not outlives a kill, but not a loss of power; the
        next durable commit makes it as durable as itself.
        """
        with (
            _told(self.url), self._turn, self.engine.connect().execution_options(durable=durable) as db, db.begin(),
        ):  # fmt: skip
            yield db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one moment's view of the store, which keeps no writer waiting."""
        with _told(self.url), self.engine.connect().execution_options(reads_only=True) as db:
            yield db

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str, *, create: bool = True) -> Store:
    """Open a store, making or upgrading its schema where needed.

    url: "sqlite:///path/to/file.db" or "postgresql://user@host/database"; a password belongs into PGPASSFILE or the
    URL that the command line read. create: whether a store that does not exist is made. Raises SettingsError for an
    URL of another kind, DataError for a store that is missing, newer than this program or not a database,
    WriteError where it cannot be written.
    """
    parsed = _parsed(url)
    _require(parsed, create=create)
    turn = threading.RLock() if parsed.get_backend_name() == "sqlite" else nullcontext()
    store = Store(_engine(parsed), parsed, turn)
    with store.read() as db:
        found = migrations.version_of(db)
    if found != VERSION:
        with store.write() as db:
            if db.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            migrations.upgrade(db)
    return store


def _parsed(url: str) -> URL:
    fix = 'Write "sqlite:///reportgen.db" or "postgresql://user@host/database".'
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError("the mail store's URL is not one.", fix=fix) from error
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql") or not parsed.database or parsed.database == ":memory:":
        raise SettingsError(f"the mail store cannot be {parsed.render_as_string()!r}.", fix=fix)
    return parsed.set(drivername="postgresql+psycopg" if kind == "postgresql" else "sqlite")


def _require(url: URL, *, create: bool) -> None:
    """The file of an SQLite store is there, or the folder in which it may be made."""
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "")
    if not create and not path.is_file():
        raise DataError("there is no mail store.", where=str(path), fix="Name its file, or add a first subscriber.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # addresses are nobody else's business; SQLite's other files take over these rights
    except OSError as error:
        raise WriteError(f"cannot be made: {error.strerror}.", where=str(path.parent), fix="Name another.") from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _WAIT, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(db: Connection) -> None:
    options = db.get_execution_options()
    if options.get("reads_only", False):
        db.exec_driver_sql("BEGIN")
        return
    _wait_for_the_disk(db, wait=options.get("durable", True))
    db.exec_driver_sql("BEGIN IMMEDIATE")


def _wait_for_the_disk(db: Connection, *, wait: bool) -> None:
    """Set a connection to that, unless it is; SQLite keeps it until the next time."""
    kept = db.connection.info
    if kept.get("waits") is not wait:
        db.exec_driver_sql("PRAGMA synchronous=FULL" if wait else "PRAGMA synchronous=NORMAL")
        kept["waits"] = wait


@contextmanager
def _told(url: URL) -> Iterator[None]:
    """The database's errors as ours: what cannot be reached, read or written, and what to do."""
    where = url.render_as_string()
    try:
        yield
    except OperationalError as error:
        fix = "Look at its disk, its permissions and whether its server runs; nothing of this step was kept."
        raise WriteError(f"the mail store failed: {error.orig}.", where=where, fix=fix) from error
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and "not a database" in str(error.orig):
            raise DataError("is not a mail store.", where=where, fix="Name another file.") from error
        raise
