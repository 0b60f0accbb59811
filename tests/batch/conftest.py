"""A crew that works in this process, one comparison after the other, and the sample as a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from reportgen import cli
from reportgen.batch import Done, Order, Pair, Summary, drive, stock
from reportgen.config import Settings
from reportgen.sources import open_source

T = TypeVar("T")


class Inline(Executor):
    """The standard interface over a plain call."""

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class InlineCrew:
    """Workers that are this process."""

    size = 1
    fatal: tuple[type[BaseException], ...] = ()

    def __init__(self, data: object, digest: str) -> None:
        self.data, self.digest, self.executor = data, digest, Inline()

    def renew(self) -> None:
        raise AssertionError("nothing of this process can be lost")

    def dismiss(self) -> None:
        pass


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    assert cli.run(["demo", "--export-data", str(folder), "--quiet"]) == 0
    return folder


Make = Callable[..., Summary]


@pytest.fixture
def make(sample_folder: Path, tmp_path: Path) -> Make:
    """Makes the articles of some comparisons in this process, from the sample's folder."""

    def call(*pairs: str, out: str | None = None, folder: Path = sample_folder, **settings: object) -> Summary:
        listed = [Pair(line, tuple(pair.split(","))) for line, pair in enumerate(pairs, 1)]
        asked = replace(Settings(), **{"formats": ("html",), **settings})  # type: ignore[arg-type]
        source = stock(open_source("files", folder), funds(listed), asked.context)
        address = out or str(tmp_path / "out")
        name = f"{folder} {address} {settings}"
        told: list[Done] = []
        order = Order(name, asked, address, time.perf_counter)
        summary = drive(InlineCrew(source, name), order, listed, lambda done, _: told.append(done))
        assert sorted(d.pair.line for d in told) == sorted(d.pair.line for d in summary.done)
        return summary

    return call


def funds(pairs: Iterable[Pair]) -> list[str]:
    return list(dict.fromkeys(ticker for pair in pairs for ticker in pair.tickers))
