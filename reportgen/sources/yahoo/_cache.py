"""yfinance's own cache of time zones and cookies, in a folder of ours; a broken one is deleted."""

from __future__ import annotations

import os
from pathlib import Path

# A path that can be no folder: yfinance then works without a cache.
_NOWHERE = f"{os.devnull}/reportgen"


def prepare(folder: Path) -> bool:
    """Make the folder yfinance's cache, or have it do without where that cannot be; whether the folder is used.

    A database in it that is not whole would break every call, so it is deleted.
    """
    import yfinance

    forget()
    usable = _made(folder) and all(_is_whole(path) or _deleted(path) for path in sorted(folder.glob("*.db")))
    yfinance.set_tz_cache_location(str(folder) if usable else _NOWHERE)
    return usable


def forget() -> None:
    """Drop what yfinance keeps for the whole process: session, cookie, crumb, answers and open databases.

    It has no public way to do so, and without it a second client would answer from the first one's memory.
    """
    from yfinance import cache, data

    data.SingletonMeta._instances.pop(data.YfData, None)
    data.YfData.cache_get.cache_clear()
    cache.set_tz_cache_location(_NOWHERE)
    cache._TzCacheManager._tz_cache = None
    cache._CookieCacheManager._Cookie_cache = None


def _made(folder: Path) -> bool:
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _is_whole(path: Path) -> bool:
    import peewee

    database = peewee.SqliteDatabase(str(path))
    try:
        return bool(database.execute_sql("PRAGMA quick_check").fetchone() == ("ok",))
    except peewee.DatabaseError:
        return False
    finally:
        database.close()


def _deleted(path: Path) -> bool:
    try:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError:
        return False
    return True
