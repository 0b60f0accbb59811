"""A Dask cluster's crew: the same executor interface, the data sent to every worker once."""

from __future__ import annotations

import hashlib
import pickle
from concurrent.futures import Executor
from types import TracebackType
from typing import TYPE_CHECKING, Self

from reportgen.errors import NetworkError, UsageError
from reportgen.pipeline import Source

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

_PATIENCE = "20s"
_HERE = "127.0.0.1"
_LEAN = {
    "distributed.worker.profile.enabled": False,
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
}
"""Dask has workers look at their own stack and give back all memory at once, which costs a quarter of an article: the
resamples' arrays are then mapped anew each time. What it sets for threads stays."""


class ClusterCrew:
    """The workers of a scheduler at an address, or of a cluster of `size` processes on this machine.

    They need this program in the same version, and write to a folder that all of them share or to an address of
    fsspec. A worker that is lost is replaced by the cluster, which makes again what it was making. Raises UsageError
    where Dask is not installed, NetworkError where no scheduler answers or it has no workers.
    """

    def __init__(self, source: Source, *, address: str | None = None, size: int = 1) -> None:
        try:
            import distributed
        except ImportError:
            fix = "Install it: pip install 'fund-reportgen[cluster]'."
            raise UsageError("A cluster needs dask.distributed, which is not installed.", fix=fix) from None
        self.fatal: tuple[type[BaseException], ...] = (distributed.KilledWorker,)
        self._cluster: LocalCluster | None = None
        self._source = source
        if address is None:
            self._cluster = _local(size)
        self._client = _client(distributed.Client, self._cluster or address)
        self.size = sum(self._client.nthreads().values())
        if self.size == 0:
            self.dismiss()
            raise NetworkError("The cluster has no workers.", where=address, fix="Start some: dask worker ADDRESS.")
        self.executor: Executor = self._client.get_executor(pure=False)
        self.digest = _digest(source)
        self._sent = self._send()

    @property
    def data(self) -> object:
        """The data's future: the cluster puts the data themselves in its place, at each worker."""
        return self._sent

    def _send(self) -> object:
        return self._client.scatter(self._source, broadcast=True, hash=False)

    def renew(self) -> None:
        """The cluster replaces its workers itself; data that went with the last one are sent again."""
        self._client.wait_for_workers(1)
        self._sent = self._send()

    def dismiss(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.dismiss()


def _local(size: int) -> LocalCluster:
    """A cluster of this machine, that spends its time on articles."""
    import dask
    import distributed

    with dask.config.set(_LEAN):
        return distributed.LocalCluster(n_workers=size, threads_per_worker=1, host=_HERE, dashboard_address=None)


def _client(kind: type[Client], where: object) -> Client:
    try:
        return kind(where, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        what = f"No scheduler answers: {error}."
        raise NetworkError(what, where=str(where), fix="Give its address, such as tcp://10.0.0.5:8786.") from None


def _digest(source: Source) -> str:
    """The hash of the data, by which a worker tells them from those of another batch."""
    digest = hashlib.sha256()
    buffers: list[pickle.PickleBuffer] = []
    digest.update(pickle.dumps(source, protocol=5, buffer_callback=buffers.append))
    for buffer in buffers:
        digest.update(buffer.raw())
    return digest.hexdigest()
