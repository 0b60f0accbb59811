"""Opening a store: its schema, its upgrade from every earlier version, and what cannot be opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from reportgen.delivery.store import VERSION, Store, claims, open_store
from reportgen.delivery.store.migrations import STEPS, upgrade, version_of
from reportgen.delivery.store.tables import metadata
from reportgen.errors import DataError, SettingsError, WriteError


def shape(url: str) -> dict[str, object]:
    """What a database's tables look like: columns, keys and indices."""
    engine = create_engine(url)
    seen = inspect(engine)
    shapes: dict[str, object] = {}
    for table in seen.get_table_names():
        if table == "sqlite_sequence":
            continue
        columns = {(c["name"], str(c["type"]), bool(c["nullable"])) for c in seen.get_columns(table)}
        indices = {(i["name"], tuple(i["column_names"])) for i in seen.get_indexes(table)}
        foreign = {(tuple(f["constrained_columns"]), f["referred_table"]) for f in seen.get_foreign_keys(table)}
        unique = {tuple(u["column_names"]) for u in seen.get_unique_constraints(table)}
        checks = {c["name"] for c in seen.get_check_constraints(table)}
        primary = tuple(seen.get_pk_constraint(table)["constrained_columns"])
        shapes[table] = (columns, indices, foreign, unique, checks, primary)
    engine.dispose()
    return shapes


def test_the_steps_lead_to_the_tables_of_the_program(store: Store, tmp_path: Path) -> None:
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(made)
    made.dispose()
    assert shape(str(store.url)) == shape(f"sqlite:///{tmp_path / 'made.db'}")


@pytest.mark.parametrize("version", range(len(STEPS) + 1))
def test_a_store_of_any_version_is_upgraded_when_opened(version: int, store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(url)
    with engine.begin() as db:
        upgrade(db, to=version)
    engine.dispose()
    opened = open_store(url)
    with opened.read() as db:
        assert version_of(db) == VERSION == len(STEPS)
    opened.close()
    assert shape(url) == shape(str(store.url))


def test_a_newer_store_is_refused(store: Store) -> None:
    with store.write() as db:
        db.execute(text("UPDATE meta SET value = '999' WHERE key = 'version'"))
    with pytest.raises(DataError, match="version 999"):
        open_store(str(store.url))


def test_sqlite_writes_ahead_and_waits_for_the_disk(store: Store) -> None:
    with store.read() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
def test_nobody_else_can_read_the_addresses(store: Store) -> None:
    with store.write() as db:
        db.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
    assert store.path is not None
    for path in store.path.parent.glob("mail.db*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_commit_waits_for_the_disk_unless_it_need_not(store: Store) -> None:
    for durable, level in ((True, 2), (False, 1), (True, 2)):
        with store.write(durable=durable) as db:
            assert db.exec_driver_sql("PRAGMA synchronous").scalar() == level


def test_a_claim_is_found_by_the_index_of_the_rows_that_wait(store: Store) -> None:
    query = str(claims._DUE.compile(store.engine))
    with store.read() as db:
        plan = [row[-1] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1, "2026-03-27", 1, 0))]
    assert any("outbox USING INDEX outbox_due" in step for step in plan)
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in plan)


def test_what_raises_in_a_transaction_leaves_nothing(store: Store) -> None:
    def failing() -> None:
        with store.write() as db:
            db.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
            raise KeyError("a")

    with pytest.raises(KeyError):
        failing()
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM meta WHERE key = 'a'")).scalar() == 0


@pytest.mark.parametrize("url", ["mail.db", "mysql://host/mail", "sqlite://", "sqlite:///:memory:", "postgresql://h"])
def test_an_url_of_another_kind_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(SettingsError, match=r"sqlite:///reportgen\.db"):
        open_store(url)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes and no database.\n" * 100, encoding="utf-8")
    with pytest.raises(DataError, match="not a mail store"):
        open_store(f"sqlite:///{path}")


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no mail store"):
        open_store(f"sqlite:///{tmp_path / 'none.db'}", create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_store_where_no_folder_can_be_is_an_error_of_writing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'mail.db'}")
