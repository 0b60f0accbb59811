"""What lies in a data folder: which file holds which ticker's prices, facts and holdings. Nothing is read yet."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reportgen.errors import DataError
from reportgen.sources._rates import known_rate
from reportgen.sources._raw import RawFile, read_raw
from reportgen.sources._values import uppercase

_TABLES = frozenset({".csv", ".txt", ".parquet"})
_HOLDINGS = frozenset({".csv", ".json", ".xlsx", ".xml", ".txt"})
# Stooq names its files iwm.us.txt and iwm_us_d.csv.
_STOOQ = re.compile(r"[._]us(_[dwm])?$", re.IGNORECASE)
# Alpha Vantage names its files daily_IWM.csv and daily_adjusted_IWM.csv.
_ALPHA_VANTAGE = re.compile(r"^daily_(adjusted_)?", re.IGNORECASE)


@dataclass(frozen=True)
class DataFolder:
    """A folder with prices/, fund_facts/, holdings/ and rates/, of which prices alone is needed, or a flat one.

    Raises DataError on first use when there is no folder or no price file in it.
    """

    root: Path

    @cached_property
    def prices(self) -> Mapping[str, Path]:
        """Price files by ticker, which is the file's name in upper case."""
        if not self.root.is_dir():
            raise DataError(f"There is no folder {self.root}.", fix="Name a folder of price files with --data DIR.")
        folder = self._part("prices")
        found: dict[str, Path] = {}
        for path in _files(folder, _TABLES):
            ticker = _ticker_of(path)
            if known_rate(ticker) is not None:
                continue
            if ticker in found:
                raise DataError(
                    f"{found[ticker].name} and {path.name} are both files of {ticker}.",
                    where=str(folder),
                    fix="Keep one of them.",
                )
            found[ticker] = path
        if not found:
            raise DataError(
                "There are no price files.", where=str(folder), fix="Put one CSV file a ticker there, as in IWM.csv."
            )
        return found

    @cached_property
    def facts(self) -> Mapping[str, Path]:
        """Yahoo-shaped JSON files by ticker: in fund_facts/, or beside the prices of a flat folder."""
        folder = self.root / "fund_facts"
        return {_ticker_of(path): path for path in _files(folder if folder.is_dir() else self.root, {".json"})}

    @cached_property
    def rates(self) -> tuple[Path, ...]:
        """Files of known series of rates: in rates/, or beside the prices of a flat folder."""
        folder = self.root / "rates"
        files = _files(folder if folder.is_dir() else self.root, {".csv"})
        return tuple(path for path in files if known_rate(path.stem) is not None)

    @cached_property
    def holdings(self) -> Mapping[str, tuple[Path, ...]]:
        """Holdings files by ticker, which begins the name: IWM.csv, IWM_2026-05-05.csv."""
        return holdings_in(self.root / "holdings")

    def read(self, path: Path) -> RawFile:
        """The file, named by its path below the folder."""
        return read_raw(path, self.root)

    def toml(self, name: str) -> tuple[RawFile, Mapping[str, Any]] | None:
        """The folder's TOML file of that name, if there is one. Raises DataError for broken TOML."""
        path = self.root / name
        if not path.is_file():
            return None
        raw = self.read(path)
        try:
            return raw, tomllib.loads(raw.text)
        except tomllib.TOMLDecodeError as error:
            raise raw.error(f"The file is not TOML: {error}.", fix="Correct the line named.") from None
        except (ValueError, RecursionError):
            raise raw.error(
                "The file holds an impossible date, an integer of thousands of digits, or nests too deep.",
                fix="Write one plain table a fund.",
            ) from None

    def _part(self, name: str) -> Path:
        folder = self.root / name
        return folder if folder.is_dir() else self.root


def holdings_in(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Holdings files by ticker, which begins the name: IWM.csv, IWM_2026-05-05.csv."""
    found: dict[str, list[Path]] = {}
    for path in _files(folder, _HOLDINGS):
        found.setdefault(uppercase(re.split(r"[_ ]", path.stem)[0]), []).append(path)
    return {ticker: tuple(paths) for ticker, paths in found.items()}


def _files(folder: Path, suffixes: frozenset[str] | set[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in suffixes and not path.name.startswith(".") and path.is_file():
            yield path


def _ticker_of(path: Path) -> str:
    return uppercase(_ALPHA_VANTAGE.sub("", _STOOQ.sub("", path.stem)))
