"""A dask cluster: one that runs already, on many machines, or one that is started on this machine and ended again."""

from __future__ import annotations

import logging
import pickle
import secrets
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from communique.engines import children
from communique.engines.batches import Batch, Done, Host, Job
from communique.engines.identity import identity
from communique.engines.order import Flying, in_order
from communique.engines.processes import cores
from communique.engines.rescue import Rescue, WorkerDied
from communique.engines.sending import packed
from communique.errors import CommuniqueError, EngineError, EngineWarning
from communique.store.faults import reported

if TYPE_CHECKING:
    from pathlib import Path

_AHEAD = 2  # batches in flight for each worker
_CONNECT = 15.0  # seconds in which a scheduler has to answer
_PATIENCE = 10.0  # seconds for which nothing is said to somebody who sees no progress bar
_PAUSE = 0.5  # seconds between looks for the first worker


def dask(job: Job, batches: Iterator[Batch], host: Host) -> Iterator[Done]:
    """Code batches on the workers of a dask scheduler, or of a cluster on this machine (an `Engine`).

    Raises EngineError where dask is not installed, no scheduler answers, or a worker is not fit.
    """
    try:
        import distributed
    except ImportError:
        raise EngineError("The engine 'dask' needs dask: run `pip install 'communique[cluster]'`.") from None
    for first in batches:
        if first.tasks:
            break
        yield Done(first.number)
    else:
        return  # all is known already: no workers for that
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        client = stack.enter_context(_client(job, host))
        if not _has_worker(client, job, host):
            return
        name = stack.enter_context(_workshop(client, job))
        host.say("coding on dask workers")
        crew = _Crew(client, name, distributed.KilledWorker)
        try:
            yield from in_order(chain((first,), batches), crew.submit, crew.window, crew.take)
        except (CancelledError, OSError) as error:
            raise _gone(job, error) from error


class _Crew:
    """The workers of a scheduler, however many there are at the time."""

    def __init__(self, client: Any, name: str, killed: type[Exception]) -> None:
        self._client = client
        self._name = name
        self._killed = killed
        self._run = secrets.token_hex(4)
        self._rescue = Rescue(self._attempt)
        self._tries = 0

    def window(self) -> int:
        return _AHEAD * max(1, len(self._client.nthreads()))

    def submit(self, batch: Batch) -> Any:
        from communique.engines.workshop import work

        self._tries += 1
        key = f"communique-{self._run}-{batch.number}-{self._tries}"
        return self._client.submit(work, self._name, batch, key=key, pure=False, priority=-batch.number)

    def take(self, flying: Flying) -> Done:
        """Remove the first batch in flight and wait for what comes of it."""
        batch, promise = flying.popleft()
        try:
            return _result(promise)
        except self._killed:
            # Dask blames all that the dead worker held. Alone on the cluster, only the guilty is blamed.
            for _, other in flying:
                with suppress(self._killed):
                    _result(other)
            return self._rescue(batch, deaths=1)

    def _attempt(self, batch: Batch) -> Done:
        try:
            return _result(self.submit(batch))
        except self._killed:
            raise WorkerDied("died") from None


def _result(promise: Any) -> Done:
    found = promise.result()
    if isinstance(found, CommuniqueError):
        raise found
    assert isinstance(found, Done)
    return found


@contextmanager
def _client(job: Job, host: Host) -> Iterator[Any]:
    with _connected(job, host) if job.scheduler else _started(job, host) as client:
        yield client


def _connected(job: Job, host: Host) -> Any:
    """Return a client of the scheduler that was named."""
    from distributed import Client

    host.say(f"connecting to {job.scheduler}")
    _refuse_address(job.scheduler)
    connect: Any = Client
    try:
        return connect(job.scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"No dask scheduler answers at {job.scheduler!r} ({error}). Check the address, or leave out --scheduler to "
            "start workers on this machine."
        ) from None


def _refuse_address(address: str) -> None:
    """Raise EngineError for what is no address: a client that is given one does not end cleanly."""
    from distributed import Security
    from distributed.comm.addressing import resolve_address

    configured: Any = Security
    try:
        scheme = str(resolve_address(address)).partition("://")[0]
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{address!r} is no address of a dask scheduler ({error}). Give one such as tcp://host:8786, or leave out "
            "--scheduler to start workers on this machine."
        ) from None
    if scheme in ("tls", "wss") and configured().get_connection_args("client").get("ssl_context") is None:
        raise EngineError(
            f"The scheduler {address!r} asks for certificates. Name them in Dask's configuration "
            "(https://distributed.dask.org/en/stable/tls.html), then do the same again."
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep dask's client from printing what is said in our own words."""
    log = logging.getLogger("distributed.client")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _started(job: Job, host: Host) -> Iterator[Any]:
    """Start a scheduler and workers on this machine, as many as jobs; end them with the context."""
    from distributed import Client

    number = job.jobs or cores()
    host.say(f"starting a dask cluster of {number}")
    connect: Any = Client
    process = children.start("communique.engines.local_cluster", str(number))
    assert process.stdout is not None
    try:
        try:
            address, security = pickle.load(process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise EngineError(
                f"A dask cluster does not start on this machine: its process {children.end_of(process)}. With "
                "--jobs and without --engine the same is done without it."
            ) from None
        with connect(address, security=security, set_as_default=False) as client:
            yield client
    finally:
        children.end_of(process)


def _has_worker(client: Any, job: Job, host: Host) -> bool:
    """Wait until there is a worker; False if the user stops first."""
    began = time.monotonic()
    told = False
    while not client.nthreads():
        host.say(f"waiting for the first worker of {job.scheduler}")
        if host.stopped():
            return False
        if not told and time.monotonic() - began >= _PATIENCE:
            told = True
            warnings.warn(
                f"The scheduler {job.scheduler} has no worker yet; waiting for the first one. Ctrl-C ends that.",
                EngineWarning,
                stacklevel=2,
            )
        time.sleep(_PAUSE)
    return True


@contextmanager
def _workshop(client: Any, job: Job) -> Iterator[str]:
    """Set up what the workers need, and check that those there are can do it; yield its name."""
    from communique.engines.workshop import Order, Workshop, check

    _refuse_without(client)
    name, token = f"communique-{secrets.token_hex(8)}", secrets.token_hex(16)
    probe = job.store / f".{name}"
    with _file(probe, token, job):
        order = Order(packed(job.settings), job.store, probe.name, token, identity(job.settings))
        client.register_plugin(Workshop(order), name=name)
        try:
            for error in client.run(check, name).values():
                if error is not None:
                    raise error
            yield name
        finally:
            with suppress(OSError, EngineError):
                client.unregister_worker_plugin(name)


@contextmanager
def _file(path: Path, content: str, job: Job) -> Iterator[None]:
    for left in job.store.glob(".communique-*"):  # by drivers that were killed: there is one at a time
        left.unlink(missing_ok=True)
    with reported(job.store, "write to"):
        path.write_text(content, encoding="ascii")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _refuse_without(client: Any) -> None:
    """Raise EngineError if a worker has no communique, or one that knows no engines."""

    def has_engines() -> bool:  # within a function, so that it is sent whole
        import importlib.util

        try:
            return importlib.util.find_spec("communique.engines.workshop") is not None
        except ImportError:
            return False

    for worker, has in client.run(has_engines).items():
        if not has:
            raise EngineError(
                f"The worker {worker} has no communique that could code. Run `pip install 'communique[cluster]'` in "
                "its environment, and start it again."
            )


def _gone(job: Job, error: Exception) -> EngineError:
    which = job.scheduler or "of this machine"
    return EngineError(
        f"The dask scheduler {which} went away ({error}). What was committed is kept: start it again, then run the "
        "same command to go on."
    )
