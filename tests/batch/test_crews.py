"""One worker, two, and a cluster make the same bytes; a worker that is killed, or has no memory, costs what it made."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from tests.batch.runs import batch, finished, listed, workers_of
from tests.test_determinism import digests

pytestmark = pytest.mark.slow
PAIRS = ("IWM,QQQ", "QQQ,SPY", "SPY,IWM", "TLT,QQQ", "XLK,QQQ", "SMH,IWM", "IWM,QQQ,SPY", "XLE,SPY")
CREWS = (("--workers", "1"), ("--workers", "2"), ("--local-cluster", "2"))
HARD = """
import resource
import reportgen.batch
size = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + (24 << 20), resource.RLIM_INFINITY))
"""


@pytest.fixture(scope="module")
def alone(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The articles as one worker makes them."""
    folder = tmp_path_factory.mktemp("alone")
    code, counts, said = batch(folder, listed(folder, *PAIRS), folder / "out", "--data", str(sample_folder), *CREWS[0])
    assert (code, counts) == (0, {"issued": len(PAIRS)}), said
    return digests(folder / "out")


@pytest.mark.parametrize("crew", CREWS[1:], ids=lambda crew: crew[0])
def test_two_workers_and_a_cluster_make_the_same_bytes(
    crew: tuple[str, str], sample_folder: Path, tmp_path: Path, alone: dict[str, str]
) -> None:
    pairs = listed(tmp_path, *PAIRS)
    code, counts, said = batch(tmp_path, pairs, tmp_path / "out", "--data", str(sample_folder), *crew)
    assert (code, counts) == (0, {"issued": len(PAIRS)}), said
    assert digests(tmp_path / "out") == alone


@pytest.mark.parametrize("crew", CREWS[1:], ids=lambda crew: crew[0])
def test_a_worker_that_is_killed_costs_only_what_it_was_making(
    crew: tuple[str, str], sample_folder: Path, tmp_path: Path, alone: dict[str, str]
) -> None:
    killed: list[int] = []

    def kill(pid: int, event: dict[str, Any]) -> None:
        if event["done"] >= 2 and not killed:
            killed.append(workers_of(pid)[-1])
            os.kill(killed[0], signal.SIGKILL)

    pairs = listed(tmp_path, *PAIRS)
    code, counts, said = batch(tmp_path, pairs, tmp_path / "out", "--data", str(sample_folder), *crew, watch=kill)
    assert killed
    assert code == 0, said
    assert counts["issued"] + counts["skipped"] == len(PAIRS), "all are made"
    assert counts["skipped"] <= 1, "one that was finished but not yet told of is not made twice"
    assert digests(tmp_path / "out") == alone


def test_too_little_memory_ends_cleanly_and_the_next_run_goes_on(
    sample_folder: Path, tmp_path: Path, alone: dict[str, str]
) -> None:
    pairs, out = listed(tmp_path, *PAIRS), tmp_path / "out"
    code, counts, said = batch(tmp_path, pairs, out, "--data", str(sample_folder), "--workers", "2", prelude=HARD)
    assert code in {1, 6}, said
    assert counts["failed"]
    assert finished(out) == counts["issued"] < len(PAIRS)
    code, counts, said = batch(tmp_path, pairs, out, "--data", str(sample_folder), "--workers", "2")
    assert code == 0, said
    assert digests(out) == alone


def test_complete_articles_are_the_same_bytes_from_every_crew(sample_folder: Path, tmp_path: Path) -> None:
    pairs, given = listed(tmp_path, *PAIRS[:2]), ("--data", str(sample_folder), "--format", "html,pdf,mail")
    made = []
    for crew in CREWS:
        code, counts, said = batch(tmp_path, pairs, tmp_path / crew[0] / crew[1], *given, *crew)
        assert (code, counts) == (0, {"issued": 2}), said
        made.append(digests(tmp_path / crew[0] / crew[1]))
    assert any(name.endswith(".pdf") for name in made[0])
    assert any(name.endswith(".eml") for name in made[0])
    assert made[0] == made[1] == made[2]


def test_the_workers_of_a_scheduler_make_the_same_bytes(
    sample_folder: Path, tmp_path: Path, alone: dict[str, str]
) -> None:
    pairs, out = listed(tmp_path, *PAIRS), tmp_path / "out"
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1:")
        given = ("--data", str(sample_folder), "--cluster", cluster.scheduler_address)
        code, counts, said = batch(tmp_path, pairs, out, *given)
    assert (code, counts) == (0, {"issued": len(PAIRS)}), said
    assert digests(out) == alone
