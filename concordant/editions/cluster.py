"""Cluster: parts printed by the workers of a Dask cluster that is there already (`dask://host:port`).

The workers need the same Concordant as this process, and the same layout libraries, or the bytes would differ; so
they are asked first. What all work shares is sent to them once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from concordant.cache import own_code
from concordant.callstack import with_room
from concordant.editions.press.printing import Outfit
from concordant.problem import CannotRun
from concordant.reproducing.native import native_versions

SCHEME = "dask://"
_PACKAGES = (
    "weasyprint",
    "pydyf",
    "tinyhtml5",
    "cssselect2",
    "fonttools",
    "lxml",
    "ziamath",
    "pillow",
    "pypdfium2",
)
_PATIENCE = 10  # seconds for the scheduler, and for its first worker


@contextmanager
def cluster_workers(address: str) -> Iterator[Executor]:
    """Give the workers of the cluster at `dask://host:port`.

    Raises:
        CannotRun: the extra `cluster` is not installed; nobody answers; a worker is made of other parts.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise CannotRun(f"{address} needs Dask: pip install concordant[cluster]") from error
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address.replace(SCHEME, "tcp://", 1), timeout=_PATIENCE, set_as_default=False
        )
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise CannotRun(
            f"{address}: no Dask cluster with workers answers there ({error})"
        ) from error
    with client:
        _compare(client.run(fingerprint), address)
        with _Cluster(client) as executor:
            yield executor


def fingerprint() -> str:
    """Return a hash of what decides the bytes that this process would print."""
    versions = {name: version(name) for name in _PACKAGES}
    parts = (own_code(), versions, sorted(native_versions().items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _compare(theirs: dict[str, str], address: str) -> None:
    own = fingerprint()
    others = sorted(name for name, each in theirs.items() if each != own)
    if others:
        raise CannotRun(
            f"{address}: other versions of Concordant, of its packages or of the layout libraries at "
            f"{', '.join(others)}"
        )


class _Cluster(Executor):
    """Hands work to a Dask client; work whose workers were killed fails as it does in a local pool."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._sent: dict[str, Any] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called by one of the workers."""
        there = self._executor.submit(with_room, fn, *map(self._send, args), **kwargs)
        here: Future[Any] = Future()
        there.add_done_callback(lambda each: _pass_on(each, here))
        return here

    def _send(self, value: Any) -> Any:
        if not isinstance(value, Outfit):
            return value
        if value.digest not in self._sent:
            self._sent[value.digest] = self._client.scatter(value, broadcast=True, hash=False)
        return self._sent[value.digest]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the workers, which go on for others."""
        self._executor.shutdown(wait and not cancel_futures)


def _pass_on(there: Future[Any], here: Future[Any]) -> None:
    from distributed import KilledWorker  # noqa: PLC0415 - an extra

    if there.cancelled():
        here.set_exception(BrokenExecutor("the cluster has lost the work"))
        return
    error = there.exception()
    if isinstance(error, KilledWorker):
        here.set_exception(BrokenExecutor(str(error)))
    elif error:
        here.set_exception(error)
    else:
        here.set_result(there.result())
